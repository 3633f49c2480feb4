"""When something fails: Telegram slows the bot down, blocks it, breaks; the process dies in the middle of an answer."""

from __future__ import annotations

import asyncio
import time
from collections.abc import Callable
from datetime import timedelta
from typing import Any

import pytest
from sqlalchemy import update

from actions.reply import Reply
from channels import reception
from channels.telegram import sending
from knowledge.database.engine import sessions
from knowledge.database.tables import LetterRow, TurnRow, now
from tests.channels.telegram.conftest import Running, Starting
from tests.channels.telegram.test_webhook import until


def contact(running: Running, address: int) -> Any:
    return running.app.state.contacts.find("telegram", str(address))


def asked(running: Running, address: int) -> int:
    """Returns how many turns the conversation has had."""
    return len(running.app.state.assistant.conversations.history(contact(running, address).conversation_id))


async def recover(running: Running, sent: dict[str, Any]) -> None:
    """Lets two minutes pass for a message that was not answered, so that it is taken up again."""
    with sessions(running.app.state.settings.database).begin() as session:
        key = str(sent["update_id"])
        session.execute(update(LetterRow).where(LetterRow.key == key).values(held_until=now() - timedelta(seconds=1)))
    found = await asyncio.to_thread(running.connection._reception._left_behind)
    for key, lane in found:
        running.connection._reception._queue(key, lane)
    await running.connection.idle()


async def test_too_fast_means_waiting_as_long_as_telegram_says(running: Running) -> None:
    person = running.someone()
    running.api.fail("sendMessage", 429, retry_after=1, times=2, chat_id=person.chat_id)
    started = time.monotonic()
    await running.deliver(person.writes("신용장이 뭐예요?"))
    assert "바이어의 은행이" in person.reads() and len(person.sees()) == 1
    assert time.monotonic() - started >= 2


