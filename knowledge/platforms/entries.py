"""Reads what a person wrote into a field of the product sheet: numbers with units, money, countries, lists."""

from __future__ import annotations

import re
from collections.abc import Callable
from decimal import Decimal
from functools import lru_cache
from typing import Any

import pycountry
from babel import Locale

from knowledge.hs.table import BadCode, load_table, normalise
from knowledge.platforms.field import FieldKind, SheetError, SheetField, words

_PART = r"\d{1,3}(?:,\d{3})+(?:\.\d+)?|\d+(?:\.\d+)?"
_NUMBER = re.compile(rf"(?:(?:{_PART})\s?(?:만|천|백)\s?)+(?:{_PART})?|{_PART}")
_PARTS = re.compile(rf"({_PART})\s?(만|천|백)?")
_SCALE = {"": 1, "백": 100, "천": 1000, "만": 10_000}
_HANGUL = re.compile(r"[가-힣ㄱ-ㅎㅏ-ㅣ]")
_SEPARATED = re.compile(r"\s*[,、，;\n]\s*")
_POLITE = re.compile(r"(?:이에요|예요|입니다|이요|요|임)[.!~]*$")


def read_entry(field: SheetField, said: str) -> Any:
    """Returns the value of an entry, ready for JSON.

    Raises:
        SheetError: The entry is empty, too long, too few or many, or is not what the field asks for.
    """
    text = " ".join(said.split(" ")).strip()
    if not text:
        raise SheetError(field.name, "empty")
    return _READERS[field.kind](field, text)


def _line(field: SheetField, text: str) -> str:
    line = " ".join(text.split())
    if len(line) > field.longest:
        raise SheetError(field.name, "too_long", most=field.longest, found=len(line))
    if field.latin and _HANGUL.search(line):
        raise SheetError(field.name, "not_latin")
    return line


def _list(field: SheetField, parts: list[str]) -> list[str]:
    if len(parts) == 1 and _POLITE.sub("", parts[0]).strip().casefold() in {_POLITE.sub("", n) for n in field.none}:
        return []
    found = list({part.casefold(): part for part in (_line(field, p) for p in parts if p.strip())}.values())
    if len(found) < field.least:
        raise SheetError(field.name, "too_few", least=field.least, found=len(found))
    if len(found) > field.most:
        raise SheetError(field.name, "too_many", most=field.most, found=len(found))
    return found


def _words(field: SheetField, text: str) -> list[str]:
    return _list(field, [part.lstrip("#") for part in _SEPARATED.split(text)])


def _lines(field: SheetField, text: str) -> list[str]:
    return _list(field, [re.sub(r"^\s*(?:[-*•]|\d+[.)])\s+", "", line) for line in text.splitlines()])


def _hs(field: SheetField, text: str) -> str:
    digits = re.search(r"\d[\d.\s-]*\d", text)
    try:
        code = normalise(digits.group() if digits else text)
    except BadCode as error:
        raise SheetError(field.name, "bad_hs", value=text[:30]) from error
    if len(code) < 6 or load_table().get(code) is None:
        raise SheetError(field.name, "bad_hs", value=text[:30])
    return code


def _number(field: SheetField, text: str) -> tuple[Decimal, str]:
    """Returns the only number and the words around it; 1만 5천 is one number."""
    found = list(_NUMBER.finditer(text))
    if not found:
        raise SheetError(field.name, "no_number")
    if len(found) > 1:
        raise SheetError(field.name, "many_numbers", value=text[:30])
    start, end = found[0].span()
    if text[:start].rstrip().endswith("-"):
        raise SheetError(field.name, "not_positive")
    parts = _PARTS.findall(found[0].group())
    value = sum((Decimal(part.replace(",", "")) * _SCALE[scale] for part, scale in parts), Decimal(0))
    return value, f"{text[:start]} {text[end:]}".strip()


def _positive(field: SheetField, text: str) -> tuple[Decimal, str]:
    value, rest = _number(field, text)
    if value <= 0:
        raise SheetError(field.name, "not_positive")
    return value, rest


def _count(field: SheetField, text: str) -> int:
    bare = _POLITE.sub("", text).strip()
    value = Decimal(0) if bare in ("없음", "없어", "none", "no") else _number(field, text)[0]
    if value > field.most:
        raise SheetError(field.name, "too_many", most=field.most, found=value)
    return int(value)


