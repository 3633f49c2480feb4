"""The tables of the desk: staff and their sessions, handovers with their notes, call-backs, the audit log, and what
editors make of questions. The records they write are in ``knowledge/database/written.py``.

Whatever a person told (summaries, notes, telephone numbers) is sealed before it is written
(``actions/cases/sealing``).
"""

from __future__ import annotations

from datetime import datetime
from typing import Any

from sqlalchemy import ForeignKey, Index, Integer, LargeBinary, String, Text
from sqlalchemy.orm import Mapped, mapped_column

from knowledge.database.tables import Base, now


class StaffRow(Base):
    """Somebody who may enter the console.

    ``role`` is agent, supervisor, editor or admin; ``password`` an argon2 hash, None where only single sign-on opens
    (``subject`` is its name there); ``failures`` counts wrong passwords since the last right one.
    """

    __tablename__ = "staff"
    id: Mapped[str] = mapped_column(String(32), primary_key=True)
    name: Mapped[str] = mapped_column(String(80), unique=True)
    shown_as: Mapped[str] = mapped_column(String(80))
    role: Mapped[str] = mapped_column(String(12))
    language: Mapped[str] = mapped_column(String(2), default="ko")
    password: Mapped[str | None] = mapped_column(String(255))
    subject: Mapped[str | None] = mapped_column(String(255), unique=True)
    active: Mapped[bool] = mapped_column(default=True)
    failures: Mapped[int] = mapped_column(Integer, default=0)
    locked_until: Mapped[datetime | None]
    presence: Mapped[str] = mapped_column(String(10), default="away")
    seen_at: Mapped[datetime | None]
    created_at: Mapped[datetime] = mapped_column(default=now)


class StaffSessionRow(Base):
    """A session of the console, known by the digest of its cookie."""

    __tablename__ = "staff_sessions"
    digest: Mapped[str] = mapped_column(String(64), primary_key=True)
    staff_id: Mapped[str] = mapped_column(ForeignKey("staff.id", ondelete="CASCADE"), index=True)
    forgery_token: Mapped[str] = mapped_column(String(64))
    started_at: Mapped[datetime] = mapped_column(default=now)
    used_at: Mapped[datetime] = mapped_column(default=now)
    expires_at: Mapped[datetime]


class AuditRow(Base):
    """That somebody saw or did something: ``what`` is a short name, ``subject`` whose data it was."""

    __tablename__ = "audit"
    id: Mapped[int] = mapped_column(primary_key=True, autoincrement=True)
    at: Mapped[datetime] = mapped_column(default=now, index=True)
    staff_id: Mapped[str | None] = mapped_column(String(32), index=True)
    what: Mapped[str] = mapped_column(String(60), index=True)
    subject: Mapped[str | None] = mapped_column(String(120), index=True)
    detail: Mapped[dict[str, Any]]


class HandoverRow(Base):
    """A conversation in the hands of people, or waiting for them.

    ``state`` is waiting, active, callback or closed; ``reason`` why (asked, not_known, dissatisfied, returned, …);
    ``summary``, ``note`` and ``contact`` are sealed JSON. At most one handover of a dialogue is not closed:
    ``open_key`` holds the dialogue's id until then, and is unique.
    """

    __tablename__ = "handovers"
    id: Mapped[str] = mapped_column(String(32), primary_key=True)
    conversation_id: Mapped[str] = mapped_column(ForeignKey("conversations.id", ondelete="CASCADE"), index=True)
    open_key: Mapped[str | None] = mapped_column(String(64), unique=True)
    state: Mapped[str] = mapped_column(String(10), index=True)
    reason: Mapped[str] = mapped_column(String(20))
    language: Mapped[str] = mapped_column(String(2))
    channel: Mapped[str] = mapped_column(String(20))
    staff_id: Mapped[str | None] = mapped_column(ForeignKey("staff.id", ondelete="SET NULL"), index=True)
    summary: Mapped[bytes | None] = mapped_column(LargeBinary)
    contact: Mapped[bytes | None] = mapped_column(LargeBinary)
    asked_at: Mapped[datetime] = mapped_column(default=now)
    waiting_since: Mapped[datetime] = mapped_column(default=now)
    accepted_at: Mapped[datetime | None]
    closed_at: Mapped[datetime | None]
    closed_as: Mapped[str | None] = mapped_column(String(30))
    note: Mapped[bytes | None] = mapped_column(LargeBinary)
    customer_typing_until: Mapped[datetime | None]
    staff_typing_until: Mapped[datetime | None]
    changed_at: Mapped[datetime] = mapped_column(default=now, index=True)


