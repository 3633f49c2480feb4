"""Keeps announcements: a refresh is one transaction, nothing is deleted, and nothing expired is given out."""

from __future__ import annotations

from dataclasses import dataclass, fields
from datetime import UTC, date, datetime, timedelta
from typing import Any

from sqlalchemy import ColumnElement, or_, select
from sqlalchemy.orm import Session, sessionmaker

from knowledge.announcements.client import EXPORT, Bizinfo, Fetched
from knowledge.announcements.errors import BizinfoError, SwitchedOff
from knowledge.announcements.period import korean_day
from knowledge.announcements.reading import Announcement, Attachment, Reading, read_rows
from knowledge.database.tables import AnnouncementRow, AnnouncementRunRow

REFRESHED, EMPTY, UNREADABLE = "refreshed", "empty", "unreadable"
MOST_ERRORS = 50
"""Errors kept with a run; more say nothing new."""


@dataclass(frozen=True)
class Run:
    """One refresh.

    Attributes:
        at: When it began.
        sector_class: The class of the list.
        outcome: ``refreshed``; ``empty`` (the list was); ``unreadable`` (no row could be read); or the name of the
            error (``key_refused``, ``limit_reached``, ``service_down``, ``malformed``).
        fetched: Rows that came.
        added: Announcements that are new.
        changed: Announcements that say something else than before, or are back in the list.
        ended: Announcements newly gone from the list.
        complete: Whether the list was read to its end; if not, none is marked as ended.
        errors: What could not be read, or why the fetch failed.
    """

    at: datetime
    sector_class: str
    outcome: str
    fetched: int = 0
    added: int = 0
    changed: int = 0
    ended: int = 0
    complete: bool = False
    errors: tuple[str, ...] = ()


def refresh(open_session: sessionmaker[Session], service: Bizinfo, sector_class: str = EXPORT) -> Run:
    """Fetches a class of the list and keeps it; what was kept before stays where the fetch fails or is empty.

    Raises:
        BizinfoError: The list could not be fetched. The failure is kept as a run, unless the connector is off.
    """
    at = datetime.now(UTC)
    try:
        fetched = service.fetch(sector_class)
    except SwitchedOff:
        raise
    except BizinfoError as error:
        with open_session.begin() as session:
            _note(session, Run(at, sector_class, error.name, errors=(str(error),)))
        raise
    reading = read_rows(fetched)
    with open_session.begin() as session:
        return keep(session, fetched, reading)


def keep(session: Session, fetched: Fetched, reading: Reading) -> Run:
    """Puts what was read beside what is kept, inside the session's transaction."""
    kept = {row.id: row for row in session.scalars(select(AnnouncementRow))}
    added = changed = 0
    for read in reading.announcements:
        row = kept.get(read.id)
        if row is None:
            session.add(AnnouncementRow(**_columns(read), ended_at=None))
            added += 1
        elif row.ended_at is not None or _differs(_announcement(row), read):
            changed += 1
        if row is not None:
            for name, value in _columns(read).items():
                setattr(row, name, value)
            row.ended_at = None
    run = Run(
        at=fetched.at,
        sector_class=fetched.sector_class,
        outcome=REFRESHED if reading.announcements else UNREADABLE if fetched.rows else EMPTY,
        fetched=len(fetched.rows),
        added=added,
        changed=changed,
        ended=_end_the_missing(list(kept.values()), fetched, reading),
        complete=fetched.complete,
        errors=tuple(f"row {bad.position + 1} ({bad.id or 'no id'}): {bad.reason}" for bad in reading.unread),
    )
    _note(session, run)
    return run


def last_run(session: Session, sector_class: str = EXPORT) -> Run | None:
    """Returns the newest refresh of a class, good or bad; None where there was none."""
    row = session.scalars(
        select(AnnouncementRunRow)
        .where(AnnouncementRunRow.sector_class == sector_class)
        .order_by(AnnouncementRunRow.id.desc())
        .limit(1)
    ).first()
    if row is None:
        return None
    values = {part.name: getattr(row, part.name) for part in fields(Run)}
    return Run(**(values | {"at": _in_utc(row.at), "errors": tuple(row.errors)}))


