"""What a trade agreement says about origin besides the product rules: parties, tolerance, transport, proof.

Facts live in ``packs/<pack>/agreements/<ID>.yaml``. A field that is absent is unknown, not "no".
"""

from __future__ import annotations

from collections.abc import Iterable
from datetime import date
from decimal import Decimal
from functools import lru_cache
from pathlib import Path
from typing import Annotated, Literal

import yaml
from pydantic import BaseModel, ConfigDict, Field, ValidationError

from knowledge.record import Basis, Language, Source

AgreementId = Annotated[str, Field(pattern=r"^[A-Z]{2}-[A-Z]+$|^[A-Z]{4,5}$")]
Words = dict[Language, str]


class AgreementError(ValueError):
    """A file of agreements can't be read; the message names file and field."""


class UnknownAgreement(LookupError):
    """There is no agreement of that name."""


class _Strict(BaseModel):
    model_config = ConfigDict(frozen=True, extra="forbid")


class Locator(_Strict):
    """Where a fact stands: a document of ``sources.yaml`` in the same folder, and the article in it."""

    of: str
    locator: str
    basis: Basis


class Formula(_Strict):
    """How regional value content is reckoned under one method.

    ``price`` is the price it is a share of; ``text`` the formula in words and symbols; ``counts`` what build-up adds
    up: originating materials only, or also labour, overhead, profit and other costs in the territory.
    """

    method: Literal["build_down", "build_up", "net_cost", "max_nom"]
    price: Literal["FOB", "EXW", "net_cost", "customs_value"]
    counts: Literal["materials", "materials_and_costs"] = "materials"
    text: Words
    source: Locator


class Tolerance(_Strict):
    """How much material may fail the change in tariff classification and the product still qualify.

    Attributes:
        chapters: First and last HS chapter of the product it applies to, both included; several ranges possible.
        by: Share of the price (``value``) or of the product's total weight (``weight``).
        percent: The highest share allowed, percent.
        of: What a weight share is of, where it is not the whole product (the component that determines
            classification).
        needs: Further condition on the failing materials: ``other_subheading`` than the product's.
        excluded_materials: Codes of materials the tolerance does not cover in these products.
        covers: Conditions it can make up for: a missed change in tariff classification, and where the text says so
            also materials that should have been wholly obtained.
        doubtful_materials: Codes of materials for which it depends on details not asked for (milk solids, variety);
            the tolerance then decides nothing.
    """

    chapters: tuple[tuple[int, int], ...]
    by: Literal["value", "weight"]
    percent: Decimal
    of: Literal["product", "component"] = "product"
    needs: Literal["other_subheading"] | None = None
    excluded_materials: tuple[str, ...] = ()
    doubtful_materials: tuple[str, ...] = ()
    covers: tuple[Literal["change", "wholly_obtained_materials"], ...] = ("change",)
    note: Words | None = None
    source: Locator


class Fact(_Strict):
    """One statement in both languages with its place; ``value`` where a machine must reckon with it."""

    text: Words
    value: str | int | Decimal | bool | None = None
    source: Locator


class Proof(_Strict):
    """How origin is proved.

    Attributes:
        by: Who makes the proof out: an authority, the exporter itself, either, or only approved exporters above a sum.
        issuers: Organisations that issue it in Korea.
        form: Name and number of the form.
        threshold: Sum up to which less is asked of the exporter, or no proof at all.
        validity_months: How long a proof serves.
        retention_years: How long papers must be kept in Korea.
        retroactive: Whether and until when it may be issued after shipment.
        non_party_invoicing: Whether a firm of a third country may invoice.
    """

    by: Literal["authority", "self", "either", "approved_exporter"]
    who: Fact
    issuers: Fact | None = None
    form: Fact | None = None
    threshold: Fact | None = None
    validity_months: Fact | None = None
    retention_years: Fact | None = None
    retroactive: Fact | None = None
    non_party_invoicing: Fact | None = None
    language: Fact | None = None


