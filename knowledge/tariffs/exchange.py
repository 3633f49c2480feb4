"""What a sum is in won, by the reference rates of the European Central Bank or the asker's own rate.

The rates are those bundled with the package currencyconverter: for orientation only. Customs offices and banks use
their own.
"""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date
from decimal import Decimal
from functools import lru_cache

from currency_converter import CurrencyConverter

STEP = Decimal("0.000001")
"""Reference crosses are rounded to this many won."""


@dataclass(frozen=True)
class Exchange:
    """Won for one unit of a currency; ``as_of`` is the day of the reference rate, None for the asker's own rate."""

    currency: str
    won: Decimal
    as_of: date | None = None


def reference(currency: str) -> Exchange | None:
    """Returns the newest reference rate; None where the bank publishes none (any more) for the currency.

    The bank quotes currencies for one euro: won for one unit = (won for one euro) ÷ (units for one euro), both of
    the same day.
    """
    if currency == "KRW":
        return Exchange("KRW", Decimal(1))
    converter = _converter()
    bounds, won = converter.bounds.get(currency), converter.bounds["KRW"]
    if bounds is None or bounds.last_date != won.last_date:
        return None
    rate = converter.convert(1, currency, "KRW", date=won.last_date)
    return Exchange(currency, rate.quantize(STEP), won.last_date)


@lru_cache(maxsize=1)
def _converter() -> CurrencyConverter:
    return CurrencyConverter(decimal=True)
