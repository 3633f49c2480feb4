"""Every table of Naru: the built knowledge, conversations with their turns, and the dialogue tracker."""

from __future__ import annotations

from datetime import UTC, date, datetime
from typing import Any

from sqlalchemy import JSON, DateTime, Float, ForeignKey, Index, Integer, LargeBinary, String, Text
from sqlalchemy.orm import DeclarativeBase, Mapped, mapped_column


def now() -> datetime:
    """The present moment, in UTC."""
    return datetime.now(UTC)


class Base(DeclarativeBase):
    """Common ancestor of the tables."""

    type_annotation_map = {dict[str, Any]: JSON, list[Any]: JSON, datetime: DateTime(timezone=True)}


class RecordRow(Base):
    """One record of the knowledge pack, whole, as checked."""

    __tablename__ = "records"
    id: Mapped[str] = mapped_column(String(120), primary_key=True)
    kind: Mapped[str] = mapped_column(String(40), index=True)
    pack: Mapped[str] = mapped_column(String(40))
    position: Mapped[int] = mapped_column(Integer)
    data: Mapped[dict[str, Any]]


class PassageRow(Base):
    """A piece of a record's text that can be found, with its vector (float32, E5 then USE)."""

    __tablename__ = "passages"
    id: Mapped[int] = mapped_column(primary_key=True, autoincrement=True)
    record_id: Mapped[str] = mapped_column(ForeignKey("records.id", ondelete="CASCADE"), index=True)
    language: Mapped[str] = mapped_column(String(2))
    part: Mapped[str] = mapped_column(String(20))
    text: Mapped[str] = mapped_column(Text)
    vector: Mapped[bytes] = mapped_column(LargeBinary)


class VectorRow(Base):
    """Vectors already computed, by digest of role and text, so that a rebuild embeds only what changed."""

    __tablename__ = "vectors"
    digest: Mapped[str] = mapped_column(String(64), primary_key=True)
    vector: Mapped[bytes] = mapped_column(LargeBinary)


class BuildRow(Base):
    """When and from what the knowledge was built last."""

    __tablename__ = "builds"
    pack: Mapped[str] = mapped_column(String(40), primary_key=True)
    digest: Mapped[str] = mapped_column(String(64))
    built_at: Mapped[datetime] = mapped_column(default=now)


class ConversationRow(Base):
    """A conversation: who may go on with it (digest of the token), its language and channel."""

    __tablename__ = "conversations"
    id: Mapped[str] = mapped_column(String(64), primary_key=True)
    token_digest: Mapped[str] = mapped_column(String(64))
    language: Mapped[str] = mapped_column(String(2))
    channel: Mapped[str] = mapped_column(String(20))
    started_at: Mapped[datetime] = mapped_column(default=now)


class TurnRow(Base):
    """One turn: what the person sent and what Naru answered."""

    __tablename__ = "turns"
    conversation_id: Mapped[str] = mapped_column(ForeignKey("conversations.id", ondelete="CASCADE"), primary_key=True)
    turn_id: Mapped[int] = mapped_column(Integer, primary_key=True)
    at: Mapped[datetime] = mapped_column(default=now)
    message: Mapped[dict[str, Any]]
    outcome: Mapped[str] = mapped_column(String(30), index=True)
    intent: Mapped[str] = mapped_column(String(60))
    confidence: Mapped[float] = mapped_column(Float)
    answer: Mapped[dict[str, Any]]


class FeedbackRow(Base):
    """A thumb up or down on one turn."""

    __tablename__ = "feedback"
    id: Mapped[int] = mapped_column(primary_key=True, autoincrement=True)
    conversation_id: Mapped[str] = mapped_column(ForeignKey("conversations.id", ondelete="CASCADE"), index=True)
    turn_id: Mapped[int] = mapped_column(Integer)
    verdict: Mapped[str] = mapped_column(String(4))
    comment: Mapped[str | None] = mapped_column(Text)
    at: Mapped[datetime] = mapped_column(default=now)


class FileRow(Base):
    """A file a person sent; the bytes lie in the data folder under the same id."""

    __tablename__ = "files"
    id: Mapped[str] = mapped_column(String(64), primary_key=True)
    conversation_id: Mapped[str] = mapped_column(ForeignKey("conversations.id", ondelete="CASCADE"), index=True)
    name: Mapped[str] = mapped_column(String(255))
    media_type: Mapped[str] = mapped_column(String(100))
    size: Mapped[int] = mapped_column(Integer)
    at: Mapped[datetime] = mapped_column(default=now)


