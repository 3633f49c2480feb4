"""News from what happens to what the person sees: an application moves, a call comes out; and one word ends it."""

from __future__ import annotations

import asyncio
from collections.abc import Callable, Iterator
from datetime import UTC, datetime, timedelta
from typing import Any
from zoneinfo import ZoneInfo

import pytest
from sqlalchemy import delete

from actions.cases import Application, Cases, State
from actions.cases.outbox import deliver_due
from actions.news.consent import allow, switched_on
from actions.news.words import APPLICATION, PROGRAMMES
from bot.assistant import Assistant
from bot.guard import Message
from bot.training import current_model
from channels import news_round
from channels.app import create_app
from channels.contacts import Contacts
from channels.news_round import go_round
from knowledge.announcements.client import Fetched
from knowledge.announcements.reading import read_rows
from knowledge.announcements.store import keep
from knowledge.database.engine import sessions
from knowledge.database.tables import AnnouncementRow, AnnouncementRunRow
from tests.actions.cases.conftest import FIRM, VOUCHER, add_file
from tests.channels.test_applying import button, filled
from tests.conftest import Visitor, words_of
from tests.knowledge.announcements.server import row

SEOUL = ZoneInfo("Asia/Seoul")


@pytest.fixture(scope="module")
async def assistant(settings: Any, shelf: Any) -> Assistant:
    model = current_model(settings)
    assert model, "there is no model of these files; run: naru train"
    return await Assistant.load(model, settings)


@pytest.fixture
def cases(settings: Any) -> Cases:
    return Cases(settings.database, settings)


def next_day(hour: int) -> datetime:
    """An hour of tomorrow by Korea's clock, so that whatever happens now, at night too, is due by noon."""
    return (datetime.now(SEOUL) + timedelta(days=1)).replace(hour=hour, minute=0, second=0, microsecond=0)


def submitted(cases: Cases, settings: Any, conversation_id: str) -> Application:
    """An application of a conversation, sent."""
    begun = cases.start(conversation_id, "programme.export-voucher")
    for key, said in (FIRM | VOUCHER).items():
        cases.answer(begun.id, key, said)
    cases.attach(begun.id, "business_registration", add_file(settings, conversation_id, f"file-{begun.id}"))
    return cases.submit(begun.id, cases.review(begun.id).digest)


async def wanting(naru: Assistant, cases: Cases, settings: Any) -> tuple[str, Application]:
    """Somebody on the web who has sent an application and wants to be told."""
    opened, _turn = await naru.open("ko", "web")
    sent = submitted(cases, settings, opened.id)
    allow(opened.id, APPLICATION)
    return opened.id, sent


def heard(naru: Assistant, conversation_id: str) -> list[str]:
    """What Naru said of its own accord."""
    turns = naru.conversations.history(conversation_id, after=0)
    return [words_of(turn) for turn in turns if not turn["message"]]


async def test_a_change_of_state_becomes_a_turn(assistant: Assistant, cases: Cases, settings: Any) -> None:
    person, sent = await wanting(assistant, cases, settings)
    silent, _turn = await assistant.open("ko", "web")
    other = submitted(cases, settings, silent.id)
    for application in (sent, other):
        cases.move(application.id, State.IN_REVIEW, "desk", "빠르게 보겠습니다 010-1234-5678")
    await go_round(assistant, next_day(3))
    assert heard(assistant, person) == [], "nobody is woken"
    await go_round(assistant, next_day(8))
    (told,) = heard(assistant, person)
    assert "살펴보고 있어요" in told and str(sent.number) in told and "수신거부" in told
    assert "남긴 말이 있어요" in told and "010-1234-5678" not in told, "what the desk wrote is shown on request only"
    assert heard(assistant, silent.id) == []
    await go_round(assistant, next_day(9))
    assert len(heard(assistant, person)) == 1


async def test_the_buttons_of_the_news_work(assistant: Assistant, cases: Cases, settings: Any) -> None:
    person, sent = await wanting(assistant, cases, settings)
    cases.move(sent.id, State.IN_REVIEW, "desk", "곧 연락드릴게요")
    await go_round(assistant, next_day(8))
    last = assistant.conversations.history(person)[-1]
    status, stop = (choice["payload"] for choice in last["replies"][-1]["choices"])
    shown = await assistant.turn(person, Message(payload=status))
    assert "곧 연락드릴게요" in words_of(shown.model_dump(mode="json"))
    ended = await assistant.turn(person, Message(payload=stop))
    assert ended.outcome == "answered" and switched_on(person) == ()


