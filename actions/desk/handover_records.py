"""What is known of the handovers: the queue, who has whom, what happened; reading only."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime
from typing import Any

from sqlalchemy import ColumnElement, Select, exists, func, select
from sqlalchemy.orm import InstrumentedAttribute, Session

from actions.cases.sealing import Seal
from actions.desk.tables import HandoverEventRow, HandoverRow
from knowledge.database.engine import sessions
from knowledge.database.tables import ConversationRow, now
from knowledge.settings import Settings

WAITING, ACTIVE, CALLBACK, CLOSED = "waiting", "active", "callback", "closed"
"""States of a handover."""


@dataclass(frozen=True)
class Handover:
    """A conversation in the hands of people, or waiting for them (``HandoverRow``).

    A waiting one that was ``accepted_at`` some time was lost or given back by somebody: it goes before the others.
    """

    id: str
    conversation_id: str
    state: str
    reason: str
    language: str
    channel: str
    staff_id: str | None
    asked_at: datetime
    waiting_since: datetime
    accepted_at: datetime | None
    closed_at: datetime | None
    closed_as: str | None


@dataclass(frozen=True)
class HandoverEvent:
    """One thing that happened to a handover; ``text`` is what was noted with it."""

    at: datetime
    what: str
    staff_id: str | None
    text: str | None


@dataclass(frozen=True)
class Signs:
    """What the two sides of an open handover see of each other."""

    state: str
    customer_typing: bool
    staff_typing: bool


class HandoverRecords:
    """The handovers as they stand. Methods are synchronous and short; call them in a thread."""

    def __init__(self, chosen: Settings) -> None:
        self._sessions = sessions(chosen.database)
        self._seal = Seal(chosen.case_keys())

    def get(self, handover_id: str) -> Handover | None:
        """Returns a handover."""
        return next(iter(self._list(select(HandoverRow).where(HandoverRow.id == handover_id))), None)

    def open_of(self, dialogue: str) -> Handover | None:
        """Returns the handover of a dialogue (or of a conversation that shares it) that is not closed."""
        with self._sessions() as session:
            key = dialogue_of(session, dialogue)
            row = session.scalar(select(HandoverRow).where(HandoverRow.open_key == key))
        return _handover(row) if row else None

    def signs(self, dialogue: str) -> Signs | None:
        """Returns the state of a dialogue's open handover and who is typing; one look-up by a unique key."""
        columns = (HandoverRow.state, HandoverRow.customer_typing_until, HandoverRow.staff_typing_until)
        with self._sessions() as session:
            row = session.execute(select(*columns).where(HandoverRow.open_key == dialogue)).first()
        moment = now()
        return Signs(row[0], *(until is not None and until > moment for until in row[1:])) if row else None

    def waiting(self) -> list[Handover]:
        """Returns the queue: first whom the desk had and lost, then the longest wait."""
        queue = select(HandoverRow).where(HandoverRow.state == WAITING)
        order = (HandoverRow.accepted_at.is_(None), HandoverRow.waiting_since, HandoverRow.id)
        return self._list(queue.order_by(*order))

    def active(self) -> list[Handover]:
        """Returns the conversations people have, the longest first."""
        return self._list(select(HandoverRow).where(HandoverRow.state == ACTIVE).order_by(HandoverRow.accepted_at))

    def callbacks(self) -> list[Handover]:
        """Returns the calls to be made, the oldest first."""
        return self._list(select(HandoverRow).where(HandoverRow.state == CALLBACK).order_by(HandoverRow.waiting_since))

    def ahead_of(self, handover: Handover) -> int:
        """Returns how many wait before one in the queue."""
        ids = [each.id for each in self.waiting()]
        return ids.index(handover.id) if handover.id in ids else 0

    def events(self, handover_id: str) -> list[HandoverEvent]:
        """Returns what happened to a handover, private notes among it, in order."""
        query = select(HandoverEventRow).where(HandoverEventRow.handover_id == handover_id)
        with self._sessions() as session:
            rows = list(session.scalars(query.order_by(HandoverEventRow.id)))
        return [
            HandoverEvent(row.at, row.what, row.staff_id, self._seal.open(row.sealed) if row.sealed else None)
            for row in rows
        ]

    def summary(self, handover_id: str) -> Any:
        """Returns what was known when the customer asked for a person (``HandoverSummary`` as JSON)."""
        return self._opened(handover_id, HandoverRow.summary)

    def contact(self, handover_id: str) -> Any:
        """Returns ``name``, ``phone`` (E.164) and ``time`` of a call to be made; None once it is closed."""
        return self._opened(handover_id, HandoverRow.contact)

    def note(self, handover_id: str) -> Any:
        """Returns the note a handover was closed with, or None."""
        return self._opened(handover_id, HandoverRow.note)

    def _opened(self, handover_id: str, column: InstrumentedAttribute[bytes | None]) -> Any:
        with self._sessions() as session:
            sealed = session.scalar(select(column).where(HandoverRow.id == handover_id))
        return self._seal.open(sealed) if sealed else None

    def _list(self, query: Select[HandoverRow]) -> list[Handover]:
        with self._sessions() as session:
            return [_handover(row) for row in session.scalars(query)]


def in_hands(conversation_id: ColumnElement[str] | InstrumentedAttribute[str]) -> ColumnElement[bool]:
    """Returns the condition that a person has the dialogue of a conversation, so that Naru keeps its news for later."""
    mine = (ConversationRow.id == conversation_id) & (
        HandoverRow.open_key == func.coalesce(ConversationRow.joined_to, ConversationRow.id)
    )
    return exists().where(mine, HandoverRow.state == ACTIVE)


def dialogue_of(session: Session, conversation_id: str) -> str:
    """Returns the dialogue a conversation shares, its own unless it is joined to another."""
    row = session.get(ConversationRow, conversation_id)
    return row.joined_to if row is not None and row.joined_to else conversation_id


def _handover(row: HandoverRow) -> Handover:
    return Handover(
        row.id,
        row.conversation_id,
        row.state,
        row.reason,
        row.language,
        row.channel,
        row.staff_id,
        row.asked_at,
        row.waiting_since,
        row.accepted_at,
        row.closed_at,
        row.closed_as,
    )
