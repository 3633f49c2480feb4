"""Accounts of the people who may enter the console: made, changed, closed, and recognised by their password."""

from __future__ import annotations

import re
import secrets
import unicodedata
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from datetime import datetime, timedelta
from enum import StrEnum

from sqlalchemy import delete, func, select, update
from sqlalchemy.exc import IntegrityError
from sqlalchemy.orm import Session

from actions.desk.tables import StaffRow, StaffSessionRow
from channels.console import passwords
from knowledge.database.engine import sessions
from knowledge.database.tables import now
from knowledge.record import Language
from knowledge.settings import Settings

NAME = re.compile(r"[\w.+@-]{2,80}")
"""What a name is made of: letters, digits and what an e-mail address needs."""

LONGEST_SHOWN = 80
"""Letters of the name that customers see."""

TRIES = 5
"""Wrong passwords in a row after which an account is locked."""

FIRST_LOCK = timedelta(minutes=1)
LONGEST_LOCK = timedelta(hours=1)
"""An account stays locked twice as long after each further wrong password, from FIRST_LOCK up to LONGEST_LOCK."""


class Role(StrEnum):
    """What somebody may do: agents talk, supervisors also see figures and the log, editors write, admins may all."""

    AGENT = "agent"
    SUPERVISOR = "supervisor"
    EDITOR = "editor"
    ADMIN = "admin"


@dataclass(frozen=True)
class Staff:
    """Somebody of the desk: ``name`` signs in, ``shown_as`` is what customers read."""

    id: str
    name: str
    shown_as: str
    role: Role
    language: Language


@dataclass(frozen=True)
class Account:
    """An account as admins see it."""

    staff: Staff
    active: bool
    has_password: bool
    single_sign_on: bool
    locked: bool
    seen_at: datetime | None


class NotAllowed(ValueError):
    """Something asked of an account breaks a rule; ``reason`` is the key of the sentence that says which.

    Attributes:
        reason: Key of the fixed sentence, ``console_account_…``.
    """

    def __init__(self, reason: str) -> None:
        super().__init__(reason)
        self.reason = reason


