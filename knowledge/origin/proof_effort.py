"""Grades how much work a proof of origin is, by the rule written out in ``comparing.yaml``."""

from __future__ import annotations

from dataclasses import dataclass
from decimal import Decimal, InvalidOperation
from functools import lru_cache
from pathlib import Path
from typing import Literal

import yaml

from knowledge.origin.agreement import Agreement, Proof
from knowledge.record import Language, Strict

FILE = Path(__file__).parent / "comparing.yaml"

Way = Literal["none", "self", "approved", "authority"]


class AnyFirm(Strict):
    """Any firm may write the proof itself; ``to``: only for these countries, empty for all."""

    to: tuple[str, ...] = ()


class Elsewhere(Strict):
    """An agreement the pack does not have, and its members besides Korea."""

    name: dict[Language, str]
    members: tuple[str, ...]


class EffortRule(Strict):
    """The whole of ``comparing.yaml``; what each part means is said there."""

    grades: dict[Way, int]
    ways: dict[str, tuple[Way, ...]]
    any_firm: dict[str, AnyFirm]
    none_needed_up_to: tuple[str, ...]
    any_firm_up_to: tuple[str, ...]
    one_day: tuple[str, ...]
    countries: dict[str, str]
    elsewhere: tuple[Elsewhere, ...]


@dataclass(frozen=True)
class Effort:
    """How much work a proof of origin is for one consignment.

    Attributes:
        easiest: The easiest way that may be open; a firm that customs has approved, or a small sum, may be needed.
        certain: The easiest way open to any firm with what is known; None where only some firms may, or none is known.
        low, high: Their grades. ``high`` is that of ``approved`` where an approval can't be avoided.
        reasons: Ids of the sentences that say why (``comparing.*.yaml``, ``effort``).
        threshold: The sum on which it turns, with its currency, where there is one.
    """

    easiest: Way
    certain: Way | None
    low: int
    high: int
    reasons: tuple[str, ...]
    threshold: tuple[Decimal, str] | None = None


@lru_cache(maxsize=1)
def effort_rule() -> EffortRule:
    """Returns the rule, read once."""
    return EffortRule.model_validate(yaml.safe_load(FILE.read_text(encoding="utf-8")))


def effort_of(
    agreement: Agreement, country: str, value: Decimal | None = None, currency: str | None = None
) -> Effort | None:
    """Grades the proof an agreement asks for; None where the pack does not say who makes it out.

    Args:
        agreement: The agreement.
        country: ISO code of the buyer's country.
        value: Customs value of the consignment; it counts only in the currency the agreement names its sum in.
        currency: Currency of the value.
    """
    if agreement.proof is None:
        return None
    rule = effort_rule()
    limit = threshold_of(agreement.proof)
    within = _within(limit, value, currency)
    ways = _ways(agreement, agreement.proof, country, within, rule)
    open_to_all = [way for way in ways if way != "approved"]
    certain = min(open_to_all, key=rule.grades.__getitem__, default=None)
    perhaps: list[Way] = ["self"] if within is None and agreement.id in rule.any_firm_up_to else []
    easiest = min([*ways, *perhaps], key=rule.grades.__getitem__)
    reasons: list[str] = [certain] if certain else []
    if "approved" in ways and "self" not in ways:
        reasons.append("approved_too" if certain else "approved_only")
    reasons += _sum_reason(agreement, within, rule)
    return Effort(easiest, certain, rule.grades[easiest], rule.grades[certain or "approved"], tuple(reasons), limit)


def _ways(agreement: Agreement, proof: Proof, country: str, within: bool | None, rule: EffortRule) -> list[Way]:
    """Returns the ways open for certain, the approval of the firm set aside."""
    if within and agreement.id in rule.none_needed_up_to:
        return ["none"]
    own = rule.any_firm.get(agreement.id)
    anybody = own is not None and (not own.to or country in own.to)
    anybody |= bool(within) and agreement.id in rule.any_firm_up_to
    return [*(["self"] if anybody else []), *rule.ways[proof.by]]  # type: ignore[list-item]


def threshold_of(proof: Proof) -> tuple[Decimal, str] | None:
    """Returns the sum in a proof's threshold and its currency, such as (700, "USD"); None where there is none."""
    if proof.threshold is None:
        return None
    currency, _, amount = str(proof.threshold.value).partition(" ")
    try:
        return Decimal(amount), currency
    except InvalidOperation:
        return None


def _within(limit: tuple[Decimal, str] | None, value: Decimal | None, currency: str | None) -> bool | None:
    """Tells whether a consignment stays within the sum; None where it can't be told."""
    if limit is None or value is None or currency != limit[1]:
        return None
    return value <= limit[0]


def _sum_reason(agreement: Agreement, within: bool | None, rule: EffortRule) -> list[str]:
    answer = {True: "yes", False: "no", None: "unknown"}[within]
    if agreement.id in rule.none_needed_up_to:
        return [f"none_needed_{answer}"]
    return [f"any_firm_{answer}"] if agreement.id in rule.any_firm_up_to else []
