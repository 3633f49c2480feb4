"""KakaoTalk's side: the skill in this process, people who write to it, and a server for late answers."""

from __future__ import annotations

import asyncio
import json
import threading
from collections.abc import AsyncIterator, Callable, Iterator
from contextlib import asynccontextmanager
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from typing import Any
from uuid import uuid4

import httpx
import pytest
import pytest_asyncio
from fastapi import FastAPI
from pydantic import SecretStr

from actions.reply import Turn
from bot.assistant import Assistant
from bot.guard import Message
from bot.training import current_model
from channels.app import create_app
from knowledge.settings import Settings
from knowledge.shelf import shelf
from tests.channels.kakao.limits_check import check_response
from tests.channels.kakao.walking import buttons_of, words_of

SECRET = "a-secret-of-the-skill"
OUTSIDE = "https://naru.example"


@pytest_asyncio.fixture(scope="package")
async def naru(settings: Settings) -> Assistant:
    """The real assistant, loaded once."""
    model = current_model(settings)
    assert model is not None
    shelf()
    return await Assistant.load(model, settings)


class Held:
    """The assistant, whose turns wait until they are let go."""

    def __init__(self, naru: Any) -> None:
        self._naru = naru
        self.gate, self.asked = asyncio.Event(), asyncio.Event()
        self.made = 0

    def __getattr__(self, name: str) -> Any:
        return getattr(self._naru, name)

    async def turn(self, conversation_id: str, message: Message) -> Turn:
        self.asked.set()
        await self.gate.wait()
        self.made += 1
        return await self._naru.turn(conversation_id, message)


class Person:
    """Somebody who writes to the channel in KakaoTalk."""

    def __init__(self, http: httpx.AsyncClient, name: str | None = None) -> None:
        self.http, self.id = http, name or uuid4().hex * 2
        self.last: dict[str, Any] = {}

    def payload(self, words: str | None, **request: Any) -> dict[str, Any]:
        """Returns a skill payload as the documentation shows it."""
        return {
            "intent": {"id": "i1", "name": "폴백 블록", "extra": {"reason": {"code": 1, "message": "OK"}}},
            "userRequest": {
                "timezone": "Asia/Seoul",
                "params": {"surface": "Kakaotalk.plusfriend", "ignoreMe": "true"},
                "block": {"id": "b1", "name": "폴백 블록"},
                "utterance": words,
                "lang": "ko",
                "user": {
                    "id": self.id,
                    "type": "botUserKey",
                    "properties": {"plusfriendUserKey": "k", "botUserKey": self.id, "isFriend": True},
                },
                **request,
            },
            "bot": {"id": "bot1", "name": "나루"},
            "contexts": [],
            "action": {"id": "a1", "name": "naru", "params": {}, "detailParams": {}, "clientExtra": None},
            "flow": {"lastBlock": {"id": "b0", "name": "폴백 블록"}, "trigger": {"type": "TEXT_INPUT"}},
        }

    async def send(self, payload: dict[str, Any]) -> dict[str, Any]:
        """Sends a payload and returns the response, checked against every limit."""
        answered = await self.http.post("/webhooks/kakao", json=payload, headers={"X-Naru-Secret": SECRET})
        assert answered.status_code == 200, answered.text
        check_response(answered.json())
        self.last = answered.json()
        return self.last

    async def say(self, words: str | None, **request: Any) -> str:
        """Types something and returns every word that comes back."""
        return self.words(await self.send(self.payload(words, **request)))

    async def press(self, label: str, *, carried: bool = True) -> str:
        """Presses a button of the last response, by what it says or writes, as KakaoTalk passes it on."""
        buttons = [*buttons_of(self.last, "message")]
        button = next(each for each in buttons if label in (each.get("label"), each["messageText"]))
        payload = self.payload(button["messageText"])
        payload["flow"]["trigger"] = {"type": "QUICKREPLY_BUTTON_MESSAGE", "referrerBlock": {"id": "b1"}}
        if carried:
            payload["action"]["clientExtra"] = button.get("extra")
        return self.words(await self.send(payload))

    @staticmethod
    def words(response: dict[str, Any]) -> str:
        return "\n".join(words_of(response))

    @property
    def labels(self) -> list[str]:
        """What the quick replies of the last response say."""
        return [reply["label"] for reply in self.last.get("template", {}).get("quickReplies", [])]


def skill_app(settings: Settings, assistant: Any, **changed: Any) -> FastAPI:
    """Returns the service with KakaoTalk switched on."""
    chosen = {"kakao_secret": SecretStr(SECRET), "public_url": OUTSIDE, "messages_per_minute": 10_000, **changed}
    return create_app(settings.model_copy(update=chosen), assistant)


@asynccontextmanager
async def calling(app: FastAPI) -> AsyncIterator[httpx.AsyncClient]:
    """A client of the service; afterwards nothing may be on its way any more."""
    transport = httpx.ASGITransport(app, raise_app_exceptions=False)
    async with httpx.AsyncClient(transport=transport, base_url="http://skill") as http:
        yield http
    await app.state.kakao.answering.idle()


@pytest_asyncio.fixture
async def people(settings: Settings, naru: Assistant) -> AsyncIterator[Callable[[], Person]]:
    """Makes people who write to a skill that has all the time it needs, on a busy machine too."""
    async with calling(skill_app(settings, naru, kakao_seconds=60)) as http:
        yield lambda: Person(http)


class LateAnswers:
    """A server like KakaoTalk's for late answers, which notes what is posted to it."""

    def __init__(self) -> None:
        self.posted: list[tuple[str, dict[str, Any]]] = []
        self.status, self.answer = 200, {"taskId": "t", "status": "SUCCESS", "message": "", "timestamp": 1}
        self.location: str | None = None
        noting = self

        class Handler(BaseHTTPRequestHandler):
            def do_POST(self) -> None:
                body = self.rfile.read(int(self.headers["Content-Length"]))
                noting.posted.append((self.path, json.loads(body)))
                self.send_response(noting.status)
                if noting.location:
                    self.send_header("Location", noting.location)
                self.end_headers()
                self.wfile.write(json.dumps(noting.answer).encode())

            do_GET = do_POST

            def log_message(self, *_: Any) -> None:
                """Stays quiet."""

        self.server = ThreadingHTTPServer(("127.0.0.1", 0), Handler)
        self.origin = f"http://127.0.0.1:{self.server.server_port}"
        threading.Thread(target=self.server.serve_forever, daemon=True).start()


@pytest.fixture
def late_answers() -> Iterator[LateAnswers]:
    """A server that takes late answers."""
    made = LateAnswers()
    yield made
    made.server.shutdown()
    made.server.server_close()
