"""Chooses the first steps for this week from the obstacles' records, fitted to what is known of the firm."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from itertools import zip_longest
from typing import Any

from knowledge.diagnosis.asking import SKIPPED, UNKNOWN, Facts, label, question
from knowledge.diagnosis.data import pack_folder, read
from knowledge.diagnosis.ranking import SCORING, rule
from knowledge.record import Language, Record


@dataclass(frozen=True)
class FirstStep:
    """Something to do this week.

    Attributes:
        obstacle: The obstacle it is against.
        number: Its place in the record's list, from 1.
        text: What to do.
        fitted: Whether it is worded for this firm.
    """

    obstacle: str
    number: int
    text: str
    fitted: bool


def first_steps(obstacles: Sequence[Record], facts: Facts, language: Language) -> tuple[FirstStep, ...]:
    """Returns the first steps: the first of each obstacle, the weightiest obstacle first, then the second of each.

    Steps that the facts show as done are left out.
    """
    wanted = rule()["steps"]
    lists = [_open_steps(record, facts, language) for record in obstacles[:wanted]]
    in_turn = [step for round_ in zip_longest(*lists) for step in round_ if step]
    chosen = in_turn[:wanted]
    order = [record.id for record in obstacles]
    return tuple(sorted(chosen, key=lambda step: (order.index(step.obstacle), step.number)))


def _open_steps(record: Record, facts: Facts, language: Language) -> list[FirstStep]:
    data = read(pack_folder() / SCORING)
    done = {each["step"] for each in data["done"] if each["obstacle"] == record.id and _holds(each, facts)}
    todo = enumerate(record.text(language).todo, 1)
    return [_fitted(record.id, number, text, facts, language) for number, text in todo if number not in done]


def _fitted(obstacle: str, number: int, text: str, facts: Facts, language: Language) -> FirstStep:
    for each in read(pack_folder() / SCORING)["instead"]:
        if (each["obstacle"], each["step"]) == (obstacle, number) and _holds(each, facts):
            return FirstStep(obstacle, number, each[language].format(**_said(facts, language)), True)
    return FirstStep(obstacle, number, text, False)


def _holds(each: dict[str, Any], facts: Facts) -> bool:
    """Tells whether every fact a change asks for is known and is one of those wanted; unknown is never yes."""
    known = all(facts.get(name, UNKNOWN) not in (UNKNOWN, SKIPPED) for name in each.get("known", ()))
    return known and all(facts.get(name) in wanted for name, wanted in each.get("when", {}).items())


def _said(facts: Facts, language: Language) -> dict[str, str]:
    return {name: label(asked, fact, language) for name, fact in facts.items() if (asked := question(name))}
