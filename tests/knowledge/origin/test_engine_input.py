"""What the simulation takes, and what it says of input it can't read."""

from __future__ import annotations

import json
from decimal import Decimal
from pathlib import Path
from typing import Any

import pytest

from knowledge.origin.model import BadInput, read_input, unknown_fields
from knowledge.origin.reading import read_json
from knowledge.origin.simulate import look_up_rules, simulate
from knowledge.origin.telling import words

PACK = Path(__file__).resolve().parents[3] / "knowledge" / "packs" / "korea"


def told(**changes: Any) -> dict[str, Any]:
    return {
        "agreement": "KR-CN",
        "hs": "330499",
        "price": {"amount": 100, "basis": "FOB", "currency": "USD"},
        "materials": [{"name": "glycerol", "hs": "290545", "originating": False, "origin": "MY", "value": 20}],
        "processes": ["mixing", "filling"],
        "transport": {"direct": True, "via": [], "customs_control": None},
    } | changes


def material(**changes: Any) -> list[dict[str, Any]]:
    return [told()["materials"][0] | changes]


@pytest.mark.parametrize(
    ("changes", "field", "problem"),
    [
        ({"agreement": None}, "agreement", "unknown_agreement"),
        ({"agreement": "KR-XX"}, "agreement", "unknown_agreement"),
        ({"agreement": 7}, "agreement", "unknown_agreement"),
        ({"hs": "3304"}, "hs", "too_few_digits"),
        ({"hs": "33049"}, "hs", "wrong_length"),
        ({"hs": "33O499"}, "hs", "not_a_code"),
        ({"hs": "990499"}, "hs", "no_such_chapter"),
        ({"hs": "770499"}, "hs", "no_such_chapter"),
        ({"hs": "٣٣٠٤٩٩"}, "hs", "not_a_code"),
        ({"hs": None}, "hs", "not_a_code"),
        ({"price": 100}, "price", "not_an_object"),
        ({"price": {"amount": 0, "basis": "FOB"}}, "price.amount", "not_positive"),
        ({"price": {"amount": -1, "basis": "FOB"}}, "price.amount", "negative"),
        ({"price": {"amount": "ten", "basis": "FOB"}}, "price.amount", "not_a_number"),
        ({"price": {"amount": "NaN", "basis": "FOB"}}, "price.amount", "not_a_number"),
        ({"price": {"amount": True, "basis": "FOB"}}, "price.amount", "not_a_number"),
        ({"price": {"amount": Decimal("1e400"), "basis": "FOB"}}, "price.amount", "out_of_range"),
        ({"price": {"amount": Decimal("1e-400"), "basis": "FOB"}}, "price.amount", "out_of_range"),
        ({"price": {"amount": 1, "basis": "door"}}, "price.basis", "unknown_basis"),
        ({"price": {"amount": 1, "basis": "FOB", "currency": "DOLLAR"}}, "price.currency", "unknown_currency"),
        ({"materials": {"name": "x"}}, "materials", "not_a_list"),
        ({"materials": ["x"]}, "materials[0]", "not_an_object"),
        ({"materials": material(value=-5)}, "materials[0].value", "negative"),
        ({"materials": [*material(), *material(value="abc")]}, "materials[1].value", "not_a_number"),
        ({"materials": material(originating="yes")}, "materials[0].originating", "not_true_or_false"),
        ({"materials": material(originating=1)}, "materials[0].originating", "not_true_or_false"),
        ({"materials": material(origin="ZZ")}, "materials[0].origin", "unknown_country"),
        ({"materials": material(hs="29a")}, "materials[0].hs", "not_a_code"),
        ({"materials": material(name=5)}, "materials[0].name", "not_text"),
        ({"materials": material() * 1001}, "materials", "too_many"),
        ({"processes": "mixing"}, "processes", "not_a_list"),
        ({"processes": [1]}, "processes[0]", "not_text"),
        ({"transport": {"direct": "yes"}}, "transport.direct", "not_true_or_false"),
        ({"transport": {"via": ["Hong Kong"]}}, "transport.via[0]", "unknown_country"),
        ({"wholly_obtained": "no"}, "wholly_obtained", "not_true_or_false"),
        ({"weight": 0}, "weight", "not_positive"),
        ({"date": "tomorrow"}, "date", "not_a_date"),
        ({"language": "fr"}, "language", "unknown_language"),
        ({"goods_condition": 9}, "goods_condition", "no_such_condition"),
        ({"goods_condition": "a toy"}, "goods_condition", "no_such_condition"),
    ],
)
def test_bad_input_is_named_and_nothing_is_computed(changes: dict[str, Any], field: str, problem: str) -> None:
    result = simulate(told(**changes), PACK, "en")
    assert result["verdict"] == "input_error"
    assert [(error["field"], error["problem"]) for error in result["errors"]] == [(field, problem)]
    assert field in result["errors"][0]["text"]
    assert (result["steps"], result["rule"], result["rvc"], result["proof"]) == ([], None, None, {})


