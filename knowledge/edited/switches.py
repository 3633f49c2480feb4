"""Switches records off and on again, in every process within about a second."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime

from sqlalchemy import select

from knowledge.database.engine import sessions
from knowledge.database.tables import now
from knowledge.database.written import SwitchedOffRow
from knowledge.edited.editions import raise_edition
from knowledge.settings import Settings
from knowledge.shelf import renewed


@dataclass(frozen=True)
class SwitchedOff:
    """A record that must not be shown: who said so, why and since when; None where the settings say it."""

    record_id: str
    staff_id: str | None = None
    reason: str | None = None
    at: datetime | None = None


def switch_off(settings: Settings, record_id: str, reason: str, staff_id: str | None) -> None:
    """Hides a record from now on; once more changes the reason."""
    with sessions(settings.database).begin() as session:
        raise_edition(session)
        session.merge(SwitchedOffRow(record_id=record_id, reason=reason.strip() or None, staff_id=staff_id, at=now()))
    renewed(settings)


def switch_on(settings: Settings, record_id: str) -> bool:
    """Shows a record again; False where it was not switched off here."""
    with sessions(settings.database).begin() as session:
        raise_edition(session)
        row = session.get(SwitchedOffRow, record_id)
        if row is not None:
            session.delete(row)
    renewed(settings)
    return row is not None


def switched_off(settings: Settings) -> dict[str, SwitchedOff]:
    """Returns what must not be shown by record id, with those that the settings name (``NARU_SWITCHED_OFF``)."""
    names = (name.strip() for name in settings.switched_off.split(","))
    found = {name: SwitchedOff(name) for name in names if name}
    with sessions(settings.database)() as session:
        for row in session.scalars(select(SwitchedOffRow).order_by(SwitchedOffRow.record_id)):
            found[row.record_id] = SwitchedOff(row.record_id, row.staff_id, row.reason, row.at)
    return found
