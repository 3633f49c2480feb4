"""The knowledge as one process uses it: library, gazetteer and search, always of the newest edition.

``shelf()`` costs a look at one number a second. What is switched off is hidden at once, over the same index; other
texts need a new index, which is made beside the one in use and then takes its place, so that no turn waits for it.
"""

from __future__ import annotations

import logging
import time
from collections.abc import Collection
from dataclasses import dataclass, field
from functools import lru_cache
from pathlib import Path
from threading import Lock, Thread

from knowledge.database.engine import sessions
from knowledge.edited.served import Watch, Written, watch
from knowledge.gazetteer import Gazetteer
from knowledge.library import Library
from knowledge.lookups import read_lookups
from knowledge.passages import passages_of, vectors_of
from knowledge.record import Record
from knowledge.search import Search, gazetteer_of
from knowledge.settings import Settings, settings

log = logging.getLogger("naru.knowledge")

AGAIN_SECONDS = 30.0
"""How long a process waits after it failed to make a new index."""


@dataclass(frozen=True)
class Shelf:
    """Everything that answers questions about the facts.

    Attributes:
        library: The records that may be shown.
        gazetteer: Their names.
        search: What finds them.
        off: Ids of the records that must not be shown.
        uncut: The same with those records, to tell that a question is about one of them; None where there are none.
        built: The pack as it was built, without what editors changed: for what is too slow to learn anew each time.
    """

    library: Library
    gazetteer: Gazetteer
    search: Search
    built: Library
    off: frozenset[str] = frozenset()
    uncut: Shelf | None = field(default=None, repr=False)

    @property
    def whole(self) -> Shelf:
        """Returns the shelf with the records that must not be shown; nothing of it may reach a customer."""
        return self.uncut or self

    def hiding(self, off: Collection[str]) -> Shelf:
        """Returns the shelf without some records, over the same index."""
        whole, hidden = self.whole, frozenset(off)
        if not hidden:
            return whole
        library, gazetteer = whole.library.without(hidden), whole.gazetteer.hiding(hidden)
        return Shelf(library, gazetteer, whole.search.hiding(hidden, library, gazetteer), whole.built, hidden, whole)


def shelf() -> Shelf:
    """Returns the knowledge named in the settings, as editors have left it.

    Raises:
        NotBuilt: `naru knowledge build` has not run on this database.
    """
    return _keeper_of(settings()).now()


def renewed(chosen: Settings) -> Shelf:
    """Returns the knowledge as it is this moment, for the process that has just changed it; waits for the index.

    Raises:
        NotBuilt: `naru knowledge build` has not run on this database.
    """
    return _keeper_of(chosen).renewed()


def shelf_with(record: Record) -> Shelf:
    """Returns the knowledge as it would be with another record, without serving it.

    Raises:
        NotBuilt: `naru knowledge build` has not run on this database.
    """
    chosen = settings()
    opened = shelf()
    passages = list(passages_of(record))
    with sessions(chosen.database)() as session:
        vectors = vectors_of(session, passages)
    library = opened.whole.library.with_records({record.id: record}, passages, vectors)
    made = open_shelf(library, chosen.packs_dir / chosen.pack, opened.whole, opened.built)
    return made.hiding(opened.off - {record.id})


def open_shelf(library: Library, pack: Path, before: Shelf | None = None, built: Library | None = None) -> Shelf:
    """Makes the gazetteer and the search over a library; quickly, if most of it was on a shelf ``before``.

    Args:
        library: All records, also those to be hidden.
        pack: The pack's folder.
        before: A shelf of most of these records.
        built: The pack as it was built, if the library is not just that.
    """
    gazetteer = gazetteer_of(library, read_lookups(pack), before.gazetteer if before else None)
    search = Search(library, gazetteer, before=before.search if before else None)
    return Shelf(library, gazetteer, search, built or library)


def _keeper_of(chosen: Settings) -> Keeper:
    return _keeper(chosen.database, chosen.pack, chosen.packs_dir, chosen.switched_off)


@lru_cache(maxsize=4)
def _keeper(database: str, pack: str, packs: Path, switched_off: str) -> Keeper:
    return Keeper(database, packs / pack, watch(database, pack, switched_off))


class Keeper:
    """Keeps the shelf of one process at the newest edition.

    Args:
        database: Address of the database.
        folder: The pack's folder, named like the pack.
        looks: What tells when something has changed.
    """

    def __init__(self, database: str, folder: Path, looks: Watch) -> None:
        self._database, self._folder, self._watch = database, folder, looks
        self._built: tuple[str, Library] | None = None
        self._texts: tuple[str, tuple[int, ...]] | None = None
        self._shelf: Shelf | None = None
        self._making, self._swapping = Lock(), Lock()
        self._not_before = 0.0

    def now(self) -> Shelf:
        """Returns the shelf without waiting, except for the first one."""
        written = self._watch.now()
        opened = self._hidden()
        if opened is None:
            return self._made()
        if self._texts != written.texts and time.monotonic() >= self._not_before:
            self._make_beside()
        return opened

    def renewed(self) -> Shelf:
        """Returns the shelf of this moment, and waits for it."""
        self._watch.look()
        return self._made()

    def _hidden(self) -> Shelf | None:
        """Returns the shelf there is, without what is switched off by now."""
        with self._swapping:
            if self._shelf is not None and self._shelf.off != self._watch.last.off:
                self._shelf = self._shelf.hiding(self._watch.last.off)
            return self._shelf

    def _make_beside(self) -> None:
        if self._making.locked():
            return
        self._not_before = time.monotonic() + AGAIN_SECONDS
        Thread(target=self._follow, name="naru-shelf", daemon=True).start()

    def _follow(self) -> None:
        try:
            self._made()
            self._not_before = 0.0
        except Exception:  # the old shelf goes on; after a while it is tried again
            log.exception("the newest knowledge could not be opened")

    def _made(self) -> Shelf:
        """Returns the shelf of what is written by now; of several threads one makes it."""
        with self._making:
            written = self._watch.now()  # perhaps newer than what this thread came for
            if self._shelf is None or self._texts != written.texts:
                started = time.perf_counter()
                whole = self._open(written)
                with self._swapping:
                    self._shelf, self._texts = whole.hiding(self._watch.last.off), written.texts
                log.info("edition %d opened in %.2f s", written.edition, time.perf_counter() - started)
        return self._hidden() or self._shelf

    def _open(self, written: Written) -> Shelf:
        before = self._shelf.whole if self._shelf else None
        with sessions(self._database)() as session:
            if self._built is None or self._built[0] != written.built:
                self._built = written.built, Library.load(session, self._folder.name)
            library = built = self._built[1]
            if written.published:
                passages = [passage for record in written.published.values() for passage in passages_of(record)]
                library = library.with_records(written.published, passages, vectors_of(session, passages))
        return open_shelf(library, self._folder, before, built)
