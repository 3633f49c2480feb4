"""Tells what each day in a message is: the expiry of a credit, the day of shipment, of acceptance, of issue.

A day belongs to the nearest name before it, else to the nearest behind it; a name is used once. A name that is asked
for ("유효기일이 언제예요") names no day.
"""

from __future__ import annotations

import re
from dataclasses import dataclass
from datetime import date
from functools import lru_cache

from actions.errands.choosing import words
from actions.errands.spoken_days import Spoken, Tense, dated, spoken_days
from knowledge.guides.dates import LONGEST_PRESENTATION

KINDS = (
    "lc_expiry",
    "latest_shipment",
    "shipment",
    "declaration_accepted",
    "proof_issued",
    "drawback_claimed",
    "origin_error_found",
    "approved_exporter_since",
)
"""What a day can be (names of ``knowledge.guides.dates``), those met most often first."""

TENSES: dict[str, Tense] = {"lc_expiry": "future", "latest_shipment": "future", "shipment": "near"}
"""Which year is meant where none was told; the last such day for everything that has happened."""

_PLANNED = re.compile(r"예정|할\s?거|할\s?것|하려|계획|\bwill\b|plan|going to", re.IGNORECASE)
_DONE = re.compile(
    r"(?:선적|적재|출항|발송)\S{0,2}\s?(?:했|됐|함)|실었|실은|보냈|^\s*(?:에|이)?\s*(?:했|이었|였)|shipped|loaded|sailed|\bwas\b|\bwent\b",
    re.IGNORECASE,
)
_ASKED_FOR = re.compile(r"\s*(?:신청|발급|선적)?\s*(?:은|는|이|가|을|를)?\s*(?:마감|기한|언제|며칠|얼마|어떻게|어디)")
_PRESENTATION = re.compile(
    r"(?:제시\s*기간|서류\s*제시|네고\s*기간|presentation(?:\s+period)?(?:\s+is)?)\D{0,12}(?P<a>\d{1,3})\s*(?:일|days?)"
    r"|(?P<b>\d{1,3})\s*days?\s*(?:after|from|of)\s*(?:the\s+)?(?:date\s+of\s+)?shipment"
    r"|선적\s*(?:일\s*)?(?:후|뒤|부터)\s*(?P<c>\d{1,3})\s*일",
    re.IGNORECASE,
)


@dataclass(frozen=True)
class Named:
    """A day and what it is; ``kind`` is None where the words do not say."""

    kind: str | None
    spoken: Spoken
    tense: Tense


@dataclass(frozen=True)
class _Label:
    kind: str
    start: int
    end: int


def named_days(said: str, today: date) -> tuple[Named, ...]:
    """Returns the days of a message with what each is."""
    days = spoken_days(said, today)
    free = [label for label in _labels(said) if not any(_meet(label, day) for day in days)]
    found = []
    for number, day in enumerate(days):
        before = days[number - 1].end if number else 0
        behind = days[number + 1].start if number + 1 < len(days) else len(said)
        label = _nearest(free, day, before, behind)
        if label:
            free.remove(label)
        kind = None if label is None or label.kind == "unclear" else label.kind
        found.append(Named(kind, day, tense_of(kind, said[day.end : behind])))
    return tuple(found)


def kind_in(said: str) -> str | None:
    """Returns what the words name without telling a day ("선적일이요"), or None."""
    kinds = {label.kind for label in _labels(said) if label.kind != "unclear"}
    return kinds.pop() if len(kinds) == 1 else None


def tense_of(kind: str | None, behind: str = "") -> Tense:
    """Returns which year is meant for a day of that kind; ``behind`` are the words after it."""
    tense = TENSES.get(kind or "", "past")
    if tense != "future" and _PLANNED.search(behind):
        return "future"
    return "past" if tense == "near" and _DONE.search(behind) else tense


def day_of(named: Named, today: date) -> tuple[date, bool]:
    """Returns the day with its year, and whether the year was inferred."""
    return dated(named.spoken, named.tense, today)


def presentation_days(said: str) -> int | None:
    """Returns the days for presenting papers, where the words tell them."""
    match = _PRESENTATION.search(said)
    days = int(match["a"] or match["b"] or match["c"]) if match else 0
    return days if 1 <= days <= LONGEST_PRESENTATION else None


def _nearest(labels: list[_Label], day: Spoken, before: int, behind: int) -> _Label | None:
    ahead = [label for label in labels if before <= label.start and label.end <= day.start]
    after = [label for label in labels if day.end <= label.start and label.end <= behind]
    return ahead[-1] if ahead else after[0] if after else None


def _labels(said: str) -> list[_Label]:
    """Returns the names in the words, in their order; of names that meet, the longest."""
    taken: list[_Label] = []
    for pattern, kind in _patterns():
        for match in pattern.finditer(said):
            label = _Label(kind, *match.span())
            if not any(label.start < each.end and each.start < label.end for each in taken):
                taken.append(label)
    return sorted((each for each in taken if not _ASKED_FOR.match(said[each.end :])), key=lambda each: each.start)


@lru_cache(maxsize=1)
def _patterns() -> tuple[tuple[re.Pattern[str], str], ...]:
    spellings = [(name, kind) for kind, names in words()["days"].items() for name in names]
    longest_first = sorted(spellings, key=lambda each: -len(each[0]))
    return tuple((re.compile(_pattern(name), re.IGNORECASE), kind) for name, kind in longest_first)


def _pattern(name: str) -> str:
    loose = r"\s*".join(map(re.escape, name.split()))
    return rf"(?<![A-Za-z]){loose}(?![A-Za-z])" if name.isascii() else loose


def _meet(label: _Label, day: Spoken) -> bool:
    return label.start < day.end and day.start < label.end
