"""Every table of Naru: the built knowledge, conversations with their turns, and the dialogue tracker."""

from __future__ import annotations

from datetime import UTC, date, datetime
from typing import Any

from sqlalchemy import (
    JSON,
    DateTime,
    Dialect,
    Float,
    ForeignKey,
    Index,
    Integer,
    LargeBinary,
    String,
    Text,
    UniqueConstraint,
)
from sqlalchemy.orm import DeclarativeBase, Mapped, mapped_column
from sqlalchemy.types import TypeDecorator


def now() -> datetime:
    """The present moment, in UTC."""
    return datetime.now(UTC)


class Moment(TypeDecorator[datetime]):
    """A moment that comes back in UTC also from SQLite, which forgets the zone."""

    impl = DateTime(timezone=True)
    cache_ok = True

    def process_bind_param(self, value: datetime | None, dialect: Dialect) -> datetime | None:
        """Turns a moment into UTC."""
        return None if value is None else value.astimezone(UTC)

    def process_result_value(self, value: datetime | None, dialect: Dialect) -> datetime | None:
        """Gives a moment its zone back."""
        if value is None:
            return None
        return value.replace(tzinfo=UTC) if value.tzinfo is None else value.astimezone(UTC)


class Base(DeclarativeBase):
    """Common ancestor of the tables."""

    type_annotation_map = {dict[str, Any]: JSON, list[Any]: JSON, datetime: Moment}


class RecordRow(Base):
    """One record of the knowledge pack, whole, as checked."""

    __tablename__ = "records"
    id: Mapped[str] = mapped_column(String(120), primary_key=True)
    kind: Mapped[str] = mapped_column(String(40), index=True)
    pack: Mapped[str] = mapped_column(String(40))
    position: Mapped[int] = mapped_column(Integer)
    data: Mapped[dict[str, Any]]


class PassageRow(Base):
    """A piece of a record's text that can be found: its vector (float16, E5 then USE) and its words, line by line."""

    __tablename__ = "passages"
    id: Mapped[int] = mapped_column(primary_key=True, autoincrement=True)
    record_id: Mapped[str] = mapped_column(ForeignKey("records.id", ondelete="CASCADE"), index=True)
    language: Mapped[str] = mapped_column(String(2))
    part: Mapped[str] = mapped_column(String(20))
    text: Mapped[str] = mapped_column(Text)
    vector: Mapped[bytes] = mapped_column(LargeBinary)
    words: Mapped[str | None] = mapped_column(Text)


class VectorRow(Base):
    """Vectors already computed, by digest of role and text, so that a rebuild embeds only what changed."""

    __tablename__ = "vectors"
    digest: Mapped[str] = mapped_column(String(64), primary_key=True)
    vector: Mapped[bytes] = mapped_column(LargeBinary)


class BuildRow(Base):
    """When and from what the knowledge was built last, and what cut its passages into words."""

    __tablename__ = "builds"
    pack: Mapped[str] = mapped_column(String(40), primary_key=True)
    digest: Mapped[str] = mapped_column(String(64))
    built_at: Mapped[datetime] = mapped_column(default=now)
    cut_by: Mapped[str | None] = mapped_column(String(40))


class ConversationRow(Base):
    """A conversation: who may go on with it (digest of the token), its language and channel.

    ``joined_to`` names the conversation whose dialogue it shares since its owner joined two channels; never a chain.
    """

    __tablename__ = "conversations"
    id: Mapped[str] = mapped_column(String(64), primary_key=True)
    token_digest: Mapped[str] = mapped_column(String(64))
    language: Mapped[str] = mapped_column(String(2))
    channel: Mapped[str] = mapped_column(String(20))
    started_at: Mapped[datetime] = mapped_column(default=now)
    joined_to: Mapped[str | None] = mapped_column(String(64), index=True)


