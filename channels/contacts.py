"""People on channels that have ids of their own, the conversations they have there, and what has reached them."""

from __future__ import annotations

import secrets
from dataclasses import dataclass
from datetime import datetime
from itertools import takewhile
from typing import Any

from sqlalchemy import func, or_, select, update
from sqlalchemy.exc import IntegrityError
from sqlalchemy.orm import Session

from actions.cases.sealing import Seal
from bot.assistant import ANNOUNCED
from knowledge.database.engine import sessions
from knowledge.database.tables import ContactRow, ConversationRow, TurnRow, now
from knowledge.record import Language
from knowledge.settings import Settings

UNUSABLE = "-"
"""No token's digest: nobody goes on over HTTP with a conversation of another channel."""

AT_ONCE = 100
"""Contacts whose unseen turns are looked up in one round."""


@dataclass(frozen=True)
class Contact:
    """A person on a channel: the address there, their conversation, and when the last turn reached them."""

    channel: str
    address: str
    conversation_id: str
    seen_at: datetime


class Contacts:
    """The contacts in the database. Methods are synchronous and short; call them in a thread."""

    def __init__(self, settings: Settings) -> None:
        self._sessions = sessions(settings.database)
        self._seal = Seal(settings.case_keys())

    def meet(self, channel: str, address: str, language: Language) -> tuple[Contact, bool]:
        """Returns the contact of an address, and whether it was made just now, with a conversation of its own."""
        found = self.find(channel, address)
        if found:
            return found, False
        conversation_id = secrets.token_urlsafe(16)
        try:
            with self._sessions.begin() as session:
                session.add(
                    ConversationRow(id=conversation_id, token_digest=UNUSABLE, language=language, channel=channel)
                )
                session.flush()
                session.add(ContactRow(channel=channel, address=address, conversation_id=conversation_id))
        except IntegrityError:  # another process met them at the same moment
            pass
        found = self.find(channel, address)
        assert found is not None
        return found, found.conversation_id == conversation_id

    def find(self, channel: str, address: str) -> Contact | None:
        """Returns the contact of an address, or None."""
        with self._sessions() as session:
            row = session.get(ContactRow, (channel, address))
            return _contact(row) if row else None

    def claim(self, contact: Contact, until: datetime) -> bool:
        """Notes that the turns up to ``until`` reach the person now; False when another process was quicker.

        Claim first, then send: so nothing is told twice. Give the claim back with ``unclaim`` when sending failed.
        """
        mine = (ContactRow.channel == contact.channel) & (ContactRow.address == contact.address)
        with self._sessions.begin() as session:
            noted = session.execute(
                update(ContactRow).where(mine, ContactRow.seen_at == contact.seen_at).values(seen_at=until)
            )
            return bool(noted.rowcount)  # type: ignore[attr-defined]

    def unclaim(self, contact: Contact, until: datetime) -> None:
        """Takes a claim back: the turns after ``contact.seen_at`` are unseen again, unless more was claimed since."""
        mine = (ContactRow.channel == contact.channel) & (ContactRow.address == contact.address)
        with self._sessions.begin() as session:
            session.execute(update(ContactRow).where(mine, ContactRow.seen_at == until).values(seen_at=contact.seen_at))

    def see(self, contact: Contact) -> None:
        """Notes that the answers given on this channel have reached the person, up to the first news still owed."""
        fresh = self.find(contact.channel, contact.address)
        if fresh:
            seen = list(takewhile(lambda turn: turn["channel"] == contact.channel, self.unseen(fresh)))
            if seen:
                self.claim(fresh, moment_after(seen))

    def unseen(self, contact: Contact) -> list[dict[str, Any]]:
        """Returns the turns of the dialogue, as kept, that were meant for this channel and have not reached it.

        These are what Naru said of its own accord, and answers to what was asked here that came too late.
        """
        with self._sessions() as session:
            query = select(TurnRow).where(
                _of_dialogue(session, contact),
                TurnRow.at > contact.seen_at,
                TurnRow.channel.in_((ANNOUNCED, contact.channel)),
            )
            rows = list(session.scalars(query.order_by(TurnRow.turn_id)))
        return [{**row.answer, "message": row.message, "at": row.at, "channel": row.channel} for row in rows]

    def waiting_for_news(self, channel: str) -> list[Contact]:
        """Returns the contacts of a channel to whom Naru has said something that has not reached them."""
        dialogue = func.coalesce(ConversationRow.joined_to, ConversationRow.id)
        query = (
            select(ContactRow)
            .join(ConversationRow, ConversationRow.id == ContactRow.conversation_id)
            .join(TurnRow, TurnRow.conversation_id == dialogue)
            .where(ContactRow.channel == channel, TurnRow.channel == ANNOUNCED, TurnRow.at > ContactRow.seen_at)
            .distinct()
            .limit(AT_ONCE)
        )
        with self._sessions() as session:
            return [_contact(row) for row in session.scalars(query)]

    def of_dialogue(self, dialogue: str) -> list[Contact]:
        """Returns every contact that shares a dialogue."""
        mine = or_(ConversationRow.id == dialogue, ConversationRow.joined_to == dialogue)
        query = select(ContactRow).join(ConversationRow, ConversationRow.id == ContactRow.conversation_id).where(mine)
        with self._sessions() as session:
            return [_contact(row) for row in session.scalars(query)]

    def keep(self, contact: Contact, value: Any) -> None:
        """Keeps a JSON value, sealed, for the contact's next message; None forgets it."""
        self._set(contact, waiting=None if value is None else self._seal.close(value))

    def kept(self, contact: Contact) -> Any:
        """Returns what ``keep`` kept, or None."""
        with self._sessions() as session:
            row = session.get(ContactRow, (contact.channel, contact.address))
            return self._seal.open(row.waiting) if row is not None and row.waiting else None

    def _set(self, contact: Contact, **values: Any) -> None:
        mine = (ContactRow.channel == contact.channel) & (ContactRow.address == contact.address)
        with self._sessions.begin() as session:
            session.execute(update(ContactRow).where(mine).values(**values))


def moment_after(turns: list[dict[str, Any]]) -> datetime:
    """Returns the time of the last of some kept turns (the present, if there is none)."""
    return max((turn["at"] for turn in turns), default=now())


def _of_dialogue(session: Session, contact: Contact) -> Any:
    row = session.get(ConversationRow, contact.conversation_id)
    dialogue = row.joined_to if row is not None and row.joined_to else contact.conversation_id
    return TurnRow.conversation_id == dialogue


def _contact(row: ContactRow) -> Contact:
    return Contact(row.channel, row.address, row.conversation_id, row.seen_at)
