"""Reads days out of words, Korean and English: "12월 20일", "12/20", "Dec 20", "다음 달 5일", "오늘", "2주 뒤".

A day told without its year is kept so; ``dated`` gives it the year that what happened on it calls for.
"""

from __future__ import annotations

import re
from calendar import monthrange
from collections.abc import Callable, Iterator
from dataclasses import dataclass, replace
from datetime import date, timedelta
from typing import Literal

from dateutil.relativedelta import relativedelta

Tense = Literal["future", "past", "near"]
"""When a day without a year is: the next one, the last one, or the nearest to today."""


YEARS_AROUND = 8
"""Years before and after today in which a day is looked for; every 29 February has one on either side."""


@dataclass(frozen=True)
class Spoken:
    """A day as told, and where in the words. ``year`` is None where it was not told; ``day`` 0 is no real day."""

    month: int
    day: int
    year: int | None
    start: int = 0
    end: int = 0


Reading = Callable[["re.Match[str]", date], Spoken | None]

_MONTHS = ("jan", "feb", "mar", "apr", "may", "jun", "jul", "aug", "sep", "oct", "nov", "dec")
_MONTH = (
    r"(?P<name>jan(?:uary)?|feb(?:ruary)?|mar(?:ch)?|apr(?:il)?|may|june?|july?|aug(?:ust)?|sept?(?:ember)?"
    r"|oct(?:ober)?|nov(?:ember)?|dec(?:ember)?)\.?"
)
_DAY = r"(?P<day>\d{1,2})(?:st|nd|rd|th)?"
_YEAR = r"(?P<year>20\d\d|\d\d)"
_LONG_YEAR = r"(?P<year>20\d\d)"
_WEEKDAYS = "월화수목금토일"
_YEARS = {"재작년": -2, "작년": -1, "지난해": -1, "올해": 0, "금년": 0, "내년": 1}
_MONTHS_AWAY = {
    "지난": -1, "저번": -1, "이번": 0, "이": 0, "다음": 1, "담": 1, "다다음": 2, "last": -1, "this": 0, "next": 1,
}  # fmt: skip
_DAYS_AWAY = {
    "그저께": -2, "그제": -2, "어제": -1, "오늘": 0, "금일": 0, "내일": 1, "모레": 2, "글피": 3,
    "the day before yesterday": -2, "yesterday": -1, "today": 0, "tomorrow": 1, "the day after tomorrow": 2,
}  # fmt: skip
_UNITS = {"일": "days", "주": "weeks", "주일": "weeks", "달": "months", "개월": "months"}


def spoken_days(words: str, today: date) -> tuple[Spoken, ...]:
    """Returns the days in the words, in their order; a day that no calendar has (30 February) has ``day`` 0."""
    taken: list[Spoken] = []
    for pattern, reading in _READINGS:
        for match in pattern.finditer(words):
            start, end = match.span()
            if any(start < each.end and each.start < end for each in taken):
                continue
            found = reading(match, today)
            if found:
                taken.append(replace(_real(found), start=start, end=end))
    return tuple(sorted(taken, key=lambda each: each.start))


def dated(spoken: Spoken, tense: Tense, today: date) -> tuple[date, bool]:
    """Returns the day, and whether its year was inferred: it is never told for certain then."""
    if spoken.year is not None:
        return date(spoken.year, spoken.month, spoken.day), False
    found = list(_every_year(spoken, today))
    if tense == "future":
        return next(day for day in found if day >= today), True
    if tense == "past":
        return [day for day in found if day <= today][-1], True
    return min(found, key=lambda day: abs((day - today).days)), True


def _every_year(spoken: Spoken, today: date) -> Iterator[date]:
    """Yields the day in the years around today; 29 February only in leap years."""
    for year in range(today.year - YEARS_AROUND, today.year + YEARS_AROUND + 1):
        if spoken.day <= monthrange(year, spoken.month)[1]:
            yield date(year, spoken.month, spoken.day)


def _real(found: Spoken) -> Spoken:
    leap = 2024  # any leap year: without a year 29 February is a day
    if not 1 <= found.month <= 12 or not 1 <= found.day <= monthrange(found.year or leap, found.month)[1]:
        return replace(found, day=0)
    return found


def _on(day: date) -> Spoken:
    return Spoken(day.month, day.day, day.year)


def _numbers(match: re.Match[str], today: date) -> Spoken:
    """Month and day by number; a first number above twelve is a day (20/12/2026)."""
    year = _full(match["year"]) if match["year"] else None
    month, day = int(match["month"]), int(match["day"])
    return Spoken(day, month, year) if month > 12 >= day and "/" in match[0] else Spoken(month, day, year)


def _full(year: str) -> int:
    return int(year) + (2000 if len(year) <= 2 else 0)


