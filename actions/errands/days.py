"""Which day it is for the firm, and a day as people write it."""

from __future__ import annotations

from datetime import date, datetime
from zoneinfo import ZoneInfo

from babel.dates import format_date

from knowledge.record import Language

SEOUL = ZoneInfo("Asia/Seoul")


def today() -> date:
    """Returns the day it is in Korea."""
    return datetime.now(SEOUL).date()


def written(day: date, language: Language) -> str:
    """Returns a day with its weekday, as people write it."""
    return format_date(day, "full", locale=language)
