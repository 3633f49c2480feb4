"""The tables of what editors write at the desk: versions of records, what is switched off, and the edition of both."""

from __future__ import annotations

from datetime import datetime
from typing import Any

from sqlalchemy import Integer, String, Text
from sqlalchemy.orm import Mapped, mapped_column

from knowledge.database.tables import Base, now


class RecordVersionRow(Base):
    """One version of a record that an editor wrote; the newest ``published`` one is served instead of the pack's.

    ``data`` is the record, whole for one that was published, as typed for a draft; ``state`` is draft, published or
    replaced. Rows without ``data`` only say what was done: withdrawn, reviewed, discarded (a draft).
    """

    __tablename__ = "record_versions"
    id: Mapped[int] = mapped_column(primary_key=True, autoincrement=True)
    record_id: Mapped[str] = mapped_column(String(120), index=True)
    state: Mapped[str] = mapped_column(String(12), index=True)
    data: Mapped[dict[str, Any]]
    note: Mapped[str | None] = mapped_column(Text)
    review_on: Mapped[str | None] = mapped_column(String(10))
    staff_id: Mapped[str | None] = mapped_column(String(32))
    made_at: Mapped[datetime] = mapped_column(default=now)
    published_at: Mapped[datetime | None]


class SwitchedOffRow(Base):
    """A record that must not be shown, from now on and in every process."""

    __tablename__ = "switched_off"
    record_id: Mapped[str] = mapped_column(String(120), primary_key=True)
    staff_id: Mapped[str | None] = mapped_column(String(32))
    reason: Mapped[str | None] = mapped_column(Text)
    at: Mapped[datetime] = mapped_column(default=now)


class EditionRow(Base):
    """A number that rises whenever what every process serves has changed: ``knowledge`` or ``model``."""

    __tablename__ = "editions"
    name: Mapped[str] = mapped_column(String(20), primary_key=True)
    number: Mapped[int] = mapped_column(Integer, default=0)
    changed_at: Mapped[datetime] = mapped_column(default=now)