def _korean(match: re.Match[str], today: date) -> Spoken:
    """``12월 20일`` or ``12월 말``, after a year, "last year", or nothing."""
    word = match["word"]
    year = _full(match["year"]) if match["year"] else today.year + _YEARS[word] if word else None
    month = int(match["month"])
    if match["day"]:
        return Spoken(month, int(match["day"]), year)
    last = monthrange(year or today.year, month)[1] if 1 <= month <= 12 else 0
    return Spoken(month, last, year)


def _english(match: re.Match[str], today: date) -> Spoken:
    year = match["year"]
    return Spoken(_MONTHS.index(match["name"][:3].lower()) + 1, int(match["day"]), _full(year) if year else None)


def _of_month(match: re.Match[str], today: date) -> Spoken:
    """``다음 달 5일``, ``the 5th of next month``."""
    first = today.replace(day=1) + relativedelta(months=_MONTHS_AWAY[match["which"].lower()])
    last = monthrange(first.year, first.month)[1]
    return Spoken(first.month, int(match["day"]) if match["day"] else last, first.year)


def _of_week(match: re.Match[str], today: date) -> Spoken:
    monday = today - timedelta(days=today.weekday()) + timedelta(weeks=_MONTHS_AWAY[match["which"]])
    return _on(monday + timedelta(days=_WEEKDAYS.index(match["weekday"])))


def _named(match: re.Match[str], today: date) -> Spoken:
    return _on(today + timedelta(days=_DAYS_AWAY[match[0].lower()]))


def _away(match: re.Match[str], today: date) -> Spoken | None:
    unit = _UNITS.get(match["unit"]) or match["unit"].lower().rstrip("s") + "s"
    back = bool(re.search(r"전|ago", match[0], re.IGNORECASE))
    count = int(match["count"]) * (-1 if back else 1)
    day = today + relativedelta(**{unit: count})  # type: ignore[arg-type]
    return _on(day) if abs(day.year - today.year) <= YEARS_AROUND else None


_READINGS: tuple[tuple[re.Pattern[str], Reading], ...] = tuple(
    (re.compile(pattern, re.IGNORECASE), reading)
    for pattern, reading in (
        (r"(?<![\d.])(?P<year>20\d\d)\s?[-./]\s?(?P<month>\d{1,2})\s?[-./]\s?(?P<day>\d{1,2})(?!\d)", _numbers),
        (r"(?<!\d)(?P<year>20\d\d)(?P<month>0[1-9]|1[0-2])(?P<day>[0-3]\d)(?!\d)", _numbers),
        (
            rf"(?:{_YEAR}년\s*|(?P<word>재작년|작년|지난해|올해|금년|내년)(?:에|의)?\s*)?"
            r"(?<!\d)(?P<month>\d{1,2})월\s*(?:(?P<day>\d{1,2})\s*일?|말일?)(?!\d)",
            _korean,
        ),
        (
            r"(?P<which>다다음|지난|저번|이번|다음|담|이)\s?달\s*(?:(?P<day>\d{1,2})\s*일|말일?)",
            _of_month,
        ),
        (r"(?P<which>지난|저번|이번|다음|담)\s?주\s*(?P<weekday>[월화수목금토일])요일", _of_week),
        (rf"\b{_MONTH}\s*{_DAY}(?:,?\s*{_LONG_YEAR})?(?!\w)", _english),
        (rf"(?<!\d){_DAY}\s*(?:of\s+)?{_MONTH}(?![a-z])(?:,?\s*{_LONG_YEAR})?", _english),
        (rf"(?:the\s+)?{_DAY}\s+(?:of\s+)?(?P<which>last|this|next)\s+month", _of_month),
        (rf"(?P<which>last|this|next)\s+month\s+(?:on\s+)?(?:the\s+)?{_DAY}(?!\d)", _of_month),
        (rf"(?<![\d./])(?P<month>\d{{1,2}})\s?/\s?(?P<day>\d{{1,2}})(?:\s?/\s?{_YEAR})?(?![\d/])", _numbers),
        (r"(?<![\d.])(?P<year>\d\d)\.\s?(?P<month>\d{1,2})\.\s?(?P<day>\d{1,2})(?!\d)", _numbers),
        (r"(?<![\d.])(?P<year>)(?P<month>\d{1,2})\.\s?(?P<day>\d{1,2})(?=\.?\s*(?:까지|에|일|$))", _numbers),
        ("|".join(sorted(_DAYS_AWAY, key=len, reverse=True)), _named),
        (
            r"(?<!\d)(?P<count>\d{1,3})\s*(?P<unit>일|주일|주|달|개월)\s*(?:뒤|후|전)(?=에|이|쯤|[\s,.]|$)",
            _away,
        ),
        (r"\bin\s+(?P<count>\d{1,3})\s+(?P<unit>days?|weeks?|months?)\b", _away),
        (r"(?<!\d)(?P<count>\d{1,3})\s+(?P<unit>days?|weeks?|months?)\s+(?:ago|from now|from today)\b", _away),
    )
)
"""How days are told, the surest form first; what one form has taken no other reads again."""
