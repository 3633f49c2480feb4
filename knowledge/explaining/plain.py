"""Retells a notice plainly: every fact stays where it stands, hard words get their meaning, stiff wordings go."""

from __future__ import annotations

import re
from collections.abc import Iterable
from dataclasses import dataclass
from typing import Any

from knowledge.explaining.terms import Term
from knowledge.record import Language, Record

LONGEST_GLOSS: dict[Language, int] = {"ko": 60, "en": 110}
"""Letters of a meaning that still reads well inside a sentence; longer ones stand below the text."""

_FIRST = re.compile(r"^.*?[.!?](?=\s|$)", re.DOTALL)
_INNER = re.compile(r"\s?\([^()]*\)")
_NOUN_END = re.compile(r"(?<=[가-힣)])(?:이에요|예요|이예요|입니다)\.?$")
_IS = re.compile(r"(?P<before>[가-힣])입니다(?=[.!)\s]|$)")
_WORD_ENDS = re.compile(
    r"(?:은|는|이|가|을|를|의|에|에서|에게|로|으로|와|과|도|만|까지|부터|라|란|이란|이나|나|이며|며|이고|고|인|에는|에도|으로는|로는|서"
    r"|께|한테|이라|라고|이라고|상|이다|입니다|이에요|예요|이랑|랑|요|건|등|및)?(?![가-힣])"
)
"""A particle and then the word's end."""
_HANGUL = re.compile(r"[가-힣]")


@dataclass(frozen=True)
class Edit:
    """A piece of the text and what stands in its place; an insertion has equal ``start`` and ``end``."""

    start: int
    end: int
    text: str


@dataclass(frozen=True)
class Retold:
    """The text retold, and the terms whose meaning did not fit into it."""

    text: str
    below: tuple[Term, ...]


def meaning(record: Record, language: Language) -> str:
    """Returns the first sentence of what a record says, without remarks in brackets."""
    plain = record.text(language).plain
    match = _FIRST.match(plain)
    return _INNER.sub("", match.group() if match else plain).strip()


def gloss(record: Record, language: Language) -> str | None:
    """Returns a meaning that can stand in brackets behind a word, or None: no numbers, which are not in the text."""
    first = meaning(record, language)
    short = _NOUN_END.sub("", first)
    if language == "ko" and short == first or len(short) > LONGEST_GLOSS[language] or any(c.isdigit() for c in short):
        return None
    short = short.rstrip(".")
    return short[:1].lower() + short[1:] if language == "en" and not short[:2].isupper() else short


def retell(text: str, terms: Iterable[Term], words: dict[str, Any], language: Language) -> Retold:
    """Returns ``text`` with stiff wordings replaced and the meaning behind the first of each term."""
    edits, below = [], []
    for term in terms:
        edit = _inserted(text, term, language)
        if edit is None:
            below.append(term)
        else:
            edits.append(edit)
    taken = [(place.start, place.end) for term in terms for place in term.places]
    spoken: Language = "ko" if _HANGUL.search(text) else "en"
    return Retold(_applied(text, [*edits, *_official(text, words, spoken, taken)]), tuple(below))


def _inserted(text: str, term: Term, language: Language) -> Edit | None:
    """Puts a meaning behind a word, or at the end of brackets that already follow it; None inside other brackets."""
    short = gloss(term.record, language)
    if _HANGUL.match(text[term.start - 1 : term.start]) or not _WORD_ENDS.match(text[term.end :]):
        return None  # part of a longer word or name, which must not be cut in two
    line_start = text.rfind("\n", 0, term.start) + 1
    before = text[line_start : term.start]
    if short is None or before.count("(") > before.count(")"):
        return None
    space = "" if text[term.end - 1 : term.end].isascii() is False else " " if language == "en" else ""
    follows = re.match(r"\s?\([^()\n]{1,40}\)", text[term.end :])
    if follows:
        return Edit(term.end + follows.end() - 1, term.end + follows.end() - 1, f", {short}")
    end = term.end
    return Edit(end, end, f"{space}({short})")


def _official(text: str, words: dict[str, Any], language: Language, taken: list[tuple[int, int]]) -> list[Edit]:
    edits: list[Edit] = []
    once: set[str] = set()
    for pattern, instead in words[f"official_{language}"]:
        for match in re.finditer(pattern, text, re.IGNORECASE | re.MULTILINE):
            spans = [*taken, *((edit.start, edit.end) for edit in edits)]
            if any(match.start() < end and start < match.end() for start, end in spans):
                continue
            if instead in words["once"]:
                if instead in once:
                    continue
                once.add(instead)
            edits.append(Edit(match.start(), match.end(), _cased(match.group(), instead)))
    return edits + _copulas(text, edits) if language == "ko" else edits


def _copulas(text: str, edits: list[Edit]) -> list[Edit]:
    """입니다 becomes 이에요 behind a consonant and 예요 behind a vowel."""
    found = []
    for match in _IS.finditer(text):
        closed = (ord(match["before"]) - ord("가")) % 28 != 0
        start = match.start() + 1
        if not any(edit.start < match.end() and start < edit.end for edit in edits):
            found.append(Edit(start, match.end(), "이에요" if closed else "예요"))
    return found


def _cased(written: str, instead: str) -> str:
    if written.isascii() and written.isupper():
        return instead.upper()
    return instead[:1].upper() + instead[1:] if written[:1].isupper() else instead


def _applied(text: str, edits: list[Edit]) -> str:
    for edit in sorted(edits, key=lambda e: (e.start, e.end), reverse=True):
        text = text[: edit.start] + edit.text + text[edit.end :]
    return text