class Agreement(_Strict):
    """One agreement in force for Korea.

    Attributes:
        id: ISO codes of the parties or a regional name: KR-CN, KR-EU, KR-ASEAN, RCEP.
        parties: ISO 3166 codes of the partners (without Korea).
        in_force: Day it began to apply for Korea; for later partners see ``accessions``.
        hs_edition: Year of the HS edition its product rules are written in.
        rules: Whether product rules are in the pack (file ``origin_rules/<id>.csv``).
        inferred_from: Another agreement whose rules are taken as its own, with the reason in ``inferred_note``.
        formulas: How regional value content is reckoned, a method each.
        tolerances: Rules on failing materials, most special first; empty when none is known.
        tolerance_rescues_value: Whether tolerance can make up for a missed value content (nowhere known).
        cumulation, transport, insufficient: What else must hold, in words.
        insufficient_processes: Names (``minimal_processes.yaml``) of workings that never confer origin by themselves.
        insufficient_chapters: HS chapters of the products that list is for; empty: all.
        cumulation_with: Countries beside the parties whose originating materials may count, subject to conditions.
    """

    id: AgreementId
    name: Words
    parties: tuple[Annotated[str, Field(pattern=r"^[A-Z]{2}$")], ...]
    in_force: date | None = None
    in_force_source: Locator | None = None
    accessions: dict[str, date] = {}
    hs_edition: int | None = None
    hs_edition_source: Locator | None = None
    rules: bool = False
    inferred_from: str | None = None
    inferred_note: Words | None = None
    formulas: tuple[Formula, ...] = ()
    tolerances: tuple[Tolerance, ...] = ()
    tolerance_note: Fact | None = None
    cumulation: Fact | None = None
    transport: Fact | None = None
    transit_control: bool | None = None
    transit_months: int | None = None
    insufficient: Fact | None = None
    insufficient_processes: tuple[str, ...] = ()
    insufficient_chapters: tuple[tuple[int, int], ...] = ()
    cumulation_with: tuple[str, ...] = ()
    wholly_obtained: Fact | None = None
    proof: Proof | None = None
    notes: tuple[Fact, ...] = ()

    def formula(self, method: str) -> Formula | None:
        """Returns how ``method`` is reckoned here, or None where it is not known."""
        return next((formula for formula in self.formulas if formula.method == method), None)

    def tolerances_for(self, hs6: str) -> tuple[Tolerance, ...]:
        """Returns the tolerances open to a product of this code; any one of them is enough."""
        chapter = int(hs6[:2])
        return tuple(t for t in self.tolerances if any(first <= chapter <= last for first, last in t.chapters))


class Agreements:
    """The agreements of a pack and the documents they cite. Read-only once made."""

    def __init__(self, agreements: Iterable[Agreement], documents: dict[str, Source]) -> None:
        self._agreements = {agreement.id: agreement for agreement in agreements}
        self._documents = documents

    def get(self, agreement_id: str) -> Agreement:
        """Returns an agreement by id, whatever the case of the letters.

        Raises:
            UnknownAgreement: There is none of that name.
        """
        found = self._agreements.get(agreement_id.strip().upper())
        if found is None:
            raise UnknownAgreement(agreement_id)
        return found

    def all(self) -> list[Agreement]:
        """Returns all agreements in the order of their ids."""
        return sorted(self._agreements.values(), key=lambda agreement: agreement.id)

    def reaching(self, country: str) -> list[Agreement]:
        """Returns the agreements in force with a country (ISO code)."""
        return [agreement for agreement in self.all() if country.upper() in agreement.parties]

    def source(self, locator: Locator) -> Source:
        """Returns the full source of a fact."""
        document = self._documents[locator.of]
        return document.model_copy(update={"locator": locator.locator, "basis": locator.basis})


def read_agreements(folder: Path) -> Agreements:
    """Reads ``agreements/*.yaml`` and ``agreements/sources.yaml`` of a pack.

    Raises:
        AgreementError: A file is malformed or cites a document that is not in ``sources.yaml``.
    """
    place = folder / "agreements"
    try:
        raw = yaml.safe_load((place / "sources.yaml").read_text(encoding="utf-8"))
        documents = {name: Source.model_validate(entry) for name, entry in raw.items()}
        found = [_read(path) for path in sorted(place.glob("*.yaml")) if path.name != "sources.yaml"]
    except (OSError, yaml.YAMLError, ValidationError) as error:
        raise AgreementError(f"{place}: {error}") from error
    missing = {locator.of for agreement in found for locator in locators(agreement)} - documents.keys()
    if missing:
        raise AgreementError(f"{place}: cites {', '.join(sorted(missing))}, which sources.yaml does not have")
    return Agreements(found, documents)


@lru_cache(maxsize=4)
def agreements_of(folder: Path) -> Agreements:
    """Returns the agreements of a pack, read once."""
    return read_agreements(folder)


def locators(model: BaseModel) -> Iterable[Locator]:
    """Yields every locator anywhere in a model."""
    if isinstance(model, Locator):
        yield model
        return
    for name in type(model).model_fields:
        value = getattr(model, name)
        for item in value if isinstance(value, tuple) else (value,):
            if isinstance(item, BaseModel):
                yield from locators(item)


def _read(path: Path) -> Agreement:
    try:
        return Agreement.model_validate(yaml.safe_load(path.read_text(encoding="utf-8")))
    except (yaml.YAMLError, ValidationError) as error:
        raise AgreementError(f"{path.name}: {error}") from error
