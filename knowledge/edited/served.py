"""What editors have put in the place of the pack, as of now: read once, and again when the edition has risen."""

from __future__ import annotations

import logging
import time
from collections.abc import Mapping
from dataclasses import dataclass, field
from functools import lru_cache
from pathlib import Path
from threading import Lock

from pydantic import ValidationError
from sqlalchemy import make_url, select
from sqlalchemy.exc import SQLAlchemyError
from sqlalchemy.orm import Session

from knowledge.database.engine import sessions
from knowledge.database.tables import BuildRow
from knowledge.database.written import RecordVersionRow, SwitchedOffRow
from knowledge.edited.editions import edition
from knowledge.record import Record
from knowledge.settings import settings

log = logging.getLogger("naru.knowledge")

LOOK_SECONDS = 1.0
"""How often a process looks whether another one has changed something."""

PUBLISHED = "published"


@dataclass(frozen=True)
class Written:
    """What is served besides and instead of the pack.

    Attributes:
        edition: Number of the change it stands for.
        built: Digest of the pack as it was built, empty where none is.
        versions: Ids of the published versions; two with the same ``built`` and ``versions`` serve the same texts.
        published: The records of those versions by their id.
        off: Ids of records that must not be shown.
    """

    edition: int = 0
    built: str = ""
    versions: tuple[int, ...] = ()
    published: Mapping[str, Record] = field(default_factory=dict)
    off: frozenset[str] = frozenset()

    @property
    def texts(self) -> tuple[str, tuple[int, ...]]:
        """Returns what an index was made of; while it stays the same, the index needs no making."""
        return self.built, self.versions


def written() -> Written:
    """Returns what editors have changed, at most a second old."""
    chosen = settings()
    return watch(chosen.database, chosen.pack, chosen.switched_off).now()


def written_over(folder: Path) -> Written:
    """Returns what editors have changed of the pack in ``folder``: nothing, if it is not the pack that is served."""
    chosen = settings()
    return written() if folder == chosen.packs_dir / chosen.pack else Written()


def read_written(session: Session, pack: str, also_off: frozenset[str] = frozenset()) -> Written:
    """Reads what editors have changed from the database."""
    number = edition(session)
    built = session.get(BuildRow, pack)
    wanted = select(RecordVersionRow).where(RecordVersionRow.state == PUBLISHED).order_by(RecordVersionRow.id)
    rows = session.scalars(wanted).all()
    off = frozenset(session.scalars(select(SwitchedOffRow.record_id))) | also_off
    records = filter(None, map(_record, rows))
    return Written(
        edition=number,
        built=built.digest if built else "",
        versions=tuple(row.id for row in rows),
        published={record.id: record for record in records},
        off=off,
    )


def _record(row: RecordVersionRow) -> Record | None:
    """Returns the record of a version; None for one of an older form, in whose place the pack's own is served."""
    try:
        return Record.model_validate(row.data)
    except ValidationError as error:
        log.error("version %s of %s can't be read: %s", row.id, row.record_id, error)
        return None


class Watch:
    """Looks at the edition's number now and then, and reads the rest only when it has risen."""

    def __init__(self, database: str, pack: str, also_off: frozenset[str] = frozenset()) -> None:
        self._database, self._pack, self._also_off = database, pack, also_off
        self._last = Written(off=also_off)
        self._read = False
        self._next_look = 0.0
        self._lock = Lock()

    @property
    def last(self) -> Written:
        """Returns what was read last, without looking."""
        return self._last

    def now(self) -> Written:
        """Returns the newest that is known; of several callers only one looks, the others do not wait for it."""
        if time.monotonic() >= self._next_look and self._lock.acquire(blocking=not self._next_look):
            try:
                if time.monotonic() >= self._next_look:
                    self._look()
            finally:
                self._lock.release()
        return self._last

    def look(self) -> Written:
        """Looks at once, for the process that has just changed something."""
        with self._lock:
            self._look()
        return self._last

    def _look(self) -> None:
        if _exists(self._database):
            try:
                with sessions(self._database)() as session:
                    if not self._read or edition(session) != self._last.edition:
                        self._last = read_written(session, self._pack, self._also_off)
                        self._read = True
            except SQLAlchemyError as error:  # a database away for a moment, or one not brought up to date yet
                log.warning("what editors have changed can't be read: %s", type(error).__name__)
        self._next_look = time.monotonic() + LOOK_SECONDS


def _exists(database: str) -> bool:
    """Tells whether there is a database to look into; looking would make an empty SQLite file."""
    address = make_url(database)
    return address.get_backend_name() != "sqlite" or Path(address.database or "").is_file()


@lru_cache(maxsize=8)
def watch(database: str, pack: str, switched_off: str = "") -> Watch:
    """Returns the one watch of this process over a database; ``switched_off`` are ids that the settings hide."""
    names = frozenset(name.strip() for name in switched_off.split(",") if name.strip())
    return Watch(database, pack, names)
