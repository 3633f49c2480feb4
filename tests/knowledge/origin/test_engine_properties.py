"""What must hold of every simulation, tried on products made up at random."""

from __future__ import annotations

from datetime import date
from decimal import Decimal
from pathlib import Path
from typing import Any

from hypothesis import assume, given, settings
from hypothesis import strategies as st

from knowledge.origin.agreement import agreements_of
from knowledge.origin.engine import assess
from knowledge.origin.lookup import Lookup, RuleRow
from knowledge.origin.model import read_input
from knowledge.origin.result import Outcome, Simulation
from knowledge.origin.rule import parse_rule
from knowledge.origin.suggestions import what_would_change
from knowledge.origin.telling import tell

PACK = Path(__file__).resolve().parents[3] / "knowledge" / "packs" / "korea"
YES, NO, OPEN = Outcome.QUALIFIES, Outcome.DOES_NOT_QUALIFY, Outcome.NOT_DETERMINED
TODAY = date(2026, 6, 1)

# Rules and codes are chosen so that materials of the product's own chapter, heading and subheading are frequent.
RULES = {
    "KR-CN": ["CTH", "CC or RVC(build_down) >= 40", "CTH and RVC(build_down) >= 50", "CTH except 3003", "WO", "CTSH"],
    "KR-US": [
        "CTH or RVC(build_up) >= 30 or RVC(build_down) >= 35",
        "CC or CC from 330491-330499 and (RVC(build_up) >= 35 or RVC(build_down) >= 45)",
        "RVC(net_cost) >= 35 or CTSH outside 3301-3303",
    ],
    "KR-VN": [
        "CTH or RVC(build_down) >= 40 or RVC(build_up) >= 40",
        "CC and process(cut_and_sewn)",
        "CTH and MaxNOM(2403) <= 60",
    ],
    "KR-UK": [
        "CTH allow same_heading <= 20 or MaxNOM <= 40",
        "CTH and WOMaterials(1211) and MaxNOM(17) <= 30",
        "CTH except 3302 allow 3302 <= 30",
        "ANY",
        "MaxWeight(17) <= 40",
    ],
}
PRODUCTS = ["330499", "190230", "610910", "300490", "040690"]
CODES = [
    "330499",
    "330491",
    "330290",
    "190219",
    "190230",
    "610910",
    "611790",
    "600622",
    "300390",
    "040210",
    "170199",
    "121120",
    "240319",
    "290545",
    "3304",
    "33",
]

amounts = st.decimals(min_value=0, max_value=120, places=2)
materials = st.lists(
    st.fixed_dictionaries(
        {
            "hs": st.sampled_from(CODES) | st.none(),
            "originating": st.sampled_from([True, False, None]),
            "value": amounts | st.none(),
            "weight": amounts | st.none(),
        }
    ),
    min_size=1,
    max_size=4,
)


@st.composite
def products(draw: st.DrawFn) -> tuple[dict[str, Any], str]:
    agreement = draw(st.sampled_from(sorted(RULES)))
    told: dict[str, Any] = {
        "agreement": agreement,
        "hs": draw(st.sampled_from(PRODUCTS)),
        "price": {
            "amount": draw(st.decimals(min_value="0.01", max_value=200, places=2)),
            "basis": draw(st.sampled_from(["EXW", "FOB", "CIF"])),
            "currency": "USD",
        },
        "materials": draw(materials),
        "processes": draw(st.sampled_from([[], ["manufacturing"], ["packing"], ["cut_and_sewn"]])),
        "not_done": draw(st.sampled_from([[], ["cut_and_sewn"]])),
        "transport": draw(
            st.sampled_from([{"direct": True}, {"direct": False, "customs_control": True}, {"direct": None}])
        ),
        "wholly_obtained": draw(st.sampled_from([True, False, None])),
        "weight": draw(st.decimals(min_value=1, max_value=200, places=1) | st.none()),
        "net_cost": draw(st.decimals(min_value=1, max_value=200, places=1) | st.none()),
        "only_minimal": draw(st.sampled_from([True, False, None])),
    }
    # What contradicts itself decides nothing, and a contradiction goes away when half of it is forgotten.
    if "cut_and_sewn" in told["processes"]:
        told["not_done"] = []
    if told["processes"]:
        told["only_minimal"] = draw(st.sampled_from([told["processes"] == ["packing"], None]))
    return told, draw(st.sampled_from(RULES[agreement]))


def weigh(told: dict[str, Any], rule: str) -> Simulation:
    row = RuleRow(told["hs"], told["hs"], parse_rule(rule), rule, None, "", "Annex")
    return assess(
        read_input(told), agreements_of(PACK).get(told["agreement"]), Lookup((row,), 2012, "same_code"), TODAY
    )


def with_material(told: dict[str, Any], index: int, **changes: Any) -> dict[str, Any]:
    listed = [dict(material) for material in told["materials"]]
    listed[index % len(listed)] |= changes
    return {**told, "materials": listed}


tried = settings(max_examples=150, deadline=None)


