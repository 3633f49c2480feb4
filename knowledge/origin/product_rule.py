"""The product rule: weighs a rule's tree, and what a tolerance can still make up for.

The tree is taken apart into alternatives, each a list of conditions that must all hold; this keeps the materials a
tolerance has to cover together, because its share is of all of them at once.
"""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass
from fractions import Fraction
from itertools import product

from knowledge.origin.agreement import Agreement
from knowledge.origin.lookup import RuleRow
from knowledge.origin.materials import Bounds, Part, covered, total, unknown_amounts, value_of, weight_of
from knowledge.origin.model import OriginInput
from knowledge.origin.operations import canonical
from knowledge.origin.result import Missing, Saying, Share, Verdict, all_of, any_of, unique
from knowledge.origin.rule import (
    AllOf,
    AnyHeading,
    AnyOf,
    Change,
    MaxShare,
    Process,
    Rule,
    ValueContent,
    WhollyObtained,
    WhollyObtainedMaterials,
    parts_of,
)
from knowledge.origin.tariff_change import weigh_change
from knowledge.origin.tolerance import Failing, Tolerated, tolerated
from knowledge.origin.value import (
    at_most,
    build_down,
    build_up,
    general_basis,
    non_originating_share,
    price_bounds,
    price_missing,
)


@dataclass(frozen=True)
class Goods:
    """Everything a condition may ask about."""

    told: OriginInput
    agreement: Agreement
    parts: tuple[Part, ...]
    wholly_obtained: Verdict

    @property
    def suspects(self) -> tuple[Part, ...]:
        """Materials that are or may be non-originating."""
        return tuple(part for part in self.parts if part.may_count)


@dataclass(frozen=True)
class Weighed:
    """One condition of a rule and how it came out.

    Attributes:
        kind: What a tolerance would have to cover if it is not met; None where none can.
        failing: The materials it would have to cover.
        rest: The part of the condition no tolerance can make up for.
    """

    condition: Rule
    verdict: Verdict
    reasons: tuple[Saying, ...]
    missing: tuple[Missing, ...] = ()
    share: Share | None = None
    kind: str | None = None
    failing: tuple[Failing, ...] = ()
    rest: Verdict = Verdict.MET


@dataclass(frozen=True)
class Alternative:
    """Conditions that must all hold, without (``verdict``) and with (``final``) tolerance."""

    conditions: tuple[Weighed, ...]
    verdict: Verdict
    final: Verdict
    tolerated: Tolerated | None = None

    @property
    def missing(self) -> tuple[Missing, ...]:
        """What would decide it."""
        if self.final is not Verdict.NOT_DETERMINED:
            return ()
        own = [m for each in self.conditions if each.verdict is Verdict.NOT_DETERMINED for m in each.missing]
        return unique([*own, *(self.tolerated.missing if self.tolerated else ())])


@dataclass(frozen=True)
class RowFinding:
    """How one row of the list came out for the product, without (``verdict``) and with (``final``) tolerance."""

    row: RuleRow
    verdict: Verdict
    final: Verdict
    alternatives: tuple[Alternative, ...] = ()
    missing: tuple[Missing, ...] = ()

    @property
    def wholly_obtained_only(self) -> bool:
        """Whether nothing but being wholly obtained is enough."""
        return isinstance(self.row.rule, WhollyObtained)

    @property
    def asks_wholly_obtained(self) -> bool:
        """Whether being wholly obtained is one way to meet it."""
        return self.row.rule is not None and any(isinstance(part, WhollyObtained) for part in parts_of(self.row.rule))

    @property
    def share(self) -> Share | None:
        """The value content to show: one that is met, else the first."""
        shares = [each.share for alternative in self.alternatives for each in alternative.conditions if each.share]
        return next((share for share in shares if share.verdict is Verdict.MET), shares[0] if shares else None)


