"""Estimates the duty on a consignment without and with an agreement, and what the agreement saves.

Duty is reckoned on the whole customs value given; every sum stays exact until the end, where it is rounded half up to
the currency's smallest unit (won: whole won). Where a text fixes only a ceiling, or several national lines share the
six digits, the result is a span from the lowest to the highest. What the texts do not say is not guessed: no ordinary
rate, no saving.
"""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from decimal import ROUND_HALF_UP, Decimal
from pathlib import Path
from typing import Literal

from babel.numbers import get_currency_precision

from knowledge.record import Source
from knowledge.tariffs.exchange import Exchange, reference
from knowledge.tariffs.question import Question, question
from knowledge.tariffs.rate import Rate, Span, percentage
from knowledge.tariffs.schedule import TariffLine, category_of, rate_in, rates, source_of
from knowledge.tariffs.staging import Place, Staging, read_staging

Against = Literal["current_general", "general_2012", "your_rate"]
Outcome = Literal[
    "reduced",
    "free",
    "not_reduced",
    "kept_at_base",
    "ordinary_lower",
    "already_free",
    "no_preference",
    "ceiling",
    "not_settled",
    "not_in_force",
]
"""What the agreement does for a line. ``kept_at_base``: the treaty leaves its base rate, which is not ordinary duty,
as it is; ``ordinary_lower``: the ordinary rate is below the agreement's; ``not_settled``: the texts leave it open."""

ORDINARY: tuple[Against, ...] = ("current_general", "general_2012")
"""The base rates that are ordinary duty, against which a saving may be told."""


@dataclass(frozen=True)
class LineEstimate:
    """One national tariff line: the rates, and the duty by each, not rounded.

    Attributes:
        line: The line.
        ordinary: The rate without the agreement: today's, that of 2012, or the asker's; None where unknown.
        preferential: The rate by the agreement in the year; None where it gives none or the text does not settle it.
        outcome: What the agreement does for the line.
        base_duty: Duty without the agreement. None where the value alone does not tell, here and below.
        preferential_duty: Duty with the agreement; the ordinary one where that is lower, or where there is no other.
        saving: The difference, never below zero.
    """

    line: TariffLine
    ordinary: Rate | None
    preferential: Rate | None
    outcome: Outcome
    base_duty: Span | None
    preferential_duty: Span | None
    saving: Span | None


@dataclass(frozen=True)
class Sums:
    """Duty and saving over the lines, rounded, in one currency; None where no line tells it."""

    base_duty: Span | None
    preferential_duty: Span | None
    saving: Span | None


@dataclass(frozen=True)
class DutyEstimate:
    """An estimate of duty with its reasons.

    Attributes:
        status: ``estimated``, or ``no_data`` where there is no schedule or no line of the code.
        agreement, market, hs, year, value, currency: What was asked; ``market`` is None without a schedule.
        lines: One for each national line.
        sums: In the currency of the value, from the lowest to the highest line.
        won: The same in won; None without an exchange rate.
        complete: Every line tells its saving.
        against: What the ordinary rate is, against which a saving is reckoned; None where none is known.
        exchange: The rate used for won.
        caveats: Ids in ``words.yaml``, most important first.
        sources: Texts the rates come from.
        look_at: Ids of the pack's records where today's rates can be looked up.
    """

    status: Literal["estimated", "no_data"]
    agreement: str
    market: str | None
    hs: str
    year: int
    value: Decimal
    currency: str
    lines: tuple[LineEstimate, ...]
    sums: Sums
    won: Sums | None
    complete: bool
    against: Against | None
    exchange: Exchange | None
    caveats: tuple[str, ...]
    sources: tuple[Source, ...]
    look_at: tuple[str, ...]


LOOK_AT = ("system.tradenavi", "system.yesfta")
NOTHING = Sums(None, None, None)


