"""The expression language: what can be written, what it means, and what is refused."""

from __future__ import annotations

from decimal import Decimal

import pytest

from knowledge.origin.rule import (
    AllOf,
    Allowance,
    AnyOf,
    BadRule,
    Change,
    CodeRange,
    Level,
    MaxShare,
    Method,
    Process,
    ValueContent,
    WhollyObtained,
    covers,
    parse_rule,
)


def test_alternatives_bind_less_than_requirements() -> None:
    rule = parse_rule("CTH and process(cut_and_sewn) or RVC(build_down) >= 40")
    assert rule == AnyOf(
        (
            AllOf((Change(Level.CTH), Process("cut_and_sewn"))),
            ValueContent(Method.BUILD_DOWN, Decimal(40)),
        )
    )


def test_every_part_of_a_change() -> None:
    rule = parse_rule("CTH outside 7309-7311 except 2106, 0701 from 851829 allow same_heading <= 20 allow 1701 <= 7.5")
    assert rule == Change(
        Level.CTH,
        outside=(CodeRange("7309", "7311"),),
        excepted=(CodeRange("2106", "2106"), CodeRange("0701", "0701")),
        accepted=(CodeRange("851829", "851829"),),
        allowances=(
            Allowance(Decimal(20), same="same_heading"),
            Allowance(Decimal("7.5"), codes=(CodeRange("1701", "1701"),)),
        ),
    )


def test_shares_of_named_materials() -> None:
    assert parse_rule("MaxNOM(17) <= 30 and MaxWeight <= 5") == AllOf(
        (MaxShare("value", Decimal(30), (CodeRange("17", "17"),)), MaxShare("weight", Decimal(5)))
    )


@pytest.mark.parametrize(
    "text",
    [
        "WO",
        "ANY",
        "CC except 07,1001-1008",
        "CTH from 851829 and (RVC(build_up) >= 35 or RVC(build_down) >= 45)",
        "CTSH allow same_subheading <= 12.5 or MaxNOM(1701,1702) <= 30",
        "WOMaterials(04,1006) and MaxNOM <= 50",
    ],
)
def test_written_back_it_is_the_same(text: str) -> None:
    assert str(parse_rule(text)) == text
    assert parse_rule(str(parse_rule(text))) == parse_rule(text)


@pytest.mark.parametrize(
    "text",
    [
        "",
        "CTX",
        "CTH except",
        "CTH except 08-07",
        "RVC(build_down) >= 101",
        "RVC(sideways) >= 40",
        "WO or",
        "CTH except 123",
    ],
)
def test_what_is_no_rule_is_refused(text: str) -> None:
    with pytest.raises(BadRule):
        parse_rule(text)


def test_ranges_include_both_ends_and_what_lies_under_them() -> None:
    codes = (CodeRange("0701", "0714"), CodeRange("17", "17"), CodeRange("200811", "200819"))
    assert covers(codes, "070100") and covers(codes, "071490") and covers(codes, "170199") and covers(codes, "200815")
    assert not covers(codes, "071510") and not covers(codes, "069999") and not covers(codes, "200820")


def test_a_simple_rule() -> None:
    assert parse_rule(" WO ") == WhollyObtained()
