"""How an agreement lowers a rate year by year: the staging categories of ``staging.yaml`` as typed rules."""

from __future__ import annotations

from datetime import date
from decimal import Decimal
from functools import lru_cache
from pathlib import Path
from typing import Literal

import yaml
from pydantic import ValidationError

from knowledge.record import Basis, Language, Strict
from knowledge.tariffs.rate import Rate, at_most, percentage

STAGING = Path(__file__).parent / "staging.yaml"

BaseMeaning = Literal["current_general", "general_2012", "lower_of_2012", "asean_korea_2015"]
"""What the base rate is: today's general rate, that of 2012, the lower of the general and the ASEAN–Korea rate of
2012, or the ASEAN–Korea rate of 2015. Only the first two are ordinary duty, against which a saving can be told."""


class StagingError(ValueError):
    """``staging.yaml`` is malformed; the message names the field."""


class Place(Strict):
    """Where a rule stands: a document of the pack's ``tariffs/sources.yaml`` and the article in it."""

    of: str
    locator: str
    basis: Basis = Basis.OFFICIAL


class Change(Strict):
    """From 1 January of a calendar year: a fixed rate, or a ceiling (percent, or ``base`` for the base rate)."""

    year: int
    percent: Decimal | None = None
    at_most: Decimal | Literal["base"] | None = None


class Category(Strict):
    """One staging category.

    Attributes:
        cut: How much of the base rate is taken off in the end, percent of it.
        begins: Year of implementation with the first step (1: the year of entry into force).
        steps: Number of equal steps, one a year.
        changes: Instead of steps: what the text fixes for calendar years; the base rate holds before.
        printed: The rates of the years are printed in the schedule itself.
        base: What the base rate of these lines is, where not as in the rest of the schedule.
        source: Where the category is defined.
    """

    cut: Decimal = Decimal(0)
    begins: int = 1
    steps: int = 1
    changes: tuple[Change, ...] = ()
    printed: bool = False
    base: BaseMeaning | None = None
    source: Place


class Staging(Strict):
    """One agreement's way from the base rate to the preferential rate.

    Attributes:
        market: ISO code of the importing country, and name of its tariff file.
        in_force: Day of entry into force; its year is year 1.
        base: What the base rate is.
        edition: Year of the HS edition of the tariff's codes.
        tariff_year: Year of the tariff, where it prints today's rates and not the way to them.
        percent_step: Interim rates are rounded down to a multiple of this, percentage points.
        money_step: The same for amounts of money by quantity.
        categories: Staging categories by name.
        caveats: Ids in ``words.yaml`` of what must always be said.
        look_at: Ids of the pack's records where the rate of today can be looked up; ``services``: names besides.
        source: The tariff's own text, and the articles on base rate, rounding and years.
    """

    market: str
    in_force: date
    in_force_source: Place
    base: BaseMeaning
    base_source: Place
    edition: int
    tariff_year: int | None = None
    percent_step: Decimal = Decimal("0.1")
    money_step: Decimal = Decimal("0.1")
    rounding_source: Place | None = None
    categories: dict[str, Category] = {}
    caveats: tuple[str, ...] = ()
    look_at: tuple[str, ...] = ()
    services: tuple[dict[Language, str], ...] = ()
    source: Place

    def rate(self, base: Rate, category: Category, year: int) -> Rate | None:
        """Returns the preferential rate of a calendar year; None before entry into force or where not settled.

        Equal steps: base × (1 − cut ÷ 100 × steps done ÷ steps), rounded down to ``percent_step``.
        The year of entry into force counts whole, though the agreement applied only from its day.
        """
        if year < self.in_force.year:
            return None
        if category.changes:
            return _changed(base, category.changes, year)
        number = year - self.in_force.year + 1
        done = min(max(number - category.begins + 1, 0), category.steps)
        share = 1 - category.cut / 100 * done / category.steps
        return base.scaled(share, self.percent_step, self.money_step)


def _changed(base: Rate, changes: tuple[Change, ...], year: int) -> Rate | None:
    current = max((change for change in changes if change.year <= year), key=lambda change: change.year, default=None)
    if current is None:
        return base
    if base.percent is None:
        return None
    if current.percent is not None:
        return percentage(min(current.percent, base.percent))
    if current.at_most is None or current.at_most == "base":
        return at_most(base.percent)
    return at_most(min(current.at_most, base.percent))


@lru_cache(maxsize=1)
def read_staging(path: Path = STAGING) -> dict[str, Staging]:
    """Returns how each agreement with a tariff lowers its rates, by agreement id.

    Raises:
        StagingError: The file is malformed.
    """
    try:
        raw = yaml.safe_load(path.read_text(encoding="utf-8"))
        return {name: Staging.model_validate(entry) for name, entry in raw.items()}
    except (OSError, yaml.YAMLError, ValidationError) as error:
        raise StagingError(f"{path.name}: {error}") from error
