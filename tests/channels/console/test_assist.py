"""Assist beside calls and chats: suggestions, tools that give the verdicts of the HTTP API, sending, calls, roles."""

from __future__ import annotations

import io
import os
import re
import secrets
from collections.abc import AsyncIterator, Iterator
from contextlib import AsyncExitStack
from dataclasses import dataclass
from typing import Any

import httpx
import pytest
from fastapi import FastAPI
from openpyxl import Workbook

from actions.desk.handovers import Handover
from actions.reply import Card, Reply
from bot.assistant import Assistant
from bot.training import current_model
from channels.app import create_app
from channels.console import audit
from channels.console.accounts import Role, Staff
from channels.console.assist_saying import LONGEST_ALOUD, aloud
from knowledge.settings import Settings
from knowledge.settings import settings as read_settings
from tests.bot.customers import ALWAYS, Customer, words
from tests.channels.console.entering import client_of, employ

PAGE = {"Accept": "text/html"}


@pytest.fixture(scope="module")
def desk(settings: Settings) -> Iterator[Settings]:
    """The settings of a Naru with people at the desk around the clock."""
    more = {"NARU_DESK": "true", "NARU_DESK_HOURS": ALWAYS, "NARU_REQUESTS_PER_MINUTE": "100000"}
    os.environ |= more
    read_settings.cache_clear()
    yield read_settings()
    for name in more:
        del os.environ[name]
    read_settings.cache_clear()


@pytest.fixture(scope="module")
async def naru(desk: Settings, shelf: Any) -> AsyncIterator[Assistant]:
    """The real assistant."""
    model = current_model(desk)
    assert model, "there is no model of these files; run: naru train"
    yield await Assistant.load(model, desk)


@dataclass
class Beside:
    """An agent beside a customer whose conversation they have."""

    app: FastAPI
    agent: Staff
    http: httpx.AsyncClient
    customer: Customer
    handover: Handover

    async def suggested(self, said: str) -> dict[str, Any]:
        answer = await self.http.post(f"/console/assist/{self.handover.id}/suggest", json={"text": said})
        assert answer.status_code == 200, answer.text
        return answer.json()  # type: ignore[no-any-return]

    async def use(self, tool: str, **told: Any) -> httpx.Response:
        return await self.http.post(f"/console/assist/{self.handover.id}/tools/{tool}", json=told)

    async def send(self, html: str, key: str | None = None) -> httpx.Response:
        found = re.search(r'data-ticket="([^"]+)"', html)
        assert found, html
        body = {"key": key or secrets.token_hex(8), "ticket": found[1]}
        return await self.http.post(f"/console/assist/{self.handover.id}/send", json=body)


@pytest.fixture
async def beside(desk: Settings, naru: Assistant) -> AsyncIterator[Beside]:
    """An agent who has taken a customer over."""
    app = create_app(desk, naru)
    agent = employ(desk, Role.AGENT, shown_as="김미나")
    customer = Customer(naru)
    async with AsyncExitStack() as stack:
        http = await stack.enter_async_context(client_of(app, agent))
        await http.post("/console/presence", json={"presence": "available"})
        handover = await customer.handed(agent.id)
        yield Beside(app, agent, http, customer, handover)


# suggestions


async def test_a_message_gets_need_confidence_answer_and_source(beside: Beside) -> None:
    told = await beside.suggested("신용장이 뭐예요?")
    assert (told["need"], told["weak"], told["language"]) == ("define", False, "ko")
    assert "뜻을 알고 싶어요" in told["html"] and "은행" in told["html"] and "출처" in told["html"]
    assert "open" in told["html"]


async def test_an_application_leads_to_the_customers_card(beside: Beside) -> None:
    told = await beside.suggested("수출바우처 신청하고 싶어요")
    address = f"/console/cases/{beside.handover.conversation_id}"
    assert f'href="{address}"' in told["html"]
    assert (await beside.http.get(address, headers=PAGE)).status_code == 200


async def test_a_weak_suggestion_is_marked_and_folded(beside: Beside) -> None:
    told = await beside.suggested("오늘 날씨 어때요")
    assert told["weak"]
    assert "확실하지 않아요" in told["html"]
    assert not re.search(r"<details[^>]*\sopen", told["html"])


async def test_what_was_asked_is_not_in_the_log_but_that_it_was(beside: Beside) -> None:
    await beside.suggested("신용장이 뭐예요?")
    lines = audit.lines(audit.Wanted(what="assist.suggested"), 5)
    assert lines[0].subject == beside.handover.conversation_id
    assert "신용장" not in repr(lines)


