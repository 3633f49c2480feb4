"""Sessions of the console: a random cookie whose digest alone is kept, ended by idleness, age, or sign-out."""

from __future__ import annotations

import secrets
from dataclasses import dataclass
from datetime import timedelta
from hashlib import sha256

from sqlalchemy import delete, select, update

from actions.desk.tables import StaffRow, StaffSessionRow
from channels.console.accounts import Staff, staff_of
from knowledge.database.engine import sessions
from knowledge.database.tables import now
from knowledge.settings import Settings

IDLE = timedelta(hours=2)
"""How long nobody may click before a session is over."""

NOTED = timedelta(minutes=1)
"""How exactly the last click is kept: not every click writes into the database."""


@dataclass(frozen=True)
class Session:
    """A session that holds: whose it is, its digest, and the token that proves a form is its own.

    ``presence`` is what they last said of themselves: available or away.
    """

    staff: Staff
    digest: str
    forgery: str
    presence: str


class StaffSessions:
    """The sessions in the database. Methods are synchronous and short; call them in a thread."""

    def __init__(self, settings: Settings) -> None:
        self._sessions = sessions(settings.database)
        self._longest = timedelta(hours=settings.session_hours)

    def start(self, staff_id: str) -> str:
        """Begins a session and returns its cookie, which is always a new one; sweeps up those that are over."""
        cookie, begun = secrets.token_urlsafe(32), now()
        with self._sessions.begin() as session:
            over = (StaffSessionRow.expires_at <= begun) | (StaffSessionRow.used_at <= begun - IDLE)
            session.execute(delete(StaffSessionRow).where(over))
            session.add(
                StaffSessionRow(
                    digest=digest(cookie),
                    staff_id=staff_id,
                    forgery_token=secrets.token_urlsafe(32),
                    started_at=begun,
                    used_at=begun,
                    expires_at=begun + self._longest,
                )
            )
        return cookie

    def find(self, cookie: str | None, clicked: bool = True) -> Session | None:
        """Returns the session of a cookie, or None if there is none that still holds.

        Args:
            cookie: What the browser sent.
            clicked: Whether somebody did something; a page that only listens keeps no session alive.
        """
        if not cookie:
            return None
        at, kept = now(), digest(cookie)
        holds = (StaffSessionRow.expires_at > at) & (StaffSessionRow.used_at > at - IDLE) & StaffRow.active
        with self._sessions() as session:
            found = session.execute(
                select(StaffSessionRow, StaffRow)
                .join(StaffRow, StaffRow.id == StaffSessionRow.staff_id)
                .where(StaffSessionRow.digest == kept, holds)
            ).first()
            if found is None:
                return None
            row, staff = found
            if clicked and row.used_at < at - NOTED:
                session.execute(update(StaffSessionRow).where(StaffSessionRow.digest == kept).values(used_at=at))
                session.commit()
            return Session(staff_of(staff), kept, row.forgery_token, staff.presence)

    def end(self, cookie: str | None) -> None:
        """Ends the session of a cookie."""
        with self._sessions.begin() as session:
            session.execute(delete(StaffSessionRow).where(StaffSessionRow.digest == digest(cookie or "")))


def digest(cookie: str) -> str:
    """Returns what is kept of a cookie."""
    return sha256(cookie.encode()).hexdigest()
