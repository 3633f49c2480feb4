"""Joins the conversations one person has on two channels with a one-time code, and separates them again.

A joined conversation shares the dialogue of the one whose code was given; its own turns stay, and are there again after
the separation.
"""

from __future__ import annotations

import hashlib
import re
import secrets
from datetime import timedelta

from sqlalchemy import delete, or_, select, update
from sqlalchemy.orm import Session

from actions.files import ensure_conversation
from knowledge.database.engine import sessions
from knowledge.database.tables import ConversationRow, JoinCodeRow, now
from knowledge.settings import settings

LETTERS = "ABCDEFGHJKMNPQRSTUVWXYZ23456789"
"""Letters of a code: none that looks or sounds like another (0/O, 1/I/L)."""

LASTS = timedelta(minutes=10)
"""How long a code can be used: eight letters of thirty-one leave nothing to guess in that time."""

CODE = re.compile(r"\W*(?:naru|나루)[\s_-]*([a-z0-9]{4})[\s_-]*([a-z0-9]{4})\W*", re.IGNORECASE)


def code_in(words: str) -> str | None:
    """Returns the code a message consists of, without its ornaments, or None."""
    match = CODE.fullmatch(words)
    return (match.group(1) + match.group(2)).upper() if match else None


def make_code(conversation_id: str) -> str:
    """Returns a new code for the dialogue of a conversation, as it is to be typed; it replaces the one before."""
    letters = "".join(secrets.choice(LETTERS) for _ in range(8))
    with sessions(settings().database).begin() as session:
        ensure_conversation(session, conversation_id)
        owner = _dialogue(session, conversation_id)
        session.execute(delete(JoinCodeRow).where(JoinCodeRow.conversation_id == owner))
        session.execute(delete(JoinCodeRow).where(JoinCodeRow.expires_at < now()))
        session.add(JoinCodeRow(digest=_digest(letters), conversation_id=owner, expires_at=now() + LASTS))
    return f"NARU-{letters[:4]}-{letters[4:]}"


def redeem(code: str, conversation_id: str) -> str | None:
    """Joins a conversation to the one the code was made in.

    Returns:
        The conversation whose dialogue it shares from now on, or None for a wrong, used or expired code.
    """
    taking = delete(JoinCodeRow).where(JoinCodeRow.digest == _digest(code))
    with sessions(settings().database).begin() as session:
        # Taken in one statement: of two who redeem it at once only one finds it.
        taken = session.execute(taking.returning(JoinCodeRow.conversation_id, JoinCodeRow.expires_at)).first()
        if taken is None or taken.expires_at <= now():
            return None
        _hold(session, taken.conversation_id, conversation_id)
        owner = _dialogue(session, taken.conversation_id)  # which may have been joined to another since
        if _dialogue(session, conversation_id) != owner:
            followers = update(ConversationRow).where(ConversationRow.joined_to == conversation_id)
            session.execute(followers.values(joined_to=owner))
            session.execute(
                update(ConversationRow).where(ConversationRow.id == conversation_id).values(joined_to=owner)
            )
        return owner


def separate(conversation_id: str) -> bool:
    """Separates a conversation from the dialogue it shares, or others from its own; False when there is nothing to."""
    with sessions(settings().database).begin() as session:
        row = session.get(ConversationRow, conversation_id)
        if row is None:
            return False
        mine = ConversationRow.id == conversation_id if row.joined_to else ConversationRow.joined_to == conversation_id
        parted = session.execute(update(ConversationRow).where(mine).values(joined_to=None))
        return bool(parted.rowcount)  # type: ignore[attr-defined]


def channels_of(conversation_id: str) -> dict[str, str]:
    """Returns the conversations that share the dialogue of this one, itself too, each with its channel."""
    with sessions(settings().database)() as session:
        dialogue = _dialogue(session, conversation_id)
        mine = or_(ConversationRow.id == dialogue, ConversationRow.joined_to == dialogue)
        query = select(ConversationRow.id, ConversationRow.channel).where(mine).order_by(ConversationRow.started_at)
        return {row.id: row.channel for row in session.execute(query)}


def _hold(session: Session, *ids: str) -> None:
    """Holds conversations until the end of the transaction, so that two are not joined to each other at once."""
    mine = select(ConversationRow.id).where(ConversationRow.id.in_(ids))
    session.execute(mine.order_by(ConversationRow.id).with_for_update())


def _dialogue(session: Session, conversation_id: str) -> str:
    row = session.get(ConversationRow, conversation_id)
    return row.joined_to if row is not None and row.joined_to else conversation_id


def _digest(letters: str) -> str:
    return hashlib.sha256(letters.encode()).hexdigest()