class TurnRow(Base):
    """One turn: what the person sent and what Naru answered.

    ``channel`` is where the person spoke, ``naru`` for what Naru said of its own accord, None in older turns.
    """

    __tablename__ = "turns"
    conversation_id: Mapped[str] = mapped_column(ForeignKey("conversations.id", ondelete="CASCADE"), primary_key=True)
    turn_id: Mapped[int] = mapped_column(Integer, primary_key=True)
    at: Mapped[datetime] = mapped_column(default=now)
    message: Mapped[dict[str, Any]]
    outcome: Mapped[str] = mapped_column(String(30), index=True)
    intent: Mapped[str] = mapped_column(String(60))
    confidence: Mapped[float] = mapped_column(Float)
    answer: Mapped[dict[str, Any]]
    channel: Mapped[str | None] = mapped_column(String(20))
    __table_args__ = (Index("ix_turns_channel", "channel", "at"),)


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


class ContactRow(Base):
    """A person on a channel that has ids of its own, and the conversation they have there.

    ``seen_at`` is the time of the last turn that reached them; ``waiting`` holds, sealed, what a channel keeps back
    for their next message.
    """

    __tablename__ = "contacts"
    channel: Mapped[str] = mapped_column(String(20), primary_key=True)
    address: Mapped[str] = mapped_column(String(100), primary_key=True)
    conversation_id: Mapped[str] = mapped_column(ForeignKey("conversations.id", ondelete="CASCADE"), index=True)
    seen_at: Mapped[datetime] = mapped_column(default=now)
    waiting: Mapped[bytes | None] = mapped_column(LargeBinary)


class JoinCodeRow(Base):
    """A code, kept as its digest, with which a person goes on with a conversation on another channel, once."""

    __tablename__ = "join_codes"
    digest: Mapped[str] = mapped_column(String(64), primary_key=True)
    conversation_id: Mapped[str] = mapped_column(ForeignKey("conversations.id", ondelete="CASCADE"))
    expires_at: Mapped[datetime]


class LetterRow(Base):
    """A message a channel delivered, kept sealed until it is answered, so that a crash loses none.

    ``key`` is the channel's own number of it (a second delivery is known by it), ``lane`` whose it is (messages of one
    lane are answered in order), ``held_until`` the time until which a process is at work on it.
    """

    __tablename__ = "letters"
    channel: Mapped[str] = mapped_column(String(20), primary_key=True)
    key: Mapped[str] = mapped_column(String(100), primary_key=True)
    lane: Mapped[str] = mapped_column(String(100))
    sealed: Mapped[bytes | None] = mapped_column(LargeBinary)
    received_at: Mapped[datetime] = mapped_column(default=now)
    held_until: Mapped[datetime]
    attempts: Mapped[int] = mapped_column(Integer, default=1)
    done_at: Mapped[datetime | None] = mapped_column(index=True)


class ButtonPayloadRow(Base):
    """What a button sends where the channel has no room for it: a short id stands on the button."""

    __tablename__ = "button_payloads"
    id: Mapped[str] = mapped_column(String(24), primary_key=True)
    conversation_id: Mapped[str] = mapped_column(ForeignKey("conversations.id", ondelete="CASCADE"), index=True)
    payload: Mapped[str] = mapped_column(Text)
    title: Mapped[str] = mapped_column(Text)
    at: Mapped[datetime] = mapped_column(default=now)


class NewsConsentRow(Base):
    """That a person wants to be told about a topic (``application``, ``programmes``) without asking.

    ``told_until`` is the moment up to which the sources of the topic have been looked through for them.
    """

    __tablename__ = "news_consents"
    conversation_id: Mapped[str] = mapped_column(ForeignKey("conversations.id", ondelete="CASCADE"), primary_key=True)
    topic: Mapped[str] = mapped_column(String(20), primary_key=True)
    agreed_at: Mapped[datetime] = mapped_column(default=now)
    told_until: Mapped[datetime | None]


class NewsRow(Base):
    """Something to be told without being asked; ``key`` keeps the same news from being told twice."""

    __tablename__ = "news"
    id: Mapped[int] = mapped_column(primary_key=True, autoincrement=True)
    conversation_id: Mapped[str] = mapped_column(ForeignKey("conversations.id", ondelete="CASCADE"))
    topic: Mapped[str] = mapped_column(String(20))
    key: Mapped[str] = mapped_column(String(120))
    data: Mapped[dict[str, Any]]
    made_at: Mapped[datetime] = mapped_column(default=now)
    due_at: Mapped[datetime] = mapped_column(index=True)
    said_at: Mapped[datetime | None]
    __table_args__ = (UniqueConstraint("conversation_id", "key"),)
