"""Puts an estimate of duty into words, and into a document for machines; every sentence is in ``words.yaml``."""

from __future__ import annotations

import re
from decimal import Decimal
from functools import lru_cache
from pathlib import Path
from typing import Any

import yaml
from babel.numbers import format_currency, get_currency_precision

from knowledge.hs.table import load_table
from knowledge.origin.agreement import agreements_of
from knowledge.record import Language, Source
from knowledge.settings import settings
from knowledge.tariffs.estimate import DutyEstimate, LineEstimate, Sums
from knowledge.tariffs.question import InputError
from knowledge.tariffs.rate import Rate, Span, plain
from knowledge.tariffs.schedule import source_of
from knowledge.tariffs.staging import Place, read_staging

WORDS = Path(__file__).parent / "words.yaml"
NAME_LETTERS = 40
"""Letters of the nomenclature's name told where the tariff's own text is in the other language."""

_HANGUL = re.compile("[\uac00-\ud7a3]")
MOST_LINES = 12
"""National lines told one by one; a long list helps nobody to choose."""


def summary(estimate: DutyEstimate, language: Language) -> list[str]:
    """Returns the result as sentences: what was asked, the lines, the sums."""
    words = _words()
    head = words["headline"][language].format(
        agreement=agreement_name(estimate.agreement, language),
        hs=estimate.hs,
        year=estimate.year,
        value=money(estimate.value, estimate.currency, language),
    )
    lines = [_line(entry, estimate, language) for entry in estimate.lines[:MOST_LINES]]
    return [head, *lines, *_sums(estimate, language)]


def caveats(estimate: DutyEstimate, language: Language) -> list[tuple[str, str, Source | None]]:
    """Returns what must be said besides: id, sentence and source of each, most important first."""
    return [(name, _words()["caveats"][name][language], _caveat_source(name, estimate)) for name in estimate.caveats]


def services(estimate: DutyEstimate, language: Language) -> list[str]:
    """Returns the names of official services where today's rates can be looked up, the buyer's country first."""
    staging = read_staging().get(estimate.agreement)
    abroad = [name[language] for name in staging.services] if staging else []
    return [*abroad, *(_words()["records"][record][language] for record in estimate.look_at)]


def look_up(estimate: DutyEstimate, language: Language) -> str:
    """Returns the sentence that names those services."""
    return str(_words()["look_at"][language].format(places=", ".join(services(estimate, language))))


def problem(error: InputError, language: Language) -> str:
    """Returns what is wrong with the question; it names the field."""
    words = _words()
    return str(words["problem"][language]).format(
        name=words["fields"][error.field][language],
        field=error.field,
        text=words["problems"][error.problem][language],
        given=error.given,
    )


def document(estimate: DutyEstimate, language: Language) -> dict[str, Any]:
    """Returns the estimate for machines: numbers as numbers, sentences in ``language``.

    Sums are spans ``{low, high, currency}``, null where they are not determined; they are rounded half up to the
    currency's smallest unit.
    """
    exchange = estimate.exchange
    return {
        "status": estimate.status,
        "agreement": estimate.agreement,
        "market": estimate.market,
        "hs": estimate.hs,
        "year": estimate.year,
        "value": _number(estimate.value),
        "currency": estimate.currency,
        "lines": [_line_document(entry) for entry in estimate.lines],
        **_sums_document(estimate.sums, estimate.currency),
        "saving_against": estimate.against,
        "complete": estimate.complete,
        "won": _sums_document(estimate.won, "KRW") if estimate.won else None,
        "exchange": None
        if exchange is None
        else {
            "won_per_unit": _number(exchange.won),
            "as_of": exchange.as_of.isoformat() if exchange.as_of else None,
        },
        "rounding": "half_up",
        "summary": summary(estimate, language),
        "caveats": [
            {"id": name, "text": text, "source": _source_document(source, language) if source else None}
            for name, text, source in caveats(estimate, language)
        ],
        "sources": [_source_document(source, language) for source in estimate.sources],
        "look_at": {"records": list(estimate.look_at), "services": services(estimate, language)},
    }


def agreement_name(agreement: str, language: Language) -> str:
    """Returns the agreement's name in words."""
    return agreements_of(settings().packs_dir / settings().pack).get(agreement).name[language]


def money(amount: Decimal, currency: str, language: Language) -> str:
    """Returns a sum as people of the language write it; one finer than the currency's smallest unit is kept whole."""
    if amount != round(amount, get_currency_precision(currency)):
        return f"{plain(amount)} {currency}"
    return format_currency(amount, currency, locale=language)


def rate_words(rate: Rate, language: Language) -> str:
    """Returns a rate as it is told to people."""
    words = _words()
    if rate.kind == "free" and not rate.ceiling:
        return str(words["free"][language])
    if rate.ceiling:
        return str(words["ceiling"][language].format(rate=rate.text.lstrip("≤")))
    return rate.text


@lru_cache(maxsize=1)
def _words() -> dict[str, Any]:
    words: dict[str, Any] = yaml.safe_load(WORDS.read_text(encoding="utf-8"))
    return words


