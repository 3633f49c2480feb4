"""Sources of the trade parts (agreements, rules, tariffs, codes) as the reply model shows them."""

from __future__ import annotations

from collections.abc import Iterable
from functools import lru_cache
from pathlib import Path
from typing import Any

from actions.reply import SourceNote
from knowledge.origin.agreement import Agreement, Agreements, agreements_of
from knowledge.origin.rules import RuleBook
from knowledge.origin.simulate import rules_of
from knowledge.record import Language, Source
from knowledge.settings import settings


def pack_folder() -> Path:
    """Returns the folder of the pack in use."""
    return settings().packs_dir / settings().pack


@lru_cache(maxsize=1)
def agreements() -> Agreements:
    """Returns the agreements of the pack in use."""
    return agreements_of(pack_folder())


def rule_book() -> RuleBook:
    """Returns the product rules of the pack in use."""
    return rules_of(pack_folder())


def note(source: Source, record: str, language: Language) -> SourceNote:
    """Returns a source as the person reads it; ``record`` names what it is the source of."""
    return SourceNote(
        record=record,
        title=source.title[language],
        locator=source.locator,
        url=source.url,
        as_of=source.as_of,
        basis=source.basis.value,
    )


def told_note(told: dict[str, Any], record: str) -> SourceNote:
    """Returns a source that the knowledge room has already put into one language."""
    return SourceNote(record=record, **{key: told.get(key) for key in ("title", "locator", "url", "as_of", "basis")})


def record_of(agreement: Agreement) -> str:
    """Returns the id by which a turn names an agreement."""
    return f"agreement.{agreement.id}"


def once(notes: Iterable[SourceNote]) -> tuple[SourceNote, ...]:
    """Returns the notes without repetitions, in their order."""
    return tuple({(each.title, each.locator): each for each in notes}.values())
