"""Asks for a country and hears it: by the gazetteer, by name or by code."""

from __future__ import annotations

import re
from functools import partial

from actions.errands.begin import firm
from actions.errands.choosing import Question
from actions.talk import Talk
from actions.trade.agreements import country_name
from actions.trade.citing import pack_folder
from knowledge.guides.answer import country_code

OFFERED = ("US", "CN", "VN", "JP")
"""Countries offered as buttons where the firm has named none."""
SHOWN = 5

_TAIL = re.compile(r"\s*(?:보내요|보냅니다|수출해요|팔아요|갈 거예요)?[.!~\s]*$")
_ENDINGS = ("", "요", "이요", "예요", "이에요", "입니다", "로", "으로", "에")
"""What may follow a country's name, the shortest first: 노르웨이요 is 노르웨이, not 노르웨."""


def country_question(talk: Talk, text: str) -> Question:
    """Returns the question with those countries as buttons that the firm sells to, or spoke of."""
    remembered = [*(firm(talk).get("target_countries") or []), talk.slot("country"), *OFFERED]
    codes = [code for code in dict.fromkeys(remembered) if isinstance(code, str) and len(code) == 2]
    return Question(text, {code: country_name(code, talk) for code in codes[:SHOWN]})


def country_heard(talk: Talk, said: str) -> str | None:
    """Returns the code of the country the words name, or None."""
    named = None if talk.is_payload else talk.entity("country")
    words = _TAIL.sub("", said.strip())
    forms = (words.removesuffix(ending).strip() for ending in _ENDINGS)
    return named or next((code for code in map(partial(_code, talk), forms) if code), None)


def _code(talk: Talk, name: str) -> str | None:
    """Returns a country's code; two small letters are a word ("no" is not Norway)."""
    code_only = len(name) == len("KR") and name.isascii() and not (talk.is_payload or name.isupper())
    return None if code_only or not name else country_code(name, pack_folder())
