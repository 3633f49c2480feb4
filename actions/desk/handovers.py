"""Conversations handed to people: asked for, accepted by one, given on, given back, closed, whoever presses at once.

Every change is one UPDATE that names the state it starts from, so that of two who press at the same moment, in any
processes, one wins. ``bot/desk.py`` makes the changes between two messages and tells the customer: the console goes
through it. What people told is sealed. A handover belongs to a dialogue, whichever joined channel the customer is on.
"""

from __future__ import annotations

import secrets
from datetime import datetime, timedelta
from typing import Any, Literal

from sqlalchemy import ColumnElement, and_, delete, exists, or_, select, update
from sqlalchemy.exc import IntegrityError
from sqlalchemy.orm import Session

from actions.desk.handover_records import (
    ACTIVE,
    CALLBACK,
    CLOSED,
    WAITING,
    Handover,
    HandoverEvent,
    HandoverRecords,
    Signs,
    dialogue_of,
)
from actions.desk.presence import TAKES_OVER, Presence
from actions.desk.tables import HandoverEventRow, HandoverRow, StaffRow
from actions.files import ensure_conversation
from knowledge.database.tables import now
from knowledge.settings import Settings

__all__ = ["ACTIVE", "CALLBACK", "CLOSED", "WAITING", "Handover", "HandoverEvent", "Handovers", "Signs"]

RETURNED, CANCELLED, UNANSWERED, JOINED = "returned", "cancelled", "unanswered", "joined"
"""How a handover ended where nobody wrapped it up: given back to Naru, taken back by the customer, nobody was there any
more, or the customer joined a conversation that was handed over already."""

TYPING_LASTS = timedelta(seconds=6)
"""How long somebody is typing unless it is said again."""

Side = Literal["customer", "staff"]


