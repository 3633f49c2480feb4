"""Queue and live view over the real service: two people at the desk, a customer, their streams, and whoever must not see."""

from __future__ import annotations

import asyncio
import json
import os
from collections.abc import AsyncIterator, Iterator
from contextlib import asynccontextmanager
from dataclasses import dataclass, field
from typing import Any

import httpx
import pytest
import uvicorn
from fastapi import FastAPI
from sqlalchemy import delete, select, update

from actions.desk.tables import AuditRow, CannedReplyRow, HandoverEventRow, HandoverRow, StaffRow
from bot.assistant import Assistant
from bot.guard import Message
from bot.training import current_model
from channels.app import create_app
from channels.console.accounts import Role, Staff
from channels.console.live_queue import may_see
from channels.files_api import keep
from knowledge.database.engine import sessions
from knowledge.database.tables import now
from knowledge.settings import Settings
from knowledge.settings import settings as read_settings
from tests.bot.customers import ALWAYS, NEVER, Customer, words
from tests.channels.console.entering import client_of, employ
from tests.conftest import free_port

PAGE = {"Accept": "text/html"}
SCRIPT = "<script>window.stolen = 1</script><img src=x onerror=alert(1)>"


@pytest.fixture(scope="module")
def desk(settings: Settings) -> Iterator[Settings]:
    os.environ |= {"NARU_DESK": "true", "NARU_DESK_HOURS": ALWAYS}
    read_settings.cache_clear()
    yield read_settings()
    del os.environ["NARU_DESK"], os.environ["NARU_DESK_HOURS"]
    read_settings.cache_clear()


@pytest.fixture(scope="module")
async def naru(desk: Settings, shelf: Any) -> Assistant:
    model = current_model(desk)
    assert model, "there is no model of these files; run: naru train"
    return await Assistant.load(model, desk)


@pytest.fixture(scope="module")
def app(desk: Settings, naru: Assistant) -> FastAPI:
    return create_app(desk, naru)


@pytest.fixture(scope="module")
async def address(app: FastAPI) -> AsyncIterator[str]:
    """The same app behind a real socket, which streams need."""
    port = free_port()
    server = uvicorn.Server(uvicorn.Config(app, port=port, log_level="warning", lifespan="off", ws="none"))
    task = asyncio.create_task(server.serve())
    async with asyncio.timeout(20):
        while not server.started:  # noqa: ASYNC110 - uvicorn has no event for it
            await asyncio.sleep(0.05)
    yield f"http://127.0.0.1:{port}"
    server.should_exit = True
    await task


@dataclass
class AtDesk:
    """Somebody of the staff, signed in."""

    staff: Staff
    http: httpx.AsyncClient

    async def post(self, handover: str, act: str, data: Any = None) -> httpx.Response:
        return await self.http.post(f"/console/live/{handover}/{act}", json=data)

    async def say(self, handover: str, text: str, key: str = "") -> httpx.Response:
        return await self.post(handover, "messages", {"key": key or os.urandom(8).hex(), "text": text})

    async def page(self, path: str) -> httpx.Response:
        return await self.http.get(path, headers=PAGE)


@asynccontextmanager
async def at_desk(app: FastAPI, settings: Any, role: Role, **more: Any) -> AsyncIterator[AtDesk]:
    staff = employ(settings, role, **more)
    async with client_of(app, staff) as client:
        await client.post("/console/presence", json={"presence": "available"})
        yield AtDesk(staff, client)


@pytest.fixture
async def mina(app: FastAPI, desk: Settings) -> AsyncIterator[AtDesk]:
    async with at_desk(app, desk, Role.AGENT, shown_as="김미나") as person:
        yield person


@pytest.fixture
async def junho(app: FastAPI, desk: Settings) -> AsyncIterator[AtDesk]:
    async with at_desk(app, desk, Role.AGENT, shown_as="박준호") as person:
        yield person


