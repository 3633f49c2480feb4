"""When people sit at the desk: days and hours in Korean time; on Korea's public holidays only where that is set.

Public holidays are those on which public offices are closed (관공서의 공휴일에 관한 규정), election days
and alternative holidays among them. The library `holidays` knows them, movable ones too.
"""

from __future__ import annotations

import re
from dataclasses import dataclass
from datetime import date, datetime, time, timedelta
from functools import lru_cache

import holidays
from babel.dates import format_date, format_time, get_day_names

from actions.texts import text
from knowledge.guides.deadline_calendar import SEOUL
from knowledge.record import Language

DAYS = ("mon", "tue", "wed", "thu", "fri", "sat", "sun")
HOLIDAY = "ph"
"""Stands for the public holidays, as in OpenStreetMap's opening hours."""

_PART = re.compile(r"\s*(?P<first>[a-z]{2,3})(?:\s*-\s*(?P<last>[a-z]{3}))?\s+(?P<opens>\S+?)\s*-\s*(?P<closes>\S+)\s*")
_CLOCK = re.compile(r"(\d{1,2}):(\d{2})")

LOOKED_AHEAD = 60
"""Days within which the desk must open again; no row of holidays is as long."""


class WrongHours(ValueError):
    """NARU_DESK_HOURS can not be read."""


@dataclass(frozen=True)
class Shift:
    """Hours that are the same on some days in a row: from the minute ``opens`` to the minute ``closes`` of the day.

    Without days they are those of public holidays.
    """

    days: tuple[int, ...]
    opens: int
    closes: int


@dataclass(frozen=True)
class Hours:
    """The desk's hours of a week."""

    shifts: tuple[Shift, ...]

    def open_at(self, moment: datetime) -> bool:
        """Tells whether the desk is open at a moment."""
        local = moment.astimezone(SEOUL)
        minute = local.hour * 60 + local.minute
        return any(each.opens <= minute < each.closes for each in self._on(local.date()))

    def opens_next(self, moment: datetime) -> datetime | None:
        """Returns when the desk opens next after a moment, in Korean time."""
        local = moment.astimezone(SEOUL)
        for ahead in range(LOOKED_AHEAD):
            day = local.date() + timedelta(days=ahead)
            for start in sorted(each.opens for each in self._on(day)):
                opening = datetime.combine(day, _clock(start), SEOUL)
                if opening > local:
                    return opening
        return None

    def told(self, language: Language) -> str:
        """Returns the hours as people read them: 월요일~금요일 09:00~18:00, 공휴일 휴무."""
        told = [_told(each, language) for each in self.shifts]
        if all(each.days for each in self.shifts):
            told.append(text("desk_no_holidays", language))
        return ", ".join(told)

    def _on(self, day: date) -> list[Shift]:
        if is_holiday(day):
            return [each for each in self.shifts if not each.days]
        return [each for each in self.shifts if day.weekday() in each.days]


@lru_cache(maxsize=8)
def read_hours(written: str) -> Hours:
    """Returns the hours written as ``Mon-Fri 09:00-18:00, Sat 10:00-13:00, PH 10:00-12:00``; PH is a public holiday.

    Raises:
        WrongHours: They are written in another way.
    """
    return Hours(tuple(_shift(part, written) for part in written.split(",")))


def told_opening(opening: datetime, language: Language) -> str:
    """Returns a day and an hour as people read them: 11월 25일 수요일 09:00."""
    pattern = text("desk_day", language)
    return (
        f"{format_date(opening, pattern, locale=language)} {_told_clock(opening.hour * 60 + opening.minute, language)}"
    )


def is_holiday(day: date) -> bool:
    """Tells whether public offices in Korea are closed for a holiday on a day; an ordinary Sunday is none."""
    return day in _of_year(day.year)


@lru_cache(maxsize=8)
def _of_year(year: int) -> frozenset[date]:
    return frozenset(holidays.country_holidays("KR", years=year))


def _shift(part: str, written: str) -> Shift:
    match = _PART.fullmatch(part.lower())
    if match is None:
        raise WrongHours(f"NARU_DESK_HOURS must be like 'Mon-Fri 09:00-18:00': {written!r}")
    opens, closes = _minute(match["opens"], written), _minute(match["closes"], written)
    if opens >= closes:
        raise WrongHours(f"NARU_DESK_HOURS must close later on the day than it opens: {written!r}")
    return Shift(_days(match["first"], match["last"], written), opens, closes)


def _days(first: str, last: str | None, written: str) -> tuple[int, ...]:
    if first == HOLIDAY and last is None:
        return ()
    if {first, last or first} - set(DAYS):
        raise WrongHours(f"NARU_DESK_HOURS names days as Mon, Tue, …, Sun, PH: {written!r}")
    begin, end = DAYS.index(first), DAYS.index(last or first)
    return tuple((begin + step) % 7 for step in range((end - begin) % 7 + 1))


def _minute(clock: str, written: str) -> int:
    match = _CLOCK.fullmatch(clock)
    minute = int(match[1]) * 60 + int(match[2]) if match and int(match[2]) < 60 else -1
    if not 0 <= minute <= 24 * 60:
        raise WrongHours(f"NARU_DESK_HOURS has no such time of day as {clock!r}: {written!r}")
    return minute


def _clock(minute: int) -> time:
    return time(minute // 60 % 24, minute % 60)


def _told(shift: Shift, language: Language) -> str:
    names = get_day_names("abbreviated" if language == "en" else "wide", locale=language)
    mark = text("desk_to", language)
    days = [names[day] for day in shift.days] or [text("desk_holidays", language)]
    first = f"{days[0]}{mark}{days[-1]}" if len(days) > 1 else days[0]
    return f"{first} {_told_clock(shift.opens, language)}{mark}{_told_clock(shift.closes, language)}"


def _told_clock(minute: int, language: Language) -> str:
    return "24:00" if minute == 24 * 60 else format_time(_clock(minute), "HH:mm", locale=language)
