"""Dates as people write them: 2019년 3월 2일, 2019.3.2, 2 March 2019, and where it will do 2019년 or March 2019."""

from __future__ import annotations

import re
from datetime import date, datetime
from zoneinfo import ZoneInfo

from actions.cases.fields import Field
from actions.cases.mistakes import Mistake

SEOUL = ZoneInfo("Asia/Seoul")
FIRST_YEAR = 1850
"""The year before which nothing here can have happened (Korea's oldest firms date from the 1890s)."""

_MONTHS = ("jan", "feb", "mar", "apr", "may", "jun", "jul", "aug", "sep", "oct", "nov", "dec")
_MONTH = r"(?P<month>jan|feb|mar|apr|may|jun|jul|aug|sep|oct|nov|dec)[a-z]*\.?"
_SHAPES = [
    re.compile(shape, re.IGNORECASE)
    for shape in (
        r"(?<!\d)(?P<year>\d{4})\s?(?:년|[-./])\s?(?P<month>\d{1,2})\s?(?:월|[-./])\s?(?P<day>\d{1,2})(?!\d)",
        r"(?<!\d)(?P<year>\d{4})(?P<month>\d{2})(?P<day>\d{2})(?!\d)",
        rf"(?<!\d)(?P<day>\d{{1,2}})(?:st|nd|rd|th)?\s(?:of\s)?{_MONTH},?\s(?P<year>\d{{4}})(?!\d)",
        rf"{_MONTH}\s(?P<day>\d{{1,2}})(?:st|nd|rd|th)?,?\s(?P<year>\d{{4}})(?!\d)",
        r"(?<!\d)(?P<year>\d{4})\s?(?:년|[-./])\s?(?P<month>\d{1,2})(?:\s?월|(?!\d))",
        rf"{_MONTH}\s(?P<year>\d{{4}})(?!\d)",
        r"(?<!\d)(?P<year>\d{4})(?!\d)",
    )
]


def day_in(field: Field, words: str) -> str:
    """Returns the date in ISO 8601, only as exact as it was said.

    Raises:
        Mistake: There is none, it does not exist, it is not exact enough, or lies where it can't.
    """
    match = next((match for match in (shape.search(words) for shape in _SHAPES) if match), None)
    if match is None:
        raise Mistake(field, "date")
    told = match.groupdict()
    month = _month(told.get("month"))
    try:
        found = date(int(told["year"]), month or 1, int(told.get("day") or 1))
    except ValueError as error:
        raise Mistake(field, "date") from error
    if not told.get("day") and not field.partial:
        raise Mistake(field, "whole_date")
    if found.year < FIRST_YEAR:
        raise Mistake(field, "date")
    if field.past and found > datetime.now(SEOUL).date():
        raise Mistake(field, "future")
    return found.isoformat()[: 10 if told.get("day") else 7 if month else 4]


def _month(told: str | None) -> int | None:
    if told is None:
        return None
    return int(told) if told.isdigit() else _MONTHS.index(told[:3].lower()) + 1
