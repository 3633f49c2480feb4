"""What a customer's channel shows of a handover: events and typing on the web, answers on KakaoTalk, rows on REST."""

from __future__ import annotations

import asyncio
import json
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from typing import Any

import httpx
import pytest
import uvicorn
from pydantic import SecretStr

from actions.reply import Reply
from bot.assistant import Assistant
from channels.app import create_app
from knowledge.settings import Settings
from tests.bot.customers import JUNHO, MINA
from tests.channels.kakao.conftest import SECRET, Person
from tests.conftest import free_port

pytestmark = pytest.mark.usefixtures("staff")


@pytest.fixture
async def address(desk: Settings, naru: Assistant) -> AsyncIterator[str]:
    """The address of the running service, KakaoTalk switched on."""
    told = {"kakao_secret": SecretStr(SECRET), "public_url": "https://naru.example", "kakao_seconds": 4.9}
    app = create_app(desk.model_copy(update={**told, "messages_per_minute": 1000, "deliver_seconds": 0}), naru)
    port = free_port()
    server = uvicorn.Server(uvicorn.Config(app, port=port, ws="none", log_level="warning"))
    serving = asyncio.create_task(server.serve())
    for _ in range(400):
        if server.started:
            break
        await asyncio.sleep(0.05)
    yield f"http://127.0.0.1:{port}"
    server.should_exit = server.force_exit = True
    await serving


class Widget:
    """A customer's browser: it listens and sends."""

    def __init__(self, http: httpx.AsyncClient, opened: dict[str, Any]) -> None:
        self.http, self.id = http, opened["conversation_id"]
        self.path = f"/api/conversations/{self.id}"
        self.heard: list[tuple[str, Any]] = []
        http.headers["Authorization"] = f"Bearer {opened['token']}"

    async def press(self, payload: str) -> dict[str, Any]:
        answered = await self.http.post(f"{self.path}/messages", json={"payload": payload})
        assert answered.status_code == 200
        return answered.json()  # type: ignore[no-any-return]

    async def listen(self) -> None:
        async with self.http.stream("GET", f"{self.path}/events", timeout=None) as stream:
            event = ""
            async for line in stream.aiter_lines():
                name, _, value = line.partition(": ")
                event = value if name == "event" else event
                if name == "data":
                    self.heard.append((event, json.loads(value)))

    async def hears(self, event: str, **data: Any) -> None:
        """Waits until an event came that it has not been asked for yet."""
        for _ in range(100):
            for at, (name, told) in enumerate(self.heard):
                if name == event and all(told.get(key) == value for key, value in data.items()):
                    del self.heard[: at + 1]
                    return
            await asyncio.sleep(0.1)
        raise AssertionError(f"no {event} {data} among {self.heard}")


@asynccontextmanager
async def browsing(address: str) -> AsyncIterator[Widget]:
    async with httpx.AsyncClient(base_url=address, timeout=30) as http:
        opened = await http.post("/api/conversations", json={"language": "ko"})
        widget = Widget(http, opened.json())
        listening = asyncio.create_task(widget.listen())
        await asyncio.sleep(0.3)
        yield widget
        listening.cancel()


async def test_the_web_hears_of_the_handover_and_of_typing(naru: Assistant, address: str) -> None:
    async with browsing(address) as widget:
        typing = await widget.http.post(f"{widget.path}/typing")
        assert typing.status_code == 204, "nobody to tell, nothing to fail"
        await widget.press("/handover")
        await widget.hears("handover", state="waiting")
        handover = naru.desk.handovers.open_of(widget.id)
        assert handover and await naru.desk.accept(handover.id, MINA)
        await widget.hears("handover", state="active")
        signs = naru.desk.handovers.signs(widget.id)
        assert signs and not signs.customer_typing
        assert (await widget.http.post(f"{widget.path}/typing")).status_code == 204
        signs = naru.desk.handovers.signs(widget.id)
        assert signs and signs.customer_typing and not signs.staff_typing
        naru.desk.handovers.typing(widget.id, "staff")
        await widget.hears("typing")
        await naru.speak(widget.id, [Reply(text="네, 보내 주세요.")], "김미나", MINA)
        await widget.hears("turn", intent={"name": "staff", "confidence": 1.0}, outcome="handed_over")
        silent = await widget.press("/menu")
        assert silent["replies"] == [] and silent["outcome"] == "handed_over"
        assert await naru.desk.close(handover.id, MINA, "solved")
        await widget.hears("handover", state="none")


async def test_typing_is_the_owners(address: str) -> None:
    async with browsing(address) as widget, httpx.AsyncClient(base_url=address) as stranger:
        assert (await stranger.post(f"{widget.path}/typing")).status_code == 401
        wrong = {"Authorization": "Bearer wrong"}
        assert (await stranger.post(f"{widget.path}/typing", headers=wrong)).status_code == 401


async def test_on_kakaotalk_what_a_person_says_comes_with_the_next_message(naru: Assistant, address: str) -> None:
    async with httpx.AsyncClient(base_url=address, timeout=30) as http:
        person = Person(http)
        assert "먼저 말을 걸 수 없어요" in await person.say("사람 연결해 주세요")
        (waiting,) = naru.desk.handovers.waiting()
        assert await naru.desk.accept(waiting.id, JUNHO)
        seen = await person.say("안녕하세요")
        assert "박준호 님이 이어서" in seen, "who has it is shown, and nothing of Naru's"
        assert "담당자에게 전했어요" in await person.say("서류가 반려됐어요")
        assert person.labels == ["답 보기"]
        await naru.speak(waiting.conversation_id, [Reply(text="어느 세관인가요?")], "박준호", JUNHO)
        assert await person.press("답 보기") == "어느 세관인가요?"
        await naru.speak(waiting.conversation_id, [Reply(text="급하신가요?")], "박준호", JUNHO)
        assert await person.say("부산이요") == "급하신가요?"
        turns = naru.conversations.history(waiting.conversation_id)
        assert [turn["message"]["text"] for turn in turns if turn["message"]][-3:] == [
            "안녕하세요",
            "서류가 반려됐어요",
            "부산이요",
        ]


async def test_rasas_rest_channel_gets_no_message(naru: Assistant, address: str) -> None:
    async with httpx.AsyncClient(base_url=address, timeout=30) as http:
        asked = await http.post("/webhooks/rest/webhook", json={"sender": "somebody", "message": "/handover"})
        assert "먼저 말을 걸 수 없어요" in asked.json()[0]["text"]
        (waiting,) = naru.desk.handovers.waiting()
        assert await naru.desk.accept(waiting.id, JUNHO)
        silent = await http.post("/webhooks/rest/webhook", json={"sender": "somebody", "message": "여보세요"})
        assert silent.status_code == 200 and silent.json() == []
