"""When five seconds are too short: the answer is promised, comes once, and is never lost."""

from __future__ import annotations

import asyncio
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from typing import Any

import pytest

from actions.reply import Card, Choice, IntentNote, Outcome, Reply, Turn
from actions.texts import text
from bot.assistant import Assistant
from bot.guard import Message
from bot.privacy import kept_turn
from knowledge.settings import Settings
from tests.channels.kakao.conftest import Held, LateAnswers, Person, calling, skill_app
from tests.channels.kakao.limits_check import check_response
from tests.channels.kakao.walking import words_of

PATIENCE = 0.3
QUESTION = "신용장이 뭐예요?"
Room = tuple[Person, Held, Any]


@asynccontextmanager
async def held(settings: Settings, naru: Any, kind: type[Held] = Held, **changed: Any) -> AsyncIterator[Room]:
    """A person, an assistant whose turns are held, and a skill that does not wait long."""
    slow = kind(naru)
    app = skill_app(settings, slow, kakao_seconds=PATIENCE, **changed)
    async with calling(app) as http:
        yield Person(http), slow, app
        slow.gate.set()


def patient(app: Any) -> None:
    """Lets the skill wait for the turns to come, however busy the machine is."""
    app.state.settings = app.state.settings.model_copy(update={"kakao_seconds": 60})


async def let_go(app: Any, slow: Held) -> None:
    """Lets the turns be made, waits until they have gone where they go, and is patient from now on."""
    slow.gate.set()
    await app.state.kakao.answering.idle()
    patient(app)


async def conversation_of(app: Any, person: Person) -> str:
    return str((await asyncio.to_thread(app.state.contacts.find, "kakao", person.id)).conversation_id)


# Without a callback.


async def test_the_answer_is_promised_in_time_and_given_on_demand(settings: Settings, naru: Assistant) -> None:
    async with held(settings, naru) as (person, slow, app):
        said = await person.say(QUESTION)
        assert "준비하고 있어요" in said and person.labels == ["답 보기"]
        assert slow.made == 0, "the promise does not wait for the answer"
        await let_go(app, slow)
        shown = await person.press("답 보기")
        assert "은행" in shown and "아까 물어보신" in shown
        assert "예를 들면" in person.labels, "its buttons come with it"
        assert slow.made == 1, "asked once, answered once"
        assert "신용장" in await person.press("예를 들면", carried=False)


async def test_pressing_too_early_promises_again(settings: Settings, naru: Assistant) -> None:
    async with held(settings, naru) as (person, slow, app):
        await person.say(QUESTION)
        assert "아직" in await person.press("답 보기")
        assert person.labels == ["답 보기"]
        await let_go(app, slow)
        assert "은행" in await person.press("답 보기")
        assert slow.made == 1


async def test_pressing_just_before_it_is_ready_waits_for_it(settings: Settings, naru: Assistant) -> None:
    async with held(settings, naru) as (person, slow, app):
        await person.say(QUESTION)
        patient(app)
        pressing = asyncio.create_task(person.press("답 보기"))
        await asyncio.sleep(PATIENCE)
        assert not pressing.done()
        slow.gate.set()
        assert "은행" in await pressing


async def test_the_late_answer_comes_first_with_the_next_message(settings: Settings, naru: Assistant) -> None:
    async with held(settings, naru) as (person, slow, app):
        await person.say(QUESTION)
        await let_go(app, slow)
        said = await person.say("FOB가 뭐예요?")
        assert said.index("아까 물어보신") < said.index("은행") < said.index("FOB")
        again = await person.say("안녕하세요")
        assert "아까 물어보신" not in again, "given once"


async def test_nothing_waits(settings: Settings, naru: Assistant) -> None:
    async with held(settings, naru) as (person, slow, app):
        await let_go(app, slow)
        await person.say("안녕하세요")
        assert "기다리는 답은 없어요" in await person.say("답 보기")


async def test_two_messages_at_once_are_both_answered(settings: Settings, naru: Assistant) -> None:
    async with held(settings, naru) as (person, slow, app):
        await asyncio.gather(person.say(QUESTION), person.say("FOB가 뭐예요?"))
        await let_go(app, slow)
        said = await person.say("답 보기")
        while "더 보기" in person.labels:
            said += await person.press("더 보기")
        assert "은행" in said and "FOB" in said and slow.made == 2


async def test_a_caller_that_hangs_up_does_not_end_the_turn(settings: Settings, naru: Assistant) -> None:
    async with held(settings, naru) as (person, slow, app):
        call = asyncio.create_task(person.say(QUESTION))
        await slow.asked.wait()
        call.cancel()
        await asyncio.gather(call, return_exceptions=True)
        await let_go(app, slow)
        assert slow.made == 1 and "은행" in await person.say("답 보기")


