"""Says which of several agreements is the better one for a product, and only where the facts settle it."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Literal

from knowledge.origin.agreement import Agreement
from knowledge.origin.lookup import Lookup
from knowledge.origin.proof_effort import Effort
from knowledge.origin.result import Outcome, Simulation
from knowledge.tariffs.estimate import DutyEstimate

Ground = Literal[
    "no_duty_anyway",
    "only_one",
    "none_qualifies",
    "only_one_qualifies",
    "free_and_easier",
    "free",
    "lower_rate",
    "same_rate_easier",
    "same_rate",
    "undecided",
]
"""Why an agreement is named, or none is. ``free``: its rate is nought, which no other agreement can go below."""

NAMED: frozenset[Ground] = frozenset({"only_one", "free", "free_and_easier", "lower_rate", "same_rate_easier"})
"""Grounds that name an agreement and leave open whether the product qualifies under it."""


@dataclass(frozen=True)
class Option:
    """One agreement as it is for a product.

    Attributes:
        duty: The rates; its ``status`` says whether the tariff data have them.
        simulation: What came of the bill of materials; None where there was none.
        in_force: Whether it is known to be in force.
    """

    agreement: Agreement
    duty: DutyEstimate
    lookup: Lookup
    simulation: Simulation | None
    effort: Effort | None
    in_force: bool

    @property
    def free(self) -> bool:
        """Whether every national line of the code is free of duty under the agreement."""
        return bool(self.duty.lines) and all(
            entry.preferential is not None and entry.preferential.kind == "free" and not entry.preferential.ceiling
            for entry in self.duty.lines
        )

    @property
    def span(self) -> tuple[float, float] | None:
        """Lowest and highest agreement rate of its lines, percent; None where one of them is not settled."""
        rates = [entry.preferential for entry in self.duty.lines]
        percents = [rate.percent for rate in rates if rate is not None and rate.percent is not None]
        settled = rates and len(percents) == len(rates) and not any(rate.ceiling for rate in rates if rate)
        return (float(min(percents)), float(max(percents))) if settled else None

    @property
    def certain_no(self) -> bool:
        """Whether the product is known not to qualify."""
        return self.simulation is not None and self.simulation.outcome is Outcome.DOES_NOT_QUALIFY

    @property
    def certain_yes(self) -> bool:
        """Whether the product is known to qualify."""
        return self.simulation is not None and self.simulation.outcome is Outcome.QUALIFIES


@dataclass(frozen=True)
class Advice:
    """What can be said of the choice.

    Attributes:
        ground: Why.
        chosen: The agreement named; None where none is.
        settled: Whether the choice stands, the bill of materials included; False where ``missing`` may change it.
        missing: Ids of what must be known (``comparing.*.yaml``, ``missing``), with the agreements each is about.
    """

    ground: Ground
    chosen: Agreement | None
    settled: bool
    missing: tuple[tuple[str, tuple[Agreement, ...]], ...] = ()


def advise(options: Sequence[Option]) -> Advice:
    """Returns the advice on a choice.

    Nothing unknown speaks for or against an agreement: a rate that is not in the data is neither high nor low, and a
    product of which it is not determined whether it qualifies is never taken to do so.
    """
    usable = [option for option in options if option.in_force]
    if options and _ordinary_free(options):
        return Advice("no_duty_anyway", None, True)
    left = [option for option in usable if not option.certain_no]
    if not left:
        unsure = tuple(option.agreement for option in options if not option.in_force)
        ground: Ground = "none_qualifies" if usable else "undecided"
        return Advice(ground, None, not unsure, (("in_force", unsure),) if unsure else ())
    if len(options) == 1:
        return _about(left[0], "only_one", options, left[0].certain_yes)
    if len(left) == 1 and left[0].certain_yes and len(usable) == len(options):
        return _about(left[0], "only_one_qualifies", options, True)
    return _by_rate(left, options)


def _by_rate(left: Sequence[Option], options: Sequence[Option]) -> Advice:
    free = [option for option in left if option.free]
    if free:
        easy = [option for option in free if _easier_than_all(option, left)]
        best = easy[0] if easy else free[0]
        if easy:
            return _about(best, "free_and_easier", options, best.certain_yes)
        if len(free) == 1:
            return _about(best, "free", options, False)
    spans = [option.span for option in left]
    known = [span for span in spans if span is not None]
    if len(known) == len(left) > 1:
        lowest = min(zip(left, known, strict=True), key=lambda pair: pair[1])[0]
        assert lowest.span is not None
        if all(lowest.span[1] < span[0] for option, span in zip(left, known, strict=True) if option is not lowest):
            return _about(lowest, "lower_rate", options, lowest.certain_yes)
        if len(set(known)) == 1 and known[0][0] == known[0][1]:
            easy = [option for option in left if _easier_than_all(option, left)]
            if easy:
                return _about(easy[0], "same_rate_easier", options, easy[0].certain_yes)
            return Advice("same_rate", None, False, _missing(options))
    return Advice("undecided", None, False, _missing(options))


def _easier_than_all(option: Option, others: Sequence[Option]) -> bool:
    """Whether its proof is less work than every other's, whatever is still unknown of the firm."""
    return option.effort is not None and all(
        other is option or (other.effort is not None and option.effort.high < other.effort.low) for other in others
    )


def _about(option: Option, ground: Ground, options: Sequence[Option], settled: bool) -> Advice:
    return Advice(ground, option.agreement, settled, () if settled else _missing(options))


def _ordinary_free(options: Sequence[Option]) -> bool:
    """Whether goods of the code pay no duty today without any agreement."""
    for option in options:
        if option.duty.against == "current_general" and option.duty.lines:
            return all(entry.ordinary is not None and entry.ordinary.kind == "free" for entry in option.duty.lines)
    return False


def _missing(options: Sequence[Option]) -> tuple[tuple[str, tuple[Agreement, ...]], ...]:
    """Returns what is not known, in the order in which it is best found out."""
    open_ones = [option for option in options if not option.certain_no]
    several = len(options) > 1
    found = {
        "in_force": [o for o in open_ones if not o.in_force],
        "rates": [o for o in open_ones if several and not o.free and o.span is None],
        "rules": [o for o in open_ones if not o.lookup.rows and not o.certain_yes],
        "bill": [o for o in open_ones if o.lookup.rows and o.simulation is None],
        "facts": [o for o in open_ones if o.lookup.rows and o.simulation is not None and not o.certain_yes],
        "approval": [o for o in open_ones if several and o.effort and "approved" in str(o.effort.reasons)],
    }
    return tuple((name, tuple(option.agreement for option in which)) for name, which in found.items() if which)
