"""News is offered, agreed to topic by topic, honestly about what the channel can do, and ended in one word."""

from __future__ import annotations

import json
from collections.abc import Callable
from typing import Any

import pytest
from rasa_sdk import Tracker
from rasa_sdk.executor import CollectingDispatcher

from actions.interviews.steps import InterviewStop, NotAsked
from actions.news.asking import AllowNews, StopNews, ask_about, offer
from actions.news.consent import allow, allowed, switched_on
from actions.news.words import APPLICATION, PROGRAMMES
from actions.small_talk import Affirm, Deny
from actions.talk import Talk
from knowledge.database.engine import sessions
from knowledge.database.tables import TurnRow
from knowledge.settings import settings as chosen
from tests.actions.errands.said import bubbles, buttons, words
from tests.actions.news.conftest import conversation, seoul
from tests.knowledge.announcements.server import row

ALLOW, STOP = '/allow_news{"value": "application"}', '/stop_news{"value": "application"}'


def saying(
    said: str,
    conversation_id: str,
    intent: str = "",
    channel: str = "web",
    language: str = "ko",
    **slots: Any,
) -> Talk:
    """A step of a conversation on a channel; a payload's value is read as Rasa reads it."""
    value = json.loads(said[said.index("{") :])["value"] if said.startswith("/") and "{" in said else None
    message = {
        "text": said,
        "intent": {"name": intent, "confidence": 1.0},
        "entities": [{"entity": "value", "value": value}] if value else [],
        "metadata": {"channel": channel, "conversation": conversation_id},
    }
    known = {"language": language, **slots}
    return Talk(CollectingDispatcher(), Tracker(conversation_id, known, message, [], False, None, {}, "action_listen"))


def record(conversation_id: str, turn_id: int, talk: Talk) -> None:
    """Keeps the replies made so far as the conversation's last turn."""
    answer = {"replies": [bubble["reply"] for bubble in bubbles(talk)]}
    with sessions(chosen().database).begin() as session:
        session.add(
            TurnRow(
                conversation_id=conversation_id,
                turn_id=turn_id,
                message={},
                outcome="answered",
                intent="none",
                confidence=0.0,
                answer=answer,
            )
        )


def test_each_topic_has_a_consent_of_its_own(refresh: Callable[..., None]) -> None:
    refresh(seoul(1), row(1))
    person = conversation()
    AllowNews().respond(saying(ALLOW, person))
    assert switched_on(person) == (APPLICATION,)
    AllowNews().respond(saying('/allow_news{"value": "programmes"}', person))
    assert switched_on(person) == (APPLICATION, PROGRAMMES)
    StopNews().respond(saying(STOP, person))
    assert switched_on(person) == (PROGRAMMES,)


def test_a_wish_that_names_no_topic_switches_nothing_on() -> None:
    person = conversation()
    talk = saying("소식 알려 줘", person)
    AllowNews().respond(talk)
    assert switched_on(person) == () and bubbles(talk)[0]["outcome"] == "needs_input"
    assert set(buttons(talk).values()) == {ALLOW, '/allow_news{"value": "programmes"}'}
    AllowNews().respond(saying('/allow_news{"value": "everything"}', person))
    assert switched_on(person) == ()


def test_a_no_that_is_heard_as_a_wish_switches_nothing_on() -> None:
    person = conversation()
    allow(person, APPLICATION)
    talk = saying("신청 진행 상황 연락 그만 줘도 됩니다", person, "allow_news")
    AllowNews().respond(talk)
    assert switched_on(person) == () and "보내지 않을게요" in words(talk)


def test_no_consent_is_taken_where_there_is_no_list(settings: Any) -> None:
    person = conversation()
    talk = saying("새 공고 뜨면 알려줘", person)
    AllowNews().respond(talk)
    assert switched_on(person) == () and "연결되어 있지 않아요" in words(talk)
    assert offer(saying("", person)) == ()


def test_the_button_is_there_until_it_is_pressed(refresh: Callable[..., None]) -> None:
    refresh(seoul(1), row(1))
    person = conversation()
    (button,) = offer(saying("", person))
    AllowNews().respond(saying(button.payload, person))
    assert allowed(person, PROGRAMMES) and offer(saying("", person)) == ()


