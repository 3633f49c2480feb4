"""Agreements side by side: cells against the official texts, grades by the written rule, and advice only on facts."""

from __future__ import annotations

from dataclasses import replace
from datetime import date
from decimal import Decimal
from pathlib import Path
from typing import Any

import pytest
import yaml

from knowledge.origin.advice import NAMED, Option, advise
from knowledge.origin.agreement import Agreement, agreements_of
from knowledge.origin.comparing import NotComparable, compare
from knowledge.origin.lookup import Lookup
from knowledge.origin.model import BadInput
from knowledge.origin.proof_effort import effort_of, effort_rule, threshold_of
from knowledge.record import Language
from knowledge.settings import settings
from knowledge.tariffs.estimate import DutyEstimate, estimate
from knowledge.tariffs.question import InputError
from knowledge.tariffs.rate import parse_rate

FOLDER = settings().packs_dir / settings().pack
DAY = date(2026, 7, 1)

# Instant noodles of imported wheat flour (heading 1101) and seasoning (2103): other chapters than 19.
RAMEN: dict[str, Any] = {
    "price": {"amount": 1000, "basis": "FOB", "currency": "USD"},
    "materials": [
        {"name": "flour", "hs": "110100", "originating": False, "origin": "US", "value": 300},
        {"name": "seasoning", "hs": "210390", "originating": False, "origin": "CN", "value": 100},
    ],
    "processes": ["mixing", "frying"],
    "transport": {"direct": True},
}


def told(hs: str, country: str, language: Language = "ko", **more: Any) -> dict[str, Any]:
    return compare(hs, country, FOLDER, language, today=DAY, **more)


def by_id(result: dict[str, Any]) -> dict[str, dict[str, Any]]:
    return {entry["agreement"]: entry for entry in result["agreements"]}


@pytest.mark.parametrize(
    ("country", "agreements"),
    [
        ("VN", {"KR-VN", "KR-ASEAN", "RCEP"}),
        ("cn", {"KR-CN", "RCEP"}),
        ("UK", {"KR-UK"}),
        ("GB", {"KR-UK"}),
        ("US", {"KR-US"}),
        ("EU", {"KR-EU"}),
        ("DE", {"KR-EU"}),
        ("JP", {"RCEP"}),
    ],
)
def test_every_agreement_with_the_country_is_there(country: str, agreements: set[str]) -> None:
    assert by_id(told("190230", country)).keys() == agreements


def test_noodles_to_viet_nam() -> None:
    """Annex 2-A section B of Korea–Viet Nam: the four lines of 1902.30 are at 0 in 2018; rule: Annex 3-A, p. 46."""
    found = by_id(told("1902.30", "VN"))
    own = found["KR-VN"]
    assert own["preferential"]["known"] and own["preferential"]["text"] == "0%(관세 없음)"
    assert [line["code"] for line in own["preferential"]["lines"]] == ["19023020", "19023030", "19023040", "19023090"]
    assert own["rule"]["rows"][0]["expression"] == "CTH or RVC(build_down) >= 40 or RVC(build_up) >= 40"
    assert own["rule"]["sources"][0]["locator"] == "Annex 3-A, p. 46"
    assert own["proof"]["threshold"]["value"] == "USD 600" and own["proof"]["validity_months"]["value"] == 12
    for name in ("KR-ASEAN", "RCEP"):
        assert not found[name]["preferential"]["known"] and found[name]["preferential"]["look_at"]
        assert not found[name]["rule"]["in_pack"] and not found[name]["rule"]["known"]
        assert found[name]["saving"]["amount"] is None


def test_noodles_to_china() -> None:
    """The schedule has 15% with categories 10, 10, 20 and 15; 2026 is year 12: 0, 0, 15 × 8/20 = 6, 15 × 3/15 = 3."""
    result = told("190230", "CN", value="1000", currency="USD")
    own = by_id(result)["KR-CN"]
    rates = [line["preferential_rate"]["percent"] for line in own["preferential"]["lines"]]
    assert rates == [0, 0, 6, 3]
    assert result["base"]["is"] == "general_2012" and "15%" in result["base"]["text"]
    assert own["saving"]["amount"] == {"low": 90.0, "high": 150.0, "currency": "USD"}
    assert "2012" in own["saving"]["text"]
    assert own["rule"]["rows"][0]["expression"] == "CC"


def test_a_described_rule_and_one_in_words_only_are_both_shown() -> None:
    """UK–Korea, Annex II: ramen has its own row (CTH); the other goods of 1902 only their official words."""
    own = by_id(told("190230", "GB", "en"))["KR-UK"]
    assert [row["expression"] for row in own["rule"]["rows"]] == ["CTH", None]
    assert "instant noodles" in own["rule"]["text"] and "cereals" in own["rule"]["text"]


def test_without_a_bill_nothing_is_weighed() -> None:
    assert {entry["verdict"]["verdict"] for entry in told("190230", "VN")["agreements"]} == {None}


