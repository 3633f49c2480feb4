"""Makes words fit KakaoTalk's limits: measured, cut with an ellipsis, split, and told apart as labels.

KakaoTalk counts as Java does: a letter beyond the basic plane (most emoji) counts as two.
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Sequence

from channels import plain

ELLIPSIS = "…"

TAIL = 5
"""Characters of its end a label keeps when labels begin alike."""


def length(words: str) -> int:
    """Returns the length of some words as KakaoTalk counts."""
    return len(words) + sum(letter > "\uffff" for letter in words)


def short(words: str, limit: int) -> str:
    """Returns the words, or their beginning and an ellipsis, at most ``limit`` long."""
    if length(words) <= limit:
        return words
    return _beginning(words, limit - 1).rstrip() + ELLIPSIS


def short_at_word(words: str, limit: int) -> str:
    """Returns the words, or their beginning up to the end of a sentence or word and an ellipsis."""
    if length(words) <= limit:
        return words
    return short(split(words, limit - 2)[0] + " " + ELLIPSIS, limit)


def split(words: str, limit: int, measure: int | None = None) -> list[str]:
    """Returns the words in pieces of at most ``limit``, split where a person would."""
    if length(words) == len(words):
        return plain.split(words, limit, measure)
    return plain.split(words, max(1, limit // 2), measure and max(1, measure // 2))


def labels(titles: Sequence[str], limit: int) -> list[str]:
    """Returns a label for each title, at most ``limit`` long, no two alike.

    What begins alike keeps its end as well; what ends alike too gets a number in front.
    """
    made = [short(title, limit) for title in titles]
    made = _told_apart(made, [_both_ends(title, limit) for title in titles])
    numbered = [short(f"{number}. {title}", limit) for number, title in enumerate(titles, 1)]
    made = _told_apart(made, numbered)
    return made if len(set(made)) == len(made) else numbered


def _told_apart(made: list[str], instead: list[str]) -> list[str]:
    seen = Counter(made)
    return [other if seen[label] > 1 else label for label, other in zip(made, instead, strict=True)]


def _both_ends(title: str, limit: int) -> str:
    if length(title) <= limit:
        return title
    end = title[-TAIL:].lstrip()
    return _beginning(title, limit - 1 - length(end)).rstrip() + ELLIPSIS + end


def _beginning(words: str, room: int) -> str:
    """Returns the longest beginning of at most ``room``; no letter is cut in two."""
    used = 0
    for place, letter in enumerate(words):
        used += 2 if letter > "\uffff" else 1
        if used > room:
            return words[:place]
    return words
