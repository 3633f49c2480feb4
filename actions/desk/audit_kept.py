"""How long the console's log is kept: for ever, unless NARU_AUDIT_DAYS says otherwise."""

from __future__ import annotations

from datetime import datetime, timedelta

from sqlalchemy import delete
from sqlalchemy.orm import Session

from actions.desk.tables import AuditRow


def forget(session: Session, days: int | None, now: datetime) -> int:
    """Removes lines that are more than ``days`` days old, none where that is None; returns how many."""
    if days is None:
        return 0
    old = delete(AuditRow).where(AuditRow.at < now - timedelta(days=days))
    return int(session.execute(old).rowcount)  # type: ignore[attr-defined]
