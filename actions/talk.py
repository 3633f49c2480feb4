"""One step of a conversation: what was understood, what is remembered, and the replies being made."""

from __future__ import annotations

import json
from typing import Any

from rasa_sdk import Tracker
from rasa_sdk.events import EventType, FollowupAction, SlotSet
from rasa_sdk.executor import CollectingDispatcher

from actions.reply import Choice, Outcome, Reply
from actions.texts import text
from knowledge.gazetteer import Mention
from knowledge.language.detect import detect_language
from knowledge.record import Kind, Language, Record
from knowledge.settings import settings
from knowledge.shelf import Shelf, shelf

RECORD_KINDS = frozenset(kind.value for kind in Kind)


class Talk:
    """Reads the tracker once, collects replies, and ends as events for Rasa.

    Attributes:
        language: The language to answer in.
        question: The repaired words of the person.
        typed: The words as they were typed, for names and addresses, which no repair may touch.
        mentions: Records named in the question, in order.
        topic: The record last spoken about, if any.
        conversation_id: Whose dialogue it is.
        channel: Where the person speaks: ``web``, ``telegram``, ``kakao``, …
        spoken_in: The conversation there; another than the dialogue's own when two are joined.
    """

    def __init__(self, dispatcher: CollectingDispatcher, tracker: Tracker) -> None:
        self._dispatcher = dispatcher
        self._tracker = tracker
        self._slots: dict[str, Any] = {}
        self._next: str | None = None
        self.conversation_id: str = tracker.sender_id
        latest = tracker.latest_message or {}
        self.question: str = latest.get("text") or ""
        self.typed: str = latest.get("typed") or self.question
        self.is_payload = self.question.startswith("/")
        self.intent: str = (latest.get("intent") or {}).get("name") or ""
        self.confidence = float((latest.get("intent") or {}).get("confidence") or 0.0)
        self.ranking: list[dict[str, Any]] = latest.get("intent_ranking") or []
        self.entities: list[dict[str, Any]] = latest.get("entities") or []
        metadata = latest.get("metadata") or {}
        self.channel: str = metadata.get("channel") or "rasa"
        self.spoken_in: str = metadata.get("conversation") or self.conversation_id
        self.language: Language = self._language()
        self.shelf: Shelf = shelf()
        self.mentions = self._mentions()
        self.topic: Record | None = self._record(self.slot("topic"))

    def slot(self, name: str) -> Any:
        """Returns what is remembered under ``name``, including what this step has set."""
        return self._slots.get(name, self._tracker.get_slot(name))

    @property
    def answering(self) -> bool:
        """Tells whether the message answers a question of the running interview (and is no aside just handled).

        Rasa hands a form's validation a tracker in which the form itself has already run, so that the action before
        it tells: Naru was listening, or has just begun the interview or handled an aside.
        """
        form = (self._tracker.active_loop or {}).get("name")
        names = (event.get("name") for event in reversed(self._tracker.events) if event.get("event") == "action")
        return bool(form) and next((name for name in names if name != form), None) == "action_listen"

    @property
    def before(self) -> str | None:
        """Returns the name of the action that answered the turn before, or None at the beginning."""
        events = reversed(self._tracker.events)
        next((event for event in events if event.get("event") == "user"), None)  # this turn's
        names = (event.get("name") for event in events if event.get("event") == "action")
        return next((name for name in names if name != "action_listen"), None)

    def remember(self, **slots: Any) -> None:
        """Keeps values for the steps to come."""
        self._slots.update(slots)

    def entity(self, name: str) -> str | None:
        """Returns the value a button's payload carries under ``name``."""
        for entity in self.entities:
            if entity.get("entity") == name:
                return str(entity.get("value"))
        return None

    def tell_entity(self, name: str, value: str) -> None:
        """Takes words as if a button had carried ``value`` under ``name``."""
        self.entities = [*self.entities, {"entity": name, "value": value}]

    def say(self, key: str, **values: object) -> str:
        """Returns a fixed sentence in the person's language."""
        return text(key, self.language, **values)

    def choice(self, key: str, payload: str, **values: object) -> Choice:
        """Returns a button with a fixed title."""
        return Choice(title=self.say(key, **values), payload=payload)

    def reply(self, reply: Reply, outcome: Outcome, records: tuple[str, ...] = ()) -> None:
        """Sends one bubble; the outcome of the last one is the outcome of the turn."""
        self._dispatcher.utter_message(
            text=reply.text,
            buttons=[choice.model_dump() for choice in reply.choices],
            json_message={
                "naru": {
                    "reply": reply.model_dump(mode="json"),
                    "outcome": outcome.value,
                    "records": list(records),
                    "language": self.language,
                    "sealed": reply.sealed,
                }
            },
        )
        if outcome in (Outcome.ANSWERED, Outcome.NEEDS_INPUT, Outcome.HANDED_OVER):
            self.remember(misses=0)

    def follow_with(self, action: str) -> None:
        """Lets ``action`` (or a form) come next, whatever the rules say."""
        self._next = action

    def events(self) -> list[EventType]:
        """Returns what changed in memory, for Rasa's tracker."""
        self.remember(language=self.language)
        known = self._tracker.get_slot
        changed: list[EventType] = [SlotSet(name, value) for name, value in self._slots.items() if known(name) != value]
        return [*changed, FollowupAction(self._next)] if self._next else changed

    def switch(self, language: Language) -> None:
        """Speaks ``language`` from now on, until asked otherwise."""
        self.language = language
        self.remember(language_chosen=language)

    def _language(self) -> Language:
        chosen = self._tracker.get_slot("language_chosen")
        if chosen in ("ko", "en"):
            return chosen  # type: ignore[no-any-return]
        if not self.is_payload and (found := detect_language(self.question)):
            return found
        opened = ((self._tracker.latest_message or {}).get("metadata") or {}).get("language")
        known = self._tracker.get_slot("language") or opened or settings().default_language
        return "en" if known == "en" else "ko"

    def _mentions(self) -> list[Mention]:
        found = []
        for entity in self.entities:
            if entity.get("entity") in RECORD_KINDS and self._record(entity.get("value")):
                found.append(
                    Mention(
                        entity["entity"],
                        entity["value"],
                        int(entity.get("start") or 0),
                        int(entity.get("end") or 0),
                        self.question[entity.get("start") or 0 : entity.get("end") or 0],
                        float(entity.get("confidence_entity") or 1.0),
                        tuple(entity.get("rivals") or ()),
                    )
                )
        return found

    def _record(self, record_id: Any) -> Record | None:
        return self.shelf.library.get(record_id) if isinstance(record_id, str) else None

    def record(self, record_id: str | None) -> Record | None:
        """Returns a record by id, or None."""
        return self._record(record_id)


def payload(intent: str, **entities: str) -> str:
    """Returns what a button sends: ``/intent{"name": "value"}`` as Rasa reads it."""
    return f"/{intent}{json.dumps(entities, ensure_ascii=False)}" if entities else f"/{intent}"
