"""When five seconds are too short: the answer is promised, comes once, and is never lost."""

from __future__ import annotations

import asyncio
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from typing import Any

import pytest

from actions.reply import Card, Choice, IntentNote, Outcome, Reply, Turn
from bot.assistant import Assistant
from bot.guard import Message
from knowledge.settings import Settings
from tests.channels.kakao.conftest import LateAnswers, Person, Slowed, calling, skill_app
from tests.channels.kakao.limits_check import check_response
from tests.channels.kakao.walking import words_of

PATIENCE = 0.5
SLOW = 1.2
QUESTION = "신용장이 뭐예요?"
Room = tuple[Person, Slowed, Any]


@asynccontextmanager
async def slowly(settings: Settings, naru: Assistant, seconds: float = SLOW, **changed: Any) -> AsyncIterator[Room]:
    """A person, an assistant that takes ``seconds`` and a skill that waits less."""
    slowed = Slowed(naru, seconds)
    app = skill_app(settings, slowed, kakao_seconds=PATIENCE, **changed)
    async with calling(app) as http:
        yield Person(http), slowed, app


async def settle(app: Any) -> None:
    await app.state.kakao.answering.idle()


async def conversation_of(app: Any, person: Person) -> str:
    return str((await asyncio.to_thread(app.state.contacts.find, "kakao", person.id)).conversation_id)


# Without a callback.


async def test_the_answer_is_promised_in_time_and_given_on_demand(settings: Settings, naru: Assistant) -> None:
    async with slowly(settings, naru) as (person, slowed, app):
        clock = asyncio.get_running_loop()
        began = clock.time()
        said = await person.say(QUESTION)
        assert clock.time() - began < SLOW, "the promise does not wait for the answer"
        assert "준비하고 있어요" in said and person.labels == ["답 보기"]
        await settle(app)
        slowed.seconds = 0
        shown = await person.press("답 보기")
        assert "은행" in shown and "아까 물어보신" in shown
        assert "예를 들면" in person.labels, "its buttons come with it"
        assert slowed.made == 1, "asked once, answered once"
        assert "신용장" in await person.press("예를 들면", carried=False)


async def test_pressing_too_early_waits_and_promises_again(settings: Settings, naru: Assistant) -> None:
    async with slowly(settings, naru, seconds=4 * PATIENCE) as (person, slowed, app):
        await person.say(QUESTION)
        assert "아직" in await person.press("답 보기")
        assert person.labels == ["답 보기"]
        await settle(app)
        assert "은행" in await person.press("답 보기")
        assert slowed.made == 1


async def test_pressing_just_before_it_is_ready_gets_it(settings: Settings, naru: Assistant) -> None:
    async with slowly(settings, naru, seconds=PATIENCE * 1.6) as (person, _, _app):
        await person.say(QUESTION)
        assert "은행" in await person.press("답 보기")


async def test_the_late_answer_comes_first_with_the_next_message(settings: Settings, naru: Assistant) -> None:
    async with slowly(settings, naru) as (person, slowed, app):
        await person.say(QUESTION)
        await settle(app)
        slowed.seconds = 0
        said = await person.say("FOB가 뭐예요?")
        assert said.index("아까 물어보신") < said.index("은행") < said.index("FOB")
        again = await person.say("안녕하세요")
        assert "아까 물어보신" not in again, "given once"


async def test_nothing_waits(settings: Settings, naru: Assistant) -> None:
    async with slowly(settings, naru, seconds=0) as (person, _, _app):
        await person.say("안녕하세요")
        assert "기다리는 답은 없어요" in await person.say("답 보기")


async def test_two_messages_at_once_are_both_answered(settings: Settings, naru: Assistant) -> None:
    async with slowly(settings, naru) as (person, slowed, app):
        await asyncio.gather(person.say(QUESTION), person.say("FOB가 뭐예요?"))
        await settle(app)
        slowed.seconds = 0
        said = await person.say("답 보기")
        while "더 보기" in person.labels:
            said += await person.press("더 보기")
        assert "은행" in said and "FOB" in said and slowed.made == 2