async def test_a_script_in_a_message_stays_words(beside: Beside) -> None:
    told = await beside.suggested("<script>alert(1)</script> HS코드 알려주세요")
    assert "<script" not in told["html"]


async def test_a_suggested_answer_is_sent_whole_and_once(beside: Beside) -> None:
    told = await beside.suggested("신용장이 뭐예요?")
    first = await beside.send(told["html"], "same-key-1")
    again = await beside.send(told["html"], "same-key-1")
    assert (first.status_code, again.json()) == (200, {"turn": None})
    turn = beside.customer.last
    assert turn["intent"]["name"] == "staff" and "신용장" in words(turn)
    assert any(reply["sources"] for reply in turn["replies"])
    assert not any(reply["choices"] for reply in turn["replies"])
    history = beside.customer.naru.conversations.history(beside.customer.id)
    assert sum("문서" in words(each) and each["intent"]["name"] == "staff" for each in history) == 1


async def test_a_changed_or_foreign_ticket_sends_nothing(beside: Beside, naru: Assistant) -> None:
    html = (await beside.suggested("신용장이 뭐예요?"))["html"]
    broken = re.sub(r'data-ticket=".{9}', 'data-ticket="AAAAAAAAA', html)
    assert (await beside.send(broken)).status_code == 422
    other = Customer(naru)
    handover = await other.handed(beside.agent.id)
    found = re.search(r'data-ticket="([^"]+)"', html)
    assert found
    body = {"key": "another-key", "ticket": found[1]}
    answer = await beside.http.post(f"/console/assist/{handover.id}/send", json=body)
    assert answer.status_code == 422


# tools

ORIGIN = {"agreement": "KR-US", "hs": "731815", "amount": "100", "basis": "FOB", "currency": "USD", "direct": "yes"}
BOLTS = [
    ("wire rod is another heading", {"name": "wire rod", "hs": "721391", "value": "60"}, "qualifies"),
    (
        "nails are the exception, above the tolerance",
        {"name": "nails", "hs": "731700", "value": "11"},
        "does_not_qualify",
    ),
    ("nails at the tolerance", {"name": "nails", "hs": "731700", "value": "10"}, "qualifies"),
]
"""Bolts under annex 6-A of Korea-US (CTH except 7317), worked out in tests/knowledge/origin/cases/KR-US.yaml."""


@pytest.mark.parametrize(("name", "material", "verdict"), BOLTS, ids=[each[0] for each in BOLTS])
async def test_origin_is_what_the_api_says(beside: Beside, name: str, material: dict[str, str], verdict: str) -> None:
    rows = [material | {"originating": "no"}]
    told = (await beside.use("origin", **ORIGIN, materials=rows, processes=["manufacturing"])).json()
    assert told["verdict"] == verdict
    plain = {
        "agreement": "KR-US",
        "hs": "731815",
        "price": {"amount": "100", "basis": "FOB", "currency": "USD"},
        "materials": [material | {"originating": False}],
        "processes": ["manufacturing"],
        "transport": {"direct": True},
    }
    api = (await beside.http.post("/api/origin/simulations", json=plain)).json()
    assert api["verdict"] == verdict
    assert told["document"]["steps"] == api["steps"] and told["document"]["rvc"] == api["rvc"]


async def test_a_simulation_is_sent_with_steps_sources_and_paper(beside: Beside) -> None:
    rows = [{"name": "wire rod", "hs": "721391", "value": "60", "originating": "no"}]
    told = (await beside.use("origin", **ORIGIN, materials=rows, processes=["manufacturing"])).json()
    assert (await beside.send(told["html"])).status_code == 200
    turn = beside.customer.last
    number = told["paper"]["number"]
    assert number in words(turn)
    cards = [reply["card"] for reply in turn["replies"] if reply["card"]]
    assert cards[0]["rows"] and any(reply["sources"] for reply in turn["replies"])
    paper = (await beside.use("paper", **told["paper"])).json()
    assert (await beside.send(paper["html"])).status_code == 200
    assert any(
        reply["file"] and reply["file"]["media_type"] == "application/pdf" for reply in beside.customer.last["replies"]
    )


async def test_the_customer_opens_the_simulation_later(beside: Beside, naru: Assistant) -> None:
    rows = [{"name": "wire rod", "hs": "721391", "value": "60", "originating": "no"}]
    told = (await beside.use("origin", **ORIGIN, materials=rows, processes=["manufacturing"])).json()
    assert await naru.desk.hand_back(beside.handover.id, beside.agent.id)
    turn = await beside.customer.say(told["paper"]["number"] + " 다시 열어줘")
    assert told["paper"]["number"] in words(turn)