@pytest.fixture
async def lead(app: FastAPI, desk: Settings) -> AsyncIterator[AtDesk]:
    async with at_desk(app, desk, Role.SUPERVISOR, shown_as="이선임") as person:
        yield person


@pytest.fixture(autouse=True)
def empty_queue(desk: Settings) -> Iterator[None]:
    yield
    with sessions(desk.database).begin() as session:
        for table in (HandoverRow, CannedReplyRow):
            session.execute(delete(table))
        session.execute(update(StaffRow).values(presence="away"))


async def waiting(naru: Assistant, question: str = "신용장이 뭐예요?") -> tuple[Customer, str]:
    """A customer who asked Naru something and then for a person."""
    customer = Customer(naru)
    await customer.say(question)
    await customer.press("/handover")
    assert customer.handover and customer.handover.state == "waiting"
    return customer, customer.handover.id


def audited(desk: Settings, staff: Staff) -> list[tuple[str, str | None]]:
    with sessions(desk.database)() as session:
        rows = session.execute(select(AuditRow.what, AuditRow.subject).where(AuditRow.staff_id == staff.id))
        return [(what, subject) for what, subject in rows]


# queue


async def test_the_queue_tells_who_waits_why_and_for_what(naru: Assistant, mina: AtDesk, desk: Settings) -> None:
    empty = (await mina.page("/console/queue")).text
    assert "기다리는 고객이 없어요" in empty and "지금 맡은 상담이 없어요" in empty
    await waiting(naru)
    _customer, second = await waiting(naru, f"FOB가 뭐예요? {SCRIPT}")
    shown = (await mina.page("/console/queue")).text
    assert shown.index("신용장이 뭐예요?") < shown.index("FOB가 뭐예요?"), "the longest wait first"
    assert "직접 요청" in shown and "웹" in shown and "한국어" in shown and "data-seconds=" in shown
    assert f'data-accept="{second}"' in shown
    assert "<script>window" not in shown and "<img src=x" not in shown and "&lt;script&gt;" in shown
    assert "상담 시간이 아니에요" not in shown and "동료 상담" not in shown
    assert ("queue.viewed", None) in audited(desk, mina.staff)


async def test_outside_the_hours_the_queue_says_so(mina: AtDesk, desk: Settings) -> None:
    closed = create_app(desk.model_copy(update={"desk_hours": NEVER}))
    async with client_of(closed, mina.staff) as client:
        shown = (await client.get("/console/queue", headers=PAGE)).text
    assert "지금은 상담 시간이 아니에요" in shown and "공휴일" in shown


async def test_of_two_clicks_at_once_one_gets_it_and_the_other_sees_who(
    naru: Assistant, mina: AtDesk, junho: AtDesk, desk: Settings
) -> None:
    people = {mina.staff.id: mina, junho.staff.id: junho}
    for _ in range(5):
        customer, handover = await waiting(naru)
        answers = await asyncio.gather(*(each.post(handover, "accept") for each in people.values()))
        assert sorted(answer.status_code for answer in answers) == [200, 409]
        assert customer.handover and customer.handover.state == "active"
        holder = people[customer.handover.staff_id or ""].staff
        refused = next(answer for answer in answers if answer.status_code == 409)
        assert refused.json()["told"] == f"{holder.shown_as} 님이 이미 받았어요."
        introduced = [t for t in naru.conversations.history(customer.id) if holder.shown_as in words(t)]
        assert len(introduced) == 1, "the customer hears of one person, once"
        again = await people[holder.id].post(handover, "accept")
        assert again.status_code == 200, "a second press of the same person is no error"
    assert {what for what, _ in audited(desk, mina.staff) + audited(desk, junho.staff)} >= {"handover.accepted"}


