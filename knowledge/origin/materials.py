"""How each material counts under an agreement, and how sure that is."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Iterator
from dataclasses import dataclass
from decimal import Decimal
from enum import Enum
from fractions import Fraction

from knowledge.origin.agreement import Agreement
from knowledge.origin.model import Material, OriginInput
from knowledge.origin.result import Missing, Saying
from knowledge.origin.rule import CodeRange, Codes, Level

HOME = "KR"


class Standing(Enum):
    """Whether a material is originating under the agreement."""

    ORIGINATING = "originating"
    NON_ORIGINATING = "non_originating"
    UNKNOWN = "unknown"


@dataclass(frozen=True)
class Part:
    """A material of the product with its place in the list and its standing."""

    index: int
    material: Material
    standing: Standing

    @property
    def may_count(self) -> bool:
        """Whether it may be non-originating."""
        return self.standing is not Standing.ORIGINATING

    @property
    def counts(self) -> bool:
        """Whether it is non-originating for certain."""
        return self.standing is Standing.NON_ORIGINATING

    @property
    def name(self) -> str:
        """What to call it: its name, else its code, else its number in the list."""
        return self.material.name or self.material.hs or f"#{self.index + 1}"

    def lacks(self, field: str) -> Missing:
        """Returns the question for one of its facts."""
        asked = field
        if field == "originating" and self.material.originating:
            asked = "contradiction"
        elif field == "originating" and self.material.origin not in (None, HOME):
            asked = "partner_origin"
        params = {"name": self.name, "country": self.material.origin}
        return Missing(f"materials[{self.index}].{field}", Saying(f"material_{asked}", params))


def parts(told: OriginInput, agreement: Agreement) -> tuple[Part, ...]:
    """Returns the materials with their standing."""
    return tuple(Part(i, material, standing(material, agreement)) for i, material in enumerate(told.materials))


def standing(material: Material, agreement: Agreement) -> Standing:
    """Tells whether a material is originating, from what is said of it.

    The country alone makes nothing originating. A material of unknown standing from a country outside the agreement
    is non-originating; one that is called originating but comes from there contradicts itself and is unknown.
    """
    inside = material.origin is None or material.origin in (HOME, *agreement.parties)
    if material.originating is False:
        return Standing.NON_ORIGINATING
    if material.originating is True:
        return Standing.ORIGINATING if inside else Standing.UNKNOWN
    outside = not inside and material.origin not in agreement.cumulation_with
    return Standing.NON_ORIGINATING if outside else Standing.UNKNOWN


def covered(codes: Codes, code: str | None) -> bool | None:
    """Tells whether ``codes`` cover a material's code; None where the code has too few digits to tell, or none."""
    if not codes:
        return False
    if code is None:
        return None
    low, high = code[:6].ljust(6, "0"), code[:6].ljust(6, "9")
    ranges = [(part.first.ljust(6, "0"), part.last.ljust(6, "9")) for part in codes]
    if any(first <= low and high <= last for first, last in ranges):
        return True
    return None if any(first <= high and low <= last for first, last in ranges) else False


def code_ranges(codes: Iterable[str]) -> Codes:
    """Returns codes of an agreement's file as ranges."""
    return tuple(CodeRange(code, code) for code in codes)


def changed(level: Level, product: str, code: str | None) -> bool | None:
    """Tells whether a material lies in another chapter, heading or subheading than the product; None if unsure.

    Args:
        level: How many leading digits must differ.
        product: Six-digit code of the product.
        code: Code of the material, of any length.
    """
    if code is None:
        return None
    known = min(len(code), level.digits)
    if code[:known] != product[:known]:
        return True
    return False if known == level.digits else None


@dataclass(frozen=True)
class Bounds:
    """What an amount can be at least and at most; ``high`` None where nothing bounds it."""

    low: Fraction
    high: Fraction | None

    @property
    def exact(self) -> bool:
        """Whether it is known exactly."""
        return self.low == self.high


def total(
    listed: Iterable[Part], measure: Callable[[Material], Decimal | None], sure: Callable[[Part], bool]
) -> Bounds:
    """Adds up an amount of materials.

    An amount that is unknown is 0 at best and without bound at worst; a material that may not belong to the sum
    counts only at worst.

    Args:
        listed: Materials that may belong to the sum.
        measure: Gives the amount of a material, None where unknown.
        sure: Tells whether a material belongs to it for certain.
    """
    low, high = Fraction(0), Fraction(0)
    bounded = True
    for part in listed:
        amount = measure(part.material)
        if amount is None:
            bounded = False
            continue
        high += Fraction(amount)
        if sure(part):
            low += Fraction(amount)
    return Bounds(low, high if bounded else None)


def value_of(material: Material) -> Decimal | None:
    """Returns a material's value."""
    return material.value


def weight_of(material: Material) -> Decimal | None:
    """Returns a material's weight."""
    return material.weight


def unknown_amounts(listed: Iterable[Part], field: str) -> Iterator[Missing]:
    """Yields what is not known of materials whose ``value`` or ``weight`` is being added up."""
    for part in listed:
        if part.standing is Standing.UNKNOWN:
            yield part.lacks("originating")
        if getattr(part.material, field) is None:
            yield part.lacks(field)