def test_a_bill_is_weighed_under_each_agreement() -> None:
    found = by_id(told("190230", "VN", bill=RAMEN))
    assert found["KR-VN"]["verdict"]["verdict"] == "qualifies"
    assert found["RCEP"]["verdict"]["verdict"] == "not_determined"  # its rules are not in the pack
    assert found["RCEP"]["verdict"]["missing"]


def test_the_price_in_the_bill_is_the_value() -> None:
    assert by_id(told("190230", "CN", bill=RAMEN))["KR-CN"]["saving"]["amount"]["high"] == 150.0


def test_originating_under_one_agreement_is_unknown_under_another() -> None:
    noodles = {
        **RAMEN,
        "materials": [{"name": "dough", "hs": "190190", "originating": True, "origin": "KR", "value": 500}],
    }
    said_of_us = {**noodles, "agreement": "KR-US"}
    assert by_id(told("190230", "CN", bill=noodles))["KR-CN"]["verdict"]["verdict"] == "qualifies"
    result = told("190230", "CN", bill=said_of_us)
    assert by_id(result)["KR-CN"]["verdict"]["verdict"] == "not_determined"
    assert any("원산지 재료" in line for line in result["notes"])


def test_the_bill_itself_is_left_as_it_is() -> None:
    bill = {**RAMEN, "agreement": "KR-US", "materials": [{"name": "dough", "originating": True}]}
    told("190230", "CN", bill=bill)
    assert bill["materials"] == [{"name": "dough", "originating": True}]


@pytest.mark.parametrize(
    ("country", "low", "high"),
    [("VN", 3, 3), ("CN", 3, 3), ("US", 1, 1), ("AU", 1, 1), ("GB", 1, 2), ("EC", 2, 3), ("IL", 1, 3)],
)
def test_grades_of_the_agreement_of_two(country: str, low: int, high: int) -> None:
    own = next(
        entry
        for entry in told("190230", country)["agreements"]
        if entry["agreement"].startswith("KR-") and entry["agreement"] != "KR-ASEAN"
    )
    assert (own["effort"]["low"], own["effort"]["high"]) == (low, high)
    assert own["effort"]["reasons"] and own["effort"]["sources"]


@pytest.mark.parametrize(("country", "grades"), [("VN", (2, 3)), ("JP", (1, 1)), ("AU", (1, 1)), ("CN", (2, 3))])
def test_rcep_lets_any_firm_write_it_only_for_three_countries(country: str, grades: tuple[int, int]) -> None:
    effort = by_id(told("190230", country))["RCEP"]["effort"]
    assert (effort["low"], effort["high"]) == grades


@pytest.mark.parametrize(
    ("country", "value", "currency", "grades"),
    [
        ("CN", "700", "USD", (0, 0)),  # up to USD 700
        ("CN", "700.01", "USD", (3, 3)),
        ("CN", "700", "EUR", (3, 3)),  # another currency tells nothing
        ("US", "1000", "USD", (0, 0)),
        ("US", "1001", "USD", (1, 1)),
        ("GB", "6000", "EUR", (1, 1)),
        ("GB", "6001", "EUR", (2, 2)),
    ],
)
def test_grades_turn_on_the_sum(country: str, value: str, currency: str, grades: tuple[int, int]) -> None:
    own = next(
        e for e in told("190230", country, value=value, currency=currency)["agreements"] if e["agreement"] != "RCEP"
    )
    assert (own["effort"]["low"], own["effort"]["high"]) == grades


def test_every_sum_in_the_pack_has_a_meaning() -> None:
    rule = effort_rule()
    listed = [*rule.none_needed_up_to, *rule.any_firm_up_to]
    known = {a.id for a in agreements_of(FOLDER).all() if a.proof and threshold_of(a.proof)}
    assert sorted(listed) == sorted(known)


def test_a_date_of_one_partner_is_not_taken_for_another() -> None:
    found = by_id(told("190230", "VN", "en"))
    assert found["KR-VN"]["in_force"]["doubts"] == []
    assert "Viet" in found["RCEP"]["in_force"]["doubts"][0]


def test_an_agreement_not_known_to_be_in_force_is_not_recommended() -> None:
    result = told("190230", "EC")
    assert not result["agreements"][0]["in_force"]["known"] and result["agreements"][0]["in_force"]["doubts"]
    assert result["recommendation"]["agreement"] is None
    assert [each["id"] for each in result["recommendation"]["missing"]] == ["in_force"]


def test_a_partner_that_joins_later_is_not_in_force_before() -> None:
    """Panama: 1 March 2021 (Enforcement Decree of the FTA Customs Act)."""
    before = compare("190230", "PA", FOLDER, "ko", today=date(2021, 2, 28))
    after = compare("190230", "PA", FOLDER, "ko", today=date(2021, 3, 1))
    assert [r["agreements"][0]["in_force"]["known"] for r in (before, after)] == [False, True]


def test_advice_where_no_duty_is_due_anyway() -> None:
    """HTS 2026: the lines of 3304.99 are free for all."""
    advice = told("330499", "US")["recommendation"]
    assert (advice["ground"], advice["agreement"], advice["missing"]) == ("no_duty_anyway", None, [])


