"""What the knowledge desk lists: every record with its state, those words find, and those to be looked at again."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from datetime import date
from enum import StrEnum

from knowledge.edited.served import PUBLISHED
from knowledge.edited.switches import SwitchedOff, switched_off
from knowledge.edited.versions import DRAFT, REVIEWED, Version, Versions
from knowledge.language.detect import detect_language
from knowledge.record import Basis, Kind, Language, Record
from knowledge.settings import Settings
from knowledge.shelf import shelf

FOUND = 40
"""Records the search adds to those whose name or id holds the words."""

OLD_YEARS = 2
"""Years after which what a source says of changing things is to be looked at again."""

CHANGING = frozenset(
    {
        Kind.ORGANISATION,
        Kind.SYSTEM,
        Kind.PROGRAMME,
        Kind.SERVICE,
        Kind.FUNCTION,
        Kind.PROCEDURE,
        Kind.SUPPORT_CATEGORY,
        Kind.FACT,
        Kind.FAQ,
        Kind.OBSTACLE,
    }
)
"""Kinds about things that change; what a word means and what a survey of a year found stay."""


class State(StrEnum):
    """What a list of records can be narrowed to."""

    CHANGED = "changed"
    DRAFT = "draft"
    OFF = "off"
    DUE = "due"


class Why(StrEnum):
    """Why a record is to be looked at again."""

    DUE = "due"
    """The day on which somebody wanted to look again has come."""
    OLD = "old"
    """Its source says what was so more than OLD_YEARS ago, of something that changes."""
    REPORT = "report"
    """It is from the study of 2020."""
    NEVER = "never"
    """It is general knowledge that nobody has looked at since it was written."""


@dataclass(frozen=True)
class Listed:
    """A record with what the desk did with it.

    Attributes:
        id: Its id.
        kind: Its kind.
        record: What is served, or would be if it were not switched off; None for a record that is a draft so far.
        name: Its name in the reader's language.
        published: The version served instead of the pack's.
        draft: What is being written.
        off: That it is switched off.
        review_on: When somebody wanted to look at it again.
        reviewed: Whether anybody ever looked at it at the desk.
        own: Whether the pack has no record of that id.
    """

    id: str
    kind: Kind
    record: Record | None
    name: str
    published: Version | None
    draft: Version | None
    off: SwitchedOff | None
    review_on: date | None
    reviewed: bool
    own: bool

    def is_in(self, state: State, today: date) -> bool:
        """Tells whether a list narrowed to ``state`` has it."""
        match state:
            case State.CHANGED:
                return self.published is not None
            case State.DRAFT:
                return self.draft is not None
            case State.OFF:
                return self.off is not None
            case _:
                return self.due(today)

    def due(self, today: date) -> bool:
        """Tells whether the day of its review has come."""
        return self.review_on is not None and self.review_on <= today

    def why(self, today: date) -> tuple[Why, ...]:
        """Returns why it is to be looked at again; empty while a review ahead says that it need not be."""
        if self.due(today):
            return (Why.DUE,)
        if self.record is None or self.review_on is not None:
            return ()
        source, found = self.record.source, []
        if source.basis is Basis.REPORT:
            found.append(Why.REPORT)
        elif source.basis is Basis.OFFICIAL and self.record.kind in CHANGING and _old(source.as_of, today):
            found.append(Why.OLD)
        if source.basis is Basis.EDITORIAL and not self.reviewed:
            found.append(Why.NEVER)
        return tuple(found)


def listed(settings: Settings, language: Language) -> list[Listed]:
    """Returns every record and every new draft, in the pack's order."""
    opened, versions = shelf(), Versions(settings)
    published, drafts = versions.newest([PUBLISHED]), versions.newest([DRAFT])
    looked, off = versions.newest([PUBLISHED, REVIEWED]), switched_off(settings)
    records = opened.whole.library.records
    found: list[Listed] = []
    for name in dict.fromkeys([*records, *drafts]):
        record, draft, last = records.get(name), drafts.get(name), looked.get(name)
        found.append(
            Listed(
                id=name,
                kind=record.kind if record else Kind(name.partition(".")[0]),
                record=record,
                name=record.text(language).name if record else _draft_name(draft, language),
                published=published.get(name),
                draft=draft,
                off=off.get(name),
                review_on=_day(last.review_on if last else None),
                reviewed=last is not None,
                own=name not in opened.built.records,
            )
        )
    return found


def one(settings: Settings, record_id: str, language: Language) -> Listed | None:
    """Returns one record as it is listed, or None where there is none of that id."""
    return next((each for each in listed(settings, language) if each.id == record_id), None)


def found_by(words: str, every: list[Listed]) -> list[Listed]:
    """Returns the records that words name or find: those whose id or name holds them first, then by the search."""
    by_id = {each.id: each for each in every}
    asked = words.casefold().strip()
    named = [each.id for each in every if asked in each.id or any(asked in name for name in _names(each))]
    hits = shelf().whole.search.find(words, detect_language(words) or "ko", top=FOUND)
    order = dict.fromkeys([*sorted(named, key=len), *(hit.record for hit in hits if hit.score > 0)])
    return [by_id[name] for name in order if name in by_id]


def to_review(every: Iterable[Listed], today: date) -> Mapping[Why, list[Listed]]:
    """Returns the records to be looked at again by why, the longest due and the oldest first."""
    found: dict[Why, list[Listed]] = {why: [] for why in Why}
    for each in every:
        for why in each.why(today):
            found[why].append(each)
    for why, those in found.items():
        those.sort(key=lambda each: (str(each.review_on) if why is Why.DUE else _as_of(each), each.id))
    return found


def _names(each: Listed) -> list[str]:
    texts = (each.record.ko, each.record.en) if each.record else ()
    return [each.name.casefold(), *(name.casefold() for text in texts for name in (text.name, *text.aliases))]


def _draft_name(draft: Version | None, language: Language) -> str:
    other: Language = "en" if language == "ko" else "ko"
    texts = [(draft.data.get(each) or {}) if draft else {} for each in (language, other)]
    return next((text["name"] for text in texts if text.get("name")), "")


def _as_of(each: Listed) -> str:
    return each.record.source.as_of if each.record else ""


def _old(as_of: str, today: date) -> bool:
    """Tells whether a day, or the last day of a year, lies more than OLD_YEARS back."""
    last = as_of if len(as_of) >= 10 else f"{as_of[:4]}-12-31"
    day = _day(last)
    return day is not None and (day.year + OLD_YEARS, day.month, day.day) < (today.year, today.month, today.day)


def _day(written: str | None) -> date | None:
    try:
        return date.fromisoformat(written) if written else None
    except ValueError:
        return None
