"""Tells an entry of the product sheet as a person reads it: money, numbers, countries in the reader's language."""

from __future__ import annotations

from collections.abc import Mapping
from decimal import Decimal
from typing import Any

from babel import Locale
from babel.numbers import format_decimal, get_currency_precision

from knowledge.platforms.advise import country_name
from knowledge.platforms.field import SheetField, words
from knowledge.record import Language


def spoken(field: SheetField, values: Mapping[str, Any], language: Language) -> list[str]:
    """Returns the entry of a field as texts, several for a list; the price carries its Incoterms term."""
    value = values[field.name]
    if field.kind in ("words", "lines"):
        return list(value) or [words()["draft"]["no_certificates"][language]]
    if field.kind == "countries":
        return [country_name(code, language) for code in value]
    if field.kind == "languages":
        return [str(Locale(language).languages.get(code, code)) for code in value]
    return [_one(field, value, values, language)]


def _one(field: SheetField, value: Any, values: Mapping[str, Any], language: Language) -> str:
    if field.kind == "money":
        return " ".join(part for part in (_price(value, language), _terms(values.get("price_terms"))) if part)
    if field.kind in ("amount", "weight"):
        unit = words()["units"].get(value["unit"], {}).get(language, value["unit"])
        gap = "" if language == "ko" and field.kind == "amount" else " "
        return f"{format_decimal(Decimal(value['amount']), locale=language)}{gap}{unit}"
    if field.kind == "days":
        return str(words()["draft"]["days"][language].format(days=value))
    if field.kind == "country":
        return country_name(value, language)
    if field.kind == "hs":
        return f"{value[:4]}.{value[4:6]}" + (f"-{value[6:]}" if len(value) > 6 else "")
    if field.kind == "terms":
        return _terms(value)
    return str(value)


def _price(value: Mapping[str, str], language: Language) -> str:
    """Names the currency by its code, as trade papers do, and rounds nothing: a unit may cost less than a cent."""
    pattern = "#,##0.00####" if get_currency_precision(value["currency"]) else "#,##0.######"
    return f"{value['currency']} {format_decimal(Decimal(value['amount']), format=pattern, locale=language)}"


def _terms(value: Mapping[str, str] | None) -> str:
    return " ".join(part for part in (value["term"], value["place"]) if part) if value else ""