class Handovers(HandoverRecords):
    """Changes the handovers in the database. Methods are synchronous and short; call them in a thread."""

    def __init__(self, chosen: Settings) -> None:
        super().__init__(chosen)
        self.presence = Presence(chosen)

    # the customer

    def ask(self, conversation_id: str, reason: str, language: str, channel: str, summary: Any = None) -> Handover:
        """Puts a conversation into the queue; one that waits or is served already stays where it is."""
        fresh = {"reason": reason, "language": language, "channel": channel, "summary": self._closed(summary)}
        return self._open(conversation_id, WAITING, CALLBACK, fresh)

    def ask_callback(
        self, conversation_id: str, reason: str, language: str, channel: str, contact: Any, summary: Any = None
    ) -> Handover:
        """Keeps that the customer wants to be called; a conversation that waits leaves the queue for that."""
        fresh = {"reason": reason, "language": language, "channel": channel, "summary": self._closed(summary)}
        return self._open(conversation_id, CALLBACK, WAITING, fresh | {"contact": self._closed(contact)})

    def cancel(self, conversation_id: str) -> bool:
        """Takes back that the customer waits, or wants to be called; False when there is nothing to take back."""
        found = self.open_of(conversation_id)
        waits = HandoverRow.state.in_((WAITING, CALLBACK))
        return found is not None and self._end(found.id, CANCELLED, None, waits, what=CANCELLED)

    # the desk

    def accept(self, handover_id: str, staff_id: str) -> bool:
        """Gives a waiting conversation to somebody; False when another was quicker, or it waits no longer."""
        taken = {"state": ACTIVE, "staff_id": staff_id, "accepted_at": now()}
        if not self._move(handover_id, "accepted", staff_id, HandoverRow.state == WAITING, taken):
            return False
        self.presence.sign_of_life(staff_id)
        return True

    def accept_callback(self, handover_id: str, staff_id: str) -> bool:
        """Lets somebody make a call; False when another does. The customer goes on with Naru meanwhile."""
        free = and_(HandoverRow.state == CALLBACK, HandoverRow.staff_id.is_(None))
        return self._move(handover_id, "accepted", staff_id, free, {"staff_id": staff_id, "accepted_at": now()})

    def transfer(self, handover_id: str, staff_id: str, to_staff_id: str | None) -> bool:
        """Gives a conversation on to a colleague, or (None) back to the front of the queue.

        False when it is not theirs (any more), or there is no such colleague.
        """
        mine, changes = served_by(staff_id), _back_to_queue()
        if to_staff_id is not None:
            colleague = StaffRow.active & (StaffRow.id == to_staff_id) & StaffRow.role.in_(TAKES_OVER)
            mine, changes = and_(mine, exists().where(colleague)), {"staff_id": to_staff_id}
        return self._move(handover_id, "transferred", staff_id, mine, changes)

    def return_to_bot(self, handover_id: str, staff_id: str) -> bool:
        """Gives a conversation back to Naru; False when it is not theirs (any more)."""
        return self._end(handover_id, RETURNED, staff_id, served_by(staff_id), what=RETURNED)

    def close(self, handover_id: str, staff_id: str, wrap_up: str, note: str | None = None) -> bool:
        """Closes a conversation, a call that was made, or one that waits; False when a colleague has it."""
        unclaimed = or_(HandoverRow.staff_id == staff_id, HandoverRow.staff_id.is_(None))
        calling = and_(HandoverRow.state == CALLBACK, unclaimed)
        mine = or_(served_by(staff_id), calling, HandoverRow.state == WAITING)
        more = {"staff_id": staff_id, "note": self._closed(note or None)}
        return self._end(handover_id, wrap_up[:30], staff_id, mine, what="closed", more=more)

    def give_up(self, handover_id: str) -> bool:
        """Takes a conversation out of the queue because nobody is there any more; False when it waits no longer."""
        return self._end(handover_id, UNANSWERED, None, HandoverRow.state == WAITING, what=UNANSWERED)

    def add_note(self, handover_id: str, staff_id: str, text: str) -> None:
        """Keeps a private note; the customer never sees it."""
        with self._sessions.begin() as session:
            session.execute(update(HandoverRow).where(HandoverRow.id == handover_id).values(changed_at=now()))
            self._note(session, handover_id, "note", staff_id, text)

    def drop_absent(self, moment: datetime | None = None) -> list[Handover]:
        """Puts the conversations of people who gave no sign of life to the front of the queue; returns those."""
        served = exists().where(StaffRow.id == HandoverRow.staff_id, self.presence.alive(moment))
        gone = and_(HandoverRow.state == ACTIVE, ~served)
        dropped = []
        for each in self._list(select(HandoverRow).where(gone)):
            same = and_(gone, HandoverRow.staff_id.is_not_distinct_from(each.staff_id))
            if self._move(each.id, "dropped", each.staff_id, same, _back_to_queue()):
                dropped.append(each)
        return dropped

    def introduce(self, handover_id: str, staff_id: str) -> bool:
        """Tells whether the customer has yet to hear who speaks, and notes that they hear it now."""
        told = HandoverEventRow.what.in_(("introduced", "dropped", "transferred"))
        mine = HandoverEventRow.handover_id == handover_id
        last = select(HandoverEventRow.what, HandoverEventRow.staff_id).where(mine, told)
        with self._sessions.begin() as session:
            _hold(session, HandoverRow.id == handover_id)
            found = session.execute(last.order_by(HandoverEventRow.id.desc()).limit(1)).first()
            if found is not None and tuple(found) == ("introduced", staff_id):
                return False
            self._note(session, handover_id, "introduced", staff_id)
        return True

    # around turns

    def typing(self, conversation_id: str, side: Side) -> None:
        """Notes that one side of an open handover is typing."""
        until = {f"{side}_typing_until": now() + TYPING_LASTS}
        with self._sessions.begin() as session:
            mine = HandoverRow.open_key == dialogue_of(session, conversation_id)
            session.execute(update(HandoverRow).where(mine, HandoverRow.state.in_((WAITING, ACTIVE))).values(**until))

    def wrote(self, session: Session, dialogue: str, side: Side) -> None:
        """Notes that what one side was typing is there: it is typing no more."""
        mine = HandoverRow.open_key == dialogue
        session.execute(update(HandoverRow).where(mine).values(**{f"{side}_typing_until": None}))

    def held(self, session: Session, dialogue: str, staff_id: str | None = None) -> bool:
        """Tells whether a person (that person) has a dialogue; it stays so until the transaction ends."""
        mine = HandoverRow.open_key == dialogue
        _hold(session, mine)
        served = HandoverRow.state == ACTIVE if staff_id is None else served_by(staff_id)
        return session.scalar(select(HandoverRow.id).where(mine, served)) is not None

    def follow(self, conversation_id: str, dialogue: str) -> None:
        """Takes the open handover of a conversation along into the dialogue it was joined to."""
        if conversation_id == dialogue:
            return
        mine = HandoverRow.open_key == conversation_id
        moved = update(HandoverRow).where(mine).values(open_key=dialogue, conversation_id=dialogue, changed_at=now())
        try:
            with self._sessions.begin() as session:
                session.execute(moved)
        except IntegrityError:  # the dialogue is handed over already
            for each in self._list(select(HandoverRow).where(mine)):
                self._end(each.id, JOINED, None, mine, what=JOINED)

    def forget_calls(self, before: datetime) -> int:
        """Closes calls that nobody made since before a moment, and forgets their numbers; returns how many."""
        old = and_(HandoverRow.state == CALLBACK, HandoverRow.waiting_since < before)
        calls = self._list(select(HandoverRow).where(old))
        return sum(self._end(each.id, UNANSWERED, None, old, what=UNANSWERED) for each in calls)

    def purge(self, before: datetime) -> int:
        """Forgets handovers closed before a moment; returns how many."""
        old = delete(HandoverRow).where(HandoverRow.state == CLOSED, HandoverRow.closed_at < before)
        with self._sessions.begin() as session:
            return int(session.execute(old).rowcount)  # type: ignore[attr-defined]

    # one change

    def _open(self, conversation_id: str, state: str, other: str, fresh: dict[str, Any]) -> Handover:
        """Opens a handover, or turns one that is open in the ``other`` state into ``state``."""
        try:
            return self._opened_or_turned(conversation_id, state, other, fresh)
        except IntegrityError:  # another process opened one at the same moment
            return self._opened_or_turned(conversation_id, state, other, fresh)

    def _opened_or_turned(self, conversation_id: str, state: str, other: str, fresh: dict[str, Any]) -> Handover:
        what = "asked" if state == WAITING else "callback"
        with self._sessions.begin() as session:
            ensure_conversation(session, conversation_id)
            dialogue = dialogue_of(session, conversation_id)
            turning = update(HandoverRow).where(HandoverRow.open_key == dialogue, HandoverRow.state == other)
            anew = fresh | _unclaimed(state) | {"changed_at": now()}
            turned = bool(session.execute(turning.values(**anew)).rowcount)  # type: ignore[attr-defined]
            found = session.scalar(select(HandoverRow.id).where(HandoverRow.open_key == dialogue))
            if found is None:
                found = secrets.token_hex(16)
                own = {"id": found, "conversation_id": dialogue, "open_key": dialogue, "state": state}
                session.add(HandoverRow(**own, **fresh))
                session.flush()
                turned = True
            elif not turned and "contact" in fresh:  # asked to be called before: another number, another time
                again = update(HandoverRow).where(HandoverRow.id == found, HandoverRow.state == CALLBACK)
                session.execute(again.values(contact=fresh["contact"], changed_at=now()))
            if turned:
                self._note(session, found, what, None)
        opened = self.get(found)
        assert opened is not None
        return opened

    def _end(
        self,
        handover_id: str,
        closed_as: str,
        staff_id: str | None,
        where: ColumnElement[bool],
        *,
        what: str,
        more: dict[str, Any] | None = None,
    ) -> bool:
        """Closes a handover; the telephone number is forgotten, which was told for one call."""
        ended = {"state": CLOSED, "open_key": None, "closed_at": now(), "closed_as": closed_as, "contact": None}
        return self._move(handover_id, what, staff_id, where, ended | (more or {}))

    def _move(
        self, handover_id: str, what: str, staff_id: str | None, where: ColumnElement[bool], values: dict[str, Any]
    ) -> bool:
        """Changes a handover that still is as ``where`` says, and notes it; False when it is not."""
        change = update(HandoverRow).where(HandoverRow.id == handover_id, where)
        with self._sessions.begin() as session:
            changed = session.execute(change.values(changed_at=now(), **values), execution_options=_BY_DATABASE)
            if not changed.rowcount:  # type: ignore[attr-defined]
                return False
            self._note(session, handover_id, what, staff_id)
        return True

    def _note(self, session: Session, handover_id: str, what: str, staff_id: str | None, text: Any = None) -> None:
        sealed = self._closed(text)
        session.add(HandoverEventRow(handover_id=handover_id, what=what, staff_id=staff_id, sealed=sealed))

    def _closed(self, value: Any) -> bytes | None:
        return None if value is None else self._seal.close(value)


_BY_DATABASE = {"synchronize_session": False}
"""No row is in the session's memory that an UPDATE would have to be told to."""


def served_by(staff_id: str) -> ColumnElement[bool]:
    """Returns the condition that somebody has the conversation."""
    return and_(HandoverRow.state == ACTIVE, HandoverRow.staff_id == staff_id)


def _back_to_queue() -> dict[str, Any]:
    return {"state": WAITING, "staff_id": None, "waiting_since": now(), "staff_typing_until": None}


def _unclaimed(state: str) -> dict[str, Any]:
    return {"state": state, "staff_id": None, "accepted_at": None, "waiting_since": now()}


def _hold(session: Session, which: ColumnElement[bool]) -> None:
    """Keeps rows as they are until the transaction ends: by a write without effect, since SQLite locks no reading."""
    same = update(HandoverRow).where(which).values(changed_at=HandoverRow.changed_at)
    session.execute(same, execution_options=_BY_DATABASE)
