"""Customers and applications at the desk: found, opened, given back, decided, told of once, erased, taken along."""

from __future__ import annotations

import asyncio
import csv
import html
import io
import re
import secrets
import sqlite3
from collections.abc import Callable
from datetime import UTC, datetime, timedelta
from pathlib import Path
from typing import Any
from zoneinfo import ZoneInfo

import httpx
import pytest
from fastapi import FastAPI
from rasa.core.agent import Agent
from sqlalchemy import delete, select

from actions.cases import Application, Cases, State
from actions.desk.tables import AuditRow
from actions.files import folder
from actions.news.consent import allow, switch_off
from actions.news.words import APPLICATION
from actions.reply import Outcome, Reply, Turn
from bot.assistant import NO_INTENT, Assistant
from bot.conversations import Conversations
from channels.app import create_app
from channels.console.accounts import Role, Staff
from channels.console.customer_card import hidden
from channels.news_round import go_round
from knowledge.database.engine import sessions
from knowledge.database.tables import ContactRow, ConversationRow, NewsRow, SimulationRow
from tests.actions.cases.conftest import FIRM, VOUCHER, add_conversation, add_file
from tests.channels.console.entering import client_of, employ, visiting

PAGE = {"Accept": "text/html"}
NOON = datetime.now(ZoneInfo("Asia/Seoul")).replace(hour=12, minute=0) + timedelta(days=1)
"""By day, and after whatever a test does: news is told neither at night nor before it is due."""

Apply = Callable[..., Application]


@pytest.fixture(scope="module")
def assistant(settings: Any) -> Assistant:
    """An assistant without a model: what is announced, spoken and erased needs none."""
    return Assistant(Agent(), Conversations(settings.database), settings)


@pytest.fixture(scope="module")
def app(settings: Any, assistant: Assistant) -> FastAPI:
    return create_app(settings, assistant=assistant)


@pytest.fixture(scope="module")
def staff(settings: Any) -> dict[Role, Staff]:
    return {role: employ(settings, role, language="en") for role in Role}


@pytest.fixture(autouse=True)
def nothing_waits(settings: Any) -> None:
    with sessions(settings.database).begin() as session:
        session.execute(delete(NewsRow))


@pytest.fixture
def apply(settings: Any) -> Apply:
    """Sends an application to the export voucher from a conversation of its own."""

    def make(state: State = State.SUBMITTED, news: bool = False, **said: str) -> Application:
        cases, owner = Cases(settings.database, settings), secrets.token_hex(8)
        add_conversation(settings, owner)
        if news:
            allow(owner, APPLICATION)
        begun = cases.start(owner, "programme.export-voucher")
        for key, words in (FIRM | VOUCHER | said).items():
            cases.answer(begun.id, key, words)
        cases.attach(begun.id, "business_registration", add_file(settings, owner, secrets.token_hex(8)))
        sent = cases.submit(begun.id, cases.review(begun.id).digest)
        return sent if state is State.SUBMITTED else cases.move(sent.id, state, "desk")

    return make


def state_of(settings: Any, application: Application) -> State:
    return Cases(settings.database, settings).get(application.id).state


def noted(settings: Any, what: str, subject: str | None) -> list[dict[str, Any]]:
    """Details of the lines of the log about somebody."""
    query = select(AuditRow).where(AuditRow.what == what, AuditRow.subject == subject)
    with sessions(settings.database)() as session:
        return [row.detail for row in session.scalars(query)]


async def found(client: httpx.AsyncClient, said: str) -> set[str]:
    """The customers a search leads to."""
    answer = await client.post("/console/cases/found", data={"said": said})
    assert answer.status_code == 200, answer.text
    return set(re.findall(r'href="/console/cases/([^"/]+)"', answer.text))


def address(application: Application, what: str = "") -> str:
    return f"/console/applications/{application.id}{what}"