class HandoverEventRow(Base):
    """One thing that happened to a handover: asked, accepted, transferred, dropped, returned, closed, private note."""

    __tablename__ = "handover_events"
    id: Mapped[int] = mapped_column(primary_key=True, autoincrement=True)
    handover_id: Mapped[str] = mapped_column(ForeignKey("handovers.id", ondelete="CASCADE"))
    at: Mapped[datetime] = mapped_column(default=now)
    what: Mapped[str] = mapped_column(String(20))
    staff_id: Mapped[str | None] = mapped_column(String(32))
    sealed: Mapped[bytes | None] = mapped_column(LargeBinary)
    __table_args__ = (Index("ix_handover_events_handover", "handover_id", "id"),)


class CannedReplyRow(Base):
    """A reply staff use often, with {placeholders}, in one language."""

    __tablename__ = "canned_replies"
    id: Mapped[int] = mapped_column(primary_key=True, autoincrement=True)
    shortcut: Mapped[str] = mapped_column(String(30), index=True)
    language: Mapped[str] = mapped_column(String(2))
    text: Mapped[str] = mapped_column(Text)
    changed_at: Mapped[datetime] = mapped_column(default=now)


class TrainingExampleRow(Base):
    """A real question, freed of personal data, that an editor made an example of an intent."""

    __tablename__ = "training_examples"
    id: Mapped[int] = mapped_column(primary_key=True, autoincrement=True)
    intent: Mapped[str] = mapped_column(String(60))
    language: Mapped[str] = mapped_column(String(2))
    text: Mapped[str] = mapped_column(Text)
    state: Mapped[str] = mapped_column(String(12), default="new")
    staff_id: Mapped[str | None] = mapped_column(String(32))
    made_at: Mapped[datetime] = mapped_column(default=now)


class TrainingRunRow(Base):
    """One training of a model with the editors' examples: what it was made from, how it was weighed, and what became
    of it.

    ``state`` is waiting, training, weighing, ready, live, replaced, refused or failed; ``model`` the file's name in the
    folder of models; ``examples`` the ids of the examples in it; ``report`` the figures beside the model that was
    serving, with every question that came out otherwise.
    """

    __tablename__ = "training_runs"
    id: Mapped[int] = mapped_column(primary_key=True, autoincrement=True)
    state: Mapped[str] = mapped_column(String(12), index=True)
    model: Mapped[str | None] = mapped_column(String(120))
    examples: Mapped[list[Any]]
    report: Mapped[dict[str, Any] | None]
    staff_id: Mapped[str | None] = mapped_column(String(32))
    made_at: Mapped[datetime] = mapped_column(default=now)
    alive_at: Mapped[datetime | None]
    ended_at: Mapped[datetime | None]
    live_at: Mapped[datetime | None]


class HandledQuestionRow(Base):
    """A wording of a cluster of unanswered questions that an editor has dealt with: its key, how, and when.

    ``how`` is record, example, out_of_scope or ignored; ``key`` a keyed digest (``actions.desk.handled_questions``).
    """

    __tablename__ = "handled_questions"
    key: Mapped[str] = mapped_column(String(64), primary_key=True)
    how: Mapped[str] = mapped_column(String(20))
    record_id: Mapped[str | None] = mapped_column(String(120))
    note: Mapped[str | None] = mapped_column(Text)
    staff_id: Mapped[str | None] = mapped_column(String(32))
    at: Mapped[datetime] = mapped_column(default=now)


class CaseIndexRow(Base):
    """A keyed digest by which a sealed detail (firm, telephone's end) is found without opening every case."""

    __tablename__ = "case_index"
    id: Mapped[int] = mapped_column(primary_key=True, autoincrement=True)
    conversation_id: Mapped[str] = mapped_column(ForeignKey("conversations.id", ondelete="CASCADE"), index=True)
    kind: Mapped[str] = mapped_column(String(12))
    digest: Mapped[str] = mapped_column(String(64), index=True)
