"""The figures' page and CSV: periods, filters, who may see them, hidden rows, formulas, both languages."""

from __future__ import annotations

import csv
import io
import re
from collections.abc import Iterator
from datetime import datetime, timedelta
from typing import Any

import pytest
import yaml
from fastapi import FastAPI
from sqlalchemy import delete

from actions.reply import Outcome
from actions.texts import keys
from channels.console.accounts import Role
from channels.console.audit import Wanted, lines
from channels.console.insight import SECTIONS
from channels.console.page import KOREA
from knowledge.database.engine import sessions
from knowledge.database.tables import ConversationRow, FeedbackRow, TurnRow
from knowledge.origin.result import Outcome as Verdict
from tests.channels.console.entering import client_of, employ
from tests.conftest import ROOT

PAGE = {"Accept": "text/html"}
MARCH = "since=2020-03-01&until=2020-03-31"
FORMULA = "=cmd|' /C calc'!A0"
SCRIPT = "<script>alert(1)</script>"


@pytest.fixture(scope="module", autouse=True)
def march(settings: Any) -> Iterator[None]:
    """March 2020: seven people on the web in Korean, two on Telegram in English."""
    people = {f"figure-{n}": ("web", "ko") if n < 7 else ("telegram", "en") for n in range(9)}
    with sessions(settings.database).begin() as session:
        for who, (channel, language) in people.items():
            session.add(ConversationRow(id=who, token_digest="", channel=channel, language=language))
        session.flush()
        for number, (who, (channel, _)) in enumerate(people.items()):
            _say(session, who, channel, 1, datetime(2020, 3, 2, 0, 0, tzinfo=KOREA), "define", [FORMULA])
            if number < 5:
                _say(session, who, channel, 2, datetime(2020, 3, 31, 23, 59, tzinfo=KOREA), SCRIPT, [])
            if number < 6:
                session.add(FeedbackRow(conversation_id=who, turn_id=1, verdict="up", comment="비밀"))
    yield
    with sessions(settings.database).begin() as session:
        for table in (FeedbackRow, TurnRow):
            session.execute(delete(table).where(table.conversation_id.in_(people)))
        session.execute(delete(ConversationRow).where(ConversationRow.id.in_(people)))


def _say(session: Any, who: str, channel: str, number: int, at: datetime, intent: str, records: list[str]) -> None:
    row = TurnRow(conversation_id=who, turn_id=number, at=at, channel=channel, intent=intent, outcome="answered")
    row.message, row.answer, row.confidence = {"text": "비밀"}, {"records": records, "replies": []}, 1.0
    session.add(row)


async def shown(app: FastAPI, settings: Any, query: str, language: str = "ko") -> str:
    async with client_of(app, employ(settings, Role.SUPERVISOR, language=language)) as client:
        answer = await client.get(f"/console/insight?{query}", headers=PAGE)
    assert answer.status_code == 200, answer.text
    return answer.text


def cells(page: str, table: str) -> list[list[str]]:
    """The rows of one table of the page, as they are read aloud."""
    section = page.split(f'id="figure-{table}"')[1].split("</section>")[0]
    body = section.split("<tbody>")[1].split("</tbody>")[0]
    found = [re.findall(r"<t[hd](?![^>]*drawn)[^>]*>(.*?)</t[hd]>", row, re.S) for row in body.split("</tr>")[:-1]]
    return [[cell.strip() for cell in row] for row in found]


async def rows(app: FastAPI, settings: Any, address: str) -> list[list[str]]:
    async with client_of(app, employ(settings, Role.SUPERVISOR)) as client:
        answer = await client.get(f"/console/insight/{address}")
    assert answer.headers["content-type"] == "text/csv; charset=utf-8"
    return list(csv.reader(io.StringIO(answer.content.decode("utf-8-sig"))))


async def test_the_page_shows_the_numbers(app: FastAPI, settings: Any) -> None:
    page = await shown(app, settings, MARCH)
    totals = re.findall(r"<dd class=\"number\">([\d,]+)</dd>", page.split('class="totals"')[1].split("</dl>")[0])
    assert totals == ["14", "9", "9"]
    assert cells(page, "days") == [["2020-03-02", "9", "9", "9"], ["2020-03-31", "5", "5", "5"]]
    assert cells(page, "channels") == [["텔레그램", "가림"], ["웹", "가림"]]
    assert cells(page, "outcomes") == [["답함", "14", "9", "9"]]
    assert cells(page, "endings") == [["사람 없이 해결", "9"]]
    assert cells(page, "up_intents") == [["말뜻", "6", "6"]]
    assert "비밀" not in page and "figure-1<" not in page


async def test_scripts_in_what_is_counted_are_harmless(app: FastAPI, settings: Any) -> None:
    page = await shown(app, settings, MARCH)
    assert SCRIPT not in page and "&lt;script&gt;alert(1)" in page
    assert " style=" not in page and "<style" not in page