def weigh_row(row: RuleRow, goods: Goods) -> RowFinding:
    """Tells whether the product meets a row's rule; without a rule or without materials nothing can be told."""
    undetermined = Verdict.NOT_DETERMINED
    if row.rule is None:
        missing = Missing("rule", Saying("rule_not_parsed", {"words": row.words}))
        return RowFinding(row, undetermined, undetermined, (), (missing,))
    if not goods.parts and not isinstance(row.rule, WhollyObtained):
        return RowFinding(row, undetermined, undetermined, (), (Missing("materials", Saying("materials")),))
    weighed = {condition: weigh(condition, goods) for condition in parts_of(row.rule) if _single(condition)}
    alternatives = tuple(_alternative([weighed[c] for c in listed], goods) for listed in _alternatives(row.rule))
    verdict, final = any_of(a.verdict for a in alternatives), any_of(a.final for a in alternatives)
    lacking = [] if final is not undetermined else [m for a in alternatives for m in a.missing]
    return RowFinding(row, verdict, final, alternatives, unique(lacking))


def _single(rule: Rule) -> bool:
    return not isinstance(rule, AllOf | AnyOf)


def _alternatives(rule: Rule) -> list[tuple[Rule, ...]]:
    """Takes a tree apart into lists of conditions, any one list of which is enough."""
    if isinstance(rule, AnyOf):
        return [listed for part in rule.parts for listed in _alternatives(part)]
    if isinstance(rule, AllOf):
        return [tuple(c for listed in chosen for c in listed) for chosen in product(*map(_alternatives, rule.parts))]
    return [(rule,)]


def _alternative(conditions: list[Weighed], goods: Goods) -> Alternative:
    verdict = all_of(each.verdict for each in conditions)
    open_ones = [each for each in conditions if each.kind and each.verdict is not Verdict.MET]
    others = [each.verdict for each in conditions if each not in open_ones]
    failing = {f.part.index: f for each in open_ones for f in sorted(each.failing, key=lambda f: f.certain)}
    if verdict is Verdict.MET or not failing:
        return Alternative(tuple(conditions), verdict, verdict)
    found = tolerated(failing.values(), {str(each.kind) for each in open_ones}, goods.told, goods.agreement)
    rescued = all_of((*others, *(each.rest for each in open_ones), found.verdict))
    return Alternative(tuple(conditions), verdict, any_of((verdict, rescued)), found)


def weigh(condition: Rule, goods: Goods) -> Weighed:
    """Tells whether one condition holds."""
    match condition:
        case Change():
            found = weigh_change(condition, goods.parts, goods.told, goods.agreement)
            return Weighed(
                condition, found.verdict, found.reasons, found.missing, None, "change", found.failing, found.rest
            )
        case ValueContent():
            return _value_content(condition, goods)
        case MaxShare():
            return _max_share(condition, goods)
        case WhollyObtainedMaterials():
            return _wholly_obtained_materials(condition, goods)
        case Process():
            return _process(condition, goods)
        case WhollyObtained():
            missing = (Missing("wholly_obtained", Saying("wholly_obtained")),)
            reason = Saying(f"wholly_obtained.rule_{goods.wholly_obtained.value}")
            return Weighed(condition, goods.wholly_obtained, (reason,), missing)
        case AnyHeading():
            return Weighed(condition, Verdict.MET, (Saying("any_heading"),))
        case _:
            raise TypeError(f"{condition} is no single condition")


def _value_content(condition: ValueContent, goods: Goods) -> Weighed:
    formula = goods.agreement.formula(condition.method.value)
    if formula is None:
        return _no_formula(condition, condition.method.value)
    price = price_bounds(goods.told, formula.price)
    if condition.method.value == "build_up":
        share = build_up(goods.parts, formula, price, condition.percent)
        lacking: Iterable[Missing] = unknown_amounts([p for p in goods.parts if not p.counts], "value")
    else:
        share = build_down(condition.method, goods.suspects, price, condition.percent)
        lacking = unknown_amounts(goods.suspects, "value")
    missing = [*lacking, price_missing(goods.told, formula.price)]
    if formula.counts == "materials_and_costs" and not any(missing):
        missing.append(Missing("build_up_costs", Saying("build_up_costs")))
    return Weighed(
        condition, share.verdict, (_share_reason(share, formula.price),), tuple(m for m in missing if m), share
    )


