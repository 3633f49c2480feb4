"""A step of a conversation without Rasa around it: what a person said, and what was understood of it."""

from __future__ import annotations

from typing import Any

from rasa_sdk import Tracker
from rasa_sdk.executor import CollectingDispatcher

from actions.talk import Talk


def talking(
    words: str,
    intent: str = "",
    entities: dict[str, str] | None = None,
    slots: dict[str, Any] | None = None,
    conversation: str = "test",
) -> Talk:
    """Returns the step; ``entities`` are the values the gazetteer would have found."""
    message = {
        "text": words,
        "intent": {"name": intent, "confidence": 1.0},
        "entities": [{"entity": name, "value": value} for name, value in (entities or {}).items()],
    }
    tracker = Tracker(conversation, slots or {}, message, [], False, None, {}, "action_listen")
    return Talk(CollectingDispatcher(), tracker)
