"""What would change the result: computed from the figures, and tried out before it is said."""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from decimal import ROUND_CEILING, Decimal
from fractions import Fraction
from itertools import chain

from knowledge.origin.engine import assess
from knowledge.origin.materials import Part, Standing, parts
from knowledge.origin.model import Material, OriginInput
from knowledge.origin.product_rule import Alternative, Goods, RowFinding, Weighed, weigh_row
from knowledge.origin.result import Outcome, Saying, Simulation, Verdict
from knowledge.origin.tolerance import Failing
from knowledge.origin.value import general_basis, price_bounds

MOST = 6
"""Suggestions shown: more would bury the good ones."""

MOST_REPLACED = 12
"""Materials, the dearest first, for which a replacement is tried: each try weighs the whole product anew."""


@dataclass(frozen=True)
class Suggestion:
    """A change of the product after which the product rule is met.

    Attributes:
        saying: What to do, with the amount in the currency of the price.
        changed: The input after the change.
        enough: Whether the product then qualifies; otherwise something besides the product rule is still in the way.
    """

    saying: Saying
    changed: OriginInput
    enough: bool


def what_would_change(simulation: Simulation) -> list[Suggestion]:
    """Returns changes after which the product rule is met, the smallest first.

    Only changes that were tried and found to work are returned; for a product that qualifies there are none.
    """
    row = simulation.row
    if simulation.outcome is Outcome.QUALIFIES or row is None or row.rule is None or not simulation.told.materials:
        return []
    finding = weigh_row(row, _goods(simulation, simulation.told))
    if finding.final is Verdict.MET:
        return []
    tried = (_tried(saying, changed, simulation) for saying, changed in _ideas(finding, simulation))
    found: dict[str, Suggestion] = {}
    for suggestion in filter(None, tried):
        found.setdefault(repr(suggestion.saying), suggestion)
    return list(found.values())[:MOST]


def _goods(simulation: Simulation, told: OriginInput) -> Goods:
    listed = parts(told, simulation.agreement)
    return Goods(told, simulation.agreement, listed, simulation.step("wholly_obtained").verdict)


def _tried(saying: Saying, changed: OriginInput, simulation: Simulation) -> Suggestion | None:
    """Weighs the changed product anew; None unless the rule that is shown is then met."""
    assert simulation.row is not None
    if weigh_row(simulation.row, _goods(simulation, changed)).final is not Verdict.MET:
        return None
    again = assess(changed, simulation.agreement, simulation.lookup, simulation.day)
    return Suggestion(saying, changed, again.outcome is Outcome.QUALIFIES)


def _ideas(finding: RowFinding, simulation: Simulation) -> Iterator[tuple[Saying, OriginInput]]:
    told, suspects = simulation.told, [p for p in parts(simulation.told, simulation.agreement) if p.may_count]
    yield from _proofs(suspects, told)
    for alternative in finding.alternatives:
        yield from chain.from_iterable(_value_ideas(each, simulation) for each in alternative.conditions)
        yield from _tolerance_ideas(alternative, simulation)
    for part in _dearest(part for part in suspects if part.counts):
        yield Saying("replace_material", {"name": part.name}), _originating(told, [part])
    for alternative in finding.alternatives:
        failing = _failing(alternative)
        if 1 < len(failing) < len(suspects):
            yield Saying("replace_materials", {"names": [p.name for p in failing]}), _originating(told, failing)


def _proofs(suspects: list[Part], told: OriginInput) -> Iterator[tuple[Saying, OriginInput]]:
    unproved = [part for part in suspects if part.standing is Standing.UNKNOWN and not part.material.originating]
    for part in _dearest(unproved):
        yield Saying("prove_material", {"name": part.name}), _originating(told, [part])


def _dearest(listed: Iterable[Part]) -> list[Part]:
    return sorted(listed, key=lambda part: -(part.material.value or 0))[:MOST_REPLACED]


