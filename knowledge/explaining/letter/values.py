"""Reads the values of a letter of credit (dates, money, tolerance, days) strictly: what has two readings has none."""

from __future__ import annotations

import re
from collections.abc import Iterator
from dataclasses import dataclass
from datetime import date
from decimal import Decimal
from typing import Literal

from babel.core import get_global

Trouble = Literal["unreadable", "ambiguous"]

_MONTHS = {name: number for number, name in enumerate("jan feb mar apr may jun jul aug sep oct nov dec".split(), 1)}
_MONTH = r"(?P<month>jan|feb|mar|apr|may|jun|jul|aug|sep|oct|nov|dec)[a-z]*"
_NAMED = (
    re.compile(
        rf"(?<!\d)(?P<day>\d{{1,2}})(?:st|nd|rd|th)?[\s./,-]*{_MONTH}[\s.,/-]*(?P<year>\d{{4}}|\d{{2}})(?!\d)", re.I
    ),
    re.compile(rf"\b{_MONTH}[\s.,/-]*(?P<day>\d{{1,2}})(?:st|nd|rd|th)?[\s.,/-]+(?P<year>\d{{4}})(?!\d)", re.I),
)
_YEAR_FIRST = re.compile(
    r"(?<!\d)(?P<year>20\d\d)\s*(?:[-./]|년)\s*(?P<month>\d{1,2})\s*(?:[-./]|월)\s*(?P<day>\d{1,2})\s*일?(?!\d)"
)
_EIGHT = re.compile(r"(?<!\d)(?P<year>20\d\d)(?P<month>\d\d)(?P<day>\d\d)(?!\d)")
_SIX = re.compile(r"(?<!\d)\d(?:[ ]?\d){5}(?!\d)")
_YEAR_LAST = re.compile(r"(?<!\d)(\d{1,2})[-./](\d{1,2})[-./](20\d\d)(?!\d)")
_TWO_EACH = re.compile(r"(?<!\d)(\d{1,2})[-./](\d{1,2})[-./](\d{1,2})(?!\d)")
_LOOKS_LIKE_DATE = re.compile(r"\d")

_CURRENCY = r"(?P<currency>[A-Z]{3}|US\s?\$|\$|€|£|¥|US\s+DOLLARS?)"
_MONEY = re.compile(rf"{_CURRENCY}\s*\.?\s*(?P<amount>\d[\d.,' ]*)", re.IGNORECASE)
_MONEY_BEHIND = re.compile(r"(?P<amount>\d[\d.,']*)\s*(?P<currency>[A-Z]{3}|달러|유로|원|엔)", re.IGNORECASE)
_SIGNS = {
    "us$": "USD",
    "€": "EUR",
    "£": "GBP",
    "usdollar": "USD",
    "usdollars": "USD",
    "달러": "",
    "유로": "EUR",
    "원": "KRW",
    "엔": "JPY",
}
_THREE_DECIMALS = frozenset({"BHD", "IQD", "JOD", "KWD", "LYD", "OMR", "TND"})
_NO_DECIMALS = frozenset({"JPY", "KRW", "VND", "CLP", "ISK"})

_TOLERANCE = re.compile(r"(?<!\d)(?P<plus>\d{1,2})\s*/\s*(?P<minus>\d{1,2})(?!\d)")
_ONE_TOLERANCE = re.compile(
    r"(?:\+\s*/\s*-|±|plus\s*(?:or|/)\s*minus)\s*(?P<a>\d{1,2})\s*(?:%|pct|percent|per\s*cent)?"
    r"|(?P<b>\d{1,2})\s*(?:%|pct\.?|percent|per\s*cent|퍼센트)\s*(?:more\s*(?:or|/)\s*less|plus\s*(?:or|/)\s*minus|\+\s*/\s*-|과부족)",
    re.IGNORECASE,
)
_DAYS = re.compile(
    r"(?<!\d)0*(?P<days>\d{1,3})\s*\)?\s*(?:calendar\s+|banking\s+|working\s+|business\s+)?(?:days?|일)", re.IGNORECASE
)
_BARE_DAYS = re.compile(r"^\W*0*(?P<days>\d{1,3})(?=\s*(?:/|$|from|after|\n))", re.IGNORECASE)
_OTHER_EVENT = re.compile(
    r"\b(?:after|from|of)\s+(?:the\s+)?(?:date\s+of\s+)?(?:invoice|receipt|arrival|issue|issuance|inspection|delivery|acceptance)\b",
    re.I,
)


@dataclass(frozen=True)
class Day:
    """A day read from a field, or why it could not be; ``rest`` is what else stood there (a place, say)."""

    value: date | None
    trouble: Trouble | None
    rest: str


@dataclass(frozen=True)
class Money:
    """A sum read from a field; ``amount`` is None where it could not be read, ``known`` tells of the currency."""

    currency: str
    amount: Decimal | None
    known: bool = True


