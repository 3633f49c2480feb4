"""Splits Korean into morphemes and puts missing spaces back, with the Kiwi analyser."""

from __future__ import annotations

import re
from collections.abc import Iterable
from dataclasses import dataclass
from functools import lru_cache
from threading import Lock

import kiwipiepy
from kiwipiepy import Kiwi

CUT_BY = f"1 kiwi {kiwipiepy.__version__}"
"""What cuts texts into words; raise the first number when ``content_words`` gives others."""

_LONG_RUN = re.compile(r"[가-힣]{8,}")
_CONTENT_TAGS = ("N", "V", "XR", "SL", "SN", "MM", "MAG", "XPN", "SH", "W_", "USER")
_EMPTY_WORDS = frozenset(
    "하 되 있 없 이 것 거 수 때 등 뭐 무엇 어떻 어떠 좀 그 저 제 나 우리 주 싶 알 같 말 보 해 그거 이거 저거 "
    "곳 데 뜻 의미 설명 알려주 궁금 그것 "
    "the a an is are of to for in on and or what how do does i my me you it can be that this with we about which "
    "please when where who should need want".split()
)
_lock = Lock()

PART = "·"
"""Mark of a part of a longer word among the words of a text."""


@dataclass(frozen=True)
class Morpheme:
    """A piece of a text: its dictionary form, its part of speech (Sejong tags) and its place."""

    form: str
    tag: str
    start: int
    end: int


@lru_cache(maxsize=1)
def _kiwi() -> Kiwi:
    return Kiwi(num_workers=1)


def teach(names: Iterable[str]) -> None:
    """Makes every name one word for the analyser, so that it is never cut in two."""
    with _lock:
        for name in names:
            if re.search(r"[가-힣]", name) and len(name) >= 2:
                _kiwi().add_user_word(name, "NNP", 3.0)


def morphemes(text: str) -> list[Morpheme]:
    """Returns the morphemes of ``text`` in order; those sharing letters (해요 = 하 + 어요) share a place."""
    with _lock:
        tokens = _kiwi().tokenize(text, normalize_coda=True)
    return [Morpheme(token.form, token.tag, token.start, token.start + token.len) for token in tokens]


def spaced(text: str) -> str:
    """Puts spaces into long runs of Korean letters typed without any; leaves everything else as it is."""
    if not _LONG_RUN.search(text):
        return text
    with _lock:
        return str(_kiwi().space(text))


def content_words(text: str) -> list[str]:
    """Returns the words of ``text`` that carry meaning, lower-case, for word search.

    Long Korean nouns are given again as pairs of syllables, so that 수출신고필증 is found by 수출신고.
    """
    words: list[str] = []
    for morpheme in morphemes(text):
        form = morpheme.form.lower()
        if not morpheme.tag.startswith(_CONTENT_TAGS) or form in _EMPTY_WORDS:
            continue
        words.append(_stem(form) if morpheme.tag == "SL" else form)
        if morpheme.tag.startswith("N") and len(form) >= 4:
            words += [PART + form[i : i + 2] for i in range(len(form) - 1)]
    return words


_BRITISH = {"license": "licence", "center": "centre", "program": "programme"}


def _stem(word: str) -> str:
    """Drops an English plural s, the only ending that matters for short questions, and American spelling."""
    word = word[:-1] if len(word) > 3 and word.endswith("s") and not word.endswith("ss") else word
    return _BRITISH.get(word, word)
