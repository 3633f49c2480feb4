"""What a firm says of itself: every part may be missing, and what is missing stays unknown."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date
from functools import lru_cache
from typing import Annotated, Any, Literal

import pycountry
from babel import Locale
from pydantic import BaseModel, ConfigDict, Field, StringConstraints, ValidationError, field_validator

from knowledge.programmes.reading import vocabulary, words
from knowledge.record import LANGUAGES, Language
from knowledge.settings import settings

Size = Literal["micro", "small", "medium", "sme", "mid_market", "large"]
Sector = Literal[
    "construction",
    "machinery_parts",
    "auto_parts",
    "consumer_goods",
    "ict",
    "services",
    "medical_bio",
    "food",
    "other",
]
Group = Literal["no_record", "potential", "first_export", "innovation", "success"]
Word = Annotated[str, StringConstraints(strip_whitespace=True, min_length=1, max_length=100)]

LARGEST = 1e13
"""Amounts beyond this are slips of the hand, in dollars as in won."""


class FirmProfile(BaseModel):
    """A firm as far as it is known. None means unknown, never no.

    Attributes:
        size: Size class; ``sme`` for a small or medium firm that does not know which. The ceilings of sales by
            industry (중소기업기본법 시행령 별표 1·3) are not in this pack, so the class is asked and never reckoned.
        employees: People employed.
        sales_krw: Sales of the last year, won.
        sector: Industry, as far as programmes tell industries apart.
        region: City or province, ISO 3166-2 code (KR-11) or its Korean or English name.
        founded_on: Day of foundation.
        startup: Whether it counts as a start-up.
        exports_usd_last_year: Exports of the last year, US dollars; 0 for none.
        export_group: Group of the ministry, where the firm knows it.
        women_owned: Whether it is a women-owned firm.
        military_goods: Whether it sells military products.
        products: What it sells, in its own words.
        target_countries: Where it wants to sell, ISO 3166-1 codes or names; ASEAN stands for its members.
        has_buyer: Whether it has a buyer abroad.
        buyer_visits_korea: Whether a buyer is going to visit Korea.
        has_enquiry: Whether somebody abroad asked to buy.
        has_office_abroad: Whether it has an office abroad.
        plans_new_product: Whether it plans a new product or technology for export.
        joins_other_firms: Whether it can go abroad together with others of its trade.
        sells_online: Whether it sells on the internet.
        has_foreign_language_staff: Whether somebody there speaks the buyers' language.
        certificates: Foreign certificates it wants.
        finance_need: Whether it needs money for exporting.
    """

    model_config = ConfigDict(frozen=True, extra="forbid")

    size: Size | None = None
    employees: Annotated[int, Field(ge=0, le=10_000_000)] | None = None
    sales_krw: Annotated[float, Field(ge=0, le=LARGEST * 1000, allow_inf_nan=False)] | None = None
    sector: Sector | None = None
    region: str | None = None
    founded_on: date | None = None
    startup: bool | None = None
    exports_usd_last_year: Annotated[float, Field(ge=0, le=LARGEST, allow_inf_nan=False)] | None = None
    export_group: Group | None = None
    women_owned: bool | None = None
    military_goods: bool | None = None
    products: Annotated[tuple[Word, ...], Field(max_length=50)] | None = None
    target_countries: Annotated[tuple[str, ...], Field(max_length=300)] | None = None
    has_buyer: bool | None = None
    buyer_visits_korea: bool | None = None
    has_enquiry: bool | None = None
    has_office_abroad: bool | None = None
    plans_new_product: bool | None = None
    joins_other_firms: bool | None = None
    sells_online: bool | None = None
    has_foreign_language_staff: bool | None = None
    certificates: Annotated[tuple[Word, ...], Field(max_length=50)] | None = None
    finance_need: bool | None = None

    @field_validator("region", mode="after")
    @classmethod
    def _region(cls, value: str | None) -> str | None:
        if value is None:
            return None
        code = _regions().get(value.strip().casefold())
        if code is None:
            raise ValueError("unknown_region")
        return code

    @field_validator("target_countries", mode="after")
    @classmethod
    def _countries(cls, value: tuple[str, ...] | None) -> tuple[str, ...] | None:
        if value is None:
            return None
        return tuple(dict.fromkeys(code for name in value for code in _country(name)))

    @field_validator("founded_on", mode="after")
    @classmethod
    def _founded(cls, value: date | None) -> date | None:
        if value and value > date.today():
            raise ValueError("future_date")
        return value


@dataclass(frozen=True)
class ProfileFault:
    """One part of a profile that can't be read: its field, and the id of the sentence that says why."""

    field: str
    problem: str
    given: str

    def told(self, language: Language) -> str:
        """Returns the fault as a sentence; it names the field."""
        said = words()["faults"]
        template = said.get(self.problem, said["wrong_form"])[language]
        return str(template.format(field=self.field, given=self.given or "-", choices=", ".join(_choices(self.field))))


