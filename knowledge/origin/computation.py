"""The value content of a simulated product written out: the agreement's formula, what goes into it, what comes out."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from pathlib import Path
from typing import Any, Literal

from knowledge.origin.agreement import Agreement, agreements_of
from knowledge.origin.materials import Bounds, Part, parts, total, value_of
from knowledge.origin.model import OriginInput, read_input
from knowledge.origin.value import price_bounds
from knowledge.record import Language, Source


@dataclass(frozen=True)
class Computation:
    """A value content with its inputs.

    Attributes:
        method: ``build_down``, ``build_up``, ``net_cost`` or ``max_nom``.
        formula: The agreement's formula in words, in both languages; None where it is not known.
        source: Where the formula stands.
        basis: The price it is a share of: ``FOB``, ``EXW``, ``net_cost`` or ``customs_value``.
        whole: That price, as far as the facts bound it.
        part_of: Whether ``part`` is non-originating or originating materials.
        part: Value of those materials, as far as the facts bound it; costs that build-up may add are left out.
        counted: The materials in ``part``, in their order.
        value: The percentage, None where it can't be told; ``bound`` says whether it is exact, at least or at most.
        threshold: What the rule asks for: at least, or at most for ``max_nom``.
    """

    method: str
    formula: Mapping[Language, str] | None
    source: Source | None
    basis: str
    whole: Bounds
    part_of: Literal["non_originating", "originating"]
    part: Bounds
    counted: tuple[Part, ...]
    value: int | float | None
    bound: str | None
    threshold: int | float

    @property
    def written_out(self) -> bool:
        """Whether price, materials and percentage are all known exactly, so that one line shows the sum."""
        return self.whole.exact and self.part.exact and self.bound == "exact"


def computation(data: Mapping[str, Any], result: Mapping[str, Any], folder: Path) -> Computation | None:
    """Returns the computation behind ``result["rvc"]``, None where the rule asks for no value content.

    Args:
        data: The input that was simulated.
        result: What ``simulate`` returned for it.
        folder: The pack.

    Raises:
        BadInput: The input can't be read.
    """
    share = result.get("rvc")
    if not share:
        return None
    told = read_input(data)
    agreement = agreements_of(folder).get(told.agreement)
    method = str(share["method"])
    formula = agreement.formula(method)
    basis = formula.price if formula else _usual_basis(agreement, method)
    counted = _counted(told, agreement, method)
    return Computation(
        method=method,
        formula=formula.text if formula else None,
        source=agreements_of(folder).source(formula.source) if formula else None,
        basis=basis,
        whole=price_bounds(told, basis),
        part_of="originating" if method == "build_up" else "non_originating",
        part=total(counted, value_of, lambda part: part.counts or method == "build_up"),
        counted=counted,
        value=share["value"],
        bound=share["bound"],
        threshold=share["threshold"],
    )


def _usual_basis(agreement: Agreement, method: str) -> str:
    ordinary = [formula.price for formula in agreement.formulas if formula.price != "net_cost"]
    return "net_cost" if method == "net_cost" else ordinary[0] if ordinary else "FOB"


def _counted(told: OriginInput, agreement: Agreement, method: str) -> tuple[Part, ...]:
    originating = method == "build_up"
    return tuple(part for part in parts(told, agreement) if part.may_count is not originating)
