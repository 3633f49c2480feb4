"""Says under which codes of an older edition of the Harmonized System the goods of a code of today stood.

``hs/editions.csv`` of a pack lists the codes of HS 2022 that are not, or not surely, the same as in an older edition.
Rows with the basis ``derived`` follow from comparing the code lists of HS 2022 and HS 2012 (``derive``); those with
``editorial`` are well-known amendments. Neither replaces the correlation tables of the World Customs Organization.
"""

from __future__ import annotations

import csv
from collections.abc import Collection, Iterable, Mapping
from dataclasses import dataclass
from functools import cached_property, lru_cache
from pathlib import Path
from typing import Literal, get_args

import yaml

from knowledge.record import Language

FILE = Path("hs") / "editions.csv"
COLUMNS = ("code", "edition", "how", "was", "basis")

CURRENT_EDITION = 2022
"""The HS edition product and material codes are given in."""

How = Literal["renumbered", "shifted", "new_in_heading", "new_heading", "amended"]
"""What became of a code. ``renumbered``: all its goods stood under the codes ``was``. ``shifted``: the number is old,
but codes of its heading were dropped since, so that its goods may have stood under one of those. ``new_in_heading``:
the heading is old, the code is not. ``new_heading``: the heading is not old, or its number then meant other goods.
``amended``: the heading was so rearranged that its goods may have stood under any code of ``was``."""


class EditionsError(ValueError):
    """``editions.csv`` can't be read; the message names the line."""


@dataclass(frozen=True)
class Change:
    """One line of the table.

    Attributes:
        code: Code after the change, six digits, or four for all of a heading.
        edition: Year of the last edition before the change.
        was: Codes of four or six digits in that edition.
    """

    code: str
    edition: int
    how: How
    was: tuple[str, ...]
    basis: Literal["derived", "editorial"]


@dataclass(frozen=True)
class Trace:
    """Where the goods of a code of today may have stood in an older edition.

    Attributes:
        was: All codes of four or six digits they may have stood under; empty where that is not known.
        hows: What happened on the way; empty where the number is taken for the same goods.
    """

    was: tuple[str, ...]
    hows: frozenset[How]


class Editions:
    """The table. Read-only once made."""

    def __init__(self, changes: Iterable[Change] = ()) -> None:
        self._changes: dict[str, list[Change]] = {}
        for change in changes:
            self._changes.setdefault(change.code, []).append(change)

    @classmethod
    def read(cls, folder: Path) -> Editions:
        """Reads ``hs/editions.csv`` of a pack; an absent file is an empty table.

        Raises:
            EditionsError: A line is malformed.
        """
        path = folder / FILE
        if not path.exists():
            return cls()
        with path.open(encoding="utf-8", newline="") as file:
            reader = csv.DictReader(file)
            if tuple(reader.fieldnames or ()) != COLUMNS:
                raise EditionsError(f"{path.name}: the columns must be {','.join(COLUMNS)}")
            return cls([_change(line, f"{path.name}, line {reader.line_num}") for line in reader])

    def trace(self, hs6: str, edition: int) -> Trace:
        """Follows a code of today back to an edition, change by change."""
        codes: tuple[str, ...] = (hs6,)
        hows: set[How] = set()
        for year in sorted(self._years, reverse=True):
            if year < edition:
                break
            step: list[str] = []
            for code in codes:
                change = self._change(code, year)
                step += (code,) if change is None else change.was
                if change is not None:
                    hows.add(change.how)
            codes = tuple(dict.fromkeys(step))
        return Trace(() if "new_heading" in hows else codes, frozenset(hows))

    @cached_property
    def _years(self) -> frozenset[int]:
        return frozenset(change.edition for changes in self._changes.values() for change in changes)

    def _change(self, code: str, edition: int) -> Change | None:
        """What is said of the code goes before what is said of its heading, editorial before derived."""
        found = [c for each in (code, code[:4]) for c in self._changes.get(each, []) if c.edition == edition]
        return min(found, key=lambda c: (-len(c.code), c.basis != "editorial"), default=None)


def derive(
    today: Collection[str], then: Collection[str], edition: int, explained: Collection[str] = ()
) -> list[Change]:
    """Returns what the two lists of six-digit codes tell for sure to have changed, in the order of the codes.

    A number that stands in both lists is taken for the same goods where no code of its heading was dropped: codes added
    beside it can only have taken goods away. Goods that moved between headings without a new number are not seen.

    Args:
        today: Every subheading of HS 2022.
        then: Every subheading of the older edition.
        edition: Year of that edition.
        explained: Dropped codes of which it is known that no code standing in both lists took their goods.
    """
    old, new = set(then), set(today)
    headings = {code[:4] for code in old}
    dropped: dict[str, list[str]] = {}
    for code in sorted(old - new - set(explained)):
        dropped.setdefault(code[:4], []).append(code)
    changes = []
    for code in sorted(new):
        gone = dropped.get(code[:4], [])
        if code[:4] not in headings:
            changes.append(Change(code, edition, "new_heading", (), "derived"))
        elif code not in old:
            changes.append(Change(code, edition, "new_in_heading", (code[:4],), "derived"))
        elif gone:
            changes.append(Change(code, edition, "shifted", (code, *gone), "derived"))
    return changes


def write_changes(path: Path, changes: Iterable[Change]) -> None:
    """Writes the table, sorted by code."""
    with path.open("w", encoding="utf-8", newline="") as file:
        writer = csv.writer(file, lineterminator="\n")
        writer.writerow(COLUMNS)
        for change in sorted(changes, key=lambda c: (c.code, -c.edition, c.basis)):
            writer.writerow([change.code, change.edition, change.how, "|".join(change.was), change.basis])


def _change(line: dict[str, str], where: str) -> Change:
    try:
        code, how, was = line["code"], line["how"], tuple(filter(None, line["was"].split("|")))
        edition = int(line["edition"])
    except (KeyError, ValueError, AttributeError, TypeError) as error:
        raise EditionsError(f"{where}: {error}") from error
    codes = (code, *was)
    if how not in get_args(How) or any(not each.isdecimal() or len(each) not in (4, 6) for each in codes):
        raise EditionsError(f"{where}: not a change of a code of four or six digits")
    if line["basis"] not in ("derived", "editorial"):
        raise EditionsError(f"{where}: the basis is derived or editorial")
    if not was and how != "new_heading":
        raise EditionsError(f"{where}: says not what the code was")
    return Change(code, edition, how, was, line["basis"])  # type: ignore[arg-type]


def goods_then(
    codes: Iterable[str], edition: int, condition: Mapping[Language, str] | None = None
) -> dict[Language, str]:
    """Describes goods by the codes they stood under in an edition, in both languages."""
    shown = ", ".join(code if len(code) == 4 else f"{code[:4]}.{code[4:]}" for code in dict.fromkeys(codes))
    told: dict[Language, str] = {
        language: text.format(codes=shown, year=edition) for language, text in _sentence().items()
    }
    return {language: f"{text}: {condition[language]}" if condition else text for language, text in told.items()}


@lru_cache(maxsize=1)
def _sentence() -> dict[Language, str]:
    path = Path(__file__).parent / "editions.yaml"
    return dict(yaml.safe_load(path.read_text(encoding="utf-8"))["goods_then"])
