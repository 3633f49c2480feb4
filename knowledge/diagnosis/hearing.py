"""Hears in a person's own words which obstacles trouble them, and says which words told it.

Two ears: phrases that tell a trouble (the pack's diagnosis/cues.yaml), and, for clauses without such a phrase,
their likeness in meaning to what is known of the obstacles (likeness.py), with the search as second opinion.
"""

from __future__ import annotations

import re
from collections.abc import Iterator
from dataclasses import dataclass
from functools import lru_cache
from pathlib import Path
from typing import Any

from knowledge.diagnosis.data import pack_folder, read
from knowledge.diagnosis.likeness import Likeness
from knowledge.language.detect import detect_language
from knowledge.language.korean import content_words
from knowledge.library import Library
from knowledge.record import Kind, Language
from knowledge.shelf import Shelf

CUES = "diagnosis/cues.yaml"

SHORT_WORD = 4
"""Letters up to which an English word of a cue must stand whole."""

_SENTENCE_ENDS = r"[.,!?~…;/\n]+"
_KOREAN_JOINTS = r"(?<=[가-힣][고데만])\s+(?!싶|있|나|계|하)|(?<=어서|아서|해서|니까|라서|면서)\s+"
_ENGLISH_JOINTS = r"\s+(?:and|but|also|plus|besides|so)\s+"
_CLAUSES = {
    "ko": re.compile(f"{_SENTENCE_ENDS}|{_KOREAN_JOINTS}"),
    "en": re.compile(f"{_SENTENCE_ENDS}|{_ENGLISH_JOINTS}", re.IGNORECASE),
}
_SPACES = re.compile(r"\s+")


@dataclass(frozen=True)
class Heard:
    """An obstacle heard.

    Attributes:
        obstacle: Id of the obstacle record.
        strength: How surely it was heard, between 0 and 1.
        words: The person's words that told it.
        ear: ``cue`` for a known phrase, ``meaning`` for likeness to known wordings.
    """

    obstacle: str
    strength: float
    words: str
    ear: str


@dataclass(frozen=True)
class Cue:
    """A phrase that tells a trouble, ready to be looked for."""

    obstacle: str
    pattern: re.Pattern[str]
    gaps: int
    strength: float


@dataclass(frozen=True)
class Span:
    """Where a cue was found in the text as it was read, and how strongly it speaks."""

    obstacle: str
    start: int
    end: int
    strength: float


def hear(words: str, language: Language, shelf: Shelf) -> tuple[Heard, ...]:
    """Returns the obstacles heard in ``words``, the surest first; empty where none was.

    Args:
        words: What the person said, however messy.
        language: Its language.
        shelf: The knowledge to search.
    """
    found: dict[str, Heard] = {}
    for one in (*by_cues(words, language), *by_meaning(words, language, shelf)):
        if one.obstacle not in found or one.strength > found[one.obstacle].strength:
            found[one.obstacle] = one
    shown = (one for one in found.values() if one.obstacle in shelf.library.records)
    return tuple(sorted(shown, key=lambda one: -one.strength))


def by_cues(words: str, language: Language) -> tuple[Heard, ...]:
    """Returns the obstacles that known phrases tell."""
    text, places = _readable(words, language)
    best: dict[str, Span] = {}
    for span in _spans(text, language):
        if span.obstacle not in best or span.strength > best[span.obstacle].strength:
            best[span.obstacle] = span
    return tuple(
        Heard(span.obstacle, span.strength, _whole_words(words, places[span.start], places[span.end - 1] + 1), "cue")
        for span in best.values()
    )


def by_meaning(words: str, language: Language, shelf: Shelf) -> tuple[Heard, ...]:
    """Returns the obstacles that clauses without a known phrase are like."""
    rule = _data()["rule"]["meaning"]
    found: list[Heard] = []
    for clause in clauses(words, language):
        read = _readable(clause, language)[0]
        quiet = any(phrase in read for phrase in rule["quiet"][language])
        if quiet or by_cues(clause, language) or len(content_words(clause)) < rule["shortest"]:
            continue
        found += _meant(clause, language, shelf, rule)
    return tuple(found)


def clauses(words: str, language: Language) -> list[str]:
    """Returns the pieces of a text that may each tell a trouble of their own."""
    return [piece.strip() for piece in _CLAUSES[language].split(words) if piece and piece.strip()]


