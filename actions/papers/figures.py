"""Amounts, shares and countries as a paper writes them, in the reader's language."""

from __future__ import annotations

from decimal import Decimal
from fractions import Fraction

from babel import Locale
from babel.numbers import format_decimal

from actions.texts import text
from knowledge.origin.materials import Bounds
from knowledge.record import Language


def number(amount: Decimal | Fraction | float, language: Language) -> str:
    """Returns a number with thousands grouped and at most four decimals."""
    exact = Decimal(amount.numerator) / Decimal(amount.denominator) if isinstance(amount, Fraction) else amount
    return format_decimal(Decimal(str(exact)), format="#,##0.####", locale=language)


def money(amount: Decimal | Fraction | float, currency: str | None, language: Language) -> str:
    """Returns an amount with the code of its currency, where there is one."""
    return f"{number(amount, language)} {currency or ''}".strip()


def percent(part: Decimal, whole: Decimal, language: Language) -> str:
    """Returns what percentage ``part`` is of ``whole``, with two decimals at most."""
    return f"{format_decimal(part * 100 / whole, format='#,##0.##', locale=language)}%"


def bounded(bounds: Bounds, currency: str | None, language: Language) -> str:
    """Returns an amount as far as it is known: exactly, between two amounts, at least, at most, or not at all."""
    low = money(bounds.low, currency, language)
    high = None if bounds.high is None else money(bounds.high, currency, language)
    if bounds.exact:
        return low
    if high is None:
        return text("paper_rvc_at_least", language, amount=low) if bounds.low else text("paper_rvc_open", language)
    if not bounds.low:
        return text("paper_rvc_at_most", language, amount=high)
    return text("paper_rvc_between", language, low=low, high=high)


def country(code: str | None, language: Language) -> str:
    """Returns the name of a country given by its ISO code, the code itself where it is unknown, '' for None."""
    return str(Locale(language).territories.get(code, code)) if code else ""
