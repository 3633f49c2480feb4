"""Cuts a text into sentences with their exact places, mending lines that were broken in the middle of a sentence."""

from __future__ import annotations

import re
from dataclasses import dataclass

_ABBREVIATED = re.compile(
    r"(?:\b(?:no|nos|co|ltd|inc|corp|mr|mrs|ms|dr|st|art|vs|etc|approx|e\.g|i\.e|attn|tel|fax|p|pp|ref|dept|u\.s|u\.k)|(?<![A-Za-z])[A-Za-z])\.$",
    re.IGNORECASE,
)
_END = re.compile(r"[.!?。]+[)\"'”’]*(?=\s|$)|\n+")
_BEGINS_ANEW = re.compile(
    r"\s*(?:[-*+•·■□○●▶※ㅇ]|[(\[]?\d{1,2}[.)\]]|[가-하A-Za-z][.)]\s|[①-⑳]|[^\n:：]{2,20}\s?[:：])"
)
_HANGUL = re.compile(r"[가-힣]")
_GOES_ON = re.compile(r"(?:[을를이가은는에의로와과및고며여서]|,)$")
"""How a Korean line ends that was broken inside its sentence."""
_WRAPPED_FROM = 55
"""Letters of a line from which its end is taken for a wrapped one, unless something new begins behind it."""


@dataclass(frozen=True)
class Sentence:
    """A sentence or line, and its place in the text."""

    text: str
    start: int
    end: int


def sentences(text: str) -> tuple[Sentence, ...]:
    """Returns the sentences of ``text`` in order, without the space around them."""
    found, start = [], 0
    for match in _END.finditer(text):
        if not _ends(text, start, match):
            continue
        found.append((start, match.end()))
        start = match.end()
    found.append((start, len(text)))
    return tuple(each for a, b in found if (each := _trimmed(text, a, b)).text)


def _ends(text: str, start: int, match: re.Match[str]) -> bool:
    if match.group().startswith("\n"):
        return _line_ends(text, match)
    before = text[start : match.start() + 1]
    if _ABBREVIATED.search(before):
        return False
    after = text[match.end() : match.end() + 3].strip()
    return not (before[-2:-1].isdigit() and (after[:1].isdigit() or after[:1] in "(")) and not re.search(
        r"(?:^|\n)\s*\d{1,2}\.$", before
    )


def _line_ends(text: str, match: re.Match[str]) -> bool:
    if "\n\n" in match.group() or not text[match.end() :].strip():
        return True
    line = text[text.rfind("\n", 0, match.start()) + 1 : match.start()].rstrip()
    following = text[match.end() : match.end() + 60]
    if line.endswith((".", "!", "?", ":", ";", "다", "요", "함", "음")) or _BEGINS_ANEW.match(following):
        return True
    if _HANGUL.search(line):
        return len(line) < _WRAPPED_FROM or not _GOES_ON.search(line)
    first = following.lstrip()[:1]
    return not (len(line) >= _WRAPPED_FROM or (first.isascii() and first.islower()))


def _trimmed(text: str, start: int, end: int) -> Sentence:
    piece = text[start:end]
    left = len(piece) - len(piece.lstrip())
    right = len(piece.rstrip())
    return Sentence(piece.strip(), start + left, start + max(left, right))