async def test_calls_to_make_show_the_number_only_when_asked_and_note_who_looked(
    naru: Assistant, mina: AtDesk, junho: AtDesk, desk: Settings
) -> None:
    customer = Customer(naru)
    contact = {"name": "최바다", "phone": "+821023456789", "time": "오전"}
    naru.desk.handovers.ask_callback(customer.id, "asked", "ko", "web", contact)
    found = customer.handover
    assert found
    for path in ("/console/queue", f"/console/queue/{found.id}"):
        shown = (await mina.page(path)).text
        assert "전화 요청" in shown and "2345" not in shown and "최바다" not in shown
    assert "callback.opened" not in dict(audited(desk, mina.staff))
    told = (await mina.post(found.id, "contact")).json()
    assert told == {"name": "최바다", "phone": "010-2345-6789", "time": "오전"}
    assert ("callback.opened", customer.id) in audited(desk, mina.staff)
    assert (await mina.post(found.id, "accept")).status_code == 200
    assert (await junho.post(found.id, "contact")).status_code == 404, "mina calls"
    assert (await mina.post(found.id, "close", {"wrap_up": "solved", "note": "통화함"})).status_code == 204
    assert (await mina.post(found.id, "contact")).status_code == 404, "the number is forgotten"


# a conversation


async def test_the_page_shows_what_was_wanted_said_and_used(naru: Assistant, mina: AtDesk, desk: Settings) -> None:
    customer, handover = await waiting(naru)
    asked = naru.conversations.history(customer.id)[0]
    source = asked["replies"][0]["sources"][0]["title"]
    shown = (await mina.page(f"/console/queue/{handover}")).text
    summary = shown[shown.index('class="panel summary"') :]
    assert "원하는 것" in summary and "신용장이 뭐예요?" in summary and source in summary
    assert 'id="assist"' in shown and f'data-conversation="{customer.id}"' in shown
    assert "고객이 담당자를 불렀어요" in shown
    assert ("conversation.viewed", customer.id) in audited(desk, mina.staff)


async def test_both_sides_hear_each_other_and_naru_is_silent(naru: Assistant, mina: AtDesk) -> None:
    customer, handover = await waiting(naru)
    await mina.post(handover, "accept")
    heard = await customer.say(f"관세가 걱정돼요 {SCRIPT}")
    assert heard.replies == ()
    assert (await mina.say(handover, f"걱정 마세요 {SCRIPT}")).status_code == 200
    assert customer.last["intent"]["name"] == "staff" and SCRIPT in words(customer.last)
    shown = (await mina.page(f"/console/queue/{handover}")).text
    assert "관세가 걱정돼요 &lt;script&gt;" in shown and "걱정 마세요 &lt;script&gt;" in shown
    assert "<script>window" not in shown and "<img src=x" not in shown


async def test_what_is_sent_twice_under_one_key_is_said_once(naru: Assistant, mina: AtDesk) -> None:
    customer, handover = await waiting(naru)
    await mina.post(handover, "accept")
    tried = await asyncio.gather(*(mina.say(handover, "한 번만 말해요", "key-0000-1111") for _ in range(4)))
    tried.append(await mina.say(handover, "한 번만 말해요", "key-0000-1111"))
    assert {answer.status_code for answer in tried} == {200}
    other = await mina.say(handover, "한 번만 말해요", "key-0000-2222")
    assert other.json()["turn"] is not None, "the same words on purpose are another message"
    said = [turn for turn in naru.conversations.history(customer.id) if "한 번만 말해요" in words(turn)]
    assert len(said) == 2
    for _ in range(2):
        assert (await mina.post(handover, "notes", {"key": "note-1234", "text": "쪽지"})).status_code == 204
    assert [event.text for event in naru.desk.handovers.events(handover) if event.what == "note"] == ["쪽지"]


