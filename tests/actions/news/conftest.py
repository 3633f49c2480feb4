"""Conversations to send news to, and announcements of a list that is refreshed when a test says so."""

from __future__ import annotations

import secrets
from collections.abc import Callable, Iterator
from datetime import datetime
from typing import Any
from zoneinfo import ZoneInfo

import pytest
from sqlalchemy import delete, select

from actions.news.queue import take_due
from knowledge.announcements.client import Fetched
from knowledge.announcements.reading import read_rows
from knowledge.announcements.store import keep
from knowledge.database.engine import sessions
from knowledge.database.tables import (
    AnnouncementRow,
    AnnouncementRunRow,
    ConversationRow,
    NewsConsentRow,
    NewsRow,
    TrackerStateRow,
)
from knowledge.settings import settings as chosen

SEOUL = ZoneInfo("Asia/Seoul")


def seoul(day: int, hour: int = 12, minute: int = 0, month: int = 3, year: int = 2026) -> datetime:
    """A moment by Korea's clock."""
    return datetime(year, month, day, hour, minute, tzinfo=SEOUL)


def conversation(channel: str = "web", joined_to: str | None = None, **slots: Any) -> str:
    """A conversation with what is remembered in it; returns its id."""
    made = secrets.token_hex(8)
    with sessions(chosen().database).begin() as session:
        session.add(ConversationRow(id=made, token_digest="x", language="ko", channel=channel, joined_to=joined_to))
        session.add(TrackerStateRow(conversation_id=made, slots=slots, active_loop={}, events=0))
    return made


def news_of(conversation_id: str) -> list[NewsRow]:
    """What is noted for a conversation, told or not."""
    query = select(NewsRow).where(NewsRow.conversation_id == conversation_id).order_by(NewsRow.id)
    with sessions(chosen().database)() as session:
        return list(session.scalars(query))


@pytest.fixture(autouse=True)
def nothing_waits(settings: Any) -> Iterator[None]:
    """Begins and ends with no news, no consents, no announcements."""

    def clear() -> None:
        with sessions(chosen().database).begin() as session:
            for table in (NewsRow, NewsConsentRow, AnnouncementRow, AnnouncementRunRow):
                session.execute(delete(table))

    clear()
    yield
    assert take_due(seoul(1, 3)) == [], "at three in the morning nothing is taken, whatever waits"
    clear()


@pytest.fixture
def refresh(settings: Any) -> Callable[..., None]:
    """Refreshes the list at a moment: it holds these rows."""

    def run(at: datetime, *rows: dict[str, Any]) -> None:
        fetched = Fetched(rows, True, at)
        with sessions(chosen().database).begin() as session:
            keep(session, fetched, read_rows(fetched))

    return run
