"""Puts programmes side by side: for whom, what each gives, what it costs, how to apply, and what fits the firm."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import asdict, dataclass
from pathlib import Path
from typing import Any

from knowledge.programmes import telling
from knowledge.programmes.finder import Match, show, weigh_all
from knowledge.programmes.offers import Offer, offer
from knowledge.programmes.profile import FirmProfile
from knowledge.programmes.reading import words
from knowledge.record import Language
from knowledge.settings import settings


class NotEnough(ValueError):
    """Fewer than two different programmes were named."""


@dataclass(frozen=True)
class Row:
    """One line: what is compared, and a text for each programme in the order asked."""

    part: str
    title: str
    cells: tuple[str, ...]


@dataclass(frozen=True)
class Comparison:
    """Programmes side by side.

    Attributes:
        programmes: Id and name of each, in the order asked.
        rows: The lines; a part that no programme has anything on says so in every cell.
        sources: The sources of each programme, in the order asked.
    """

    programmes: tuple[dict[str, str], ...]
    rows: tuple[Row, ...]
    sources: tuple[tuple[dict[str, Any], ...], ...]

    def document(self) -> dict[str, Any]:
        """Returns it as plain data, ready for JSON."""
        return asdict(self)


def compare(
    ids: Sequence[str], profile: FirmProfile | None = None, language: Language = "ko", folder: Path | None = None
) -> Comparison:
    """Returns two or more programmes side by side.

    Raises:
        UnknownProgramme: There are no facts for one of them.
        NotEnough: Fewer than two different programmes are named.
    """
    pack, known = folder or settings().packs_dir / settings().pack, profile or FirmProfile()
    offers = list({each.id: each for each in (offer(name, pack) for name in ids)}.values())
    if len(offers) < 2:
        raise NotEnough(", ".join(ids))
    matches = [show(each.id, known, pack, language) for each in offers]
    columns = [_column(each, match, known, language) for each, match in zip(offers, matches, strict=True)]
    titles = words()["rows"]
    rows = tuple(Row(part, titles[part][language], tuple(column[part] for column in columns)) for part in columns[0])
    named = tuple({"id": match.id, "name": match.name} for match in matches)
    return Comparison(named, rows, tuple(match.sources for match in matches))


def _column(offered: Offer, match: Match, profile: FirmProfile, language: Language) -> dict[str, str]:
    checked = [each.sentence(language) for each in weigh_all(offered, profile)]
    return {
        "verdict": match.verdict_text,
        "what": offered.plain[language],
        "for_whom": offered.for_whom[language] if offered.for_whom else telling.conditions(offered, language),
        "conditions": telling.conditions(offered, language),
        "checked": " ".join(dict.fromkeys((*checked, *match.near))) or telling.conditions(offered, language),
        "gives": ", ".join(match.gives) or offered.plain[language],
        "cost": match.cost or _unknown("cost", offered, language),
        "period": match.period or _unknown("period", offered, language),
        "documents": ", ".join(match.documents or ()) or _unknown("documents", offered, language),
        "apply": match.apply or _unknown("apply", offered, language),
        "ask": match.ask,
        "website": match.website or "-",
        "sources": "; ".join(_cited(each) for each in match.sources),
    }


def _unknown(part: str, offered: Offer, language: Language) -> str:
    return str(words()["not_known"][part][language]).format(ask=telling.whom(offered, language))


def _cited(source: dict[str, Any]) -> str:
    place = f", {source['locator']}" if source["locator"] else ""
    return f"{source['title']}{place} ({source['basis']}, {source['as_of']})"