async def test_a_bill_as_a_table_fills_the_form(beside: Beside) -> None:
    book = Workbook()
    sheet = book.active
    assert sheet is not None
    for row in (["name", "hs", "value", "originating"], ["wire rod", "721391", 60, "no"], ["oil", "271019", 3, "yes"]):
        sheet.append(row)
    kept = io.BytesIO()
    book.save(kept)
    address = f"/console/assist/{beside.handover.id}/bill"
    for name, content in (
        ("bill.xlsx", kept.getvalue()),
        ("bill.csv", b"name,hs,value,originating\nwire rod,721391,60,no\noil,271019,3,yes\n"),
    ):
        answer = await beside.http.post(address, files={"file": (name, content)})
        assert answer.status_code == 200, answer.text
        rows = [
            (each["name"], each["hs"], each["value"], each["originating"])
            for each in answer.json()["form"]["materials"]
        ]
        assert rows == [("wire rod", "721391", "60", "no"), ("oil", "271019", "3", "yes")]


async def test_a_wrong_cell_is_told_by_its_place(beside: Beside) -> None:
    content = b"name,hs,value,originating\nwire rod,721391,sixty,no\n"
    answer = await beside.http.post(f"/console/assist/{beside.handover.id}/bill", files={"file": ("bill.csv", content)})
    assert answer.status_code == 422
    assert "2" in answer.json()["faults"][0]["text"]


async def test_what_is_missing_is_told_at_the_form(beside: Beside) -> None:
    answer = await beside.use("origin", hs="731815")
    assert answer.status_code == 422
    assert answer.json()["faults"][0] == {"field": "agreement", "text": "협정을 골라 주세요."}
    assert (await beside.use("duty", agreement="KR-US", hs="611595", amount="much")).status_code == 422


async def test_duty_is_what_the_api_says(beside: Beside) -> None:
    told = (await beside.use("duty", country="US", hs="611595", amount="1000", currency="USD")).json()
    query = {"agreement": "KR-US", "hs": "611595", "value": "1000", "currency": "USD"}
    assert told["document"] == (await beside.http.get("/api/duty", params=query)).json()


async def test_codes_are_offered_and_sent(beside: Beside) -> None:
    told = (await beside.use("hs", words="라면")).json()
    api = (await beside.http.get("/api/hs/search", params={"q": "라면", "top": "4"})).json()
    assert told["offers"]["codes"][0]["hs"] == "190230" == api[0]["hs6"]
    assert (await beside.send(told["html"])).status_code == 200
    assert beside.customer.last["replies"][-1]["sources"]


async def test_papers_deadlines_and_programmes_are_sent_with_their_files(beside: Beside) -> None:
    papers = await beside.use("checklist", incoterm="FOB", transport="sea_fcl", destination="CN")
    days = await beside.use("deadlines", shipment="2026-12-01", lc_expiry="2027-01-20")
    firms = await beside.use("programmes", need="바이어를 못 찾겠어요", size="small", region="KR-11")
    for answer, kind in ((papers, "spreadsheet"), (days, "text/calendar")):
        assert answer.status_code == 200, answer.text
        assert (await beside.send(answer.json()["html"])).status_code == 200
        files = [reply["file"]["media_type"] for reply in beside.customer.last["replies"] if reply["file"]]
        assert any(kind in each for each in files)
    assert "2026년 12월 22일" in days.json()["html"]  # 21 days after shipment, UCP 600 article 14(c)
    assert firms.status_code == 200 and firms.json()["verdict"] == "answered"


async def test_records_are_found_and_shown(beside: Beside) -> None:
    found = await beside.http.get("/console/assist/records", params={"q": "letter of credit", "language": "en"})
    assert 'data-record="term.lc"' in found.text
    address = f"/console/assist/{beside.handover.id}/records/term.lc"
    shown = (await beside.http.get(address, params={"language": "en"})).json()
    assert "Letter of credit" in shown["html"] and "data-ticket" in shown["html"]
    assert (await beside.http.get(f"/console/assist/{beside.handover.id}/records/term.none")).status_code == 404


async def test_the_panel_speaks_the_agents_language(beside: Beside) -> None:
    panel = await beside.http.get(f"/console/assist/{beside.handover.id}/panel")
    assert "HS코드 찾기" in panel.text and "원재료 명세" in panel.text