async def test_a_caller_that_hangs_up_does_not_end_the_turn(settings: Settings, naru: Assistant) -> None:
    async with slowly(settings, naru) as (person, slowed, app):
        call = asyncio.create_task(person.say(QUESTION))
        await asyncio.sleep(PATIENCE / 2)
        call.cancel()
        await asyncio.gather(call, return_exceptions=True)
        await settle(app)
        slowed.seconds = 0
        assert slowed.made == 1 and "은행" in await person.say("답 보기")


async def test_a_turn_that_breaks_is_an_honest_answer(settings: Settings, naru: Assistant) -> None:
    class Broken(Slowed):
        async def turn(self, conversation_id: str, message: Message) -> Turn:
            await asyncio.sleep(self.seconds)
            raise RuntimeError("broken")

    for seconds in (0.0, SLOW):
        app = skill_app(settings, Broken(naru, seconds), kakao_seconds=PATIENCE)
        async with calling(app) as http:
            person = Person(http)
            assert await person.say(QUESTION)
            await settle(app)
            assert await person.say("답 보기")


async def test_personal_details_in_a_late_answer(settings: Settings, naru: Assistant) -> None:
    secret = Reply(
        text="사업자등록번호 220-81-62517", choices=(Choice(title="맞아요", payload="/affirm"),), sealed=True
    )

    class Knowing(Slowed):
        """An assistant whose answer shows personal details, recorded as Assistant records them."""

        async def turn(self, conversation_id: str, message: Message) -> Turn:
            await asyncio.sleep(self.seconds)
            return await self._naru.announce_as_answer(conversation_id, secret)  # type: ignore[attr-defined]

    for process_lives, expected in ((True, "220-81-62517"), (False, "대화 기록에는 남기지 않았어요")):
        app = skill_app(settings, Knowing(_Recording(naru), SLOW), kakao_seconds=PATIENCE)
        async with calling(app) as http:
            person = Person(http)
            await person.say("내 정보 보여줘")
            await settle(app)
        if not process_lives:
            app = skill_app(settings, naru, kakao_seconds=4.9)
        async with calling(app) as http:
            later = Person(http, person.id)
            assert expected in await later.say("답 보기")
            assert later.labels == ["맞아요"], "the dialogue goes on either way"


class _Recording:
    """The assistant's own record of a turn that shows personal details."""

    def __init__(self, naru: Assistant) -> None:
        self._naru = naru

    def __getattr__(self, name: str) -> Any:
        return getattr(self._naru, name)

    async def announce_as_answer(self, conversation_id: str, reply: Reply) -> Turn:
        from bot.privacy import kept_turn

        number = await asyncio.to_thread(self._naru.conversations.next_turn_id, conversation_id)
        made = Turn(
            conversation_id=conversation_id,
            turn_id=number,
            language="ko",
            outcome=Outcome.NEEDS_INPUT,
            intent=IntentNote(name="my_firm", confidence=1),
            replies=(reply,),
        )
        await asyncio.to_thread(self._naru.conversations.record, kept_turn(made), {"text": "…"}, "kakao")
        return made


# News.


async def test_news_comes_first_with_the_next_message_and_once(settings: Settings, naru: Assistant) -> None:
    async with slowly(settings, naru, seconds=0) as (person, _, app):
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


# With a callback.


async def test_a_late_answer_is_posted_once(settings: Settings, naru: Assistant, late_answers: LateAnswers) -> None:
    hosts = f"kakao.com,{late_answers.origin}"
    async with slowly(settings, naru, kakao_callback_hosts=hosts) as (person, slowed, app):
        promise = await person.send(person.payload(QUESTION, callbackUrl=f"{late_answers.origin}/callback/abc"))
        assert promise == {"version": "2.0", "useCallback": True, "data": {"text": promise["data"]["text"]}}
        assert "준비" in promise["data"]["text"]
        await settle(app)
        ((path, response),) = late_answers.posted
        assert path == "/callback/abc"
        check_response(response)
        assert "은행" in "\n".join(words_of(response))
        slowed.seconds = 0
        assert "신용장" in await person.say("예를 들면"), "its buttons work"
        assert "아까 물어보신" not in "\n".join(words_of(person.last)), "what was posted is not said again"
        assert len(late_answers.posted) == 1