def test_a_missing_field_is_named() -> None:
    data = told()
    del data["hs"]
    assert [error["field"] for error in simulate(data, PACK)["errors"]] == ["hs"]


def test_every_fault_is_named_at_once() -> None:
    data = told(hs="33", materials=material(value=-1, origin="XX"))
    assert {error["field"] for error in simulate(data, PACK)["errors"]} == {
        "hs",
        "materials[0].value",
        "materials[0].origin",
    }


@pytest.mark.parametrize("data", [None, [], "text", 5, True])
def test_input_that_is_no_object(data: Any) -> None:
    assert [error["problem"] for error in simulate(data, PACK)["errors"]] == ["not_an_object"]


@pytest.mark.parametrize("problem", sorted(words("en")["faults"]))
def test_every_fault_has_words_in_both_languages(problem: str) -> None:
    assert problem in words("ko")["faults"]
    assert "{field}" in words("ko")["faults"][problem]


def test_the_two_languages_say_the_same_things() -> None:
    for section in ("steps", "verdicts", "outcomes", "reasons", "missing", "warnings", "suggestions", "labels"):
        assert words("ko")[section].keys() == words("en")[section].keys()


def test_codes_are_read_with_dots_and_ten_digits() -> None:
    assert read_input(told(hs="3304.99-1000")).hs6 == "330499"
    assert read_input(told(hs=3304991000)).hs6 == "330499"
    assert read_input(told(hs=90121)).hs6 == "090121"


def test_amounts_are_not_rounded() -> None:
    data = read_json(json.dumps(told()).replace('"value": 20', '"value": 0.1000000001'))
    with pytest.raises(BadInput):
        read_input(data)
    data = read_json(json.dumps(told()).replace('"value": 20', '"value": 0.100000001'))
    assert read_input(data).materials[0].value == Decimal("0.100000001")
    assert read_input(told(price={"amount": "12,345.67", "basis": "FOB"})).price.amount == Decimal("12345.67")
    assert read_input(told(price={"amount": 0.1, "basis": "FOB"})).price.amount == Decimal("0.1")


@pytest.mark.parametrize("text", ["{", "[1,", '{"a": NaN}', "[" * 100_000, '{"a": 1' + "0" * 5000 + "}", b"\xff\xfe{"])
def test_what_is_no_json(text: Any) -> None:
    with pytest.raises(BadInput):
        read_json(text)


def test_half_characters_are_made_whole() -> None:
    data = read_json('{"agreement": "KR-CN", "hs": "330499", "materials": [{"name": "\\ud800"}], "\\udfff": 1}')
    json.dumps(simulate(data, PACK), ensure_ascii=False).encode("utf-8")


def test_nulls_mean_unknown() -> None:
    result = simulate(told(price=None, materials=None, processes=None, transport=None), PACK)
    assert result["verdict"] == "not_determined"
    assert {"materials", "processes", "transport.direct"} <= {entry["field"] for entry in result["missing"]}


def test_a_slip_in_a_field_s_name_is_seen() -> None:
    data = told(materials=material(orginating=True), prize=5)
    assert unknown_fields(data) == ("materials[0].orginating", "prize")
    assert [w["id"] for w in simulate(data, PACK)["warnings"]].count("unknown_field") == 2


