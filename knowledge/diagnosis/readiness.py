"""Tests how ready a firm is to export, in six dimensions, and compares with an earlier result.

The questions, points and levels are the pack's readiness/test.yaml, whose `rule` explains the reckoning. A score
says nothing of the ministry's five groups: those go by the export record alone (standing.group_of).
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from functools import lru_cache
from pathlib import Path
from typing import Any

from knowledge.diagnosis.asking import SKIPPED, UNKNOWN
from knowledge.diagnosis.data import DiagnosisError, pack_folder, read
from knowledge.record import LANGUAGES, Language

TEST = "readiness/test.yaml"

Answers = Mapping[str, str | None]
"""Question id → choice id; None, ``unknown`` and ``skipped`` are unanswered."""


@dataclass(frozen=True)
class ReadinessChoice:
    """An answer with its points and why it has them."""

    id: str
    points: int
    label: Mapping[Language, str]
    why: Mapping[Language, str]


@dataclass(frozen=True)
class ReadinessQuestion:
    """A question of the test and the dimension it belongs to."""

    id: str
    dimension: str
    ask: Mapping[Language, str]
    why: Mapping[Language, str]
    choices: tuple[ReadinessChoice, ...]

    @property
    def most(self) -> int:
        """The most points it can give."""
        return max(choice.points for choice in self.choices)


@dataclass(frozen=True)
class Point:
    """The points of one answered question."""

    question: str
    choice: str
    points: int
    most: int


@dataclass(frozen=True)
class DimensionScore:
    """One dimension.

    Attributes:
        id: Its id.
        score: 0 to 100 with one decimal, or None where no question of it was answered.
        points: The points of each answered question.
        asked: How many questions it has.
    """

    id: str
    score: float | None
    points: tuple[Point, ...]
    asked: int


@dataclass(frozen=True)
class Readiness:
    """The result of a test.

    Attributes:
        dimensions: The six dimensions in their order.
        total: Mean of the known dimensions (0 to 100), or None where none is known.
        level: Id of the level, or None where too few dimensions are known.
        weakest: Ids of the weak dimensions, the lowest first.
        not_known: Ids of dimensions without any answer.
        unanswered: Ids of questions not answered.
    """

    dimensions: tuple[DimensionScore, ...]
    total: float | None
    level: str | None
    weakest: tuple[str, ...]
    not_known: tuple[str, ...]
    unanswered: tuple[str, ...]

    def of(self, dimension: str) -> float | None:
        """Returns a dimension's score."""
        return next(each.score for each in self.dimensions if each.id == dimension)


@dataclass(frozen=True)
class NextStep:
    """What to do about a weak dimension, and the records to read."""

    dimension: str
    text: str
    records: tuple[str, ...]


@dataclass(frozen=True)
class Change:
    """How a dimension, or the ``total``, changed; None where one of the two is not known."""

    id: str
    before: float | None
    now: float | None

    @property
    def difference(self) -> float | None:
        """Points gained, negative for lost."""
        if self.before is None or self.now is None:
            return None
        return round(self.now - self.before, 1)


@dataclass(frozen=True)
class Comparison:
    """Two results side by side: every dimension's change, and the total's over the dimensions known both times."""

    changes: tuple[Change, ...]
    total: Change
    level_before: str | None
    level_now: str | None


def readiness_questions() -> tuple[ReadinessQuestion, ...]:
    """Returns the questions in their order."""
    return _questions(pack_folder())


def next_readiness_question(answers: Answers) -> ReadinessQuestion | None:
    """Returns the first question not asked yet; one answered with ``unknown`` or ``skipped`` was asked."""
    return next((one for one in readiness_questions() if answers.get(one.id) is None), None)


def score(answers: Answers) -> Readiness:
    """Returns the result of the answers.

    Raises:
        DiagnosisError: A question or choice does not exist; ``field`` names it.
    """
    chosen = {name: choice for name, given in answers.items() if (choice := _chosen(name, given))}
    rule, data = read(pack_folder() / TEST)["rule"], read(pack_folder() / TEST)
    dimensions = tuple(_dimension(each["id"], chosen) for each in data["dimensions"])
    known = [each.score for each in dimensions if each.score is not None]
    total = _mean(known)
    low = sorted(
        (each for each in dimensions if each.score is not None and each.score < rule["weak_below"]),
        key=lambda each: each.score or 0.0,
    )
    return Readiness(
        dimensions=dimensions,
        total=total,
        level=_level(total) if total is not None and len(known) >= rule["level_from"] else None,
        weakest=tuple(each.id for each in low[: rule["weakest"]]),
        not_known=tuple(each.id for each in dimensions if each.score is None),
        unanswered=tuple(one.id for one in readiness_questions() if one.id not in chosen),
    )


