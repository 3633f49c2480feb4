"""The numbers that rise whenever what every process serves has changed."""

from __future__ import annotations

from sqlalchemy import select, update
from sqlalchemy.exc import IntegrityError
from sqlalchemy.orm import Session

from knowledge.database.tables import now
from knowledge.database.written import EditionRow

KNOWLEDGE = "knowledge"


def raise_edition(session: Session, name: str = KNOWLEDGE) -> int:
    """Raises a number in the caller's transaction and returns it.

    Call it before reading what is to be changed: until the transaction ends, nobody else gets past this line.
    """
    risen = update(EditionRow).where(EditionRow.name == name)
    risen = risen.values(number=EditionRow.number + 1, changed_at=now())
    if session.execute(risen).rowcount == 0:  # type: ignore[attr-defined]  # an update's result has one
        _begin(session, name)
        session.execute(risen)
    return edition(session, name)


def edition(session: Session, name: str = KNOWLEDGE) -> int:
    """Returns the number as it is, 0 where it never rose."""
    return session.scalar(select(EditionRow.number).where(EditionRow.name == name)) or 0


def _begin(session: Session, name: str) -> None:
    """Adds the row of a number; of two at once the first one counts."""
    try:
        with session.begin_nested():
            session.add(EditionRow(name=name, number=0))
    except IntegrityError:
        return
