"""Shows a kept value to a person in their language: sums with their currency, dates, phone numbers as dialled."""

from __future__ import annotations

from collections.abc import Callable
from datetime import date

import phonenumbers
from babel import Locale
from babel.dates import format_date, format_skeleton
from babel.numbers import format_currency, format_decimal

from actions.cases.fields import Field, Value
from actions.texts import text
from knowledge.record import Language

KOREA = 82
"""Country code of Korea."""


def shown(field: Field, value: Value, language: Language) -> str:
    """Returns a value as a person reads it; what is not known is said to be so."""
    if value is None:
        return text("case_value_unknown", language)
    return _SHOWN.get(field.reads, _as_is)(field, value, language)


def _as_is(_field: Field, value: Value, _language: Language) -> str:
    return str(value)


def _yes_no(_field: Field, value: Value, language: Language) -> str:
    return text("case_value_yes" if value else "case_value_no", language)


def _choice(field: Field, value: Value, language: Language) -> str:
    return next((option.name(language) for option in field.choices if option.key == value), str(value))


def _number(_field: Field, value: Value, language: Language) -> str:
    return format_decimal(int(str(value)), locale=language)


def _money(field: Field, value: Value, language: Language) -> str:
    return format_currency(int(str(value)), field.currency or "KRW", "¤#,##0", locale=language, currency_digits=False)


def _date(_field: Field, value: Value, language: Language) -> str:
    parts = [int(part) for part in str(value).split("-")]
    day = date(parts[0], *(parts[1:] + [1, 1])[:2])
    if len(parts) == 3:
        return format_date(day, "long", locale=language)
    return format_skeleton("yMMMM" if len(parts) == 2 else "y", day, locale=language)


def _phone(_field: Field, value: Value, _language: Language) -> str:
    number = phonenumbers.parse(str(value))
    home = number.country_code == KOREA
    shape = phonenumbers.PhoneNumberFormat.NATIONAL if home else phonenumbers.PhoneNumberFormat.INTERNATIONAL
    return phonenumbers.format_number(number, shape)


def _countries(_field: Field, value: Value, language: Language) -> str:
    names = Locale(language).territories
    return ", ".join(str(names.get(code, code)) for code in (value if isinstance(value, list) else [str(value)]))


def _hs(_field: Field, value: Value, _language: Language) -> str:
    code = str(value)
    return ".".join(part for part in (code[:4], code[4:6], code[6:]) if part)


_SHOWN: dict[str, Callable[[Field, Value, Language], str]] = {
    "yes_no": _yes_no,
    "choice": _choice,
    "number": _number,
    "money": _money,
    "date": _date,
    "phone": _phone,
    "countries": _countries,
    "hs": _hs,
}
