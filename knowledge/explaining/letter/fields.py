"""Cuts a letter of credit into its fields, whether a SWIFT message, a printout of one, or a bank's own letter."""

from __future__ import annotations

import re
from collections.abc import Iterable
from dataclasses import dataclass

from rapidfuzz import fuzz

from knowledge.explaining.pack import FieldKind

_COLONS = re.compile(r":[ \t]?(?P<digits>\d\d)[ \t]?(?P<letter>[A-Za-z])?[ \t]?:")
_BARE = re.compile(
    r"^[ \t]{0,40}[:(*\[+-]{0,2}[ \t]*(?:field[ \t]*|f)?(?P<digits>\d\d)[ \t]?(?P<letter>[A-Za-z])?\b", re.I | re.M
)
_LABELLED = re.compile(
    r"^[ \t]{0,40}(?:[(\[]?\d{1,2}[.)\]]|[-*+■□○●·▶ㅇ]{1,2})?[ \t]{0,8}(?P<label>[^\s:：][^\n:：\t]{1,69}?)"
    r"[ \t]{0,8}(?:[:：]|\t|[ ]{2}|$)",
    re.M,
)
_AFTER_LABEL = re.compile(r"[ \t]*(?:\.{2,}|…)?[ \t]*[:：]?[ \t]*")
_SEVERAL = re.compile(r"\s*[/|()（）]\s*")
_END_OF_MESSAGE = re.compile(r"\s*-\s*\}.*\Z", re.DOTALL)
_SURE_LABEL = 12
"""Letters from which a label is taken for one even though neither a colon nor a line's end follows."""
_ALIKE = 92.0
"""rapidfuzz ratio from which a label of at least ``_FUZZY_FROM`` letters counts as misread."""
_FUZZY_FROM = 8
_TAGS_OF_A_MESSAGE = 3
_LABELS_OF_A_LETTER = 4
_TELLING = frozenset({"31D", "32B", "45A", "46A", "44C", "40A", "26E", "40B", "59", "34B", "31E"})
_SAYS_CREDIT = re.compile(r"credit|\bl\s?/\s?c\b|신용장", re.IGNORECASE)


@dataclass(frozen=True)
class Field:
    """One field: its tag (of SWIFT, also where only a label is printed), its words, its place in the text."""

    tag: str
    content: str
    start: int
    end: int
    known: bool = True


@dataclass(frozen=True)
class _Mark:
    """Where a field begins."""

    tag: str
    start: int
    content: int
    known: bool = True


def read_fields(text: str, kinds: dict[str, FieldKind]) -> tuple[str, tuple[Field, ...]] | None:
    """Returns how the credit is written (``swift`` or ``printed``) and its fields, or None if it is no credit."""
    tagged = _tagged(text, kinds)
    telling = {mark.tag for mark in tagged if mark.known} & _TELLING
    if len({mark.tag for mark in tagged if mark.known}) >= _TAGS_OF_A_MESSAGE and telling:
        return "swift", _cut(text, tagged)
    labelled = _labelled(text, kinds)
    found = {mark.tag for mark in labelled}
    if len(found) >= _LABELS_OF_A_LETTER and len(found & _TELLING) >= 2 and _SAYS_CREDIT.search(text):
        return "printed", _cut(text, labelled)
    return None


def _tagged(text: str, kinds: dict[str, FieldKind]) -> list[_Mark]:
    marks = {}
    for match in _BARE.finditer(text):
        tag = match["digits"] + (match["letter"] or "").upper()
        content = _content_after(text, match.end(), kinds.get(tag))
        if content is not None:
            marks[match.start()] = _Mark(tag, match.start(), content)
    for match in _COLONS.finditer(text):
        tag = match["digits"] + (match["letter"] or "").upper()
        line = text.rfind("\n", 0, match.start()) + 1
        if not text[line : match.start()].strip():
            marks.pop(line, None)
        labelled = _without_label(text, match.end(), kinds[tag].labels) if tag in kinds else match.end()
        marks[match.start()] = _Mark(tag, match.start(), labelled, tag in kinds)
    return [marks[start] for start in sorted(marks)]


def _content_after(text: str, at: int, kind: FieldKind | None) -> int | None:
    """Where the content of a tag without two colons begins, or None if it is no tag: a bare number may be anything."""
    if kind is None:
        return None
    rest = re.compile(r"[ \t]*[:：.)\]/-]?[ \t]*").match(text, at)
    assert rest is not None
    labelled = _without_label(text, rest.end(), kind.labels)
    if labelled > rest.end() or re.match(r"[ \t]*[:：]", text[at:]):
        return labelled
    lettered = not kind.tag.isdigit()
    return rest.end() if lettered and re.match(r"[ \t]*(?:[+\n]|\r\n)", text[at:]) else None


def _labelled(text: str, kinds: dict[str, FieldKind]) -> list[_Mark]:
    index = _labels(kinds.values())
    marks: dict[str, _Mark] = {}
    for match in _LABELLED.finditer(text):
        tag = _tag_of(match["label"], index)
        if tag and tag not in marks:
            marks[tag] = _Mark(tag, match.start("label"), match.end())
    return sorted(marks.values(), key=lambda mark: mark.start)


def _labels(kinds: Iterable[FieldKind]) -> dict[str, str]:
    index: dict[str, str] = {}
    for kind in kinds:
        for label in kind.labels:
            index.setdefault(_letters(label), kind.tag)
    return index


def _tag_of(label: str, index: dict[str, str]) -> str | None:
    for part in (label, *_SEVERAL.split(label)):
        letters = _letters(part)
        if letters in index:
            return index[letters]
        if len(letters) >= _FUZZY_FROM:
            alike = max(index, key=lambda known: fuzz.ratio(letters, known))
            if len(alike) >= _FUZZY_FROM and fuzz.ratio(letters, alike) >= _ALIKE:
                return index[alike]
    return None


def _without_label(text: str, at: int, labels: Iterable[str]) -> int:
    """Where the content begins behind the longest of ``labels`` that stands at ``at``; ``at`` where none does."""
    ends = [end for label in labels if (end := _label_end(text, at, _letters(label)))]
    return max(ends, default=at)


def _label_end(text: str, at: int, label: str) -> int | None:
    seen, place = "", at
    while place < len(text) and len(seen) < len(label) and place - at < 3 * len(label) + 20:
        seen += _letters(text[place])
        place += 1
        if not label.startswith(seen):
            return None
    if seen != label or (place < len(text) and text[place].isalnum()):
        return None
    after = _AFTER_LABEL.match(text, place)
    assert after is not None
    closed = re.search(r"[:：]", after.group()) or text[after.end() : after.end() + 1] in ("", "\n", "\r")
    return after.end() if closed or len(label) >= _SURE_LABEL else None


def _letters(words: str) -> str:
    return re.sub(r"[^0-9a-z가-힣]", "", words.casefold())


def _cut(text: str, marks: list[_Mark]) -> tuple[Field, ...]:
    fields = []
    for mark, following in zip(marks, [*marks[1:], None], strict=True):
        end = following.start if following else len(text)
        content = _END_OF_MESSAGE.sub("", text[mark.content : end]) if following is None else text[mark.content : end]
        last = mark.start + len(text[mark.start : end].rstrip())
        fields.append(Field(mark.tag, content.strip(), mark.start, last, mark.known))
    return tuple(fields)
