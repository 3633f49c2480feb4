"""The versions of a record that editors write: drafts, publication, withdrawal, review, and the way back.

Whoever changes something says what they saw (``base``: the published version, 0 for the pack's own record; ``seen``:
the draft). If that is no longer the newest, nothing is changed and ``Overtaken`` is raised: nobody's work is lost.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from sqlalchemy import select, update
from sqlalchemy.orm import Session

from knowledge.check import Finding, check
from knowledge.database.engine import sessions
from knowledge.database.tables import RecordRow, now
from knowledge.database.written import RecordVersionRow
from knowledge.edited.editions import raise_edition
from knowledge.edited.served import PUBLISHED, read_written
from knowledge.passages import passages_of, vectors_of
from knowledge.record import Record
from knowledge.settings import Settings
from knowledge.shelf import renewed

DRAFT, REPLACED, WITHDRAWN, REVIEWED = "draft", "replaced", "withdrawn", "reviewed"
DISCARDED = "discarded"
"""The state of a draft that was replaced, published or thrown away."""

DRAFTS = "drafts"
"""The edition that drafts are kept under; raising it keeps two editors from keeping one at the same moment."""

PACK = 0
"""The version number of the pack's own record."""


class Overtaken(Exception):  # noqa: N818 - not a fault of who is told
    """Somebody else changed the record meanwhile."""


class Unsound(ValueError):
    """The records would no longer be sound together; ``findings`` says why."""

    def __init__(self, findings: Iterable[Finding]) -> None:
        self.findings = tuple(findings)
        super().__init__("\n".join(map(str, self.findings)))


@dataclass(frozen=True)
class Version:
    """One version as it is kept; ``data`` is whole for one that was published, as typed for a draft."""

    id: int
    record_id: str
    state: str
    data: Mapping[str, Any]
    note: str | None
    review_on: str | None
    staff_id: str | None
    made_at: datetime
    published_at: datetime | None


