"""Names of workings, and the sentences the simulation can say."""

from __future__ import annotations

import re
from datetime import date
from pathlib import Path
from typing import Any

import pytest

from knowledge.origin.agreement import agreements_of
from knowledge.origin.engine import assess
from knowledge.origin.lookup import Lookup, RuleRow
from knowledge.origin.model import read_input
from knowledge.origin.operations import canonical, process_names
from knowledge.origin.rule import parse_rule
from knowledge.origin.telling import words

ROOT = Path(__file__).resolve().parents[3]
PACK = ROOT / "knowledge" / "packs" / "korea"


def outcome(agreement: str, processes: list[str], **more: Any) -> str:
    told = {
        "agreement": agreement,
        "hs": "330499",
        "price": {"amount": 100, "basis": "FOB"},
        "materials": [{"hs": "290545", "originating": False, "value": 20}],
        "processes": processes,
        "transport": {"direct": True},
    } | more
    row = RuleRow("330499", "330499", parse_rule("CTH"), "CTH", None, "", "Annex")
    result = assess(read_input(told), agreements_of(PACK).get(agreement), Lookup((row,), 2012), date(2026, 6, 1))
    return result.step("insufficient_operations").verdict.value


@pytest.mark.parametrize(
    ("said", "name"),
    [
        ("Packaging", "packing"),
        ("포장", "packing"),
        ("re-packing", "repacking"),
        ("라벨링", "labelling"),
        ("Simple Mixing", "simple_mixing"),
        ("단순혼합", "simple_mixing"),
        ("sorting", "sifting_sorting"),
        ("cut_and_sewn", "cut_and_sewn"),
        ("재단과 봉제(둘 다 체약국에서)", "cut_and_sewn"),
        ("Nano Coating", "nano_coating"),
    ],
)
def test_workings_go_by_one_name(said: str, name: str) -> None:
    assert canonical([said]) == (name,)


def test_joined_workings_are_taken_apart() -> None:
    assert canonical(["packing and labelling", "세척 및 건조", "sorting/freezing", "  "]) == (
        "packing",
        "labelling",
        "washing",
        "drying",
        "sifting_sorting",
        "freezing",
    )


@pytest.mark.parametrize(
    ("agreement", "processes", "more", "verdict"),
    [
        ("KR-CN", ["packing and labelling"], {}, "not_met"),
        ("KR-CN", ["단순조립"], {}, "not_met"),
        ("KR-CN", ["simple wrapping up"], {}, "not_met"),
        ("KR-CN", ["packing", "emulsifying"], {}, "met"),
        ("KR-CN", ["nano coating"], {}, "met"),
        ("KR-CN", [], {}, "not_determined"),
        ("KR-CN", [], {"only_minimal": True}, "not_met"),
        ("KR-CN", [], {"only_minimal": False}, "met"),
        ("KR-CN", ["packing"], {"only_minimal": False}, "not_determined"),
        ("KR-CN", ["emulsifying"], {"only_minimal": True}, "not_determined"),
        # A circumstance of the materials is no working.
        ("KR-UK", ["no_imported_upper_assemblies", "packing"], {}, "not_met"),
        # Korea-US bans nothing but dilution, in chapters 1 to 40.
        ("KR-US", ["packing"], {}, "met"),
        ("KR-US", ["simple mixing"], {}, "met"),
        ("KR-US", ["dilution"], {}, "not_met"),
        ("KR-US", [], {"only_minimal": True}, "not_determined"),
        # Drying is simple working with China only.
        ("KR-CN", ["drying"], {}, "not_met"),
        ("KR-VN", ["drying"], {}, "met"),
        ("KR-UK", ["drying"], {}, "met"),
        # If the only material may originate, simple working alone is no certain no.
        ("KR-CN", ["packing"], {"materials": [{"hs": "290545"}]}, "not_determined"),
    ],
)
def test_more_than_simple_working(agreement: str, processes: list[str], more: dict[str, Any], verdict: str) -> None:
    assert outcome(agreement, processes, **more) == verdict


def test_every_listed_working_has_words() -> None:
    listed = {name for a in agreements_of(PACK).all() for name in a.insufficient_processes}
    assert listed <= process_names().shown.keys()


def test_every_sentence_the_code_names_exists() -> None:
    said = words("en")
    everything = {key for section in ("reasons", "missing", "warnings", "suggestions") for key in said[section]}
    for path in sorted((ROOT / "knowledge" / "origin").glob("*.py")):
        for name in re.findall(r'Saying\(\s*"([a-z_.]+)"', path.read_text(encoding="utf-8")):
            assert name == "fact" or name in everything, f"{path.name}: {name}"


@pytest.mark.parametrize("verdict", ["met", "not_met", "not_determined"])
@pytest.mark.parametrize(
    "prefix",
    [
        "allow.",
        "max_value.",
        "max_weight.",
        "wholly_obtained_materials.",
        "process.",
        "tolerance.value_",
        "tolerance.weight_",
        "wholly_obtained.rule_",
    ],
)
def test_every_verdict_has_its_sentence(prefix: str, verdict: str) -> None:
    assert f"{prefix}{verdict}" in words("ko")["reasons"]