def _max_share(condition: MaxShare, goods: Goods) -> Weighed:
    by_value = condition.of == "value"
    formula = goods.agreement.formula("max_nom")
    basis = formula.price if formula else general_basis(goods.agreement)
    if by_value and basis is None:
        return _no_formula(condition, "max_nom")
    inside = [p for p in goods.suspects if not condition.codes or covered(condition.codes, p.material.hs) is not False]
    field, whole = ("value", price_bounds(goods.told, basis or "")) if by_value else ("weight", _weight(goods.told))
    missing = [*unknown_amounts(inside, field)]
    unsure = [p for p in inside if condition.codes and covered(condition.codes, p.material.hs) is None]
    missing += [part.lacks("hs") for part in unsure]
    price = price_missing(goods.told, basis or "") if by_value else None
    if not by_value and goods.told.weight is None:
        price = Missing("weight", Saying("weight"))
    missing += [price] if price else []
    if by_value and not condition.codes:
        share = non_originating_share(inside, whole, condition.percent)
        return Weighed(condition, share.verdict, (_share_reason(share, basis or ""),), tuple(missing), share)
    measure = value_of if by_value else weight_of
    verdict = at_most(total(inside, measure, lambda p: p.counts and p not in unsure), whole, condition.percent)
    params = {"percent": condition.percent, "codes": [str(code) for code in condition.codes]}
    return Weighed(condition, verdict, (Saying(f"max_{condition.of}.{verdict.value}", params),), tuple(missing))


def _weight(told: OriginInput) -> Bounds:
    return Bounds(Fraction(0), None) if told.weight is None else Bounds(Fraction(told.weight), Fraction(told.weight))


def _wholly_obtained_materials(condition: WhollyObtainedMaterials, goods: Goods) -> Weighed:
    """Materials of these codes must be wholly obtained; only non-originating ones are asked (Korea-UK art. 5(1))."""
    inside = {p: covered(condition.codes, p.material.hs) for p in goods.suspects}
    failing = tuple(Failing(p, p.counts and inner is True) for p, inner in inside.items() if inner is not False)
    verdict = all_of(Verdict.NOT_MET if f.certain else Verdict.NOT_DETERMINED for f in failing)
    missing = [f.part.lacks("originating") for f in failing if f.part.standing.value == "unknown"]
    missing += [f.part.lacks("hs") for f in failing if inside[f.part] is None]
    deciding = [f for f in failing if f.certain] or list(failing)
    params = {"codes": [str(code) for code in condition.codes], "names": [f.part.name for f in deciding]}
    reason = Saying(f"wholly_obtained_materials.{verdict.value}", params)
    return Weighed(condition, verdict, (reason,), tuple(missing), kind="wholly_obtained_materials", failing=failing)


def _process(condition: Process, goods: Goods) -> Weighed:
    """A working that is not named may still be done: only a plain "no" makes it not met."""
    params = {"process": condition.name}
    if condition.name in canonical(goods.told.processes):
        verdict = Verdict.MET
    elif condition.name in canonical(goods.told.not_done):
        verdict = Verdict.NOT_MET
    else:
        verdict = Verdict.NOT_DETERMINED
    missing = (Missing("processes", Saying("process", {"question": condition.name})),)
    return Weighed(condition, verdict, (Saying(f"process.{verdict.value}", params),), missing)


def _no_formula(condition: Rule, method: str) -> Weighed:
    reason = Saying("no_formula", {"method": method})
    missing = (Missing("formula", Saying("formula", {"method": method})),)
    return Weighed(condition, Verdict.NOT_DETERMINED, (reason,), missing)


def _share_reason(share: Share, basis: str) -> Saying:
    kind = "max_nom" if share.method == "max_nom" else "rvc"
    bound = share.bound or "unknown"
    params = {"method": share.method, "value": share.shown(), "threshold": share.threshold, "basis": basis}
    return Saying(f"{kind}.{share.verdict.value}_{bound}", params)
