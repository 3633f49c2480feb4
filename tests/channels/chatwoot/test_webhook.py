"""The webhook's door: who may call, what is read, and that nothing makes it fail."""

from __future__ import annotations

import hashlib
import hmac
import json
import time
from typing import Any

import httpx
import pytest
from fastapi import FastAPI

from channels import chatwoot as package
from channels.app import create_app
from channels.chatwoot.attachments import Attachments, NotFetched, TooLarge
from channels.chatwoot.client import Place
from channels.chatwoot.events import letter, read_event
from knowledge.settings import Settings
from tests.channels.chatwoot.conftest import SECRET, Desk
from tests.channels.chatwoot.server import TOKEN


async def posted(desk: Desk, body: bytes, query: str = "", **headers: str) -> httpx.Response:
    async with httpx.AsyncClient() as http:
        url = f"{desk.naru.address}/webhooks/chatwoot{query}"
        return await http.post(url, content=body, headers={"Content-Type": "application/json", **headers})


def event(desk: Desk) -> dict[str, Any]:
    return {**desk.chatwoot.conversation_data(desk.number), "event": "conversation_opened"}


@pytest.mark.parametrize("query", ["", "?secret=", "?secret=wrong", f"?secret={SECRET}x", "?secret=%ED%95%9C"])
async def test_a_wrong_secret_is_forbidden(desk: Desk, query: str) -> None:
    response = await posted(desk, json.dumps(event(desk)).encode(), query)
    assert response.status_code == 403


async def test_the_right_secret_passes(desk: Desk) -> None:
    response = await posted(desk, json.dumps(event(desk)).encode(), f"?secret={SECRET}")
    assert response.status_code == 200


def signed(body: bytes, stamp: str, secret: str = SECRET) -> dict[str, str]:
    digest = hmac.new(secret.encode(), f"{stamp}.".encode() + body, hashlib.sha256).hexdigest()
    return {"X-Chatwoot-Timestamp": stamp, "X-Chatwoot-Signature": f"sha256={digest}"}


async def test_a_signature_of_chatwoot_passes_instead(desk: Desk) -> None:
    body = json.dumps(event(desk)).encode()
    now = str(int(time.time()))
    assert (await posted(desk, body, **signed(body, now))).status_code == 200
    assert (await posted(desk, body + b" ", **signed(body, now))).status_code == 403
    assert (await posted(desk, body, **signed(body, now, "other"))).status_code == 403
    assert (await posted(desk, body, **signed(body, str(int(time.time()) - 3600)))).status_code == 403
    assert (await posted(desk, body, **signed(body, "now"))).status_code == 403
    assert (await posted(desk, body, **{**signed(body, now), "X-Chatwoot-Signature": "sha256="})).status_code == 403


async def test_a_whole_conversation_by_signature_alone(desk: Desk) -> None:
    desk.chatwoot.webhook = f"{desk.naru.address}/webhooks/chatwoot"
    desk.chatwoot.signing_secret = SECRET
    assert "CIF" in await desk.write("CIF가 뭐예요?")


@pytest.mark.parametrize(
    ("body", "status"),
    [
        (b"", 400),
        (b"{", 400),
        (b"\xff\xfe", 400),
        (b"[" * 100_000, 400),
        (b"[]", 422),
        (b'"message_created"', 422),
        (b'{"event": "message_created"}', 422),
        (b'{"event": "message_created", "id": -1}', 422),
        (b'{"event": "conversation_opened", "id": "x", "status": "open"}', 422),
        (b'{"event": ["message_created"]}', 200),
        (b'{"event": "something_new", "id": 1}', 200),
        (b"{}", 200),
    ],
)
async def test_what_is_no_event(desk: Desk, body: bytes, status: int) -> None:
    assert (await posted(desk, body, f"?secret={SECRET}")).status_code == status


@pytest.mark.parametrize(
    "change",
    [
        {"id": 2**70},
        {"id": None},
        {"content": {"a": 1}},
        {"content": "\ud800"},
        {"conversation": {"id": 1}},
        {"account": None},
        {"attachments": "x"},
        {"private": "maybe"},
    ],
)
async def test_malformed_messages_are_refused_and_break_nothing(desk: Desk, change: dict[str, Any]) -> None:
    message = await desk.chatwoot.write(desk.number, "CIF가 뭐예요?")
    body = {**desk.chatwoot.event("message_created", message), **change}
    response = await posted(desk, json.dumps(body).encode(), f"?secret={SECRET}")
    assert response.status_code == 422
    await desk.answer()


def message_event(**changes: Any) -> dict[str, Any]:
    told: dict[str, Any] = {
        "event": "message_created",
        "id": 5,
        "account": {"id": 1},
        "conversation": {"id": 3, "status": "pending"},
        "message_type": "incoming",
        "content": "안녕하세요",
        "content_attributes": {},
        "private": False,
    }
    return {**told, **changes}


def test_what_is_for_naru() -> None:
    found = letter(read_event(message_event()))  # type: ignore[arg-type]
    assert found and found.lane == "1/3" and found.key == "created:5"
    numbered = letter(read_event(message_event(message_type=0)))  # type: ignore[arg-type]
    assert numbered and numbered.body == found.body


