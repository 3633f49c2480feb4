"""Estimates of duty: sums reckoned by hand, spans, what is not told, and questions of the wrong form."""

from __future__ import annotations

import csv
import io
from datetime import date
from decimal import Decimal
from pathlib import Path
from typing import Any
from zipfile import ZipFile

import currency_converter
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from knowledge.tariffs.estimate import estimate
from knowledge.tariffs.exchange import reference
from knowledge.tariffs.question import InputError, question
from knowledge.tariffs.rate import Span


def span(low: str, high: str | None = None) -> Span:
    return Span(Decimal(low), Decimal(high or low))


def test_china_cosmetics() -> None:
    """6.5% and 5.2% of 10,000 dollars; at 1,300 won the difference is 169,000."""
    found = estimate("KR-CN", "330499", "10000", "USD", 2026, "1300")
    assert found.status == "estimated" and found.market == "CN"
    assert found.sums.base_duty == span("650.00")
    assert found.sums.preferential_duty == span("520.00")
    assert found.sums.saving == span("130.00")
    assert found.won is not None
    assert found.won.saving == span("169000")
    assert found.against == "general_2012"
    assert {"general_rate_cn", "general_rate_cut_cn", "hs_2012"} <= set(found.caveats)
    assert "exchange_reference" not in found.caveats


def test_an_ordinary_rate_below_the_agreements_saves_nothing() -> None:
    """Article 2.4.4: the lower ordinary rate is the one applied."""
    found = estimate("KR-CN", "330499", "10000", "USD", 2026, normal_rate="1")
    assert (found.sums.base_duty, found.sums.preferential_duty, found.sums.saving) == (
        span("100.00"),
        span("100.00"),
        span("0.00"),
    )
    assert found.lines[0].outcome == "ordinary_lower"
    assert found.against == "your_rate"
    assert "general_rate_lower" in found.caveats
    assert "general_rate_cn" not in found.caveats


def test_an_excluded_line_is_not_reduced() -> None:
    found = estimate("KR-CN", "330410", "10000", "USD", 2026)
    assert found.lines[0].outcome == "not_reduced"
    assert found.sums.saving == span("0.00")


def test_lines_that_differ_give_a_span() -> None:
    """901380 in 2026: 12% and 12% (gone by 2024), 5% LCD panels (gone), 5% kept."""
    found = estimate("KR-CN", "9013.80", "1000", "USD", 2026)
    assert [entry.line.code for entry in found.lines] == ["90138010", "90138020", "90138030", "90138090"]
    assert found.sums.base_duty == span("50.00", "120.00")
    assert found.sums.preferential_duty == span("0.00", "50.00")
    assert found.sums.saving == span("0.00", "120.00")
    assert {"lines_differ", "lcd_modules"} <= set(found.caveats)
    assert found.complete


def test_one_national_line_by_its_eight_digits() -> None:
    found = estimate("KR-CN", "90138090", "1000", "USD", 2026)
    assert [entry.line.code for entry in found.lines] == ["90138090"]
    assert "lines_differ" not in found.caveats


def test_eight_digits_that_are_no_line_fall_back_on_six() -> None:
    found = estimate("KR-CN", "33049999", "1000", "USD", 2026)
    assert [entry.line.code for entry in found.lines] == ["33049900"]
    assert "unknown_line" in found.caveats


def test_a_korean_code_counts_by_its_first_six_digits() -> None:
    """3304.99-1000 is Korea's skin care; 33049910 would be petroleum jelly in the US."""
    found = estimate("KR-US", "3304.99-1000", "1000", "USD", 2026)
    assert [entry.line.code for entry in found.lines] == ["33049910", "33049950"]
    assert "korean_digits" in found.caveats


def test_united_states_shirts() -> None:
    found = estimate("KR-US", "610910", "1000", "USD", 2026)
    assert (found.sums.base_duty, found.sums.preferential_duty, found.sums.saving) == (
        span("165.00"),
        span("0.00"),
        span("165.00"),
    )
    assert found.against == "current_general"
    assert "extra_duties_us" in found.caveats


def test_united_states_trucks_pay_the_full_rate() -> None:
    found = estimate("KR-US", "870421", "1000", "USD", 2026)
    assert found.lines[0].outcome == "not_reduced"
    assert found.sums.preferential_duty == span("250.00")
    assert found.sums.saving == span("0.00")


