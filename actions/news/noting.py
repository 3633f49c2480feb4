"""Notes what has become news, in the transaction in which it happens, for those who want to know."""

from __future__ import annotations

from datetime import datetime
from typing import Any

from sqlalchemy.orm import Session

from actions.news.consent import holds
from actions.news.quiet import after_the_night
from actions.news.words import APPLICATION
from knowledge.database.tables import NewsRow


def note(session: Session, conversation_id: str, topic: str, key: str, data: dict[str, Any], at: datetime) -> None:
    """Notes news that happened at a moment, to be told at once or after the night; the same key again is an error."""
    row = NewsRow(
        conversation_id=conversation_id, topic=topic, key=key, data=data, made_at=at, due_at=after_the_night(at)
    )
    session.add(row)


def key_of_change(event_id: int | str) -> str:
    """Returns the key of the news that an application has changed; the same for whoever calls the firm instead."""
    return f"application:{event_id}"


def note_change(
    session: Session, conversation_id: str, application_id: str, state: str, event_id: int, at: datetime
) -> None:
    """Notes, for whoever wants to know, that an application has gone into another state."""
    if holds(session, conversation_id, APPLICATION, at):
        data = {"application": application_id, "state": state}
        note(session, conversation_id, APPLICATION, key_of_change(event_id), data, at)


def note_delivery(
    session: Session, conversation_id: str, application_id: str, key: str, connector: str, at: datetime
) -> None:
    """Notes, for whoever wants to know, that an application has been handed over."""
    if holds(session, conversation_id, APPLICATION, at):
        data = {"application": application_id, "connector": connector, "at": at.isoformat()}
        note(session, conversation_id, APPLICATION, f"delivered:{key}", data, at)
