"""The outbox: packages written in the transaction that submits them, and handed over until the receiver has them.

A worker claims a row for a while (``LEASE``), hands it over, and notes how it went. A worker that dies leaves its
claim to run out; the next one sends the same bytes under the same idempotency key, so that the receiver can tell.
"""

from __future__ import annotations

import random
import secrets
from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Any

import structlog
from sqlalchemy import or_, select, update
from sqlalchemy.orm import Session

from actions.cases.connectors import Parcel, Refused, Unreachable, hand_over
from actions.cases.forms import ConnectorName, form_of
from actions.cases.package import withdrawal_package
from actions.cases.parcels import parcel_of
from actions.cases.routes import RouteError, route_to
from actions.cases.sealing import Seal, WrongKey
from actions.cases.states import State
from actions.cases.tables import ApplicationRow, DeliveryRow
from actions.news.noting import note_delivery
from knowledge.database.engine import sessions
from knowledge.database.tables import now as present
from knowledge.settings import Settings, settings

log = structlog.get_logger("naru.cases")

FIRST_WAIT = timedelta(seconds=30)
"""Time until the second try; it doubles with every further one."""

LONGEST_WAIT = timedelta(hours=6)
"""Time between two tries beyond which it does not grow. There is no last try: nothing is given up silently."""

JITTER = 0.2
"""Part of the wait by which it is made longer or shorter by chance, so that not all come back at once."""

LEASE = timedelta(minutes=5)
"""Time one try may take before another worker may think the first one dead."""

AT_ONCE = 100
"""Packages one call hands over at most."""


@dataclass(frozen=True)
class Delivery:
    """How far handing over one package has come."""

    idempotency_key: str
    recipient: str
    connector: str
    attempts: int
    next_attempt_at: datetime
    last_error: str | None
    failed_at: datetime | None
    delivered_at: datetime | None


@dataclass(frozen=True)
class Round:
    """What one call of ``deliver_due`` did, in packages."""

    delivered: int = 0
    postponed: int = 0
    failed: int = 0


def write(
    session: Session, seal: Seal, application_id: str, package: dict[str, Any], default: ConnectorName, now: datetime
) -> None:
    """Writes a package into the outbox; it is handed over once the caller's transaction is committed."""
    kind = package["schema"].split(".")[1].split("/")[0]
    row = DeliveryRow(
        idempotency_key=f"{application_id}-{package['submission']}-{kind}",
        application_id=application_id,
        recipient=package["recipient"],
        connector=default,
        package=seal.close(package),
        next_attempt_at=now,
    )
    session.add(row)


def withdraw(session: Session, seal: Seal, application_id: str, now: datetime) -> None:
    """Stops what is not handed over yet, and writes a notice to whoever may have it already."""
    mine = DeliveryRow.application_id == application_id
    session.execute(
        update(DeliveryRow)
        .where(mine, DeliveryRow.delivered_at.is_(None), DeliveryRow.failed_at.is_(None))
        .values(failed_at=now, last_error="withdrawn before it was handed over")
    )
    started = select(DeliveryRow).where(mine, DeliveryRow.attempts > 0).order_by(DeliveryRow.written_at.desc())
    last = session.scalars(started).first()
    if last is not None:
        write(session, seal, application_id, withdrawal_package(seal.open(last.package), now), "print", now)


def last_package(session: Session, seal: Seal, application_id: str) -> dict[str, Any] | None:
    """Returns the package written last for an application, or None."""
    query = select(DeliveryRow).where(DeliveryRow.application_id == application_id)
    row = session.scalars(query.order_by(DeliveryRow.written_at.desc())).first()
    return None if row is None else seal.open(row.package)


def deliveries(session: Session, application_id: str) -> tuple[Delivery, ...]:
    """Returns how far the packages of an application have come, the first one first."""
    query = select(DeliveryRow).where(DeliveryRow.application_id == application_id).order_by(DeliveryRow.written_at)
    return tuple(
        Delivery(
            row.idempotency_key, row.recipient, row.connector, row.attempts, row.next_attempt_at, row.last_error,
            row.failed_at, row.delivered_at,
        )
        for row in session.scalars(query)
    )  # fmt: skip


def deliver_due(now: datetime | None = None, database_url: str | None = None, chosen: Settings | None = None) -> Round:
    """Hands over what is due, the oldest first. Any number of workers may call it at the same time.

    Args:
        now: The moment for which things are due; None: the present.
        database_url: SQLAlchemy address; None: the settings'.
        chosen: Settings to use; None: those of the process.
    """
    at, used = now or present(), chosen or settings()
    worker = _Worker(database_url or used.database, used, Seal(used.case_keys()), secrets.token_hex(16))
    results = [worker.try_one(key, at) for key in worker.due(at)]
    return Round(results.count("delivered"), results.count("postponed"), results.count("failed"))


