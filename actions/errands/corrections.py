"""Hears a correction of a field of the product sheet: "가격은 2달러로 바꿔줘", "change the price to USD 2"."""

from __future__ import annotations

import re
from functools import lru_cache

from actions.errands.choosing import words
from knowledge.platforms.field import fields

_ENDING = re.compile(r"\s*(?:이에요|예요|이예요|입니다)[.!~\s]*$")
_VERB = r"(?:바꿔|바꿀|고쳐|고칠|변경|수정|정정)\S*(?:\s*(?:줘|주세요|줄래요|해줘|해\s*주세요))?"


def corrected(said: str) -> tuple[str, str] | None:
    """Returns the field and its new entry where the words correct one, or None."""
    for pattern in _patterns():
        match = pattern.fullmatch(said.strip())
        if match:
            name = _names()[" ".join(match["label"].casefold().split())]
            return name, tidied(match["value"])
    return None


def tidied(said: str) -> str:
    """Returns an entry without the polite ending of the sentence it stood in."""
    return _ENDING.sub("", said.strip()).strip()


@lru_cache(maxsize=1)
def _names() -> dict[str, str]:
    """Returns the fields by what they are called, lower case."""
    found: dict[str, str] = {}
    for name, spellings in words()["sheet"].items():
        found |= {spelling.casefold(): name for spelling in spellings}
    for name, each in fields().items():
        found |= {text.casefold(): name for text in (each.label.ko, each.label.en)}
    return found


@lru_cache(maxsize=1)
def _patterns() -> tuple[re.Pattern[str], ...]:
    spellings = sorted(_names(), key=len, reverse=True)
    label = "(?P<label>" + "|".join(re.escape(each).replace(r"\ ", r"\s+") for each in spellings) + ")"
    particle = r"\s*(?:은|는|을|를|이|가)?\s*"
    return tuple(
        re.compile(pattern, re.IGNORECASE | re.DOTALL)
        for pattern in (
            rf"{label}\s*[:：]\s*(?P<value>.+)",
            rf"(?:아니(?:요|에요)?[,\s]*)?{label}{particle}(?P<value>.+?)\s*(?:으로|로)\s*{_VERB}[.!~\s]*",
            rf"(?:아니(?:요|에요)?|아|참)[,\s]+{label}{particle}(?P<value>.+)",
            rf"(?:change|correct|set)\s+(?:the\s+)?{label}\s+to\s+(?P<value>.+)",
            rf"(?:no|actually)[,\s]+(?:the\s+)?{label}\s+(?:is|should be|are)\s+(?P<value>.+)",
        )
    )
