"""Finds the trade words in a text: terms, abbreviations, systems, organisations, with their exact places.

Korean names are found on Kiwi's morphemes (particles and glued words do not hide them); Latin ones letter by letter,
so that line breaks, plurals and capitals do not either. Common words that happen to be names are left out by what the
pack's ``explaining/names.yaml`` says.
"""

from __future__ import annotations

import re
from bisect import bisect_right
from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from functools import cached_property, lru_cache
from typing import Any

from knowledge.explaining.pack import current_words
from knowledge.record import Record
from knowledge.shelf import Shelf

_WORD = re.compile(r"[A-Za-z0-9&]+")
_SENTENCE_END = re.compile(r"(?<=[.!?。])\s+|\n+")
_NEAR = 20
"""Characters before a name that may tell it is none."""
_SENTENCE_AT_MOST = 400
"""Characters on either side of a name that count as its sentence."""
_LONGEST_NAME = 9
"""Words of the longest Latin name."""
_HANGUL = re.compile(r"[가-힣]")
_POSSESSIVE = re.compile(r"[’'][sS]?$")
_IN_A_NUMBER_BEFORE = re.compile(r"[A-Za-z0-9][-_]$")
_IN_A_NUMBER_BEHIND = re.compile(r"[-_]\d|(?:과|팀|실)(?:으로|로|에)(?![가-힣])")
"""A reference number (5531-LC-09), or the name of a department (FTA검증과로)."""
_SEVERAL = re.compile(r"(?<=[a-z]{3})s\b")


@dataclass(frozen=True)
class Span:
    """A place in the text: first character, and the one after the last."""

    start: int
    end: int


@dataclass(frozen=True)
class Term:
    """A trade word of the text, at its first place; ``places`` has all of them."""

    term: str
    start: int
    end: int
    record: Record
    places: tuple[Span, ...]


@dataclass(frozen=True)
class _Found:
    start: int
    end: int
    record: str


