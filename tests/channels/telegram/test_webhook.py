"""The webhook: who may call it, what it takes, and that it answers at once while the answer comes later."""

from __future__ import annotations

import asyncio
import json
import time
from typing import Any

import pytest
from sqlalchemy import select

from channels.connection import BadSettings
from knowledge.database.engine import sessions
from knowledge.database.tables import LetterRow
from knowledge.settings import Settings
from tests.channels.telegram.bot_api import BotApi
from tests.channels.telegram.conftest import HEADER, SECRET, Running, Starting, webhook_settings


async def until(true: Any, seconds: float = 10) -> None:
    """Waits until something is true."""
    end = time.monotonic() + seconds
    while not true():
        assert time.monotonic() < end, "it never became true"
        await asyncio.sleep(0.02)


@pytest.mark.parametrize("secret", [None, "", "wrong", SECRET[:-1], SECRET + "x", SECRET.lower()])
async def test_a_wrong_secret_is_refused_and_nothing_is_kept(running: Running, secret: str | None) -> None:
    update = running.someone().writes("신용장이 뭐예요?")
    response = await running.post(update, secret)
    assert response.status_code == 403
    with sessions(running.app.state.settings.database)() as session:
        assert session.get(LetterRow, ("telegram", str(update["update_id"]))) is None


async def test_letters_no_header_may_hold_are_refused_too(running: Running) -> None:
    update = running.someone().writes("hi")
    response = await running.http.post(
        "/webhooks/telegram", json=update, headers={HEADER.encode(): b"\xff\xfe\xea\xb0"}
    )
    assert response.status_code == 403


@pytest.mark.parametrize(
    "body",
    [
        b"", b"{", b"null", b"[]", b'"x"', b"12", b"\xff\xfe", b"[" * 100_000, b"{}", b'{"update_id": "1"}',
        b'{"update_id": true}', b'{"update_id": -1}', b'{"update_id": 1e400}', b'{"update_id": 99999999999999999999}',
        b'{"update_id": 1, "message": "x"}', b'{"update_id": 1, "callback_query": []}', b'{"message": {}}',
    ],
)  # fmt: skip
async def test_malformed_bodies_are_the_callers_fault(running: Running, body: bytes) -> None:
    response = await running.http.post("/webhooks/telegram", content=body, headers={HEADER: SECRET})
    assert response.status_code in (400, 422), response.text
    assert response.json()["title"]


@pytest.mark.parametrize(
    "content",
    [
        {"message": {}}, {"message": {"chat": {}}}, {"message": {"message_id": "x", "chat": {"id": "y", "type": 7}}},
        {"callback_query": {"id": 1}}, {"something_new": {"a": 1}}, {"message": {"text": "\ud800 \0"}}, {},
        {"message": {"message_id": 1, "date": 1, "chat": {"id": 1, "type": "private"}, "text": "no sender"}},
    ],
)  # fmt: skip
async def test_what_telegram_may_mean_one_day_is_taken_and_let_be(running: Running, content: dict[str, Any]) -> None:
    body = json.dumps({"update_id": running.api.next_id(), **content})
    response = await running.http.post("/webhooks/telegram", content=body, headers={HEADER: SECRET})
    assert response.status_code == 200, "Telegram would repeat it for a day"
    await running.connection.idle()
    assert not running.api.of("sendMessage")


async def test_strange_letters_are_answered_like_others(running: Running) -> None:
    person = running.someone()
    await running.deliver(person.writes("신용장\0이 뭐예요 \ud800?"))
    assert "바이어의 은행이" in person.reads()


async def test_the_handler_does_not_wait_for_the_answer(running: Running, monkeypatch: pytest.MonkeyPatch) -> None:
    naru, turn = running.app.state.assistant, running.app.state.assistant.turn
    slow = asyncio.Event()

    async def slowly(*args: Any) -> Any:
        await slow.wait()
        return await turn(*args)

    monkeypatch.setattr(naru, "turn", slowly)
    person = running.someone()
    response = await asyncio.wait_for(running.post(person.writes("신용장이 뭐예요?")), 2)
    assert response.status_code == 200 and not person.sees()
    slow.set()
    await running.connection.idle()
    assert "바이어의 은행이" in person.reads()


