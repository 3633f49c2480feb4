"""Finds what cannot both be so: two numbers of the law for one thing, and texts with another number than the law's.

A text is compared with the typed numbers of the articles it cites: where the pack knows a period or an amount of that
article, another figure of that unit in the text is doubtful, unless it is of another article cited, or of its own
record.
"""

from __future__ import annotations

import re
from collections.abc import Collection, Iterator, Mapping
from itertools import combinations
from pathlib import Path

from rapidfuzz import fuzz

from knowledge.laws.citing import articles_in
from knowledge.numbers import FOLDER, Number, Unit
from knowledge.record import Basis, Record, Source

THE_SAME_THING = 90
"""rapidfuzz token-sort ratio (0 to 100) from which two numbers are of the same thing."""

_SAID = {
    Unit.DAYS: re.compile(r"(?<![\d.])(\d+)\s*일(?=\s*(?:안|이내|까지|전|동안|간|을|이|은|보다|의|로))"),
    Unit.MONTHS: re.compile(r"(?<![\d.])(\d+)\s*개월"),
    Unit.YEARS: re.compile(r"(?<![\d.])(\d+)\s*년(?=\s*(?:안|이내|까지|동안|간|을|이|은|보다|의|로|보관))"),
}
"""A period in a Korean text; a date (3월 1일, 2026년) is none."""


def contradicting(numbers: Mapping[str, Number], told_apart: Collection[frozenset[str]]) -> Iterator[tuple[str, str]]:
    """Yields pairs of numbers of one article and unit that sound like the same thing and differ in value.

    Args:
        numbers: The pack's numbers.
        told_apart: Pairs that somebody has compared with the article and found to be of two things.
    """
    for one, other in combinations(numbers.values(), 2):
        alike = one.value != other.value and one.unit is other.unit and _places(one.source) & _places(other.source)
        if alike and _of_one_thing(one, other) and frozenset((one.id, other.id)) not in told_apart:
            yield one.id, other.id


def doubled(numbers: Mapping[str, Number]) -> Iterator[tuple[str, str]]:
    """Yields pairs of numbers that are one number of the law under two names: a change would be made twice."""
    for one, other in combinations(numbers.values(), 2):
        same = one.value == other.value and one.unit is other.unit and one.source.title == other.source.title
        if same and one.source.locator == other.source.locator and _of_one_thing(one, other):
            yield one.id, other.id


def _of_one_thing(one: Number, other: Number) -> bool:
    return fuzz.token_sort_ratio(one.of["ko"], other.of["ko"]) >= THE_SAME_THING


def read_told_apart(pack: Path) -> frozenset[frozenset[str]]:
    """Returns the pairs of ``numbers/told-apart.txt``: two ids a line."""
    path = pack / FOLDER / "told-apart.txt"
    lines = path.read_text(encoding="utf-8").splitlines() if path.exists() else []
    return frozenset(frozenset(line.split()) for line in lines if line.strip() and not line.startswith("#"))


def doubtful(records: Collection[Record], numbers: Mapping[str, Number]) -> Iterator[tuple[str, str]]:
    """Yields (record id, message) where a text gives a period that none of the articles it cites has."""
    known: dict[tuple[tuple[str, str], Unit], set[float]] = {}
    for number in numbers.values():
        for place in _places(number.source):
            known.setdefault((place, number.unit), set()).add(number.value)
    for record in records:
        if record.source.basis is not Basis.OFFICIAL:
            continue
        places = {place for source in record.sources for place in _places(source)}
        for unit, pattern in _SAID.items():
            lawful = {value for place in places for value in known.get((place, unit), ())}
            lawful |= {numbers[name].value for name in record.numbers if name in numbers}
            said = {float(found[1]) for text in _texts(record) for found in pattern.finditer(text)}
            if _known_everywhere(places, unit, known) and (other := said - lawful):
                figures = ", ".join(f"{value:g} {unit.value}" for value in sorted(other))
                yield record.id, f"says {figures}; the numbers of the articles it cites are {sorted(lawful)}"


def _known_everywhere(
    places: Collection[tuple[str, str]], unit: Unit, known: Mapping[tuple[tuple[str, str], Unit], set[float]]
) -> bool:
    """Tells whether the pack knows a number of that unit for every article cited, so that another one is doubtful."""
    return bool(places) and all((place, unit) in known for place in places)


def _places(source: Source) -> set[tuple[str, str]]:
    return {(source.title["ko"], article) for article in articles_in(source.locator)}


def _texts(record: Record) -> Iterator[str]:
    words = record.ko
    yield from (text for text in (words.plain, words.detail) if text)
    yield from (*words.todo, *words.exceptions, *(step.text for step in words.steps))
