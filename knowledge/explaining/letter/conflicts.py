"""Finds what in a letter of credit does not fit together, and what in it cannot be read."""

from __future__ import annotations

import re
from collections.abc import Iterator
from dataclasses import dataclass, field
from datetime import date

from knowledge.explaining.letter.reading import Letter
from knowledge.explaining.letter.values import Day, read_money

_TERM = re.compile(
    r"(?<![A-Za-z])(EXW|FCA|FAS|FOB|CFR|C\s?&\s?F|CNF|C\s?AND\s?F|CIF|CPT|CIP|DAP|DPU|DAT|DDP|F\.O\.B|C\.I\.F|C\.F\.R)(?![A-Za-z])",
    re.IGNORECASE,
)
_SAME = {"C&F": "CFR", "CNF": "CFR", "CANDF": "CFR", "DAT": "DPU"}
SELLER_PAYS_FREIGHT = frozenset({"CFR", "CIF", "CPT", "CIP", "DAP", "DPU", "DDP"})
SELLER_INSURES = frozenset({"CIF", "CIP"})
BUYER_INSURES = frozenset({"EXW", "FCA", "FAS", "FOB", "CFR", "CPT"})

_COLLECT = re.compile(r"freight\W+(?:\w+\W+){0,3}?(?:collect|payable\s+at\s+destination)|운임\s*후불", re.IGNORECASE)
_PREPAID = re.compile(r"freight\W+(?:\w+\W+){0,3}?(?:pre-?\s?paid)|운임\s*선불", re.IGNORECASE)
_BUYERS_INSURANCE = re.compile(
    r"insurance\W+(?:\w+\W+){0,6}?(?:by|effected\s+by|care\s+of|covered\s+by)\W+(?:the\s+)?(?:applicant|buyer|importer|accountee)",
    re.IGNORECASE,
)
_TOTAL = re.compile(r"total\s*(?:amount|value|price)?\W{0,6}(?=(?:[A-Z]{3}|US\$)\s?\d)", re.IGNORECASE)
_AIRPORT = re.compile(r"\bairport\b|공항", re.IGNORECASE)
_SEAPORT = re.compile(r"\b(?:sea\s?)?port\b|항구|항$", re.IGNORECASE)


@dataclass(frozen=True)
class Conflict:
    """Something that does not fit or cannot be read: which sentence of the pack tells it, with which values."""

    id: str
    values: dict[str, object] = field(default_factory=dict)


def conflicts(letter: Letter) -> tuple[Conflict, ...]:
    """Returns what does not fit together."""
    return (*_dates(letter), *_money(letter), *_carriage(letter))


def trade_term(letter: Letter) -> str | None:
    """Returns the Incoterm of the goods, or None where there is none or more than one."""
    found = _terms(letter)
    return found[0] if len(found) == 1 else None


def _terms(letter: Letter) -> list[str]:
    for tag in ("45A", "45B", "47A", "46A"):
        written = (re.sub(r"[\s.]", "", match).upper() for match in _TERM.findall(letter.get(tag) or ""))
        if found := list(dict.fromkeys(_SAME.get(term, term) for term in written)):
            return found
    return []


def _dates(letter: Letter) -> Iterator[Conflict]:
    days = {"31C": letter.issue, "31D": letter.expiry, "44C": letter.latest_shipment}
    for tag, day in days.items():
        if day and day.value is None:
            written = letter.line(tag, "31E") or ""
            yield Conflict("date_ambiguous" if day.trouble == "ambiguous" else "date_unreadable", {"value": written})
    issue, expiry, shipment = (_value(day) for day in days.values())
    if shipment and expiry and shipment > expiry:
        yield Conflict("shipment_after_expiry", {"shipment": shipment, "expiry": expiry})
    if issue and expiry and issue > expiry:
        yield Conflict("issue_after_expiry", {"issue": issue, "expiry": expiry})
    if issue and shipment and shipment < issue:
        yield Conflict("shipment_before_issue", {"shipment": shipment, "issue": issue})
    if letter.get("44C") and letter.get("44D"):
        yield Conflict("date_and_period")
    if letter.stated_period and letter.stated_period[0] is None:
        yield Conflict("presentation_unreadable", {"value": letter.stated_period[1]})


def _value(day: Day | None) -> date | None:
    return day.value if day else None


def _money(letter: Letter) -> Iterator[Conflict]:
    for tag in ("32B", "33B", "34B"):
        if not (content := letter.line(tag)):
            continue
        money = read_money(content)
        if money is None or money.amount is None:
            yield Conflict("amount_unreadable", {"value": content})
        elif not money.known:
            yield Conflict("currency_unknown", {"value": money.currency or content})
    if letter.get("39A") and letter.get("39B"):
        yield Conflict("two_tolerances")
    yield from _totals(letter)


def _totals(letter: Letter) -> Iterator[Conflict]:
    goods = letter.line("45A") or ""
    match = _TOTAL.search(goods)
    total = read_money(goods[match.end() :]) if match else None
    if not (total and total.amount is not None and letter.money and letter.money.amount is not None):
        return
    if total.currency != letter.money.currency or total.amount != letter.money.amount:
        told = [f"{each.currency} {each.amount:,}" for each in (letter.money, total)]
        yield Conflict("amounts_differ", {"one": told[0], "other": told[1]})


def _carriage(letter: Letter) -> Iterator[Conflict]:
    papers = letter.get("46A", "46B")
    terms = _terms(letter)
    if len(terms) > 1:
        yield Conflict("two_terms", {"one": terms[0], "other": terms[1]})
    if papers is None or letter.is_amendment:
        return
    if len(terms) == 1:
        yield from _against_term(letter, terms[0], re.sub(r"\s+", " ", papers))
    kinds = _kinds(letter)
    place = letter.line("44E", "44A")
    if place and _AIRPORT.search(place) and "bill_of_lading" in kinds and "air_waybill" not in kinds:
        yield Conflict("sea_paper_by_air", {"place": place})
    if (
        place
        and _SEAPORT.search(place)
        and not _AIRPORT.search(place)
        and "air_waybill" in kinds
        and "bill_of_lading" not in kinds
    ):
        yield Conflict("air_paper_by_sea", {"place": place})
    if not kinds & {"invoice", "certified_invoice"}:
        yield Conflict("invoice_missing")


def _against_term(letter: Letter, term: str, papers: str) -> Iterator[Conflict]:
    values: dict[str, object] = {"term": term}
    seller_pays = term in SELLER_PAYS_FREIGHT
    if seller_pays and _COLLECT.search(papers):
        yield Conflict("freight_collect", values)
    if not seller_pays and _PREPAID.search(papers):
        yield Conflict("freight_prepaid", values)
    kinds = _kinds(letter)
    insured = "insurance" in kinds and not _BUYERS_INSURANCE.search(papers)
    if term in BUYER_INSURES and insured:
        yield Conflict("insurance_not_ours", values)
    if term in SELLER_INSURES and "insurance" not in kinds:
        yield Conflict("insurance_missing", values)
    if term != "EXW" and not any(paper.kind and paper.kind.transport for paper in letter.papers):
        yield Conflict("transport_missing", values)


def _kinds(letter: Letter) -> set[str]:
    return {kind.id for paper in letter.papers for kind in (paper.kind, *paper.also) if kind}