async def test_a_quick_answer_needs_no_callback(settings: Settings, naru: Assistant, late_answers: LateAnswers) -> None:
    async with calling(skill_app(settings, naru, kakao_seconds=4.9, kakao_callback_hosts=late_answers.origin)) as http:
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
    async with slowly(settings, naru, kakao_callback_hosts=late_answers.origin) as (person, slowed, app):
        await person.send(person.payload(QUESTION, callbackUrl=f"{late_answers.origin}/c"))
        await settle(app)
        assert len(late_answers.posted) == 1, "never twice"
        slowed.seconds = 0
        assert "은행" in await person.say("FOB가 뭐예요?")
        assert len(late_answers.posted) == 1


async def test_a_redirect_is_not_followed(settings: Settings, naru: Assistant, late_answers: LateAnswers) -> None:
    other = LateAnswers()
    late_answers.status, late_answers.location = 307, f"{other.origin}/stolen"
    async with slowly(settings, naru, kakao_callback_hosts=late_answers.origin) as (person, slowed, app):
        await person.send(person.payload(QUESTION, callbackUrl=f"{late_answers.origin}/c"))
        await settle(app)
        slowed.seconds = 0
        assert other.posted == []
        assert "은행" in await person.say("답 보기")
    other.server.shutdown()
    other.server.server_close()


async def test_nobody_is_there_to_take_it(settings: Settings, naru: Assistant) -> None:
    async with slowly(settings, naru, kakao_callback_hosts="http://127.0.0.1:9") as (person, slowed, app):
        await person.send(person.payload(QUESTION, callbackUrl="http://127.0.0.1:9/c"))
        await settle(app)
        slowed.seconds = 0
        assert "은행" in await person.say("답 보기")


async def test_an_answer_already_shown_is_not_posted(
    settings: Settings, naru: Assistant, late_answers: LateAnswers
) -> None:
    async with slowly(settings, naru, kakao_callback_hosts=late_answers.origin) as (person, _, app):
        asked = asyncio.create_task(person.send(person.payload(QUESTION, callbackUrl=f"{late_answers.origin}/c")))
        await asked
        waiting = Person(person.http, person.id)
        shown = ""
        while "은행" not in shown and not late_answers.posted:
            shown = await waiting.say("답 보기")
        await settle(app)
        times = ("은행" in shown) + len(late_answers.posted)
        assert times == 1, "shown or posted, not both"


async def test_too_late_for_the_callback(
    settings: Settings, naru: Assistant, late_answers: LateAnswers, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr("channels.kakao.callback.IN_TIME", PATIENCE * 1.5)
    async with slowly(settings, naru, kakao_callback_hosts=late_answers.origin) as (person, slowed, app):
        await person.send(person.payload(QUESTION, callbackUrl=f"{late_answers.origin}/c"))
        await settle(app)
        assert late_answers.posted == [], "the address lives a minute"
        slowed.seconds = 0
        assert "은행" in await person.say("답 보기")


@pytest.mark.parametrize(
    "address", ["http://169.254.169.254/latest", "https://kakao.com.evil.test/c", "https://kakao.com@evil.test/c", "x"]
)
async def test_a_hostile_callback_is_as_none(settings: Settings, naru: Assistant, address: str) -> None:
    async with slowly(settings, naru) as (person, _, _app):
        assert "준비하고" in await person.say(QUESTION, callbackUrl=address)
        assert "useCallback" not in person.last and person.labels == ["답 보기"]