@pytest.mark.parametrize(
    "sent", [{}, {"text": "말"}, {"key": "key-0000", "text": ""}, {"key": "key-0000", "text": "  \n "},
             {"key": "짧", "text": "말"}, {"key": "key-0000", "text": "가" * 5001}]
)  # fmt: skip
async def test_what_has_no_words_or_no_key_is_not_said(naru: Assistant, mina: AtDesk, sent: dict[str, str]) -> None:
    customer, handover = await waiting(naru)
    await mina.post(handover, "accept")
    before = len(naru.conversations.history(customer.id))
    assert (await mina.post(handover, "messages", sent)).status_code == 422
    assert len(naru.conversations.history(customer.id)) == before


async def test_private_notes_never_reach_the_customer(
    naru: Assistant, mina: AtDesk, address: str, desk: Settings
) -> None:
    customer, handover = await waiting(naru)
    await mina.post(handover, "accept")
    assert (await mina.post(handover, "notes", {"key": "note-0001", "text": "까다로운 고객"})).status_code == 204
    assert "까다로운 고객" in (await mina.page(f"/console/queue/{handover}")).text
    assert "까다로운" not in json.dumps(naru.conversations.history(customer.id), ensure_ascii=False)
    await mina.post(handover, "close", {"wrap_up": "other", "note": "또 다른 비밀"})
    turns = json.dumps(naru.conversations.history(customer.id), ensure_ascii=False)
    assert "비밀" not in turns and "상담을 마쳤어요" in turns
    with sessions(desk.database)() as session:
        kept = session.scalars(select(HandoverEventRow.sealed).where(HandoverEventRow.handover_id == handover)).all()
    assert not any("까다로운".encode() in (sealed or b"") for sealed in kept), "notes are sealed"


async def test_a_colleagues_conversation_is_not_for_agents(
    naru: Assistant, mina: AtDesk, junho: AtDesk, lead: AtDesk, desk: Settings
) -> None:
    customer, handover = await waiting(naru)
    assert (await junho.page(f"/console/queue/{handover}")).status_code == 200, "who waits may be looked at"
    await mina.post(handover, "accept")
    assert (await junho.page(f"/console/queue/{handover}")).status_code == 404
    for act, data in [
        ("messages", {"key": "key-0000", "text": "끼어들기"}),
        ("notes", {"key": "key-0000", "text": "끼어들기"}),
        ("typing", None),
        ("transfer", {"to": junho.staff.id}),
        ("return", None),
        ("close", {"wrap_up": "other"}),
        ("contact", None),
    ]:
        assert (await junho.post(handover, act, data)).status_code == 404, act
    assert (await junho.http.get(f"/console/live/events?handover={handover}")).status_code == 404
    assert "끼어들기" not in json.dumps(naru.conversations.history(customer.id), ensure_ascii=False)
    queue = (await junho.page("/console/queue")).text
    assert handover not in queue
    assert handover in (await lead.page("/console/queue")).text, "whoever leads sees it"
    assert (await lead.page(f"/console/queue/{handover}")).status_code == 200
    spoke = await lead.say(handover, "끼어들기")
    assert spoke.status_code == 409 and spoke.json()["holder"] == "김미나"
    assert (await lead.post(handover, "transfer", {"to": lead.staff.id})).status_code == 204, "but may take it"
    assert customer.handover and customer.handover.staff_id == lead.staff.id
    assert not may_see(mina.staff, customer.handover)


async def test_given_on_to_a_colleague_or_the_queue(naru: Assistant, mina: AtDesk, junho: AtDesk) -> None:
    customer, handover = await waiting(naru)
    await mina.post(handover, "accept")
    there = (await mina.http.get("/console/live/colleagues")).json()
    assert {"id": junho.staff.id, "name": "박준호", "active": 0} in there
    assert mina.staff.id not in [each["id"] for each in there]
    await junho.http.post("/console/presence", json={"presence": "away"})
    assert junho.staff.id not in [each["id"] for each in (await mina.http.get("/console/live/colleagues")).json()]
    assert (await mina.post(handover, "transfer", {"to": "nobody"})).status_code == 409
    assert (await mina.post(handover, "transfer", {"to": junho.staff.id})).status_code == 204
    assert (await mina.say(handover, "늦은 말")).status_code in (404, 409)
    assert (await junho.say(handover, "이어서 도울게요")).status_code == 200
    assert (await junho.post(handover, "transfer", {"to": None})).status_code == 204
    assert customer.handover and customer.handover.state == "waiting"
    assert "연결 끊김" in (await mina.page("/console/queue")).text


