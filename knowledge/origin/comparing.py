"""Puts all agreements that reach a country side by side for one product: duty, rule of origin, verdict, proof."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import date
from decimal import Decimal
from pathlib import Path
from typing import Any

import pycountry

from knowledge.origin.advice import Option, advise
from knowledge.origin.agreement import Agreement, Agreements, agreements_of
from knowledge.origin.model import BadInput, Fault, OriginInput, read_input
from knowledge.origin.proof_effort import effort_of, effort_rule
from knowledge.origin.result import Refusal, Simulation
from knowledge.origin.simulate import rules_of, weigh
from knowledge.origin.telling_comparison import Asked, country_name, elsewhere, say, tell_comparison
from knowledge.record import Language
from knowledge.tariffs.estimate import estimate
from knowledge.tariffs.question import question

EUROPE = "EU"
"""Stands for all members of the European Union, which are parties to one agreement."""


class NotComparable(ValueError):
    """There is nothing to compare, or the parts of the question do not fit together.

    Attributes:
        field: The part that is wrong.
        problem: Id of the sentence that says so (``comparing.*.yaml``, ``problems``).
        given: What was given.
    """

    def __init__(self, field: str, problem: str, given: str) -> None:
        super().__init__(f"{field}: {problem}: {given}")
        self.field, self.problem, self.given = field, problem, given

    def told(self, language: Language) -> dict[str, Any]:
        """Returns what is wrong in the form of an input's faults."""
        return {"field": self.field, "place": None, "problem": self.problem, "text": self.text(language)}

    def text(self, language: Language) -> str:
        """Returns what is wrong, in one language."""
        given = country_name(self.given, language) if self.field == "country" else self.given
        said = say("problems", self.problem, language, field=self.field, given=given)
        return " ".join([said, *(elsewhere(self.given, language) if self.field == "country" else [])])


def compare(
    hs: str,
    country: str,
    folder: Path,
    language: Language,
    bill: Mapping[str, Any] | None = None,
    value: Decimal | str | None = None,
    currency: str | None = None,
    today: date | None = None,
) -> dict[str, Any]:
    """Compares the agreements that reach a country for one product.

    Args:
        hs: HS code of the product, six digits or more; the first six count.
        country: ISO code of the buyer's country; ``EU`` stands for its members.
        folder: The pack.
        language: Language of the answer.
        bill: Product and bill of materials in the JSON form of a simulation. What it says of its own agreement
            (``originating`` of a material, ``goods_condition``) is not carried over to another.
        value: Customs value of the consignment; the price in the bill where none is given.
        currency: ISO 4217 code of the value.
        today: Day to compare for; the day it is by default.

    Returns:
        ``hs``, ``country``, ``year``, ``base`` (ordinary duty), ``agreements`` (one entry each: ``in_force``,
        ``preferential``, ``saving``, ``rule``, ``verdict``, ``proof``, ``effort``), ``recommendation`` and ``notes``.
        What is not in the data has ``known`` false and says where to look; facts carry their ``sources``.

    Raises:
        BadInput: The code, the country or the bill has the wrong form.
        InputError: Value or currency has the wrong form (``knowledge.tariffs.question``).
        NotComparable: There is no agreement with the country, or value and currency do not come together.
    """
    buyer = _country(country)
    found = _reaching(agreements_of(folder), buyer)
    if not found:
        raise NotComparable("country", "no_agreement", buyer)
    told = read_input({"agreement": found[0].id, **_bare(bill or {}), "hs": hs})
    _same_code(bill, told)
    worth = _worth(found[0], told, value, currency)
    options = [_option(agreement, told.hs6, buyer, folder, bill, worth, today) for agreement in found]
    asked = Asked(told.hs6, buyer, worth, bill)
    return tell_comparison(asked, options, advise(options), agreements_of(folder), language)


def _country(given: str) -> str:
    code = given.strip().upper()
    code = effort_rule().countries.get(code, code)
    if code != EUROPE and pycountry.countries.get(alpha_2=code) is None:
        raise BadInput((Fault("country", "unknown_country", given[:40]),))
    return code


def _reaching(agreements: Agreements, country: str) -> list[Agreement]:
    return [agreements.get("KR-EU")] if country == EUROPE else agreements.reaching(country)


def _bare(bill: Mapping[str, Any]) -> dict[str, Any]:
    return {name: part for name, part in bill.items() if name not in ("agreement", "goods_condition")}


def _same_code(bill: Mapping[str, Any] | None, told: OriginInput) -> None:
    if bill and bill.get("hs") is not None:
        own = read_input({"agreement": "RCEP", "hs": bill["hs"]})
        if own.hs6 != told.hs6:
            raise NotComparable("hs", "other_code", own.hs6)


def _worth(
    agreement: Agreement, told: OriginInput, value: Decimal | str | None, currency: str | None
) -> tuple[Decimal, str] | None:
    """Returns value and currency, checked; those of the bill where none were given."""
    if (value is None) != (currency is None):
        raise NotComparable(*(("value", "needs_value") if value is None else ("currency", "needs_currency")), "-")
    if value is None or currency is None:
        price = told.price
        return (price.amount, price.currency) if price.amount is not None and price.currency else None
    asked = question(agreement.id, told.hs6, value, currency)
    return asked.value, asked.currency


def _option(
    agreement: Agreement,
    hs6: str,
    country: str,
    folder: Path,
    bill: Mapping[str, Any] | None,
    worth: tuple[Decimal, str] | None,
    today: date | None,
) -> Option:
    amount, money = worth or (Decimal(100), "USD")  # rates do not depend on it
    duty = estimate(agreement.id, hs6, amount, money, today.year if today else None)
    lookup = rules_of(folder).lookup(agreement, hs6)
    day = today or date.today()
    since = agreement.accessions.get(country, agreement.in_force)
    simulation = _weighed(agreement, hs6, folder, bill, today) if bill else None
    effort = effort_of(agreement, country, *(worth or ()))
    return Option(agreement, duty, lookup, simulation, effort, since is not None and since <= day)


def _weighed(
    agreement: Agreement, hs6: str, folder: Path, bill: Mapping[str, Any], today: date | None
) -> Simulation | None:
    """Weighs the bill under one agreement.

    Raises:
        BadInput: The bill can't be read.
    """
    own = str(bill.get("agreement") or "").strip().upper()
    data = _bare(bill) | {"agreement": agreement.id, "hs": hs6}
    if own == agreement.id and "goods_condition" in bill:
        data["goods_condition"] = bill["goods_condition"]
    if own and own != agreement.id:
        data["materials"] = [_unproved(material) for material in data.get("materials") or []]
    result = weigh(data, folder, today)
    if isinstance(result, Refusal):
        raise BadInput(result.faults)
    return result


def _unproved(material: Any) -> Any:
    """A material that originates under one agreement need not do so under another, so it is not known to."""
    if isinstance(material, Mapping) and material.get("originating") is True:
        return {**material, "originating": None}
    return material
