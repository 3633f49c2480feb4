"""The audit log: who saw or did what, to whose data, and when.

Rows are only ever added; where NARU_AUDIT_DAYS says how long they may be kept, ``actions/desk/audit_kept.py`` removes
those that are older.
"""

from __future__ import annotations

import asyncio
from collections.abc import Sequence
from contextvars import ContextVar
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from sqlalchemy import ColumnElement, select
from sqlalchemy.orm import aliased

from actions.desk.tables import AuditRow, StaffRow
from channels.console.accounts import Staff
from knowledge.database.engine import sessions
from knowledge.settings import settings

DATABASE: ContextVar[str | None] = ContextVar("audit_database", default=None)
"""The database of the app that answers a request, as the gate sets it; outside of requests that of the process."""


@dataclass(frozen=True)
class Noted:
    """One line of the log, with the name of who it was, and of whom it is about if that is staff."""

    id: int
    at: datetime
    who: str | None
    what: str
    subject: str | None
    subject_name: str | None
    detail: dict[str, Any]


@dataclass(frozen=True)
class Wanted:
    """Which lines are asked for; what is None does not matter."""

    who: str | None = None
    what: str | None = None
    subject: str | None = None
    since: datetime | None = None
    until: datetime | None = None


async def audited(staff: Staff | None, what: str, subject: str | None = None, **detail: Any) -> None:
    """Notes that somebody saw or did something.

    Args:
        staff: Who; None where nobody was recognised.
        what: Short name such as ``case.viewed`` or ``handover.accepted``.
        subject: Whose data: a conversation's, application's or staff id.
        detail: Circumstances, never personal data.
    """
    await asyncio.to_thread(note, staff.id if staff else None, what, subject, **detail)


def note(staff_id: str | None, what: str, subject: str | None = None, **detail: Any) -> None:
    """Does the same without waiting, for the command line and threads."""
    with sessions(_database()).begin() as session:
        session.add(AuditRow(staff_id=staff_id, what=what, subject=subject, detail=detail))


def lines(wanted: Wanted, limit: int, before: int | None = None) -> list[Noted]:
    """Returns lines of the log, the newest first.

    Args:
        wanted: Which.
        limit: How many at most.
        before: Only lines older than this one.
    """
    about = aliased(StaffRow)
    asked = select(AuditRow, StaffRow.name, about.name)
    asked = asked.outerjoin(StaffRow, StaffRow.id == AuditRow.staff_id)
    asked = asked.outerjoin(about, about.id == AuditRow.subject)
    asked = asked.where(*_conditions(wanted)).order_by(AuditRow.id.desc()).limit(limit)
    if before is not None:
        asked = asked.where(AuditRow.id < before)
    with sessions(_database())() as session:
        return [
            Noted(row.id, row.at, name or row.staff_id, row.what, row.subject, subject_name, row.detail)
            for row, name, subject_name in session.execute(asked)
        ]


def kinds() -> Sequence[str]:
    """Returns every name of a thing done that the log holds, for the filter."""
    with sessions(_database())() as session:
        return session.scalars(select(AuditRow.what).distinct().order_by(AuditRow.what)).all()


def _database() -> str:
    return DATABASE.get() or settings().database


def _conditions(wanted: Wanted) -> list[ColumnElement[bool]]:
    conditions: list[ColumnElement[bool]] = []
    if wanted.who:
        conditions.append(StaffRow.name == wanted.who)
    if wanted.what:
        conditions.append(AuditRow.what == wanted.what)
    if wanted.subject:
        conditions.append(AuditRow.subject == wanted.subject)
    if wanted.since:
        conditions.append(AuditRow.at >= wanted.since)
    if wanted.until:
        conditions.append(AuditRow.at < wanted.until)
    return conditions
