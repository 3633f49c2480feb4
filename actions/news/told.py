"""Whether a firm was told of the desk's decision: by news, or by somebody who called because nothing else tells it."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime

from sqlalchemy import ColumnElement, String, and_, cast, exists, func, literal, select
from sqlalchemy.exc import IntegrityError
from sqlalchemy.orm import Session

from actions.cases.states import State
from actions.cases.tables import ApplicationEventRow, ApplicationRow
from actions.news.noting import key_of_change
from actions.news.words import APPLICATION
from knowledge.database.engine import sessions
from knowledge.database.tables import NewsRow
from knowledge.settings import Settings

DECIDED = frozenset({State.RETURNED, State.ACCEPTED, State.DECLINED})
"""States the firm has to hear of."""

CALLED = "called"
"""In the data of news that somebody told by telephone: the id of who did."""


@dataclass(frozen=True)
class Told:
    """How a firm hears of the last change: ``at`` None: it is yet to be told; ``by`` who called it, if anybody did."""

    event: int
    at: datetime | None
    by: str | None


def to_be_called() -> ColumnElement[bool]:
    """Returns the condition that an application is decided and nothing has told or will tell the firm."""
    events = select(func.max(ApplicationEventRow.id)).where(ApplicationEventRow.application_id == ApplicationRow.id)
    last = cast(events.correlate(ApplicationRow).scalar_subquery(), String)
    noted = exists().where(
        NewsRow.conversation_id == ApplicationRow.conversation_id, NewsRow.key == literal(key_of_change("")) + last
    )
    return and_(ApplicationRow.state.in_(DECIDED), ~noted)


def last_change(session: Session, application_id: str) -> int:
    """Returns the number of the last change of an application; 0 where there is none."""
    mine = select(func.max(ApplicationEventRow.id)).where(ApplicationEventRow.application_id == application_id)
    return session.scalar(mine) or 0


def told_of(session: Session, application_id: str, conversation_id: str) -> Told | None:
    """Returns how the firm hears of the last change; None where nothing has told or will tell it."""
    event = last_change(session, application_id)
    mine = select(NewsRow).where(NewsRow.conversation_id == conversation_id, NewsRow.key == key_of_change(event))
    row = session.scalar(mine)
    return None if row is None else Told(event, row.said_at, row.data.get(CALLED))


def note_call(chosen: Settings, application_id: str, event: int, staff_id: str, at: datetime) -> bool:
    """Notes that somebody told the firm of a change by telephone.

    Returns:
        False where the application has changed since, is not decided, or the firm was told already: nothing is noted.
    """
    try:
        with sessions(chosen.database).begin() as session:
            mine = select(ApplicationRow).where(ApplicationRow.id == application_id, to_be_called())
            row = session.scalar(mine)
            if row is None or last_change(session, application_id) != event:
                return False
            data = {"application": application_id, "state": row.state, CALLED: staff_id}
            told = {"topic": APPLICATION, "key": key_of_change(event), "data": data}
            session.add(NewsRow(conversation_id=row.conversation_id, made_at=at, due_at=at, said_at=at, **told))
    except IntegrityError:  # a colleague noted it at the same moment
        return False
    return True
