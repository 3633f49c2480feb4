"""What an agent may say on: an answer sealed for one conversation, as text to edit, and in a few words for the phone.

The seal lets the page hand an answer back unchanged, with its card, sources and file, without the service keeping it.
"""

from __future__ import annotations

import re
from collections.abc import Iterable, Sequence

from actions.cases.sealing import Seal, WrongKey
from actions.reply import Card, Reply
from channels.plain import whole
from knowledge.record import Language
from knowledge.settings import Settings

SENTENCES_ALOUD = 3
ROWS_ALOUD = 6
LONGEST_NAME = 40
"""Letters up to which a row of a list is a name that can be read out among others."""

LONGEST_ALOUD = 420
"""Letters read out at most: half a minute on the phone."""

_SENTENCE = re.compile(r"(?<=[.!?。])\s+|\n+")
_BRACKETS = re.compile(r"\s*\([^()]*\)")


def sealed(replies: Sequence[Reply], dialogue: str, settings: Settings) -> str:
    """Returns an answer as a ticket that only this service can make, for this conversation alone."""
    told = {"dialogue": dialogue, "replies": [reply.model_dump(mode="json") for reply in replies]}
    return Seal(settings.case_keys()).close(told).decode()


def opened(ticket: str, dialogue: str, settings: Settings) -> list[Reply]:
    """Returns the answer of a ticket; empty where it is none, or of another conversation."""
    try:
        told = Seal(settings.case_keys()).open(ticket.encode())
    except (WrongKey, ValueError):
        return []
    if told.get("dialogue") != dialogue:
        return []
    return [Reply.model_validate(reply) for reply in told["replies"]]


def as_text(replies: Iterable[Reply], language: Language) -> str:
    """Returns an answer as text to edit, sources among it."""
    return "\n\n".join(filter(None, (whole(reply, language).strip() for reply in replies)))


def aloud(replies: Iterable[Reply]) -> str:
    """Returns an answer as it is said on the phone: its first sentences, what a list names; no tables or brackets."""
    lines: list[str] = []
    for reply in replies:
        said = [_BRACKETS.sub("", each).strip() for each in _SENTENCE.split(reply.text or "")]
        lines += [each for each in said if each][: max(0, SENTENCES_ALOUD - len(lines))]
        if reply.card and reply.card.kind != "table" and len(lines) <= SENTENCES_ALOUD:
            lines.append(_listed(reply.card))
    words = ""
    for line in filter(None, lines):
        if len(words) + len(line) > LONGEST_ALOUD:
            break
        words = f"{words}\n{line}".strip()
    return words


def _listed(card: Card) -> str:
    """Returns what the rows of a card are about, the first cell of each; nothing where those are whole sentences."""
    named = [_BRACKETS.sub("", row[0]).strip() for row in card.rows[:ROWS_ALOUD] if row]
    if any(len(name) > LONGEST_NAME for name in named):
        return ""
    return f"{card.title}: {', '.join(named)}." if named else ""
