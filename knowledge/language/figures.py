"""Questions that ask for a figure (how much, how long, until when), and texts that give one."""

from __future__ import annotations

import re
from typing import Literal

Asked = Literal["amount", "time"]

_ASKS: dict[Asked, re.Pattern[str]] = {
    "amount": re.compile(
        r"얼마(?!나\s*(?:걸|오래|기다|빨|자주|어려|많은\s*회사))|몇\s*(?:%|프로|퍼센트|원|만\s*원|달러)"
        r"|(?:금액|비용|수수료|한도|지원금)[은는이가도]?\s*(?:어|얼|$|\?)"
        r"|\bhow much (?:money|is|are|does|do|will|can|would|for|it)\b|\bhow much\s*\??$|\bwhat does (?:it|that) cost\b"
        r"|\b(?:cost|price|fee|amount)s?\s*\??$",
        re.IGNORECASE,
    ),
    "time": re.compile(
        r"얼마나\s*(?:걸|오래|기다)|며칠|몇\s*(?:일|주|달|개월)|언제까지|(?:기간|기한|마감)[은는이가도]?\s*(?:어|얼|언|$|\?)"
        r"|\bhow (?:long|many (?:days|weeks|months))\b|\bdeadline\b|\buntil when\b",
        re.IGNORECASE,
    ),
}
_GIVES: dict[Asked, re.Pattern[str]] = {
    "amount": re.compile(
        r"\d[\d,.]*\s*(?:%|퍼센트|천|만|억|원|달러|유로|won|dollars?|euros?|USD|KRW|EUR)|무료|공짜|\bfree\b",
        re.IGNORECASE,
    ),
    "time": re.compile(
        r"(?:\d+|하루|이틀|사흘|며칠|한\s*달|몇)\s*(?:분|시간|일|주|달|개월|년)|하루|이틀|며칠|매년"
        r"|\b(?:\d+|one|two|three|some|a few|several|thirty)\s+(?:minutes?|hours?|days?|weeks?|months?|years?)\b",
        re.IGNORECASE,
    ),
}


def asked_for(question: str) -> Asked | None:
    """Returns which kind of figure the question asks for, or None."""
    return next((kind for kind in ("time", "amount") if _ASKS[kind].search(question)), None)  # type: ignore[misc]


def gives(text: str, kind: Asked) -> bool:
    """Tells whether ``text`` has a figure of that kind."""
    return bool(_GIVES[kind].search(text))
