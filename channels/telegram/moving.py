"""What Telegram's connection looks up in the database by itself: groups that moved, interviews that run."""

from __future__ import annotations

from sqlalchemy import func, select, update

from channels.contacts import Contact
from knowledge.database.engine import sessions
from knowledge.database.tables import ContactRow, ConversationRow, TrackerStateRow
from knowledge.settings import Settings


def move(settings: Settings, old: int, new: int) -> None:
    """Gives the contacts of a group the group's new number; who was met there already stays."""
    with sessions(settings.database).begin() as session:
        for row in session.scalars(select(ContactRow).where(ContactRow.address.like(f"{old}:%"))):
            address = f"{new}:{row.address.partition(':')[2]}"
            if row.channel == "telegram" and session.get(ContactRow, ("telegram", address)) is None:
                mine = (ContactRow.channel == row.channel) & (ContactRow.address == row.address)
                session.execute(update(ContactRow).where(mine).values(address=address))


def in_interview(settings: Settings, contact: Contact) -> bool:
    """Tells whether Naru is asking the contact something: an interview runs."""
    dialogue = func.coalesce(ConversationRow.joined_to, ConversationRow.id)
    query = select(TrackerStateRow.active_loop).join(ConversationRow, dialogue == TrackerStateRow.conversation_id)
    with sessions(settings.database)() as session:
        loop = session.scalar(query.where(ConversationRow.id == contact.conversation_id))
    return bool(loop and loop.get("name"))
