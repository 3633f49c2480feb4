"""Tells whether a message is Korean or English, or too short to say."""

from __future__ import annotations

import re

from knowledge.record import Language

_HANGUL = re.compile(r"[가-힣ㄱ-ㅎㅏ-ㅣ]")
_ENGLISH_WORD = re.compile(r"[A-Za-z]*[a-z][A-Za-z']*")
_FUNCTION_WORDS = frozenset(
    "a an the is are was do does did can could should would will what who where when which why how "
    "i we you my our your me us it this that of for to in on with from about and or not no yes need want "
    "please help hello hi thanks thank there any tell explain mean means get find make more sources source".split()
)


def detect_language(text: str) -> Language | None:
    """Returns the language of ``text``, or None for abbreviations, numbers and emoji that fit both.

    One Korean letter makes a message Korean, since Koreans mix in English words and English
    speakers hardly ever mix in Korean ones. English needs a function word or three words.
    """
    if _HANGUL.search(text):
        return "ko"
    words = [word.lower() for word in _ENGLISH_WORD.findall(text)]
    if len(words) >= 3 or any(word in _FUNCTION_WORDS for word in words):
        return "en"
    return None
