"""Finds what has a shape rather than a name: HS codes and amounts of money."""

from __future__ import annotations

import re

from knowledge.gazetteer import Mention

_HS_CODE = re.compile(
    r"(?<![\d.])(\d{4}\.\d{2}(?:[.-]?\d{2,4})?|(?<=HS)\s?\d{4,10}|\d{6}(?=\s*(?:이\s*)?(?:호|번|코드|code)))(?![\d.])",
    re.IGNORECASE,
)
_AMOUNT = re.compile(
    r"(?P<sign>[$€¥₩])\s?(?P<a>\d[\d,]*(?:\.\d+)?)"
    r"|(?P<b>\d[\d,]*(?:\.\d+)?)\s?(?P<scale>만|억|천만|백만|천)?\s?(?P<unit>달러|불|원|유로|엔|위안|USD|EUR|KRW|JPY|CNY|dollars?|euros?|won)",
    re.I,
)


def shapes(text: str) -> list[Mention]:
    """Returns the HS codes (entity ``hs_code``, digits only) and amounts (entity ``amount``, as written)."""
    codes = [
        Mention("hs_code", re.sub(r"\D", "", match.group(1)), match.start(1), match.end(1), match.group(1))
        for match in _HS_CODE.finditer(text)
    ]
    amounts = [
        Mention("amount", match.group().strip(), match.start(), match.end(), match.group())
        for match in _AMOUNT.finditer(text)
    ]
    return codes + amounts
