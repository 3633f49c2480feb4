"""Short answers to a question that was asked: yes, no, not known; a sum of money; where a price ends (Incoterms)."""

from __future__ import annotations

import re
from dataclasses import dataclass
from decimal import Decimal
from typing import Literal

Answer = Literal["yes", "no", "unknown"]

_UNKNOWN = re.compile(
    r"모르|몰라|글쎄|아직|잘\s*모|확실(?:하지|치)\s*않|don'?t know|not sure|no idea|unknown|unsure|idk", re.IGNORECASE
)
_NO = re.compile(
    r"^(?:아니|아뇨|안\s|안해|안\s*해|없|노\b|ㄴㄴ|no\b|nope|none|nothing|never|not\b)|없어|없습니|없음|아니[에요오]|안\s*(?:했|받|거)",
    re.IGNORECASE,
)
_YES = re.compile(
    r"^(?:네|넵|넹|예\b|예요|응|어\b|ㅇㅇ|맞|그래|그렇|당연|yes\b|yep|yeah|sure|right|of course)|맞아|있어요|했어요"
    r"|받았어요|해요$",
    re.IGNORECASE,
)
_SCALE = {"": 1, "천": 10**3, "만": 10**4, "백만": 10**6, "천만": 10**7, "억": 10**8}
_UNIT = {
    "$": "USD", "달러": "USD", "불": "USD", "usd": "USD", "dollar": "USD", "dollars": "USD",
    "₩": "KRW", "원": "KRW", "krw": "KRW", "won": "KRW",
    "€": "EUR", "유로": "EUR", "eur": "EUR", "euro": "EUR", "euros": "EUR",
    "¥": "JPY", "엔": "JPY", "jpy": "JPY", "yen": "JPY",
    "위안": "CNY", "cny": "CNY", "rmb": "CNY", "yuan": "CNY",
    "£": "GBP", "파운드": "GBP", "gbp": "GBP", "pounds": "GBP",
    "동": "VND", "vnd": "VND",
    "센트": "USD", "cent": "USD", "cents": "USD", "¢": "USD", "펜스": "GBP", "pence": "GBP",
}  # fmt: skip
_HUNDREDTHS = frozenset({"센트", "cent", "cents", "¢", "펜스", "pence"})
_AND_CENTS = re.compile(r"\s*(?:and\s+)?(?P<number>\d{1,2})\s?(?:센트|cents?\b|¢|펜스|pence\b)", re.IGNORECASE)
"""The cents after whole dollars, euros or pounds."""

_MONEY = re.compile(
    r"(?P<sign>[$€¥₩£]|(?<![A-Za-z])(?:USD|KRW|EUR|JPY|CNY|GBP|VND|RMB)(?=\s?\d))?\s?(?P<number>\d[\d,]*+(?:\.\d+)?+)"
    r"(?!\s?(?:%|퍼센트|프로|kg|g\b|그램|킬로|개|ml|리터|장|박스|상자|mm|cm|종|가지))\s?(?P<scale>천만|백만|억|만|천)?\s?"
    r"(?P<unit>달러|불|원|유로|엔|위안|파운드|동(?!\S)|센트|펜스|¢|cents?\b|pence\b|euros?|usd|eur|krw|jpy|cny|gbp|vnd|rmb|dollars?|won|yen|yuan|pounds?)?",
    re.IGNORECASE,
)
_SPELLED = re.compile(
    r"(?<![가-힣\d])(?P<words>[일이삼사오육칠팔구]?[십백천만억][일이삼사오육칠팔구십백천만억]*|[일이삼사오육칠팔구](?=달러|불|유로))"
    r"\s?(?P<unit>달러|불|원|유로|엔|위안|파운드|센트|펜스)(?![단료재가산목화피형])"
)
"""A sum in Korean number words: 만원, 오천원, 삼만 오천 원 is written without digits as often as with them."""

_DIGITS = {letter: number for number, letter in enumerate("일이삼사오육칠팔구", 1)}
_TENS = {"십": 10, "백": 100, "천": 1000}
_MYRIADS = {"만": 10**4, "억": 10**8}
_TERM = re.compile(r"(?<![A-Z])(EXW|FCA|FAS|FOB|CFR|CIF|CPT|CIP|DAP|DPU|DDP)(?![A-Z])")


@dataclass(frozen=True)
class Money:
    """A sum as said; ``currency`` is ISO 4217, or None where none was named. ``start`` and ``end`` are its place."""

    amount: Decimal
    currency: str | None
    start: int
    end: int


def yes_or_no(text: str) -> Answer | None:
    """Returns what a short answer says, or None where it says neither."""
    words = text.strip()
    if _UNKNOWN.search(words):
        return "unknown"
    if _NO.search(words):
        return "no"
    return "yes" if _YES.search(words) else None


def money(text: str) -> Money | None:
    """Returns the first sum in ``text``; a bare number counts where it is all there is of numbers."""
    found = [match for match in _MONEY.finditer(text) if not _part_of_word(text, match)]
    named = [match for match in found if match["sign"] or match["unit"] or match["scale"]]
    chosen = named[0] if named else found[0] if len(found) == 1 else None
    if chosen is None or chosen not in named:
        spelled = _SPELLED.search(text)
        if spelled:
            amount = _in_whole(Decimal(_spelled(spelled["words"])), spelled["unit"])
            return Money(amount, _UNIT[spelled["unit"]], spelled.start(), spelled.end())
    if chosen is None:
        return None
    amount = Decimal(chosen["number"].replace(",", "")) * _SCALE[chosen["scale"] or ""]
    unit = (chosen["unit"] or chosen["sign"] or "").lower()
    cents = None if unit in _HUNDREDTHS else _AND_CENTS.match(text, chosen.end())
    if cents:
        amount += Decimal(cents["number"]) / 100
    return Money(_in_whole(amount, unit), _UNIT.get(unit), chosen.start(), cents.end() if cents else chosen.end())


def _in_whole(amount: Decimal, unit: str) -> Decimal:
    """Returns cents as dollars, pence as pounds."""
    return amount / 100 if unit in _HUNDREDTHS else amount


def _spelled(words: str) -> int:
    """Returns the number Korean number words say: 삼만오천 is 35,000. A scale alone counts once."""
    total = section = digit = 0
    for letter in words:
        if letter in _DIGITS:
            digit = _DIGITS[letter]
        elif letter in _TENS:
            section, digit = section + (digit or 1) * _TENS[letter], 0
        else:
            total, section, digit = total + (section + digit or 1) * _MYRIADS[letter], 0, 0
    return total + section + digit


def price_term(text: str) -> str | None:
    """Returns the Incoterms letters in ``text``, upper-case."""
    match = _TERM.search(text.upper())
    return match.group(1) if match else None


def _part_of_word(text: str, match: re.Match[str]) -> bool:
    """A number glued to Latin letters is a name (CR2032), not a sum."""
    before = text[match.start("number") - 1 : match.start("number")]
    return before.isascii() and before.isalpha()
