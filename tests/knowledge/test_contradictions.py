"""Two numbers for the same thing, and a text against its own article, are found; what only sounds alike is not."""

from __future__ import annotations

from pathlib import Path
from typing import Any

import pytest

from knowledge.contradictions import contradicting, doubled, doubtful, read_told_apart
from knowledge.numbers import Number
from knowledge.record import Record


def source(locator: str, law: str = "관세법", basis: str = "official") -> dict[str, Any]:
    return {"title": {"ko": law, "en": "Act"}, "locator": locator, "as_of": "2026-01-01", "basis": basis}


def number(name: str, value: float, of: str, locator: str = "제251조제1항", unit: str = "days") -> Number:
    return Number.model_validate(
        {"id": name, "value": value, "unit": unit, "of": {"ko": of, "en": of}, "source": source(locator)}
    )


def by_id(*numbers: Number) -> dict[str, Number]:
    return {each.id: each for each in numbers}


LOAD = number("load", 30, "수출신고 수리 뒤 실어야 하는 기간")


@pytest.mark.parametrize(
    ("other", "found"),
    [
        (number("b", 60, "수출신고 수리 뒤 실어야 하는 기간"), [("load", "b")]),
        (number("b", 60, "실어야 하는 기간, 수출신고 수리 뒤", "제251조"), [("load", "b")]),
        (number("b", 30, "수출신고 수리 뒤 실어야 하는 기간"), []),
        (number("b", 60, "과태료를 내야 하는 기간"), []),
        (number("b", 60, "수출신고 수리 뒤 실어야 하는 기간", "제252조"), []),
        (number("b", 60, "수출신고 수리 뒤 실어야 하는 기간", unit="years"), []),
    ],
)
def test_two_values_for_one_thing_contradict(other: Number, found: list[tuple[str, str]]) -> None:
    assert list(contradicting(by_id(LOAD, other), ())) == found


def test_what_somebody_told_apart_is_not_reported_again(tmp_path: Path) -> None:
    other = number("b", 60, "수출신고 수리 뒤 실어야 하는 기간")
    (tmp_path / "numbers").mkdir()
    (tmp_path / "numbers" / "told-apart.txt").write_text("# compared\nb load\n", encoding="utf-8")
    assert list(contradicting(by_id(LOAD, other), read_told_apart(tmp_path))) == []
    assert read_told_apart(tmp_path / "none") == frozenset()


def test_one_number_under_two_names_is_found() -> None:
    again = number("again", 30, "수출신고 수리 뒤 실어야 하는 기간")
    assert list(doubled(by_id(LOAD, again))) == [("load", "again")]
    assert list(doubled(by_id(LOAD, number("x", 30, "과태료를 내야 하는 기간")))) == []


def record(plain: str, locator: str = "제251조제1항", basis: str = "official", numbers: tuple[str, ...] = ()) -> Record:
    return Record.model_validate(
        {
            "id": "faq.x",
            "kind": "faq",
            "ko": {"name": "x", "plain": plain},
            "en": {"name": "x", "plain": "x"},
            "source": source(locator, basis=basis),
            "numbers": numbers,
        }
    )


@pytest.mark.parametrize(
    ("told", "found"),
    [
        (record("수리된 날부터 60일 안에 실어요."), True),
        (record("수리된 날부터 30일 안에 실어요."), False),
        (record("3월 15일에 실었다면 30일 안이에요."), False),
        (record("2026년 1월 1일부터 그래요."), False),
        (record("60일 안에 내요.", "제10조"), False),
        (record("60일 안에 내요.", "제251조, 제10조"), False),
        (record("60일 안에 실어요.", basis="editorial"), False),
    ],
)
def test_a_text_against_the_number_of_its_article_is_doubtful(told: Record, found: bool) -> None:
    assert bool(list(doubtful([told], by_id(LOAD)))) is found
