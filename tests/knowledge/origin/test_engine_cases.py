"""The engine on products worked out by hand from the agreements' texts: see ``cases/*.yaml``."""

from __future__ import annotations

from datetime import date
from decimal import Decimal
from pathlib import Path
from typing import Any

import pytest
import yaml

from knowledge.origin.agreement import agreements_of
from knowledge.origin.engine import assess
from knowledge.origin.lookup import Lookup, RuleRow
from knowledge.origin.model import read_input
from knowledge.origin.result import Simulation
from knowledge.origin.rule import parse_rule
from knowledge.origin.simulate import rules_of, weigh

PACK = Path(__file__).resolve().parents[3] / "knowledge" / "packs" / "korea"
TODAY = date(2026, 6, 1)
ABOUT_THE_CASE = {"id", "rule", "rules", "expect"}


def cases() -> list[Any]:
    found = []
    for path in sorted((Path(__file__).parent / "cases").glob("*.yaml")):
        book = yaml.safe_load(path.read_text(encoding="utf-8"))
        for case in book["cases"]:
            whole = {"agreement": book["agreement"], **book["base"], **case}
            told = {key: value for key, value in whole.items() if key not in ABOUT_THE_CASE}
            found.append(pytest.param(told, case, book["edition"], id=f"{book['agreement']}: {case['id']}"))
    return found


def rows(case: dict[str, Any]) -> tuple[RuleRow, ...]:
    listed = case.get("rules") or ([{"rule": case["rule"]}] if case["rule"] else [])
    code = case["hs"]
    return tuple(
        RuleRow(
            code,
            code,
            parse_rule(entry["rule"]) if entry["rule"] else None,
            entry["rule"] or "",
            {"ko": entry["condition"], "en": entry["condition"]} if entry.get("condition") else None,
            entry.get("words", ""),
            "Annex",
        )
        for entry in listed
    )


def check(result: Simulation, expect: dict[str, Any]) -> None:
    assert result.outcome.value == expect["verdict"]
    found = {step.id: step.verdict.value for step in result.steps}
    assert {step: found[step] for step in expect.get("steps", {})} == expect.get("steps", {})
    assert {entry.field for entry in result.missing} == set(expect.get("missing", []))
    assert set(expect.get("warnings", [])) <= {saying.id for saying in result.warnings}
    if "rvc" in expect:
        value, bound = expect["rvc"]
        assert result.share is not None
        assert (result.share.shown(), result.share.bound) == (Decimal(str(value)), bound)


@pytest.mark.parametrize(("told", "case", "edition"), cases())
def test_a_case_worked_out_by_hand(told: dict[str, Any], case: dict[str, Any], edition: int) -> None:
    agreement = agreements_of(PACK).get(told["agreement"])
    lookup = Lookup(rows(case), edition, "same_code" if rows(case) else None)
    check(assess(read_input(told), agreement, lookup, TODAY), case["expect"])


@pytest.mark.parametrize(("told", "case", "edition"), cases())
def test_the_pack_gives_the_same_where_its_rule_is_the_case_s(
    told: dict[str, Any], case: dict[str, Any], edition: int
) -> None:
    if told["hs"] in HYPOTHETICAL.get(told["agreement"], ()) or case["id"] in HYPOTHETICAL_CASES:
        pytest.skip("a rule made up to try one part of the engine")
    agreement = agreements_of(PACK).get(told["agreement"])
    listed = rules_of(PACK).lookup(agreement, told["hs"]).rows
    assert [row.expression for row in listed] == [row.expression for row in rows(case)]
    result = weigh({**told, "goods_condition": _by_number(told, case)}, PACK, TODAY)
    assert isinstance(result, Simulation)
    check(result, case["expect"])


HYPOTHETICAL = {"KR-CN": {"071239", "600632"}, "KR-VN": {"071239"}, "KR-US": set(), "KR-UK": {"600632", "370110"}}
"""Codes whose official rule is another one than the case's."""

HYPOTHETICAL_CASES = {
    "build-up at an ex-works price decides nothing upwards",
    "build-up at an ex-works price fails for certain",
    "build-up at a CIF price passes for certain",
    "build-up alone may still pass with labour and profit",
    "a chapter 17 share with a code too short to tell",
    "a rule Naru can't reckon with",
}


def _by_number(told: dict[str, Any], case: dict[str, Any]) -> Any:
    """Returns the chosen condition by number, because the pack words it in full."""
    chosen = told.get("goods_condition")
    if not isinstance(chosen, str):
        return chosen
    return [entry.get("condition") for entry in case["rules"]].index(chosen) + 1


def test_there_are_enough_cases() -> None:
    counted: dict[str, int] = {}
    for case in cases():
        counted[case.values[0]["agreement"]] = counted.get(case.values[0]["agreement"], 0) + 1
    assert all(counted[name] >= 20 for name in ("KR-CN", "KR-US", "KR-VN", "KR-UK")), counted
