"""Keeps Rasa's dialogue in Naru's database, reading only as much of it as the next turn needs.

Rasa's own SQL store reads and replays the whole conversation at every message, so that each turn is
slower than the last. Here the slots as they stand are kept beside the events, and only the last
few turns are replayed: the policies look no further back. Personal answers are not written
(``bot/privacy.py``); the turn in which they are given has them in memory.
"""

from __future__ import annotations

import asyncio
from collections.abc import Iterable
from typing import Any

from rasa.core.brokers.broker import EventBroker
from rasa.core.tracker_store import SerializedTrackerAsText, TrackerStore
from rasa.shared.core.domain import Domain
from rasa.shared.core.events import ActiveLoop, Event, SlotSet, UserUttered
from rasa.shared.core.trackers import ActionExecuted, DialogueStateTracker
from sqlalchemy import delete, select

from actions.interviews.all import asks_privately
from bot.privacy import kept_event
from knowledge.database.engine import sessions
from knowledge.database.tables import TrackerEventRow, TrackerStateRow

TURNS_REPLAYED = 4
"""How many turns are replayed; MemoizationPolicy looks back three (config.yml)."""

EVENTS_READ = 80
"""Events read to find those turns; a turn of Naru makes about ten."""


class RecentTrackerStore(TrackerStore, SerializedTrackerAsText):
    """Tracker store on SQLAlchemy whose cost does not grow with the conversation."""

    def __init__(self, domain: Domain | None, url: str, event_broker: EventBroker | None = None) -> None:
        super().__init__(domain, event_broker)
        self._sessions = sessions(url)

    async def retrieve(self, sender_id: str) -> DialogueStateTracker | None:
        """Returns the tracker with its last turns and its present slots, or None for a new conversation."""
        return await asyncio.to_thread(self._retrieve, sender_id, EVENTS_READ)

    async def retrieve_full_tracker(self, conversation_id: str) -> DialogueStateTracker | None:
        """Returns the tracker with every event since the conversation began."""
        return await asyncio.to_thread(self._retrieve, conversation_id, None)

    async def save(self, tracker: DialogueStateTracker) -> None:
        """Adds the events made since the tracker was read, and notes the slots."""
        await self.stream_events(tracker)
        await asyncio.to_thread(self._save, tracker)

    async def delete(self, sender_id: str) -> None:
        """Forgets a conversation."""
        await asyncio.to_thread(self._delete, sender_id)

    async def keys(self) -> Iterable[str]:
        """Returns the ids of all conversations."""
        with self._sessions() as session:
            return list(session.scalars(select(TrackerStateRow.conversation_id)))

    def _retrieve(self, sender_id: str, most: int | None) -> DialogueStateTracker | None:
        query = select(TrackerEventRow).where(TrackerEventRow.conversation_id == sender_id)
        query = query.order_by(TrackerEventRow.id.desc())
        with self._sessions() as session:
            state = session.get(TrackerStateRow, sender_id)
            if state is None:
                return None
            rows = list(session.scalars(query.limit(most) if most else query))[::-1]
            slots, loop = dict(state.slots), dict(state.active_loop)
        events = [Event.from_parameters(row.data) for row in rows]
        recent = [event for event in events if event is not None]
        if most:
            recent = last_turns(recent, TURNS_REPLAYED)
            recent = [*_standing(slots, loop, recent), *recent]
        tracker = self.init_tracker(sender_id)
        for event in recent:
            tracker.update(event, self.domain)
        for name, value in slots.items():
            if name in tracker.slots:
                tracker.slots[name].value = value
        if loop and not tracker.active_loop:
            tracker.change_loop_to(loop.get("name"))
        tracker.naru_seen = len(tracker.events)  # type: ignore[attr-defined]
        tracker.naru_private = asks_privately(slots, loop)  # type: ignore[attr-defined]
        return tracker

    def _save(self, tracker: DialogueStateTracker) -> None:
        seen = getattr(tracker, "naru_seen", 0)
        private = getattr(tracker, "naru_private", False)
        fresh = list(tracker.events)[seen:]
        loop: dict[str, Any] = {"name": tracker.active_loop.name} if tracker.active_loop else {}
        slots = {name: slot.value for name, slot in tracker.slots.items()}
        with self._sessions.begin() as session:
            for event in fresh:
                data = kept_event(event.as_dict(), private)
                session.add(
                    TrackerEventRow(
                        conversation_id=tracker.sender_id, type=event.type_name, timestamp=event.timestamp, data=data
                    )
                )
            state = session.get(TrackerStateRow, tracker.sender_id)
            if state is None:
                session.add(
                    TrackerStateRow(conversation_id=tracker.sender_id, slots=slots, active_loop=loop, events=len(fresh))
                )
            else:
                state.slots, state.active_loop, state.events = slots, loop, state.events + len(fresh)
        tracker.naru_seen = seen + len(fresh)  # type: ignore[attr-defined]

    def _delete(self, sender_id: str) -> None:
        with self._sessions.begin() as session:
            session.execute(delete(TrackerEventRow).where(TrackerEventRow.conversation_id == sender_id))
            session.execute(delete(TrackerStateRow).where(TrackerStateRow.conversation_id == sender_id))


def _standing(slots: dict[str, Any], loop: dict[str, Any], recent: list[Event]) -> list[Event]:
    """Returns what was set before the turns that are replayed, as events.

    Rasa's forms make trackers of their own from the events alone, in which older slots would be empty.
    """
    told: list[Event] = [SlotSet(name, value) for name, value in slots.items() if value is not None]
    if loop and not any(isinstance(event, ActiveLoop) for event in recent):
        told.append(ActiveLoop(loop.get("name")))
    return told


def last_turns(events: list[Event], turns: int) -> list[Event]:
    """Returns the events of the last ``turns`` turns, from the ``action_listen`` before the first of them."""
    said = [i for i, event in enumerate(events) if isinstance(event, UserUttered)]
    if len(said) <= turns:
        return events
    start = said[-turns]
    while start and not (isinstance(events[start], ActionExecuted) and events[start].action_name == "action_listen"):
        start -= 1
    return events[start:]