def test_what_is_read_aloud_is_short_and_plain() -> None:
    papers = Card(
        kind="list", title="꼭 필요해요", rows=(("상업송장 (C/I)", "값을 적어요"), ("포장명세서", "상자를 적어요"))
    )
    table = Card(kind="table", title="순서", columns=("단계", "결과"), rows=(("협정 확인", "충족"),))
    facts = Card(
        kind="list",
        title="증명",
        rows=(("수출자나 생산자 또는 미국의 수입자가 스스로 작성하고, 기관이 발급하지는 않아요.",),),
    )
    said = aloud([Reply(text="기준을 채워요. 한국산이에요(CTH). 셋째예요. 넷째예요.", card=table), Reply(card=facts)])
    assert said == "기준을 채워요.\n한국산이에요.\n셋째예요."
    assert aloud([Reply(card=papers)]) == "꼭 필요해요: 상업송장, 포장명세서."
    assert len(aloud([Reply(text="아주 긴 문장이에요. " * 200)])) <= LONGEST_ALOUD


# calls


async def test_a_call_from_greeting_to_wrap_up(beside: Beside, naru: Assistant, desk: Settings) -> None:
    begun = await beside.http.post("/console/assist/calls", data={"language": "ko"})
    assert begun.status_code == 303
    address = begun.headers["location"]
    handover = naru.desk.handovers.get(address.rsplit("/", 1)[-1])
    assert handover and handover.channel == "phone" and handover.staff_id == beside.agent.id
    line = {"key": "line-one-1", "text": "베트남에 라면 수출하는데 FTA 혜택 되나요?"}
    first = await beside.http.post(f"{address}/said", json=line)
    again = await beside.http.post(f"{address}/said", json=line)
    assert (first.status_code, again.json()) == (200, {"turn": None})
    call = Beside(beside.app, beside.agent, beside.http, beside.customer, handover)
    told = await call.suggested("베트남에 라면 수출하는데 FTA 혜택 되나요?")
    assert told["tools"][-1] == {"name": "origin", "filled": told["tools"][-1]["filled"]}
    assert told["tools"][-1]["filled"]["agreement"] == "KR-VN"
    duty = await call.use("duty", agreement="KR-VN", hs="190230", amount="1000", currency="USD")
    assert (await call.send(duty.json()["html"])).status_code == 200
    history = naru.conversations.history(handover.conversation_id)
    assert [each["message"].get("text") for each in history if not each["replies"]] == [line["text"]]
    assert [each["intent"]["name"] for each in history if each["replies"]] == ["staff"]
    page = await beside.http.get(address, headers=PAGE)
    assert line["text"].replace("?", "") in page.text and "통화 끝내기" in page.text
    ending = {"wrap_up": "solved", "note": "원산지 기준을 안내함"}
    assert (await beside.http.post(f"/console/live/{handover.id}/close", json=ending)).status_code == 204
    closed = naru.desk.handovers.get(handover.id)
    assert closed and closed.closed_as == "solved" and naru.desk.handovers.note(handover.id) == "원산지 기준을 안내함"
    late = await beside.http.post(f"{address}/said", json={"key": "line-two-2", "text": "네"})
    assert late.status_code == 409


async def test_the_calls_page_shows_open_calls(beside: Beside) -> None:
    begun = await beside.http.post("/console/assist/calls", data={"language": "en"})
    page = await beside.http.get("/console/assist", headers=PAGE)
    assert begun.headers["location"] in page.text


# who may


async def test_only_who_has_the_conversation_acts_in_it(beside: Beside, desk: Settings) -> None:
    html = (await beside.suggested("신용장이 뭐예요?"))["html"]
    colleague, leader = employ(desk, Role.AGENT), employ(desk, Role.SUPERVISOR)
    base = f"/console/assist/{beside.handover.id}"
    async with client_of(beside.app, colleague) as http:
        assert (await http.post(f"{base}/suggest", json={"text": "신용장"})).status_code == 404
        assert (await http.post(f"{base}/tools/duty", json={})).status_code == 404
    async with client_of(beside.app, leader) as http:
        assert (await http.post(f"{base}/suggest", json={"text": "신용장"})).status_code == 200
        assert (await http.post(f"{base}/tools/duty", json={})).status_code == 409
        theirs = Beside(beside.app, leader, http, beside.customer, beside.handover)
        assert (await theirs.send(html)).status_code == 409


async def test_editors_and_strangers_are_kept_out(beside: Beside, desk: Settings) -> None:
    base = f"/console/assist/{beside.handover.id}"
    async with client_of(beside.app, employ(desk, Role.EDITOR)) as http:
        assert (await http.post(f"{base}/suggest", json={"text": "신용장"})).status_code == 403
        assert (await http.get("/console/assist/records?q=x")).status_code == 403
        assert (await http.get("/console/assist")).status_code == 403
    beside.http.headers.pop("X-Naru-Forgery")
    assert (await beside.http.post(f"{base}/suggest", json={"text": "신용장"})).status_code == 403
    beside.http.cookies.clear()
    assert (await beside.http.post(f"{base}/suggest", json={"text": "신용장"})).status_code == 401
