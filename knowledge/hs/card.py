"""Everything said about one code on one page: its names, where it stands, its lines, notes, and sources."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from functools import lru_cache
from pathlib import Path

from pydantic import TypeAdapter, ValidationError

from knowledge.hs.notes import Note, notes_for
from knowledge.hs.table import Flags, HsCode, load_table
from knowledge.pack import PackError, read_yaml
from knowledge.record import Basis, Source


@dataclass(frozen=True)
class Card:
    """One code and its surroundings.

    Attributes:
        code: The code.
        above: The codes above, chapter first.
        below: The codes directly below.
        national: The country's ten-digit lines below a heading or subheading.
        flags: EU laws that name the code.
        notes: Notes that speak about it.
        sources: Where the names come from.
    """

    code: HsCode
    above: tuple[HsCode, ...]
    below: tuple[HsCode, ...]
    national: tuple[HsCode, ...]
    flags: Flags
    notes: tuple[Note, ...]
    sources: tuple[Source, ...]


def show(folder: Path, code: str) -> Card | None:
    """Returns the card of ``code``, None if there is no such code.

    Raises:
        BadCode: It is not 2, 4, 6 or 10 digits.
    """
    table = load_table(folder)
    found = table.get(code)
    if found is None:
        return None
    above = [table.get(found.code[:size]) for size in (2, 4, 6) if size < found.level]
    return Card(
        code=found,
        above=tuple(one for one in above if one),
        below=tuple(table.children(code)),
        national=tuple(table.national(code)) if found.level in (4, 6) else (),
        flags=table.flags(code),
        notes=tuple(notes_for(folder, code)),
        sources=sources_of(folder, _files(found)),
    )


def sources_of(folder: Path, names: Sequence[str]) -> tuple[Source, ...]:
    """Returns the sources of the named files of a pack's ``hs`` folder.

    Raises:
        PackError: The list of sources is malformed or lacks one.
    """
    known = _sources(folder)
    missing = [name for name in names if name not in known]
    if missing:
        raise PackError(f"{folder / 'sources.yaml'}: no source for {', '.join(missing)}")
    return tuple(known[name] for name in names)


@lru_cache(maxsize=4)
def _sources(folder: Path) -> dict[str, Source]:
    try:
        return TypeAdapter(dict[str, Source]).validate_python(read_yaml(folder / "sources.yaml"))
    except ValidationError as error:
        raise PackError(f"{folder / 'sources.yaml'}: {error}") from error


def _files(code: HsCode) -> tuple[str, ...]:
    """Names of the files a code's names come from."""
    if code.level == 10:
        return ("codes.csv",)
    if code.level == 6:
        return ("nomenclature", "codes.csv", *(() if code.basis is Basis.OFFICIAL else ("headings.csv",)))
    return ("nomenclature", "chapters.csv" if code.level == 2 else "headings.csv")
