"""Sends again what got no answer, without doubling it: whoever sends gives each message a key of their own.

The key is noted with the handover in the transaction that keeps the message, so that it counts exactly once.
"""

from __future__ import annotations

from collections.abc import Callable

from sqlalchemy import select
from sqlalchemy.orm import Session

from actions.cases.sealing import Seal
from actions.desk.tables import HandoverEventRow
from knowledge.database.engine import sessions
from knowledge.settings import Settings

SENT = "sent"
"""The event that holds the key of something sent."""


class SendingOnce:
    """The keys of what was sent in handovers. Methods are synchronous and short; call them in a thread."""

    def __init__(self, settings: Settings) -> None:
        self._sessions = sessions(settings.database)
        self._seal = Seal(settings.case_keys())

    def first(self, handover_id: str, staff_id: str, key: str) -> Callable[[Session], bool]:
        """Returns what notes a key in a transaction that holds the handover's row, and tells whether it is new."""

        def noted(session: Session) -> bool:
            if self._is_known(session, handover_id, staff_id, key):
                return False
            sealed = self._seal.close(key)
            session.add(HandoverEventRow(handover_id=handover_id, what=SENT, staff_id=staff_id, sealed=sealed))
            return True

        return noted

    def known(self, handover_id: str, staff_id: str, key: str) -> bool:
        """Tells whether something was sent under a key."""
        with self._sessions() as session:
            return self._is_known(session, handover_id, staff_id, key)

    def note(self, handover_id: str, staff_id: str, key: str) -> None:
        """Notes that something was sent under a key."""
        with self._sessions.begin() as session:
            self.first(handover_id, staff_id, key)(session)

    def _is_known(self, session: Session, handover_id: str, staff_id: str, key: str) -> bool:
        theirs = (HandoverEventRow.handover_id == handover_id) & (HandoverEventRow.staff_id == staff_id)
        newest_first = select(HandoverEventRow.sealed).where(theirs, HandoverEventRow.what == SENT)
        kept = session.scalars(newest_first.order_by(HandoverEventRow.id.desc()))
        return any(sealed is not None and self._seal.open(sealed) == key for sealed in kept)
