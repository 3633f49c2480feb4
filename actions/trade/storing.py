"""Simulations kept, so that they can be opened again by a number, changed and compared.

A number opens only in the dialogue it was given in, whichever of its joined channels that was: it is written on papers
that others see. Staff find a customer's simulations in the console.
"""

from __future__ import annotations

import re
import secrets
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from sqlalchemy import or_, select

from actions.files import ensure_conversation
from actions.trade.case import Case
from knowledge.database.engine import sessions
from knowledge.database.tables import ConversationRow, SimulationRow
from knowledge.settings import settings

LETTERS = "0123456789ABCDEFGHJKMNPQRSTVWXYZ"
"""Crockford's base 32: no letter that is taken for a digit or another letter."""

NUMBER = re.compile(r"(?<![A-Z0-9])([A-Z0-9]{4})\s?-\s?([A-Z0-9]{4})(?![A-Z0-9])", re.IGNORECASE)
_MISREAD = str.maketrans("OIL", "011")


@dataclass(frozen=True)
class Stored:
    """A simulation as it was kept: what was told, the engine's input, and its result."""

    number: str
    conversation_id: str
    case: Case
    data: dict[str, Any]
    result: dict[str, Any]
    at: datetime


def number_in(text: str) -> str | None:
    """Returns the simulation's number in a message, its letters read as they were meant, or None."""
    match = NUMBER.search(text)
    return f"{match[1]}-{match[2]}".upper().translate(_MISREAD) if match else None


def keep(conversation_id: str, case: Case, data: dict[str, Any], result: dict[str, Any]) -> str:
    """Keeps a simulation and returns its number: forty random bits, which nobody guesses."""
    letters = "".join(secrets.choice(LETTERS) for _ in range(8))
    number = f"{letters[:4]}-{letters[4:]}"
    with sessions(settings().database).begin() as session:
        ensure_conversation(session, conversation_id)
        session.add(
            SimulationRow(
                number=number,
                conversation_id=conversation_id,
                before=case.before,
                case=case.model_dump(mode="json"),
                data=data,
                result=result,
            )
        )
    return number


def find(number: str, dialogue: str) -> Stored | None:
    """Returns the simulation of that number, if it was made in the dialogue or in a conversation joined to it."""
    joined = select(ConversationRow.id).where(ConversationRow.joined_to == dialogue)
    made_here = or_(SimulationRow.conversation_id == dialogue, SimulationRow.conversation_id.in_(joined))
    with sessions(settings().database)() as session:
        row = session.scalar(select(SimulationRow).where(SimulationRow.number == number, made_here))
    return _stored(row) if row else None


def last(conversation_id: str) -> Stored | None:
    """Returns the newest simulation of a conversation."""
    query = select(SimulationRow).where(SimulationRow.conversation_id == conversation_id)
    with sessions(settings().database)() as session:
        row = session.scalars(query.order_by(SimulationRow.at.desc()).limit(1)).first()
    return _stored(row) if row else None


def _stored(row: SimulationRow) -> Stored:
    return Stored(row.number, row.conversation_id, Case.model_validate(row.case), row.data, row.result, row.at)