class Broken(Held):
    """An assistant whose turns break."""

    async def turn(self, conversation_id: str, message: Message) -> Turn:
        await self.gate.wait()
        raise RuntimeError("broken")


async def test_a_turn_that_breaks_is_an_honest_answer(settings: Settings, naru: Assistant) -> None:
    async with held(settings, naru, Broken) as (person, slow, app):
        assert "준비하고" in await person.say(QUESTION)
        await let_go(app, slow)
        assert await person.say("답 보기") == text("failed", "ko"), "a promise is not forgotten"
        assert "기다리는 답은 없어요" in await person.say("답 보기")
        assert await person.say(QUESTION) == text("failed", "ko")


class Knowing(Held):
    """An assistant whose answer shows personal details, recorded as Assistant records them."""

    async def turn(self, conversation_id: str, message: Message) -> Turn:
        await self.gate.wait()
        number = await asyncio.to_thread(self._naru.conversations.next_turn_id, conversation_id)
        made = Turn(
            conversation_id=conversation_id,
            turn_id=number,
            language="ko",
            outcome=Outcome.NEEDS_INPUT,
            intent=IntentNote(name="my_firm", confidence=1),
            replies=(DETAILS,),
        )
        await asyncio.to_thread(self._naru.conversations.record, kept_turn(made), {"text": "…"}, "kakao")
        return made


DETAILS = Reply(text="사업자등록번호 220-81-62517", choices=(Choice(title="맞아요", payload="/affirm"),), sealed=True)


async def test_personal_details_in_a_late_answer(settings: Settings, naru: Assistant) -> None:
    async with held(settings, naru, Knowing) as (person, slow, app):
        await person.say("내 정보 보여줘")
        await let_go(app, slow)
        assert "220-81-62517" in await person.say("답 보기")


async def test_personal_details_do_not_outlive_the_process(settings: Settings, naru: Assistant) -> None:
    async with held(settings, naru, Knowing) as (person, slow, app):
        await person.say("내 정보 보여줘")
        await let_go(app, slow)
    async with held(settings, naru) as (someone, _, app):
        later = Person(someone.http, person.id)
        assert await later.say("답 보기") == f"{text('kakao_late', 'ko')}\n\n{text('application_sealed', 'ko')}"
        assert later.labels == ["맞아요"], "the dialogue goes on"


# News.


async def test_news_comes_first_with_the_next_message_and_once(settings: Settings, naru: Assistant) -> None:
    async with held(settings, naru) as (person, slow, app):
        await let_go(app, slow)
        await person.say("안녕하세요")
        news = Reply(text="내일이 선적일이에요.", card=Card(kind="list", title="할 일", rows=(("배에 싣기",),)))
        await naru.announce(await conversation_of(app, person), lambda _: news)
        said = await person.say(QUESTION)
        assert said.index("내일이 선적일") < said.index("은행") and "배에 싣기" in said
        assert "아까 물어보신" not in said, "it was no answer"
        assert "내일이 선적일" not in await person.say("FOB가 뭐예요?")


def test_a_skill_cannot_speak_first(settings: Settings, naru: Assistant) -> None:
    (connection,) = skill_app(settings, naru).state.connections
    assert connection.channel == "kakao" and connection.tells is False


# A person has the conversation.


class Handed(Held):
    """An assistant while a person has the conversation: messages are kept for them, and Naru says nothing."""

    async def turn(self, conversation_id: str, message: Message) -> Turn:
        number = await asyncio.to_thread(self._naru.conversations.next_turn_id, conversation_id)
        made = Turn(
            conversation_id=conversation_id,
            turn_id=number,
            language="ko",
            outcome=Outcome.HANDED_OVER,
            intent=IntentNote(name="none", confidence=0),
        )
        await asyncio.to_thread(self._naru.conversations.record, made, {"text": "…"}, "kakao")
        return made


async def test_a_person_who_has_the_conversation_is_heard(settings: Settings, naru: Assistant) -> None:
    async with held(settings, naru, Handed) as (person, _, app):
        patient(app)
        assert "담당자에게 전했어요" in await person.say("사람이랑 얘기할래요")
        assert person.labels == ["답 보기"]
        assert "아직 답을 적지 않았어요" in await person.press("답 보기")
        assert person.labels == ["답 보기"]
        await naru.announce(await conversation_of(app, person), lambda _: Reply(text="상담실 김나루예요."))
        assert await person.press("답 보기") == "상담실 김나루예요."
        assert person.labels == ["답 보기"], "they may write more"
        await naru.announce(await conversation_of(app, person), lambda _: Reply(text="무엇을 파세요?"))
        assert await person.say("저예요") == "무엇을 파세요?"
        assert "담당자에게 전했어요" in await person.say("김이요")


# With a callback.