@pytest.mark.parametrize(
    ("channel", "korean", "english"),
    [
        ("kakao", "먼저 말을 걸 수 없어서, 다음에 말 거실 때", "I can't speak first"),
        ("web", "닫혀 있으면 다음에 오실 때", "otherwise when you come back"),
        ("telegram", "텔레그램으로 먼저 말을 걸어요", "I write to you on Telegram"),
        ("chatwoot", "상담창에 남겨", "support window"),
        ("rest", "다음에 말 거실 때", "the next time you write"),
    ],
)
def test_it_says_honestly_how_news_arrives(channel: str, korean: str, english: str) -> None:
    for language, told in (("ko", korean), ("en", english)):
        talk = saying(ALLOW, conversation(channel), channel=channel, language=language)
        AllowNews().respond(talk)
        assert told in words(talk)
        assert ("수신거부" if language == "ko" else "unsubscribe") in words(talk)
        assert STOP in buttons(talk).values()


def test_the_best_of_joined_channels_counts() -> None:
    web = conversation()
    conversation("telegram", joined_to=web)
    talk = saying(ALLOW, web)
    AllowNews().respond(talk)
    assert "텔레그램으로 먼저" in words(talk)


def test_it_is_asked_once_and_a_bare_yes_answers_it() -> None:
    person = conversation()
    asking = saying("", person)
    ask_about(asking, APPLICATION)
    assert "알려 드릴까요?" in words(asking) and set(buttons(asking).values()) == {ALLOW, STOP}
    assert not switched_on(person)
    again = saying("", person, news_asked=asking.slot("news_asked"))
    ask_about(again, APPLICATION)
    assert bubbles(again) == []
    record(person, 0, asking)
    yes = saying("네", person, "affirm")
    Affirm().respond(yes)
    assert switched_on(person) == (APPLICATION,) and "신청 소식을 알려 드릴게요" in words(yes)


def test_a_bare_no_answers_it_too() -> None:
    person = conversation()
    asking = saying("", person)
    ask_about(asking, APPLICATION)
    record(person, 0, asking)
    no = saying("아니요", person, "deny")
    Deny().respond(no)
    assert switched_on(person) == () and "먼저 알리지 않을게요" in words(no)


def test_a_yes_to_something_else_is_no_consent() -> None:
    person = conversation()
    asking = saying("", person)
    ask_about(asking, APPLICATION)
    record(person, 0, asking)
    other = saying("", person)
    StopNews().respond(other)
    record(person, 1, other)  # the question is not what was said last
    Affirm().respond(saying("네", person, "affirm"))
    assert switched_on(person) == ()
    offered = conversation()
    talk = saying("새 소식 알려 줘", offered)
    AllowNews().respond(talk)  # asks which, with a button for each
    record(offered, 0, talk)
    Affirm().respond(saying("네", offered, "affirm"))
    assert switched_on(offered) == ()


def test_whoever_is_told_already_is_not_asked() -> None:
    person = conversation()
    allow(person, APPLICATION)
    talk = saying("", person)
    ask_about(talk, APPLICATION)
    assert bubbles(talk) == []


def test_stopping_says_what_was_on_and_how_to_have_it_again(refresh: Callable[..., None]) -> None:
    person = conversation()
    allow(person, APPLICATION)
    allow(person, PROGRAMMES)
    talk = saying("/stop_news", person)
    StopNews().respond(talk)
    assert "신청 소식, 새 사업 소식을 보내지 않을게요" in words(talk) and "소식 알려 줘" in words(talk)
    talk = saying("/stop_news", person)
    StopNews().respond(talk)
    assert "켜 둔 알림이 없어요" in words(talk)
    allow(person, APPLICATION)
    talk = saying("unsubscribe", person, language="en")
    StopNews().respond(talk)
    assert "no more news of your application" in words(talk) and switched_on(person) == ()


def test_stop_without_an_interview_ends_the_news_if_there_is_any() -> None:
    person = conversation()
    talk = saying("그만", person, "stop_interview")
    NotAsked().respond(talk)
    assert "보내지 않을게요" not in words(talk)
    allow(person, APPLICATION)
    talk = saying("진단은 여기서 그만할래요", person, "stop_interview")
    NotAsked().respond(talk)
    assert switched_on(person) == (APPLICATION,), "that was about something else"
    talk = saying("그만", person, "stop_interview")
    NotAsked().respond(talk)
    assert switched_on(person) == () and "신청 소식을 보내지 않을게요" in words(talk)


def test_stopping_an_interview_leaves_the_news_and_shows_the_way_out() -> None:
    person = conversation()
    talk = saying("그만", person, "stop_interview")
    InterviewStop().respond(talk)
    assert "/stop_news" not in buttons(talk).values()
    allow(person, APPLICATION)
    talk = saying("그만", person, "stop_interview")
    InterviewStop().respond(talk)
    assert "/stop_news" in buttons(talk).values() and switched_on(person) == (APPLICATION,)
