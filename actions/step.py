"""The common frame of Naru's custom actions: run off the event loop, say which, and end as events."""

from __future__ import annotations

import asyncio
from typing import Any

from rasa_sdk import Action, Tracker
from rasa_sdk.events import EventType
from rasa_sdk.executor import CollectingDispatcher

from actions.answering import answer_condition
from actions.talk import Talk
from actions.withheld import Withheld, tell_withheld


class Step(Action):
    """A custom action that answers one turn. Subclasses give ``action`` and ``respond``."""

    action = ""

    def name(self) -> str:
        """Returns the name by which Rasa's rules call it."""
        return self.action

    def respond(self, talk: Talk) -> None:
        """Makes the replies of this step."""
        raise NotImplementedError

    async def run(self, dispatcher: CollectingDispatcher, tracker: Tracker, domain: dict[str, Any]) -> list[EventType]:
        """Answers one turn in a thread, since searching would hold up everybody else's turn."""
        return await asyncio.to_thread(self._answer, dispatcher, tracker)

    def _answer(self, dispatcher: CollectingDispatcher, tracker: Tracker) -> list[EventType]:
        talk = Talk(dispatcher, tracker)
        try:
            if not answer_condition(talk):
                self.respond(talk)
        except Withheld as found:
            tell_withheld(talk, found.record)
        return talk.events()