async def test_a_late_answer_is_posted_once(settings: Settings, naru: Assistant, late_answers: LateAnswers) -> None:
    hosts = f"kakao.com,{late_answers.origin}"
    async with held(settings, naru, kakao_callback_hosts=hosts) as (person, slow, app):
        promise = await person.send(person.payload(QUESTION, callbackUrl=f"{late_answers.origin}/callback/abc"))
        assert promise == {"version": "2.0", "useCallback": True, "data": {"text": promise["data"]["text"]}}
        assert "준비" in promise["data"]["text"]
        await let_go(app, slow)
        ((path, response),) = late_answers.posted
        assert path == "/callback/abc"
        check_response(response)
        assert "은행" in "\n".join(words_of(response))
        assert "신용장" in await person.say("예를 들면"), "its buttons work"
        assert "아까 물어보신" not in "\n".join(words_of(person.last)), "what was posted is not said again"
        assert len(late_answers.posted) == 1


async def test_a_quick_answer_needs_no_callback(settings: Settings, naru: Assistant, late_answers: LateAnswers) -> None:
    async with calling(skill_app(settings, naru, kakao_seconds=60, kakao_callback_hosts=late_answers.origin)) as http:
        person = Person(http)
        assert "은행" in await person.say(QUESTION, callbackUrl=f"{late_answers.origin}/c")
    assert late_answers.posted == []


@pytest.mark.parametrize(
    "trouble",
    [{"status": 500}, {"status": 404}, {"answer": {"taskId": "t", "status": "FAIL"}}, {"answer": {"status": "ERROR"}}],
)
async def test_what_was_not_taken_is_given_with_the_next_message(
    settings: Settings, naru: Assistant, late_answers: LateAnswers, trouble: dict[str, Any]
) -> None:
    for name, value in trouble.items():
        setattr(late_answers, name, value)
    async with held(settings, naru, kakao_callback_hosts=late_answers.origin) as (person, slow, app):
        await person.send(person.payload(QUESTION, callbackUrl=f"{late_answers.origin}/c"))
        await let_go(app, slow)
        assert len(late_answers.posted) == 1, "never twice"
        assert "은행" in await person.say("FOB가 뭐예요?")
        assert len(late_answers.posted) == 1


async def test_a_redirect_is_not_followed(settings: Settings, naru: Assistant, late_answers: LateAnswers) -> None:
    other = LateAnswers()
    late_answers.status, late_answers.location = 307, f"{other.origin}/stolen"
    async with held(settings, naru, kakao_callback_hosts=late_answers.origin) as (person, slow, app):
        await person.send(person.payload(QUESTION, callbackUrl=f"{late_answers.origin}/c"))
        await let_go(app, slow)
        assert other.posted == []
        assert "은행" in await person.say("답 보기")
    other.server.shutdown()
    other.server.server_close()


async def test_nobody_is_there_to_take_it(settings: Settings, naru: Assistant) -> None:
    async with held(settings, naru, kakao_callback_hosts="http://127.0.0.1:9") as (person, slow, app):
        await person.send(person.payload(QUESTION, callbackUrl="http://127.0.0.1:9/c"))
        await let_go(app, slow)
        assert "은행" in await person.say("답 보기")


async def test_an_answer_already_shown_is_not_posted(
    settings: Settings, naru: Assistant, late_answers: LateAnswers
) -> None:
    async with held(settings, naru, kakao_callback_hosts=late_answers.origin) as (person, slow, app):
        await person.send(person.payload(QUESTION, callbackUrl=f"{late_answers.origin}/c"))
        patient(app)
        pressing = asyncio.create_task(person.say("답 보기"))
        await asyncio.sleep(PATIENCE)
        await let_go(app, slow)
        shown = await pressing
        assert ("은행" in shown) + len(late_answers.posted) == 1, "shown or posted, not both"


async def test_too_late_for_the_callback(
    settings: Settings, naru: Assistant, late_answers: LateAnswers, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr("channels.kakao.callback.IN_TIME", 0.0)
    async with held(settings, naru, kakao_callback_hosts=late_answers.origin) as (person, slow, app):
        await person.send(person.payload(QUESTION, callbackUrl=f"{late_answers.origin}/c"))
        await let_go(app, slow)
        assert late_answers.posted == [], "the address lives a minute"
        assert "은행" in await person.say("답 보기")


@pytest.mark.parametrize(
    "address", ["http://169.254.169.254/latest", "https://kakao.com.evil.test/c", "https://kakao.com@evil.test/c", "x"]
)
async def test_a_hostile_callback_is_as_none(settings: Settings, naru: Assistant, address: str) -> None:
    async with held(settings, naru) as (person, _, _app):
        assert "준비하고" in await person.say(QUESTION, callbackUrl=address)
        assert "useCallback" not in person.last and person.labels == ["답 보기"]
