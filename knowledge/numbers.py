"""Numbers of the law as typed facts: days, percents, amounts, each with its article, named in texts by ``<<id>>``.

A number stands in one place of the pack (``numbers/*.yaml``), so that a change of the law is made once. Texts of
records name it; what people read is made from it here.
"""

from __future__ import annotations

import re
from collections.abc import Iterator, Mapping
from enum import StrEnum
from pathlib import Path
from typing import Annotated, Any

from pydantic import Field

from knowledge.record import Language, Source, Strict

FOLDER = "numbers"

NAMED = re.compile(r"<<([a-z0-9.-]+)>>")
"""How a text names a number."""

_DIGITS = re.compile(r"\d[\d,.]*")


class Unit(StrEnum):
    """What a number counts."""

    DAYS = "days"
    WORKING_DAYS = "working_days"
    MONTHS = "months"
    YEARS = "years"
    HOURS = "hours"
    PERCENT = "percent"
    KRW = "krw"
    USD = "usd"
    EUR = "eur"
    COUNT = "count"


class Number(Strict):
    """One number of the law or of a treaty.

    Attributes:
        id: Name by which texts, calendars and calculators call it.
        value: In ``unit``.
        unit: What it counts; money in whole won, US dollars or euros.
        of: What it is the number of, in both languages.
        source: The article that sets it.
    """

    id: Annotated[str, Field(pattern=r"^[a-z0-9][a-z0-9.-]*$")]
    value: float
    unit: Unit
    of: dict[Language, str]
    source: Source

    def said(self, language: Language) -> str:
        """Returns the number as people read it: ``30일``, ``1,000만 원``, ``USD 1,000``."""
        if self.unit is Unit.KRW:
            return _won(int(self.value), language)
        figure = f"{self.value:,.10g}" if self.value < 1e9 else f"{self.value:,.0f}"
        if language == "ko":
            return _KOREAN[self.unit].format(figure)
        return _ENGLISH[self.unit].format(figure, "" if self.value == 1 else "s")


_KOREAN = {
    Unit.DAYS: "{}일",
    Unit.WORKING_DAYS: "{}영업일",
    Unit.MONTHS: "{}개월",
    Unit.YEARS: "{}년",
    Unit.HOURS: "{}시간",
    Unit.PERCENT: "{}%",
    Unit.USD: "{}달러",
    Unit.EUR: "{}유로",
    Unit.COUNT: "{}",
}
_ENGLISH = {
    Unit.DAYS: "{} day{}",
    Unit.WORKING_DAYS: "{} working day{}",
    Unit.MONTHS: "{} month{}",
    Unit.YEARS: "{} year{}",
    Unit.HOURS: "{} hour{}",
    Unit.PERCENT: "{}%",
    Unit.USD: "USD {}",
    Unit.EUR: "EUR {}",
    Unit.COUNT: "{}",
}


def _won(amount: int, language: Language) -> str:
    """Korean counts in 만 (10,000) and 억 (100 million); English in thousands and millions."""
    if language == "en":
        return f"{amount / 1e6:,.10g} million won" if amount >= 1e6 else f"{amount:,} won"
    if amount % 10_000:
        return f"{amount:,}원"
    large, small = divmod(amount // 10_000, 10_000)
    parts = [f"{large:,}억" if large else "", f"{small:,}만" if small else ""]
    return " ".join(part for part in parts if part) + " 원"


class UnknownNumber(ValueError):
    """A text names a number that the pack does not have."""


def resolved(item: Any, language: Language, numbers: Mapping[str, Number], used: set[str]) -> Any:
    """Returns a text, list or mapping with every ``<<id>>`` said in ``language``; adds the ids to ``used``.

    Raises:
        UnknownNumber: An id is none of ``numbers``.
    """
    if isinstance(item, str):
        return NAMED.sub(lambda found: _said(found[1], language, numbers, used), item)
    if isinstance(item, dict):
        return {key: resolved(value, language, numbers, used) for key, value in item.items()}
    if isinstance(item, list | tuple):
        return [resolved(value, language, numbers, used) for value in item]
    return item


def _said(name: str, language: Language, numbers: Mapping[str, Number], used: set[str]) -> str:
    if name not in numbers:
        raise UnknownNumber(f"<<{name}>> is no number of this pack ({FOLDER}/)")
    used.add(name)
    return numbers[name].said(language)


def loose(text: str, allowed: re.Pattern[str]) -> Iterator[str]:
    """Yields every number written out in a text, outside ``<<…>>`` and outside what ``allowed`` matches."""
    rest = allowed.sub(" ", NAMED.sub(" ", text))
    yield from (found[0].rstrip(",.") for found in _DIGITS.finditer(rest))


def allowed_in(pack: Path, read: Any) -> re.Pattern[str]:
    """Returns what may hold digits and is no number of the law (``numbers/names.txt``: article, form, name)."""
    path = pack / FOLDER / "names.txt"
    lines = read(path) if path.exists() else []
    patterns = [line for line in lines if line.strip() and not line.startswith("#")]
    return re.compile("|".join(f"(?:{pattern})" for pattern in patterns) or r"(?!)")