async def test_it_reaches_the_joined_channel(assistant: Assistant, cases: Cases, settings: Any) -> None:
    person, sent = await wanting(assistant, cases, settings)
    contacts = Contacts(settings)
    contact, _new = contacts.meet("telegram", f"chat-{person}", "ko")
    given = await assistant.turn(person, Message(payload="/join_channels"))
    await assistant.turn(contact.conversation_id, Message(text=given.replies[-1].text))
    contacts.see(contact)
    cases.move(sent.id, State.IN_REVIEW, "desk")
    await go_round(assistant, next_day(8))
    seen = contacts.find("telegram", f"chat-{person}")
    assert seen is not None
    assert ["살펴보고 있어요" in words_of(turn) for turn in contacts.unseen(seen)] == [True]


async def test_only_the_newest_state_is_told(assistant: Assistant, cases: Cases, settings: Any) -> None:
    person, sent = await wanting(assistant, cases, settings)
    cases.move(sent.id, State.IN_REVIEW, "desk")
    cases.move(sent.id, State.ACCEPTED, "desk")
    await go_round(assistant, next_day(8))
    (told,) = heard(assistant, person)
    assert "받아들여졌어요" in told and "살펴보고" not in told


async def test_what_was_withdrawn_or_erased_meanwhile_is_not_told(
    assistant: Assistant, cases: Cases, settings: Any
) -> None:
    withdrawn, sent = await wanting(assistant, cases, settings)
    cases.move(sent.id, State.IN_REVIEW, "desk")
    cases.withdraw(sent.id)
    erased, other = await wanting(assistant, cases, settings)
    cases.move(other.id, State.IN_REVIEW, "desk")
    await assistant.erase(erased)
    await go_round(assistant, next_day(8))
    assert heard(assistant, withdrawn) == []
    assert assistant.conversations.history(erased) == []


async def test_two_processes_tell_it_once(assistant: Assistant, cases: Cases, settings: Any) -> None:
    person, sent = await wanting(assistant, cases, settings)
    cases.move(sent.id, State.IN_REVIEW, "desk")
    await asyncio.gather(*(go_round(assistant, next_day(8)) for _ in range(4)))
    assert len(heard(assistant, person)) == 1


async def test_that_it_was_handed_over_is_told(assistant: Assistant, cases: Cases, settings: Any) -> None:
    person, _sent = await wanting(assistant, cases, settings)
    deliver_due(datetime.now(UTC) + timedelta(seconds=1), settings.database, settings)
    deliver_due(datetime.now(UTC) + timedelta(days=1), settings.database, settings)
    await go_round(assistant, next_day(23) + timedelta(hours=9))
    (told,) = heard(assistant, person)
    assert "접수처가 찾아갈 수 있게 준비해 뒀어요" in told


async def test_what_fails_to_be_said_is_tried_again_and_stops_no_other(
    assistant: Assistant, cases: Cases, settings: Any, monkeypatch: pytest.MonkeyPatch
) -> None:
    first, one = await wanting(assistant, cases, settings)
    second, two = await wanting(assistant, cases, settings)
    for application in (one, two):
        cases.move(application.id, State.IN_REVIEW, "desk")
    announce = assistant.announce

    async def failing(conversation_id: str, reply: Any, *more: Any) -> Any:
        if conversation_id == first:
            raise OSError("the database is away")
        return await announce(conversation_id, reply, *more)

    with monkeypatch.context() as broken:
        broken.setattr(assistant, "announce", failing)
        await go_round(assistant, next_day(8))
    assert heard(assistant, first) == [] and len(heard(assistant, second)) == 1
    await go_round(assistant, next_day(9))
    assert len(heard(assistant, first)) == len(heard(assistant, second)) == 1


@pytest.fixture
def calls_forgotten(settings: Any) -> Iterator[None]:
    """Ends without announcements: other tests say that none were fetched."""
    yield
    with sessions(settings.database).begin() as session:
        session.execute(delete(AnnouncementRow))
        session.execute(delete(AnnouncementRunRow))