async def test_after_it_is_given_back_naru_answers_and_the_desk_hears_no_more(naru: Assistant, mina: AtDesk) -> None:
    customer, handover = await waiting(naru)
    await mina.post(handover, "accept")
    await customer.say("담당자에게만 하는 말")
    assert (await mina.post(handover, "return")).status_code == 204
    answered = await customer.say("FOB가 뭐예요?")
    assert answered.replies
    shown = (await mina.page(f"/console/queue/{handover}")).text
    assert "담당자에게만 하는 말" in shown and "다시 나루예요" in shown
    assert "FOB가 뭐예요?" not in shown, "what is said to Naru afterwards is not the agent's to read"
    late = await mina.say(handover, "늦은 말")
    assert late.status_code == 409 and late.json()["told"] == "이미 끝난 상담이에요."


@pytest.mark.parametrize("wrap_up", ["solved", "referred", "call_back", "no_answer", "other"])
async def test_closed_with_how_it_ended(naru: Assistant, mina: AtDesk, wrap_up: str, desk: Settings) -> None:
    customer, handover = await waiting(naru)
    await mina.post(handover, "accept")
    assert (await mina.post(handover, "close", {"wrap_up": "whatever"})).status_code == 422
    assert (await mina.post(handover, "close", {"wrap_up": wrap_up, "note": "메모"})).status_code == 204
    closed = naru.desk.handovers.get(handover)
    assert closed and (closed.state, closed.closed_as) == ("closed", wrap_up)
    assert naru.desk.handovers.note(handover) == "메모"
    assert "상담을 마쳤어요" in words(customer.last)
    assert (await mina.post(handover, "close", {"wrap_up": wrap_up})).status_code == 409
    await customer.press("/handover")
    assert customer.handover
    again = (await mina.page(f"/console/queue/{customer.handover.id}")).text
    assert "지난 상담" in again and "메모" in again


async def test_files_open_only_for_who_may_see_them_and_it_is_noted(
    naru: Assistant, app: FastAPI, mina: AtDesk, junho: AtDesk, desk: Settings
) -> None:
    customer, handover = await waiting(naru)
    await mina.post(handover, "accept")
    file_id = await keep(naru, customer.id, "재료.csv", "재료,값\n실,1\n".encode(), desk)
    await naru.turn(customer.id, Message(file_id=file_id))
    path = f"/console/live/{handover}/files/{file_id}"
    shown = (await mina.page(f"/console/queue/{handover}")).text
    assert "재료.csv" in shown and path in shown and "signature=" not in shown
    opened = await mina.http.get(path)
    assert opened.status_code == 303
    got = await mina.http.get(opened.headers["location"])
    assert got.status_code == 200 and got.text.startswith("재료,값")
    assert ("file.opened", customer.id) in audited(desk, mina.staff)
    assert (await junho.http.get(path)).status_code == 404
    _other, elsewhere = await waiting(naru)
    assert (await mina.http.get(f"/console/live/{elsewhere}/files/{file_id}")).status_code == 404


# streams


@dataclass
class Listening:
    """A page's stream as it comes."""

    events: list[tuple[str, Any, str]] = field(default_factory=list)

    async def until(self, name: str, holds: Any = lambda data: True, seconds: float = 8) -> Any:
        for _ in range(int(seconds / 0.05)):
            for kind, data, _id in self.events:
                if kind == name and holds(data):
                    return data
            await asyncio.sleep(0.05)
        raise AssertionError(f"no {name} among {self.events}")

    @property
    def html(self) -> str:
        return "".join(data["html"] for kind, data, _id in self.events if kind == "items")

    @property
    def last_id(self) -> str:
        return self.events[-1][2]