async def press(client: httpx.AsyncClient, application: Application, what: str, note: str = "", round: int = 1) -> str:
    """Presses a button of an application's page and returns what the page then tells."""
    answer = await client.post(address(application, f"/{what}"), data={"round": str(round), "note": note})
    assert answer.status_code == 303, answer.text
    shown = await client.get(answer.headers["location"], headers=PAGE)
    assert shown.status_code == 200
    told = re.search(r'<p class="note (?:good|bad)" role="\w+">(.*?)</p>', shown.text)
    return html.unescape(told[1]) if told else ""


def announced(settings: Any, conversation_id: str) -> list[dict[str, Any]]:
    """What Naru said to somebody of its own accord."""
    return [each for each in Conversations(settings.database).history(conversation_id) if not each["message"]]


# search


async def test_search_finds_by_what_callers_say_and_by_nothing_else(
    app: FastAPI, staff: dict[Role, Staff], apply: Apply, settings: Any
) -> None:
    mine = apply(firm_name="(주)하늘김치", phone="010-7300-4411")
    other = apply(firm_name="바다김치", phone="010-4411-7300")
    assert mine.number is not None
    with sessions(settings.database).begin() as session:
        row = SimulationRow(
            number="7F3K-2QXM", conversation_id=mine.conversation_id, case={}, data={}, result={"verdict": "qualifies"}
        )
        session.add(row)
    async with client_of(app, staff[Role.AGENT]) as client:
        leads = {mine.conversation_id}
        for said in (mine.number, mine.number.lower().replace("-", " "), "하늘김치", "하늘 김치(주)", "4411", " 4411 "):
            assert await found(client, said) == leads, said
        for said in ("010-7300-4411", "+82 10 7300 4411", "7f3k-2qxm", "7F3K 2QXM".replace(" ", "-")):
            assert await found(client, said) == leads, said
        assert await found(client, "7300") == {other.conversation_id}, "the last digits, not the middle ones"
        for said in ("411", "0441", "010-9999-4411", "하늘", "김치", "%", "'", "", "N-7F3K-2QXM", "7F3K-2QXN"):
            assert await found(client, said) == set(), said


async def test_searches_and_views_are_noted_without_the_words(
    app: FastAPI, staff: dict[Role, Staff], apply: Apply, settings: Any
) -> None:
    mine = apply(firm_name="별빛산업")
    async with client_of(app, staff[Role.AGENT]) as client:
        await found(client, "별빛산업")
        card = await client.get(f"/console/cases/{mine.conversation_id}", headers=PAGE)
        assert (await client.get(address(mine), headers=PAGE)).status_code == 200
    assert card.status_code == 200
    assert noted(settings, "case.found", mine.conversation_id) == [{"by": "firm"}]
    assert noted(settings, "case.viewed", mine.conversation_id) == [{}]
    assert noted(settings, "application.viewed", mine.conversation_id) == [{"application": mine.id}]
    with sessions(settings.database)() as session:
        everything = str([(row.what, row.subject, row.detail) for row in session.scalars(select(AuditRow))])
    assert "별빛산업" not in everything


# the card


async def test_the_card_shows_the_customer_but_no_outside_address(
    app: FastAPI, staff: dict[Role, Staff], apply: Apply, settings: Any
) -> None:
    mine = apply(news=True, firm_name="달빛식품")
    joined = secrets.token_hex(8)
    with sessions(settings.database).begin() as session:
        session.add(
            ConversationRow(
                id=joined, token_digest="x", language="ko", channel="telegram", joined_to=mine.conversation_id
            )
        )
        session.flush()
        session.add(ContactRow(channel="telegram", address="770012349876", conversation_id=joined))
    cases = Cases(settings.database, settings)
    cases.agree(mine.conversation_id, "ko")
    cases.keep_profile(mine.conversation_id, {"firm_name": "달빛식품", "phone": "010-7300-4412"})
    async with client_of(app, staff[Role.AGENT]) as client:
        for address_of in (mine.conversation_id, joined):
            page = (await client.get(f"/console/cases/{address_of}", headers=PAGE)).text
            for expected in (
                "달빛식품",
                "010-7300-4412",
                "Telegram",
                "•••876",
                str(mine.number),
                "News of applications",
            ):
                assert expected in page, expected
            assert f"Send application {mine.number}" in page and "Keep what the firm told" in page
            assert "77001234" not in page, "the address is not shown in full"
        assert (await client.get("/console/cases/nobody", headers=PAGE)).status_code == 404


