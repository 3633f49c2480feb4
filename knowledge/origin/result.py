"""What comes out of weighing a product against an agreement: verdicts, steps and their reasons, language left open."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass, field
from datetime import date
from decimal import ROUND_CEILING, ROUND_FLOOR, ROUND_HALF_UP, Decimal
from enum import StrEnum
from fractions import Fraction
from typing import Any

from knowledge.origin.agreement import Agreement, Locator
from knowledge.origin.lookup import Lookup, RuleRow
from knowledge.origin.model import Fault, OriginInput
from knowledge.record import Source


class Verdict(StrEnum):
    """Whether a condition holds. What can't be told from the facts given is never a yes."""

    MET = "met"
    NOT_MET = "not_met"
    NOT_DETERMINED = "not_determined"
    NOT_APPLICABLE = "not_applicable"


class Outcome(StrEnum):
    """How the whole ends."""

    QUALIFIES = "qualifies"
    DOES_NOT_QUALIFY = "does_not_qualify"
    NOT_DETERMINED = "not_determined"
    INPUT_ERROR = "input_error"


def all_of(verdicts: Iterable[Verdict]) -> Verdict:
    """Returns the verdict on conditions that must all hold (Kleene's three-valued "and"); the rest is passed over."""
    found = set(verdicts)
    if Verdict.NOT_MET in found:
        return Verdict.NOT_MET
    return Verdict.NOT_DETERMINED if Verdict.NOT_DETERMINED in found else Verdict.MET


def any_of(verdicts: Iterable[Verdict]) -> Verdict:
    """Returns the verdict on conditions of which one is enough (Kleene's "or"); none at all is not met."""
    found = set(verdicts)
    if Verdict.MET in found:
        return Verdict.MET
    return Verdict.NOT_DETERMINED if Verdict.NOT_DETERMINED in found else Verdict.NOT_MET


@dataclass(frozen=True)
class Saying:
    """Something to be said in any language: the id of a sentence in ``steps.*.yaml`` and what to put into it."""

    id: str
    params: dict[str, Any] = field(default_factory=dict)


@dataclass(frozen=True)
class Missing:
    """A fact that would help to decide: its field in the input, and the question to ask."""

    field: str
    saying: Saying


def unique(missing: Iterable[Missing]) -> tuple[Missing, ...]:
    """Returns the questions once each: the first of every field, and every working that is asked for."""
    kept: dict[tuple[str, str], Missing] = {}
    for entry in missing:
        kept.setdefault((entry.field, str(entry.saying.params.get("question", ""))), entry)
    return tuple(kept.values())


@dataclass(frozen=True)
class Share:
    """A regional value content or a share of non-originating materials, percent, as an interval of what it can be.

    Attributes:
        method: ``build_down``, ``build_up``, ``net_cost`` or ``max_nom``.
        threshold: What the rule asks for: at least (RVC) or at most (``max_nom``).
        low, high: Bounds; None where nothing bounds it on that side.
    """

    method: str
    threshold: Decimal
    low: Fraction | None
    high: Fraction | None
    verdict: Verdict

    @property
    def value(self) -> Fraction | None:
        """The exact value, or the bound that decides, or None where it can't be told."""
        upper_decides = (self.verdict is Verdict.MET) == (self.method == "max_nom")
        if self.low == self.high:
            return self.low
        if self.verdict is Verdict.NOT_DETERMINED:
            return None
        return self.high if upper_decides else self.low

    @property
    def bound(self) -> str | None:
        """Says what ``value`` is: ``exact``, ``at_least``, ``at_most``, or None where there is no value."""
        if self.value is None:
            return None
        if self.low == self.high:
            return "exact"
        return "at_most" if self.value == self.high else "at_least"

    def shown(self) -> Decimal | None:
        """Returns ``value`` with two decimals, never rounded across the threshold."""
        if self.value is None:
            return None
        near = _rounded(self.value, ROUND_HALF_UP)
        if self.verdict is Verdict.NOT_MET and self.method != "max_nom" and near >= self.threshold:
            return _rounded(self.value, ROUND_FLOOR)
        if self.verdict is Verdict.NOT_MET and self.method == "max_nom" and near <= self.threshold:
            return _rounded(self.value, ROUND_CEILING)
        return near


def _rounded(value: Fraction, how: str) -> Decimal:
    hundredths = value * 100
    whole, rest = divmod(hundredths.numerator, hundredths.denominator)
    up = {ROUND_FLOOR: False, ROUND_CEILING: rest > 0, ROUND_HALF_UP: 2 * rest >= hundredths.denominator}[how]
    return Decimal(whole + up).scaleb(-2)


@dataclass(frozen=True)
class Step:
    """One step of the legal order: what was asked, how it came out, why, and where that is written."""

    id: str
    verdict: Verdict
    reasons: tuple[Saying, ...] = ()
    missing: tuple[Missing, ...] = ()
    source: Locator | Source | None = None


@dataclass(frozen=True)
class Simulation:
    """The whole result, with what it was made from, so that it can be told in any language and played with.

    Attributes:
        day: The day it was weighed for.
        row: The row of the product rules that was applied or is shown, None where there is none.
        share: The value content to show, None where the rule has none.
        missing: What would decide; empty unless the outcome is not determined.
        warnings: What to look out for although it changes no verdict.
    """

    told: OriginInput
    agreement: Agreement
    lookup: Lookup
    outcome: Outcome
    steps: tuple[Step, ...]
    day: date
    row: RuleRow | None = None
    share: Share | None = None
    missing: tuple[Missing, ...] = ()
    warnings: tuple[Saying, ...] = ()

    def step(self, step_id: str) -> Step:
        """Returns a step by its id."""
        return next(step for step in self.steps if step.id == step_id)


@dataclass(frozen=True)
class Refusal:
    """An input that could not be read: nothing was computed."""

    faults: tuple[Fault, ...]
    outcome: Outcome = Outcome.INPUT_ERROR
