"""What is recorded of a turn in which something personal was told or shown."""

from __future__ import annotations

import json
from typing import Any

import pytest

from actions.interviews.all import asks_privately
from actions.reply import Card, Choice, IntentNote, Outcome, Reply, Turn
from bot.privacy import kept_event, kept_message, kept_turn

PHONE = "010-1234-5678"


def user(text: str) -> dict[str, Any]:
    return {
        "event": "user",
        "text": text,
        "metadata": {"language": "ko"},
        "parse_data": {
            "intent": {"name": "answer", "confidence": 1.0},
            "entities": [{"entity": "value", "value": text}],
            "text": text,
            "typed": text,
            "text_tokens": [[0, 3]],
        },
    }


def test_the_words_of_an_answer_are_in_no_part_of_the_event() -> None:
    kept = kept_event(user(PHONE), private=True)
    assert PHONE not in json.dumps(kept, ensure_ascii=False)
    assert kept["parse_data"]["intent"]["name"] == "answer"  # the policies still know what kind of message it was


def test_a_button_that_answers_loses_its_value_and_others_stay() -> None:
    kept = kept_event(user('/answer{"value": "gyeonggi"}'), private=True)
    assert "gyeonggi" not in json.dumps(kept)
    other = user('/define{"record": "term.fob"}')
    assert kept_event(other, private=True) == other


def test_words_that_nobody_asked_privately_stay() -> None:
    said = user("신용장이 뭐예요?")
    assert kept_event(said, private=False) == said


@pytest.mark.parametrize("sealed", [True, False])
def test_a_sealed_bubble_is_recorded_without_what_it_says(sealed: bool) -> None:
    naru = {"reply": {"text": PHONE}, "sealed": sealed, "language": "ko"}
    event = {"event": "bot", "text": PHONE, "data": {"custom": {"naru": naru}, "buttons": []}}
    assert (PHONE in json.dumps(kept_event(event, private=False))) is not sealed


def test_a_turn_is_shown_whole_and_recorded_without_sealed_bubbles() -> None:
    sealed = Reply(
        text=PHONE,
        card=Card(kind="list", title="c", rows=(("전화", PHONE),)),
        choices=(Choice(title="보내기", payload='/answer{"value": "send:00"}'),),
        sealed=True,
    )
    turn = Turn(
        conversation_id="c",
        turn_id=1,
        language="ko",
        outcome=Outcome.NEEDS_INPUT,
        intent=IntentNote(name="answer", confidence=1.0),
        replies=(Reply(text="질문"), sealed),
    )
    assert PHONE in turn.model_dump_json() and "sealed" not in turn.model_dump_json()
    kept = kept_turn(turn)
    assert PHONE not in kept.model_dump_json() and kept.replies[0].text == "질문"
    assert kept.replies[1].choices == sealed.choices  # the buttons still work after the page is loaded again


def test_a_recorded_message() -> None:
    assert PHONE not in str(kept_message({"text": PHONE}, "en"))
    assert kept_message({"payload": "/menu"}, "ko") == {"payload": "/menu"}
    assert kept_message({"payload": '/answer{"value": "12"}'}, "ko") == {"payload": "/answer"}
    assert kept_message({"file_id": "f"}, "ko") == {"file_id": "f"}


@pytest.mark.parametrize(
    ("slots", "loop", "private"),
    [
        ({"interview": "application", "application": {"id": "a"}}, {"name": "interview_form"}, True),
        ({"interview": "application", "application": {"goal": "profile"}}, {"name": "interview_form"}, True),
        ({"interview": "application", "application": {"programme": "p"}}, {"name": "interview_form"}, False),
        ({"interview": "application", "application": {"id": "a"}}, {}, False),
        ({"interview": "trade", "case": {}}, {"name": "interview_form"}, False),
        ({}, {}, False),
    ],
)
def test_when_answers_are_private(slots: dict[str, Any], loop: dict[str, Any], private: bool) -> None:
    assert asks_privately(slots, loop) is private
