"""Keeps personal details out of the records of a conversation: out of its turns and out of Rasa's events.

While an interview asks for them (``Interview.private``), a person's words are not recorded; bubbles marked ``sealed``
are recorded without what they say. The answers themselves lie sealed in ``actions/cases``.
"""

from __future__ import annotations

from typing import Any

from actions.reply import Reply, Turn
from actions.texts import text
from knowledge.record import Language

ANSWER = "/answer"
"""The payload that carries an answer; other buttons carry none."""


def placeholder(language: str | None) -> str:
    """Returns what stands in a record instead of the words."""
    spoken: Language = "en" if language == "en" else "ko"
    return text("application_sealed", spoken)


def kept_message(message: dict[str, str], language: Language) -> dict[str, str]:
    """Returns a message as it is recorded, without the words of an answer."""
    kept = dict(message)
    if "text" in kept:
        kept["text"] = placeholder(language)
    if kept.get("payload", "").startswith(ANSWER):
        kept["payload"] = ANSWER
    return kept


def kept_turn(turn: Turn) -> Turn:
    """Returns a turn as it is recorded, without what its sealed bubbles say."""
    if not any(reply.sealed for reply in turn.replies):
        return turn
    instead = placeholder(turn.language)
    replies = tuple(Reply(text=instead, choices=each.choices) if each.sealed else each for each in turn.replies)
    return turn.model_copy(update={"replies": replies})


def kept_event(data: dict[str, Any], private: bool) -> dict[str, Any]:
    """Returns an event of Rasa as it is recorded."""
    if data["event"] == "user" and private:
        return _without_answer(data)
    if data["event"] == "bot":
        naru = ((data.get("data") or {}).get("custom") or {}).get("naru") or {}
        if naru.get("sealed"):
            return {**data, "text": placeholder(naru.get("language")), "data": {}}
    return data


def _without_answer(data: dict[str, Any]) -> dict[str, Any]:
    said = str(data.get("text") or "")
    if said.startswith("/") and not said.startswith(ANSWER):
        return data
    parsed = data.get("parse_data") or {}
    words = ANSWER if said.startswith(ANSWER) else placeholder((data.get("metadata") or {}).get("language"))
    kept = {name: parsed[name] for name in ("intent", "message_id", "metadata") if name in parsed}
    return {**data, "text": words, "parse_data": {**kept, "entities": [], "text": words}}
