"""Finds the announcements that are new since somebody was last told and fit what their firm has told.

An announcement is new by the time its office entered it. The list is read once a night, and an office's entry may
reach it late: so some days before the last look are looked through again, and what was told is told no more.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Any

from sqlalchemy import or_, select
from sqlalchemy.exc import IntegrityError
from sqlalchemy.orm import Session

from actions.firm.announcements import EVERYTHING, region_named, trouble_words
from actions.firm.known import profile_in
from actions.news.consent import HOLDS
from actions.news.noting import note
from actions.news.queue import AT_ONCE
from actions.news.quiet import after_the_night
from actions.news.words import PROGRAMMES
from knowledge.announcements.finding import search
from knowledge.announcements.period import korean_day
from knowledge.announcements.reading import Announcement
from knowledge.announcements.store import REFRESHED
from knowledge.database.engine import sessions
from knowledge.database.tables import AnnouncementRunRow, NewsConsentRow, NewsRow, TrackerStateRow
from knowledge.settings import settings
from knowledge.shelf import shelf

MOST = 3
"""Announcements in one message."""

LATE = timedelta(days=3)
"""How late an announcement may reach the list after its office entered it."""

TOLD, MORE = "announcements", "more"
"""In the data: the announcements to tell, and how many fit beside them."""


def note_new_programmes(at: datetime) -> int:
    """Notes a message for everybody who wants one and for whom the list has brought something new; returns how many.

    Cheap where nothing is to be done: only consents older than the last refresh are looked at.
    """
    with sessions(settings().database)() as session:
        run = _last_refresh(session)
        waiting = _waiting(session, run, at) if run else []
    return sum(_note(each, run, at) for each in waiting) if run else 0


def _last_refresh(session: Session) -> datetime | None:
    row = AnnouncementRunRow
    return session.scalar(select(row.at).where(row.outcome == REFRESHED).order_by(row.id.desc()).limit(1))


def _waiting(session: Session, run: datetime, at: datetime) -> list[str]:
    row = NewsConsentRow
    behind = or_(row.told_until.is_(None), row.told_until < run)
    query = select(row.conversation_id).where(row.topic == PROGRAMMES, row.agreed_at > at - HOLDS, behind)
    return list(session.scalars(query.order_by(row.told_until, row.conversation_id).limit(AT_ONCE)))


def _note(conversation_id: str, run: datetime, at: datetime) -> bool:
    """Looks the list through for one; whoever has had today's message is looked at again tomorrow."""
    try:
        with sessions(settings().database).begin() as session:
            return _look(session, conversation_id, run, at)
    except IntegrityError:  # another process was quicker, or the conversation is erased
        return False


def _look(session: Session, conversation_id: str, run: datetime, at: datetime) -> bool:
    given = session.get(NewsConsentRow, (conversation_id, PROGRAMMES))
    day = korean_day(after_the_night(at))
    key = f"{PROGRAMMES}:{day.isoformat()}"
    before = list(
        session.scalars(select(NewsRow).where(NewsRow.conversation_id == conversation_id, NewsRow.topic == PROGRAMMES))
    )
    if given is None or any(row.key == key for row in before):
        return False
    told = {each for row in before for each in row.data.get(TOLD, ())}
    since = max(given.agreed_at, (given.told_until or given.agreed_at) - LATE)
    new = [
        each for each in _fitting(session, conversation_id, at) if _entered_after(each, since) and each.id not in told
    ]
    given.told_until = run
    if new:
        data = {TOLD: [each.id for each in new[:MOST]], MORE: max(0, len(new) - MOST)}
        note(session, conversation_id, PROGRAMMES, key, data, at)
    return bool(new)


def _fitting(session: Session, conversation_id: str, at: datetime) -> list[Announcement]:
    """Returns what is open for the firm, as the conversation itself would show it."""
    state = session.get(TrackerStateRow, conversation_id)
    known = Known.of(state.slots if state else {})
    found = search(session, known.words, korean_day(after_the_night(at)), region=known.region, limit=EVERYTHING)
    return [each.announcement for each in found]


def _entered_after(announcement: Announcement, moment: datetime) -> bool:
    return announcement.registered_at is not None and announcement.registered_at > moment


@dataclass(frozen=True)
class Known:
    """What the memory of a conversation tells of a firm: its region, and Korean words for its troubles."""

    region: str | None
    words: str

    @classmethod
    def of(cls, slots: Mapping[str, Any]) -> Known:
        """Reads the slots ``firm`` and ``diagnosis``."""
        return cls(
            region_named(profile_in(slots.get("firm") or {})),
            trouble_words(slots.get("diagnosis") or {}, shelf().library),
        )