def test_the_agreed_example() -> None:
    result = simulate(told(), PACK, "en")
    assert result["verdict"] == "qualifies"
    assert [step["step"] for step in result["steps"]] == [
        "scheme",
        "wholly_obtained",
        "cumulation",
        "insufficient_operations",
        "product_rule",
        "tolerance",
        "transport",
        "proof",
    ]
    assert result["rule"]["expression"] == "CTH"
    assert result["rule"]["edition"] == 2012
    assert result["rule"]["source"]["basis"] == "official"
    assert result["rvc"] is None
    assert result["missing"] == []
    assert result["saving"]["saving_against"] == "general_2012"
    assert result["proof"]["by"] == "authority"
    assert result["proof"]["validity_months"]["value"] == 12
    assert {"hs_edition", "if_not_simple"} <= {warning["id"] for warning in result["warnings"]}


def test_the_input_s_language_wins() -> None:
    assert simulate(told(language="en"), PACK, "ko")["steps"][6]["reason"] == "The goods go straight from Korea."
    assert simulate(told(language="ko", hs="1"), PACK, "en")["errors"][0]["text"].endswith("요(적은 값: 1).")


def test_figures_that_can_hardly_be_right_are_pointed_out() -> None:
    assert "foreign_above_price" in warned(materials=material(value=101))
    assert "materials_above_price" in warned(materials=material(originating=True, origin="KR", value=101))
    assert "foreign_above_price" not in warned(materials=material(value=100))


def warned(**changes: Any) -> set[str]:
    return {warning["id"] for warning in simulate(told(**changes), PACK)["warnings"]}


def test_rules_are_looked_up() -> None:
    found = look_up_rules("kr-cn", "3304.99", PACK, "en")
    assert [rule["expression"] for rule in found["rules"]] == ["CTH"]
    with pytest.raises(BadInput):
        look_up_rules("KR-CN", "3304", PACK)


def test_suggestions_name_the_exact_amount() -> None:
    # CTH and RVC 50: 60 of 100 is non-originating, so 10 too much; or the price rises to 120.
    result = simulate(
        told(hs="853710", materials=[{"name": "relays", "hs": "853649", "originating": False, "value": 60}]), PACK, "en"
    )
    assert result["verdict"] == "does_not_qualify"
    changes = {change["id"]: change for change in result["changes"]}
    assert changes["reduce_materials"]["amount"] == 10
    assert changes["raise_price"]["amount"] == 20
    assert changes["reduce_materials"]["enough"]
    assert "10 USD" in changes["reduce_materials"]["text"]


def test_a_suggestion_says_when_something_else_is_in_the_way() -> None:
    # 12 of 100 is 2 above the tolerance; but the way of travel is wrong, too.
    result = simulate(
        told(
            materials=[{"name": "base", "hs": "330499", "originating": False, "value": 12}],
            transport={"direct": False, "customs_control": False},
        ),
        PACK,
        "en",
    )
    changes = {change["id"]: change for change in result["changes"]}
    assert changes["reduce_to_tolerance"]["amount"] == 2
    assert not changes["reduce_to_tolerance"]["enough"]


def test_a_product_that_qualifies_needs_no_suggestion() -> None:
    assert simulate(told(), PACK)["changes"] == []


def test_what_is_saved_is_told_where_the_tariff_tells_and_the_goods_qualify() -> None:
    # China's schedule, 3304.99.00: 6.5 % in 2012, category PR-20, so a fifth less: 5.2 %; 1.3 % of the price of 100.
    saving = simulate(told(date="2026-11-24"), PACK)["saving"]
    assert saving["saving"] == {"low": 1.3, "high": 1.3, "currency": "USD"}
    assert saving["year"] == 2026
    failing = told(materials=material(hs="330499", value=50))
    assert simulate(failing, PACK)["saving"] is None
    unknown = told(price={"amount": None, "basis": "FOB", "currency": "USD"})
    assert simulate(unknown, PACK)["saving"] is None
