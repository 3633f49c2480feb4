"""Who of the desk is there: everybody's browser gives signs of life; without them a person is away."""

from __future__ import annotations

from datetime import datetime, timedelta

from sqlalchemy import ColumnElement, and_, select, update

from actions.desk.tables import StaffRow
from knowledge.database.engine import sessions
from knowledge.database.tables import now
from knowledge.settings import Settings

AVAILABLE, AWAY = "available", "away"
"""What somebody says of themselves: that they take conversations now, or not."""

TAKES_OVER = ("agent", "supervisor", "admin")
"""Roles that take conversations over."""


class Presence:
    """The signs of life in the database. Methods are synchronous and short; call them in a thread."""

    def __init__(self, chosen: Settings) -> None:
        self._sessions = sessions(chosen.database)
        self._away = timedelta(seconds=chosen.desk_away_seconds)

    def sign_of_life(self, staff_id: str, presence: str | None = None) -> None:
        """Notes that somebody is there now, and, if given, whether they take conversations."""
        said = {"presence": presence} if presence else {}
        with self._sessions.begin() as session:
            session.execute(update(StaffRow).where(StaffRow.id == staff_id).values(seen_at=now(), **said))

    def somebody_there(self, moment: datetime | None = None) -> bool:
        """Tells whether somebody is there to take a conversation."""
        with self._sessions() as session:
            return session.scalar(select(StaffRow.id).where(self._ready(moment)).limit(1)) is not None

    def available(self) -> list[StaffRow]:
        """Returns who is there to take a conversation, by the names customers know."""
        with self._sessions() as session:
            return list(session.scalars(select(StaffRow).where(self._ready()).order_by(StaffRow.shown_as)))

    def shown_as(self, staff_id: str) -> str | None:
        """Returns the name under which customers know somebody."""
        with self._sessions() as session:
            return session.scalar(select(StaffRow.shown_as).where(StaffRow.id == staff_id))

    def alive(self, moment: datetime | None = None) -> ColumnElement[bool]:
        """Returns the condition that a row of the staff gave a sign of life lately."""
        return and_(StaffRow.active, StaffRow.seen_at >= (moment or now()) - self._away)

    def _ready(self, moment: datetime | None = None) -> ColumnElement[bool]:
        return and_(StaffRow.role.in_(TAKES_OVER), StaffRow.presence == AVAILABLE, self.alive(moment))