class TermFinder:
    """Finds trade words. Made once from the shelf; safe to share."""

    def __init__(self, shelf: Shelf, rules: dict[str, Any]) -> None:
        self._shelf = shelf
        self._kinds = tuple(rules["kinds"])
        self._capitals = int(rules["capitals"])
        self._capitals_too = frozenset(rules["capitals_too"])
        self._also: dict[str, str] = rules["also"]
        self._never = frozenset(_key(name) for line in rules["never"] for name in line.split(","))
        self._beside = {_key(str(name)): re.compile(p, re.IGNORECASE) for name, p in rules["beside"].items()}
        self._not_before = {_key(name): re.compile(p, re.IGNORECASE) for name, p in rules["not_before"].items()}
        self._not_after = {_key(name): re.compile(p, re.IGNORECASE) for name, p in rules["not_after"].items()}

    def find(self, text: str) -> tuple[Term, ...]:
        """Returns the trade words of ``text`` in order of their first place, one a record, longest match first."""
        chosen: list[_Found] = []
        taken = bytearray(len(text))
        for found in sorted({*self._korean(text), *self._latin(text)}, key=lambda f: (-(f.end - f.start), f.start)):
            if not any(taken[found.start : found.end]):
                taken[found.start : found.end] = b"\1" * (found.end - found.start)
                chosen.append(found)
        ends = [match.end() for match in _SENTENCE_END.finditer(text)]
        kept = [found for found in chosen if self._counts(text, found, ends)]
        return tuple(_terms(text, kept, self._shelf.library.records))

    def _korean(self, text: str) -> Iterator[_Found]:
        for mention in self._shelf.gazetteer.find(text, fuzzy=False):
            record = self._owner((mention.value, *mention.rivals))
            if record:
                yield _Found(mention.start, mention.end, record)
            elif " " in mention.text:  # the name of something else may hold a trade word
                for word in re.finditer(r"\S+", mention.text):
                    at = mention.start + word.start()
                    yield from (_Found(at + f.start, at + f.end, f.record) for f in self._korean(word.group()))

    def _latin(self, text: str) -> Iterator[_Found]:
        words = list(_WORD.finditer(text))
        for at in range(len(words)):
            for last in range(min(at + _LONGEST_NAME, len(words)) - 1, at - 1, -1):
                start, end = words[at].start(), words[last].end()
                owners = self._latin_names.get(_latin_key(text[start:end]))
                if owners and (record := self._owner(owners)):
                    yield _Found(start, start + len(_POSSESSIVE.sub("", text[start:end])), record)
                    break

    @cached_property
    def _latin_names(self) -> dict[str, tuple[str, ...]]:
        names: dict[str, tuple[str, ...]] = {}
        for name, _, record in self._shelf.library.names:
            if not _HANGUL.search(name):
                key = _latin_key(name)
                names[key] = tuple(dict.fromkeys((*names.get(key, ()), record)))
        for name, record in self._also.items():
            if record in self._shelf.library.records:
                names.setdefault(_latin_key(name), (record,))
        return names

    def _owner(self, records: Iterable[str]) -> str | None:
        """Returns the record meant of those that carry a name: of the first kind that is explained."""
        known = [record for record in records if record.split(".")[0] in self._kinds]
        return min(known, key=lambda record: self._kinds.index(record.split(".")[0]), default=None)

    def _counts(self, text: str, found: _Found, ends: list[int]) -> bool:
        written = text[found.start : found.end]
        if _IN_A_NUMBER_BEFORE.search(text[max(0, found.start - 2) : found.start]) or _IN_A_NUMBER_BEHIND.match(
            text, found.end
        ):
            return False
        key = _key(written)
        if key in self._never or _latin_key(written) in self._never:
            return False
        short = (
            written.isascii() and written.isalnum() and (len(written) <= self._capitals or key in self._capitals_too)
        )
        if short and not written.isupper():
            return False
        beside = self._beside.get(key)
        if beside and not beside.search(_around(text, found, ends)):
            return False
        before, after = self._not_after.get(key), self._not_before.get(key)
        if before and before.search(text[max(0, found.start - _NEAR) : found.start]):
            return False
        return not (after and after.match(text, found.end))


def find_terms(text: str, shelf: Shelf) -> tuple[Term, ...]:
    """Returns the trade words of ``text``, one entry a record, in order."""
    return _finder(shelf).find(text)


@lru_cache(maxsize=2)
def _finder(shelf: Shelf) -> TermFinder:
    return TermFinder(shelf, current_words().names)


def _terms(text: str, found: Iterable[_Found], records: dict[str, Record]) -> Iterator[Term]:
    places: dict[str, list[Span]] = {}
    for each in sorted(found, key=lambda f: f.start):
        places.setdefault(each.record, []).append(Span(each.start, each.end))
    for record, spans in places.items():
        first = spans[0]
        yield Term(text[first.start : first.end], first.start, first.end, records[record], tuple(spans))


def _around(text: str, found: _Found, ends: list[int]) -> str:
    """Returns the sentence (or line) a name stands in, without the name itself; ``ends`` are those of all sentences."""
    at = bisect_right(ends, found.start)
    start = ends[at - 1] if at else 0
    later = bisect_right(ends, found.end)
    end = ends[later] if later < len(ends) else len(text)
    start, end = max(start, found.start - _SENTENCE_AT_MOST), min(end, found.end + _SENTENCE_AT_MOST)
    return f"{text[start : found.start]} {text[found.end : end]}"


def _key(name: str) -> str:
    return re.sub(r"\s+", "", name).casefold()


def _latin_key(name: str) -> str:
    """Returns a Latin name with one space for every run of signs, except that / tells B/L from "b l"; no plural s."""
    parts = re.sub(r"\s*/\s*", "/", re.sub(r"[’']s?\b|[.,()]", " ", name)).casefold()
    words = re.sub(r"[\s\-_]+", " ", parts).strip()
    return _SEVERAL.sub("", words)