@asynccontextmanager
async def listening(address: str, who: AtDesk, query: str = "", **headers: str) -> AsyncIterator[Listening]:
    heard = Listening()
    cookies = dict(who.http.cookies.items())
    headers |= {"Accept": "text/event-stream", "Cookie": "; ".join(f"{n}={v}" for n, v in cookies.items())}

    async def take() -> None:
        async with (
            httpx.AsyncClient(timeout=None) as client,
            client.stream("GET", f"{address}/console/live/events{query}", headers=headers) as stream,
        ):
            assert stream.status_code == 200, await stream.aread()
            assert stream.headers["content-type"].startswith("text/event-stream")
            event: dict[str, str] = {}
            async for line in stream.aiter_lines():
                name, _, value = line.partition(": ")
                if line:
                    event[name] = value
                elif "event" in event:
                    heard.events.append((event["event"], json.loads(event["data"]), event.get("id", "")))
                    event = {}

    task = asyncio.create_task(take())
    try:
        yield heard
    finally:
        task.cancel()
        await asyncio.gather(task, return_exceptions=True)


async def test_the_queue_comes_by_itself(naru: Assistant, mina: AtDesk, junho: AtDesk, address: str) -> None:
    async with listening(address, mina) as heard:
        await heard.until("queue", lambda data: data["waiting"] == 0)
        _customer, handover = await waiting(naru)
        shown = await heard.until("queue", lambda data: data["waiting"] == 1)
        assert handover in shown["html"] and "신용장이 뭐예요?" in shown["html"]
        heard.events.clear()
        await junho.post(handover, "accept")
        gone = await heard.until("queue", lambda data: data["waiting"] == 0)
        assert handover not in gone["html"]


async def test_a_conversation_comes_live_once_and_goes_on_after_a_break(
    naru: Assistant, mina: AtDesk, address: str
) -> None:
    customer, handover = await waiting(naru)
    await mina.post(handover, "accept")
    async with listening(address, mina, f"?handover={handover}&after=-1.0") as heard:
        state = await heard.until("handover")
        assert (state["state"], state["mine"]) == ("active", True)
        await customer.say(f"첫 번째 말 {SCRIPT}")
        await mina.say(handover, "두 번째 말")
        await mina.post(handover, "notes", {"key": "note-0002", "text": "세 번째는 메모"})
        await heard.until("items", lambda data: "세 번째는 메모" in data["html"])
        assert "첫 번째 말 &lt;script&gt;" in heard.html and "<script" not in heard.html
        for line in ("신용장이 뭐예요?", "첫 번째 말", "두 번째 말", "세 번째는 메모"):
            assert heard.html.count(line) == 1, line
        naru.desk.handovers.typing(customer.id, "customer")
        await heard.until("typing")
        reached = heard.last_id
    await customer.say("끊긴 동안 한 말")
    async with listening(address, mina, f"?handover={handover}&after=-1.0", **{"Last-Event-ID": reached}) as heard:
        await heard.until("items")
        assert "끊긴 동안 한 말" in heard.html and "두 번째 말" not in heard.html
        await mina.post(handover, "close", {"wrap_up": "solved"})
        await heard.until("handover", lambda data: data["state"] == "closed")
        await heard.until("items", lambda data: "상담을 마쳤어요" in data["html"])
        await customer.say("FOB가 뭐예요?")
        await asyncio.sleep(1.6)
        assert "FOB가" not in heard.html


