"""The finder of the pack in use, made once a process."""

from __future__ import annotations

from functools import lru_cache
from pathlib import Path
from threading import Lock

from knowledge.hs.finder import INDEX_FILE, HsFinder
from knowledge.hs.index import Progress, build_index, is_current
from knowledge.hs.table import HS_FOLDER
from knowledge.settings import Settings, settings


def hs_folder(chosen: Settings | None = None) -> Path:
    """Returns the ``hs`` folder of the pack in use."""
    chosen = chosen or settings()
    return chosen.packs_dir / chosen.pack / HS_FOLDER


def index_path(chosen: Settings | None = None) -> Path:
    """Returns where the index of the pack in use is kept."""
    return (chosen or settings()).data_dir / INDEX_FILE


def build_if_changed(chosen: Settings | None = None, progress: Progress = lambda done, total: None) -> bool:
    """Builds the index if the pack's files have changed; tells whether it did.

    Raises:
        TableError: One of the pack's files is missing or has other columns than it should.
    """
    folder, path = hs_folder(chosen), index_path(chosen)
    if is_current(folder, path):
        return False
    build_index(folder, path, progress)
    return True


def finder() -> HsFinder:
    """Returns the finder of the pack in use, made on first use.

    Raises:
        IndexMissing: The index is missing or older than the pack.
    """
    with _making:  # of several first questions at once one makes it, the others wait
        return _finder(hs_folder(), index_path())


_making = Lock()


@lru_cache(maxsize=1)
def _finder(folder: Path, path: Path) -> HsFinder:
    return HsFinder(folder, path)