@tried
@given(products(), amounts)
def test_more_originating_material_never_turns_yes_into_no(product: tuple[dict[str, Any], str], value: Decimal) -> None:
    told, rule = product
    more = {**told, "materials": [*told["materials"], {"hs": "290545", "originating": True, "value": value}]}
    if weigh(told, rule).outcome is YES:
        assert weigh(more, rule).outcome is YES
    if weigh(more, rule).outcome is NO:
        assert weigh(told, rule).outcome is not YES


@tried
@given(products(), st.integers(1, 1000))
def test_scaling_all_amounts_changes_nothing(product: tuple[dict[str, Any], str], factor: int) -> None:
    told, rule = product
    scaled = {
        **told,
        "price": {**told["price"], "amount": told["price"]["amount"] * factor},
        "net_cost": told["net_cost"] and told["net_cost"] * factor,
        "materials": [{**m, "value": None if m["value"] is None else m["value"] * factor} for m in told["materials"]],
    }
    once, again = weigh(told, rule), weigh(scaled, rule)
    assert [(s.id, s.verdict) for s in once.steps] == [(s.id, s.verdict) for s in again.steps]
    assert once.outcome is again.outcome
    assert once.missing == again.missing


RANK = {NO: 0, OPEN: 1, YES: 2}


@tried
@given(products(), st.integers(0, 3))
def test_making_a_material_originating_never_hurts(product: tuple[dict[str, Any], str], index: int) -> None:
    told, rule = product
    better = with_material(told, index, originating=True)
    assert RANK[weigh(better, rule).outcome] >= RANK[weigh(told, rule).outcome]


UNKNOWN = {
    "price": {"price": None},
    "processes": {"processes": []},
    "not done": {"not_done": []},
    "transport": {"transport": None},
    "wholly obtained": {"wholly_obtained": None},
    "weight": {"weight": None},
    "net cost": {"net_cost": None},
    "only minimal": {"only_minimal": None},
}


@tried
@given(products(), st.sampled_from(sorted(UNKNOWN)))
def test_forgetting_a_fact_never_makes_a_yes(product: tuple[dict[str, Any], str], fact: str) -> None:
    forgotten_is_weaker(product, {**product[0], **UNKNOWN[fact]})


@tried
@given(products(), st.integers(0, 3), st.sampled_from(["hs", "originating", "value", "weight"]))
def test_forgetting_a_fact_of_a_material_never_makes_a_yes(
    product: tuple[dict[str, Any], str], index: int, fact: str
) -> None:
    forgotten_is_weaker(product, with_material(product[0], index, **{fact: None}))


def forgotten_is_weaker(product: tuple[dict[str, Any], str], forgotten: dict[str, Any]) -> None:
    """Facts that contradict each other decide nothing; without one of the two the other may, so they are left out."""
    told = weigh(*product)
    assume(not any(reason.id == "operations.contradiction" for step in told.steps for reason in step.reasons))
    before, after = told.outcome, weigh(forgotten, product[1]).outcome
    assert after is not YES or before is YES
    assert not (before is YES and after is NO)


FILLED = [
    {"originating": True, "hs": "290545", "value": 1, "weight": 1},
    {"originating": False, "hs": "330499", "value": 90, "weight": 90},
    {"originating": False, "hs": "290545", "value": 1, "weight": 1},
]


@tried
@given(products(), st.sampled_from(FILLED))
def test_what_can_be_said_bounds_what_comes_true(product: tuple[dict[str, Any], str], fill: dict[str, Any]) -> None:
    """A verdict reached with unknown facts of materials holds however they turn out."""
    told, rule = product
    filled = {**told, "materials": [{k: fill[k] if v is None else v for k, v in m.items()} for m in told["materials"]]}
    before, after = weigh(told, rule).outcome, weigh(filled, rule).outcome
    assert before is OPEN or after is before


@tried
@given(products())
def test_what_is_not_determined_says_what_is_missing(product: tuple[dict[str, Any], str]) -> None:
    result = weigh(*product)
    assert bool(result.missing) == (result.outcome is OPEN)


@tried
@given(products())
def test_every_suggestion_meets_the_product_rule(product: tuple[dict[str, Any], str]) -> None:
    told, rule = product
    result = weigh(told, rule)
    for suggestion in what_would_change(result):
        again = weigh(suggestion.changed.model_dump(), rule)
        assert "met" in {again.step("product_rule").verdict.value, again.step("tolerance").verdict.value}
        assert suggestion.enough == (again.outcome is YES)


@settings(max_examples=100, deadline=None)
@given(products(), st.sampled_from(["ko", "en"]))
def test_every_result_can_be_told(product: tuple[dict[str, Any], str], language: Any) -> None:
    told = tell(weigh(*product), agreements_of(PACK), language)
    assert all(step["reason"] for step in told["steps"])
    assert "{" not in str([step["reason"] for step in told["steps"]])


def test_a_contradiction_decides_nothing() -> None:
    """Packing is not on Korea-US's list (dilution only), so that "only simple working" contradicts it."""
    told = {
        "agreement": "KR-US", "hs": "330499", "price": {"amount": 10, "basis": "EXW", "currency": "USD"},
        "materials": [{"hs": "290545", "originating": False, "value": 1}],
        "processes": ["packing"], "transport": {"direct": True}, "only_minimal": True,
    }  # fmt: skip
    assert weigh(told, "CTH").outcome is OPEN