class Versions:
    """The versions in the database. Methods are synchronous; call them in a thread."""

    def __init__(self, settings: Settings) -> None:
        self._settings, self._pack = settings, settings.pack
        self._sessions = sessions(settings.database)

    def history(self, record_id: str) -> list[Version]:
        """Returns every version of a record, the newest first, reviews among them; drafts are not in it."""
        return [each for each in self._of(record_id) if each.state not in (DRAFT, DISCARDED)]

    def draft(self, record_id: str) -> Version | None:
        """Returns the draft of a record, if there is one; all editors share it."""
        return next((each for each in self._of(record_id) if each.state == DRAFT), None)

    def published(self, record_id: str) -> Version | None:
        """Returns the version that is served, or None where that is the pack's own."""
        return next((each for each in self._of(record_id) if each.state == PUBLISHED), None)

    def newest(self, states: Iterable[str]) -> dict[str, Version]:
        """Returns the newest version of every record that has one in these states, by record id."""
        wanted = select(RecordVersionRow).where(RecordVersionRow.state.in_(tuple(states)))
        with self._sessions() as session:
            rows = session.scalars(wanted.order_by(RecordVersionRow.id))
            return {row.record_id: _version(row) for row in rows}

    def keep_draft(
        self, record_id: str, data: Mapping[str, Any], review_on: str | None, staff_id: str | None, seen: int | None
    ) -> int:
        """Keeps what was typed, whole or not, and returns the draft's number.

        Raises:
            Overtaken: There is another draft than the one ``seen``.
        """
        with self._sessions.begin() as session:
            row = RecordVersionRow(record_id=record_id, state=DRAFT, data=dict(data), staff_id=staff_id)
            row.review_on = (review_on or "")[:10] or None
            raise_edition(session, DRAFTS)
            self._drop_draft(session, record_id, seen)
            session.add(row)
            session.flush()
            return row.id

    def discard_draft(self, record_id: str, seen: int | None) -> None:
        """Throws a draft away.

        Raises:
            Overtaken: There is another draft than the one ``seen``.
        """
        with self._sessions.begin() as session:
            raise_edition(session, DRAFTS)
            self._drop_draft(session, record_id, seen)

    def publish(
        self,
        record: Record,
        base: int,
        note: str | None = None,
        review_on: str | None = None,
        staff_id: str | None = None,
        seen: int | None = None,
        *,
        ends_draft: bool = True,
    ) -> int:
        """Serves a record from now on instead of the one there was, in every process; returns the version's number.

        Args:
            record: The whole record.
            base: The version it was made from.
            note: Why it was changed.
            review_on: Day on which somebody should look at it again, ISO 8601.
            staff_id: Who.
            seen: The draft it was made from, which ends here.
            ends_draft: Whether it was made from a draft at all; else one that is being written stays.

        Raises:
            Overtaken: Another version was published meanwhile, or another draft begun.
            Unsound: The records would not be sound together.
        """
        with self._sessions() as session:
            vectors_of(session, list(passages_of(record)))  # before anything is locked: it takes a while
        with self._sessions.begin() as session:
            raise_edition(session)
            whole = self._whole(session)
            self._replace(session, record.id, base)
            _refuse_new_faults(whole, whole | {record.id: record})
            if ends_draft:
                self._drop_draft(session, record.id, seen)
            row = RecordVersionRow(record_id=record.id, state=PUBLISHED, data=record.model_dump(mode="json"))
            row.note, row.review_on, row.staff_id, row.published_at = note, review_on, staff_id, now()
            session.add(row)
            session.flush()
            made = row.id
        renewed(self._settings)
        return made

    def withdraw(self, record_id: str, base: int, note: str | None = None, staff_id: str | None = None) -> None:
        """Takes the published version back: the pack's own record is served again, or none.

        Raises:
            Overtaken: ``base`` is not the published version (any more).
            Unsound: Other records point to it and the pack has none of that id.
        """
        with self._sessions.begin() as session:
            raise_edition(session)
            whole = self._whole(session)
            if not self._replace(session, record_id, base):
                raise Overtaken
            own = session.get(RecordRow, record_id)
            rest = {name: each for name, each in whole.items() if name != record_id}
            after = rest | ({record_id: Record.model_validate(own.data)} if own else {})
            _refuse_new_faults(whole, after)
            session.add(_mark(record_id, WITHDRAWN, note, None, staff_id))
        renewed(self._settings)

    def review(self, record_id: str, review_on: str, note: str | None = None, staff_id: str | None = None) -> None:
        """Notes that a record is still right, and when to look again; what is served stays the same."""
        with self._sessions.begin() as session:
            session.add(_mark(record_id, REVIEWED, note, review_on, staff_id))

    def _of(self, record_id: str) -> list[Version]:
        wanted = select(RecordVersionRow).where(RecordVersionRow.record_id == record_id)
        with self._sessions() as session:
            return [_version(row) for row in session.scalars(wanted.order_by(RecordVersionRow.id.desc()))]

    def _whole(self, session: Session) -> dict[str, Record]:
        """Returns every record of the moment by id, those switched off among them."""
        rows = session.scalars(select(RecordRow).where(RecordRow.pack == self._pack).order_by(RecordRow.position))
        return {row.id: Record.model_validate(row.data) for row in rows} | dict(
            read_written(session, self._pack).published
        )

    def _replace(self, session: Session, record_id: str, base: int) -> bool:
        """Ends the version that is served, if it is still ``base``; tells whether there was one."""
        of_record = (RecordVersionRow.record_id == record_id) & (RecordVersionRow.state == PUBLISHED)
        row = session.scalar(select(RecordVersionRow).where(of_record))
        if (row.id if row else PACK) != base:
            raise Overtaken
        if row is not None:
            row.state = REPLACED
        return row is not None

    def _drop_draft(self, session: Session, record_id: str, seen: int | None) -> None:
        of_record = (RecordVersionRow.record_id == record_id) & (RecordVersionRow.state == DRAFT)
        found = list(session.scalars(select(RecordVersionRow.id).where(of_record)))
        if found and found != [seen]:
            raise Overtaken
        # The row stays, empty: a number that came again would make a stranger's draft look like the one seen.
        ended = update(RecordVersionRow).where(RecordVersionRow.id.in_(found))
        session.execute(ended.values(state=DISCARDED, data={}))


def last_published(settings: Settings, record_ids: Iterable[str]) -> dict[str, datetime]:
    """Returns when a version of these records was published last, by record id; without those that never were."""
    wanted = select(RecordVersionRow.record_id, RecordVersionRow.published_at)
    wanted = wanted.where(RecordVersionRow.record_id.in_(tuple(record_ids)), RecordVersionRow.state == PUBLISHED)
    with sessions(settings.database)() as session:
        return {name: at for name, at in session.execute(wanted) if at is not None}


def _refuse_new_faults(before: Mapping[str, Record], after: Mapping[str, Record]) -> None:
    """Raises ``Unsound`` for errors that were not there before; what an older fault says is nobody's to mend now."""
    known = {str(finding) for finding in check(list(before.values()))}
    new = [each for each in check(list(after.values())) if each.level == "error" and str(each) not in known]
    if new:
        raise Unsound(new)


def _mark(
    record_id: str, state: str, note: str | None, review_on: str | None, staff_id: str | None
) -> RecordVersionRow:
    """Returns a row that says what was done to a record, without a text of its own."""
    row = RecordVersionRow(record_id=record_id, state=state, data={})
    row.note, row.review_on, row.staff_id = note, review_on, staff_id
    return row


def _version(row: RecordVersionRow) -> Version:
    return Version(
        row.id,
        row.record_id,
        row.state,
        row.data,
        row.note,
        row.review_on,
        row.staff_id,
        row.made_at,
        row.published_at,
    )
