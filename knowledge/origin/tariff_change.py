"""Change in tariff classification: whether every non-originating material comes from far enough away.

A rule's parts are read in this order (see ``rule.lark``): ``from`` accepts a material whatever else is said, then
``except`` and ``outside`` bar one, then the level decides; ``allow`` lets what still fails in up to a share of the
price. Materials barred by ``except`` must originate (Korea-China annex 3-A part 1 note 6, Korea-US annex 6-A part 1
note 1(c), Korea-Viet Nam annex 3-A note 5).
"""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass
from decimal import Decimal

from knowledge.origin.agreement import Agreement
from knowledge.origin.materials import Part, Standing, changed, covered, total, unknown_amounts, value_of
from knowledge.origin.model import OriginInput
from knowledge.origin.result import Missing, Saying, Verdict, all_of
from knowledge.origin.rule import Allowance, Change
from knowledge.origin.tolerance import Failing
from knowledge.origin.value import at_most, general_basis, price_bounds, price_missing

_SAME = {"same_chapter": 2, "same_heading": 4, "same_subheading": 6}


@dataclass(frozen=True)
class Changed:
    """How a change in tariff classification came out.

    Attributes:
        verdict: With no tolerance made use of.
        failing: Materials that fail or may fail and that no ``allow`` lets in: what a tolerance may make up for.
        rest: Whether the shares of ``allow`` are kept, which no tolerance can make up for.
    """

    verdict: Verdict
    failing: tuple[Failing, ...]
    rest: Verdict
    reasons: tuple[Saying, ...]
    missing: tuple[Missing, ...]


def weigh_change(rule: Change, listed: Iterable[Part], told: OriginInput, agreement: Agreement) -> Changed:
    """Tells whether the non-originating materials change as the rule asks."""
    states = {part: _passes(rule, told.hs6, part.material.hs) for part in listed if part.may_count}
    suspects = [part for part, passes in states.items() if passes is not True]
    admitted: dict[Allowance, list[Part]] = {allowance: [] for allowance in rule.allowances}
    failing: list[Failing] = []
    settled: set[Part] = set()
    for part in suspects:
        open_to = {a: _lets_in(a, rule, told.hs6, part.material.hs) for a in rule.allowances}
        chosen = next((a for a, lets_in in open_to.items() if lets_in), None)
        fails = part.counts and states[part] is False
        if chosen:
            admitted[chosen].append(part)
        else:
            failing.append(Failing(part, fails and None not in open_to.values()))
        # Only what no other share could take in as well counts against a share for certain.
        if fails and list(open_to.values()).count(False) == len(open_to) - 1:
            settled.add(part)
    price = price_bounds(told, general_basis(agreement) or "net_cost")
    shares = {
        allowance: at_most(total(inside, value_of, settled.__contains__), price, allowance.percent)
        for allowance, inside in admitted.items()
    }
    rest = all_of(shares.values())
    verdict = all_of((rest, *(Verdict.NOT_MET if f.certain else Verdict.NOT_DETERMINED for f in failing)))
    missing = [m for f in failing if not f.certain for m in _lacking(f.part, states[f.part])]
    for allowance, share in shares.items():
        if share is Verdict.NOT_DETERMINED:
            missing += _missing_share(admitted[allowance], states, told, agreement)
    return Changed(verdict, tuple(failing), rest, _reasons(rule, states, failing, shares, admitted), tuple(missing))


def _passes(rule: Change, product: str, code: str | None) -> bool | None:
    """Tells whether a non-originating material of this code meets the rule without ``allow``; None if unsure."""
    accepted = covered(rule.accepted, code)
    if accepted is True:
        return True
    barred = (covered(rule.excepted, code), covered(rule.outside, code))
    moved = changed(rule.level, product, code)
    if True in barred or moved is False:
        return None if accepted is None else False
    return True if moved and barred == (False, False) else None


def _lets_in(allowance: Allowance, rule: Change, product: str, code: str | None) -> bool | None:
    """Tells whether ``allow`` is for a material that fails; None if its code has too few digits to tell."""
    if allowance.same is None:
        return covered(allowance.codes, code)
    digits = _SAME[allowance.same]
    known = min(len(code or ""), digits)
    if (code or "")[:known] != product[:known]:
        return False
    # What fails a plain change does so because it stands in the product's own place, even if its code is unknown.
    plain = not rule.excepted and not rule.outside and digits <= rule.level.digits
    return True if known == digits or plain else None


def _lacking(part: Part, passes: bool | None) -> Iterable[Missing]:
    if part.standing is Standing.UNKNOWN:
        yield part.lacks("originating")
    if passes is None:
        yield part.lacks("hs")


def _missing_share(
    inside: list[Part], states: dict[Part, bool | None], told: OriginInput, agreement: Agreement
) -> Iterable[Missing]:
    yield from unknown_amounts(inside, "value")
    for part in inside:
        if states[part] is None:
            yield part.lacks("hs")
    price = price_missing(told, general_basis(agreement) or "net_cost")
    if price:
        yield price


def _reasons(
    rule: Change,
    states: dict[Part, bool | None],
    failing: list[Failing],
    shares: dict[Allowance, Verdict],
    admitted: dict[Allowance, list[Part]],
) -> tuple[Saying, ...]:
    said = [_share_said(allowance.percent, verdict, admitted[allowance]) for allowance, verdict in shares.items()]
    said = [saying for saying in said if saying]
    sure, unsure = [f for f in failing if f.certain], [f for f in failing if not f.certain]
    params = {"level": rule.level.value, "digits": rule.level.digits}
    if sure:
        barred = [f.part.name for f in sure if _barred(rule, f.part)]
        unchanged = [f.part.name for f in sure if not _barred(rule, f.part)]
        said += [Saying("change.barred", {**params, "names": barred})] if barred else []
        said += [Saying("change.not_met", {**params, "names": unchanged})] if unchanged else []
    elif unsure:
        said.append(Saying("change.not_determined", {**params, "names": [f.part.name for f in unsure]}))
    if not said or not failing and all(verdict is Verdict.MET for verdict in shares.values()):
        said.insert(0, Saying("change.met" if states else "change.nothing_to_change", params))
    return tuple(saying for saying in said if saying)


def _barred(rule: Change, part: Part) -> bool:
    return covered(rule.excepted, part.material.hs) is True or covered(rule.outside, part.material.hs) is True


def _share_said(percent: Decimal, verdict: Verdict, inside: list[Part]) -> Saying | None:
    if not inside:
        return None
    return Saying(f"allow.{verdict.value}", {"percent": percent, "names": [part.name for part in inside]})
