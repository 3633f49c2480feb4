"""What the firm told once is known everywhere, by what the pack says answers mean."""

from __future__ import annotations

from actions.firm.known import facts, facts_of, learn, learn_missing, profile
from tests.actions.talking import talking


def test_profile_tells_answers_of_the_diagnosis() -> None:
    told = {
        "exports_usd_last_year": 0,
        "sector": "food",
        "employees": 12,
        "products": ["김치"],
        "target_countries": ["VN"],
    }
    assert facts_of(told) == {
        "export_record": "never",
        "sector": "food",
        "employees": "some",
        "product": "김치",
        "target_market": "VN",
    }


def test_an_enquiry_without_exports_is_the_closer_answer() -> None:
    assert facts_of({"exports_usd_last_year": 0, "has_enquiry": True})["export_record"] == "asked"


def test_what_two_answers_mean_alike_stays_open() -> None:
    assert "sector" not in facts_of({"sector": "consumer_goods"})  # cosmetics, or clothes and sundries
    assert "finance" not in facts_of({"finance_need": True})  # hardly any, or short for a large order


def test_later_words_replace_earlier_ones() -> None:
    talk = talking("")
    learn(talk, {"employees": 5, "region": "KR-11"})
    learn(talk, {"employees": 12})
    assert profile(talk).employees == 12 and profile(talk).region == "KR-11"
    assert facts(talk)["employees"] == "some"
    learn(talk, {"exports_usd_last_year": 0})
    learn(talk, {"facts": {"export_record": "regular"}})
    assert facts(talk)["export_record"] == "regular"
    assert profile(talk).exports_usd_last_year is None


def test_not_knowing_erases_nothing() -> None:
    talk = talking("")
    learn(talk, {"exports_usd_last_year": 0})
    learn(talk, {"facts": {"export_record": "unknown"}})
    assert profile(talk).exports_usd_last_year == 0


def test_parts_of_another_form_are_left_out_and_nothing_else_is_lost() -> None:
    talk = talking("", slots={"firm": {"firm_name": "가나상사", "region": "Atlantis", "employees": 7, "facts": {}}})
    assert profile(talk).employees == 7 and profile(talk).region is None
    learn(talk, {"women_owned": True})
    assert talk.slot("firm")["firm_name"] == "가나상사"


def test_what_was_told_earlier_never_undoes_a_later_answer() -> None:
    talk = talking("")
    learn(talk, {"employees": 12})
    learn_missing(talk, {"employees": 5, "region": "KR-11"})
    assert profile(talk).employees == 12 and profile(talk).region == "KR-11"