def get(session: Session, number: str) -> Announcement | None:
    """Returns the announcement with that number (pblancId), open or not."""
    row = session.get(AnnouncementRow, number)
    return None if row is None else _announcement(row)


def open_on(session: Session, day: date) -> list[Announcement]:
    """Returns what firms may apply for on a day in Korea, the nearest deadline first, unknown deadlines last.

    The last day is included. Announcements that open later, have expired, or are gone from the list are left out.
    """
    return _select(session, *_open(day))


def closing_soon(session: Session, day: date, within_days: int) -> list[Announcement]:
    """Returns what is open on a day and closes at most ``within_days`` days later, the nearest deadline first.

    Raises:
        ValueError: ``within_days`` is negative.
    """
    if within_days < 0:
        raise ValueError("within_days must be 0 or more")
    last = _korean(day) + timedelta(days=within_days)
    return _select(session, *_open(day), AnnouncementRow.closes <= last)


def _open(day: date) -> tuple[ColumnElement[bool], ...]:
    on, row = _korean(day), AnnouncementRow
    return (
        row.ended_at.is_(None),
        or_(row.closes.is_(None), row.closes >= on),
        or_(row.opens.is_(None), row.opens <= on),
    )


def _select(session: Session, *conditions: ColumnElement[bool]) -> list[Announcement]:
    row = AnnouncementRow
    rows = session.scalars(select(row).where(*conditions).order_by(row.closes.is_(None), row.closes, row.id))
    return [_announcement(found) for found in rows]


def _korean(day: date) -> date:
    return korean_day(day) if isinstance(day, datetime) else day


def _end_the_missing(kept: list[AnnouncementRow], fetched: Fetched, reading: Reading) -> int:
    """Marks what is gone from a list that was read whole; a row without number could be any, so then none is."""
    if not fetched.complete or not reading.announcements or any(bad.id is None for bad in reading.unread):
        return 0
    seen = {read.id for read in reading.announcements} | {bad.id for bad in reading.unread}
    gone = [
        row for row in kept if row.ended_at is None and row.sector_class == fetched.sector_class and row.id not in seen
    ]
    for row in gone:
        row.ended_at = fetched.at
    return len(gone)


def _note(session: Session, run: Run) -> None:
    values = {part.name: getattr(run, part.name) for part in fields(Run)}
    session.add(AnnouncementRunRow(**(values | {"errors": list(run.errors[:MOST_ERRORS])})))


def _columns(read: Announcement) -> dict[str, Any]:
    values = {part.name: getattr(read, part.name) for part in fields(Announcement)}
    pairs = [[file.name, file.url] for file in read.attachments]
    return values | {"attachments": pairs, "hashtags": list(read.hashtags)}


def _announcement(row: AnnouncementRow) -> Announcement:
    values = {part.name: getattr(row, part.name) for part in fields(Announcement)}
    return Announcement(
        **(
            values
            | {
                "attachments": tuple(Attachment(name, url) for name, url in row.attachments),
                "hashtags": tuple(row.hashtags),
                "registered_at": _in_utc(row.registered_at) if row.registered_at else None,
                "fetched_at": _in_utc(row.fetched_at),
            }
        )
    )


def _in_utc(moment: datetime) -> datetime:
    """SQLite keeps no time zones; what comes back without one is UTC, as it was put in."""
    return moment.replace(tzinfo=UTC) if moment.tzinfo is None else moment.astimezone(UTC)


def _differs(kept: Announcement, read: Announcement) -> bool:
    return any(
        getattr(kept, part.name) != getattr(read, part.name)
        for part in fields(Announcement)
        if part.name != "fetched_at"
    )
