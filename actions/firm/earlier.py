"""What a person said earlier in the conversation, for interviews that begin with what was told already."""

from __future__ import annotations

from typing import Any

from rasa_sdk import Tracker
from rasa_sdk.events import EventType
from rasa_sdk.executor import CollectingDispatcher

from actions.step import Step
from actions.talk import Talk

ENOUGH = 8
"""Messages that are looked back at."""

ENDS = ("action_restarted", "action_interview_result")
"""Steps before which nothing counts: a fresh start, and a result that was told."""


class Beginning(Step):
    """A step that begins an interview and may look back. Subclasses give ``begin``."""

    def respond(self, talk: Talk) -> None:
        """Begins without looking back."""
        self.begin(talk, ())

    def begin(self, talk: Talk, earlier: tuple[str, ...]) -> None:
        """Begins; ``earlier`` are the words of the person before this message, the oldest first."""
        raise NotImplementedError

    def _answer(self, dispatcher: CollectingDispatcher, tracker: Tracker) -> list[EventType]:
        talk = Talk(dispatcher, tracker)
        self.begin(talk, earlier_words(tracker.events))
        return talk.events()


def earlier_words(events: list[dict[str, Any]]) -> tuple[str, ...]:
    """Returns the person's own words before the newest message, since the last fresh start or result."""
    found: list[str] = []
    for event in events:
        if event.get("event") == "action" and event.get("name") in ENDS:
            found = []
        elif event.get("event") == "user":
            found.append(str(event.get("text") or ""))
    return tuple(words for words in found[:-1] if words and not words.startswith("/"))[-ENOUGH:]
