"""Polling: each update is kept before Telegram forgets it; the network, a webhook and a second program get in the way."""

from __future__ import annotations

import asyncio
from collections.abc import Callable

import httpx
import pytest

from channels.telegram import updates
from channels.telegram.updates import Fetching
from tests.channels.telegram.bot_api import TOKEN, BotApi
from tests.channels.telegram.conftest import Starting
from tests.channels.telegram.people import Someone
from tests.channels.telegram.test_webhook import until


async def test_messages_are_fetched_and_answered(starting: Starting, api: BotApi) -> None:
    api.webhook = {"url": "https://old.example.org"}  # from another time; it would make fetching impossible
    person = Someone(api)
    person.writes("신용장이 뭐예요?")
    await starting(telegram_mode="polling", telegram_secret=None, public_url=None)
    await until(lambda: "바이어의 은행이" in person.reads(), 30)
    person.writes("그럼 FOB는요?")
    await until(lambda: "FOB" in person.reads(1), 30)
    assert api.webhook == {"url": ""}


async def test_telegram_forgets_an_update_only_after_it_was_kept(
    starting: Starting, api: BotApi, monkeypatch: pytest.MonkeyPatch
) -> None:
    running = await starting(telegram_mode="polling")
    (connection,) = running.app.state.connections
    kept, real = [], connection._reception.take

    async def broken(key: str, lane: str, body: dict[str, object]) -> bool:
        kept.append(key)
        if len(kept) == 1:
            raise OSError("the disk is full")
        return bool(await real(key, lane, body))

    monkeypatch.setattr(connection._reception, "take", broken)
    monkeypatch.setattr(updates, "PAUSE_SECONDS", 0.05)
    person = Someone(api)
    await until(lambda: api._polling)
    update = person.writes("신용장이 뭐예요?")
    await until(lambda: "바이어의 은행이" in person.reads(), 30)
    assert kept == [str(update["update_id"])] * 2
    assert person.reads().count("바이어의 은행이") == 1
    offsets = [call.data.get("offset") for call in api.of("getUpdates")]
    assert offsets == [None, None], "until it was kept, Telegram is not told that it came"
    person.writes("그럼 FOB는요?")
    await until(lambda: update["update_id"] + 1 in [call.data.get("offset") for call in api.of("getUpdates")])


async def test_it_survives_a_network_that_fails_and_a_second_program(
    starting: Starting, api: BotApi, monkeypatch: pytest.MonkeyPatch, served_logs: Callable[[], str]
) -> None:
    monkeypatch.setattr(updates, "PAUSE_SECONDS", 0.05)
    api.fail("getUpdates", 502)
    api.fail("getUpdates", 409, "Conflict: terminated by other getUpdates request")
    api.fail("getUpdates", 429, retry_after=1)
    person = Someone(api)
    person.writes("신용장이 뭐예요?")
    await starting(telegram_mode="polling")
    await until(lambda: "바이어의 은행이" in person.reads(), 30)
    logged = served_logs()
    assert "another program fetches this bot's messages" in logged and "can't be reached" in logged
    assert "신용장" not in logged and TOKEN not in logged


async def test_there_is_no_webhook_to_call(starting: Starting, api: BotApi) -> None:
    running = await starting(telegram_mode="polling")
    assert (await running.post({"update_id": 1})).status_code in (404, 405)


async def test_a_restart_fetches_what_came_meanwhile_and_answers_nothing_twice(starting: Starting, api: BotApi) -> None:
    person = Someone(api)
    update = person.writes("신용장이 뭐예요?")
    await starting(telegram_mode="polling")
    await until(lambda: "바이어의 은행이" in person.reads(), 30)
    api.repeat(update)  # as if the process had died before it asked for later ones
    await asyncio.sleep(1)
    assert person.reads().count("바이어의 은행이") == 1


async def test_the_local_server_is_as_strict_as_telegram(api: BotApi) -> None:
    async with httpx.AsyncClient(base_url=f"{api.address}/bot{TOKEN}") as http:

        async def refused(**data: object) -> str:
            response = await http.post("/sendMessage", data={"chat_id": "5", "parse_mode": "HTML"} | data)
            return str(response.json().get("description", "")) if response.status_code == 400 else ""

        assert "is empty" in await refused(text="  ")
        assert "is empty" in await refused(text="<b> </b>")
        assert "too long" in await refused(text="가" * 4097)
        assert "too long" in await refused(text="😀" * 2049)
        assert not await refused(text=f"<b>{'가' * 4096}</b>")
        assert "parse entities" in await refused(text="1 < 2")
        assert "parse entities" in await refused(text="a & b")
        assert "parse entities" in await refused(text="<b>not closed")
        assert "parse entities" in await refused(text="<b><i>crossed</b></i>")
        assert "parse entities" in await refused(text="<table>x</table>")
        assert "parse entities" in await refused(text="&nbsp;x")
        assert "parse entities" in await refused(text="<pre><b>x</b></pre>")

        def keyboard(data: str, count: int = 1) -> str:
            button = f'{{"text": "x", "callback_data": "{data}"}}'
            return f'{{"inline_keyboard": [[{", ".join([button] * count)}]]}}'

        assert "BUTTON_DATA_INVALID" in await refused(text="x", reply_markup=keyboard(""))
        assert "BUTTON_DATA_INVALID" in await refused(text="x", reply_markup=keyboard("가" * 22))
        assert not await refused(text="x", reply_markup=keyboard("a" * 64))
        assert "too long" in await refused(text="x", reply_markup=keyboard("a", 101))
        assert (await http.post("/sendMessage", data={})).status_code == 400
    bot = Fetching(TOKEN, base_url=f"{api.address}/bot")
    await bot.initialize()
    assert bot.username == "naru_test_bot"
    await bot.shutdown()
