"""What is to be told: taken by one process when its time has come, and given back where telling failed."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Any

from sqlalchemy import exists, select, update
from sqlalchemy.exc import IntegrityError
from sqlalchemy.orm import Session

from actions.desk.handover_records import in_hands
from actions.news.consent import HOLDS
from actions.news.noting import note
from actions.news.quiet import after_the_night, is_night
from knowledge.database.engine import sessions
from knowledge.database.tables import NewsConsentRow, NewsRow
from knowledge.settings import settings

AT_ONCE = 100
"""News told in one round."""

LATER = timedelta(minutes=10)
"""When something that could not be told is tried again."""

RENEW = "renew"
"""In the data of the question whether a consent of two years still counts: when it was given."""


@dataclass(frozen=True)
class News:
    """Something to tell: to whom, of which topic, and what it is about."""

    id: int
    conversation_id: str
    topic: str
    data: dict[str, Any]


def note_renewals(at: datetime) -> int:
    """Notes the question whether consents that have run out still count, each once; returns how many."""
    row = NewsConsentRow
    of_it = (NewsRow.conversation_id == row.conversation_id, NewsRow.topic == row.topic)
    asked = exists().where(*of_it, NewsRow.key.startswith(RENEW), NewsRow.made_at > row.agreed_at)
    old = select(row).where(row.agreed_at <= at - HOLDS, ~asked).order_by(row.agreed_at).limit(AT_ONCE)
    with sessions(settings().database)() as session:
        found = list(session.scalars(old))
    return sum(_renewal(each, at) for each in found)


def _renewal(old: NewsConsentRow, at: datetime) -> bool:
    key = f"{RENEW}:{old.topic}:{old.agreed_at:%Y%m%d%H%M%S}"
    try:
        with sessions(settings().database).begin() as session:
            note(session, old.conversation_id, old.topic, key, {RENEW: old.agreed_at.isoformat()}, at)
    except IntegrityError:  # another process was quicker, or the conversation is erased
        return False
    return True


def take_due(now: datetime) -> list[News]:
    """Returns the news due by ``now``, none at night; each is marked as told, so that no other process tells it too.

    Where a person has the conversation, news waits until it is over.
    """
    if is_night(now):
        return []
    due = NewsRow.said_at.is_(None) & (NewsRow.due_at <= now)
    waiting = select(NewsRow).where(due, ~in_hands(NewsRow.conversation_id)).order_by(NewsRow.id)
    with sessions(settings().database).begin() as session:
        rows = list(session.scalars(waiting.limit(AT_ONCE)))
        mine = [row for row in rows if _claim(session, row.id, now)]
        return [News(row.id, row.conversation_id, row.topic, dict(row.data)) for row in mine]


def put_back(news: News, now: datetime) -> None:
    """Takes a claim back where telling failed; it is tried again later."""
    with sessions(settings().database).begin() as session:
        mine = update(NewsRow).where(NewsRow.id == news.id)
        session.execute(mine.values(said_at=None, due_at=after_the_night(now + LATER)))


def _claim(session: Session, news_id: int, now: datetime) -> bool:
    """Marks one as told, if nobody has: the database lets one of several updates find it open."""
    mine = update(NewsRow).where(NewsRow.id == news_id, NewsRow.said_at.is_(None))
    return bool(session.execute(mine.values(said_at=now)).rowcount)  # type: ignore[attr-defined]
