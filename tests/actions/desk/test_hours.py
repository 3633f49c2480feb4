"""The desk is open on the days and hours set, in Korean time, and closed on public holidays."""

from __future__ import annotations

from datetime import UTC, date, datetime

import pytest

from actions.desk.hours import WrongHours, is_holiday, read_hours, told_opening
from knowledge.guides.deadline_calendar import SEOUL

OFFICE = "Mon-Fri 09:00-18:00"


def korean(year: int, month: int, day: int, hour: int, minute: int) -> datetime:
    return datetime(year, month, day, hour, minute, tzinfo=SEOUL)


@pytest.mark.parametrize(
    ("moment", "open_"),
    [
        (korean(2026, 11, 25, 9, 0), True),  # a Wednesday
        (korean(2026, 11, 25, 8, 59), False),
        (korean(2026, 11, 25, 17, 59), True),
        (korean(2026, 11, 25, 18, 0), False),
        (korean(2026, 11, 28, 10, 0), False),  # a Saturday
        (datetime(2026, 11, 25, 0, 30, tzinfo=UTC), True),  # 09:30 in Korea
        (datetime(2026, 11, 25, 10, 0, tzinfo=UTC), False),  # 19:00 in Korea
        (korean(2026, 12, 25, 10, 0), False),  # Christmas, a Friday
    ],
)
def test_hours_of_an_office(moment: datetime, open_: bool) -> None:
    assert read_hours(OFFICE).open_at(moment) is open_


def test_several_shifts_and_days_around_the_week() -> None:
    hours = read_hours("mon-fri 9:00-12:00, Mon-Fri 13:00-18:00, Sat 10:00-13:00")
    assert hours.open_at(korean(2026, 11, 25, 11, 0)) and not hours.open_at(korean(2026, 11, 25, 12, 30))
    assert hours.open_at(korean(2026, 11, 28, 12, 0)) and not hours.open_at(korean(2026, 11, 29, 12, 0))
    weekend = read_hours("Sat-Mon 00:00-24:00")
    assert [weekend.open_at(korean(2026, 11, day, 23, 59)) for day in (27, 28, 29, 30)] == [False, True, True, True]


# Days of 관공서의 공휴일에 관한 규정, by the calendar.
@pytest.mark.parametrize(
    ("day", "holiday"),
    [
        (date(2026, 2, 17), True),  # 설날
        (date(2026, 3, 1), True),  # 삼일절, a Sunday
        (date(2026, 3, 2), True),  # its alternative holiday
        (date(2026, 6, 3), True),  # local elections
        (date(2026, 9, 25), True),  # 추석
        (date(2026, 10, 9), True),  # 한글날
        (date(2026, 11, 22), False),  # an ordinary Sunday
        (date(2026, 12, 24), False),
    ],
)
def test_public_holidays(day: date, holiday: bool) -> None:
    assert is_holiday(day) is holiday


def test_hours_of_holidays_are_their_own() -> None:
    hours = read_hours("Mon-Fri 09:00-18:00, PH 10:00-12:00")
    assert hours.open_at(korean(2026, 12, 25, 11, 0)) and not hours.open_at(korean(2026, 12, 25, 15, 0))
    assert not hours.open_at(korean(2026, 12, 26, 11, 0)), "an ordinary Saturday"
    assert hours.opens_next(korean(2026, 12, 24, 18, 0)) == korean(2026, 12, 25, 10, 0)


def test_when_it_opens_next() -> None:
    hours = read_hours(OFFICE)
    assert hours.opens_next(korean(2026, 11, 25, 7, 0)) == korean(2026, 11, 25, 9, 0)
    assert hours.opens_next(korean(2026, 11, 25, 9, 0)) == korean(2026, 11, 26, 9, 0)
    assert hours.opens_next(korean(2026, 11, 27, 18, 0)) == korean(2026, 11, 30, 9, 0)  # over the weekend
    assert hours.opens_next(korean(2026, 9, 23, 18, 0)) == korean(2026, 9, 28, 9, 0)  # over 추석, Thursday to Saturday


def test_hours_as_people_read_them() -> None:
    hours = read_hours("Mon-Fri 09:00-18:00, Sat 10:00-13:00")
    assert hours.told("ko") == "월요일~금요일 09:00~18:00, 토요일 10:00~13:00, 공휴일 휴무"
    assert hours.told("en") == "Mon–Fri 09:00–18:00, Sat 10:00–13:00, closed on Korean holidays"
    always = read_hours("Mon-Sun 00:00-24:00, PH 10:00-12:00")
    assert always.told("ko") == "월요일~일요일 00:00~24:00, 공휴일 10:00~12:00"
    opening = korean(2026, 11, 26, 9, 0)
    assert told_opening(opening, "ko") == "11월 26일 목요일 09:00"
    assert told_opening(opening, "en") == "Thursday 26 November 09:00"


@pytest.mark.parametrize(
    "written",
    [
        "",
        "always",
        "Mon-Fri",
        "Mo-Fr 09:00-18:00",
        "Mon 18:00-09:00",
        "Mon 09:00-25:00",
        "Mon 09:70-18:00",
        "PH-Mon 09:00-18:00",
    ],
)
def test_hours_that_can_not_be_read_are_refused(written: str) -> None:
    with pytest.raises(WrongHours, match="NARU_DESK_HOURS"):
        read_hours(written)
