"""Forgets cases: all of one conversation when its owner asks, and whatever is older than it may be kept.

The daily round forgets old lines of the console's log as well.
"""

from __future__ import annotations

import shutil
from dataclasses import dataclass
from datetime import datetime, timedelta

from sqlalchemy import delete, select
from sqlalchemy.orm import Session

from actions.cases import letters
from actions.cases.connectors.print_out import FOLDER, folder_of
from actions.cases.receipt import WrongReceiptNumber, read_number
from actions.cases.tables import ApplicationRow, ConsentRow, FirmFieldRow, FirmRow
from actions.desk import audit_kept, case_index
from actions.desk.tables import CaseIndexRow
from actions.files import folder
from knowledge.database.engine import sessions
from knowledge.database.tables import now as present
from knowledge.settings import Settings, settings


@dataclass(frozen=True)
class Purged:
    """How much was forgotten: applications, firms' profiles, printed packages without an application, log lines."""

    applications: int
    firms: int
    folders: int
    audit_lines: int


def erase(conversation_id: str, database_url: str | None = None, chosen: Settings | None = None) -> None:
    """Forgets firm, consents, applications, letters, deliveries and printed packages of a conversation.

    What a receiver was handed already is theirs; erasing here does not reach it.
    """
    used = chosen or settings()
    mine = select(ApplicationRow.id, ApplicationRow.number).where(ApplicationRow.conversation_id == conversation_id)
    with sessions(database_url or used.database).begin() as session:
        found = session.execute(mine).all()
        files = letters.forget(session, [each.id for each in found])
        case_index.forget(session, conversation_id)
        session.execute(delete(FirmRow).where(FirmRow.conversation_id == conversation_id))
    _remove(used, files)
    for each in found:
        if each.number:
            shutil.rmtree(folder_of(used, each.number), ignore_errors=True)


def purge(now: datetime | None = None, database_url: str | None = None, chosen: Settings | None = None) -> Purged:
    """Forgets what has not changed for NARU_RETENTION_DAYS, orphaned printed packages, old log lines."""
    used = chosen or settings()
    today = now or present()
    before = today - timedelta(days=used.retention_days)
    with sessions(database_url or used.database).begin() as session:
        outlived = select(ApplicationRow.id).where(ApplicationRow.changed_at < before)
        files = letters.forget(session, list(session.scalars(outlived)))
        old = session.execute(delete(ApplicationRow).where(ApplicationRow.changed_at < before))
        left = select(ApplicationRow.conversation_id).where(ApplicationRow.number.is_not(None))
        session.execute(delete(CaseIndexRow).where(CaseIndexRow.conversation_id.not_in(left)))
        idle = _idle_firms(session, before)
        session.execute(delete(FirmRow).where(FirmRow.id.in_(idle)))
        lines = audit_kept.forget(session, used.audit_days, today)
        kept = {number for number in session.scalars(select(ApplicationRow.number)) if number}
    _remove(used, files)
    return Purged(int(old.rowcount), len(idle), _sweep(used, kept), lines)  # type: ignore[attr-defined]


def _remove(used: Settings, files: list[str]) -> None:
    for file_id in files:
        (folder(used) / file_id).unlink(missing_ok=True)


def _idle_firms(session: Session, before: datetime) -> list[str]:
    """Returns firms without an application that told nothing and agreed to nothing since."""
    busy = select(ApplicationRow.firm_id)
    told = select(FirmFieldRow.firm_id).where(FirmFieldRow.told_at >= before)
    agreed = select(ConsentRow.firm_id).where(ConsentRow.given_at >= before)
    query = select(FirmRow.id).where(
        FirmRow.started_at < before, FirmRow.id.not_in(busy), FirmRow.id.not_in(told), FirmRow.id.not_in(agreed)
    )
    return list(session.scalars(query))


def _sweep(chosen: Settings, kept: set[str]) -> int:
    """Removes printed packages of applications that are gone; other folders there are none of ours."""
    outbox = chosen.data_dir / FOLDER
    swept = 0
    for each in outbox.iterdir() if outbox.is_dir() else ():
        if each.name not in kept and _is_ours(each.name):
            shutil.rmtree(each)
            swept += 1
    return swept


def _is_ours(name: str) -> bool:
    try:
        return read_number(name) == name
    except WrongReceiptNumber:
        return False
