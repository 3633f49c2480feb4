"""What a person tells about a product to learn whether it originates, and what is wrong with it if it can't be read."""

from __future__ import annotations

import re
from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date as Day
from decimal import Decimal, InvalidOperation
from functools import lru_cache
from types import UnionType
from typing import Annotated, Any, Literal, Union, get_args, get_origin

import pycountry
from pydantic import BaseModel, BeforeValidator, ConfigDict, Field, StrictBool, StrictStr, ValidationError
from pydantic_core import PydanticCustomError

MOST_MATERIALS = 1000
LARGEST_AMOUNT = Decimal(10) ** 15
FINEST_AMOUNT = -9
"""Exponent of the smallest step of an amount: prices of single grains of material still fit."""

INCOTERMS = ("EXW", "FCA", "FAS", "FOB", "CFR", "CPT", "CIF", "CIP", "DAP", "DAT", "DPU", "DDP")
_AMOUNT = re.compile(r"-?(\d{1,3}(,\d{3})+|\d+)(\.\d+)?", re.ASCII)
_CODE = re.compile(r"\d[\d .\-]*", re.ASCII)
_AGREEMENT = re.compile(r"[A-Z]{2}-[A-Z]+|[A-Z]{4,5}", re.ASCII)


@dataclass(frozen=True)
class Place:
    """A cell of a table: the row counted from 1, the heading of the column, and the sheet if there are several."""

    row: int
    column: str
    sheet: str = ""


@dataclass(frozen=True)
class Fault:
    """One thing that is wrong with an input.

    Attributes:
        field: Where, as in the JSON form: ``materials[2].value``.
        problem: Id of what is wrong (``faults`` of ``steps.*.yaml``).
        found: What stood there, shortened.
        place: Row and column of a table, if it came from one.
    """

    field: str
    problem: str
    found: str = ""
    place: Place | None = None


class BadInput(ValueError):
    """The input can't be read; ``faults`` says what is wrong in which field."""

    def __init__(self, faults: tuple[Fault, ...]) -> None:
        super().__init__("; ".join(f"{fault.field}: {fault.problem}" for fault in faults))
        self.faults = faults


def _amount(value: Any) -> Any:
    """Reads a number of either form without rounding it; JSON numbers come as Decimal or int."""
    if isinstance(value, bool) or not isinstance(value, int | float | Decimal | str):
        raise PydanticCustomError("not_a_number", "not a number")
    text = value.strip() if isinstance(value, str) else ""
    if isinstance(value, str) and not _AMOUNT.fullmatch(text):
        raise PydanticCustomError("not_a_number", "not a number")
    try:
        number = Decimal(text.replace(",", "") if text else repr(value) if isinstance(value, float) else value)
    except InvalidOperation as error:
        raise PydanticCustomError("not_a_number", "not a number") from error
    if not number.is_finite():
        raise PydanticCustomError("not_a_number", "not a number")
    if abs(number) >= LARGEST_AMOUNT or int(number.as_tuple().exponent) < FINEST_AMOUNT:
        raise PydanticCustomError("out_of_range", "too large or too fine")
    if number < 0:
        raise PydanticCustomError("negative", "below zero")
    return number


def _positive(value: Decimal) -> Decimal:
    if value == 0:
        raise PydanticCustomError("not_positive", "not above zero")
    return value


def _code(value: Any) -> Any:
    """Reads an HS code written with or without dots; a number has lost its leading zero if its length is odd."""
    if isinstance(value, int) and not isinstance(value, bool):
        value = f"{'0' * (len(str(value)) % 2)}{value}"
    if not isinstance(value, str) or not _CODE.fullmatch(value.strip()):
        raise PydanticCustomError("not_a_code", "not a code")
    digits = re.sub(r"\D", "", value)
    if len(digits) not in (2, 4, 6, 8, 10):
        raise PydanticCustomError("wrong_length", "not 2, 4, 6, 8 or 10 digits")
    if not 1 <= int(digits[:2]) <= 97 or digits[:2] == "77":
        raise PydanticCustomError("no_such_chapter", "no such chapter")
    return digits