def _value_ideas(weighed: Weighed, simulation: Simulation) -> Iterator[tuple[Saying, OriginInput]]:
    """Yields what would lift a value content over its threshold, or bring a share below its limit."""
    share, told = weighed.share, simulation.told
    if share is None or share.verdict is not Verdict.NOT_MET or share.low != share.high:
        return
    price = price_bounds(told, _basis(weighed, simulation))
    if not price.exact or price.high is None:
        return
    worth, limit = price.high, Fraction(share.threshold)
    listed = parts(told, simulation.agreement)
    foreign = [part for part in listed if part.counts]
    spent = sum((Fraction(p.material.value or 0) for p in foreign), Fraction(0))
    if share.method == "build_up":
        own = sum((Fraction(p.material.value or 0) for p in listed if not p.may_count), Fraction(0))
        more = _rounded_up(limit * worth / 100 - own)
        added = Material(name="+", originating=True, value=more)
        richer = told.model_copy(update={"materials": (*told.materials, added)})
        yield Saying("use_originating", {"amount": more}), richer
        return
    allowed = (limit if share.method == "max_nom" else 100 - limit) / 100
    yield from _less(Saying("reduce_materials"), foreign, spent - allowed * worth, told)
    if allowed and told.price.amount is not None and share.method != "net_cost":
        rise = _rounded_up(spent / allowed - worth)
        dearer = told.price.model_copy(update={"amount": told.price.amount + rise})
        yield Saying("raise_price", {"amount": rise}), told.model_copy(update={"price": dearer})


def _basis(weighed: Weighed, simulation: Simulation) -> str:
    assert weighed.share is not None
    formula = simulation.agreement.formula(weighed.share.method)
    return (formula.price if formula else general_basis(simulation.agreement)) or "net_cost"


def _tolerance_ideas(alternative: Alternative, simulation: Simulation) -> Iterator[tuple[Saying, OriginInput]]:
    """Yields by how much the failing materials would have to shrink for the tolerance to cover them."""
    found = alternative.tolerated
    if found is None or found.tolerance is None or found.tolerance.by != "value":
        return
    price = price_bounds(simulation.told, general_basis(simulation.agreement) or "net_cost")
    failing = _failing(alternative)
    if not price.exact or price.high is None or any(part.material.value is None for part in failing):
        return
    spent = sum((Fraction(part.material.value or 0) for part in failing), Fraction(0))
    allowed = Fraction(found.tolerance.percent) * price.high / 100
    saying = Saying("reduce_to_tolerance", {"names": [part.name for part in failing]})
    yield from _less(saying, failing, spent - allowed, simulation.told)


def _failing(alternative: Alternative) -> list[Part]:
    listed: Iterable[Failing] = (failing for each in alternative.conditions for failing in each.failing)
    return list({failing.part.index: failing.part for failing in listed}.values())


def _less(
    saying: Saying, listed: list[Part], excess: Fraction, told: OriginInput
) -> Iterator[tuple[Saying, OriginInput]]:
    """Takes an excess off materials, the dearest first."""
    spent = sum((part.material.value or Decimal(0) for part in listed), Decimal(0))
    cut = _rounded_up(excess)
    if not 0 < cut <= spent:
        return
    kept = {part.index: part.material.value for part in listed if part.material.value is not None}
    left = cut
    for index in sorted(kept, key=lambda index: -kept[index]):
        taken = min(left, kept[index])
        kept[index] -= taken
        left -= taken
    reduced = tuple(
        material.model_copy(update={"value": kept[index]}) if index in kept else material
        for index, material in enumerate(told.materials)
    )
    yield Saying(saying.id, {**saying.params, "amount": cut}), told.model_copy(update={"materials": reduced})


def _originating(told: OriginInput, chosen: Iterable[Part]) -> OriginInput:
    """Returns the input with materials made originating; the country is left open."""
    indexes = {part.index for part in chosen}
    changed = tuple(
        material.model_copy(update={"originating": True, "origin": None}) if index in indexes else material
        for index, material in enumerate(told.materials)
    )
    return told.model_copy(update={"materials": changed})


def _rounded_up(amount: Fraction) -> Decimal:
    """Returns the amount in hundredths, rounded up, so that it is enough."""
    hundredths = amount * 100
    whole = -(-hundredths.numerator // hundredths.denominator)
    return Decimal(whole).scaleb(-2).quantize(Decimal("0.01"), ROUND_CEILING)
