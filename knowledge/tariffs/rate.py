"""A rate of duty as tariffs print it: free, a percentage, an amount a unit, both, a ceiling, or only words."""

from __future__ import annotations

import re
from dataclasses import dataclass, replace
from decimal import ROUND_FLOOR, Decimal
from typing import Literal

RateKind = Literal["free", "ad_valorem", "specific", "compound", "text"]

_NUMBER = r"(\d+(?:\.\d+)?|\.\d+)"
_PERCENT = re.compile(rf"{_NUMBER}\s*%")
_CENTS = re.compile(rf"{_NUMBER}\s*¢\s*(?:/\s*)?([A-Za-z][A-Za-z². ³\d]*)")
_MONEY = re.compile(rf"\$\s*{_NUMBER}\s*(?:/\s*)?([A-Za-z][A-Za-z². ³\d]*)")
_OTHER_MONEY = re.compile(rf"{_NUMBER}\s*([A-Z]{{3}})\s*/\s*([A-Za-z][A-Za-z²³\d]*)")


@dataclass(frozen=True)
class Specific:
    """An amount of money for each unit of quantity: ``amount`` in ``currency`` for one ``unit`` (kg, liter, each)."""

    amount: Decimal
    currency: str
    unit: str


@dataclass(frozen=True)
class Span:
    """An amount that is known to lie between two bounds; one value where both are the same."""

    low: Decimal
    high: Decimal

    @classmethod
    def of(cls, value: Decimal) -> Span:
        """Returns the span that is one value."""
        return cls(value, value)

    def less(self, other: Span) -> Span:
        """Returns this amount minus another, never below zero."""
        zero = Decimal(0)
        return Span(max(zero, self.low - other.high), max(zero, self.high - other.low))


@dataclass(frozen=True)
class Rate:
    """A rate of duty.

    Attributes:
        text: How it is written.
        percent: Percentage of the customs value; None where there is none or it can't be read.
        specifics: Amounts by quantity, added to each other and to the percentage.
        ceiling: The rate is not fixed: it may be anything from free up to this.
    """

    text: str
    percent: Decimal | None = None
    specifics: tuple[Specific, ...] = ()
    ceiling: bool = False

    @property
    def kind(self) -> RateKind:
        """What kind of rate it is; ``text`` where it is only words."""
        if self.specifics:
            return "specific" if self.percent is None else "compound"
        if self.percent is None:
            return "text"
        return "ad_valorem" if self.percent else "free"

    def same(self, other: Rate) -> bool:
        """Tells whether both come to the same, however they are written; words are the same only as words."""
        if self.kind == "text" or other.kind == "text":
            return self == other
        return (self.percent, self.specifics, self.ceiling) == (other.percent, other.specifics, other.ceiling)

    def duty(self, value: Decimal) -> Span | None:
        """Returns the duty on goods of that customs value, not rounded; None where the value alone does not tell.

        Free and percentages: value × percent ÷ 100. Amounts by quantity need the quantity, and words a person.
        """
        if self.kind not in ("free", "ad_valorem"):
            return None
        assert self.percent is not None
        full = value * self.percent / 100
        return Span(Decimal(0), full) if self.ceiling else Span.of(full)

    def scaled(self, share: Decimal, percent_step: Decimal, money_step: Decimal) -> Rate | None:
        """Returns ``share`` (0 to 1) of this rate, each part rounded down to a multiple of its step.

        Words can't be scaled: None, unless all or nothing is left of them.
        """
        if share == 1:
            return self
        if share == 0:
            return percentage(Decimal(0))
        if self.kind == "text":
            return None
        percent = None if self.percent is None else _down(self.percent * share, percent_step)
        specifics = tuple(replace(part, amount=_down(part.amount * share, money_step)) for part in self.specifics)
        return Rate(_written(percent, specifics), percent, specifics)


def percentage(percent: Decimal) -> Rate:
    """Returns an ad valorem rate."""
    return Rate(f"{plain(percent)}%", percent)


def at_most(percent: Decimal) -> Rate:
    """Returns a rate known only to be no higher than ``percent``."""
    return Rate(f"≤{plain(percent)}%", percent, ceiling=True)


def plain(number: Decimal) -> str:
    """Returns a number without exponent and trailing zeros: 5.20 → 5.2, 1E+1 → 10."""
    text = f"{number:f}"
    return text.rstrip("0").rstrip(".") if "." in text else text


def parse_rate(text: str) -> Rate:
    """Reads a rate; what is neither free, percentages nor money by quantity is kept as words.

    The notation is that of the US tariff (``Free``, ``6.5%``, ``37.2¢/kg + 8.5%``, ``$1.035/kg``, ``40¢ each``), and
    ``1.3 CNY/kg`` for other currencies. A percentage of a part of the goods (``on the case``) stays words, because the
    value of the part is not known here.
    """
    text = " ".join(text.split())
    if text.casefold() == "free":
        return Rate(text, Decimal(0))
    percent: Decimal | None = None
    specifics: list[Specific] = []
    for part in text.split("+"):
        if found := _PERCENT.fullmatch(part.strip()):
            if percent is not None:
                return Rate(text)
            percent = Decimal(found[1])
        elif specific := _specific(part.strip()):
            specifics.append(specific)
        else:
            return Rate(text)
    return Rate(text, percent, tuple(specifics))


def _specific(part: str) -> Specific | None:
    if found := _CENTS.fullmatch(part):
        return Specific(Decimal(found[1]) / 100, "USD", found[2].strip())
    if found := _MONEY.fullmatch(part):
        return Specific(Decimal(found[1]), "USD", found[2].strip())
    if found := _OTHER_MONEY.fullmatch(part):
        return Specific(Decimal(found[1]), found[2], found[3])
    return None


def _written(percent: Decimal | None, specifics: tuple[Specific, ...]) -> str:
    parts = [f"{plain(part.amount)} {part.currency}/{part.unit}" for part in specifics]
    return " + ".join([*parts, *([] if percent is None else [f"{plain(percent)}%"])])


def _down(number: Decimal, step: Decimal) -> Decimal:
    return (number / step).to_integral_value(ROUND_FLOOR) * step
