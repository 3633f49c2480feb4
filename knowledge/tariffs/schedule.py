"""Finds the tariff lines of a product in the buyer's country, and the preferential rate of a line in a year."""

from __future__ import annotations

import csv
from bisect import bisect_left
from dataclasses import dataclass
from functools import lru_cache
from pathlib import Path

import yaml
from pydantic import ValidationError

from knowledge.record import Source
from knowledge.settings import settings
from knowledge.tariffs.rate import Rate, parse_rate
from knowledge.tariffs.row import Row, TariffFileError
from knowledge.tariffs.staging import BaseMeaning, Category, Place, Staging, read_staging


@dataclass(frozen=True)
class TariffLine:
    """A line of the buyer's national tariff, as an agreement sees it.

    Attributes:
        agreement: Id of the agreement.
        code: The country's own code, digits only.
        description: What it covers, short, in the language of the official text.
        base: The rate the agreement starts from, or the general rate of today (see ``base_is``).
        base_is: What the base rate is.
        edition: Edition of the tariff, or the day the base rate was in force.
        category: Staging category; '' where the tariff prints today's rate.
        preferential: Rate for Korean goods as printed; '' where none is.
        flags: ``quota``, ``footnote``.
    """

    agreement: str
    code: str
    description: str
    base: Rate
    base_is: BaseMeaning
    edition: str
    category: str = ""
    preferential: str = ""
    flags: tuple[str, ...] = ()


def rates(agreement: str, hs: str, folder: Path | None = None) -> list[TariffLine]:
    """Returns the lines whose code begins with ``hs``, in the order of their codes.

    Args:
        agreement: Id of an agreement with a schedule here: KR-US, KR-CN, KR-VN.
        hs: Digits, as many as are known.
        folder: The pack's ``tariffs`` folder; that of the settings if not given.

    Returns:
        The lines; empty where there is no schedule for the agreement, or no line of that code in it.

    Raises:
        TariffFileError: The tariff file is malformed.
    """
    staging = read_staging().get(agreement)
    path = (folder or tariffs_folder()) / f"{staging.market}.csv" if staging else None
    if staging is None or path is None or not path.exists():
        return []
    codes, rows = _read(path)
    first = bisect_left(codes, hs)
    last = bisect_left(codes, hs + ":")  # the character after "9"
    return [_line(agreement, staging, row) for row in rows[first:last]]


def rate_in(line: TariffLine, year: int) -> Rate | None:
    """Returns the preferential rate of a line in a calendar year.

    Returns:
        The rate; None where the agreement gives none, did not apply yet, or the text does not settle it.
    """
    staging = read_staging()[line.agreement]
    if staging.tariff_year is not None:
        known = line.preferential and year >= staging.tariff_year
        return parse_rate(line.preferential) if known else None
    category = staging.categories[line.category]
    if category.printed:
        return _printed(line.preferential, year)
    return staging.rate(line.base, category, year)


def category_of(line: TariffLine) -> Category | None:
    """Returns the staging category of a line; None where the tariff prints today's rate."""
    return read_staging()[line.agreement].categories.get(line.category)


def tariffs_folder() -> Path:
    """Returns the folder of the tariff files of the pack in use."""
    return settings().packs_dir / settings().pack / "tariffs"


def source_of(place: Place, folder: Path | None = None) -> Source:
    """Returns the full source a place in ``staging.yaml`` or ``words.yaml`` points to.

    Raises:
        TariffFileError: ``sources.yaml`` does not have the document.
    """
    document = _documents(folder or tariffs_folder()).get(place.of)
    if document is None:
        raise TariffFileError(f"sources.yaml does not have {place.of!r}")
    return document.model_copy(update={"locator": place.locator, "basis": place.basis})


@lru_cache(maxsize=4)
def _documents(folder: Path) -> dict[str, Source]:
    try:
        raw = yaml.safe_load((folder / "sources.yaml").read_text(encoding="utf-8"))
        return {name: Source.model_validate(entry) for name, entry in raw.items()}
    except (OSError, yaml.YAMLError, ValidationError) as error:
        raise TariffFileError(f"{folder / 'sources.yaml'}: {error}") from error


@lru_cache(maxsize=8)
def _read(path: Path) -> tuple[list[str], list[Row]]:
    with path.open(encoding="utf-8", newline="") as file:
        try:
            rows = sorted((Row(**entry) for entry in csv.DictReader(file)), key=lambda row: row.code)
        except TypeError as error:
            raise TariffFileError(f"{path.name}: {error}") from error
    return [row.code for row in rows], rows


def _line(agreement: str, staging: Staging, row: Row) -> TariffLine:
    category = staging.categories.get(row.category)
    if row.category and category is None:
        raise TariffFileError(f"{staging.market}.csv: {row.code}: unknown category {row.category!r}")
    return TariffLine(
        agreement=agreement,
        code=row.code,
        description=row.description,
        base=parse_rate(row.base),
        base_is=(category.base if category else None) or staging.base,
        edition=row.edition,
        category=row.category,
        preferential=row.preferential,
        flags=tuple(row.flags.split()),
    )


def _printed(printed: str, year: int) -> Rate | None:
    """``2015=10% 2016=5%``: the last year printed holds from then on; before the first there is none."""
    years = {int(name): rate for name, rate in (part.split("=") for part in printed.split())}
    holding = [name for name in years if name <= year]
    return parse_rate(years[max(holding)]) if holding else None
