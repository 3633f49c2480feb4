"""Mends words typed with the keyboard in the wrong language: dnjstkswl is 원산지, 래ㅠ is FOB."""

from __future__ import annotations

import re
from collections.abc import Container
from functools import lru_cache

from jamolib import composeHangulText, decomposeHangulText, translateEngToKor
from wordfreq import zipf_frequency

_LATIN_WORD = re.compile(r"[A-Za-z]{4,}")
_HANGUL_WORD = re.compile(r"[가-힣ㄱ-ㅎㅏ-ㅣ]{2,}")
_SYLLABLES = re.compile(r"[가-힣]{2,}")
_STRAY_LETTER = re.compile(r"[ㅏ-ㅣ]|[ㄱ-ㅎ]")
_LAUGHTER = re.compile(r"[ㅋㅎㅠㅜㄷㅇㄱㅡㅊㄴㅂㅅ]+")

RARE_ENGLISH = 2.0
"""Zipf frequency below which a Latin word is no English word people use (wordfreq's scale, 0 to 8)."""

_KEYS = {translateEngToKor(key): key for key in "abcdefghijklmnopqrstuvwxyz"} | {
    translateEngToKor(key): key for key in "QWERTOP"
}
_SPLIT_VOWELS = {"ㅘ": "ㅗㅏ", "ㅙ": "ㅗㅐ", "ㅚ": "ㅗㅣ", "ㅝ": "ㅜㅓ", "ㅞ": "ㅜㅔ", "ㅟ": "ㅜㅣ", "ㅢ": "ㅡㅣ"}


def mend_keyboard(text: str, known: Container[str] = frozenset()) -> str:
    """Returns ``text`` with words typed on the wrong keyboard layout put right.

    Args:
        text: What was typed.
        known: Lower-case names that are right as they are (UtradeHub, KOTRA) and that a Korean-typed
            word may stand for.
    """
    text = _LATIN_WORD.sub(lambda m: _to_hangul(m.group(), known), text)
    return _HANGUL_WORD.sub(lambda m: _to_latin(m.group(), known), text)


def _to_hangul(word: str, known: Container[str]) -> str:
    if word.lower() in known or _is_english(word.lower()):
        return word
    for typed in (word, word.lower()):
        hangul = str(composeHangulText(translateEngToKor(typed)))
        if _SYLLABLES.fullmatch(hangul) and _is_used(hangul):
            return hangul
    return word


def _is_used(hangul: str) -> bool:
    """Tells whether all syllables are among the 2,350 that Korean uses (KS X 1001); random keys make others.

    Python's euc-kr writes those in two bytes and spells all others out.
    """
    return len(hangul.encode("euc-kr")) == 2 * len(hangul)


@lru_cache(maxsize=4096)
def _is_english(word: str) -> bool:
    return zipf_frequency(word, "en") >= RARE_ENGLISH


def _to_latin(word: str, known: Container[str]) -> str:
    """Turns Hangul keys into Latin letters when that gives a known name, as in 래ㅠ랑 for FOB랑."""
    if not _STRAY_LETTER.search(word) or _LAUGHTER.fullmatch(word):
        return word
    for end in range(len(word), 1, -1):
        latin = _latin_keys(word[:end])
        if latin in known:
            return latin + word[end:]
    return word


def _latin_keys(word: str) -> str:
    letters = "".join(decomposeHangulText(word))
    letters = "".join(_SPLIT_VOWELS.get(letter, letter) for letter in letters)
    return "".join(_KEYS.get(letter, "?") for letter in letters).lower()
