"""The examples editors made of real questions: new, kept for the next training, or discarded.

What may become one is decided in ``bot/teaching.py``; here is only what holds when two editors press at once.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime

from sqlalchemy import select, update
from sqlalchemy.orm import Session

from actions.desk.tables import TrainingExampleRow
from knowledge.database.engine import sessions
from knowledge.record import Language
from knowledge.settings import Settings

NEW, KEPT, DISCARDED = "new", "kept", "discarded"


@dataclass(frozen=True)
class Example:
    """A sentence and what it means; ``staff_id`` is who chose that."""

    id: int
    intent: str
    language: Language
    text: str
    state: str
    staff_id: str | None
    made_at: datetime


class Examples:
    """The examples in the database. Methods are synchronous and short; call them in a thread."""

    def __init__(self, settings: Settings) -> None:
        self._sessions = sessions(settings.database)

    def all(self) -> list[Example]:
        """Returns what is new or kept, by intent and language, the oldest first."""
        asked = select(TrainingExampleRow).where(TrainingExampleRow.state.in_((NEW, KEPT)))
        asked = asked.order_by(TrainingExampleRow.intent, TrainingExampleRow.language.desc(), TrainingExampleRow.id)
        with self._sessions() as session:
            return [_read(row) for row in session.scalars(asked)]

    def kept(self) -> list[Example]:
        """Returns what the next training learns from."""
        return [each for each in self.all() if each.state == KEPT]

    def of(self, ids: Sequence[int]) -> list[Example]:
        """Returns the examples of these ids, discarded ones too, in order of id."""
        asked = select(TrainingExampleRow).where(TrainingExampleRow.id.in_(ids)).order_by(TrainingExampleRow.id)
        with self._sessions() as session:
            return [_read(row) for row in session.scalars(asked)]

    def find(self, example_id: int) -> Example | None:
        """Returns one example that is not discarded."""
        found = self.of([example_id])
        return found[0] if found and found[0].state != DISCARDED else None

    def add(self, intent: str, language: Language, text: str, state: str, staff_id: str | None) -> int:
        """Adds an example and returns its id."""
        row = TrainingExampleRow(intent=intent, language=language, text=text, state=state, staff_id=staff_id)
        with self._sessions.begin() as session:
            session.add(row)
            session.flush()
            return row.id

    def replace(self, example_id: int, intent: str, language: Language, text: str, staff_id: str | None) -> int | None:
        """Keeps an example as it reads now, as a new row, so that trainings still tell what they learnt from.

        Returns:
            The id it has from now on; None if somebody discarded or replaced it meanwhile.
        """
        with self._sessions.begin() as session:
            if not self._discard(session, example_id):
                return None
            row = TrainingExampleRow(intent=intent, language=language, text=text, state=KEPT, staff_id=staff_id)
            session.add(row)
            session.flush()
            return row.id

    def discard(self, example_id: int) -> bool:
        """Takes an example out of the next training; False if it was out already."""
        with self._sessions.begin() as session:
            return self._discard(session, example_id)

    def _discard(self, session: Session, example_id: int) -> bool:
        row = TrainingExampleRow
        out = update(row).where(row.id == example_id, row.state != DISCARDED).values(state=DISCARDED)
        return session.execute(out.returning(row.id)).first() is not None


def _read(row: TrainingExampleRow) -> Example:
    language: Language = "en" if row.language == "en" else "ko"
    return Example(row.id, row.intent, language, row.text, row.state, row.staff_id, row.made_at)
