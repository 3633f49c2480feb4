"""The lighter check of an action's answer accepts and refuses what Rasa's own does."""

from __future__ import annotations

from typing import Any

import pytest
from jsonschema import ValidationError
from rasa.core.actions.action import RemoteAction
from rasa.shared.core.events import Event, SlotSet, UserUttered

from bot import rasa_speed

STOCK = RemoteAction._validate_action_result
WELL_FORMED: list[dict[str, Any]] = [
    {"events": [], "responses": []},
    {"events": [{"event": "slot", "name": "topic", "value": "x"}], "responses": [{"text": "네"}]},
]
MALFORMED: list[dict[str, Any]] = [
    {"events": "none", "responses": []},
    {"events": [{"name": "topic"}], "responses": []},
    {"events": [], "responses": "none"},
]


@pytest.fixture
def light(monkeypatch: pytest.MonkeyPatch) -> RemoteAction:
    monkeypatch.setattr(RemoteAction, "_validate_action_result", STOCK)
    rasa_speed.apply()
    return RemoteAction("action_x", None)


@pytest.mark.parametrize("answer", WELL_FORMED)
def test_what_is_well_formed_passes(light: RemoteAction, answer: dict[str, Any]) -> None:
    assert light._validate_action_result(answer) is True


@pytest.mark.parametrize("answer", MALFORMED)
def test_what_is_malformed_is_refused(light: RemoteAction, answer: dict[str, Any]) -> None:
    with pytest.raises(ValidationError):
        light._validate_action_result(answer)


def test_events_are_found_by_name_as_before(light: RemoteAction) -> None:
    for _ in range(2):
        assert Event.resolve_by_type("slot") is SlotSet
        assert Event.resolve_by_type("user") is UserUttered
        assert Event.resolve_by_type("no-such-event", SlotSet) is SlotSet
        with pytest.raises(ValueError, match="no-such-event"):
            Event.resolve_by_type("no-such-event")
