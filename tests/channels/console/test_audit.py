"""The audit log: what is noted, who may read it, and that nothing in it can be changed by the console."""

from __future__ import annotations

import csv
import io
import re
from datetime import timedelta
from pathlib import Path
from typing import Any

import pytest
from fastapi import FastAPI
from sqlalchemy import select

from actions.desk.tables import AuditRow
from channels.app import create_app
from channels.console import audit_pages
from channels.console.accounts import Accounts, Role
from channels.console.audit import Wanted, audited, lines
from channels.console.page import KOREA
from knowledge.database.engine import migrate, sessions
from knowledge.database.tables import now
from tests.channels.console.entering import PASSWORD, client_of, employ, sign_in, visiting
from tests.conftest import ROOT

PAGE = {"Accept": "text/html"}


def noted(staff_id: str) -> list[tuple[str, str | None]]:
    """What the log says of somebody's doings, oldest first."""
    return [(line.what, line.subject) for line in reversed(lines(Wanted(), 1000)) if line.who == staff_id]


async def test_what_somebody_does_is_noted(app: FastAPI, settings: Any) -> None:
    admin = employ(settings, Role.ADMIN)
    async with client_of(app, admin) as client:
        await client.post("/console/presence", json={"presence": "available"})
        made = await client.post(
            "/console/staff", data={"name": f"{admin.name}-new", "role": "agent", "password": PASSWORD}
        )
        assert made.status_code == 303
        other = Accounts(settings).find(f"{admin.name}-new")
        assert other is not None
        await client.post(f"/console/staff/{other.staff.id}/role", data={"role": "editor"})
        await client.post(f"/console/staff/{other.staff.id}/closed")
        await client.post("/console/sign-out")
    assert noted(admin.name) == [
        ("signed_in", admin.id),
        ("presence.changed", admin.id),
        ("staff.created", other.staff.id),
        ("staff.role_changed", other.staff.id),
        ("staff.deactivated", other.staff.id),
        ("signed_out", admin.id),
    ]


async def test_a_failed_sign_in_is_noted_without_what_was_typed(app: FastAPI, settings: Any) -> None:
    staff = employ(settings, Role.AGENT)
    typed = "typed-my-password-as-name"
    async with visiting(app) as client:
        await sign_in(client, staff.name, "a wrong password")
        await sign_in(client, typed, "whatever it was")
    unknown, known = lines(Wanted(what="sign_in.failed"), 2)
    assert (known.who, known.subject) == (None, staff.id)
    assert (unknown.who, unknown.subject) == (None, None)
    assert typed not in repr(unknown) and "password" not in repr(known.detail)