def test_free_for_everybody() -> None:
    found = estimate("KR-US", "330510", "1000", "USD", 2026)
    assert [entry.outcome for entry in found.lines] == ["already_free"]
    assert found.sums.saving == span("0.00")


def test_no_preference_listed() -> None:
    found = estimate("KR-US", "17019144", "1000", "USD", 2026)
    assert [entry.outcome for entry in found.lines] == ["no_preference"]
    assert (found.sums.preferential_duty, found.sums.saving) == (span("60.00"), span("0.00"))


def test_duty_by_weight_is_not_guessed() -> None:
    found = estimate("KR-US", "04022125", "1000", "USD", 2026)
    assert found.sums.base_duty is None and found.sums.saving is None
    assert found.sums.preferential_duty == span("0.00")
    assert not found.complete
    assert "by_quantity" in found.caveats


def test_some_lines_told_and_some_not() -> None:
    found = estimate("KR-US", "170191", "100", "USD", 2026)
    assert {"partial", "by_quantity", "in_words", "lines_differ"} <= set(found.caveats)
    assert not found.complete


def test_viet_nam_tells_no_saving_by_itself() -> None:
    """The base rate of the schedule is no ordinary duty (Annex 2-A, paragraph 3)."""
    found = estimate("KR-VN", "330499", "10000", "USD", 2026)
    assert found.sums.base_duty is None and found.sums.saving is None and found.against is None
    assert found.sums.preferential_duty == span("0.00")
    assert {"general_rate_vn", "asean_korea"} <= set(found.caveats)


def test_viet_nam_with_the_askers_ordinary_rate() -> None:
    found = estimate("KR-VN", "330499", "10000", "USD", 2026, normal_rate="20")
    assert found.sums.saving == span("2000.00")
    assert found.against == "your_rate"


def test_viet_nam_ceiling() -> None:
    """S-3: zero to five percent; of an ordinary 20% that saves 15 to 20%."""
    found = estimate("KR-VN", "330410", "10000", "USD", 2026, normal_rate="20")
    assert found.lines[0].outcome == "ceiling"
    assert found.sums.preferential_duty == span("0.00", "500.00")
    assert found.sums.saving == span("1500.00", "2000.00")
    assert "ceiling" in found.caveats


def test_before_the_agreement() -> None:
    found = estimate("KR-CN", "330499", "10000", "USD", 2014)
    assert found.lines[0].outcome == "not_in_force"
    assert found.sums.preferential_duty is None and found.sums.saving is None
    assert "before_in_force" in found.caveats


def test_a_year_before_the_us_tariff() -> None:
    found = estimate("KR-US", "610910", "1000", "USD", 2020)
    assert found.sums.base_duty is None and found.sums.saving is None
    assert "tariff_of_another_year" in found.caveats


@pytest.mark.parametrize(
    ("agreement", "hs", "why"), [("KR-EU", "330499", "no_schedule"), ("KR-CN", "851713", "no_line")]
)
def test_no_data_says_so_and_where_to_look(agreement: str, hs: str, why: str) -> None:
    """851713 (smartphones) is a code of HS 2022; China's schedule is in HS 2012."""
    found = estimate(agreement, hs, "1000", "USD", 2026)
    assert found.status == "no_data"
    assert found.caveats[0] == why
    assert found.look_at and found.sums.saving is None


def test_rounding_is_half_up_at_the_end() -> None:
    """16.5% of 0.30 is 0.0495; of 33.03 it is 5.44995; of 1 won it is nothing, of 100 won 16.5 → 17."""
    assert estimate("KR-US", "610910", "0.30", "USD", 2026).sums.base_duty == span("0.05")
    assert estimate("KR-US", "610910", "33.03", "USD", 2026).sums.base_duty == span("5.45")
    assert estimate("KR-US", "610910", "100", "KRW", 2026).sums.base_duty == span("17")


def test_won_are_reckoned_from_the_unrounded_duty() -> None:
    """16.5% of 0.30 dollars is 0.0495 dollars, at 1,000 won 49.5 → 50; from 0.05 it would also be 50, at 1,100: 54."""
    found = estimate("KR-US", "610910", "0.30", "USD", 2026, "1100")
    assert found.won is not None and found.won.base_duty == span("54")  # 54.45; from the rounded 0.05 it would be 55