class TrackerEventRow(Base):
    """One event of the dialogue as Rasa knows it."""

    __tablename__ = "tracker_events"
    id: Mapped[int] = mapped_column(primary_key=True, autoincrement=True)
    conversation_id: Mapped[str] = mapped_column(String(120))
    type: Mapped[str] = mapped_column(String(40))
    timestamp: Mapped[float] = mapped_column(Float)
    data: Mapped[dict[str, Any]]
    __table_args__ = (Index("ix_tracker_events_conversation", "conversation_id", "id"),)


class TrackerStateRow(Base):
    """Where the dialogue stands after its last event, so that only recent events need replaying."""

    __tablename__ = "tracker_states"
    conversation_id: Mapped[str] = mapped_column(String(120), primary_key=True)
    slots: Mapped[dict[str, Any]]
    active_loop: Mapped[dict[str, Any]]
    events: Mapped[int] = mapped_column(Integer)


class SimulationRow(Base):
    """A simulation of a certificate of origin: what was told, and what came out.

    ``number`` is what a person writes down to open it again, ``before`` the simulation it was changed from.
    """

    __tablename__ = "simulations"
    number: Mapped[str] = mapped_column(String(12), primary_key=True)
    conversation_id: Mapped[str] = mapped_column(ForeignKey("conversations.id", ondelete="CASCADE"), index=True)
    before: Mapped[str | None] = mapped_column(String(12))
    case: Mapped[dict[str, Any]]
    data: Mapped[dict[str, Any]]
    result: Mapped[dict[str, Any]]
    at: Mapped[datetime] = mapped_column(default=now)


class AnnouncementRow(Base):
    """An announcement of a support programme, as read from the ministry's list.

    ``sector_class`` is the class of the list it was fetched from (04: export), ``sector`` the class as the
    announcement itself names it, ``registered_at`` when its office entered it, ``ended_at`` when it was first
    missing from the list.
    """

    __tablename__ = "announcements"
    id: Mapped[str] = mapped_column(String(64), primary_key=True)
    title: Mapped[str] = mapped_column(Text)
    organisation: Mapped[str] = mapped_column(Text)
    executing: Mapped[str] = mapped_column(Text)
    opens: Mapped[date | None]
    closes: Mapped[date | None] = mapped_column(index=True)
    period: Mapped[str] = mapped_column(Text)
    always_open: Mapped[bool]
    audience: Mapped[str] = mapped_column(Text)
    summary: Mapped[str] = mapped_column(Text)
    url: Mapped[str | None] = mapped_column(Text)
    attachments: Mapped[list[Any]]
    hashtags: Mapped[list[Any]]
    sector_class: Mapped[str] = mapped_column(String(2))
    sector: Mapped[str] = mapped_column(Text)
    registered_at: Mapped[datetime | None]
    fetched_at: Mapped[datetime]
    ended_at: Mapped[datetime | None]


class AnnouncementRunRow(Base):
    """One refresh of the announcements: when, how it went, how many, and what could not be read."""

    __tablename__ = "announcement_runs"
    id: Mapped[int] = mapped_column(primary_key=True, autoincrement=True)
    at: Mapped[datetime] = mapped_column(default=now)
    sector_class: Mapped[str] = mapped_column(String(2))
    outcome: Mapped[str] = mapped_column(String(20))
    fetched: Mapped[int] = mapped_column(Integer)
    added: Mapped[int] = mapped_column(Integer)
    changed: Mapped[int] = mapped_column(Integer)
    ended: Mapped[int] = mapped_column(Integer)
    complete: Mapped[bool]
    errors: Mapped[list[Any]]


class ReminderRow(Base):
    """A reminder somebody asked for: what is due, and when to say so in the conversation."""

    __tablename__ = "reminders"
    id: Mapped[int] = mapped_column(primary_key=True, autoincrement=True)
    conversation_id: Mapped[str] = mapped_column(ForeignKey("conversations.id", ondelete="CASCADE"), index=True)
    rings_at: Mapped[datetime] = mapped_column(index=True)
    day: Mapped[str] = mapped_column(String(10))
    what: Mapped[dict[str, Any]]
    said_at: Mapped[datetime | None]
