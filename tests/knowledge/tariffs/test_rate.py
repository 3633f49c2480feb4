"""Reading rates as tariffs print them, and the duty they come to."""

from __future__ import annotations

from decimal import Decimal

import pytest
from hypothesis import given
from hypothesis import strategies as st

from knowledge.tariffs.rate import Rate, Span, at_most, parse_rate, percentage, plain

TENTH = Decimal("0.1")


@pytest.mark.parametrize(
    ("text", "kind", "percent", "specifics"),
    [
        ("Free", "free", "0", []),
        ("6.5%", "ad_valorem", "6.5", []),
        ("0%", "free", "0", []),
        ("1¢/kg", "specific", None, [("0.01", "USD", "kg")]),
        ("86.5¢/kg", "specific", None, [("0.865", "USD", "kg")]),
        ("$1.035/kg + 17%", "compound", "17", [("1.035", "USD", "kg")]),
        ("37.2¢/kg +8.5%", "compound", "8.5", [("0.372", "USD", "kg")]),
        ("40¢ each", "specific", None, [("0.4", "USD", "each")]),
        ("$1.75 each", "specific", None, [("1.75", "USD", "each")]),
        ("90¢/pr. + 37.5%", "compound", "37.5", [("0.9", "USD", "pr.")]),
        ("23.7¢/ liter", "specific", None, [("0.237", "USD", "liter")]),
        ("1.3 CNY/kg", "specific", None, [("1.3", "CNY", "kg")]),
        ("3.7 CNY/m²", "specific", None, [("3.7", "CNY", "m²")]),
    ],
)
def test_reading(text: str, kind: str, percent: str | None, specifics: list[tuple[str, str, str]]) -> None:
    rate = parse_rate(text)
    assert rate.kind == kind
    assert rate.percent == (None if percent is None else Decimal(percent))
    assert [(part.amount, part.currency, part.unit) for part in rate.specifics] == [
        (Decimal(amount), currency, unit) for amount, currency, unit in specifics
    ]


@pytest.mark.parametrize(
    "text",
    [
        "See additional U.S. note 1",
        "The rate applicable to the natural juice in heading 2009",
        "40¢ each + 6% on the case",
        "2.5% on the value of the lead content",
        "3% + 4%",
        "-5%",
        "",
    ],
)
def test_what_can_not_be_read_stays_words(text: str) -> None:
    rate = parse_rate(text)
    assert (rate.kind, rate.text) == ("text", text)
    assert rate.duty(Decimal(1000)) is None


def test_duty_of_a_percentage() -> None:
    assert parse_rate("6.5%").duty(Decimal(10000)) == Span.of(Decimal(650))
    assert parse_rate("Free").duty(Decimal(10000)) == Span.of(Decimal(0))


def test_duty_under_a_ceiling_is_a_span() -> None:
    assert at_most(Decimal(5)).duty(Decimal(200)) == Span(Decimal(0), Decimal(10))


@pytest.mark.parametrize("text", ["1¢/kg", "1¢/kg + 5%"])
def test_duty_by_quantity_is_not_told_by_value(text: str) -> None:
    assert parse_rate(text).duty(Decimal(1000)) is None


def test_a_share_is_rounded_down() -> None:
    scaled = parse_rate("6.5%").scaled(Decimal("0.45"), TENTH, TENTH)  # 2.925
    assert scaled is not None and (scaled.percent, scaled.text) == (Decimal("2.9"), "2.9%")


def test_words_can_not_be_shared() -> None:
    assert Rate("by price").scaled(Decimal("0.5"), TENTH, TENTH) is None
    nothing = Rate("by price").scaled(Decimal(0), TENTH, TENTH)
    assert nothing is not None and nothing.kind == "free"


def test_the_same_rate_written_otherwise() -> None:
    assert parse_rate("10.0%").same(percentage(Decimal(10)))
    assert not at_most(Decimal(10)).same(percentage(Decimal(10)))


def test_difference_of_spans_is_never_below_zero() -> None:
    five = Span.of(Decimal(5))
    assert Span(Decimal(4), Decimal(9)).less(five) == Span(Decimal(0), Decimal(4))
    assert five.less(Span(Decimal(0), Decimal(2))) == Span(Decimal(3), Decimal(5))


def test_plain_numbers() -> None:
    assert [plain(Decimal(text)) for text in ("1E+1", "5.20", "100", "0.0")] == ["10", "5.2", "100", "0"]


@given(st.text(max_size=40))
def test_any_text_is_read_without_fail(text: str) -> None:
    assert parse_rate(text).kind in ("free", "ad_valorem", "specific", "compound", "text")


@given(st.decimals(0, 200, places=1), st.integers(0, 20))
def test_steps_only_go_down(base: Decimal, done: int) -> None:
    rates = [percentage(base).scaled(1 - Decimal(step) / 20, TENTH, TENTH) for step in (done, min(done + 1, 20))]
    first, second = (rate.percent for rate in rates if rate)
    assert first is not None and second is not None
    assert 0 <= second <= first <= base
