"""Value content and shares of the price: by bounds, so that a missing fact or another price basis never makes a yes.

The formulas are the agreements' own (``Agreement.formulas``). Where the price is given at another delivery term than
the formula asks for, it still bounds the price asked for, because each term includes the costs of the ones before it
(Incoterms 2020): EXW <= FCA <= FAS <= FOB <= CFR, CPT <= CIF, CIP <= DAP <= DPU <= DDP. So

* FOB asked, EXW given: FOB >= EXW. (FOB - VNM) / FOB grows with FOB, so reckoning with EXW gives a lower bound:
  a pass is a pass, a fail may still pass. Build-up VOM / FOB falls with FOB: there a fail is a fail.
* EXW asked, FOB given: EXW <= FOB. VNM / EXW >= VNM / FOB, so the share on FOB is a lower bound:
  too much is too much, a pass may still fail.
* FOB asked, CIF given: FOB <= CIF, the same way round as EXW asked, FOB given.
"""

from __future__ import annotations

from collections.abc import Iterable
from decimal import Decimal
from fractions import Fraction

from knowledge.origin.agreement import Agreement, Formula
from knowledge.origin.materials import Bounds, Part, total, value_of
from knowledge.origin.model import OriginInput
from knowledge.origin.result import Missing, Saying, Share, Verdict
from knowledge.origin.rule import Method

_COST_RANK = {
    term: rank
    for rank, terms in enumerate(
        (("EXW",), ("FCA",), ("FAS",), ("FOB",), ("CFR", "CPT"), ("CIF", "CIP"), ("DAP", "DAT"), ("DPU",), ("DDP",))
    )
    for term in terms
}
_NOTHING_KNOWN = Bounds(Fraction(0), None)


def price_bounds(told: OriginInput, basis: str) -> Bounds:
    """Returns what the price can be at the basis a formula asks for.

    Args:
        told: The input.
        basis: ``FOB``, ``EXW``, ``net_cost`` or ``customs_value``. The customs value of an agreement with an adjusted
            value leaves out international freight and insurance (Korea-US art. 6.22), which is the FOB value.
    """
    if basis == "net_cost":
        return _NOTHING_KNOWN if told.net_cost is None else _exactly(told.net_cost)
    if told.price.amount is None or told.price.basis is None:
        return _NOTHING_KNOWN
    asked, given = _COST_RANK["FOB" if basis == "customs_value" else basis], _COST_RANK[told.price.basis]
    amount = Fraction(told.price.amount)
    if given == asked:
        return Bounds(amount, amount)
    return Bounds(amount, None) if given < asked else Bounds(Fraction(0), amount)


def price_missing(told: OriginInput, basis: str) -> Missing | None:
    """Returns the question for the price a formula asks for, or None where it is known."""
    if price_bounds(told, basis).exact:
        return None
    if basis == "net_cost":
        return Missing("net_cost", Saying("net_cost"))
    params = {"basis": "FOB" if basis == "customs_value" else basis, "given": told.price.basis}
    if told.price.amount is None:
        return Missing("price.amount", Saying("price_amount", params))
    if told.price.basis is None:
        return Missing("price.basis", Saying("price_basis", params))
    return Missing("price", Saying("price_at_basis", params))


def general_basis(agreement: Agreement) -> str | None:
    """Returns the price that tolerances and allowances are a share of, None where the agreement's is not known."""
    ordinary = [formula for formula in agreement.formulas if formula.price != "net_cost"]
    return ordinary[0].price if ordinary else None


def at_most(part: Bounds, whole: Bounds, percent: Decimal) -> Verdict:
    """Tells whether ``part`` is at most ``percent`` of ``whole``, which is above zero."""
    limit = Fraction(percent)
    if part.high is not None and part.high * 100 <= limit * whole.low:
        return Verdict.MET
    if whole.high is not None and part.low * 100 > limit * whole.high:
        return Verdict.NOT_MET
    return Verdict.NOT_DETERMINED


def non_originating_share(listed: Iterable[Part], price: Bounds, percent: Decimal) -> Share:
    """Returns the share of non-originating materials in the price, to be at most ``percent``."""
    materials = total(listed, value_of, lambda part: part.counts)
    low = materials.low * 100 / price.high if price.high is not None else Fraction(0)
    return Share("max_nom", percent, low, _ratio(materials.high, price.low), at_most(materials, price, percent))


def build_down(method: Method, listed: Iterable[Part], price: Bounds, percent: Decimal) -> Share:
    """Returns (price - non-originating materials) / price, to be at least ``percent``; net cost has the same form."""
    materials = total(listed, value_of, lambda part: part.counts)
    most = _ratio(materials.high, price.low)
    least = materials.low * 100 / price.high if price.high is not None else Fraction(0)
    verdict = at_most(materials, price, 100 - percent)
    return Share(method.value, percent, None if most is None else 100 - most, 100 - least, verdict)


def build_up(all_parts: Iterable[Part], formula: Formula, price: Bounds, percent: Decimal) -> Share:
    """Returns originating materials / price, to be at least ``percent``.

    Where the formula also counts labour, overhead, profit and other costs, which nobody is asked for, the materials
    alone are a lower bound, and everything but non-originating materials an upper bound.
    """
    listed = tuple(all_parts)
    sure = [part for part in listed if not part.may_count]
    least = sum((Fraction(part.material.value) for part in sure if part.material.value is not None), Fraction(0))
    low = least * 100 / price.high if price.high is not None else Fraction(0)
    if formula.counts == "materials_and_costs":
        high = build_down(Method.BUILD_UP, [part for part in listed if part.may_count], price, percent).high
    else:
        most = total([part for part in listed if not part.counts], value_of, lambda _: False).high
        high = _ratio(most, price.low)
    return Share("build_up", percent, low, high, _at_least(low, high, percent))


def _at_least(low: Fraction, high: Fraction | None, percent: Decimal) -> Verdict:
    if low >= Fraction(percent):
        return Verdict.MET
    return Verdict.NOT_MET if high is not None and high < Fraction(percent) else Verdict.NOT_DETERMINED


def _ratio(part: Fraction | None, whole: Fraction) -> Fraction | None:
    """Returns the greatest percentage a part can be of a whole that is at least ``whole``."""
    if part == 0:
        return Fraction(0)
    return None if part is None or whole == 0 else part * 100 / whole


def _exactly(amount: Decimal) -> Bounds:
    return Bounds(Fraction(amount), Fraction(amount))