def test_advice_names_what_is_missing() -> None:
    advice = told("190230", "CN")["recommendation"]
    assert (advice["ground"], advice["agreement"]) == ("undecided", None)
    assert {each["id"]: each["agreements"] for each in advice["missing"]} == {
        "rates": ["KR-CN", "RCEP"][1:],
        "rules": ["RCEP"],
        "bill": ["KR-CN"],
        "approval": ["RCEP"],
    }
    assert "알아야 정해져요" in advice["text"]


def test_advice_on_a_rate_of_nought() -> None:
    advice = told("190230", "VN")["recommendation"]
    assert (advice["ground"], advice["agreement"], advice["settled"]) == ("free", "KR-VN", False)


@pytest.mark.parametrize(
    ("hs", "country", "field"),
    [("1902", "VN", "hs"), ("abc", "VN", "hs"), ("190230", "XX", "country"), ("190230", "", "country")],
)
def test_bad_questions_name_the_field(hs: str, country: str, field: str) -> None:
    with pytest.raises(BadInput) as caught:
        told(hs, country)
    assert caught.value.faults[0].field == field


@pytest.mark.parametrize(
    ("more", "field", "problem"),
    [
        ({"country": "BR"}, "country", "no_agreement"),
        ({"country": "KR"}, "country", "no_agreement"),
        ({"value": "5"}, "currency", "needs_currency"),
        ({"currency": "USD"}, "value", "needs_value"),
        ({"bill": {**RAMEN, "hs": "330499"}}, "hs", "other_code"),
    ],
)
def test_what_can_t_be_compared_says_why(more: dict[str, Any], field: str, problem: str) -> None:
    with pytest.raises(NotComparable) as caught:
        told("190230", **({"country": "VN"} | more))
    assert (caught.value.field, caught.value.problem) == (field, problem)
    assert all(caught.value.text(language) for language in ("ko", "en"))


def test_a_bad_sum_and_a_bad_bill_are_refused() -> None:
    with pytest.raises(InputError):
        told("190230", "VN", value="-1", currency="USD")
    with pytest.raises(BadInput) as caught:
        told("190230", "VN", bill={"materials": [{"value": "x"}]})
    assert caught.value.faults[0].field == "materials[0].value"


def test_a_country_with_an_agreement_the_pack_lacks_is_told_so() -> None:
    assert any("APTA" in line for line in told("190230", "CN")["notes"])
    assert not any("APTA" in line for line in told("190230", "VN")["notes"])
    with pytest.raises(NotComparable) as caught:
        told("190230", "BD")
    assert "APTA" in caught.value.text("ko")


def test_both_languages_say_the_same_things() -> None:
    ko, en = (
        yaml.safe_load((Path(__file__).parents[3] / f"knowledge/origin/comparing.{x}.yaml").read_text("utf-8"))
        for x in ("ko", "en")
    )
    assert {s: set(part) for s, part in ko.items()} == {s: set(part) for s, part in en.items()}


# Advice on made-up rates: the pack has a schedule of only one agreement a country.


def option(agreement: str, *rates: str, **more: Any) -> Option:
    """An option whose lines have these agreement rates; none where none are given."""
    known: Agreement = agreements_of(FOLDER).get(agreement)
    model = estimate("KR-CN", "190230", Decimal(100), "USD", 2026)
    lines = tuple(replace(model.lines[0], preferential=parse_rate(rate), outcome="reduced") for rate in rates)
    duty: DutyEstimate = replace(model, agreement=agreement, lines=lines, status="estimated" if rates else "no_data")
    chosen = Option(known, duty, Lookup(()), None, effort_of(known, "VN"), True)
    return replace(chosen, **more)


@pytest.mark.parametrize(
    ("options", "ground", "chosen"),
    [
        ([option("KR-VN", "3%"), option("RCEP", "5%")], "lower_rate", "KR-VN"),
        ([option("KR-VN", "3%", "7%"), option("RCEP", "5%")], "undecided", None),  # the lines overlap
        ([option("KR-VN", "3%"), option("RCEP")], "undecided", None),  # unknown is neither high nor low
        ([option("KR-VN", "3%"), option("KR-US", "3%")], "same_rate_easier", "KR-US"),  # grade 1 against 3
        ([option("KR-VN", "3%"), option("RCEP", "3%")], "same_rate", None),  # 3 against 2 to 3
        ([option("KR-VN"), option("KR-US", "0%")], "free_and_easier", "KR-US"),
        ([option("KR-VN", "0%"), option("KR-US")], "free", "KR-VN"),
        ([option("KR-VN", "0%"), option("KR-ASEAN", "0%")], "same_rate", None),
        ([option("KR-VN", "0%", in_force=False), option("KR-ASEAN", "3%")], "undecided", None),
    ],
)
def test_advice_rests_on_what_is_known(options: list[Option], ground: str, chosen: str | None) -> None:
    for order in (options, options[::-1]):
        advice = advise(order)
        assert (advice.ground, advice.chosen and advice.chosen.id) == (ground, chosen)
        assert not advice.settled and (advice.ground not in NAMED or advice.missing)