def compare(before: Readiness, now: Readiness) -> Comparison:
    """Returns what changed from one result to a later one.

    The totals are means over the dimensions known both times, so that learning of a further, weaker dimension does
    not look like a step back.
    """
    changes = tuple(Change(each.id, before.of(each.id), each.score) for each in now.dimensions)
    both = [change for change in changes if change.difference is not None]
    total = Change("total", _mean([each.before for each in both]), _mean([each.now for each in both]))
    return Comparison(changes, total, before.level, now.level)


def next_steps(result: Readiness, language: Language) -> tuple[NextStep, ...]:
    """Returns what to do about each weak dimension, the weakest first."""
    steps = readiness_data()["next_steps"]
    return tuple(NextStep(each, steps[each][language], tuple(steps[each]["records"])) for each in result.weakest)


def readiness_data() -> dict[str, Any]:
    """Returns the test's texts: dimensions, levels, rule and next steps."""
    return read(pack_folder() / TEST)


def dimension_name(dimension: str, language: Language, short: bool = False) -> str:
    """Returns what a dimension is called."""
    found = next(each for each in readiness_data()["dimensions"] if each["id"] == dimension)
    return str(found[language]["short" if short else "name"])


def level_texts(level: str, language: Language) -> tuple[str, str]:
    """Returns the name of a level and what it means."""
    found = next(each for each in readiness_data()["levels"] if each["id"] == level)[language]
    return found["name"], found["text"]


def question_of(name: str) -> ReadinessQuestion:
    """Returns the question of that id.

    Raises:
        DiagnosisError: There is none.
    """
    found = next((one for one in readiness_questions() if one.id == name), None)
    if found is None:
        known = ", ".join(one.id for one in readiness_questions())
        raise DiagnosisError(f"answers.{name}", f"is no question; known are {known}")
    return found


def choice_of(name: str, choice: str) -> ReadinessChoice:
    """Returns a choice of a question.

    Raises:
        DiagnosisError: There is no such question or choice.
    """
    asked = question_of(name)
    found = next((each for each in asked.choices if each.id == choice), None)
    if found is None:
        known = ", ".join([*(each.id for each in asked.choices), UNKNOWN, SKIPPED])
        raise DiagnosisError(f"answers.{name}", f"must be one of {known}, not {choice!r}")
    return found


def _chosen(name: str, given: object) -> ReadinessChoice | None:
    asked = question_of(name)
    if given in (None, UNKNOWN, SKIPPED):
        return None
    if not isinstance(given, str):
        raise DiagnosisError(f"answers.{name}", f"must be a text, not {given!r}")
    return choice_of(asked.id, given)


def _dimension(dimension: str, chosen: Mapping[str, ReadinessChoice]) -> DimensionScore:
    own = [one for one in readiness_questions() if one.dimension == dimension]
    points = tuple(Point(one.id, chosen[one.id].id, chosen[one.id].points, one.most) for one in own if one.id in chosen)
    most = sum(each.most for each in points)
    reached = round(100 * sum(each.points for each in points) / most, 1) if most else None
    return DimensionScore(dimension, reached, points, len(own))


def _level(total: float) -> str:
    reached = [each for each in readiness_data()["levels"] if total >= each["from"]]
    return str(reached[-1]["id"])


def _mean(scores: list[float] | list[float | None]) -> float | None:
    known = [each for each in scores if each is not None]
    return round(sum(known) / len(known), 1) if known else None


@lru_cache(maxsize=2)
def _questions(folder: Path) -> tuple[ReadinessQuestion, ...]:
    return tuple(_question(item) for item in read(folder / TEST)["questions"])


def _question(item: dict[str, Any]) -> ReadinessQuestion:
    return ReadinessQuestion(
        id=item["id"],
        dimension=item["dimension"],
        ask={language: item[language]["ask"] for language in LANGUAGES},
        why={language: item[language]["why"] for language in LANGUAGES},
        choices=tuple(_choice(choice) for choice in item["choices"]),
    )


def _choice(item: dict[str, Any]) -> ReadinessChoice:
    return ReadinessChoice(
        id=str(item["id"]),
        points=item["points"],
        label={language: item[language]["label"] for language in LANGUAGES},
        why={language: item[language]["why"] for language in LANGUAGES},
    )