def estimate(
    agreement: str,
    hs: str,
    value: Decimal | str,
    currency: str,
    year: int | str | None = None,
    rate_to_krw: Decimal | str | None = None,
    *,
    normal_rate: Decimal | str | None = None,
    folder: Path | None = None,
) -> DutyEstimate:
    """Estimates duty and saving.

    Args:
        agreement: Id of an agreement of the pack, such as KR-CN.
        hs: 6 digits, the 8 digits of a line of the buyer's country, or a Korean code of 10 (its first 6 count).
        value: Customs value of the goods, in ``currency``.
        currency: ISO 4217 code.
        year: Calendar year; the current one if not given.
        rate_to_krw: Won for one unit of ``currency``; the newest reference rate if not given.
        normal_rate: The buyer's country's ordinary duty of today, percent, where the asker knows it.
        folder: The pack's ``tariffs`` folder; that of the settings if not given.

    Raises:
        InputError: A part of the question has the wrong form; it names the field.
    """
    asked = question(agreement, hs, value, currency, year, rate_to_krw, normal_rate)
    staging = read_staging().get(asked.agreement)
    lines = _lines(asked, folder)
    if staging is None or not lines:
        return _no_data(asked, staging, folder)
    estimates = tuple(_line(asked, staging, line) for line in lines)
    sums = _sums(estimates, asked.currency)
    exchange = _exchange(asked)
    return DutyEstimate(
        status="estimated",
        agreement=asked.agreement,
        market=staging.market,
        hs=asked.hs,
        year=asked.year,
        value=asked.value,
        currency=asked.currency,
        lines=estimates,
        sums=sums,
        won=_won(estimates, exchange) if exchange else None,
        complete=all(entry.saving for entry in estimates),
        against=_against(asked, lines),
        exchange=exchange,
        caveats=_caveats(asked, staging, estimates, exchange),
        sources=_sources(staging, lines, exchange, folder),
        look_at=staging.look_at,
    )


def _exchange(asked: Question) -> Exchange | None:
    own = asked.rate if asked.currency != "KRW" else None
    return Exchange(asked.currency, own) if own else reference(asked.currency)


def _lines(asked: Question, folder: Path | None) -> list[TariffLine]:
    """The lines of the code; where the 8 digits are no line, those of the first 6."""
    return rates(asked.agreement, asked.hs, folder) or rates(asked.agreement, asked.hs[:6], folder)


def _line(asked: Question, staging: Staging, line: TariffLine) -> LineEstimate:
    ordinary = _ordinary(asked, staging, line)
    preferential = rate_in(line, asked.year)
    base_duty = ordinary.duty(asked.value) if ordinary else None
    outcome = _outcome(asked, staging, line, ordinary, preferential)
    duty = preferential.duty(asked.value) if preferential else None
    if outcome in ("no_preference", "already_free"):
        duty = base_duty
    elif duty and base_duty:
        # Where the ordinary rate is lower, it is the one applied (Korea–China art. 2.4.4, Korea–Viet Nam art. 2.3.4).
        duty = Span(min(duty.low, base_duty.low), min(duty.high, base_duty.high))
    saving = base_duty.less(duty) if base_duty and duty else None
    if ordinary and outcome in ("no_preference", "already_free", "not_reduced"):
        saving = Span.of(Decimal(0))  # the same rate twice saves nothing, whatever the quantity
    return LineEstimate(line, ordinary, preferential, outcome, base_duty, duty, saving)


def _ordinary(asked: Question, staging: Staging, line: TariffLine) -> Rate | None:
    if asked.normal_rate is not None:
        return percentage(asked.normal_rate)
    if staging.tariff_year is not None and asked.year < staging.tariff_year:
        return None
    return line.base if line.base_is in ORDINARY else None


def _outcome(
    asked: Question, staging: Staging, line: TariffLine, ordinary: Rate | None, preferential: Rate | None
) -> Outcome:
    if asked.year < staging.in_force.year:
        return "not_in_force"
    if preferential is None and (staging.tariff_year is None or asked.year < staging.tariff_year):
        return "not_settled"
    if ordinary and ordinary.kind == "free":
        return "already_free"
    if preferential is None:
        return "no_preference"
    if preferential.ceiling:
        return "ceiling"
    if preferential.kind == "free":
        return "free"
    if ordinary is None:
        return "kept_at_base" if preferential.same(line.base) else "reduced"
    if preferential.same(ordinary):
        return "not_reduced"
    return "ordinary_lower" if _lower(ordinary, preferential) else "reduced"


def _against(asked: Question, lines: Sequence[TariffLine]) -> Against | None:
    if asked.normal_rate is not None:
        return "your_rate"
    return next((name for name in ORDINARY if any(line.base_is == name for line in lines)), None)


def _sums(lines: Iterable[LineEstimate], currency: str, factor: Decimal = Decimal(1)) -> Sums:
    lines = list(lines)
    step = Decimal(1).scaleb(-get_currency_precision(currency))
    return Sums(
        *(
            _over([span for line in lines if (span := getattr(line, name))], factor, step)
            for name in ("base_duty", "preferential_duty", "saving")
        )
    )


