"""Small pieces that the firm's conversations share: sources as replies show them, yes and no, plain words."""

from __future__ import annotations

import re
from collections.abc import Iterable, Mapping
from typing import Any

from actions.interviews.frame import MISSED_SLOT, Interview
from actions.reply import Choice, SourceNote
from actions.talk import Talk, payload
from actions.texts import text
from knowledge.record import Language

SOURCES_AT_MOST = 6
_QUESTION = re.compile(r"\?|？|뭐예요|뭐에요|뭔가요|뭐야|무엇인가요|^what\b|^how\b|^why\b|^where\b", re.IGNORECASE)


def notes(told: Iterable[tuple[str, Mapping[str, Any]]]) -> tuple[SourceNote, ...]:
    """Returns sources as replies show them, each once.

    Args:
        told: Pairs of the record and its source as plain data (title, locator, url, as_of, basis).
    """
    found = (
        SourceNote(
            record=record,
            title=source["title"],
            locator=source.get("locator"),
            url=source.get("url"),
            as_of=str(source["as_of"]),
            basis=source["basis"],
        )
        for record, source in told
    )
    return tuple({(note.title, note.locator): note for note in found}.values())[:SOURCES_AT_MOST]


def lines(*parts: str | None) -> str:
    """Returns the parts that there are, one a line."""
    return "\n".join(part for part in parts if part)


def listed(words: Iterable[str]) -> str:
    """Returns words as a list in one line."""
    return ", ".join(words)


def noted(talk: Talk, interview: Interview, state: Mapping[str, Any], step: str) -> str | None:
    """Returns, once, that something told beside the question was noted; not where the last words made no sense."""
    if not state.get("noted"):
        return None
    talk.remember(**{interview.slot: {name: value for name, value in state.items() if name != "noted"}})
    return None if talk.slot(MISSED_SLOT) == step else talk.say("firm_noted")


def asks_back(said: str) -> bool:
    """Tells whether words look like a question of their own rather than an answer."""
    return _QUESTION.search(said.strip()) is not None


def yes_or_no(said: str, language: Language) -> bool | None:
    """Returns yes or no where the words begin with one, also as the button sends it."""
    plain = re.sub(r"[\s.,!?~]+", " ", said.lower()).strip()
    for answer, key in ((False, "firm_words_no"), (True, "firm_words_yes")):
        for word in text(key, language).split("|"):
            if plain == word or plain.startswith(f"{word} "):
                return answer
    return None


def further(talk: Talk, *names: str) -> tuple[Choice, ...]:
    """Returns the buttons to what is next: ``match``, ``readiness``, ``diagnosis``, ``announcements``, ``person``."""
    goals = {
        "match": ("firm_button_match", "match_programmes"),
        "readiness": ("firm_button_readiness", "test_readiness"),
        "diagnosis": ("firm_button_diagnosis", "start_diagnosis"),
        "announcements": ("firm_button_announcements", "my_announcements"),
        "person": ("button_person", "handover"),
    }
    return tuple(talk.choice(goals[name][0], payload(goals[name][1])) for name in names)