@pytest.mark.parametrize(
    "changes",
    [
        {"message_type": "outgoing"},
        {"message_type": 1},
        {"message_type": "activity"},
        {"message_type": "template"},
        {"private": True},
        {"conversation": {"id": 3, "status": "open"}},
        {"conversation": {"id": 3, "status": "resolved"}},
        {"sender": {"id": 1, "type": "agent_bot"}},
        {"sender": {"id": 1, "type": "user"}},
        {"event": "message_updated"},
        {"event": "message_updated", "content_type": "input_select"},
        {"event": "message_updated", "content_type": "input_select", "content_attributes": {"submitted_values": []}},
        {"event": "message_updated", "content_type": "input_select", "content_attributes": {"submitted_values": None}},
        {
            "event": "message_updated",
            "content_type": "form",
            "content_attributes": {"submitted_values": [{"value": "a"}]},
        },
        {
            "event": "message_updated",
            "content_type": "input_select",
            "content_attributes": {"submitted_values": {"a": "b"}},
        },
    ],
)
def test_what_is_not(changes: dict[str, Any]) -> None:
    assert letter(read_event(message_event(**changes))) is None  # type: ignore[arg-type]


def test_a_choice_is_read_with_its_value() -> None:
    attributes = {"submitted_values": [{"title": "더 보기", "value": "abc123"}]}
    told = message_event(
        event="message_updated", content_type="input_select", message_type="outgoing", content_attributes=attributes
    )
    found = letter(read_event(told))  # type: ignore[arg-type]
    assert found and found.body["chosen"] == "abc123"


def off(settings: Settings, **set_to: Any) -> Settings:
    return Settings(**{**settings.model_dump(), **set_to})


def test_it_is_off_unless_it_is_set(settings: Settings) -> None:
    app = create_app(settings)
    assert not [route for route in app.routes if getattr(route, "path", "") == "/webhooks/chatwoot"]


async def test_off_is_not_found(settings: Settings) -> None:
    transport = httpx.ASGITransport(create_app(settings))
    async with httpx.AsyncClient(transport=transport, base_url="http://naru") as http:
        assert (await http.post("/webhooks/chatwoot?secret=x", json={})).status_code == 404


@pytest.mark.parametrize("missing", ["chatwoot_token", "chatwoot_secret"])
@pytest.mark.parametrize("empty", [None, ""])
def test_it_does_not_start_half_set(settings: Settings, missing: str, empty: str | None) -> None:
    told = {"chatwoot_url": "https://chat.example", "chatwoot_token": "t", "chatwoot_secret": "s", missing: empty}
    app = FastAPI()
    app.state.settings = off(settings, **told)
    with pytest.raises(ValueError, match="NARU_CHATWOOT_TOKEN .* NARU_CHATWOOT_SECRET"):
        package.connect(app)


# files


def attachments(*found: str, largest: int = 1000) -> Attachments:
    async def resolve(_host: str, _port: int) -> list[str]:
        return list(found)

    return Attachments("http://chat.internal:3000", largest, resolve)


@pytest.mark.parametrize(
    "address",
    [
        "127.0.0.1", "10.0.0.5", "192.168.1.1", "172.16.0.1", "169.254.169.254", "0.0.0.0", "::1", "fd00::1",
        "fe80::1%eth0", "::ffff:10.0.0.1", "224.0.0.1", "100.64.0.1",
    ],
)  # fmt: skip
async def test_hosts_inside_are_not_looked_at(address: str) -> None:
    with pytest.raises(NotFetched):
        await attachments(address).public("https://files.example/bom.csv")
    with pytest.raises(NotFetched):
        await attachments("52.92.1.1", address).public("https://files.example/bom.csv")


@pytest.mark.parametrize(
    "url", ["http://files.example/a.csv", "file:///etc/passwd", "https://u:p@files.example/a", "ftp://x/a"]
)
async def test_only_https_leads_outside(url: str) -> None:
    with pytest.raises(NotFetched):
        await attachments("52.92.1.1").public(url)


async def test_a_public_store_is_reached_at_the_address_that_was_looked_at() -> None:
    found = attachments("52.92.1.1")
    assert await found.public("https://files.example/a.csv") == "52.92.1.1"
    async with httpx.AsyncClient() as http:
        request = await found._request(http, "https://files.example:8443/a.csv?sig=1")
        own = await found._request(http, "http://chat.internal:3000/rails/a.csv")
    assert request.url.host == "52.92.1.1" and str(request.url.query) == "b'sig=1'"
    assert request.headers["Host"] == "files.example:8443" and request.extensions["sni_hostname"] == "files.example"
    assert own.url.host == "chat.internal" and "sni_hostname" not in own.extensions


async def test_large_files_are_not_read_to_the_end(desk: Desk) -> None:
    blob = desk.chatwoot._stored(1, "big.csv", b"a" * 2000)
    small = desk.chatwoot._stored(1, "한글 이름.csv", b"a,b")
    with pytest.raises(TooLarge):
        await Attachments(desk.chatwoot.address, 1999).fetch(blob["data_url"])
    fetched = await Attachments(desk.chatwoot.address, 2000).fetch(small["data_url"])
    assert (fetched.name, fetched.content) == ("한글 이름.csv", b"a,b")


async def test_the_token_goes_to_chatwoots_api_only(desk: Desk) -> None:
    await desk.write("CIF가 뭐예요?")
    assert {call.status for call in desk.chatwoot.calls} == {200}
    assert desk.naru.connection._client._http.headers["api_access_token"] == TOKEN
    assert Place.at(Place(1, 2).address) == Place(1, 2)
