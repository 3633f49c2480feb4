"""Who is at the desk: what they say of themselves, and the last sign of life of their pages."""

from __future__ import annotations

from datetime import datetime, timedelta
from typing import Literal

from sqlalchemy import select, update
from sqlalchemy.orm import Session, sessionmaker

from actions.desk.tables import StaffRow
from channels.console.accounts import Staff, staff_of
from knowledge.database.engine import sessions
from knowledge.database.tables import now
from knowledge.settings import Settings


class Presence:
    """The presence of staff in the database. Methods are synchronous and short; call them in a thread."""

    def __init__(self, settings: Settings) -> None:
        self._sessions: sessionmaker[Session] = sessions(settings.database)
        self._away_after = timedelta(seconds=settings.desk_away_seconds)

    def choose(self, staff_id: str, presence: Literal["available", "away"]) -> None:
        """Keeps whether somebody takes conversations now."""
        self._note(staff_id, presence=presence, seen_at=now())

    def seen(self, staff_id: str) -> None:
        """Notes a sign of life."""
        self._note(staff_id, seen_at=now())

    def available(self) -> list[Staff]:
        """Returns who takes conversations now and has lately given a sign of life."""
        lately = StaffRow.seen_at > now() - self._away_after
        there = (StaffRow.presence == "available") & StaffRow.active & lately
        with self._sessions() as session:
            return [staff_of(row) for row in session.scalars(select(StaffRow).where(there).order_by(StaffRow.shown_as))]

    def _note(self, staff_id: str, **values: str | datetime) -> None:
        with self._sessions.begin() as session:
            session.execute(update(StaffRow).where(StaffRow.id == staff_id).values(**values))
