"""The queue as one person of the desk sees it: who waits, who wants a call, whom they have, whom colleagues have."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime
from typing import Any

from sqlalchemy import func, select

from actions.desk.handovers import ACTIVE, CALLBACK, CLOSED, WAITING, Handover, Handovers
from actions.desk.hours import read_hours
from actions.desk.tables import HandoverRow, StaffRow
from channels.console.accounts import Role, Staff
from knowledge.database.engine import sessions
from knowledge.database.tables import TurnRow, now
from knowledge.settings import Settings

LEADING = frozenset({Role.SUPERVISOR, Role.ADMIN})
"""Roles that see the conversations of colleagues."""

LONGEST_LINE = 160
"""Characters of what somebody wants that the queue shows."""


@dataclass(frozen=True)
class Row:
    """A line of the queue: ``wants`` in few words, who has it, how long it is so, since when an answer is owed."""

    handover: Handover
    wants: str
    holder: str | None
    seconds: int
    owed_seconds: int | None

    @property
    def lost(self) -> bool:
        """Whether a person had it before."""
        return self.handover.state == WAITING and self.handover.accepted_at is not None


@dataclass(frozen=True)
class Queue:
    """All of it."""

    waiting: tuple[Row, ...]
    callbacks: tuple[Row, ...]
    mine: tuple[Row, ...]
    others: tuple[Row, ...]
    is_open: bool
    hours: str

    @property
    def owed(self) -> int:
        """How many of my customers wait for an answer."""
        return sum(row.owed_seconds is not None for row in self.mine)


def may_see(staff: Staff, handover: Handover) -> bool:
    """Tells whether somebody may read the conversation of a handover.

    Agents read whom they have or had themselves, who waits, and who wants a call that no colleague makes.
    """
    if staff.role in LEADING or handover.staff_id == staff.id:
        return True
    return handover.state == WAITING or (handover.state == CALLBACK and handover.staff_id is None)


class Desk:
    """Reads the queue. Methods are synchronous and short; call them in a thread."""

    def __init__(self, settings: Settings) -> None:
        self.handovers = Handovers(settings)
        self._settings = settings
        self._sessions = sessions(settings.database)

    def pulse(self) -> Any:
        """Returns something that is another whenever the queue is: two short look-ups."""
        changed = select(func.max(HandoverRow.changed_at), func.count(HandoverRow.open_key))
        said = select(TurnRow.conversation_id, func.max(TurnRow.turn_id))
        in_hands = select(HandoverRow.open_key).where(HandoverRow.state == ACTIVE)
        said = said.where(TurnRow.conversation_id.in_(in_hands)).group_by(TurnRow.conversation_id)
        with self._sessions() as session:
            rows = (session.execute(changed).one(), session.execute(said.order_by(TurnRow.conversation_id)).all())
        return (*rows, self._open())

    def look(self, staff: Staff) -> Queue:
        """Returns the queue of now."""
        active = self.handovers.active()
        calls = [each for each in self.handovers.callbacks() if may_see(staff, each)]
        names = self.names()
        told = {each.id: self._row(each, names) for each in (*self.handovers.waiting(), *calls)}
        mine = [each for each in active if each.staff_id == staff.id]
        others = [each for each in active if each.staff_id != staff.id and staff.role in LEADING]
        told |= {each.id: self._row(each, names) for each in (*mine, *others)}
        return Queue(
            waiting=tuple(row for row in told.values() if row.handover.state == WAITING),
            callbacks=tuple(told[each.id] for each in calls),
            mine=tuple(told[each.id] for each in mine),
            others=tuple(told[each.id] for each in others),
            is_open=self._open(),
            hours=read_hours(self._settings.desk_hours).told(staff.language),
        )

    def names(self) -> dict[str, str]:
        """Returns under which name customers know each of the staff."""
        with self._sessions() as session:
            return {row.id: row.shown_as for row in session.execute(select(StaffRow.id, StaffRow.shown_as))}

    def earlier(self, handover: Handover, most: int = 3) -> list[tuple[Handover, str | None]]:
        """Returns the last closed handovers of the same conversation with their notes, the newest first."""
        same = HandoverRow.conversation_id == handover.conversation_id
        closed = select(HandoverRow.id).where(same, HandoverRow.state == CLOSED, HandoverRow.id != handover.id)
        with self._sessions() as session:
            ids = session.scalars(closed.order_by(HandoverRow.closed_at.desc()).limit(most)).all()
        found = [each for each in map(self.handovers.get, ids) if each is not None]
        return [(each, self.handovers.note(each.id)) for each in found]

    def _open(self) -> bool:
        return read_hours(self._settings.desk_hours).open_at(now())

    def _row(self, handover: Handover, names: dict[str, str]) -> Row:
        since = handover.waiting_since
        if handover.state == ACTIVE and handover.accepted_at is not None:
            since = handover.accepted_at
        owed = self._owed_since(handover)
        return Row(
            handover,
            self._wants(handover),
            names.get(handover.staff_id or ""),
            _seconds(since) or 0,
            _seconds(owed),
        )

    def _wants(self, handover: Handover) -> str:
        summary = self.handovers.summary(handover.id) or {}
        found = summary.get("open_question") or summary.get("wants") or summary.get("topic") or ""
        line = " ".join(str(found).split())
        return line if len(line) <= LONGEST_LINE else f"{line[:LONGEST_LINE]}…"

    def _owed_since(self, handover: Handover) -> datetime | None:
        """Returns when the customer wrote last, if nobody has answered since."""
        if handover.state != ACTIVE:
            return None
        mine = TurnRow.conversation_id == handover.conversation_id
        last = select(TurnRow.at, TurnRow.message).where(mine).order_by(TurnRow.turn_id.desc()).limit(1)
        with self._sessions() as session:
            row = session.execute(last).first()
        return row.at if row is not None and row.message else None


def _seconds(since: datetime | None) -> int | None:
    return None if since is None else max(0, round((now() - since).total_seconds()))
