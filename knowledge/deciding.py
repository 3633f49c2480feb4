"""Answers that depend on something: which condition to ask for next, and which answer holds.

Conditions (who makes it, shipped or not, which agreement) are data of the pack, ``conditions/*.yaml``; a record's
``decision`` names those it asks and lists its cases. The same mechanism for every record.
"""

from __future__ import annotations

import re
from collections.abc import Iterator, Mapping
from dataclasses import dataclass, field
from pathlib import Path
from typing import Annotated, Any

from pydantic import Field

from knowledge.record import Case, Decision, Language, Strict

FOLDER = "conditions"

UNKNOWN = "unknown"
"""The value of a condition that somebody does not know."""


class Value(Strict):
    """One thing a condition can be: its button, and words by which people say it (regular expressions)."""

    id: Annotated[str, Field(pattern=r"^[a-zA-Z0-9][a-zA-Z0-9_-]*$")]
    ko: str
    en: str
    heard: dict[Language, tuple[str, ...]] = Field(default_factory=dict)


class Condition(Strict):
    """Something an answer can depend on: the question, and its values.

    ``keeps`` tells whether what was said once holds for the whole conversation (who makes the goods) or only for
    the question at hand (how much the shipment is worth).
    """

    id: Annotated[str, Field(pattern=r"^[a-z0-9][a-z0-9-]*$")]
    ko: str
    en: str
    values: tuple[Value, ...]
    keeps: bool = True

    def value(self, value_id: str) -> Value | None:
        """Returns the value of that id, or None."""
        return next((value for value in self.values if value.id == value_id), None)

    def heard(self, words: str, language: Language) -> str | None:
        """Returns the value somebody's words name, or None where none or several fit."""
        found = {
            value.id
            for value in self.values
            for pattern in value.heard.get(language, ())
            if re.search(pattern, words, re.IGNORECASE)
        }
        return found.pop() if len(found) == 1 else None


@dataclass(frozen=True)
class Decided:
    """What is known of a decision: the answer, or the condition to ask, or what may be so.

    Attributes:
        case: The answer, where the conditions told select one.
        ask: The condition to ask next, else None.
        open: The cases that are still possible, in the record's order.
        used: The conditions told that the answer rests on.
    """

    case: Case | None
    ask: str | None
    open: tuple[Case, ...]
    used: Mapping[str, str] = field(default_factory=dict)


def decide(decision: Decision, told: Mapping[str, str]) -> Decided:
    """Weighs a decision with what was told; a value ``unknown`` is as good as none, but is not asked for again."""
    known = {name: value for name, value in told.items() if name in decision.asks and value != UNKNOWN}
    possible = tuple(case for case in decision.cases if _possible(case, known))
    used = {name: value for name, value in known.items() if any(name in case.when for case in decision.cases)}
    certain = [case for case in possible if set(case.when) <= set(known)]
    if certain:  # the cases are exclusive: one that certainly holds is the answer
        return Decided(certain[0], None, possible, used)
    for name in decision.asks:
        if name not in told and any(name in case.when for case in possible):
            return Decided(None, name, possible, used)
    return Decided(None, None, possible, used)


def _possible(case: Case, known: Mapping[str, str]) -> bool:
    return all(name not in known or known[name] in _values(wanted) for name, wanted in case.when.items())


def _values(wanted: str | list[str]) -> tuple[str, ...]:
    return (wanted,) if isinstance(wanted, str) else tuple(wanted)


def read_conditions(pack: Path, read: Any) -> dict[str, Condition]:
    """Returns the pack's conditions by id; ``read`` reads a YAML file.

    Raises:
        ValidationError: A condition is malformed.
        ValueError: An id is used twice, or a pattern is no regular expression.
    """
    found: dict[str, Condition] = {}
    for path in sorted((pack / FOLDER).glob("*.yaml")):
        for item in read(path) or []:
            condition = Condition.model_validate(item)
            if condition.id in found:
                raise ValueError(f"{path.name}: the condition '{condition.id}' is there twice")
            for value in condition.values:
                for pattern in (each for listed in value.heard.values() for each in listed):
                    re.compile(pattern)
            found[condition.id] = condition
    return found


def decision_faults(decision: Decision, conditions: Mapping[str, Condition]) -> Iterator[str]:
    """Yields what is wrong with a decision: unknown names, cases that overlap, values without an answer."""
    for name in decision.asks:
        if name not in conditions:
            yield f"asks '{name}', which is no condition"
    for case in decision.cases:
        for name, wanted in case.when.items():
            if name not in decision.asks:
                yield f"a case depends on '{name}', which asks does not list"
            elif name in conditions:
                unknown = [value for value in _values(wanted) if conditions[name].value(value) is None]
                yield from (f"'{value}' is no value of '{name}'" for value in unknown)
    if not all(name in conditions for name in decision.asks):
        return
    for told in _combinations(decision, conditions):
        fitting = [case for case in decision.cases if _possible(case, told)]
        if len(fitting) != 1:
            shown = ", ".join(f"{name}={value}" for name, value in told.items())
            yield f"{len(fitting)} cases answer {shown}; exactly one must"


def _combinations(decision: Decision, conditions: Mapping[str, Condition]) -> Iterator[dict[str, str]]:
    """Yields every combination of values of the conditions asked for."""
    rows: list[dict[str, str]] = [{}]
    for name in decision.asks:
        rows = [{**row, name: value.id} for row in rows for value in conditions[name].values]
    yield from rows