class ProfileError(ValueError):
    """A profile can't be read; ``faults`` lists every part that is wrong."""

    def __init__(self, faults: tuple[ProfileFault, ...]) -> None:
        self.faults = faults
        super().__init__("; ".join(f"{fault.field}: {fault.problem}: {fault.given}" for fault in faults))

    def told(self, language: Language) -> str:
        """Returns all faults as sentences."""
        return " ".join(fault.told(language) for fault in self.faults)


def read_profile(data: Any) -> FirmProfile:
    """Returns the profile that plain data (JSON) describes.

    Raises:
        ProfileError: It is no mapping, has an unknown field, or a value has the wrong form.
    """
    if not isinstance(data, Mapping):
        raise ProfileError((ProfileFault("profile", "not_a_mapping", str(data)[:40]),))
    try:
        profile = FirmProfile.model_validate(dict(data))
    except ValidationError as error:
        raise ProfileError(tuple(dict.fromkeys(map(_fault, error.errors())))) from error
    if profile.export_group == "no_record" and profile.exports_usd_last_year:
        raise ProfileError((ProfileFault("export_group", "contradicts_exports", profile.export_group),))
    return profile


@lru_cache(maxsize=1)
def questions() -> dict[str, Any]:
    """Returns what can be asked about a firm, by field: the question, and the answers where there is a choice."""
    return dict(vocabulary(settings().packs_dir / settings().pack, "profile"))


def _fault(found: Any) -> ProfileFault:
    field = str(found["loc"][0]) if found["loc"] else "profile"
    given = str(found.get("input", "")).encode("utf-8", "replace").decode()[:40]
    kind = str(found["type"])
    if kind == "value_error":
        problem = str(found["ctx"]["error"])
        return ProfileFault(field, problem, given)
    known = {"extra_forbidden": "unknown_field", "literal_error": "not_a_choice", "greater_than_equal": "negative"}
    if kind.startswith("bool"):
        return ProfileFault(field, "not_yes_or_no", given)
    if kind in ("float_parsing", "int_parsing", "finite_number", "less_than_equal", "int_from_float"):
        return ProfileFault(field, "not_a_number", given)
    return ProfileFault(field, known.get(kind, "wrong_form"), given)


def _choices(field: str) -> tuple[str, ...]:
    literals = {"size": Size, "sector": Sector, "export_group": Group}
    return tuple(literals[field].__args__) if field in literals else ()  # type: ignore[attr-defined]


@lru_cache(maxsize=1)
def _regions() -> dict[str, str]:
    """Returns the code of every region by code and by name, casefolded."""
    entry = questions()["region"]
    found: dict[str, str] = {}
    for code, names in entry["choices"].items():
        spellings = [code, *(names[language] for language in LANGUAGES), *entry["also"].get(code, ())]
        found |= {name.casefold(): code for name in spellings}
        found |= {f"{names['ko']}{ending}": code for ending in entry["endings"]}
    return found


@lru_cache(maxsize=1)
def _countries() -> dict[str, str]:
    """Returns ISO codes of countries by code and by their names in both languages, casefolded."""
    codes = {country.alpha_2 for country in pycountry.countries}
    found = {code.casefold(): code for code in codes}
    for language in LANGUAGES:
        found |= {str(Locale(language).territories.get(code, code)).casefold(): code for code in sorted(codes)}
    return found


def _country(name: str) -> tuple[str, ...]:
    plain = name.strip().casefold()
    for union in questions()["target_countries"]["unions"]:
        if plain in (spelling.casefold() for spelling in union["names"]):
            return tuple(union["members"])
    if plain not in _countries():
        raise ValueError("unknown_country")
    return (_countries()[plain],)