class Accounts:
    """The accounts in the database. Methods are synchronous; call them in a thread."""

    def __init__(self, settings: Settings) -> None:
        self._sessions = sessions(settings.database)

    def create(
        self,
        name: str,
        role: Role,
        password: str | None,
        shown_as: str | None = None,
        language: Language = "ko",
    ) -> Staff:
        """Makes an account and returns whose it is.

        Args:
            name: What they sign in with; for single sign-on their e-mail address there.
            role: What they may do.
            password: Their password; None where only single sign-on opens.
            shown_as: The name customers see; ``name`` up to an @ if not given.
            language: Language of their console.

        Raises:
            NotAllowed: The name is taken or has the wrong form, or the password is too easy.
        """
        plain = plain_name(name)
        shown = (shown_as or "").strip() or plain.partition("@")[0]
        if not NAME.fullmatch(plain):
            raise NotAllowed("console_account_name_form")
        if len(shown) > LONGEST_SHOWN:
            raise NotAllowed("console_account_shown_long")
        if password is not None:
            check_password(password, plain)
        row = StaffRow(
            id=secrets.token_hex(8),
            name=plain,
            shown_as=shown,
            role=role.value,
            language=language,
            password=passwords.digest(password) if password is not None else None,
        )
        try:
            with self._sessions.begin() as session:
                session.add(row)
        except IntegrityError as error:
            raise NotAllowed("console_account_name_taken") from error
        return staff_of(row)

    def every(self) -> list[Account]:
        """Returns all accounts, those in use first, by name."""
        with self._sessions() as session:
            rows = session.scalars(select(StaffRow).order_by(StaffRow.active.desc(), StaffRow.name))
            return [_account(row) for row in rows]

    def find(self, name: str) -> Account | None:
        """Returns the account of a name, or None."""
        with self._sessions() as session:
            row = session.scalar(select(StaffRow).where(StaffRow.name == plain_name(name)))
            return _account(row) if row else None

    def named(self, staff_id: str) -> Account | None:
        """Returns the account with an id, or None."""
        with self._sessions() as session:
            row = session.get(StaffRow, staff_id)
            return _account(row) if row else None

    def recognise(self, name: str, password: str) -> Staff | None:
        """Returns whose name and password these are, or None; the work is the same whatever is wrong.

        Five wrong passwords in a row lock the account for a time that grows; a locked one recognises nobody.
        """
        with self._sessions() as session:
            row = session.scalar(select(StaffRow).where(StaffRow.name == plain_name(name)))
        right, fresh = passwords.fits(password, row.password if row else None)
        if row is None or not row.active or (row.locked_until and row.locked_until > now()):
            return None
        if not right:
            self._failed(row.id)
            return None
        changes = {"failures": 0, "locked_until": None} | ({"password": fresh} if fresh else {})
        with self._sessions.begin() as session:
            session.execute(update(StaffRow).where(StaffRow.id == row.id).values(**changes))
        return staff_of(row)

    def _failed(self, staff_id: str) -> None:
        with self._sessions.begin() as session:
            more = update(StaffRow).where(StaffRow.id == staff_id).values(failures=StaffRow.failures + 1)
            failures = session.scalar(more.returning(StaffRow.failures)) or 0
            if failures >= TRIES:
                lock = min(FIRST_LOCK * 2 ** min(failures - TRIES, 10), LONGEST_LOCK)
                session.execute(update(StaffRow).where(StaffRow.id == staff_id).values(locked_until=now() + lock))

    def link(self, subject: str, email: str | None) -> Staff | None:
        """Returns who comes from single sign-on, or None if there is no such account in use.

        Args:
            subject: Their lasting name there; an account is found by it once it is linked.
            email: Their e-mail address if the service has verified it: the first time it must be the account's name.
        """
        with self._sessions.begin() as session:
            row = session.scalar(select(StaffRow).where(StaffRow.subject == subject))
            if row is None and email:
                unlinked = (StaffRow.name == plain_name(email)) & StaffRow.subject.is_(None) & StaffRow.active
                row = session.scalar(select(StaffRow).where(unlinked))
                if row:
                    row.subject = subject
            return staff_of(row) if row and row.active else None

    def set_password(self, staff_id: str, password: str) -> None:
        """Gives somebody a new password, opens a lock, and ends all their sessions.

        Raises:
            NotAllowed: The password is too easy, or there is no such account.
        """
        with self._changing(staff_id) as (session, row):
            check_password(password, row.name)
            row.password, row.failures, row.locked_until = passwords.digest(password), 0, None
            _end_sessions(session, staff_id)

    def change_role(self, staff_id: str, role: Role) -> None:
        """Gives somebody another role, which holds from their next click.

        Raises:
            NotAllowed: Nobody else would be an admin.
        """
        with self._changing(staff_id) as (session, row):
            if role is not Role.ADMIN:
                _keep_an_admin(session, row)
            row.role = role.value

    def deactivate(self, staff_id: str) -> None:
        """Closes an account and ends all its sessions.

        Raises:
            NotAllowed: Nobody else would be an admin.
        """
        with self._changing(staff_id) as (session, row):
            _keep_an_admin(session, row)
            row.active, row.presence = False, "away"
            _end_sessions(session, staff_id)

    def activate(self, staff_id: str) -> None:
        """Opens an account again, and its lock."""
        with self._changing(staff_id) as (_session, row):
            row.active, row.failures, row.locked_until = True, 0, None

    def describe(self, staff_id: str, shown_as: str, language: Language) -> None:
        """Changes the name customers see and the language of the console.

        Raises:
            NotAllowed: The name is empty or too long.
        """
        shown = " ".join(shown_as.split())
        if not 0 < len(shown) <= LONGEST_SHOWN:
            raise NotAllowed("console_account_shown_long")
        with self._changing(staff_id) as (_session, row):
            row.shown_as, row.language = shown, language

    def password_fits(self, staff_id: str, password: str) -> bool:
        """Tells whether this is somebody's password, for those who change it."""
        with self._sessions() as session:
            row = session.get(StaffRow, staff_id)
        return passwords.fits(password, row.password if row else None)[0]

    @contextmanager
    def _changing(self, staff_id: str) -> Iterator[tuple[Session, StaffRow]]:
        with self._sessions.begin() as session:
            row = session.get(StaffRow, staff_id, with_for_update=True)
            if row is None:
                raise NotAllowed("console_account_unknown")
            yield session, row


def plain_name(name: str) -> str:
    """Returns a name as it is kept: two ways to write it are one name."""
    return unicodedata.normalize("NFKC", name).strip().casefold()


def check_password(password: str, name: str) -> None:
    """Keeps the rules for passwords.

    Raises:
        NotAllowed: It is too short or long, holds the name, or is one that everybody tries first.
    """
    fault = passwords.fault(password, name)
    if fault:
        raise NotAllowed(f"console_account_password_{fault}")


def staff_of(row: StaffRow) -> Staff:
    """Returns who a row is about."""
    return Staff(row.id, row.name, row.shown_as, Role(row.role), "en" if row.language == "en" else "ko")


def _account(row: StaffRow) -> Account:
    locked = bool(row.locked_until and row.locked_until > now())
    return Account(staff_of(row), row.active, row.password is not None, row.subject is not None, locked, row.seen_at)


def _keep_an_admin(session: Session, row: StaffRow) -> None:
    if row.role != Role.ADMIN.value or not row.active:
        return
    admins = (StaffRow.role == Role.ADMIN.value) & StaffRow.active & (StaffRow.id != row.id)
    if not session.scalar(select(func.count()).select_from(StaffRow).where(admins)):
        raise NotAllowed("console_account_last_admin")


def _end_sessions(session: Session, staff_id: str) -> None:
    session.execute(delete(StaffSessionRow).where(StaffSessionRow.staff_id == staff_id))
