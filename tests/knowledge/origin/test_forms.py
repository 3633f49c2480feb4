"""Forms, origin criteria and papers to keep; the codes are those of the overleaf notes of the agreements' forms."""

from pathlib import Path

import pytest

from knowledge.origin.agreement import agreements_of
from knowledge.origin.computation import computation
from knowledge.origin.evidence import evidence, retention
from knowledge.origin.forms import criterion, form_of, ground
from knowledge.origin.simulate import simulate
from knowledge.pack import PackError

PACK = Path("knowledge/packs/korea")


def material(hs, value, originating=False, origin="JP"):
    return {"name": f"m{hs}", "hs": hs, "originating": originating, "origin": origin, "value": value}


def case(agreement, hs, materials, **more):
    base = {"price": {"amount": 100, "basis": "FOB", "currency": "USD"}, "transport": {"direct": True}}
    return base | {"agreement": agreement, "hs": hs, "materials": materials, "processes": ["manufacturing"]} | more


def told(data):
    return simulate(data, PACK, "en")


def code(data):
    agreement = agreements_of(PACK).get(data["agreement"])
    return criterion(form_of(data["agreement"], PACK), data, told(data), agreement)


KOREAN = material("151590", 40, True, "KR")


@pytest.mark.parametrize(
    ("data", "expected"),
    [
        (case("KR-CN", "330499", [material("290545", 20)]), "PSR"),
        (case("KR-CN", "330499", [KOREAN]), "WP"),
        (case("KR-CN", "080810", [], wholly_obtained=True), "WO"),
        (case("KR-VN", "330499", [KOREAN]), "PE"),
        (case("KR-VN", "080810", [], wholly_obtained=True), "WO"),
        # CTH or RVC 40: 90 of 100 is foreign, so the value content (10 %) fails and the change is the only way.
        (case("KR-VN", "330499", [material("290545", 90)]), "CTC"),
        # The same with 20 of 100: both ways are met, and the notes leave the choice open.
        (case("KR-VN", "330499", [material("290545", 20)]), None),
        # Saved by tolerance only (10 of 100 of the same heading): the notes name no code for it.
        (case("KR-CN", "330499", [material("330499", 10)]), None),
        # Does not qualify.
        (case("KR-CN", "330499", [material("330499", 11)]), None),
        # KR-US has no codes.
        (case("KR-US", "330499", [KOREAN]), None),
    ],
)
def test_the_origin_criterion_follows_the_overleaf_notes(data, expected):
    assert code(data) == expected


def test_a_product_that_is_not_determined_has_no_ground():
    data = case("KR-CN", "330499", [material(None, 20)])
    agreement = agreements_of(PACK).get("KR-CN")
    assert told(data)["verdict"] == "not_determined"
    assert ground(data, told(data), agreement) is None


@pytest.mark.parametrize("agreement", ["KR-CN", "KR-VN", "KR-US", "KR-UK", "KR-EU", "RCEP", "KR-ASEAN"])
def test_every_form_is_in_both_languages_and_has_a_source(agreement):
    form = form_of(agreement, PACK)
    assert agreements_of(PACK).source(form.source).title["en"]
    for field in form.fields:
        assert set(field.label) == set(field.hint) == {"ko", "en"}


def test_no_form_is_no_error():
    assert form_of("KR-CL", PACK) is None


def test_a_malformed_form_names_its_file(tmp_path):
    (tmp_path / "forms").mkdir()
    (tmp_path / "forms" / "KR-CN.yaml").write_text("id: KR-CN\nfields: 3\n", encoding="utf-8")
    with pytest.raises(PackError, match=r"KR-CN\.yaml"):
        form_of("KR-CN", tmp_path)


def ids(data):
    return {item.id for item in evidence(told(data), data, PACK)}


def test_the_decrees_lists_are_complete():
    """Article 10(1): five papers of the exporter (가-마), seven of the producer (가-사)."""
    data = case("KR-CN", "330499", [material("290545", 20)])
    places = [item.source.locator for item in evidence(told(data), data, PACK)]
    assert [f"제10조제1항제2호{letter}목" for letter in "가나다라마"] == [p for p in places if "제2호" in p]
    assert [f"제10조제1항제3호{letter}목" for letter in "가나다라마바사"] == [p for p in places if "제3호" in p]


def test_the_rule_asks_for_its_own_papers():
    change = ids(case("KR-CN", "330499", [material("290545", 20)]))
    assert "change_codes" in change
    assert "value_prices" not in change
    assert "wholly_obtained_records" not in change
    value = ids(case("KR-VN", "330499", [material("330499", 60)]))
    assert {"change_codes", "value_prices"} <= value
    grown = ids(case("KR-CN", "080810", [], wholly_obtained=True))
    assert "wholly_obtained_records" in grown
    assert "change_codes" not in grown


def test_tolerance_asks_for_values():
    assert "value_prices" in ids(case("KR-CN", "330499", [material("330499", 10)]))


def test_passing_through_another_country_asks_for_the_through_bill():
    through = case("KR-CN", "330499", [material("290545", 20)], transport={"via": ["SG"], "customs_control": True})
    assert "transport_through" in ids(through)
    assert "transport_direct" not in ids(through)


def test_originating_materials_and_self_made_proofs_ask_for_more():
    assert "originating_materials" in ids(case("KR-CN", "330499", [KOREAN]))
    assert "self_register" in ids(case("KR-US", "330499", [KOREAN]))
    assert "self_register" not in ids(case("KR-CN", "330499", [KOREAN]))


def test_retention_is_in_the_decrees_words():
    """Article 10(2)2: five years, three for China."""
    kept = retention(PACK)
    assert "5년" in kept.quote
    assert "3년" in kept.quote
    assert kept.source.locator == "제10조제2항제2호"


def test_computation_has_the_sums_behind_the_share():
    """20 + 15 foreign of 100: (100 - 35) / 100 = 65 %."""
    data = case("KR-VN", "190230", [material("110100", 20), material("151190", 15), KOREAN])
    found = computation(data, told(data), PACK)
    assert (found.whole.low, found.part.low, found.value, found.threshold) == (100, 35, 65, 40)
    assert found.written_out
    assert found.basis == "FOB"


def test_computation_without_a_value_rule_is_none():
    data = case("KR-CN", "330499", [material("290545", 20)])
    assert computation(data, told(data), PACK) is None
