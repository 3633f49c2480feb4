"""Days read out of words; the expectations are counted on a calendar of 2026 by hand (24 November is a Tuesday)."""

from __future__ import annotations

from datetime import date

import pytest
from hypothesis import given
from hypothesis import strategies as some

from actions.errands.named_days import day_of, kind_in, named_days, presentation_days
from actions.errands.spoken_days import Tense, dated, spoken_days

TODAY = date(2026, 11, 24)


@pytest.mark.parametrize(
    ("words", "month", "day", "year"),
    [
        ("12월 20일", 12, 20, None),
        ("12월20일까지", 12, 20, None),
        ("12/20", 12, 20, None),
        ("2026-12-20", 12, 20, 2026),
        ("2026.12.20.", 12, 20, 2026),
        ("2026년 12월 20일", 12, 20, 2026),
        ("26년 12월 20일", 12, 20, 2026),
        ("20261220", 12, 20, 2026),
        ("12월 말일", 12, 31, None),
        ("작년 8월 20일", 8, 20, 2025),
        ("내년 1월 3일", 1, 3, 2027),
        ("다음 달 5일", 12, 5, 2026),
        ("다다음달 5일", 1, 5, 2027),
        ("이번 달 말", 11, 30, 2026),
        ("지난달 3일", 10, 3, 2026),
        ("다음 주 금요일", 12, 4, 2026),
        ("오늘", 11, 24, 2026),
        ("모레", 11, 26, 2026),
        ("그저께", 11, 22, 2026),
        ("2주 뒤", 12, 8, 2026),
        ("10일 전에", 11, 14, 2026),
        ("Dec 20", 12, 20, None),
        ("December 20th, 2026", 12, 20, 2026),
        ("20 Dec 2026", 12, 20, 2026),
        ("the 5th of next month", 12, 5, 2026),
        ("next month 5", 12, 5, 2026),
        ("tomorrow", 11, 25, 2026),
        ("the day after tomorrow", 11, 26, 2026),
        ("in 2 weeks", 12, 8, 2026),
        ("20/12/2026", 12, 20, 2026),
    ],
)
def test_a_day_is_read(words: str, month: int, day: int, year: int | None) -> None:
    found = spoken_days(words, TODAY)
    assert [(each.month, each.day, each.year) for each in found] == [(month, day, year)]


@pytest.mark.parametrize("words", ["2월 30일", "13/45", "2026-02-29", "4월 31일"])
def test_a_day_no_calendar_has_is_found_out(words: str) -> None:
    assert [each.day for each in spoken_days(words, TODAY)] == [0]


@pytest.mark.parametrize(
    "words",
    [
        "선적 후 21일 이내에 제시",
        "FOB 12.5달러",
        "마스크 10개",
        "HS 3304.99",
        "20일",
        "999개월 뒤",
        "오늘날짜 없음"[2:],
    ],
)
def test_what_is_no_day_is_not_read(words: str) -> None:
    assert not spoken_days(words, TODAY)


@pytest.mark.parametrize(
    ("words", "tense", "expected"),
    [
        ("12월 20일", "future", date(2026, 12, 20)),
        ("1월 3일", "future", date(2027, 1, 3)),
        ("11월 24일", "future", date(2026, 11, 24)),
        ("11월 2일", "past", date(2026, 11, 2)),
        ("12월 20일", "past", date(2025, 12, 20)),
        ("12월 1일", "near", date(2026, 12, 1)),
        ("10월 5일", "near", date(2026, 10, 5)),
        ("2월 29일", "future", date(2028, 2, 29)),
        ("2월 29일", "past", date(2024, 2, 29)),
    ],
)
def test_the_year_that_was_not_told(words: str, tense: Tense, expected: date) -> None:
    assert dated(spoken_days(words, TODAY)[0], tense, TODAY) == (expected, True)


def test_a_year_told_is_never_changed() -> None:
    assert dated(spoken_days("2024-12-20", TODAY)[0], "future", TODAY) == (date(2024, 12, 20), False)


@given(some.dates(date(2020, 1, 1), date(2035, 12, 31)))
def test_any_day_written_in_full_is_read_as_it_is(day: date) -> None:
    for words in (day.isoformat(), f"{day.year}년 {day.month}월 {day.day}일", f"{day:%B} {day.day}, {day.year}"):
        assert dated(spoken_days(words, TODAY)[0], "past", TODAY) == (day, False)


@pytest.mark.parametrize(
    ("words", "expected"),
    [
        (
            "신용장 유효기일 12월 20일이고 선적기일은 12/10이에요",
            [("lc_expiry", "2026-12-20"), ("latest_shipment", "2026-12-10")],
        ),
        ("12월 20일 만기, 12월 10일까지 선적", [("lc_expiry", "2026-12-20"), ("latest_shipment", "2026-12-10")]),
        (
            "L/C 유효기일 1월 15일 선적기한 1월 3일 일정 짜줘",
            [("lc_expiry", "2027-01-15"), ("latest_shipment", "2027-01-03")],
        ),
        ("수출신고 11월 2일에 했는데 언제까지 실어야돼", [("declaration_accepted", "2026-11-02")]),
        ("오늘 신고 수리됐어요 적재 기한 며칠까지예요", [("declaration_accepted", "2026-11-24")]),
        ("선적일 10월 5일이면 은행에 서류 언제까지 내요", [("shipment", "2026-10-05")]),
        ("3월 1일에 선적했어요 원산지증명서 언제까지 신청 가능한지 날짜로", [("shipment", "2026-03-01")]),
        ("환급 신청 마감이 언제까지인지 계산해줘 수출은 작년 8월 20일", [(None, "2025-08-20")]),
        ("2월 3일에 실었어요", [("shipment", "2026-02-03")]),
        ("2월 3일에 선적할 예정이에요", [("shipment", "2027-02-03")]),
        ("원산지증명서 발급일 11월 1일", [("proof_issued", "2026-11-01")]),
        ("12월 20일", [(None, "2025-12-20")]),
        (
            "L/C expires Dec 20, latest shipment Dec 10",
            [("lc_expiry", "2026-12-20"), ("latest_shipment", "2026-12-10")],
        ),
        ("B/L date is 2026-11-20", [("shipment", "2026-11-20")]),
        ("Dec 20 is the expiry date", [("lc_expiry", "2026-12-20")]),
        ("declaration accepted on Nov 2", [("declaration_accepted", "2026-11-02")]),
    ],
)
def test_what_a_day_is(words: str, expected: list[tuple[str | None, str]]) -> None:
    found = [(each.kind, day_of(each, TODAY)[0].isoformat()) for each in named_days(words, TODAY)]
    assert found == expected


@pytest.mark.parametrize(
    ("words", "days"),
    [
        ("제시기간 15일", 15),
        ("15 days after shipment", 15),
        ("선적 후 21일", 21),
        ("유효기일 12월 20일", None),
        ("제시기간 999일", None),
    ],
)
def test_the_presentation_period(words: str, days: int | None) -> None:
    assert presentation_days(words) == days


def test_a_kind_without_a_day() -> None:
    assert kind_in("선적일이요") == "shipment" and kind_in("유효기일이 언제예요") is None and kind_in("네") is None
