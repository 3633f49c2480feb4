"""Takes Korean syllables apart into letters, so that misspellings can be measured."""

from __future__ import annotations

from functools import lru_cache

from jamolib import decomposeHangulText


@lru_cache(maxsize=65536)
def jamo(text: str) -> str:
    """Returns ``text`` with every syllable written as its letters: 신용장 becomes ㅅㅣㄴㅇㅛㅇㅈㅏㅇ."""
    return "".join(decomposeHangulText(text))
