"""The value content on paper: the agreement's formula, the amounts that go into it, and what comes out."""

from __future__ import annotations

from collections.abc import Mapping
from pathlib import Path
from typing import Any

from actions.papers.figures import bounded, number
from actions.papers.page import Paper
from actions.texts import text
from knowledge.origin.computation import Computation, computation
from knowledge.origin.model import read_input

NAMES_AT_MOST = 6
"""Materials named one by one beside their sum; the table above the computation has them all."""


def write_value_content(paper: Paper, data: Mapping[str, Any], result: Mapping[str, Any], folder: Path) -> None:
    """Writes how the value content was computed; nothing where the rule asks for none.

    Raises:
        BadInput: The input can't be read.
    """
    found = computation(data, result, folder)
    if found is None:
        return
    currency = read_input(data).price.currency
    say = _Say(paper)
    paper.heading(say("rvc"), keep=50)
    rows = [
        (say("rvc_method"), say(f"method_{found.method}")),
        (say("rvc_formula"), _formula(found, paper)),
        (say("rvc_price", basis=_basis(found, paper)), bounded(found.whole, currency, paper.language)),
        (say(f"rvc_{found.part_of}"), _part(found, currency, paper)),
    ]
    if found.written_out:
        rows.append((say("rvc_sum"), _sum(found, paper)))
    rows.append((say("rvc_result"), _result(found, paper)))
    paper.facts(rows)
    if not (found.whole.exact and found.part.exact):
        paper.small(say("rvc_bounded"))
    if found.method == "build_up" and found.bound != "exact":
        paper.small(say("rvc_costs"))


class _Say:
    """Says the fixed words of a paper."""

    def __init__(self, paper: Paper) -> None:
        self.paper = paper

    def __call__(self, key: str, **values: object) -> str:
        return text(f"paper_{key}", self.paper.language, **values)


def _formula(found: Computation, paper: Paper) -> str:
    if found.formula is None:
        return _Say(paper)("rvc_formula_unknown")
    place = f"\n{found.source.title[paper.language]} {found.source.locator}" if found.source else ""
    return found.formula[paper.language] + place


def _basis(found: Computation, paper: Paper) -> str:
    named = found.basis in ("net_cost", "customs_value")
    return _Say(paper)(f"basis_{found.basis}") if named else found.basis


def _part(found: Computation, currency: str | None, paper: Paper) -> str:
    """Returns the sum of the materials, with the values it is made of where they are few."""
    whole = bounded(found.part, currency, paper.language)
    values = [part.material.value for part in found.counted]
    known = [number(value, paper.language) for value in values if value is not None]
    if found.part.exact and 1 < len(known) <= NAMES_AT_MOST:
        return f"{' + '.join(known)} = {whole}"
    return whole


def _sum(found: Computation, paper: Paper) -> str:
    key = "rvc_build_down" if found.method in ("build_down", "net_cost") else "rvc_ratio"
    price, part = number(found.whole.low, paper.language), number(found.part.low, paper.language)
    return _Say(paper)(key, price=price, part=part, value=number(found.value or 0, paper.language))


def _result(found: Computation, paper: Paper) -> str:
    say, threshold = _Say(paper), number(found.threshold, paper.language)
    if found.value is None:
        return say("rvc_not_told", threshold=threshold)
    if found.method == "max_nom":
        key = "rvc_within" if found.value <= found.threshold else "rvc_too_much"
    else:
        key = "rvc_enough" if found.value >= found.threshold else "rvc_too_little"
    told = say(key, value=number(found.value, paper.language), threshold=threshold)
    return say(f"bound_{found.bound}", text=told)