async def test_a_stream_ends_when_the_conversation_is_no_longer_theirs(
    naru: Assistant, mina: AtDesk, junho: AtDesk, address: str
) -> None:
    customer, handover = await waiting(naru)
    await mina.post(handover, "accept")
    async with listening(address, mina, f"?handover={handover}") as heard:
        await heard.until("handover")
        await mina.post(handover, "transfer", {"to": junho.staff.id})
        await customer.say("박준호 님만 들을 말")
        await heard.until("gone")
        await asyncio.sleep(1.5)
        assert "박준호 님만 들을 말" not in heard.html


async def test_the_stream_is_the_sign_of_life(mina: AtDesk, address: str, desk: Settings) -> None:
    def seen() -> Any:
        with sessions(desk.database)() as session:
            return session.scalar(select(StaffRow.seen_at).where(StaffRow.id == mina.staff.id))

    with sessions(desk.database).begin() as session:
        session.execute(update(StaffRow).where(StaffRow.id == mina.staff.id).values(seen_at=None))
    before = now()
    async with listening(address, mina) as heard:
        await heard.until("queue")
    assert seen() >= before


async def test_typing_is_told_to_the_customer_only_by_who_has_them(naru: Assistant, mina: AtDesk, lead: AtDesk) -> None:
    customer, handover = await waiting(naru)
    await mina.post(handover, "accept")
    await lead.post(handover, "typing")
    signs = naru.desk.handovers.signs(customer.id)
    assert signs and not signs.staff_typing
    await mina.post(handover, "typing")
    signs = naru.desk.handovers.signs(customer.id)
    assert signs and signs.staff_typing


async def test_who_has_written_is_typing_no_more(naru: Assistant, mina: AtDesk) -> None:
    customer, handover = await waiting(naru)
    await mina.post(handover, "accept")
    await mina.post(handover, "typing")
    naru.desk.handovers.typing(customer.id, "customer")
    await mina.say(handover, "안녕하세요")
    signs = naru.desk.handovers.signs(customer.id)
    assert signs and (signs.staff_typing, signs.customer_typing) == (False, True)
    await customer.say("네 안녕하세요")
    signs = naru.desk.handovers.signs(customer.id)
    assert signs and (signs.staff_typing, signs.customer_typing) == (False, False)


# canned replies


async def test_canned_replies_are_there_in_both_languages_and_supervisors_change_them(
    naru: Assistant, mina: AtDesk, lead: AtDesk, desk: Settings
) -> None:
    _customer, handover = await waiting(naru)

    async def offered() -> list[dict[str, str]]:
        shown = (await mina.page(f"/console/queue/{handover}")).text
        start = shown.index('id="replies">') + len('id="replies">')
        return json.loads(shown[start : shown.index("</script>", start)])  # type: ignore[no-any-return]

    first = await offered()
    assert all(sum(each["language"] == language for each in first) >= 12 for language in ("ko", "en"))
    assert first[0]["language"] == "ko", "the customer's language comes first"
    assert any("{staff}" in each["text"] for each in first)
    form = {"language": "ko", "shortcut": "/새 답", "words": f"</script>{SCRIPT}"}
    assert (await mina.http.post("/console/canned", data=form)).status_code == 403
    assert (await lead.http.post("/console/canned", data=form)).status_code == 303
    assert {"language": "ko", "shortcut": "새답", "text": f"</script>{SCRIPT}"} in await offered()
    page = (await lead.page("/console/canned")).text
    assert "<script>window" not in page and "/새답" in page
    await lead.http.post("/console/canned", data=form | {"shortcut": "인사", "words": "다른 인사"})
    await lead.http.post("/console/canned", data=form | {"shortcut": "새답", "words": " "})
    now_offered = {each["shortcut"]: each["text"] for each in await offered() if each["language"] == "ko"}
    assert now_offered["인사"] == "다른 인사" and "새답" not in now_offered
    assert len(now_offered) == sum(each["language"] == "ko" for each in first)
    assert {"canned.changed", "canned.removed"} <= set(dict(audited(desk, lead.staff)))
