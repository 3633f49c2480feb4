"""Takes product names apart into the pieces that are compared: words, syllable and letter groups.

Korean is written with and without spaces and spelt in many ways, so that syllable pairs carry more than words;
English words are cut to their stem and into groups of letters.
"""

from __future__ import annotations

import re
from collections.abc import Sequence

from knowledge.language.korean import content_words

_TOKEN = re.compile(r"[가-힣]+|[a-z0-9]+(?:'s)?|[^\W가-힣]+")
_AMOUNT = re.compile(
    r"\b\d+[\d.,x*]*\s*(?:ml|l|g|kg|mg|cm|mm|m|inch|oz|pcs|p|매|개입|개|장|병|포|박스|인치|미리|키로|호|입)?(?![a-z가-힣])"
)
_SEPARATOR = re.compile(r"\s+(?:for|with|in|of|from|on|without|to|made|put|used|and)\s+|[,;(]")
_EMPTY = frozenset(
    "a an and at by for from in of on or other than the to with without whether not put up used kind n e c nec item "
    "heading no including excluding etc type made their thereof having only such set new pcs pack box bottle".split()
)
_SUFFIXES = (("ies", "y"), ("sses", "ss"), ("shes", "sh"), ("ches", "ch"), ("xes", "x"), ("oes", "o"), ("ves", "f"))


def cleaned(text: str) -> str:
    """Returns a name in lower case without amounts and sizes, which say nothing of what the goods are."""
    lowered = text.lower().replace("_", " ")
    without = _AMOUNT.sub(" ", lowered)
    return re.sub(r"\s+", " ", without if re.search(r"[^\W\d]", without) else lowered).strip()


def bare(text: str) -> str:
    """Returns only the letters and digits of a name, for comparing whole names."""
    return re.sub(r"[\W_]+", "", text).casefold()


def key(text: str) -> str:
    """Returns a name so that others written alike but for amounts, spaces, signs and plural have the same key."""
    return "".join(tokens(cleaned(text))) or bare(text)


def tokens(text: str) -> list[str]:
    """Returns the words of a cleaned name; English ones in the singular, empty ones left out."""
    return [stem(word) for word in _TOKEN.findall(text) if word not in _EMPTY]


def stem(word: str) -> str:
    """Returns an English noun in the singular, the only ending that matters in names of goods."""
    word = word.removesuffix("'s")
    if not word.isascii() or len(word) < 4:
        return word
    for ending, singular in _SUFFIXES:
        if word.endswith(ending):
            return word.removesuffix(ending) + singular
    return word[:-1] if word.endswith("s") and not word.endswith(("ss", "us", "is")) else word


def grams(text: str) -> list[str]:
    """Returns the pieces of a name by which names are compared."""
    words = tokens(cleaned(text))
    pieces = [f"w:{word}" for word in words]
    pieces += [f"b:{first} {second}" for first, second in zip(words, words[1:], strict=False)]
    korean = "".join(word for word in words if _is_korean(word))
    if korean:
        pieces += _groups(korean, 2) + _groups(korean, 3)
        pieces += [f"m:{word}" for word in content_words(text) if _is_korean(word) and len(word) > 1]
    for word in words:
        if not _is_korean(word):
            pieces += [f"l:{gram}" for gram in _letters(f"<{word}>", 4)]
    return pieces


def head(text: str) -> str:
    """Returns the part of a name that says what the goods are, not what they are for or made of.

    English says it last before a preposition ("brake pads" of "brake pads for cars"), Korean last of all; what
    stands in brackets explains.
    """
    whole = cleaned(text)
    before = next((part for part in _SEPARATOR.split(whole) if part.strip()), whole).strip()
    words = before.split(" ")
    if not _is_korean(before) and len(words) > 2:
        return " ".join(words[-2:])
    if _is_korean(before) and len(words) > 1:
        return words[-1] if len(words[-1]) > 1 else " ".join(words[-2:])
    return before


def _is_korean(text: str) -> bool:
    return bool(re.search(r"[가-힣]", text))


def _groups(text: str, size: int) -> list[str]:
    return [f"s:{text[i : i + size]}" for i in range(len(text) - size + 1)]


def _letters(text: str, size: int) -> Sequence[str]:
    return [text[i : i + size] for i in range(len(text) - size + 1)] if len(text) > size else [text]
