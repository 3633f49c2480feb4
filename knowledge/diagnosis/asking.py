"""Asks a few questions about a firm, the one whose answer changes most first, and reads the answers.

What a question is worth is computed from the pack's diagnosis/questions.yaml, whose `rule` explains it.
"""

from __future__ import annotations

import re
from collections.abc import Mapping
from dataclasses import dataclass
from functools import lru_cache
from pathlib import Path
from typing import Any

from knowledge.diagnosis.data import DiagnosisError, pack_folder, read
from knowledge.record import LANGUAGES, Language

QUESTIONS = "diagnosis/questions.yaml"

UNKNOWN, SKIPPED = "unknown", "skipped"
"""Values of a fact that was asked for but not told."""

LONGEST_FREE = 60
"""Characters of a free answer that are kept."""

_NUMBER = re.compile(r"\d+")

Facts = Mapping[str, str]
"""What is known of a firm: question id → choice id, a free answer, ``unknown`` or ``skipped``."""


@dataclass(frozen=True)
class Choice:
    """One answer to a question.

    Attributes:
        id: Value kept as the fact.
        label: What the button says, by language.
        words: What people say who mean it, by language.
        points: What it adds to obstacles' scores.
        why: The reason given where it moved a score, by language.
        up_to: Largest number that means this choice, for questions of number; None for no bound.
    """

    id: str
    label: Mapping[Language, str]
    words: Mapping[Language, tuple[str, ...]]
    points: Mapping[str, int]
    why: Mapping[Language, str]
    up_to: int | None = None


@dataclass(frozen=True)
class Question:
    """A question about the firm, why it is asked, and its choices (none for a free answer)."""

    id: str
    base: float
    ask: Mapping[Language, str]
    why: Mapping[Language, str]
    choices: tuple[Choice, ...]
    free: bool = False
    number: bool = False

    @property
    def matters_for(self) -> tuple[str, ...]:
        """Obstacles whose score the answer can change."""
        return tuple(dict.fromkeys(obstacle for choice in self.choices for obstacle in choice.points))

    def spread(self, obstacle: str) -> int:
        """Returns by how many points the answers differ for an obstacle."""
        points = [choice.points.get(obstacle, 0) for choice in self.choices]
        return max(points) - min(points) if points else 0

    def choice(self, value: str) -> Choice | None:
        """Returns the choice of that id."""
        return next((choice for choice in self.choices if choice.id == value), None)


def questions() -> tuple[Question, ...]:
    """Returns every question, in the order of the data."""
    return _questions(pack_folder())


def question(name: str) -> Question | None:
    """Returns the question of that id."""
    return next((one for one in questions() if one.id == name), None)


def value(one: Question, obstacles: Mapping[str, float]) -> float:
    """Returns what a question is worth, in points its answer can move.

    Args:
        one: The question.
        obstacles: How strongly each obstacle was heard (0 to 1).
    """
    rule = read(pack_folder() / QUESTIONS)["rule"]
    heard, unheard = rule["heard_weight"], rule["unheard_weight"]
    moved = (one.spread(name) * max(unheard, heard * obstacles.get(name, 0.0)) for name in one.matters_for)
    return float(one.base + sum(moved))


def next_question(facts: Facts, obstacles: Mapping[str, float] | None = None) -> Question | None:
    """Returns the question most worth asking, or None where enough was asked.

    Args:
        facts: What is known; a fact of any value, also ``unknown`` and ``skipped``, counts as asked.
        obstacles: How strongly each obstacle was heard (0 to 1).
    """
    rule = read(pack_folder() / QUESTIONS)["rule"]
    asked = [one for one in questions() if one.id in facts]
    open_ones = [one for one in questions() if one.id not in facts]
    if len(asked) >= rule["most"] or not open_ones:
        return None
    best = max(open_ones, key=lambda one: value(one, obstacles or {}))
    return best if value(best, obstacles or {}) >= rule["least_value"] else None


def read_answer(one: Question, answer: str, language: Language) -> str | None:
    """Returns the fact an answer tells: a choice's id, the free words, ``unknown`` or ``skipped``.

    Buttons send the choice's id; free words are matched with the choices' labels and words. None where the
    answer can't be read.
    """
    said = answer.strip()
    if not said:
        return None
    if one.choice(said) or said in (UNKNOWN, SKIPPED):
        return said
    plain = _plain(said, language)
    passed = _passed(plain, language)
    known = [*(choice.id for choice in one.choices), UNKNOWN, SKIPPED]
    labelled = next((fact for fact in known if _plain(label(one, fact, language), language) == plain), None)
    if labelled or passed == SKIPPED:
        return labelled or passed
    if one.free:
        return passed or said[:LONGEST_FREE]
    return _numbered(one, said) or _worded(one, plain, language) or passed


