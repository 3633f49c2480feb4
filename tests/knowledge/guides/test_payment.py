"""Ways of payment compared: what is proposed, what is held back, and what nobody is said to know."""

import itertools
import json

import pytest

from knowledge.guides.fault import BadInput
from knowledge.guides.payment import advise, data_of
from knowledge.pack import PACKS, read_pack

KOREA = PACKS / "korea"


def compared(language="en", **facts):
    found = advise(facts, language)
    return found, {way["way"]: way["verdict"] for way in found["ranking"]}


def order(**facts):
    return [way["way"] for way in advise(facts, "en")["ranking"]]


def test_a_new_buyer_and_a_large_sum_call_for_money_first_and_no_credit():
    found, verdicts = compared(buyer="new", share="large", goods="custom", cash="before")
    assert found["ranking"][0]["way"] == "tt_advance"
    assert verdicts["tt_advance"] == "first_choice"
    assert verdicts["oa"] == verdicts["da"] == "only_insured"
    assert order(buyer="new", share="large")[-2:] == ["da", "oa"]


def test_credit_is_possible_only_with_a_trusted_buyer_and_a_known_country():
    facts = {"buyer": "trusted", "share": "small", "power": "weak", "cash": "later"}
    assert compared(**facts, country_risk="low")[1]["oa"] == "first_choice"
    assert compared(**facts)[1]["oa"] == "not_determined"
    assert compared(**facts, country_risk="high")[1]["oa"] == "only_insured"


def test_a_risky_country_calls_for_a_bank_outside_it():
    found, verdicts = compared(buyer="new", share="notable", country_risk="high", power="weak")
    assert found["ranking"][0]["way"] == "lc_confirmed"
    assert verdicts["lc_usance"] == "careful"


def test_goods_by_air_weaken_papers_against_payment():
    facts = {"buyer": "known", "share": "notable", "country_risk": "low", "goods": "resellable"}
    ranks = {mode: order(**facts, transport=mode).index("dp") for mode in ("sea", "air")}
    assert ranks["air"] > ranks["sea"]
    assert compared(**facts, transport="air")[1]["dp"] == "careful"


def test_a_safe_way_that_does_not_suit_is_not_called_risky():
    assert compared(buyer="trusted", share="small", power="weak", country_risk="low")[1]["tt_advance"] == "poor_fit"


def test_nothing_told_is_no_yes():
    found, verdicts = compared()
    assert not {"first_choice", "possible"} & set(verdicts.values())
    assert len(found["questions"]) == 7
    assert found["missing"]


def test_without_knowing_buyer_or_sum_nothing_is_ever_called_possible():
    options = {name: [None, *choice.answers] for name, choice in data_of(KOREA).facts.items()}
    for hidden in ("buyer", "share"):
        rest = [name for name in ("buyer", "share", "country_risk", "power", "goods") if name != hidden]
        for values in itertools.product(*(options[name] for name in rest)):
            verdicts = compared(**dict(zip(rest, values, strict=True)))[1]
            assert not {"first_choice", "possible"} & set(verdicts.values())


def test_credit_is_never_proposed_first_to_a_new_buyer():
    options = {name: [None, *choice.answers] for name, choice in data_of(KOREA).facts.items() if name != "buyer"}
    for values in itertools.product(*options.values()):
        verdicts = compared(buyer="new", **dict(zip(options, values, strict=True)))[1]
        assert verdicts["oa"] == verdicts["da"] == "only_insured"


def test_the_country_is_not_rated_but_ksure_is_named():
    found, _ = compared(country="베트남", buyer="new", share="small")
    assert found["facts"]["country"] == "VN"
    assert found["ask"][0]["text"].startswith("Naru does not rate Vietnam. Ask K-SURE")
    assert "organisation.ksure" in found["ask"][0]["records"]
    assert len(compared(country="VN", country_risk="low")[0]["ask"]) == 1, "asked already"


def test_every_way_says_what_stays_uncovered_and_who_covers_it():
    records = {record.id for record in read_pack(KOREA)}
    for way in compared(buyer="new", share="small")[0]["ranking"]:
        assert way["remains"] and way["source"]["basis"] == "editorial"
        assert {record for gap in way["remains"] for record in gap["cover"]} | {way["record"]} <= records
    oa = next(way for way in compared()[0]["ranking"] if way["way"] == "oa")
    assert "term.short-term-export-insurance" in oa["remains"][0]["cover"]


def test_reasons_carry_their_direction_and_points_add_up():
    rules = data_of(KOREA).rules
    way = next(w for w in compared(buyer="new", share="large")[0]["ranking"] if w["way"] == "dp")
    fitting = [
        r for r in rules if all({"buyer": "new", "share": "large"}.get(n, "unknown") in v for n, v in r.when.items())
    ]
    assert way["points"] == sum(rule.points.get("dp", 0) for rule in fitting) == -2
    assert [reason["speaks_for"] for reason in way["reasons"]] == [False, False]


@pytest.mark.parametrize("language", ["ko", "en"])
def test_the_answer_is_whole_in_both_languages(language):
    found, _ = compared(language, buyer="처음", share="작음", country="US")
    json.dumps(found)
    assert all(way["name"] and way["about"] and way["verdict_text"] for way in found["ranking"])


@pytest.mark.parametrize(
    ("facts", "field"),
    [({"buyer": "martian"}, "buyer"), ({"country": "Atlantis"}, "country"), ({"colour": "red"}, "colour"),
     ({"share": 5}, "share")],
)  # fmt: skip
def test_unknown_facts_are_refused_by_name(facts, field):
    with pytest.raises(BadInput) as caught:
        advise(facts, "ko")
    assert caught.value.field == field
    assert caught.value.message("ko")


def test_not_knowing_can_be_said():
    assert compared(buyer="모름")[0]["facts"]["buyer"] is None