def retry(application_id: str, now: datetime, database_url: str | None = None) -> int:
    """Makes what failed for good due again, after the operator has put right what was wrong; returns how many."""
    withdrawn = select(ApplicationRow.id).where(ApplicationRow.state == State.WITHDRAWN)
    still_meant = or_(DeliveryRow.application_id.not_in(withdrawn), DeliveryRow.idempotency_key.endswith("-withdrawal"))
    query = (
        update(DeliveryRow)
        .where(DeliveryRow.application_id == application_id, DeliveryRow.failed_at.is_not(None), still_meant)
        .values(failed_at=None, next_attempt_at=now)
    )
    with sessions(database_url or settings().database).begin() as session:
        return int(session.execute(query).rowcount)  # type: ignore[attr-defined]


def wait_after(attempts: int, chance: float) -> timedelta:
    """Returns the time until the next try after ``attempts`` failed ones; ``chance`` is from 0 to 1."""
    doubled: int = 2 ** min(attempts - 1, 20)
    return min(FIRST_WAIT * doubled, LONGEST_WAIT) * (1 + JITTER * (2 * chance - 1))


@dataclass(frozen=True)
class _Worker:
    database_url: str
    settings: Settings
    seal: Seal
    name: str

    def due(self, now: datetime) -> list[str]:
        query = select(DeliveryRow.idempotency_key).where(*_is_due(now)).order_by(DeliveryRow.written_at).limit(AT_ONCE)
        with sessions(self.database_url)() as session:
            return list(session.scalars(query))

    def try_one(self, key: str, now: datetime) -> str:
        if not self._claim(key, now):
            return "taken"
        try:
            connector = self._hand_over(key)
        except Refused as error:
            return self._note(key, "failed", failed_at=now, last_error=str(error)[:1000])
        except Unreachable as error:
            return self._note(key, "postponed", last_error=str(error)[:1000], **self._later(key, now, error.wait))
        except (RouteError, WrongKey) as error:
            return self._note(key, "postponed", last_error=str(error)[:1000], **self._later(key, now, None))
        except Exception as error:  # one parcel that can't be made must not hold up the others
            log.error("delivery_failed", key=key, error=type(error).__name__)
            return self._note(key, "postponed", last_error=type(error).__name__, **self._later(key, now, None))
        return self._note(key, "delivered", delivered_at=now, failed_at=None, last_error=None, connector=connector)

    def _claim(self, key: str, now: datetime) -> bool:
        """Takes the row, if nobody has it: the database lets one of several updates find it free."""
        query = (
            update(DeliveryRow)
            .where(DeliveryRow.idempotency_key == key, *_is_due(now))
            .values(claimed_by=self.name, claimed_until=now + LEASE, attempts=DeliveryRow.attempts + 1)
        )
        with sessions(self.database_url).begin() as session:
            return bool(session.execute(query).rowcount == 1)  # type: ignore[attr-defined]

    def _hand_over(self, key: str) -> str:
        with sessions(self.database_url)() as session:
            row = session.get(DeliveryRow, key)
            if row is None:
                raise Refused("erased while it was to be handed over")
            package: dict[str, Any] = self.seal.open(row.package)
            default = form_of(package["programme"]["id"]).recipient.connector
        route = route_to(row.recipient, default, self.settings)
        parcel: Parcel = parcel_of(key, package, self.settings)
        hand_over(parcel, route, self.settings)
        return route.connector

    def _later(self, key: str, now: datetime, wished: timedelta | None) -> dict[str, Any]:
        with sessions(self.database_url)() as session:
            attempts = session.scalar(select(DeliveryRow.attempts).where(DeliveryRow.idempotency_key == key)) or 1
        own = wait_after(attempts, random.random())  # noqa: S311 - spreads load, keeps no secret
        return {"next_attempt_at": now + max(own, min(wished or timedelta(0), LONGEST_WAIT))}

    def _note(self, key: str, outcome: str, **values: Any) -> str:
        """Notes how a try went, unless another worker has taken over meanwhile; that it was delivered counts always."""
        query = update(DeliveryRow).where(DeliveryRow.idempotency_key == key, DeliveryRow.delivered_at.is_(None))
        if outcome != "delivered":
            query = query.where(DeliveryRow.claimed_by == self.name)
        with sessions(self.database_url).begin() as session:
            noted = session.execute(query.values(claimed_by=None, claimed_until=None, **values))
            if outcome == "delivered" and noted.rowcount:  # type: ignore[attr-defined]
                _tell_delivered(session, key, values["connector"], values["delivered_at"])
        return outcome


def _tell_delivered(session: Session, key: str, connector: str, at: datetime) -> None:
    """Notes for the firm that its application was handed over; that it took it back it knows."""
    row = session.get(DeliveryRow, key)
    application = session.get(ApplicationRow, row.application_id) if row else None
    if application is not None and not key.endswith("-withdrawal"):
        note_delivery(session, application.conversation_id, application.id, key, connector, at)


def _is_due(now: datetime) -> tuple[Any, ...]:
    return (
        DeliveryRow.delivered_at.is_(None),
        DeliveryRow.failed_at.is_(None),
        DeliveryRow.next_attempt_at <= now,
        or_(DeliveryRow.claimed_until.is_(None), DeliveryRow.claimed_until < now),
    )
