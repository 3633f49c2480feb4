"""Who wants to be told what without asking: given topic by topic, with its time, for two years, taken back at once."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import datetime, timedelta

from sqlalchemy import delete, func, select
from sqlalchemy.orm import Session

from actions.files import ensure_conversation
from actions.joined import channels_of
from actions.news.words import REMINDERS, TOPICS
from knowledge.database.engine import sessions
from knowledge.database.tables import NewsConsentRow, NewsRow, ReminderRow
from knowledge.database.tables import now as present
from knowledge.settings import settings

HOLDS = timedelta(days=2 * 365)
"""How long a consent counts until the person is asked again."""

EVERYTHING = (*TOPICS, REMINDERS)


@dataclass(frozen=True)
class Consent:
    """A consent: whose, to what, and since when."""

    conversation_id: str
    topic: str
    agreed_at: datetime

    def holds(self, at: datetime) -> bool:
        """Tells whether it still counts."""
        return at < self.agreed_at + HOLDS


def allow(conversation_id: str, topic: str, at: datetime | None = None) -> None:
    """Notes a consent. Given anew after it has run out, it does not bring what was missed meanwhile."""
    at = at or present()
    with sessions(settings().database).begin() as session:
        ensure_conversation(session, conversation_id)
        row = session.get(NewsConsentRow, (conversation_id, topic))
        if row is None:
            row = NewsConsentRow(conversation_id=conversation_id, topic=topic, agreed_at=at, told_until=at)
            session.add(row)
        elif at >= row.agreed_at + HOLDS:
            row.told_until = at
        row.agreed_at = at


def consent(session: Session, conversation_id: str, topic: str) -> Consent | None:
    """Returns the consent of a conversation to a topic, also one that has run out."""
    row = session.get(NewsConsentRow, (conversation_id, topic))
    return None if row is None else Consent(row.conversation_id, row.topic, row.agreed_at)


def holds(session: Session, conversation_id: str, topic: str, at: datetime) -> bool:
    """Tells whether a conversation wants to be told of a topic."""
    given = consent(session, conversation_id, topic)
    return given is not None and given.holds(at)


def allowed(conversation_id: str, topic: str, at: datetime | None = None) -> bool:
    """Tells whether anybody who shares the conversation's dialogue wants to be told of a topic there."""
    with sessions(settings().database)() as session:
        return any(holds(session, each, topic, at or present()) for each in channels_of(conversation_id))


def switched_on(conversation_id: str) -> tuple[str, ...]:
    """Returns what is told in a dialogue without being asked: topics, and reminders to come."""
    ids = list(channels_of(conversation_id))
    with sessions(settings().database)() as session:
        topics = set(session.scalars(select(NewsConsentRow.topic).where(NewsConsentRow.conversation_id.in_(ids))))
        open_ones = select(func.count()).where(ReminderRow.conversation_id.in_(ids), ReminderRow.said_at.is_(None))
        reminders = bool(session.scalar(open_ones))
    return tuple(each for each in EVERYTHING if each in topics or (each == REMINDERS and reminders))


def switch_off(conversation_id: str, topics: Iterable[str] = EVERYTHING) -> tuple[str, ...]:
    """Ends what is told in a dialogue, for every conversation that shares it; what waits to be told is dropped.

    Returns:
        What was on.
    """
    chosen, ids = tuple(topics), list(channels_of(conversation_id))
    ended = tuple(each for each in switched_on(conversation_id) if each in chosen)
    with sessions(settings().database).begin() as session:
        given, news, reminder = NewsConsentRow, NewsRow, ReminderRow
        session.execute(delete(given).where(given.conversation_id.in_(ids), given.topic.in_(chosen)))
        waiting = delete(news).where(news.conversation_id.in_(ids), news.topic.in_(chosen))
        session.execute(waiting.where(news.said_at.is_(None)))
        if REMINDERS in chosen:
            session.execute(delete(reminder).where(reminder.conversation_id.in_(ids), reminder.said_at.is_(None)))
    return ended