def test_a_short_address_is_not_shown_at_all() -> None:
    assert hidden("123456") == "•••" and hidden("1234567") == "•••567"


async def test_what_was_said_is_paged_and_harmless(
    app: FastAPI, staff: dict[Role, Staff], apply: Apply, settings: Any
) -> None:
    mine, kept = apply(firm_name="<script>alert(1)</script>"), Conversations(settings.database)
    for number in range(35):
        turn = Turn(
            conversation_id=mine.conversation_id,
            turn_id=number,
            language="ko",
            outcome=Outcome.ANSWERED,
            intent=NO_INTENT,
            replies=(Reply(text=f"answer <b>{number}</b>."),),
        )
        kept.record(turn, {"text": f"<img src=x onerror=alert({number})>"}, "web", None)
    async with client_of(app, staff[Role.AGENT]) as client:
        newest = (await client.get(f"/console/cases/{mine.conversation_id}", headers=PAGE)).text
        older = (await client.get(f"/console/cases/{mine.conversation_id}?skip=30", headers=PAGE)).text
        opened = (await client.get(address(mine), headers=PAGE)).text
        inbox = (await client.get("/console/applications", headers=PAGE)).text
        hits = (await client.post("/console/cases", data={"said": "<script>alert(1)</script>"}, headers=PAGE)).text
    assert "answer &lt;b&gt;34&lt;/b&gt;." in newest and "answer &lt;b&gt;4&lt;/b&gt;." not in newest
    assert "answer &lt;b&gt;4&lt;/b&gt;." in older and "answer &lt;b&gt;5&lt;/b&gt;." not in older
    for page in (newest, older, opened, inbox, hits):
        assert "<script>alert" not in page and "<img src=x" not in page
    assert "&lt;script&gt;alert(1)" in opened and "&lt;script&gt;alert(1)" in hits


async def test_a_simulation_opens_with_steps_and_sources_for_its_customer_only(
    app: FastAPI, staff: dict[Role, Staff], apply: Apply, settings: Any
) -> None:
    mine, other = apply(), apply()
    source = {"title": "KR-CN rules", "locator": "Annex 3", "url": "https://example.org/a", "as_of": "2026-01-01"}
    step = {
        "step": "rule",
        "title": "Change of heading",
        "verdict": "met",
        "reason": "It <i>changes</i>.",
        "source": source,
    }
    result = {
        "verdict": "qualifies", "rule": None, "rvc": None, "steps": [step, step | {"source": source | {"url": "javascript:x"}}],
        "missing": [], "changes": [], "warnings": [{"id": "w", "text": "Keep the papers."}],
    }  # fmt: skip
    with sessions(settings.database).begin() as session:
        row = SimulationRow(number="AAAA-0001", conversation_id=mine.conversation_id, case={}, data={}, result=result)
        session.add(row)
    async with client_of(app, staff[Role.AGENT]) as client:
        page = await client.get(f"/console/cases/{mine.conversation_id}/simulations/AAAA-0001", headers=PAGE)
        for expected in (
            "Change of heading",
            "It &lt;i&gt;changes",
            "KR-CN rules",
            "Annex 3",
            "Keep the papers.",
            "meets the rule",
        ):
            assert expected in page.text, expected
        assert 'href="https://example.org/a"' in page.text and "javascript:" not in page.text
        theirs = await client.get(f"/console/cases/{other.conversation_id}/simulations/AAAA-0001", headers=PAGE)
        assert theirs.status_code == 404


# applications