def _over(spans: Sequence[Span], factor: Decimal, step: Decimal) -> Span | None:
    """From the lowest to the highest of the spans, times ``factor``, rounded half up to ``step``."""
    if not spans:
        return None
    low, high = min(span.low for span in spans), max(span.high for span in spans)
    return Span(*((bound * factor).quantize(step, ROUND_HALF_UP) for bound in (low, high)))


def _won(lines: Iterable[LineEstimate], exchange: Exchange) -> Sums:
    return _sums(lines, "KRW", exchange.won)


def _caveats(
    asked: Question, staging: Staging, lines: Sequence[LineEstimate], exchange: Exchange | None
) -> tuple[str, ...]:
    """What must be said of this result, the most important first."""
    outcomes = {entry.outcome for entry in lines}
    shown = [rate for entry in lines for rate in (entry.ordinary, entry.preferential) if rate]
    found = {
        "before_in_force": "not_in_force" in outcomes,
        "tariff_of_another_year": staging.tariff_year is not None and asked.year != staging.tariff_year,
        "ceiling": "ceiling" in outcomes,
        "not_settled": "not_settled" in outcomes and asked.year >= (staging.tariff_year or 0),
        "by_quantity": any(rate.kind in ("specific", "compound") for rate in shown),
        "in_words": any(rate.kind == "text" for rate in shown),
        "lines_differ": len(lines) > 1,
        "korean_digits": asked.korean_digits,
        "unknown_line": len(asked.hs) == 8 and not any(entry.line.code.startswith(asked.hs) for entry in lines),
        "quota": any("quota" in entry.line.flags for entry in lines),
        "lcd_modules": any("footnote" in entry.line.flags for entry in lines),
        "general_rate_lower": "ordinary_lower" in outcomes,
        "partial": len({entry.saving is None for entry in lines}) > 1,
    }
    money = "exchange_missing" if exchange is None else "exchange_reference" if exchange.as_of else ""
    standing = [name for name in staging.caveats if asked.normal_rate is None or not name.startswith("general_rate")]
    rounded = "rounded_down" if any(_interim(entry) for entry in lines) else ""
    ids = [*(name for name, applies in found.items() if applies), *standing, rounded, money]
    return tuple(dict.fromkeys(name for name in ids if name))


def _interim(entry: LineEstimate) -> bool:
    """The rate is part of a base rate, so that it was rounded down (``Staging.percent_step``)."""
    category = category_of(entry.line)
    return entry.outcome == "reduced" and category is not None and category.cut > 0


def _lower(ordinary: Rate, preferential: Rate) -> bool:
    """Both are percentages, and the ordinary one is lower."""
    if ordinary.kind != "ad_valorem" or preferential.kind != "ad_valorem":
        return False
    assert ordinary.percent is not None and preferential.percent is not None
    return ordinary.percent < preferential.percent


def _sources(
    staging: Staging, lines: Sequence[TariffLine], exchange: Exchange | None, folder: Path | None
) -> tuple[Source, ...]:
    categories = [category for line in lines if (category := category_of(line))]
    places = [staging.source, staging.base_source, *(category.source for category in categories)]
    return (*(source_of(place, folder) for place in dict.fromkeys(places)), *_bank(exchange, folder))


def _bank(exchange: Exchange | None, folder: Path | None) -> list[Source]:
    if exchange is None or exchange.as_of is None:
        return []
    source = source_of(Place(of="ecb-reference", locator=f"EUR/{exchange.currency}, EUR/KRW"), folder)
    return [source.model_copy(update={"as_of": exchange.as_of.isoformat()})]


def _no_data(asked: Question, staging: Staging | None, folder: Path | None) -> DutyEstimate:
    """No schedule for the agreement, or no line of the code in it: says so and where to look."""
    reason = "no_schedule" if staging is None else "no_line"
    edition = [] if staging is None or staging.edition == 2022 else ["hs_2012"]
    return DutyEstimate(
        status="no_data",
        agreement=asked.agreement,
        market=staging.market if staging else None,
        hs=asked.hs,
        year=asked.year,
        value=asked.value,
        currency=asked.currency,
        lines=(),
        sums=NOTHING,
        won=None,
        complete=False,
        against=None,
        exchange=None,
        caveats=(reason, *edition),
        sources=() if staging is None else (source_of(staging.source, folder),),
        look_at=staging.look_at if staging else LOOK_AT,
    )
