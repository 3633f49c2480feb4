"""The profile of a firm: what it told of itself, kept sealed and used again only while it agrees."""

from __future__ import annotations

import hashlib
import secrets
from collections.abc import Mapping
from datetime import datetime

from sqlalchemy import delete, select
from sqlalchemy.orm import Session

from actions.cases.fields import Value, profile_fields
from actions.cases.sealing import Seal
from actions.cases.tables import ConsentRow, FirmFieldRow, FirmRow
from actions.files import ensure_conversation

KEEP_PROFILE = "keep_profile"
"""The purpose of keeping what a firm told and using it for its next application."""

SEND = "send_application"
"""The purpose of handing one application over; its receipt number follows after a colon."""


class NoConsent(PermissionError):
    """The firm has not agreed that its profile is kept."""


def firm_of(session: Session, conversation_id: str) -> FirmRow:
    """Returns the firm of a conversation, made on first use."""
    found = session.scalar(select(FirmRow).where(FirmRow.conversation_id == conversation_id))
    if found is None:
        ensure_conversation(session, conversation_id)
        found = FirmRow(id=secrets.token_hex(16), conversation_id=conversation_id)
        session.add(found)
        session.flush()
    return found


def told(session: Session, seal: Seal, firm_id: str) -> dict[str, Value]:
    """Returns the profile of a firm, in the order in which it is asked."""
    rows = session.scalars(select(FirmFieldRow).where(FirmFieldRow.firm_id == firm_id))
    kept = {row.key: seal.open(row.value) for row in rows}
    return {key: kept[key] for key in profile_fields() if key in kept}


def keep(session: Session, seal: Seal, firm_id: str, values: Mapping[str, Value]) -> None:
    """Keeps values of the profile.

    Raises:
        NoConsent: The firm has not agreed to that.
    """
    if not agrees(session, firm_id, KEEP_PROFILE):
        raise NoConsent(KEEP_PROFILE)
    for key, value in values.items():
        session.merge(FirmFieldRow(firm_id=firm_id, key=profile_fields()[key].key, value=seal.close(value)))


def agrees(session: Session, firm_id: str, purpose: str) -> bool:
    """Tells whether a firm agrees to a purpose now."""
    return _given(session, firm_id, purpose) is not None


def agree(session: Session, firm_id: str, purpose: str, wording_digest: str, now: datetime) -> None:
    """Notes that a firm agrees; once is enough."""
    if not agrees(session, firm_id, purpose):
        session.add(ConsentRow(firm_id=firm_id, purpose=purpose, wording_digest=wording_digest, given_at=now))


def take_back(session: Session, firm_id: str, purpose: str, now: datetime) -> None:
    """Notes that a firm agrees no more; its kept profile is erased with that."""
    given = _given(session, firm_id, purpose)
    if given is not None:
        given.withdrawn_at = now
    if purpose == KEEP_PROFILE:
        session.execute(delete(FirmFieldRow).where(FirmFieldRow.firm_id == firm_id))


def digest_of(words: str) -> str:
    """Returns the SHA-256 of the words that were agreed to."""
    return hashlib.sha256(words.encode()).hexdigest()


def _given(session: Session, firm_id: str, purpose: str) -> ConsentRow | None:
    query = select(ConsentRow).where(
        ConsentRow.firm_id == firm_id, ConsentRow.purpose == purpose, ConsentRow.withdrawn_at.is_(None)
    )
    return session.scalars(query).first()