def _goods(entry: LineEstimate, language: Language) -> str:
    """Returns what a line covers; a text of the other language stands behind the nomenclature's name."""
    official = entry.line.description
    if (language == "ko") == bool(_HANGUL.search(official)):
        return official
    code = load_table().get(entry.line.code[:6])
    if code is None:
        return official
    name = code.name(language)
    return f"{name if len(name) <= NAME_LETTERS else name[: NAME_LETTERS - 1].rstrip() + '…'} ({official})"


def _line(entry: LineEstimate, estimate: DutyEstimate, language: Language) -> str:
    words = _words()
    has = ("ordinary" if entry.ordinary else "", "preferential" if entry.preferential else "")
    form = {("ordinary", "preferential"): "both_rates", ("ordinary", ""): "only_ordinary"}.get(
        has, "only_preferential" if has[1] else "no_rates"
    )
    against = estimate.against or entry.line.base_is
    rates = words[form][language].format(
        against=words["against"].get(against, {}).get(language, ""),
        ordinary=rate_words(entry.ordinary, language) if entry.ordinary else "",
        preferential=rate_words(entry.preferential, language) if entry.preferential else "",
    )
    outcome = words["outcomes"][entry.outcome][language]
    goods = _goods(entry, language)
    return str(words["line"][language].format(code=entry.line.code, goods=goods, rates=rates, outcome=outcome))


def _sums(estimate: DutyEstimate, language: Language) -> list[str]:
    """The sums as sentences; those against an ordinary rate say which."""
    if estimate.status == "no_data":
        return []
    words, against = _words()["sums"], estimate.against
    told = []
    if against and (base := _amount(estimate, "base_duty", language)):
        told.append(words["base_duty"][against][language].format(amount=base))
    if duty := _amount(estimate, "preferential_duty", language):
        told.append(words["preferential_duty"][language].format(amount=duty))
    if against is None or estimate.sums.saving is None:
        return [*told, words["no_saving"][language]]
    if estimate.sums.saving.high == 0:
        return [*told, words["nothing"][language]]
    return [*told, words["saving"][against][language].format(amount=_amount(estimate, "saving", language))]


def _amount(estimate: DutyEstimate, name: str, language: Language) -> str | None:
    """One of the sums, with the same in won; None where it is not determined."""
    span: Span | None = getattr(estimate.sums, name)
    if span is None:
        return None
    text = _span(span, estimate.currency, language)
    if estimate.won is None or estimate.currency == "KRW":
        return text
    won = _span(getattr(estimate.won, name), "KRW", language)
    return f"{text} ({_words()['won'][language].format(won=won)})"


def _span(span: Span, currency: str, language: Language) -> str:
    low, high = money(span.low, currency, language), money(span.high, currency, language)
    return low if span.low == span.high else str(_words()["range"][language].format(low=low, high=high))


def _caveat_source(name: str, estimate: DutyEstimate) -> Source | None:
    staging = read_staging().get(estimate.agreement)
    if name == "rounded_down" and staging and staging.rounding_source:
        return source_of(staging.rounding_source)
    place = _words()["caveats"][name].get("source")
    source = source_of(Place.model_validate(place)) if place else None
    if source and name == "exchange_reference" and estimate.exchange and estimate.exchange.as_of:
        return source.model_copy(update={"as_of": estimate.exchange.as_of.isoformat()})
    return source


def _line_document(entry: LineEstimate) -> dict[str, Any]:
    line = entry.line
    return {
        "code": line.code,
        "description": line.description,
        "base_rate": _rate_document(line.base),
        "base_rate_is": line.base_is,
        "edition": line.edition,
        "category": line.category or None,
        "ordinary_rate": _rate_document(entry.ordinary),
        "preferential_rate": _rate_document(entry.preferential),
        "outcome": entry.outcome,
        "saves": None if entry.saving is None else entry.saving.high > 0,
    }


def _rate_document(rate: Rate | None) -> dict[str, Any] | None:
    if rate is None:
        return None
    return {
        "text": rate.text,
        "kind": rate.kind,
        "percent": None if rate.percent is None else _number(rate.percent),
        "at_most": rate.ceiling,
        "specific": [
            {"amount": _number(part.amount), "currency": part.currency, "unit": part.unit} for part in rate.specifics
        ],
    }


def _sums_document(sums: Sums, currency: str) -> dict[str, Any]:
    return {
        name: {"low": _number(span.low), "high": _number(span.high), "currency": currency}
        if (span := getattr(sums, name))
        else None
        for name in ("base_duty", "preferential_duty", "saving")
    }


def _source_document(source: Source, language: Language) -> dict[str, Any]:
    return {
        "title": source.title[language],
        "locator": source.locator,
        "url": source.url,
        "as_of": source.as_of,
        "basis": source.basis.value,
    }


def _number(number: Decimal) -> int | float:
    """JSON has no decimals; sums and rates have few enough digits for a float to print them as they are."""
    return int(number) if number == number.to_integral_value() else float(number)
