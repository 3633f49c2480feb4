"""De minimis: how much material may fail the change in tariff classification and the product still originate.

It makes up only for what its article names (``Tolerance.covers``), never for a missed value content or share:
Korea-China art. 3.8, Korea-US art. 6.6 and annex 6-B, Korea-Viet Nam art. 3.9, Korea-UK origin protocol art. 5(2).
"""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass
from fractions import Fraction

from knowledge.origin.agreement import Agreement, Tolerance
from knowledge.origin.materials import Bounds, Part, code_ranges, covered, total, unknown_amounts, value_of, weight_of
from knowledge.origin.model import OriginInput
from knowledge.origin.result import Missing, Saying, Verdict, all_of, any_of, unique
from knowledge.origin.rule import CodeRange
from knowledge.origin.value import at_most, general_basis, price_bounds, price_missing

TEXTILES = range(50, 64)


@dataclass(frozen=True)
class Failing:
    """A material that fails, or may fail, a condition a tolerance can make up for."""

    part: Part
    certain: bool


@dataclass(frozen=True)
class Tolerated:
    """What became of the failing materials, by the tolerance that decided."""

    verdict: Verdict
    reasons: tuple[Saying, ...]
    missing: tuple[Missing, ...] = ()
    tolerance: Tolerance | None = None


def tolerated(failing: Iterable[Failing], kinds: Iterable[str], told: OriginInput, agreement: Agreement) -> Tolerated:
    """Tells whether the agreement tolerates materials that fail.

    Args:
        failing: Materials that fail or may fail.
        kinds: What they fail: ``change``, ``wholly_obtained_materials``.
        told: The input.
        agreement: The agreement; any one of its tolerances for the product's chapter is enough.
    """
    listed, asked = tuple(failing), set(kinds)
    open_ones = [t for t in agreement.tolerances_for(told.hs6) if asked <= set(t.covers)]
    if not open_ones:
        return _without(asked, told, agreement)
    tried = [(tolerance, _try(tolerance, listed, told, agreement)) for tolerance in open_ones]
    verdict = any_of(each for _, each in tried)
    deciding = [tolerance for tolerance, each in tried if each is verdict]
    missing: list[Missing] = []
    if verdict is Verdict.NOT_DETERMINED:
        missing = [m for tolerance in deciding for m in _missing(tolerance, listed, told, agreement)]
    reasons = tuple(_reason(tolerance, verdict, listed) for tolerance in deciding[: 1 if verdict is Verdict.MET else 2])
    return Tolerated(verdict, reasons, unique(missing), deciding[0])


def _without(asked: set[str], told: OriginInput, agreement: Agreement) -> Tolerated:
    """None is known for these goods: none at all known, textiles (which have rules of their own), or none there is."""
    if not agreement.tolerances or int(told.hs6[:2]) in TEXTILES:
        reason = Saying("tolerance.unknown")
        return Tolerated(Verdict.NOT_DETERMINED, (reason,), (Missing("tolerance", Saying("tolerance")),))
    covers = "tolerance.only_change" if "wholly_obtained_materials" in asked else "tolerance.none"
    return Tolerated(Verdict.NOT_MET, (Saying(covers),))


def _try(tolerance: Tolerance, listed: tuple[Failing, ...], told: OriginInput, agreement: Agreement) -> Verdict:
    admits = [_admits(tolerance, each, told.hs6) for each in listed]
    return all_of((*admits, _share(tolerance, listed, told, agreement)))


def _admits(tolerance: Tolerance, failing: Failing, product: str) -> Verdict:
    """Tells whether one material is of a kind the tolerance is for."""
    code = failing.part.material.hs
    barred = [covered(code_ranges(tolerance.excluded_materials), code)]
    if tolerance.needs == "other_subheading":
        barred.append(covered((CodeRange(product, product),), code))
    if True in barred:
        return Verdict.NOT_MET if failing.certain else Verdict.NOT_DETERMINED
    doubtful = covered(code_ranges(tolerance.doubtful_materials), code)
    return Verdict.MET if not any(value is None for value in barred) and doubtful is False else Verdict.NOT_DETERMINED


def _share(tolerance: Tolerance, listed: tuple[Failing, ...], told: OriginInput, agreement: Agreement) -> Verdict:
    certain = {each.part.index for each in listed if each.certain}
    measure = value_of if tolerance.by == "value" else weight_of
    materials = total((each.part for each in listed), measure, lambda part: part.index in certain)
    return at_most(materials, _whole(tolerance, told, agreement), tolerance.percent)


def _whole(tolerance: Tolerance, told: OriginInput, agreement: Agreement) -> Bounds:
    """Returns what the tolerance is a share of; a component's weight is never asked for and stays unknown."""
    if tolerance.by == "value":
        return price_bounds(told, general_basis(agreement) or "net_cost")
    if tolerance.of == "component" or told.weight is None:
        return Bounds(Fraction(0), None)
    return Bounds(Fraction(told.weight), Fraction(told.weight))


def _missing(
    tolerance: Tolerance, listed: tuple[Failing, ...], told: OriginInput, agreement: Agreement
) -> Iterable[Missing]:
    for each in listed:
        if each.part.standing.value == "unknown":
            yield each.part.lacks("originating")
        if len(each.part.material.hs or "") < 6 and (not each.certain or tolerance.needs):
            yield each.part.lacks("hs")
        doubtful = covered(code_ranges(tolerance.doubtful_materials), each.part.material.hs)
        if doubtful is not False and len(each.part.material.hs or "") >= 6:
            yield Missing("tolerance", Saying("doubtful_material", {"name": each.part.name}))
    if _share(tolerance, listed, told, agreement) is Verdict.NOT_DETERMINED:
        yield from unknown_amounts((each.part for each in listed), tolerance.by)
        if tolerance.by == "weight" and told.weight is None:
            yield Missing("weight", Saying("weight"))
        price = price_missing(told, general_basis(agreement) or "net_cost") if tolerance.by == "value" else None
        if price:
            yield price


def _reason(tolerance: Tolerance, verdict: Verdict, listed: tuple[Failing, ...]) -> Saying:
    names = [each.part.name for each in listed]
    params = {"percent": tolerance.percent, "names": names, "chapter_rule": tolerance.needs is not None}
    return Saying(f"tolerance.{tolerance.by}_{verdict.value}", params)