def test_the_reference_rate_is_the_banks() -> None:
    """Won for a dollar = won for a euro ÷ dollars for a euro, both in the first line of the bank's own file."""
    archive = Path(currency_converter.__file__).parent / "eurofxref-hist.zip"
    with ZipFile(archive) as bundled:
        text = bundled.read(bundled.namelist()[0]).decode()
    newest = next(csv.DictReader(io.StringIO(text)))
    found = reference("USD")
    assert found is not None and found.as_of == date.fromisoformat(newest["Date"])
    assert found.won == round(Decimal(newest["KRW"]) / Decimal(newest["USD"]), 6)


def test_currencies_without_a_rate_of_today() -> None:
    assert reference("VND") is None  # never published
    assert reference("RUB") is None  # published until 2022
    found = estimate("KR-VN", "330499", "1000000", "VND", 2026)
    assert found.won is None and "exchange_missing" in found.caveats


def test_won_need_no_rate() -> None:
    found = reference("KRW")
    assert found is not None and (found.won, found.as_of) == (Decimal(1), None)


@pytest.mark.parametrize(
    ("field", "given", "problem"),
    [
        ("agreement", "KR-XX", "unknown_agreement"),
        ("agreement", "", "unknown_agreement"),
        ("hs", "3304", "hs_form"),
        ("hs", "33049", "hs_form"),
        ("hs", "33O499", "hs_form"),
        ("hs", "٣٣٠٤٩٩", "hs_form"),
        ("hs", "", "hs_form"),
        ("hs", "990399", "hs_chapter"),
        ("hs", "000000", "hs_chapter"),
        ("value", "-1", "not_positive"),
        ("value", "0", "not_positive"),
        ("value", "many", "not_a_number"),
        ("value", "1,00", "not_a_number"),
        ("value", "1e5", "not_a_number"),
        ("value", "NaN", "not_a_number"),
        ("value", "", "not_a_number"),
        ("value", "9" * 16, "too_large"),
        ("value", "9" * 60, "not_a_number"),
        ("value", Decimal("Infinity"), "not_a_number"),
        ("currency", "US", "unknown_currency"),
        ("currency", "USX", "unknown_currency"),
        ("currency", "XXX", "unknown_currency"),
        ("currency", "달러", "unknown_currency"),
        ("year", "26", "year_form"),
        ("year", "1899", "year_form"),
        ("year", "next", "year_form"),
        ("rate", "0", "not_positive"),
        ("rate", "x", "not_a_number"),
        ("normal_rate", "-3", "negative"),
        ("normal_rate", "1001", "too_large"),
    ],
)
def test_a_question_of_the_wrong_form_names_the_field(field: str, given: Any, problem: str) -> None:
    asked: dict[str, Any] = {"agreement": "KR-CN", "hs": "330499", "value": "100", "currency": "USD"}
    with pytest.raises(InputError) as caught:
        question(**(asked | {field: given}))
    assert (caught.value.field, caught.value.problem) == (field, problem)


def test_forms_people_write() -> None:
    asked = question("kr-cn", "3304.99-1000", "10,000.50", "usd", "2026", " 1,300 ", "6.5")
    assert (asked.agreement, asked.hs, asked.korean_digits) == ("KR-CN", "330499", True)
    assert (asked.value, asked.currency, asked.year) == (Decimal("10000.50"), "USD", 2026)
    assert (asked.rate, asked.normal_rate) == (Decimal(1300), Decimal("6.5"))


def test_this_year_unless_asked_otherwise() -> None:
    assert question("KR-CN", "330499", "1", "USD").year == date.today().year
    assert question("KR-US", "330499", "1", "USD").year >= 2026


@settings(max_examples=60, deadline=None)
@given(st.text(max_size=20), st.text(max_size=20), st.text(max_size=8))
def test_no_text_breaks_the_question(hs: str, value: str, currency: str) -> None:
    try:
        question("KR-CN", hs, value, currency)
    except InputError as error:
        assert error.field in ("hs", "value", "currency")