def _product_code(value: Any) -> Any:
    digits = _code(value)
    if len(digits) < 6:
        raise PydanticCustomError("too_few_digits", "fewer than six digits")
    return digits


def _country(value: Any) -> Any:
    code = value.strip().upper() if isinstance(value, str) else ""
    if code not in _countries():
        raise PydanticCustomError("unknown_country", "no ISO 3166 code")
    return code


def _currency(value: Any) -> Any:
    code = value.strip().upper() if isinstance(value, str) else ""
    if code not in _currencies():
        raise PydanticCustomError("unknown_currency", "no ISO 4217 code")
    return code


def _incoterm(value: Any) -> Any:
    term = value.strip().upper() if isinstance(value, str) else ""
    if term not in INCOTERMS:
        raise PydanticCustomError("unknown_basis", "no delivery term")
    return term


def _agreement(value: Any) -> Any:
    name = value.strip().upper() if isinstance(value, str) else ""
    if not _AGREEMENT.fullmatch(name):
        raise PydanticCustomError("unknown_agreement", "no agreement")
    return name


def _day(value: Any) -> Any:
    try:
        return value if isinstance(value, Day) else Day.fromisoformat(value.strip())
    except (ValueError, AttributeError, TypeError) as error:
        raise PydanticCustomError("not_a_date", "not a date") from error


@lru_cache(maxsize=1)
def _countries() -> frozenset[str]:
    return frozenset(country.alpha_2 for country in pycountry.countries)


@lru_cache(maxsize=1)
def _currencies() -> frozenset[str]:
    return frozenset(currency.alpha_3 for currency in pycountry.currencies)


Amount = Annotated[Decimal, BeforeValidator(_amount)]
Country = Annotated[str, BeforeValidator(_country)]
Name = Annotated[StrictStr, Field(max_length=200)]


class _Told(BaseModel):
    # Unknown fields are passed over here and named in a warning: see ``unknown_fields``.
    model_config = ConfigDict(frozen=True, extra="ignore")


class Price(_Told):
    """What the product is sold for; ``basis`` is the delivery term the amount is meant at. None is unknown."""

    amount: Annotated[Amount, BeforeValidator(lambda value: _positive(_amount(value)))] | None = None
    basis: Annotated[str, BeforeValidator(_incoterm)] | None = None
    currency: Annotated[str, BeforeValidator(_currency)] | None = None


class Material(_Told):
    """One material of the product; None is unknown everywhere.

    Attributes:
        originating: Whether it originates under the agreement's own rules, as its proof of origin says.
        origin: Country it comes from, ISO 3166; that alone does not make it originating.
        value: Value in the currency of the price.
        weight: Weight in the unit of the product's weight.
    """

    name: Name | None = None
    hs: Annotated[str, BeforeValidator(_code)] | None = None
    originating: StrictBool | None = None
    origin: Country | None = None
    value: Amount | None = None
    weight: Amount | None = None


class Transport(_Told):
    """How the product travels; ``customs_control`` is whether it stayed under customs control on the way."""

    direct: StrictBool | None = None
    via: Annotated[tuple[Country, ...], Field(max_length=20)] = ()
    customs_control: StrictBool | None = None


Processes = Annotated[tuple[Annotated[StrictStr, Field(max_length=100)], ...], Field(max_length=200)]


