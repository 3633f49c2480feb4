"""Reads official tariff texts and writes them as ``<market>.csv`` in one own schema.

What each market's text is:

* US: the CSV export of the Harmonized Tariff Schedule (columns ``HTS Number``, ``Indent``, ``Description``,
  ``General Rate of Duty``, ``Special Rate of Duty``), UTF-8.
* CN: China's schedule in Annex 2-A of the Korea–China agreement in Korean (columns HS 2012, 품목명, 기준세율(%),
  양허유형), as the text of the PDF, a page after a page.
* VN: sections A and B of Viet Nam's schedule in Annex 2-A of the Korea–Viet Nam agreement in English, as text.

A text that can't be read whole is refused: a line lost without a word would later look like "no duty known".
"""

from __future__ import annotations

import csv
from collections import Counter
from collections.abc import Callable, Sequence
from dataclasses import asdict, dataclass, fields
from pathlib import Path

from knowledge.tariffs.reading_schedules import read_china, read_viet_nam
from knowledge.tariffs.reading_us import read_united_states
from knowledge.tariffs.row import Row, TariffFileError
from knowledge.tariffs.staging import read_staging

READERS: dict[str, Callable[[str], list[Row]]] = {
    "US": read_united_states,
    "CN": read_china,
    "VN": read_viet_nam,
}


@dataclass(frozen=True)
class Imported:
    """What an import wrote: the market, the file and the number of its lines."""

    market: str
    file: Path
    lines: int


def import_market(market: str, files: Sequence[Path], folder: Path) -> Imported:
    """Reads a market's official text and writes ``<folder>/<market>.csv``.

    Args:
        market: ISO code of the importing country: US, CN or VN.
        files: The text, in one file or several (sections, parts) in their order.
        folder: The pack's ``tariffs`` folder; made if it is not there.

    Raises:
        TariffFileError: The market has no reader, a file can't be read, or its content is not the expected text.
    """
    reader = READERS.get(market.strip().upper())
    if reader is None:
        raise TariffFileError(f"market: one of {', '.join(READERS)}, not {market!r}")
    rows = reader("\n".join(_text(file) for file in files))
    _check(market.strip().upper(), rows)
    folder.mkdir(parents=True, exist_ok=True)
    target = folder / f"{market.strip().upper()}.csv"
    write_rows(rows, target)
    return Imported(market.strip().upper(), target, len(rows))


def write_rows(rows: Sequence[Row], target: Path) -> None:
    """Writes rows in the order of their codes; an older file is replaced only once all is written."""
    draft = target.with_suffix(".draft")
    with draft.open("w", encoding="utf-8", newline="") as file:
        writer = csv.DictWriter(file, [field.name for field in fields(Row)], lineterminator="\n")
        writer.writeheader()
        writer.writerows(asdict(row) for row in sorted(rows, key=lambda row: row.code))
    draft.replace(target)


def _text(file: Path) -> str:
    try:
        return file.read_text(encoding="utf-8-sig")
    except (OSError, UnicodeDecodeError) as error:
        raise TariffFileError(f"{file}: {error}") from error


def _check(market: str, rows: Sequence[Row]) -> None:
    if not rows:
        raise TariffFileError(f"{market}: no tariff line found; is this the right text?")
    twice = [code for code, count in Counter(row.code for row in rows).items() if count > 1]
    if twice:
        raise TariffFileError(f"{market}: more than one line for {', '.join(twice[:5])}")
    known = {name for entry in read_staging().values() if entry.market == market for name in entry.categories}
    strange = sorted({row.category for row in rows if row.category} - known)
    if strange:
        raise TariffFileError(f"{market}: categories staging.yaml does not have: {', '.join(strange)}")
