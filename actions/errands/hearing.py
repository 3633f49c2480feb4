"""Hears which of several answers somebody means, in free words; and tells an answer from a question or a "skip"."""

from __future__ import annotations

import re
from collections.abc import Iterable, Mapping

from actions.trade.answers import yes_or_no
from knowledge.guides.answer import pressed

QUESTION = re.compile(
    r"\?|뭐|뭔|무엇|무슨|어떻게|어떤\s*(?:게|거|것)|왜|얼마|언제|어디|차이|뜻|설명|"
    r"\b(?:what|how|why|which|when|where|who|mean|explain|difference)\b",
    re.IGNORECASE,
)
SKIP = re.compile(
    r"모르|몰라|글쎄|건너|패스|스킵|나중에|넘어가|\bskip\b|\bpass\b|\blater\b|don'?t know|not sure|no idea|unsure",
    re.IGNORECASE,
)
CORRECTION = re.compile(
    r"^(?:아니|아뇨|아\s)|아니라|말고|바꿔|바꿀|고쳐|고칠|수정|정정|사실|잘못|^no\b|actually|instead|change|correct",
    re.IGNORECASE,
)
AGAIN = re.compile(r"다시|바꿔|말고|아니|고쳐|again|change|instead", re.IGNORECASE)
LEAVE = re.compile(
    r"^\s*(?:이제\s*)?(?:그만|중단|멈춰|취소|종료|처음으로|메뉴|상담원|stop|quit|cancel|exit|menu|enough)",
    re.IGNORECASE,
)
"""Words that end an interview, where any other words would be taken for the answer."""

_NOT_BUT = re.compile(r"아니라|말고|\bbut\b|\binstead of\b", re.IGNORECASE)
_ENDING = r"(?:으로|로|은|는|이|가|을|를|에|요|예요|이에요|이요|입니다|편|편으로)*(?=[\s,.!~]|$)"
_NOTHING = (0, 0)
_LATIN = re.compile(r"[a-z0-9/&'. -]+")
_PARENTHESES = re.compile(r"\s*\([^)]*\)")
SHORT = 2
"""Korean names up to this many syllables count only where a word begins with them ("배" is not in "담배")."""


def heard(said: str, names: Mapping[str, Iterable[str]]) -> str | None:
    """Returns the key whose name stands in the words: the longest name wins; None for none, or for a tie.

    "FOB 말고 CIF" means what stands after; "CIF instead of FOB" what stands before.
    """
    for part in (*_after_not(said), said):
        scores = {key: _score(part, each) for key, each in names.items()}
        most = max(scores.values(), default=_NOTHING)
        best = [key for key, score in scores.items() if score == most]
        if most > _NOTHING and len(best) == 1:
            return best[0]
    return None


def asks(said: str) -> bool:
    """Tells whether the words look like a question of their own."""
    return bool(QUESTION.search(said))


def skips(said: str) -> bool:
    """Tells whether somebody does not know, or wants to go on without answering."""
    return said == "unknown" or bool(SKIP.search(said)) or yes_or_no(said) == "unknown"


def _after_not(said: str) -> tuple[str, ...]:
    found = _NOT_BUT.search(said)
    if found is None:
        return ()
    return (said[: found.start()] if "instead" in found[0].lower() else said[found.end() :],)


def _score(said: str, names: Iterable[str]) -> tuple[int, int]:
    """Returns the letters of the longest name in the words, and of all of them: "T/T in advance" holds two."""
    parts = (part for name in names for part in (name, *_PARENTHESES.split(name), *_PARENTHESES.findall(name)))
    every = {part.strip(" ()").casefold() for part in parts}
    lengths = [len(pressed(name)) for name in every if name and _holds(said, name)]
    return max(lengths, default=0), sum(lengths)


def _holds(said: str, name: str) -> bool:
    spoken, wanted = said.casefold(), name.casefold()
    if _LATIN.fullmatch(wanted):
        return re.search(rf"(?<![a-z0-9]){re.escape(wanted)}(?![a-z0-9])", spoken) is not None
    if len(pressed(wanted)) == 1:
        return re.search(rf"(?<![가-힣]){re.escape(wanted)}{_ENDING}", spoken) is not None
    if len(pressed(wanted)) <= SHORT:
        return re.search(rf"(?<![가-힣]){re.escape(wanted)}", spoken) is not None
    return pressed(wanted) in pressed(spoken)