def _amount(field: SheetField, text: str) -> dict[str, str]:
    value, rest = _positive(field, text)
    unit = _unit(rest, {name: each["also"] for name, each in words()["units"].items()})
    if not unit:
        raise SheetError(field.name, "no_unit", value=text[:30])
    return {"amount": plain(value), "unit": unit}


def _weight(field: SheetField, text: str) -> dict[str, str]:
    value, rest = _positive(field, text)
    unit = _unit(rest, {name: each["also"] for name, each in words()["weights"].items()})
    if not unit:
        raise SheetError(field.name, "no_unit", value=text[:30])
    return {"amount": plain(value), "unit": unit}


def _money(field: SheetField, text: str) -> dict[str, str]:
    value, rest = _positive(field, text)
    currency = _unit(rest, words()["currencies"])
    if not currency:
        raise SheetError(field.name, "no_currency")
    return {"amount": plain(value), "currency": currency}


def _days(field: SheetField, text: str) -> int:
    value, rest = _positive(field, text)
    unit = _unit(rest, words()["days"])
    if not unit:
        raise SheetError(field.name, "no_unit", value=text[:30])
    return int(value) * (7 if unit == "week" else 1)


def _unit(rest: str, known: dict[str, list[str]]) -> str | None:
    """Finds a unit among the words beside a number; the longest spelling that starts a word wins."""
    spoken = rest.casefold()
    spellings = sorted(
        ((each.casefold(), name) for name, all_ in known.items() for each in all_), key=lambda p: -len(p[0])
    )
    for spelling, name in spellings:
        tail = r"(?![a-z])" if spelling[-1].isascii() and spelling[-1].isalpha() else ""
        if re.search(r"(?<![a-z가-힣])" + re.escape(spelling) + tail, spoken):
            return name
    return None


def _terms(field: SheetField, text: str) -> dict[str, str]:
    known = words()["terms"]
    found = re.search(r"(?<![a-z])(" + "|".join(known) + r")(?![a-z])", text, re.IGNORECASE)
    if not found:
        raise SheetError(field.name, "unknown_terms", terms=", ".join(known))
    place = _POLITE.sub("", (text[: found.start()] + " " + text[found.end() :]).strip(" ,:-")).strip()
    return {"term": found[1].upper(), "place": _line(field, place)}


def _country(field: SheetField, text: str) -> str:
    name = _POLITE.sub("", text).strip().casefold()
    for each in (name, name.removesuffix("산"), name.removeprefix("made in ").strip()):
        code = countries().get(each)
        if code:
            return code
    raise SheetError(field.name, "unknown_country", value=text[:40])


def _countries(field: SheetField, text: str) -> list[str]:
    return _list(field, [_country(field, part) for part in _SEPARATED.split(text) if part])


def _languages(field: SheetField, text: str) -> list[str]:
    codes = []
    for part in (part for part in _SEPARATED.split(text) if part):
        code = languages().get(_POLITE.sub("", part).strip().casefold())
        if not code:
            raise SheetError(field.name, "unknown_language", value=part[:40])
        codes.append(code)
    return _list(field, codes)


@lru_cache(maxsize=1)
def countries() -> dict[str, str]:
    """Returns ISO 3166 alpha-2 codes by every name in use, lower case: Korean, English, the code itself."""
    real = {country.alpha_2 for country in pycountry.countries}
    found = {
        str(name).casefold(): code
        for language in ("en", "ko")
        for code, name in Locale(language).territories.items()
        if code in real
    }
    found |= {code.casefold(): code for code in real}
    return found | {str(name): code for name, code in words()["countries"].items()}


@lru_cache(maxsize=1)
def languages() -> dict[str, str]:
    """Returns language codes by their Korean and English names, lower case."""
    named = {
        str(name).casefold(): code for language in ("en", "ko") for code, name in Locale(language).languages.items()
    }
    return named | {code: code for code in set(named.values())}


def plain(value: Decimal) -> str:
    """Returns a number as it was given, without an exponent."""
    return f"{value:f}"


_READERS: dict[FieldKind, Callable[[SheetField, str], Any]] = {
    "line": _line,
    "lines": _lines,
    "words": _words,
    "hs": _hs,
    "count": _count,
    "amount": _amount,
    "money": _money,
    "weight": _weight,
    "terms": _terms,
    "days": _days,
    "country": _country,
    "countries": _countries,
    "languages": _languages,
}