async def test_a_short_failure_of_the_network_is_not_noticed(running: Running, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(sending, "PAUSES", (0.01, 0.01))
    person = running.someone()
    running.api.fail("sendMessage", 500, times=2)
    await running.deliver(person.writes("신용장이 뭐예요?"))
    assert len(person.sees()) == 1 and asked(running, person.chat_id) == 1


async def test_an_answer_that_could_not_be_sent_is_sent_later_not_made_again(
    running: Running, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(sending, "PAUSES", (0.01, 0.01))
    person = running.someone()
    running.api.fail("sendMessage", 502, times=3, chat_id=person.chat_id)
    sent = person.writes("신용장이 뭐예요?")
    await running.deliver(sent)
    assert not person.sees() and asked(running, person.chat_id) == 1
    await recover(running, sent)
    assert "바이어의 은행이" in person.reads() and asked(running, person.chat_id) == 1


async def test_a_turn_made_just_before_the_process_died_is_sent(
    running: Running, monkeypatch: pytest.MonkeyPatch
) -> None:
    from channels.telegram.memory import Memory

    person = running.someone()
    sent = person.writes("신용장이 뭐예요?")

    def dies(*_: Any) -> None:
        raise RuntimeError("the process died")

    with monkeypatch.context() as patched:
        patched.setattr(Memory, "note", dies)
        await running.deliver(sent)
    assert not person.sees() and asked(running, person.chat_id) == 1
    await recover(running, sent)
    assert "바이어의 은행이" in person.reads() and asked(running, person.chat_id) == 1


async def test_of_an_answer_broken_off_only_the_rest_is_sent(running: Running, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(sending, "PAUSES", ())
    naru, turn = running.app.state.assistant, running.app.state.assistant.turn
    parts = tuple(Reply(text=f"부분 {number}") for number in (1, 2, 3))

    async def three(*args: Any) -> Any:
        made = (await turn(*args)).model_copy(update={"replies": parts})
        with sessions(running.app.state.settings.database).begin() as session:
            row = session.get(TurnRow, (made.conversation_id, made.turn_id))
            row.answer = made.model_dump(mode="json")
        return made

    monkeypatch.setattr(naru, "turn", three)
    once = running.connection._answers._sender._once
    sends = []

    async def breaks(*args: Any) -> int:
        sends.append(args)
        if len(sends) == 2:
            raise RuntimeError("the process died")
        return int(await once(*args))

    monkeypatch.setattr(running.connection._answers._sender, "_once", breaks)
    person = running.someone()
    sent = person.writes("고마워요")
    await running.deliver(sent)
    assert [call.shown.text for call in person.sees()] == ["부분 1"]
    await recover(running, sent)
    assert [call.shown.text for call in person.sees()] == ["부분 1", "부분 2", "부분 3"]
    assert asked(running, person.chat_id) == 1


async def test_who_blocked_naru_is_not_tried_again(running: Running) -> None:
    person = running.someone()
    running.api.fail("sendMessage", 403, times=9, chat_id=person.chat_id)
    sent = person.writes("신용장이 뭐예요?")
    await running.deliver(sent)
    with sessions(running.app.state.settings.database)() as session:
        assert session.get(LetterRow, ("telegram", str(sent["update_id"]))).done_at is not None
    assert contact(running, person.chat_id) is not None, "who comes back goes on where it ended"


async def test_markup_that_telegram_refuses_is_sent_as_plain_words(running: Running) -> None:
    person = running.someone()
    running.api.fail("sendMessage", 400, "Bad Request: can't parse entities: unexpected", chat_id=person.chat_id)
    await running.deliver(person.writes("신용장이 뭐예요?"))
    (answer,) = person.sees()
    assert "parse_mode" not in answer.data and "바이어의 은행이" in answer.shown.text and answer.buttons
    assert "<b>" not in answer.shown.text and "&lt;" not in answer.shown.text


async def test_nothing_personal_is_logged(running: Running, served_logs: Callable[[], str]) -> None:
    person = running.someone()
    running.api.fail("sendMessage", 500, times=3, chat_id=person.chat_id)
    await running.deliver(person.writes("제 번호는 010-9999-8888이에요 신용장이 뭐예요?"))
    logged = served_logs()
    assert "message not answered" in logged
    assert "9999-8888" not in logged and str(person.chat_id) not in logged
    assert "test-token" not in logged


async def test_typing_is_shown_as_long_as_it_takes(running: Running, monkeypatch: pytest.MonkeyPatch) -> None:
    naru, turn = running.app.state.assistant, running.app.state.assistant.turn

    async def slowly(*args: Any) -> Any:
        await asyncio.sleep(4.6)
        return await turn(*args)

    monkeypatch.setattr(naru, "turn", slowly)
    person = running.someone()
    await running.deliver(person.writes("신용장이 뭐예요?"))
    shown = running.api.of("sendChatAction", chat_id=person.chat_id)
    assert len(shown) == 2
    before = len(shown)
    await asyncio.sleep(4.5)
    assert len(running.api.of("sendChatAction", chat_id=person.chat_id)) == before, "not after the answer"


async def announce(running: Running, address: int, words: str) -> None:
    naru = running.app.state.assistant
    await naru.announce(contact(running, address).conversation_id, lambda _: Reply(text=words))


async def test_news_are_brought_once(running: Running) -> None:
    person = running.someone()
    await running.deliver(person.writes("고마워요"))
    await announce(running, person.chat_id, "내일이 마감이에요")
    await until(lambda: "내일이 마감이에요" in person.reads())
    await asyncio.sleep(2.5)
    assert person.reads().count("내일이 마감이에요") == 1


async def test_news_that_come_while_an_answer_is_sent_are_not_lost(
    running: Running, monkeypatch: pytest.MonkeyPatch
) -> None:
    person = running.someone()
    await running.deliver(person.writes("고마워요"))
    naru, turn = running.app.state.assistant, running.app.state.assistant.turn

    async def meanwhile(*args: Any) -> Any:
        made = await turn(*args)
        await announce(running, person.chat_id, "내일이 마감이에요")
        return made

    monkeypatch.setattr(naru, "turn", meanwhile)
    await running.deliver(person.writes("신용장이 뭐예요?"))
    await until(lambda: "내일이 마감이에요" in person.reads())
    assert person.reads().count("바이어의 은행이") == 1


async def test_news_for_somebody_who_blocked_naru_count_as_told(running: Running) -> None:
    person = running.someone()
    await running.deliver(person.writes("고마워요"))
    running.api.fail("sendMessage", 403, times=50, chat_id=person.chat_id)
    await announce(running, person.chat_id, "내일이 마감이에요")
    contacts = running.app.state.contacts
    mine = contact(running, person.chat_id)
    await until(lambda: not contacts.unseen(contact(running, person.chat_id)))
    assert contact(running, person.chat_id).conversation_id == mine.conversation_id
    running.api.heal()
    await running.deliver(person.writes("신용장이 뭐예요?"))
    assert "바이어의 은행이" in person.reads()


async def test_news_that_could_not_be_sent_come_later(running: Running, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(sending, "PAUSES", ())
    person = running.someone()
    await running.deliver(person.writes("고마워요"))
    running.api.fail("sendMessage", 502, times=2, chat_id=person.chat_id)
    await announce(running, person.chat_id, "내일이 마감이에요")
    await until(lambda: "내일이 마감이에요" in person.reads(), 40)


async def test_a_message_left_behind_is_found_by_itself(starting: Starting, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(reception, "LOOK_SECONDS", 0.2)
    monkeypatch.setattr(sending, "PAUSES", ())
    running = await starting()
    person = running.someone()
    running.api.fail("sendMessage", 502, chat_id=person.chat_id)
    sent = person.writes("신용장이 뭐예요?")
    await running.deliver(sent)
    with sessions(running.app.state.settings.database).begin() as session:
        key = str(sent["update_id"])
        session.execute(update(LetterRow).where(LetterRow.key == key).values(held_until=now() - timedelta(seconds=1)))
    await until(lambda: "바이어의 은행이" in person.reads())
