"""The knowledge as one process uses it: library, gazetteer and search, opened once from the database."""

from __future__ import annotations

from dataclasses import dataclass
from functools import lru_cache
from pathlib import Path

from knowledge.database.engine import sessions
from knowledge.gazetteer import Gazetteer
from knowledge.library import Library
from knowledge.lookups import read_lookups
from knowledge.search import Search, gazetteer_of
from knowledge.settings import settings


@dataclass(frozen=True)
class Shelf:
    """Everything that answers questions about the facts."""

    library: Library
    gazetteer: Gazetteer
    search: Search


@lru_cache(maxsize=1)
def shelf() -> Shelf:
    """Opens the knowledge named in the settings; later calls return the same.

    Raises:
        NotBuilt: `naru knowledge build` has not run on this database.
    """
    chosen = settings()
    hidden = [name.strip() for name in chosen.switched_off.split(",") if name.strip()]
    with sessions(chosen.database)() as session:
        library = Library.load(session, chosen.pack, hidden)
    return open_shelf(library, chosen.packs_dir / chosen.pack)


def open_shelf(library: Library, pack: Path) -> Shelf:
    """Makes the gazetteer and the search over a library."""
    gazetteer = gazetteer_of(library, read_lookups(pack))
    return Shelf(library, gazetteer, Search(library, gazetteer))