async def test_an_application_is_opened_as_it_was_confirmed_and_its_documents_are_signed(
    app: FastAPI, staff: dict[Role, Staff], apply: Apply, settings: Any
) -> None:
    mine, other = apply(firm_name="솔잎공방"), apply()
    async with client_of(app, staff[Role.AGENT]) as client:
        page = (await client.get(address(mine), headers=PAGE)).text
        for expected in ("솔잎공방", "010-1234-5678", "영문 카탈로그 디자인", str(mine.number), "사업자등록증.pdf"):
            assert expected in page, expected
        theirs = re.search(r'href="(/console/applications/\w+/documents/[\w-]+)"', page)
        assert theirs
        opened = await client.get(theirs[1])
        assert opened.status_code == 303
        assert "signature=" in opened.headers["location"]
        async with visiting(app) as stranger:
            content = await stranger.get(opened.headers["location"])
            assert content.content.startswith(b"%PDF")
            assert (await stranger.get(opened.headers["location"].partition("?")[0])).status_code in (404, 422)
        moved = theirs[1].replace(mine.id, other.id)
        assert (await client.get(moved)).status_code == 404, "another application's document"
        paper = await client.get(address(mine, "/paper"))
        assert paper.content.startswith(b"%PDF") and "attachment" in paper.headers["Content-Disposition"]
    assert len(noted(settings, "document.opened", mine.conversation_id)) == 2


async def test_drafts_are_the_firms_alone(app: FastAPI, staff: dict[Role, Staff], settings: Any) -> None:
    cases, owner = Cases(settings.database, settings), secrets.token_hex(8)
    draft = cases.start(owner, "programme.export-voucher")
    cases.answer(draft.id, "firm_name", "몰래쓰는회사")
    async with client_of(app, staff[Role.ADMIN]) as client:
        assert (await client.get(address(draft), headers=PAGE)).status_code == 404
        assert (await client.get("/console/applications/nothing", headers=PAGE)).status_code == 404
        assert "몰래쓰는회사" not in (await client.get("/console/applications?state=", headers=PAGE)).text
        assert await found(client, "몰래쓰는회사") == set()


async def test_the_inbox_is_narrowed_by_state_programme_and_age(
    app: FastAPI, staff: dict[Role, Staff], apply: Apply, settings: Any
) -> None:
    fresh, old = apply(), apply(State.IN_REVIEW)
    with sqlite3.connect(Path(settings.data_dir) / "naru.db") as database:
        past = (datetime.now(UTC) - timedelta(days=10)).replace(tzinfo=None).isoformat(" ")
        database.execute("update applications set changed_at = ? where id = ?", (past, old.id))
    async with client_of(app, staff[Role.AGENT]) as client:

        async def listed(query: str) -> str:
            return (await client.get(f"/console/applications?{query}", headers=PAGE)).text

        assert old.id in await listed("state=in_review") and fresh.id not in await listed("state=in_review")
        assert old.id in await listed("older=7") and fresh.id not in await listed("older=7")
        assert old.id not in await listed("older=14")
        everything = await listed("")
        assert everything.index(old.id) < everything.index(fresh.id), "the longest wait first"
        assert old.id in await listed("programme=programme.export-voucher")
        assert old.id not in await listed("programme=programme.other")
        assert (await client.get("/console/applications?state=draft")).status_code == 422


async def test_returned_and_accepted_the_customer_is_told_once_each_time(
    app: FastAPI, assistant: Assistant, staff: dict[Role, Staff], apply: Apply, settings: Any
) -> None:
    mine, cases = apply(news=True), Cases(settings.database, settings)
    async with client_of(app, staff[Role.SUPERVISOR]) as client:
        assert await press(client, mine, "review") == "Done."
        await go_round(assistant, NOON)
        assert await press(client, mine, "return", "도장이 보이지 않아요") == "Done."
        for _ in range(3):
            await go_round(assistant, NOON)
        told = announced(settings, mine.conversation_id)
        assert [each["replies"][0]["file"] is None for each in told] == [True, False]
        returned = told[1]["replies"][0]
        assert str(mine.number) in returned["text"] and "안내문을 붙였어요" in returned["text"]
        letter = (folder(settings) / returned["file"]["url"].removeprefix("/files/")).read_bytes()
        assert letter.startswith(b"%PDF") and mine.number in returned["file"]["name"]
        assert "도장이 보이지 않아요" not in str(told), "what the desk notes is not kept in the clear"
        cases.answer(mine.id, "employees", "13명")
        cases.submit(mine.id, cases.review(mine.id).digest)
        assert await press(client, mine, "review", round=2) == "Done."
        await go_round(assistant, NOON)
        assert await press(client, mine, "accept", round=2) == "Done."
        for _ in range(3):
            await go_round(assistant, NOON)
    told = announced(settings, mine.conversation_id)
    assert len(told) == 4, "review, return, review, accepted: each once"
    assert told[3]["replies"][0]["file"]["url"] != returned["file"]["url"]
    assert state_of(settings, mine) is State.ACCEPTED
    history = cases.history(mine.id)
    assert [event.note for event in history if event.note] == ["도장이 보이지 않아요"]


