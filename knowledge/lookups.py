"""Names that are no records: countries, currencies and agreements, in Korean and English."""

from __future__ import annotations

from pathlib import Path

from babel import Locale
from babel.core import get_global

from knowledge.gazetteer import Name
from knowledge.pack import read_yaml

CURRENCIES = ("KRW", "USD", "EUR", "JPY", "CNY", "GBP", "VND", "THB", "IDR", "INR", "AUD", "CAD", "SGD", "HKD", "CHF")
"""Currencies a small Korean exporter is likely to name."""


def read_lookups(pack: Path) -> list[Name]:
    """Returns the names of countries and currencies (Unicode CLDR, through Babel) and of agreements (the pack)."""
    return [
        *_countries(),
        *_currencies(),
        *_listed(pack, "countries", "country"),
        *_listed(pack, "agreements", "agreement"),
    ]


def _countries() -> list[Name]:
    codes = [code for code in get_global("territory_currencies") if len(code) == 2 and code.isalpha()]
    names = []
    for language in ("ko", "en"):
        territories = Locale(language).territories
        names += [Name(territories[code], "country", code) for code in codes if code in territories]
    return [name for name in names if len(name.spelling) >= 2]


def _currencies() -> list[Name]:
    names = [Name(code, "currency", code) for code in CURRENCIES]
    for language in ("ko", "en"):
        currencies = Locale(language).currencies
        names += [Name(currencies[code], "currency", code) for code in CURRENCIES]
    return names


def _listed(pack: Path, section: str, entity: str) -> list[Name]:
    path = pack / "lookups.yaml"
    listed = read_yaml(path).get(section, {}) if path.exists() else {}
    return [
        Name(written, entity, code)
        for code, spellings in listed.items()
        for spelling in spellings
        for written in dict.fromkeys((spelling, spelling.replace("-", " ")))
    ]
