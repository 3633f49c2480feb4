"""Reminders of deadlines, only for those who asked for them: kept, taken back, and said when their morning comes."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import UTC, date, datetime

from babel.dates import format_date
from sqlalchemy import Delete, delete, select

from actions.desk.handover_records import in_hands
from actions.files import ensure_conversation
from actions.reply import Choice, Reply
from actions.talk import payload
from actions.texts import text
from knowledge.database.engine import sessions
from knowledge.database.tables import ReminderRow
from knowledge.guides.deadline_calendar import MORNING, SEOUL
from knowledge.guides.deadlines import Deadline
from knowledge.record import Language
from knowledge.settings import settings

ON, OFF = "remind", "quiet"
"""What the buttons for and against reminders carry."""

AT_ONCE = 100
"""Reminders said in one round."""


@dataclass(frozen=True)
class Reminder:
    """A reminder that is due: whose, of what, and of which day."""

    conversation_id: str
    what: dict[str, str]
    day: date

    def reply(self, language: Language) -> Reply:
        """Returns what is said, with the button that ends reminders."""
        day = format_date(self.day, "long", locale=language)
        words = text("errand_reminder", language, what=self.what[language], day=day)
        off = Choice(title=text("errand_button_quiet", language), payload=payload("count_deadlines", value=OFF))
        return Reply(text=words, choices=(off,))


def remind(conversation_id: str, found: Iterable[Deadline]) -> int:
    """Keeps the reminders of deadlines in place of those kept before; returns how many there are.

    A reminder rings at nine in the morning, Korean time, as in the calendar file.
    """
    pairs = [(rings, each) for each in found for rings in each.reminders]
    with sessions(settings().database).begin() as session:
        ensure_conversation(session, conversation_id)
        session.execute(_open_ones(conversation_id))
        for rings, each in pairs:
            session.add(
                ReminderRow(
                    conversation_id=conversation_id,
                    rings_at=datetime.combine(rings, MORNING, SEOUL).astimezone(UTC),
                    day=each.date.isoformat(),
                    what=dict(each.what),
                )
            )
    return len(pairs)


def forget_reminders(conversation_id: str) -> None:
    """Takes back every reminder not yet said."""
    with sessions(settings().database).begin() as session:
        session.execute(_open_ones(conversation_id))


def take_due(now: datetime) -> list[Reminder]:
    """Returns the reminders due by ``now`` and marks them as said, so that no other process says them too.

    Where a person has the conversation, they wait until it is over.
    """
    due = ReminderRow.said_at.is_(None) & (ReminderRow.rings_at <= now)
    query = select(ReminderRow).where(due, ~in_hands(ReminderRow.conversation_id))
    with sessions(settings().database).begin() as session:
        rows = list(session.scalars(query.order_by(ReminderRow.id).limit(AT_ONCE).with_for_update(skip_locked=True)))
        for row in rows:
            row.said_at = now
        return [Reminder(row.conversation_id, dict(row.what), date.fromisoformat(row.day)) for row in rows]


def _open_ones(conversation_id: str) -> Delete:
    return delete(ReminderRow).where(ReminderRow.conversation_id == conversation_id, ReminderRow.said_at.is_(None))