def _meant(clause: str, language: Language, shelf: Shelf, rule: dict[str, Any]) -> Iterator[Heard]:
    """Yields the likeliest obstacle if it is likely enough, or fairly likely and also what the search finds."""
    scores = _likeness(shelf.built).of(clause, language)
    best = max(scores, key=scores.__getitem__)
    if scores[best] >= rule["from"] or (scores[best] >= rule["agreed_from"] and _search_agrees(clause, best, shelf)):
        yield Heard(best, _strength(scores[best], rule), clause, "meaning")


def _search_agrees(clause: str, obstacle: str, shelf: Shelf) -> bool:
    """Tells whether the search too finds this obstacle, and nothing else, answers in depth apart, much better."""
    rule = _data()["rule"]["meaning"]
    language: Language = detect_language(clause) or "en"
    ids = [record.id for record in shelf.library.of_kind(Kind.OBSTACLE)]
    others = [record.id for record in shelf.library.records.values() if record.part is None]
    own = shelf.search.find(clause, language, among=ids, top=1)[0]
    best = shelf.search.find(clause, language, among=others, top=1)[0]
    return own.record == obstacle and best.score - own.score <= rule["behind"]


def _strength(likeness: float, rule: dict[str, Any]) -> float:
    """A likeness as a strength: 0.4 where it is just enough, 0.85 where it is a known wording's."""
    sure: float = rule["sure"]
    return round(0.4 + 0.45 * min(1.0, likeness / sure), 2)


@lru_cache(maxsize=2)
def _likeness(built: Library) -> Likeness:
    """Learns from the pack as built: learning takes a second, in which a turn would wait after each publication."""
    return Likeness(built)


def _spans(text: str, language: Language) -> Iterator[Span]:
    breaks = _data()["rule"]["breaks"][language]
    for cue in _cues(pack_folder(), language):
        start = 0
        while match := cue.pattern.search(text, start):
            start = match.start() + 1
            gaps = (match[f"gap{number}"] for number in range(cue.gaps))
            if not any(broken in gap for gap in gaps for broken in breaks):
                yield Span(cue.obstacle, match.start(), match.end(), cue.strength)
                break


def _readable(words: str, language: Language) -> tuple[str, list[int]]:
    """Returns the text cues are looked for in, and where each of its letters stands in ``words``."""
    letters = [(letter.lower(), place) for place, letter in enumerate(words) if len(letter.lower()) == 1]
    if language == "ko":
        letters = [(letter, place) for letter, place in letters if not letter.isspace()]
    text = "".join(letter for letter, _ in letters).replace("’", "'")
    return text, [place for _, place in letters]


def _whole_words(words: str, start: int, end: int) -> str:
    """Returns a piece of a text, widened to the ends of its words."""
    while start > 0 and words[start - 1].isalnum():
        start -= 1
    while end < len(words) and words[end].isalnum():
        end += 1
    return words[start:end].strip()


def _data() -> dict[str, Any]:
    return read(pack_folder() / CUES)


@lru_cache(maxsize=4)
def _cues(folder: Path, language: Language) -> tuple[Cue, ...]:
    data = read(folder / CUES)
    rule = data["rule"]
    return tuple(
        _cue(obstacle, line, language, rule)
        for obstacle, lines in data["cues"].items()
        for line in lines.get(language, ())
    )


def _cue(obstacle: str, line: str, language: Language, rule: dict[str, Any]) -> Cue:
    hint = line.startswith("~")
    parts = [_part(part, language) for part in line.removeprefix("~").split(" .. ")]
    pattern = parts[0]
    for number, part in enumerate(parts[1:]):
        pattern += f"(?P<gap{number}>.{{0,{rule['distance'][language]}}}?){part}"
    strength = rule["strength"]["hint" if hint else "cue"]
    return Cue(obstacle, re.compile(pattern, re.DOTALL), len(parts) - 1, strength)


def _part(part: str, language: Language) -> str:
    choices = [choice.strip().lower() for choice in part.split("|")]
    if language == "ko":
        return "(?:" + "|".join(re.escape(_SPACES.sub("", choice)) for choice in choices) + ")"
    return r"\b(?:" + "|".join(re.escape(choice) + _word_end(choice) for choice in choices) + ")"


def _word_end(choice: str) -> str:
    """Short English words are whole words (``no`` is not the beginning of ``november``); others may go on."""
    return r"\b" if len(choice) <= SHORT_WORD else ""