class OriginInput(_Told):
    """A product, its bill of materials, what is done to it and how it travels.

    Attributes:
        processes: Workings carried out in Korea, by name; ``not_done`` those that were asked for and are not.
        wholly_obtained: Whether everything in it was grown, caught or mined in the territory.
        weight: Weight of the product.
        net_cost: Net cost of the product in the currency of the price (vehicles only).
        only_minimal: Whether nothing but simple working is done.
        goods_condition: Which of several candidate rules fits: its number, counted from 1, or its description.
        date: Day of export, if not today.
    """

    agreement: Annotated[str, BeforeValidator(_agreement)]
    hs: Annotated[str, BeforeValidator(_product_code)]
    price: Price = Price()
    materials: Annotated[tuple[Material, ...], Field(max_length=MOST_MATERIALS)] = ()
    processes: Processes = ()
    not_done: Processes = ()
    transport: Transport = Transport()
    wholly_obtained: StrictBool | None = None
    weight: Annotated[Amount, BeforeValidator(lambda value: _positive(_amount(value)))] | None = None
    net_cost: Annotated[Amount, BeforeValidator(lambda value: _positive(_amount(value)))] | None = None
    only_minimal: StrictBool | None = None
    goods_condition: Annotated[int, Field(strict=True, ge=1)] | Name | None = None
    date: Annotated[Day, BeforeValidator(_day)] | None = None
    language: Literal["ko", "en"] | None = None

    @property
    def hs6(self) -> str:
        """The six digits that are the same in every country."""
        return self.hs[:6]


def read_input(data: Any) -> OriginInput:
    """Reads the JSON form of an input; nulls in place of objects and lists mean that nothing is known.

    Raises:
        BadInput: A field has the wrong form; every such field is named.
    """
    if not isinstance(data, Mapping):
        raise BadInput((Fault("input", "not_an_object", _shown(data)),))
    empty = ("price", "materials", "processes", "not_done", "transport")
    told = {key: value for key, value in data.items() if not (value is None and key in empty)}
    way = told.get("transport")
    if isinstance(way, Mapping) and way.get("via", ()) is None:
        told["transport"] = {**way, "via": ()}
    try:
        return OriginInput.model_validate(told)
    except ValidationError as error:
        raise BadInput(_faults(error)) from error


def unknown_fields(data: Any) -> tuple[str, ...]:
    """Returns the fields of an input that are none of its form, so that a typing slip is seen."""
    return tuple(_unknown(OriginInput, data, "")) if isinstance(data, Mapping) else ()


_PROBLEMS = {
    "missing": "missing",
    "bool_type": "not_true_or_false",
    "string_type": "not_text",
    "string_too_long": "too_long",
    "too_long": "too_many",
    "tuple_type": "not_a_list",
    "model_type": "not_an_object",
    "model_attributes_type": "not_an_object",
    "greater_than_equal": "not_positive",
    "int_type": "not_text",
    "literal_error": "unknown_language",
}


def _faults(error: ValidationError) -> tuple[Fault, ...]:
    faults: dict[str, Fault] = {}
    for entry in error.errors():
        field = _field(entry["loc"])
        kind = str(entry["type"])
        faults.setdefault(field, Fault(field, _PROBLEMS.get(kind, kind), _shown(entry["input"])))
    return tuple(faults.values())


def _field(location: tuple[int | str, ...]) -> str:
    """Writes a place as people write it; what pydantic adds for the members of a union is left out."""
    written = ""
    for part in location:
        if isinstance(part, int):
            written += f"[{part}]"
        elif part.isidentifier() and part not in ("int", "str", "constrained"):
            written += f".{part}" if written else part
    return written or "input"


def _shown(value: Any) -> str:
    return "" if isinstance(value, Mapping | list) or value is None else str(value)[:40]


def _unknown(model: type[BaseModel], data: Any, place: str) -> list[str]:
    found: list[str] = []
    if not isinstance(data, Mapping):
        return found
    for key, value in data.items():
        field = model.model_fields.get(str(key))
        here = f"{place}.{key}" if place else str(key)
        inner = _model_in(field.annotation) if field else None
        if field is None:
            found.append(here[:60])
        elif inner and isinstance(value, list):
            for index, item in enumerate(value[:MOST_MATERIALS]):
                found += _unknown(inner, item, f"{here}[{index}]")
        elif inner:
            found += _unknown(inner, value, here)
    return found


def _model_in(annotation: Any) -> type[BaseModel] | None:
    if isinstance(annotation, type) and issubclass(annotation, BaseModel):
        return annotation
    if get_origin(annotation) in (tuple, Union, UnionType, Annotated):
        return next((model for part in get_args(annotation) if (model := _model_in(part))), None)
    return None