def checked(facts: Mapping[str, Any]) -> dict[str, str]:
    """Returns facts whose every key and value is known; a number of employees is made its choice.

    Raises:
        DiagnosisError: A key or value is none of the questions' ones; ``field`` names it.
    """
    kept: dict[str, str] = {}
    for name, given in facts.items():
        one = question(name)
        if one is None:
            known = ", ".join(each.id for each in questions())
            raise DiagnosisError(f"facts.{name}", f"is no question; known are {known}")
        kept[name] = _checked(one, given)
    return kept


def label(one: Question, fact: str, language: Language) -> str:
    """Returns how a fact is said: the choice's label, or the free words themselves."""
    chosen = one.choice(fact)
    if chosen:
        return chosen.label[language]
    data = read(pack_folder() / QUESTIONS)
    return str(data[fact][language]["label"]) if fact in (UNKNOWN, SKIPPED) else fact


def document(one: Question, language: Language) -> dict[str, Any]:
    """Returns a question as data: what to ask, why, and the buttons, those for not knowing and skipping last."""
    data = read(pack_folder() / QUESTIONS)
    passing = [{"id": name, "label": data[name][language]["label"]} for name in (UNKNOWN, SKIPPED)]
    return {
        "id": one.id,
        "ask": one.ask[language],
        "why": one.why[language],
        "matters_for": list(one.matters_for),
        "choices": [{"id": choice.id, "label": choice.label[language]} for choice in one.choices] + passing,
        "free_text": one.free,
    }


def _checked(one: Question, given: Any) -> str:
    if isinstance(given, bool) or not isinstance(given, str | int):
        raise DiagnosisError(f"facts.{one.id}", f"must be a text, not {given!r}")
    said = str(given).strip()
    if said in (UNKNOWN, SKIPPED) or one.choice(said) or (one.free and said):
        return said[:LONGEST_FREE]
    if one.number and said.isdigit() and (numbered := _numbered(one, said)):
        return numbered
    known = ", ".join([*(choice.id for choice in one.choices), UNKNOWN, SKIPPED])
    raise DiagnosisError(f"facts.{one.id}", f"must be one of {known}, not {given!r}")


def _numbered(one: Question, said: str) -> str | None:
    """Returns the choice a number falls into."""
    found = _NUMBER.search(said.replace(",", "")) if one.number else None
    if not found:
        return None
    number = int(found.group())
    return next((choice.id for choice in one.choices if choice.up_to is None or number <= choice.up_to), None)


def _worded(one: Question, plain: str, language: Language) -> str | None:
    """Returns the choice whose longest word stands in the answer."""
    found = [
        (len(word), -place, choice.id)
        for place, choice in enumerate(one.choices)
        for word in choice.words[language]
        if _stands(word, plain, language)
    ]
    return max(found)[2] if found else None


def _passed(plain: str, language: Language) -> str | None:
    data = read(pack_folder() / QUESTIONS)
    for name in (SKIPPED, UNKNOWN):
        if any(_stands(word, plain, language) for word in data[name][language]["words"]):
            return name
    return None


def _stands(word: str, plain: str, language: Language) -> bool:
    if language == "ko":
        return word in plain
    end = r"\b" if len(word) <= 3 else ""
    return re.search(rf"(?<![a-z0-9]){re.escape(word)}{end}", plain) is not None


def _plain(said: str, language: Language) -> str:
    lowered = said.lower().replace("’", "'")
    return re.sub(r"[\s.,!?]+", "" if language == "ko" else " ", lowered).strip()


@lru_cache(maxsize=2)
def _questions(folder: Path) -> tuple[Question, ...]:
    return tuple(_question(item) for item in read(folder / QUESTIONS)["questions"])


def _question(item: dict[str, Any]) -> Question:
    return Question(
        id=item["id"],
        base=float(item["base"]),
        ask={language: item[language]["ask"] for language in LANGUAGES},
        why={language: item[language]["why"] for language in LANGUAGES},
        choices=tuple(_choice(choice) for choice in item["choices"]),
        free=item.get("free", False),
        number=item.get("number", False),
    )


def _choice(item: dict[str, Any]) -> Choice:
    return Choice(
        id=item["id"],
        label={language: item[language]["label"] for language in LANGUAGES},
        words={language: tuple(item[language]["words"]) for language in LANGUAGES},
        points=item.get("points", {}),
        why=item["why"],
        up_to=item.get("up_to"),
    )
