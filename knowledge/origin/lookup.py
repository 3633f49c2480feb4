"""What a look into an agreement's list of product rules gives back: the candidate rows for one product."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Literal

from knowledge.origin.rule import Rule
from knowledge.record import Language, Source

Mapped = Literal["same_code", "heading", "old_code"]


@dataclass(frozen=True)
class RuleRow:
    """One line of an agreement's list of product rules.

    Attributes:
        from_, to: Codes of 2, 4 or 6 digits in the agreement's HS edition, an inclusive range.
        rule: The rule as a tree, or None where the official wording could not be expressed.
        expression: The rule in the expression language; '' where ``rule`` is None.
        condition: Description of the goods of these codes the row is for, in both languages; None: all other goods.
        words: The official wording, short, where ``rule`` is None; else ''.
        locator: Article or annex the row stands in.
    """

    from_: str
    to: str
    rule: Rule | None
    expression: str
    condition: dict[Language, str] | None
    words: str
    locator: str


@dataclass(frozen=True)
class Lookup:
    """The rules an agreement has for one product.

    Attributes:
        rows: Candidates, most specific first; empty where the agreement's list says nothing certain of the code.
        edition: Year of the HS edition the list is written in, None where unknown.
        mapped: How the code was found in that edition: the same code stands there, or only its heading, all rows of
            which have the same rule, or the codes its goods stood under then; None where no row was found.
        notes: Ids of notes to tell the reader (``words.*.yaml``), such as ``inferred`` or ``textiles_elsewhere``.
        source: Document the list was taken from, without the row's own place in it.
    """

    rows: tuple[RuleRow, ...]
    edition: int | None = None
    mapped: Mapped | None = None
    notes: tuple[str, ...] = ()
    source: Source | None = None
