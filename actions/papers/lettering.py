"""What can be written on a paper: the embedded letters, and a stand-in for every character they lack."""

from __future__ import annotations

import re
import unicodedata
from collections.abc import Container
from functools import lru_cache
from typing import Final

from fontTools.ttLib import TTFont
from pylopdf_fonts_ko import sans_path

FAMILY: Final = "NotoSansKR"
FONT_FILE: Final = sans_path()

_INVISIBLE = re.compile(r"[\u200b-\u200f\u202a-\u202e\u2060-\u2069\ufe00-\ufe0f\ufeff\U000e0000-\U000e007f]")


@lru_cache(maxsize=1)
def letters() -> frozenset[int]:
    """Returns the characters that the embedded font can write, as code points."""
    with TTFont(FONT_FILE, lazy=True) as font:
        return frozenset(font.getBestCmap())


def writable(text: object, known: Container[int] | None = None) -> str:
    """Returns a text as the font can write it: composed, without invisible characters.

    A character that the font lacks (emoji, simplified Chinese) is named by its code, so that nothing vanishes
    silently: 😀 becomes ``[U+1F600]``. Line ends stay; tabs and other controls become spaces.
    """
    has = letters() if known is None else known
    composed = unicodedata.normalize("NFC", str(text).replace("\r\n", "\n"))
    return "".join(_written(each, has) for each in _INVISIBLE.sub("", composed))


def _written(character: str, known: Container[int]) -> str:
    if character == "\n":
        return character
    if unicodedata.category(character) in ("Cc", "Zs", "Zl", "Zp"):
        return " "
    return character if ord(character) in known else f"[U+{ord(character):04X}]"