@dataclass(frozen=True)
class Tolerance:
    """Percent by which a sum may be higher and lower."""

    plus: int
    minus: int


@dataclass(frozen=True)
class Period:
    """Days within which papers are due; ``after_shipment`` is False where they count from another event."""

    days: int
    after_shipment: bool


def read_day(text: str) -> Day:
    """Returns the first day named in ``text``; two possible readings and impossible days are trouble, not guessed."""
    for start, end, readings in _days(text):
        rest = (text[:start] + " " + text[end:]).strip(" \t\n.,:;-")
        possible = sorted({found for each in readings if (found := _day(*each))})
        if len(possible) == 1:
            return Day(possible[0], None, rest)
        return Day(None, "ambiguous" if possible else "unreadable", rest)
    return Day(None, "unreadable", text.strip())


def _days(text: str) -> Iterator[tuple[int, int, list[tuple[int, int, int]]]]:
    """Yields where something like a day stands and its possible readings as (year, month, day)."""
    for pattern in _NAMED:
        for match in pattern.finditer(text):
            month = _MONTHS[match["month"][:3].lower()]
            yield match.start(), match.end(), [(_year(match["year"]), month, int(match["day"]))]
    for pattern in (_YEAR_FIRST, _EIGHT):
        for match in pattern.finditer(text):
            yield match.start(), match.end(), [(int(match["year"]), int(match["month"]), int(match["day"]))]
    for match in _YEAR_LAST.finditer(text):
        one, two, year = map(int, match.groups())
        yield match.start(), match.end(), [(year, two, one), (year, one, two)]
    for match in _TWO_EACH.finditer(text):
        one, two, three = map(int, match.groups())
        readings = [(2000 + one, two, three), (2000 + three, two, one), (2000 + three, one, two)]
        yield match.start(), match.end(), readings
    for match in _SIX.finditer(text):
        digits = match.group().replace(" ", "")
        yield match.start(), match.end(), [(2000 + int(digits[:2]), int(digits[2:4]), int(digits[4:]))]


def _year(written: str) -> int:
    return int(written) if len(written) == 4 else 2000 + int(written)


def _day(year: int, month: int, day: int) -> date | None:
    try:
        return date(year, month, day)
    except ValueError:
        return None


def read_money(text: str) -> Money | None:
    """Returns the first sum named in ``text``, or None where there is none."""
    match = _MONEY.search(text) or _MONEY_BEHIND.search(text)
    if match is None:
        return None
    written = match["currency"]
    currency = _SIGNS.get(re.sub(r"\s", "", written).lower(), written.upper())
    amount = _amount(re.sub(r"[\s']", "", match["amount"]).rstrip("."), currency)
    return Money(currency, amount, known=currency in _currencies())


def _currencies() -> set[str]:
    return {str(entry[0]) for listed in get_global("territory_currencies").values() for entry in listed}


def _amount(written: str, currency: str) -> Decimal | None:
    """Reads thousands and decimals; None where one sign could be either (50.000, or 50,000 dinars)."""
    decimals = 3 if currency in _THREE_DECIMALS else 0 if currency in _NO_DECIMALS else 2
    if re.fullmatch(r"\d+", written):
        return Decimal(written)
    if re.fullmatch(r"\d+,", written) or re.fullmatch(r"\d{1,3}(?:,\d{3})+,", written):  # SWIFT writes no zero cents
        return Decimal(written.replace(",", ""))
    if re.fullmatch(r"\d{1,3}(?:,\d{3})+\.\d{1,3}", written):
        return Decimal(written.replace(",", ""))
    if re.fullmatch(r"\d{1,3}(?:\.\d{3})+,\d{1,3}", written):
        return Decimal(written.replace(".", "").replace(",", "."))
    if re.fullmatch(r"\d{1,3}(?:,\d{3})+", written):
        return None if decimals == 3 and written.count(",") == 1 else Decimal(written.replace(",", ""))
    if re.fullmatch(r"\d{1,3}(?:\.\d{3}){2,}", written):
        return Decimal(written.replace(".", ""))
    if re.fullmatch(r"\d+[.,]\d{1,2}", written):
        return Decimal(written.replace(",", "."))
    return None


def read_tolerance(text: str) -> Tolerance | None:
    """Returns by how many percent a sum may differ, or None where nothing readable is said."""
    if match := _TOLERANCE.search(text):
        return Tolerance(int(match["plus"]), int(match["minus"]))
    if match := _ONE_TOLERANCE.search(text):
        percent = int(match["a"] or match["b"])
        return Tolerance(percent, percent)
    return None


def read_period(text: str) -> Period | None:
    """Returns the days within which papers are due, or None where no number of days can be read."""
    match = _BARE_DAYS.search(text) or _DAYS.search(text)
    if match is None or not 0 < int(match["days"]) <= 365:
        return None
    return Period(int(match["days"]), not _OTHER_EVENT.search(text))
