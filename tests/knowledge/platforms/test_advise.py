"""Advice where to sell online: order, reasons with sources, and honesty about what is not known."""

from __future__ import annotations

import json
from typing import Any

import pytest

from knowledge.platforms.advise import ASKED, BadFact, advise
from knowledge.platforms.model import load


def first(**facts: Any) -> dict[str, Any]:
    return dict(advise(facts, "ko")["options"][0])


@pytest.mark.parametrize(
    ("facts", "expected"),
    [
        # Chapter IV.F: early exporters to gobizKOREA, parts to buyKOREA, China to tradeKorea.
        ({"buyer": "b2b", "stage": "none"}, "system.gobizkorea"),
        ({"buyer": "b2b", "product_kind": "industrial", "stage": "regular"}, "system.buykorea"),
        ({"buyer": "b2b", "market": "CN", "product_kind": "food"}, "system.tradekorea"),
        ({"buyer": "b2c"}, "system.kmall24"),
    ],
)
def test_the_place_that_was_given_the_group_comes_first(facts: dict[str, Any], expected: str) -> None:
    assert first(**facts)["record"] == expected


def test_no_place_for_firms_is_advised_to_one_who_sells_to_consumers() -> None:
    advice = advise({"buyer": "b2c"}, "en")
    assert all("b2c" in option["sells_to"] for option in advice["options"])
    assert {item["record"] for item in advice["set_aside"]} >= {
        "system.gobizkorea",
        "system.buykorea",
        "system.tradekorea",
    }
    assert all(item["why"] for item in advice["set_aside"])


def test_without_the_kind_of_buyer_nothing_is_decided_and_it_is_asked_first() -> None:
    advice = advise({"market": "VN", "stage": "none"}, "ko")
    assert advice["verdict"] == "not_determined"
    assert advice["missing"][0]["fact"] == "buyer"
    assert advice["next"] == advice["missing"][0]["question"]
    assert {option["fit"] for option in advice["options"]} == {"not_determined"}
    assert [choice["value"] for choice in advice["missing"][0]["choices"]] == ["b2b", "b2c"]


def test_unknown_facts_are_asked_and_give_no_reason() -> None:
    advice = advise({"buyer": "b2b", "stage": "unknown", "wants_help": None}, "ko")
    assert [item["fact"] for item in advice["missing"]] == [name for name in ASKED if name != "buyer"]
    gobiz = next(option for option in advice["options"] if option["record"] == "system.gobizkorea")
    assert gobiz["fit"] == "possible"  # free membership speaks for it, but nothing of this firm does
    assert len(gobiz["reasons"]) == 1


def test_a_place_that_may_have_closed_never_fits_outright() -> None:
    kmall = first(buyer="b2c", wants_help=True)
    assert kmall["fit"] == "possible"
    assert "2020" in kmall["cautions"][0]["text"]


def test_the_agency_programme_is_offered_to_one_who_wants_help_on_foreign_malls() -> None:
    advice = advise({"buyer": "b2c", "wants_help": True, "market": "VN"}, "en")
    assert advice["help"][0]["record"] == "programme.online-sales-agency"
    assert "programme.online-sales-agency" not in [
        item["record"] for item in advise({"buyer": "b2c", "wants_help": False}, "en")["help"]
    ]


def test_malls_of_the_market_come_first_and_other_markets_are_left_out() -> None:
    malls = advise({"buyer": "b2c", "market": "JP"}, "en")["malls"]
    assert [mall["id"] for mall in malls[:2]] == ["qoo10-japan", "rakuten"]
    assert {mall["id"] for mall in malls}.isdisjoint({"taobao", "flipkart", "shopee"})
    amazon = next(mall for mall in malls if mall["id"] == "amazon")
    assert "does not say" in amazon["why"]


def test_a_region_is_told_as_the_study_names_it() -> None:
    shopee = next(mall for mall in advise({"buyer": "b2c", "market": "VN"}, "en")["malls"] if mall["id"] == "shopee")
    assert "South-East Asia" in shopee["why"]
    assert "Vietnam" not in shopee["why"]


def test_one_who_sells_to_firms_is_not_sent_to_consumer_malls() -> None:
    assert advise({"buyer": "b2b", "market": "CN"}, "ko")["malls"] == []


@pytest.mark.parametrize("language", ["ko", "en"])
def test_every_sentence_carries_a_dated_source_and_is_json(language: Any) -> None:
    advice = advise({"buyer": "b2b", "stage": "some", "wants_help": True, "english_material": False}, language)
    for option in [*advice["options"], *advice["help"]]:
        for said in [*option["reasons"], *option["cautions"]]:
            assert said["source"]["as_of"] and said["source"]["title"], option["record"]
    assert json.loads(json.dumps(advice)) == advice


@pytest.mark.parametrize(
    ("facts", "field"),
    [({"buyer": "B2B!"}, "buyer"), ({"market": "Vietnam"}, "market"), ({"wants_help": "maybe"}, "wants_help")],
)
def test_a_value_that_means_nothing_names_its_field(facts: dict[str, Any], field: str) -> None:
    with pytest.raises(BadFact) as caught:
        advise(facts, "en")
    assert caught.value.field == field
    assert field in caught.value.message("en")


def test_a_fact_nobody_knows_is_refused() -> None:
    with pytest.raises(BadFact, match="colour"):
        advise({"colour": "red"}, "ko")


def test_market_places_and_programmes_of_the_pack_are_records_with_a_person_to_ask() -> None:
    pack = load()
    assert len({place.id for place in [*pack.markets, *pack.help]}) == len(pack.markets) + len(pack.help)
    assert all(place.ask.startswith("organisation.") for place in [*pack.markets, *pack.help])
