"""Reads the period in which firms may apply, as offices write it: two dates, one date, or words.

What cannot be read for certain stays unknown; the words themselves are always kept and told.
"""

from __future__ import annotations

import re
import unicodedata
from collections.abc import Callable
from dataclasses import dataclass
from datetime import date, datetime
from zoneinfo import ZoneInfo

KOREA = ZoneInfo("Asia/Seoul")
NO_END_YEAR = 2100
"""Offices write dates such as 9999-12-31 for "no end"; a year from here on is not taken for a deadline."""

_DAY = re.compile(
    r"(?<!\d)(?:(\d{4})(\d{2})(\d{2})|(\d{4})\s*[-./년]\s*(\d{1,2})\s*[-./월]\s*(\d{1,2}))(?!\d)\s*[일.]?"
)
_TILDES = re.compile("[~∼〜]")
_ALWAYS = re.compile("상시|수시|연중")
_UNTIL = re.compile("까지|마감")
_FROM = re.compile("부터")


@dataclass(frozen=True)
class Period:
    """When firms may apply.

    Attributes:
        words: The period as the office wrote it.
        opens: First day, or None where unknown.
        closes: Last day (included), or None where unknown or without end.
        always_open: True where the office takes applications all the time and names no last day.
    """

    words: str
    opens: date | None = None
    closes: date | None = None
    always_open: bool = False


def korean_day(moment: datetime | None = None) -> date:
    """Returns the calendar day in Korea, on which deadlines run; now, or of a moment with a time zone."""
    return (moment or datetime.now(KOREA)).astimezone(KOREA).date()


def read_period(words: str) -> Period:
    """Returns the period that ``words`` state.

    Several periods one after the other count from the first day of the first to the last day of the last. A period
    that ends before it begins is a slip of the office: both days stay unknown.
    """
    plain = _TILDES.sub("~", unicodedata.normalize("NFKC", words))
    opens, closes = _days(plain)
    if opens and closes and closes < opens:
        opens = closes = None
    return Period(words, opens, closes, always_open=closes is None and bool(_ALWAYS.search(plain)))


def _days(plain: str) -> tuple[date | None, date | None]:
    sides = plain.split("~")
    if len(sides) == 1:
        return _lone_day(plain)
    if len(sides) == 2:
        return _day(sides[0], min), _day(sides[1], max)
    # 1차 A~B, 2차 C~D splits into A | B, 2차 C | D: a last day that cannot be read makes the end unknown.
    return _day(sides[0], min), _day(sides[-1], max)


def _lone_day(plain: str) -> tuple[date | None, date | None]:
    """One day without a tilde is a first or a last day only where the words say so."""
    found = _day(plain, max)
    if found and _UNTIL.search(plain) and not _FROM.search(plain):
        return None, found
    if found and _FROM.search(plain) and not _UNTIL.search(plain):
        return found, None
    return None, None


def _day(text: str, which: Callable[[list[date]], date]) -> date | None:
    """The earliest or latest day in ``text``; None where there is none or one of them is no day of the calendar."""
    days: list[date] = []
    for match in _DAY.finditer(text):
        year, month, day = (int(part) for part in match.groups() if part)
        try:
            days.append(date(year, month, day))
        except ValueError:
            return None
    if not days or max(days).year >= NO_END_YEAR:
        return None
    return which(days)