async def test_a_new_call_becomes_a_turn(assistant: Assistant, settings: Any, calls_forgotten: None) -> None:
    opened, _turn = await assistant.open("ko", "web")
    allow(opened.id, PROGRAMMES)
    later = datetime.now(SEOUL) + timedelta(hours=1)
    until = f"{later - timedelta(days=1):%Y%m%d} ~ {later + timedelta(days=40):%Y%m%d}"
    new = row(1, pblancNm="해외전시회 참가기업 모집", creatPnttm=f"{later:%Y-%m-%d %H:%M:%S}", reqstBeginEndDe=until)
    fetched = Fetched((new,), True, later + timedelta(hours=1))
    with sessions(settings.database).begin() as session:
        keep(session, fetched, read_rows(fetched))
    await go_round(assistant, next_day(22))
    assert heard(assistant, opened.id) == [], "never at night"
    await go_round(assistant, next_day(8) + timedelta(days=1))
    (told,) = heard(assistant, opened.id)
    assert "해외전시회 참가기업 모집" in told and "새 사업이 뜨면 알려 달라고 하셔서" in told
    ended = await assistant.turn(opened.id, Message(text="수신거부"))
    assert "새 사업 소식을 보내지 않을게요" in words_of(ended.model_dump(mode="json"))
    assert switched_on(opened.id) == ()


async def test_one_word_ends_it_in_the_middle_of_an_interview(assistant: Assistant, cases: Cases) -> None:
    for word, language in (("수신거부", "ko"), ("unsubscribe", "en")):
        opened, _turn = await assistant.open(language, "web")  # type: ignore[arg-type]
        allow(opened.id, APPLICATION)
        await assistant.turn(opened.id, Message(payload='/apply_programme{"value": "programme.export-voucher"}'))
        await assistant.turn(opened.id, Message(text="동의해요" if language == "ko" else "I agree"))
        asked = cases.of(opened.id)[0]
        turn = await assistant.turn(opened.id, Message(text=word))
        assert switched_on(opened.id) == () and turn.language == language
        assert turn.outcome == "needs_input", "the interview goes on with its question"
        assert word not in cases.values(asked.id).values(), "and has not taken the word for an answer"


async def test_stop_ends_the_interview_first_and_the_news_then(assistant: Assistant) -> None:
    opened, _turn = await assistant.open("en", "web")
    allow(opened.id, APPLICATION)
    await assistant.turn(opened.id, Message(payload="/start_diagnosis"))
    stopped = await assistant.turn(opened.id, Message(text="stop"))
    assert switched_on(opened.id) == (APPLICATION,), "the interview was meant"
    assert "/stop_news" in {choice.payload for choice in stopped.replies[-1].choices}
    ended = await assistant.turn(opened.id, Message(text="stop"))
    assert switched_on(opened.id) == () and "no more news of your application" in (ended.replies[-1].text or "")


async def test_serve_makes_the_rounds(assistant: Assistant, settings: Any, monkeypatch: pytest.MonkeyPatch) -> None:
    made: list[Any] = []

    async def noted(naru: Assistant, now: datetime) -> None:
        if naru is not assistant:
            return  # another test's service makes its rounds
        made.append(naru)
        if len(made) == 1:
            raise OSError("the first round breaks")

    monkeypatch.setattr(news_round, "go_round", noted)
    app = create_app(settings.model_copy(update={"deliver_seconds": 1}), assistant)
    async with app.router.lifespan_context(app):
        for _ in range(60):
            await asyncio.sleep(0.1)
            if len(made) > 1:
                break
    assert len(made) > 1, "a round that breaks is not the last"


def test_after_an_application_it_is_asked_once_and_yes_is_enough(visitor: Callable[..., Visitor]) -> None:
    person = visitor()
    sent = person.press(button(filled(person), "보내기"))
    assert "이 신청에 소식이 오면" in words_of(sent)
    agreed = person.say("네")
    assert "신청 소식을 알려 드릴게요" in words_of(agreed) and "수신거부" in words_of(agreed)
    assert "닫혀 있으면 다음에 오실 때" in words_of(agreed), "honest about what a page can do"
    ended = person.say("수신거부")
    assert "신청 소식을 보내지 않을게요" in words_of(ended)
