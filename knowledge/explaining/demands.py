"""Finds what a text asks its reader to do, by when and from whom: always quoted, never reworded or reckoned."""

from __future__ import annotations

import re
from dataclasses import dataclass
from typing import Any

from knowledge.explaining.sentences import sentences

_NOT_ADDRESSEE = re.compile(r"(?:에|까지|부터|을|를|은|는|하여|해|이내|안|및|후|시|고|면|며|도)$")

_BEHIND = re.compile(
    r"\s+(?:by|within|before|until|no|not|on|in|for|and|or|if|so|after|as|from|of)\b.*$", re.IGNORECASE
)
"""What no longer belongs to an English addressee."""


@dataclass(frozen=True)
class Demand:
    """A sentence that asks for something, with the deadlines and addressees that stand in it."""

    quote: str
    start: int
    end: int
    by: tuple[str, ...] = ()
    to: tuple[str, ...] = ()


class DemandFinder:
    """Finds demands by the pack's patterns. Made once; safe to share."""

    def __init__(self, plain: dict[str, Any]) -> None:
        self._demands = [re.compile(pattern, re.IGNORECASE | re.MULTILINE) for pattern in plain["demands"]]
        self._deadlines = [re.compile(pattern, re.IGNORECASE) for pattern in plain["deadlines"]]
        self._places = [re.compile(pattern, re.IGNORECASE) for pattern in plain["places"]]

    def find(self, text: str) -> tuple[Demand, ...]:
        """Returns the demands of ``text`` in order."""
        return tuple(
            Demand(each.text, each.start, each.end, self._by(each.text), self._to(each.text))
            for each in sentences(text)
            if any(pattern.search(each.text) for pattern in self._demands)
        )

    def _by(self, sentence: str) -> tuple[str, ...]:
        spans = [match.span() for pattern in self._deadlines for match in pattern.finditer(sentence)]
        widest = [
            one for one in spans if not any(two != one and two[0] <= one[0] and one[1] <= two[1] for two in spans)
        ]
        return tuple(dict.fromkeys(sentence[a:b].strip() for a, b in sorted(widest)))

    def _to(self, sentence: str) -> tuple[str, ...]:
        found = (_bare(match["who"]) for pattern in self._places for match in pattern.finditer(sentence))
        return tuple(dict.fromkeys(who for who in found if len(who) >= 2))


def _bare(who: str) -> str:
    """Returns an addressee without what stands before it in the sentence: "30일 이내에 서울세관" is 서울세관."""
    words = _BEHIND.sub("", who).strip(" .,").split()
    begins = max((at + 1 for at, word in enumerate(words[:-1]) if _NOT_ADDRESSEE.search(word)), default=0)
    return " ".join(words[begins:])
