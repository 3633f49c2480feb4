"""Deadlines as an iCalendar file (RFC 5545) that any calendar reads, with an alarm for every reminder."""

from __future__ import annotations

from datetime import UTC, date, datetime, time, timedelta
from pathlib import Path
from uuid import NAMESPACE_URL, uuid5
from zoneinfo import ZoneInfo

from icalendar import Alarm, Calendar, Event

from knowledge.guides.deadlines import KOREA, Deadline, data_of
from knowledge.record import Language

SEOUL = ZoneInfo("Asia/Seoul")
MORNING = time(9)
"""When a reminder rings, Korean time."""


def calendar(
    deadlines: tuple[Deadline, ...], language: Language, today: date, reference: str = "", folder: Path = KOREA
) -> bytes:
    """Returns an .ics file with an all-day event for every deadline that has not passed.

    Args:
        deadlines: What ``deadlines`` worked out.
        language: Language of the events.
        today: Day it is made on; no alarm rings on it or before.
        reference: Number of the contract, credit or case. An event keeps its UID as long as reference and kind of
            deadline stay the same, so that a calendar that reads the file again moves the event instead of adding one.
            Without a reference the date is part of the UID.
        folder: The pack.
    """
    book = Calendar()
    book.add("prodid", "-//Naru//deadlines//EN")
    book.add("version", "2.0")
    book.add("method", "PUBLISH")
    book.add("x-wr-calname", data_of(folder).words["calendar"][language])
    book.add("x-wr-timezone", SEOUL.key)
    for deadline in deadlines:
        if deadline.date >= today:
            book.add_component(_event(deadline, language, today, reference))
    return bytes(book.to_ical())


def _event(deadline: Deadline, language: Language, today: date, reference: str) -> Event:
    event = Event()
    event.add("uid", _uid(deadline, reference))
    event.add("dtstamp", datetime.combine(today, time(0), UTC))
    event.add("dtstart", deadline.date)
    event.add("dtend", deadline.date + timedelta(days=1))
    event.add("transp", "TRANSPARENT")
    event.add("summary", " · ".join(part for part in (deadline.what[language], reference) if part))
    event.add("description", "\n".join(_description(deadline, language)))
    for reminder in deadline.reminders:
        if reminder > today:
            event.add_component(_alarm(deadline, reminder, language))
    return event


def _uid(deadline: Deadline, reference: str) -> str:
    mark = reference.strip() or deadline.date.isoformat()
    return f"{uuid5(NAMESPACE_URL, f'naru:deadline:{deadline.id}:{mark}')}@naru"


def _description(deadline: Deadline, language: Language) -> list[str]:
    sources = [f"({source.title[language]}, {source.locator})" for source in deadline.sources]
    return [deadline.why[language], *(note[language] for note in deadline.notes), *sources]


def _alarm(deadline: Deadline, reminder: date, language: Language) -> Alarm:
    """An alarm at a fixed moment, which RFC 5545 wants in UTC."""
    alarm = Alarm()
    alarm.add("action", "DISPLAY")
    alarm.add("description", deadline.what[language])
    alarm.add("trigger", datetime.combine(reminder, MORNING, SEOUL).astimezone(UTC))
    return alarm
