"""What is asked for an estimate of duty, checked before anything is reckoned."""

from __future__ import annotations

import re
from dataclasses import dataclass
from datetime import date
from decimal import Decimal, InvalidOperation
from functools import lru_cache
from pathlib import Path
from typing import Literal

import pycountry

from knowledge.origin.agreement import agreements_of
from knowledge.settings import settings
from knowledge.tariffs.staging import read_staging

Field = Literal["agreement", "hs", "value", "currency", "year", "rate", "normal_rate"]

LARGEST = Decimal(10) ** 15
"""Sums beyond this are slips of the hand."""
YEARS = range(1990, 2101)
HS_LENGTHS = (6, 8, 10)

_GROUPED = re.compile(r"\d{1,3}(,\d{3})+(\.\d+)?")
_PLAIN = re.compile(r"\d+(\.\d+)?|\.\d+")
_NO_MONEY = frozenset("XAG XAU XBA XBB XBC XBD XDR XPD XPT XSU XTS XUA XXX".split())


class InputError(ValueError):
    """Something asked has the wrong form.

    Attributes:
        field: Which part.
        problem: Id of the sentence in ``words.yaml`` that says what is wrong.
        given: What was given, shortened.
    """

    def __init__(self, field: Field, problem: str, given: object) -> None:
        self.field, self.problem, self.given = field, problem, str(given)[:40]
        super().__init__(f"{field}: {problem}: {self.given}")


@dataclass(frozen=True)
class Question:
    """An estimate asked for, in a form that can be reckoned with.

    Attributes:
        agreement: Id of an agreement of the pack.
        hs: Digits to look for: 6, or the 8 of a line of the buyer's country.
        korean_digits: A Korean code of 10 digits was given; only its first 6 mean anything abroad.
        value: Customs value, above zero.
        currency: ISO 4217 code.
        year: Calendar year.
        rate: Won for one unit of the currency, if the asker knows it.
        normal_rate: Ordinary duty of today, percent, if the asker knows it.
    """

    agreement: str
    hs: str
    korean_digits: bool
    value: Decimal
    currency: str
    year: int
    rate: Decimal | None = None
    normal_rate: Decimal | None = None


def question(
    agreement: str,
    hs: str,
    value: Decimal | str,
    currency: str,
    year: int | str | None = None,
    rate: Decimal | str | None = None,
    normal_rate: Decimal | str | None = None,
) -> Question:
    """Checks what is asked.

    Raises:
        InputError: A part has the wrong form; it names the field.
    """
    name = _agreement(agreement)
    digits, korean = _hs(hs)
    return Question(
        agreement=name,
        hs=digits,
        korean_digits=korean,
        value=_number(value, "value", LARGEST),
        currency=_currency(currency),
        year=_year(year, name),
        rate=None if rate is None else _number(rate, "rate", LARGEST),
        normal_rate=None if normal_rate is None else _number(normal_rate, "normal_rate", Decimal(1000), zero=True),
    )


def _agreement(given: str) -> str:
    name = given.strip().upper()
    if name not in _known_agreements(settings().packs_dir / settings().pack):
        raise InputError("agreement", "unknown_agreement", given)
    return name


@lru_cache(maxsize=4)
def _known_agreements(pack: Path) -> frozenset[str]:
    return frozenset(read_staging()) | {agreement.id for agreement in agreements_of(pack).all()}


def _hs(given: str) -> tuple[str, bool]:
    """A code of 10 digits is a Korean one: abroad its last four mean something else, so they are dropped."""
    digits = re.sub(r"[.\-\s]", "", given)
    if not (digits.isascii() and digits.isdigit() and len(digits) in HS_LENGTHS):
        raise InputError("hs", "hs_form", given)
    if not 1 <= int(digits[:2]) <= 97:
        raise InputError("hs", "hs_chapter", given)
    return (digits[:6], True) if len(digits) == 10 else (digits, False)


def _number(given: Decimal | str, field: Field, most: Decimal, zero: bool = False) -> Decimal:
    try:
        number = given if isinstance(given, Decimal) else _read(given)
    except InvalidOperation as error:
        raise InputError(field, "not_a_number", given) from error
    if not number.is_finite():
        raise InputError(field, "not_a_number", given)
    if number < 0 or (number == 0 and not zero):
        raise InputError(field, "negative" if zero else "not_positive", given)
    if number > most:
        raise InputError(field, "too_large", given)
    return number


def _read(given: str) -> Decimal:
    text = given.strip()
    sign, digits = ("-", text[1:]) if text[:1] in "-−" else ("", text)
    if len(digits) > 40 or not (_GROUPED.fullmatch(digits) or _PLAIN.fullmatch(digits)) or not digits.isascii():
        raise InvalidOperation(given)
    return Decimal(sign + digits.replace(",", ""))


def _currency(given: str) -> str:
    code = given.strip().upper()
    if code in _NO_MONEY or not re.fullmatch("[A-Z]{3}", code) or not pycountry.currencies.get(alpha_3=code):
        raise InputError("currency", "unknown_currency", given)
    return code


def _year(given: int | str | None, agreement: str) -> int:
    """The current year; where a tariff is newer than that, the year of the tariff."""
    if given is None:
        staging = read_staging().get(agreement)
        return max(date.today().year, (staging.tariff_year if staging else None) or 0)
    text = str(given).strip()
    if not (text.isascii() and text.isdigit() and len(text) == 4 and int(text) in YEARS):
        raise InputError("year", "year_form", given)
    return int(text)
