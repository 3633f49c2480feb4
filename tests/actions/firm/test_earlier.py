"""Looking back: what was told before the interview begins is not asked again."""

from __future__ import annotations

from typing import Any

from rasa_sdk import Tracker
from rasa_sdk.executor import CollectingDispatcher

from actions.firm.diagnosis import DiagnosisStart
from actions.firm.earlier import earlier_words

COMPLAINT = "자동차 부품 회사인데 돈 떼일까봐 무서워요 대구에 있고 직원 40명이에요"


def user(text: str) -> dict[str, Any]:
    return {"event": "user", "text": text}


def action(name: str) -> dict[str, Any]:
    return {"event": "action", "name": name}


def test_only_own_words_since_the_last_result_count() -> None:
    events = [
        user("오래전 이야기"),
        action("action_interview_result"),
        user("바이어가 없어요"),
        action("action_obstacle"),
        user("/define"),
        user("/start_diagnosis"),
    ]
    assert earlier_words(events) == ("바이어가 없어요",)
    assert earlier_words([user("처음"), action("action_restarted"), user("/start_diagnosis")]) == ()
    assert earlier_words([]) == ()


def test_a_complaint_that_was_not_understood_begins_the_diagnosis() -> None:
    message = {"text": "/start_diagnosis", "intent": {"name": "start_diagnosis", "confidence": 1.0}, "entities": []}
    events = [user(COMPLAINT), action("action_clarify"), user("/start_diagnosis")]
    tracker = Tracker("firm-test", {"language": "ko"}, message, events, False, None, {}, "action_listen")
    slots = {event["name"]: event["value"] for event in DiagnosisStart()._answer(CollectingDispatcher(), tracker)}
    assert list(slots["diagnosis"]["heard"])[0] == "obstacle.not-paid"
    assert slots["firm"]["region"] == "KR-27" and slots["firm"]["employees"] == 40
    assert slots["firm"]["sector"] == "auto_parts"