async def test_english(app: FastAPI, settings: Any) -> None:
    page = await shown(app, settings, MARCH, "en")
    assert cells(page, "channels") == [["Telegram", "hidden"], ["Web", "hidden"]]
    main = page.split("<main")[1].split("</main>")[0]
    assert not re.search("[가-힣]", main), re.findall("[가-힣]+", main)


async def test_days_are_korean_and_both_count(app: FastAPI, settings: Any) -> None:
    page = await shown(app, settings, "since=2020-03-02&until=2020-03-02")
    assert cells(page, "days") == [["2020-03-02", "9", "9", "9"]]
    for none in ("since=2020-03-01&until=2020-03-01", "since=2020-04-01&until=2020-04-02"):
        assert "사람이 많지 않아요" in await shown(app, settings, none)


async def test_a_hidden_channel_cannot_be_asked_for(app: FastAPI, settings: Any) -> None:
    for alone in ("channel=telegram", "channel=web", "language=en"):
        page = await shown(app, settings, f"{MARCH}&{alone}")
        assert "사람이 많지 않아요" in page and 'id="figure-days"' not in page
        assert await rows(app, settings, f"intents.csv?{MARCH}&{alone}") == []


@pytest.mark.parametrize("days", [7, 30, 90])
async def test_usual_periods_end_today(app: FastAPI, settings: Any, days: int) -> None:
    page = await shown(app, settings, f"days={days}")
    today = datetime.now(KOREA).date()
    assert f'datetime="{today}"' in page and f'datetime="{today - timedelta(days=days - 1)}"' in page
    chosen = re.search(r'href="/console/insight\?days=(\d+)"[^>]*aria-current="true"', page)
    assert chosen and int(chosen[1]) == days


@pytest.mark.parametrize(
    "query",
    [
        "since=2020-03-31&until=2020-03-01",
        "since=2020-01-01&until=2021-01-03",
        "since=2020-02-30",
        "since=march",
        "days=x",
    ],
)
async def test_no_such_period(app: FastAPI, settings: Any, query: str) -> None:
    async with client_of(app, employ(settings, Role.SUPERVISOR)) as client:
        assert (await client.get(f"/console/insight?{query}", headers=PAGE)).status_code == 422
        assert (await client.get(f"/console/insight/days.csv?{query}")).status_code == 422


async def test_csv(app: FastAPI, settings: Any) -> None:
    assert (await rows(app, settings, f"days.csv?{MARCH}"))[1:] == [
        ["2020-03-02", "2020-03-02", "9", "9", "9"],
        ["2020-03-31", "2020-03-31", "5", "5", "5"],
    ]
    assert await rows(app, settings, f"channels.csv?{MARCH}") == [["id", "채널", "메시지", "대화", "사람"]]
    # what a spreadsheet would take for a formula has a mark before it
    assert (await rows(app, settings, f"up_records.csv?{MARCH}"))[1:] == [[f"'{FORMULA}", f"'{FORMULA}", "6", "6"]]


async def test_every_table_can_be_taken_along_and_is_noted(app: FastAPI, settings: Any) -> None:
    supervisor = employ(settings, Role.SUPERVISOR)
    tables = ["days", *(name for names in SECTIONS.values() for name in names)]
    async with client_of(app, supervisor) as client:
        for table in tables:
            answer = await client.get(f"/console/insight/{table}.csv?{MARCH}")
            assert answer.status_code == 200
            assert f'filename="naru-{table}-20200301-20200331.csv"' in answer.headers["content-disposition"]
        assert (await client.get(f"/console/insight/secrets.csv?{MARCH}")).status_code == 404
    noted = [line for line in lines(Wanted(what="insight.exported"), 100) if line.who == supervisor.name]
    assert [line.detail["table"] for line in reversed(noted)] == tables


async def test_who_may_see_figures(app: FastAPI, settings: Any) -> None:
    allowed = {Role.SUPERVISOR: 200, Role.ADMIN: 200, Role.AGENT: 403, Role.EDITOR: 403}
    for role, status in allowed.items():
        async with client_of(app, employ(settings, role)) as client:
            assert (await client.get(f"/console/insight?{MARCH}", headers=PAGE)).status_code == status
            assert (await client.get(f"/console/insight/days.csv?{MARCH}")).status_code == status


def test_every_intent_and_outcome_has_a_name() -> None:
    domain = yaml.safe_load((ROOT / "bot/domain/conversation.yml").read_text(encoding="utf-8"))
    wanted = {f"console_insight_intent_{intent}" for intent in domain["intents"]}
    wanted |= {f"console_insight_outcomes_{outcome}" for outcome in Outcome}
    wanted |= {f"console_insight_verdicts_{verdict}" for verdict in Verdict}
    assert wanted <= keys("ko") and wanted <= keys("en")
