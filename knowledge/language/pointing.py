"""Words that point back at what was spoken about: "그거 얼마예요?", "how much is it?"."""

from __future__ import annotations

import re

_KOREAN = (
    r"(?:^|\s)(?:그럼\s*|그러면\s*)?"
    r"[그이저요](?:거|건|게|걸|것(?:은|이|을|도)?|기(?:서|에)?)(?:는|은|도|로|를)?"
    r"(?=\s|[?.!,]|$)"
)
_ENGLISH = (
    r"\b(?:it|this|these|those|them)\b(?! (?:possible|ok|okay|hard|allowed|legal|true)\b)"
    r"|\b(?:about|is|was|for|with) that\b"
)
_LONGEST_ENGLISH = 8
"""Words of an English question beyond which "it" most likely means something in the question itself."""
_POINTING = re.compile(f"{_KOREAN}|{_ENGLISH}", re.IGNORECASE)


def points_back(question: str) -> bool:
    """Tells whether a question uses a word for what was spoken about instead of naming it."""
    if question.isascii() and len(question.split()) > _LONGEST_ENGLISH:
        return False
    return bool(_POINTING.search(question))


def without_pointing(question: str) -> str:
    """Returns the question without those words, so that a name can stand in their place."""
    return re.sub(r"\s+", " ", _POINTING.sub(" ", question)).strip()