async def test_messages_are_taken_while_the_model_is_being_loaded(
    starting: Starting, naru: Any, monkeypatch: pytest.MonkeyPatch
) -> None:
    from channels import app as web

    async def never(_: Any) -> None:
        await asyncio.sleep(0)

    monkeypatch.setattr(web, "_load", never)  # loading goes on
    running = await starting(loaded=False)
    person = running.someone()
    response = await running.post(person.writes("신용장이 뭐예요?"))
    assert response.status_code == 200
    await until(lambda: running.api.of("sendChatAction", chat_id=person.chat_id))  # "typing…" meanwhile
    assert not person.sees()
    running.app.state.assistant = naru
    running.app.state.loaded.set()
    await running.connection.idle()
    assert "바이어의 은행이" in person.reads()


async def test_a_second_delivery_is_answered_once(running: Running) -> None:
    person = running.someone()
    update = person.writes("신용장이 뭐예요?")
    await running.deliver(update, update)
    await running.deliver(update)
    assert len([call for call in person.sees() if "바이어의 은행이" in call.shown.text]) == 1


async def test_what_was_said_is_erased_from_the_letters_once_answered(running: Running) -> None:
    update = running.someone().writes("신용장이 뭐예요?")
    await running.deliver(update)
    with sessions(running.app.state.settings.database)() as session:
        row = session.scalars(select(LetterRow).where(LetterRow.key == str(update["update_id"]))).one()
    assert row.done_at is not None and row.sealed is None


async def test_the_webhook_is_set_with_its_secret(running: Running) -> None:
    await until(lambda: running.api.webhook.get("url"))
    assert running.api.webhook == {
        "url": "https://naru.example.org/webhooks/telegram",
        "secret_token": SECRET,
        "allowed_updates": ["message", "edited_message", "callback_query"],
        "max_connections": 40,
    }
    assert [each["command"] for each in running.api.commands["ko"]] == ["start", "help", "language", "reset", "delete"]
    assert "지우기" in str(running.api.commands["ko"]) and "Erase" in str(running.api.commands[""])


async def test_it_starts_while_telegram_is_out_of_reach(starting: Starting, api: BotApi) -> None:
    api.fail("getMe", 500)
    api.fail("setWebhook", 502)
    api.fail("setMyCommands", 429, retry_after=1)
    running = await starting()
    assert (await running.http.get("/healthz")).status_code == 200
    await until(lambda: api.webhook.get("url"), 15)


async def test_a_wrong_token_stops_nothing_else_and_is_not_logged(
    starting: Starting, capsys: pytest.CaptureFixture[str]
) -> None:
    running = await starting(telegram_token="999:wrong-token")
    await asyncio.sleep(0.5)
    assert (await running.http.get("/healthz")).status_code == 200
    said = capsys.readouterr()
    assert "NARU_TELEGRAM_TOKEN" in said.out + said.err and "wrong-token" not in said.out + said.err


@pytest.mark.parametrize(
    ("changed", "named"),
    [
        ({"public_url": None}, "NARU_PUBLIC_URL"),
        ({"telegram_secret": None}, "NARU_TELEGRAM_SECRET"),
        ({"telegram_secret": "with space"}, "NARU_TELEGRAM_SECRET"),
        ({"telegram_secret": "비밀"}, "NARU_TELEGRAM_SECRET"),
        ({"telegram_secret": ""}, "NARU_TELEGRAM_SECRET"),
        ({"telegram_secret": "a" * 257}, "NARU_TELEGRAM_SECRET"),
        ({"public_url": "http://naru.example.org", "telegram_api": "https://api.telegram.org"}, "https"),
        ({"public_url": "https://naru.example.org:8000", "telegram_api": "https://api.telegram.org"}, "8443"),
    ],
)
def test_it_refuses_to_start_half_set_up(settings: Settings, changed: dict[str, Any], named: str) -> None:
    from channels.app import create_app

    class Nowhere:
        address = "http://127.0.0.1:9"

    with pytest.raises(BadSettings, match=named):
        create_app(webhook_settings(settings, Nowhere(), **changed))  # type: ignore[arg-type]


async def test_without_a_token_there_is_no_webhook(starting: Starting) -> None:
    running = await starting(telegram_token=None)
    assert running.app.state.connections == []
    assert (await running.post({"update_id": 1})).status_code in (404, 405)