async def test_who_did_not_ask_for_news_is_told_nothing_and_the_desk_knows_it(
    app: FastAPI, assistant: Assistant, staff: dict[Role, Staff], apply: Apply, settings: Any
) -> None:
    mine = apply(State.IN_REVIEW)
    async with client_of(app, staff[Role.SUPERVISOR]) as client:
        assert "did not ask for news" in (await client.get(address(mine), headers=PAGE)).text
        assert await press(client, mine, "decline", "예산이 다 쓰였어요") == "Done."
        letter = await client.get(address(mine, "/letter"))
        assert letter.status_code == 303
    await go_round(assistant, NOON)
    assert announced(settings, mine.conversation_id) == []


async def test_who_is_told_nothing_is_called_and_that_is_noted_once(
    app: FastAPI, assistant: Assistant, staff: dict[Role, Staff], apply: Apply, settings: Any
) -> None:
    quiet, newsy = apply(State.IN_REVIEW), apply(State.IN_REVIEW, news=True)
    cases = Cases(settings.database, settings)
    async with client_of(app, staff[Role.AGENT]) as agent, client_of(app, staff[Role.SUPERVISOR]) as lead:

        async def to_call() -> bool:
            shown = (await agent.get("/console/applications?state=call", headers=PAGE)).text
            assert newsy.id not in shown, "news tells that firm"
            return quiet.id in shown

        async def told(event: str, client: httpx.AsyncClient = agent) -> str:
            answer = await client.post(address(quiet, "/told"), data={"event": event})
            return answer.headers["location"].rpartition("told=")[2]

        async def event() -> str:
            found = re.search(r'name="event" value="(\d+)"', (await agent.get(address(quiet), headers=PAGE)).text)
            return found[1] if found else ""

        assert not await to_call() and await event() == "", "nothing is decided yet"
        assert await told("0") == "late"
        await press(lead, newsy, "accept")
        await press(agent, quiet, "return", "도장이 없어요")
        assert await to_call()
        before = await event()
        assert await told(before) == "done" and not await to_call()
        assert await told(before, lead) == "late", "told is told"
        page = (await lead.get(address(quiet), headers=PAGE)).text
        assert "Told by telephone on" in page and staff[Role.AGENT].shown_as in page
        cases.submit(quiet.id, cases.review(quiet.id).digest)
        assert not await to_call()
        await press(lead, quiet, "review", round=2)
        await press(lead, quiet, "decline", "예산이 다 쓰였어요", round=2)
        assert await to_call(), "another decision, another call"
        assert await told(before) == "late", "a page older than the decision notes nothing"
        assert await told(await event()) == "done"
        row = (await lead.get("/console/applications/applications.csv?state=call")).text
        assert str(quiet.number) not in row
    assert noted(settings, "application.told", quiet.conversation_id) == [
        {"application": quiet.id, "how": "telephone"} for _ in range(2)
    ]
    await go_round(assistant, NOON)
    assert announced(settings, quiet.conversation_id) == [], "and Naru says nothing afterwards"
    assert len(announced(settings, newsy.conversation_id)) == 1


