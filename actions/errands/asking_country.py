"""Asks for a country and hears it: by the gazetteer, by name or by code."""

from __future__ import annotations

import re

from actions.errands.begin import firm
from actions.errands.choosing import Question
from actions.talk import Talk
from actions.trade.agreements import country_name
from actions.trade.citing import pack_folder
from knowledge.guides.answer import country_code

OFFERED = ("US", "CN", "VN", "JP")
"""Countries offered as buttons where the firm has named none."""
SHOWN = 5

_ENDING = re.compile(
    r"\s*(?:으로|로|에|이에요|예요|입니다|이요|요)?\s*(?:보내요|보냅니다|수출해요|팔아요|갈 거예요)?[.!~\s]*$"
)


def country_question(talk: Talk, text: str) -> Question:
    """Returns the question with those countries as buttons that the firm sells to, or spoke of."""
    remembered = [*(firm(talk).get("target_countries") or []), talk.slot("country"), *OFFERED]
    codes = [code for code in dict.fromkeys(remembered) if isinstance(code, str) and len(code) == 2]
    return Question(text, {code: country_name(code, talk) for code in codes[:SHOWN]})


def country_heard(talk: Talk, said: str) -> str | None:
    """Returns the code of the country the words name, or None."""
    named = None if talk.is_payload else talk.entity("country")
    return named or country_code(_ENDING.sub("", said.strip()) or said, pack_folder())
