"""The tables of cases: a firm's profile and consents, its applications with their history, and the deliveries.

Whatever a firm told (profile, answers, notes, the package) is sealed before it is written: see ``sealing.py``.
"""

from __future__ import annotations

from datetime import datetime

from sqlalchemy import ForeignKey, Index, Integer, LargeBinary, String, Text
from sqlalchemy.orm import Mapped, mapped_column

from knowledge.database.tables import Base, Moment, now


class FirmRow(Base):
    """The firm of one conversation."""

    __tablename__ = "firms"
    id: Mapped[str] = mapped_column(String(32), primary_key=True)
    conversation_id: Mapped[str] = mapped_column(ForeignKey("conversations.id", ondelete="CASCADE"), unique=True)
    started_at: Mapped[datetime] = mapped_column(Moment, default=now)


class FirmFieldRow(Base):
    """One thing a firm told of itself; ``value`` is sealed JSON."""

    __tablename__ = "firm_fields"
    firm_id: Mapped[str] = mapped_column(ForeignKey("firms.id", ondelete="CASCADE"), primary_key=True)
    key: Mapped[str] = mapped_column(String(40), primary_key=True)
    value: Mapped[bytes] = mapped_column(LargeBinary)
    told_at: Mapped[datetime] = mapped_column(Moment, default=now)


class ConsentRow(Base):
    """What a firm agreed to: the purpose, when it was given and when taken back.

    ``wording_digest`` is the SHA-256 of the words that were shown, so that it can be proved what was agreed to.
    """

    __tablename__ = "consents"
    id: Mapped[int] = mapped_column(primary_key=True, autoincrement=True)
    firm_id: Mapped[str] = mapped_column(ForeignKey("firms.id", ondelete="CASCADE"), index=True)
    purpose: Mapped[str] = mapped_column(String(80))
    wording_digest: Mapped[str] = mapped_column(String(64))
    given_at: Mapped[datetime] = mapped_column(Moment, default=now)
    withdrawn_at: Mapped[datetime | None] = mapped_column(Moment)


class ApplicationRow(Base):
    """An application of a firm to a programme; ``answers`` is sealed JSON, ``number`` is given when it is submitted."""

    __tablename__ = "applications"
    id: Mapped[str] = mapped_column(String(32), primary_key=True)
    number: Mapped[str | None] = mapped_column(String(12), unique=True)
    conversation_id: Mapped[str] = mapped_column(ForeignKey("conversations.id", ondelete="CASCADE"), index=True)
    firm_id: Mapped[str] = mapped_column(ForeignKey("firms.id", ondelete="CASCADE"), index=True)
    programme_id: Mapped[str] = mapped_column(String(120))
    language: Mapped[str] = mapped_column(String(2))
    state: Mapped[str] = mapped_column(String(20), index=True)
    submissions: Mapped[int] = mapped_column(Integer, default=0)
    confirmed_digest: Mapped[str | None] = mapped_column(String(64))
    answers: Mapped[bytes] = mapped_column(LargeBinary)
    started_at: Mapped[datetime] = mapped_column(Moment, default=now)
    changed_at: Mapped[datetime] = mapped_column(Moment, default=now)


class ApplicationEventRow(Base):
    """One step in the history of an application; ``note`` is sealed text."""

    __tablename__ = "application_events"
    id: Mapped[int] = mapped_column(primary_key=True, autoincrement=True)
    application_id: Mapped[str] = mapped_column(ForeignKey("applications.id", ondelete="CASCADE"), index=True)
    state: Mapped[str] = mapped_column(String(20))
    at: Mapped[datetime] = mapped_column(Moment, default=now)
    by: Mapped[str] = mapped_column(String(80))
    note: Mapped[bytes | None] = mapped_column(LargeBinary)


class ApplicationDocumentRow(Base):
    """A document that goes with an application: which of the conversation's files, as what, and its SHA-256."""

    __tablename__ = "application_documents"
    application_id: Mapped[str] = mapped_column(ForeignKey("applications.id", ondelete="CASCADE"), primary_key=True)
    kind: Mapped[str] = mapped_column(String(40), primary_key=True)
    file_id: Mapped[str] = mapped_column(ForeignKey("files.id", ondelete="CASCADE"))
    sha256: Mapped[str] = mapped_column(String(64))
    added_at: Mapped[datetime] = mapped_column(Moment, default=now)


class DeliveryRow(Base):
    """One package to be handed over, written in the transaction that submits it.

    ``recipient`` is an organisation's id, or ``desk``: the receiving desk of this Naru service. ``package`` is the
    sealed JSON, the same at every try. ``claimed_by`` holds the row until ``claimed_until``.
    """

    __tablename__ = "deliveries"
    idempotency_key: Mapped[str] = mapped_column(String(64), primary_key=True)
    application_id: Mapped[str] = mapped_column(ForeignKey("applications.id", ondelete="CASCADE"), index=True)
    recipient: Mapped[str] = mapped_column(String(120))
    connector: Mapped[str] = mapped_column(String(20))
    package: Mapped[bytes] = mapped_column(LargeBinary)
    attempts: Mapped[int] = mapped_column(Integer, default=0)
    next_attempt_at: Mapped[datetime] = mapped_column(Moment)
    claimed_by: Mapped[str | None] = mapped_column(String(32))
    claimed_until: Mapped[datetime | None] = mapped_column(Moment)
    last_error: Mapped[str | None] = mapped_column(Text)
    failed_at: Mapped[datetime | None] = mapped_column(Moment)
    delivered_at: Mapped[datetime | None] = mapped_column(Moment)
    written_at: Mapped[datetime] = mapped_column(Moment, default=now)
    __table_args__ = (Index("ix_deliveries_due", "delivered_at", "failed_at", "next_attempt_at"),)