async def test_news_switched_off_before_it_was_told_leaves_a_call_to_make(
    app: FastAPI, staff: dict[Role, Staff], apply: Apply
) -> None:
    mine = apply(State.IN_REVIEW, news=True)
    async with client_of(app, staff[Role.SUPERVISOR]) as client:
        await press(client, mine, "accept")
        assert mine.id not in (await client.get("/console/applications?state=call", headers=PAGE)).text
        switch_off(mine.conversation_id)
        assert mine.id in (await client.get("/console/applications?state=call", headers=PAGE)).text


async def test_the_second_of_two_is_told_and_changes_nothing(
    app: FastAPI, assistant: Assistant, staff: dict[Role, Staff], apply: Apply, settings: Any
) -> None:
    mine = apply(State.IN_REVIEW, news=True)
    other = employ(settings, Role.SUPERVISOR, language="en")
    async with client_of(app, staff[Role.SUPERVISOR]) as one, client_of(app, other) as two:
        told = await asyncio.gather(press(one, mine, "accept"), press(two, mine, "decline", "no"))
        assert sorted(each[:4] for each in told) == ["Done", "Some"]
        before = state_of(settings, mine)
        assert (await press(two, mine, "return", "once more")).startswith("Somebody was quicker")
    assert state_of(settings, mine) is before
    await go_round(assistant, NOON)
    assert len(announced(settings, mine.conversation_id)) == 1


async def test_a_page_that_is_older_than_the_last_submission_decides_nothing(
    app: FastAPI, staff: dict[Role, Staff], apply: Apply, settings: Any
) -> None:
    mine, cases = apply(State.IN_REVIEW), Cases(settings.database, settings)
    cases.move(mine.id, State.RETURNED, "desk", "x")
    cases.submit(mine.id, cases.review(mine.id).digest)
    cases.move(mine.id, State.IN_REVIEW, "desk")
    async with client_of(app, staff[Role.SUPERVISOR]) as client:
        assert (await press(client, mine, "accept", round=1)).startswith("Somebody was quicker")
        assert state_of(settings, mine) is State.IN_REVIEW
        assert await press(client, mine, "accept", round=2) == "Done."


@pytest.mark.parametrize("what", ["return", "decline"])
async def test_a_refusal_needs_words(
    app: FastAPI, staff: dict[Role, Staff], apply: Apply, settings: Any, what: str
) -> None:
    mine = apply(State.IN_REVIEW)
    async with client_of(app, staff[Role.SUPERVISOR]) as client:
        assert (await press(client, mine, what, " \n ")).startswith("Please write")
    assert state_of(settings, mine) is State.IN_REVIEW


async def test_agents_review_and_give_back_but_do_not_decide(
    app: FastAPI, staff: dict[Role, Staff], apply: Apply, settings: Any
) -> None:
    mine = apply()
    async with client_of(app, staff[Role.AGENT]) as client:
        assert await press(client, mine, "review") == "Done."
        for what in ("accept", "decline"):
            answer = await client.post(address(mine, f"/{what}"), data={"round": "1", "note": "x"})
            assert answer.status_code == 403
        assert (await client.get("/console/applications/applications.csv")).status_code == 403
        page = (await client.get(address(mine), headers=PAGE)).text
        assert 'id="accept"' not in page and 'id="return"' in page
        erased = await client.post(
            f"/console/cases/{mine.conversation_id}/erase", data={"reason": "mistake", "typed": "erase"}
        )
        assert erased.status_code == 403
        assert await press(client, mine, "return", "서명이 없어요") == "Done."
    assert state_of(settings, mine) is State.RETURNED


async def test_without_a_session_or_forged_nothing_is_done(
    app: FastAPI, staff: dict[Role, Staff], apply: Apply, settings: Any
) -> None:
    mine = apply()
    async with visiting(app) as stranger:
        for path in (address(mine), "/console/applications/applications.csv", f"/console/cases/{mine.conversation_id}"):
            answer = await stranger.get(path)
            assert answer.status_code == 401 and "나루" not in answer.text
        assert (await stranger.post(address(mine, "/review"), data={"round": "1"})).status_code == 401
    async with client_of(app, staff[Role.SUPERVISOR]) as client:
        client.headers["X-Naru-Forgery"] = "guessed"
        for path in (address(mine, "/review"), f"/console/cases/{mine.conversation_id}/erase", "/console/cases/found"):
            data = {"round": "1", "reason": "mistake", "typed": "erase", "said": "x"}
            assert (await client.post(path, data=data)).status_code == 403
    assert state_of(settings, mine) is State.SUBMITTED


