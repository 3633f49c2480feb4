"""The tracker store keeps everything, reads little, and forgets on request."""

from __future__ import annotations

from pathlib import Path

import pytest
from rasa.shared.core.domain import Domain
from rasa.shared.core.events import ActionExecuted, BotUttered, SlotSet, UserUttered
from rasa.shared.core.trackers import DialogueStateTracker
from sqlalchemy import event

from bot.tracker_store import EVENTS_READ, TURNS_REPLAYED, RecentTrackerStore
from knowledge.database.engine import engine, migrate

DOMAIN = Domain.from_dict(
    {
        "intents": ["greet"],
        "actions": ["action_greet"],
        "slots": {"topic": {"type": "text", "influence_conversation": False, "mappings": [{"type": "custom"}]}},
    }
)


@pytest.fixture
def url(tmp_path: Path) -> str:
    address = f"sqlite:///{tmp_path / 'tracker.db'}"
    migrate(address)
    return address


async def talk(store: RecentTrackerStore, sender: str, turns: int) -> None:
    for number in range(turns):
        tracker = await store.get_or_create_tracker(sender)
        assert isinstance(tracker, DialogueStateTracker)
        for happened in (
            ActionExecuted("action_listen"),
            UserUttered(f"말 {number}", {"name": "greet", "confidence": 1.0}),
            ActionExecuted("action_greet"),
            BotUttered(f"답 {number}"),
            SlotSet("topic", f"topic {number}"),
        ):
            tracker.update(happened, DOMAIN)
        await store.save(tracker)


async def test_nothing_is_kept_twice_and_nothing_is_lost(url: str) -> None:
    store = RecentTrackerStore(DOMAIN, url)
    await talk(store, "a", 12)
    whole = await store.retrieve_full_tracker("a")
    assert whole is not None
    said = [happened.text for happened in whole.events if isinstance(happened, UserUttered)]
    assert said == [f"말 {number}" for number in range(12)]


async def test_only_the_last_turns_are_replayed_but_slots_stand(url: str) -> None:
    store = RecentTrackerStore(DOMAIN, url)
    await talk(store, "a", 30)
    recent = await RecentTrackerStore(DOMAIN, url).retrieve("a")
    assert recent is not None
    said = [happened.text for happened in recent.events if isinstance(happened, UserUttered)]
    assert said == [f"말 {number}" for number in range(30 - TURNS_REPLAYED, 30)]
    assert recent.get_slot("topic") == "topic 29"


async def test_reading_does_not_grow_with_the_conversation(url: str) -> None:
    store = RecentTrackerStore(DOMAIN, url)
    fetched: list[int] = []

    def count(connection: object, cursor: object, statement: str, *rest: object) -> None:
        if "FROM tracker_events" in statement:
            assert "LIMIT" in statement
            fetched.append(1)

    event.listen(engine(url), "before_cursor_execute", count)
    await talk(store, "a", 40)
    assert len(fetched) >= 39
    recent = await store.retrieve("a")
    assert recent is not None and len(recent.events) <= EVENTS_READ


async def test_conversations_are_apart_and_can_be_forgotten(url: str) -> None:
    store = RecentTrackerStore(DOMAIN, url)
    await talk(store, "a", 2)
    await talk(store, "b", 3)
    assert sorted(await store.keys()) == ["a", "b"]
    await store.delete("a")
    assert await store.retrieve("a") is None
    other = await store.retrieve_full_tracker("b")
    assert other is not None
    assert sum(isinstance(happened, UserUttered) for happened in other.events) == 3


async def test_an_unknown_conversation_is_none(url: str) -> None:
    assert await RecentTrackerStore(DOMAIN, url).retrieve("nobody") is None
