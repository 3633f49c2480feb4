"""Sums and numbers as people write them: 12억 5천만 원, 1.2 million dollars, 3,000, 5만 불."""

from __future__ import annotations

import re
from dataclasses import dataclass
from decimal import Decimal

_SCALES = {
    "십": 10, "백": 100, "천": 10**3, "만": 10**4, "십만": 10**5, "백만": 10**6, "천만": 10**7,
    "억": 10**8, "십억": 10**9, "백억": 10**10, "천억": 10**11, "조": 10**12,
    "thousand": 10**3, "k": 10**3, "million": 10**6, "m": 10**6, "billion": 10**9, "bn": 10**9,
}  # fmt: skip
_CURRENCIES = {
    "달러": "USD", "불": "USD", "usd": "USD", "dollar": "USD", "dollars": "USD", "us$": "USD", "$": "USD",
    "원": "KRW", "krw": "KRW", "won": "KRW", "₩": "KRW",
    "유로": "EUR", "eur": "EUR", "euro": "EUR", "euros": "EUR", "€": "EUR",
    "엔": "JPY", "jpy": "JPY", "yen": "JPY", "위안": "CNY", "cny": "CNY", "yuan": "CNY",
}  # fmt: skip
_SCALE = r"천억|백억|십억|천만|백만|십만|천|백|십|만|억|조|thousand|million|billion|bn|k|m"
_NUMBER = r"\d{1,3}(?:,\d{3})+(?:\.\d+)?|\d+(?:\.\d+)?"
_PART = re.compile(rf"(?P<number>{_NUMBER})(?:\s?(?P<scale>{_SCALE})(?![A-Za-z]))?", re.IGNORECASE)
_UNIT = r"달러|불|원|유로|엔|위안|usd|krw|won|dollars?|euros?|eur|yen|jpy|yuan|cny"
_SUM = re.compile(
    rf"(?P<sign>us\$|[$₩€]|(?<![A-Za-z])(?:USD|KRW|EUR|JPY|CNY))?\s?"
    rf"(?P<parts>(?:{_NUMBER})(?:\s?(?:{_SCALE})(?![A-Za-z]))?(?:\s?(?:{_NUMBER})\s?(?:{_SCALE})(?![A-Za-z]))*)"
    rf"(?:\s?(?:us\s)?(?P<unit>{_UNIT})(?![A-Za-z]))?",
    re.IGNORECASE,
)


@dataclass(frozen=True)
class Sum:
    """A whole number as said; ``currency`` is ISO 4217, or None where none was named."""

    number: int
    currency: str | None


def sums(text: str) -> tuple[Sum, ...]:
    """Returns every number in a text; a fraction of a unit is dropped."""
    return tuple(_sum(match) for match in _SUM.finditer(text))


def _sum(match: re.Match[str]) -> Sum:
    total = sum(
        (
            Decimal(part["number"].replace(",", "")) * _SCALES[(part["scale"] or "").lower()]
            if part["scale"]
            else Decimal(part["number"].replace(",", ""))
            for part in _PART.finditer(match["parts"])
        ),
        Decimal(0),
    )
    unit = (match["unit"] or match["sign"] or "").lower()
    return Sum(int(total), _CURRENCIES.get(unit))
