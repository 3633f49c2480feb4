"""Numbers that rise when what every process serves has changed, and that queue those who change it."""

from __future__ import annotations

from sqlalchemy import select, update
from sqlalchemy.exc import IntegrityError
from sqlalchemy.orm import Session, sessionmaker

from knowledge.database.tables import now
from knowledge.database.written import EditionRow


def raise_edition(session: Session, name: str) -> None:
    """Raises an edition in a transaction; until it ends, others who raise the same one wait.

    The row must be there (``lay``).
    """
    row = EditionRow
    session.execute(update(row).where(row.name == name).values(number=row.number + 1, changed_at=now()))


def lay(made: sessionmaker[Session], name: str) -> None:
    """Sees to it that the edition's row is there; of two processes that find none, one makes it."""
    with made() as session:
        if session.get(EditionRow, name) is not None:
            return
    try:
        with made.begin() as session:
            session.add(EditionRow(name=name, number=0))
    except IntegrityError:
        return


def number_of(made: sessionmaker[Session], name: str) -> int:
    """Returns the present number of an edition, 0 before the first change."""
    with made() as session:
        return session.scalar(select(EditionRow.number).where(EditionRow.name == name)) or 0