async def test_the_csv_holds_no_formula(app: FastAPI, staff: dict[Role, Staff], apply: Apply, settings: Any) -> None:
    bad = ['=HYPERLINK("http://x")', "+1+1", "-2", "@sum", "＝1"]
    sent = {apply(firm_name=f"{name} 상사").number: name for name in bad}
    async with client_of(app, staff[Role.SUPERVISOR]) as client:
        answer = await client.get("/console/applications/applications.csv?state=submitted")
    rows = list(csv.DictReader(io.StringIO(answer.content.decode("utf-8-sig"))))
    mine = {row["Receipt number"]: row for row in rows if row["Receipt number"] in sent}
    assert len(mine) == len(bad)
    for number, name in sent.items():
        assert mine[number]["Firm"].startswith("'" + name[0]), name
        assert mine[number]["Telephone"] == "010-1234-5678"
    for row in rows:
        assert not [cell for cell in row.values() if cell[:1] in ("=", "+", "-", "@", "\t", "\r", "＝")]
    with sessions(settings.database)() as session:
        lines = session.scalars(select(AuditRow).where(AuditRow.what == "applications.exported")).all()
    assert lines and lines[-1].detail == {"state": "submitted"}


# erasing


async def test_erasing_asks_twice_and_leaves_nothing(
    app: FastAPI, staff: dict[Role, Staff], apply: Apply, settings: Any
) -> None:
    mine, other = apply(State.IN_REVIEW, news=True, firm_name="지워질회사"), apply(State.IN_REVIEW)
    owner, kept = mine.conversation_id, Conversations(settings.database)
    async with client_of(app, staff[Role.SUPERVISOR]) as client:
        assert await press(client, mine, "accept") == "Done."
        files = kept.files(owner)
        assert len(files) == 2, "the document and the letter"

        async def erase(typed: str, reason: str = "asked_by_phone") -> httpx.Response:
            form = {"typed": typed, "reason": reason}
            return await client.post(f"/console/cases/{owner}/erase", data=form, headers=PAGE)

        for typed in ("", "yes", str(other.number), owner):
            answer = await erase(typed)
            assert answer.headers["location"].endswith("told=wrong"), typed
        assert (await erase("erase", "because 010-1234-5678")).status_code == 422, "a reason is chosen, not written"
        assert kept.files(owner) == files
        answer = await erase(str(mine.number).lower())
        assert answer.headers["location"] == "/console/cases?told=erased"
        assert await found(client, "지워질회사") == set() == await found(client, str(mine.number))
        assert (await client.get(f"/console/cases/{owner}", headers=PAGE)).status_code == 404
        assert (await client.get(address(mine), headers=PAGE)).status_code == 404
        assert (await erase("erase")).status_code == 404
    assert not [each for each in files if (folder(settings) / each).exists()]
    assert noted(settings, "case.erased", owner) == [{"reason": "asked_by_phone"}]
    with sqlite3.connect(Path(settings.data_dir) / "naru.db") as database:
        left = [line for line in database.iterdump() if owner in line or mine.id in line or str(mine.number) in line]
    assert all(line.startswith('INSERT INTO "audit"') for line in left), left
    assert state_of(settings, other) is State.IN_REVIEW


@pytest.mark.parametrize("word", ["지우기", " ERASE "])
async def test_the_word_confirms_in_both_languages(
    app: FastAPI, staff: dict[Role, Staff], apply: Apply, word: str
) -> None:
    mine = apply()
    async with client_of(app, staff[Role.ADMIN]) as client:
        form = {"typed": word, "reason": "asked_in_writing"}
        answer = await client.post(f"/console/cases/{mine.conversation_id}/erase", data=form)
    assert answer.headers["location"].endswith("told=erased")