async def test_the_page_filters_and_turns_over(app: FastAPI, settings: Any, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(audit_pages, "A_PAGE", 3)
    agent, supervisor = employ(settings, Role.AGENT), employ(settings, Role.SUPERVISOR)
    for number in range(7):
        await audited(agent, "case.viewed", f"conversation-{number}", way="search")
    async with client_of(app, supervisor) as client:
        address = f"/console/audit?who={agent.name}&what=case.viewed"
        seen = []
        for _ in range(3):
            page = (await client.get(address, headers=PAGE)).text
            seen += [f"conversation-{number}" for number in range(6, -1, -1) if f"conversation-{number}<" in page]
            older = [part for part in page.split('"') if part.startswith("/console/audit?") and "before=" in part]
            address = older[0].replace("&amp;", "&") if older else ""
        assert seen == [f"conversation-{number}" for number in range(6, -1, -1)] and address == ""

        one = await client.get("/console/audit?subject=conversation-3", headers=PAGE)
        assert "conversation-3" in one.text and "conversation-4" not in one.text
        assert "way: search" in one.text
        today = now().astimezone(KOREA).date()
        for since, until, there in (
            (today, today, True),
            (today + timedelta(days=1), "", False),
            ("", today - timedelta(days=1), False),
        ):
            query = f"who={agent.name}&since={since}&until={until}"
            page = (await client.get(f"/console/audit?{query}", headers=PAGE)).text
            assert ("conversation-3<" in page or "conversation-6<" in page) == there
        assert "기록이 없어요" in page
        assert (await client.get("/console/audit?since=yesterday", headers=PAGE)).status_code == 422


async def test_the_csv_holds_all_lines_and_no_formula(
    app: FastAPI, settings: Any, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(audit_pages, "A_BATCH", 2)
    agent, supervisor = employ(settings, Role.AGENT), employ(settings, Role.SUPERVISOR)
    subjects = ["=cmd|' /C calc'!A0", "+1", 'a, "b"\nc', "나루", "last"]
    for subject in subjects:
        await audited(agent, "case.viewed", subject)
    async with client_of(app, supervisor) as client:
        answer = await client.get(f"/console/audit/lines.csv?who={agent.name}")
        assert answer.headers["content-type"] == "text/csv; charset=utf-8"
        assert answer.headers["content-disposition"].startswith('attachment; filename="naru-audit-')
        rows = list(csv.DictReader(io.StringIO(answer.content.decode("utf-8-sig"))))
    assert [row["subject"] for row in reversed(rows)] == ["'=cmd|' /C calc'!A0", "'+1", *subjects[2:]]
    assert all(row["at"].endswith("+09:00") and row["who"] == agent.name for row in rows)
    assert ("audit.exported", None) in noted(supervisor.name)


async def test_reading_the_log_is_noted(app: FastAPI, settings: Any) -> None:
    supervisor = employ(settings, Role.SUPERVISOR)
    async with client_of(app, supervisor) as client:
        await client.get("/console/audit", headers=PAGE)
    assert noted(supervisor.name)[-1] == ("audit.viewed", None)


def test_no_code_changes_or_removes_a_line() -> None:
    changing = re.compile(r"(update|delete|get)\(\s*AuditRow|[\"' ](update|delete from) audit\b", re.IGNORECASE)
    rooms = [path for room in ("channels", "bot", "actions", "knowledge") for path in (ROOT / room).rglob("*.py")]
    sources = {path: path.read_text(encoding="utf-8") for path in rooms}
    writing = [path for path, source in sources.items() if "AuditRow(" in source and path.name != "tables.py"]
    assert [path.name for path in writing] == ["audit.py"], "one place writes"
    removing = [path.name for path, source in sources.items() if changing.search(source)]
    assert removing == ["audit_kept.py"], "one place removes what is too old"


async def test_each_app_keeps_its_own_log(app: FastAPI, settings: Any, tmp_path: Path) -> None:
    other = settings.model_copy(update={"data_dir": tmp_path, "database_url": f"sqlite:///{tmp_path / 'other.db'}"})
    migrate(other.database)
    there, here = employ(other, Role.SUPERVISOR), employ(settings, Role.SUPERVISOR)
    async with client_of(create_app(other), there) as far, client_of(app, here) as near:
        await far.post("/console/presence", json={"presence": "available"})
        page = (await far.get("/console/audit", headers=PAGE)).text
        assert there.name in page and here.name not in page
        assert there.name not in (await near.get("/console/audit", headers=PAGE)).text
        assert there.name in (await far.get("/console/audit/lines.csv")).text
    assert noted(there.name) == [] != noted(here.name)
    with sessions(other.database)() as session:
        kept = list(session.scalars(select(AuditRow.what).order_by(AuditRow.id)))
    assert kept == ["signed_in", "presence.changed", "audit.viewed", "audit.exported"]


async def test_a_line_stays_when_its_account_is_closed(settings: Any) -> None:
    staff = employ(settings, Role.AGENT)
    await audited(staff, "case.viewed", "x")
    Accounts(settings).deactivate(staff.id)
    with sessions(settings.database)() as session:
        row = session.query(AuditRow).filter_by(staff_id=staff.id).one()
        assert row.what == "case.viewed"
    assert noted(staff.name) == [("case.viewed", "x")]
