"""Reads the CSV export of the Harmonized Tariff Schedule of the United States."""

from __future__ import annotations

import csv
import io
import re
from collections.abc import Iterator

from knowledge.tariffs.row import LONGEST, Row, TariffFileError, shortened

EDITION = "HTS 2026 revision 4"
LAST_CHAPTER = 97
"""Chapters 98 and 99 hold special provisions and temporary changes, not goods."""

_COLUMNS = ("HTS Number", "Indent", "Description", "General Rate of Duty", "Special Rate of Duty")
_GROUP = re.compile(r"([^()]*)\(([^()]*)\)")
_QUOTA = "entered pursuant to its provisions"
_SHARE = 60
"""Characters of one level of a description that is printed after the levels above it."""


def read_united_states(text: str) -> list[Row]:
    """Returns the lines of 8 digits with their general rate and the rate for Korea.

    The general rate is column 1 "General"; the rate for Korea is the one before the symbol KR in column 1 "Special"
    (General Note 33). A rate printed at 10 digits is that of the 8-digit line it belongs to.

    Raises:
        TariffFileError: The columns are not those of the export, or a line has no indent.
    """
    reader = csv.DictReader(io.StringIO(text))
    missing = [column for column in _COLUMNS if column not in (reader.fieldnames or ())]
    if missing:
        raise TariffFileError(f"not an HTS export: no column {', '.join(missing)}")
    return list(_rows(reader))


def _rows(reader: csv.DictReader[str]) -> Iterator[Row]:
    levels: list[str] = []
    for entry in reader:
        if not (entry["Indent"] or "").isdigit():
            raise TariffFileError(f"line {reader.line_num}: no indent")
        indent = int(entry["Indent"])
        levels = [*levels[:indent], *[""] * (indent - len(levels)), _clean(entry["Description"])]
        code = entry["HTS Number"].replace(".", "")
        general = _clean(entry["General Rate of Duty"])
        if general and len(code) >= 8 and int(code[:2]) <= LAST_CHAPTER:
            path = _path(levels)
            flags = "quota" if any(_QUOTA in level for level in levels) else ""
            yield Row(code[:8], path, general, EDITION, "", korea(entry["Special Rate of Duty"]), flags)


def korea(special: str) -> str:
    """Returns the rate printed for the symbol KR in the "Special" column; '' where KR is not named.

    ``Free (AU,BH,CL) 25% (KR)`` → ``25%``.
    """
    for rate, symbols in _GROUP.findall(special or ""):
        if "KR" in (symbol.strip() for symbol in symbols.split(",")):
            return _clean(rate)
    return ""


def _path(levels: list[str]) -> str:
    """The line's own words after those it depends on, as far as there is room: a bare "Other" says nothing."""
    path = shortened(levels[-1].rstrip(":"))
    for level in reversed(levels[1:-1]):
        longer = f"{_share(level.rstrip(':'))} > {path}"
        if not level or len(longer) > LONGEST:
            break
        path = longer
    return path


def _share(level: str) -> str:
    return level if len(level) <= _SHARE else level[:_SHARE].rsplit(" ", 1)[0] + "…"


def _clean(text: str | None) -> str:
    return " ".join((text or "").split())
