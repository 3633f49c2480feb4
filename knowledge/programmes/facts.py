"""The checkable facts about programmes and services, read from ``programme_facts/*.yaml`` of a pack."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from functools import lru_cache
from pathlib import Path
from typing import Annotated, Any

from babel.numbers import format_percent
from pydantic import Field, ValidationError

from knowledge.pack import PackError, read_yaml
from knowledge.programmes.conditions import Condition, Leaf, known_conditions, parse
from knowledge.programmes.reading import FACTS, source, vocabulary
from knowledge.record import Language, Source, Strict


class Said(Strict):
    """A sentence in both languages."""

    ko: str
    en: str

    def text(self, language: Language) -> str:
        """Returns it in one language."""
        return self.ko if language == "ko" else self.en


class Cost(Said):
    """What a source says about money.

    Attributes:
        free: Whether it costs nothing; None where the source does not say so.
        covers_up_to_percent: Largest share of the cost that is covered, percent.
    """

    free: bool | None = None
    covers_up_to_percent: Annotated[int, Field(gt=0, le=100)] | None = None

    def text(self, language: Language) -> str:
        """Returns the sentence with the share as the language writes it."""
        share = format_percent((self.covers_up_to_percent or 0) / 100, locale=language)
        return super().text(language).format(percent=share)


class Way(Said):
    """How to apply, and who says so."""

    source: Source


class Serves(Strict):
    """The trouble a programme helps with, the main one first, and the kinds of support it belongs to."""

    obstacles: tuple[str, ...] = ()
    categories: tuple[str, ...] = ()


@dataclass(frozen=True)
class ProgrammeFacts:
    """What is known of one programme or service in a form that can be weighed. None means: in no source here.

    Attributes:
        id: Record the facts belong to.
        serves: Which trouble it helps with.
        who: Condition on the firm, or None where no source names one.
        suits: Conditions that no source demands but that tell for whom it was made; they count in the ranking only.
        chosen: Whether firms are assessed and chosen, so that meeting the conditions is not enough.
        cost: What it costs or covers.
        period: When one can apply.
        documents: Which papers are asked for.
        apply: How to apply.
        ask: Record of the organisation to ask.
        sources: Where all this comes from, the most binding first.
    """

    id: str
    serves: Serves
    who: Condition | None
    suits: tuple[Leaf, ...]
    chosen: bool
    cost: Cost | None
    period: Said | None
    documents: tuple[Said, ...] | None
    apply: Way | None
    ask: str
    sources: tuple[Source, ...]


class _Written(Strict):
    """An entry as it stands in the file."""

    id: str
    serves: Serves
    who: Any = None
    suits: tuple[str, ...] = ()
    chosen: bool = False
    cost: Cost | None = None
    period: Said | None = None
    documents: tuple[Said, ...] | None = None
    apply: str | None = None
    ask: str
    sources: Annotated[tuple[dict[str, Any], ...], Field(min_length=1)]


@lru_cache(maxsize=4)
def read_facts(pack: Path) -> tuple[ProgrammeFacts, ...]:
    """Returns the facts of a pack, in the order of its files.

    Raises:
        PackError: An entry is malformed; the message lists every fault found.
    """
    found: list[ProgrammeFacts] = []
    faults: list[str] = []
    for path, entry in _entries(pack):
        name = entry.get("id", "?") if isinstance(entry, dict) else "?"
        try:
            found.append(_facts(_Written.model_validate(entry), pack))
        except (ValidationError, PackError) as error:
            faults.append(f"{FACTS}/{path.name}: {name}: {error}")
    if faults:
        raise PackError("\n".join(faults))
    return tuple(found)


def _entries(pack: Path) -> Iterator[tuple[Path, Any]]:
    for path in sorted((pack / FACTS).glob("*.yaml")):
        for entry in read_yaml(path) or []:
            yield path, entry


def _facts(written: _Written, pack: Path) -> ProgrammeFacts:
    known = known_conditions(pack)
    missing = [name for name in written.suits if name not in known]
    if missing:
        raise PackError(f"there is no condition called {missing[0]}")
    return ProgrammeFacts(
        id=written.id,
        serves=written.serves,
        who=None if written.who is None else parse(written.who, known),
        suits=tuple(known[name] for name in written.suits),
        chosen=written.chosen,
        cost=written.cost,
        period=written.period,
        documents=written.documents,
        apply=_way(written.apply, pack),
        ask=written.ask,
        sources=tuple(source(short, pack) for short in written.sources),
    )


def _way(name: str | None, pack: Path) -> Way | None:
    if name is None:
        return None
    ways = vocabulary(pack, "ways")
    if name not in ways:
        raise PackError(f"apply: there is no way called {name}")
    return Way.model_validate({**ways[name], "source": source(ways[name]["source"], pack)})
