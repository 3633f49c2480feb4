"""Diagnosis: scores by hand, figures as the surveys print them, steps fitted to the firm, and what is not known."""

from pathlib import Path

import pytest

from knowledge.diagnosis.data import DiagnosisError
from knowledge.diagnosis.diagnose import diagnose, ranks, shares
from knowledge.diagnosis.ranking import rank
from knowledge.diagnosis.standing import group_of, profile_of
from knowledge.pack import read_yaml
from knowledge.programmes.export_groups import export_group
from knowledge.record import LANGUAGES, Kind

PACK = Path(__file__).parents[3] / "knowledge" / "packs" / "korea"

SHARES = {
    "finding-buyers": [(2012, 36.6)],
    "trade-knowledge": [(2012, 21.2)],
    "market-information": [(2018, 16.3), (2012, 16.2)],
    "production-capacity": [(2018, 8.3), (2012, 15.2)],
    "unorganised-support": [(2012, 6.5)],
    "language": [(2012, 3.1)],
    "foreign-partners": [(2018, 11.0)],
    "local-laws": [(2018, 10.1)],
    "trade-financing": [(2018, 8.2)],
    "human-resources": [(2018, 8.1)],
    "competitor-information": [(2018, 7.0)],
    "consulting-system": [(2018, 4.2)],
    "standards-certificates": [(2018, 3.2)],
}
"""Tables 3 and 4 of the study, copied by hand; the first row of Table 4 prints no figure."""

RANKS = {
    "market-information": 1,
    "human-resources": 2,
    "technology": 3,
    "trade-financing": 4,
    "export-procedures": 5,
    "standards-certificates": 6,
    "reputation": 7,
    "language": 8,
}
"""Column 2017 of Table 5."""


def by_id(found):
    return {one["id"].removeprefix("obstacle."): one for one in found["obstacles"]}


@pytest.mark.parametrize("language", LANGUAGES)
def test_every_figure_is_the_surveys(language, shelf):
    for record in shelf.library.of_kind(Kind.OBSTACLE):
        name = record.id.removeprefix("obstacle.")
        found = shares(record.id, shelf.library.records, language)
        assert [(one["year"], one["percent"]) for one in found] == SHARES.get(name, [])
        assert all(f"{one['percent']:g}%" in one["text"] and str(one["year"]) in one["text"] for one in found)
        assert all(one["source"]["title"] and one["source"]["locator"] in ("Table 3", "Table 4") for one in found)
        assert [one["rank"] for one in ranks(record.id, shelf.library.records, language)] == (
            [RANKS[name]] if name in RANKS else []
        )


def test_points_add_up(shelf):
    # said 0.9 · 70 = 63, no buyer + 30; language 63 − 30
    facts = {"buyer": "none", "foreign_language": "good"}
    found = by_id(diagnose("바이어도 없고 영어도 안 돼요", facts, "ko", shelf))
    assert found["finding-buyers"]["score"] == 93
    assert found["language"]["score"] == 33
    assert [(one["kind"], one["points"]) for one in found["language"]["reasons"]] == [("said", 63), ("fact", -30)]
    assert next(iter(found)) == "finding-buyers"


def test_what_was_said_never_falls_below_twenty(shelf):
    # a hint: 0.5 · 70 = 35, regular exports − 20, full-time staff − 10
    found = by_id(diagnose("제가 처음이라서요", {"export_record": "regular", "export_staff": "dedicated"}, "ko", shelf))
    assert found["trade-knowledge"]["score"] == 20


def test_facts_alone_list_what_reaches_twenty():
    ranked = rank((), {"export_staff": "nobody"}, "en")
    assert [(one.obstacle, one.score) for one in ranked] == [("obstacle.human-resources", 30)]


def test_unknown_and_skipped_facts_say_nothing():
    assert rank((), {"export_staff": "unknown", "buyer": "skipped"}, "ko") == ()


def test_steps_are_fitted_to_the_firm(shelf):
    found = diagnose("바이어가 없어요", {"product": "수건", "online_sales": "abroad"}, "ko", shelf)
    own = [step for step in found["steps"] if step["obstacle"] == "obstacle.finding-buyers"]
    assert [step["number"] for step in own] == [1, 3]  # already listed abroad: the second is done
    assert "수건" in own[0]["text"]
    assert [step["fitted"] for step in own] == [True, False]


def test_steps_are_the_records_own_where_nothing_is_known(shelf):
    found = diagnose("바이어가 없어요", {}, "ko", shelf)
    assert tuple(step["text"] for step in found["steps"]) == shelf.library.records["obstacle.finding-buyers"].ko.todo


def test_three_obstacles_give_one_step_each(shelf):
    found = diagnose("no buyers, no English, no money", {}, "en", shelf)
    assert len(found["steps"]) == 3
    assert len({step["obstacle"] for step in found["steps"]}) == 3


def test_nothing_heard_is_said(shelf):
    found = diagnose("안녕하세요", {}, "ko", shelf)
    assert (found["heard"], found["obstacles"], found["steps"], found["programmes"]) == ([], [], [], [])
    assert found["unknown"][0]["what"] == "words"
    assert found["next_question"]["id"] == "export_record"
    assert found["group"] is None


@pytest.mark.parametrize("language", LANGUAGES)
def test_links_lead_somewhere(language, shelf):
    words = {"ko": "인증도 없고 서류도 어려워요", "en": "certificates are expensive and documents are difficult"}
    found = diagnose(words[language], {"export_record": "asked"}, language, shelf)
    linked = [*found["organisations"], *found["records"]]
    assert linked
    assert all(one["id"] in shelf.library.records for one in linked)
    assert found["programmes"]
    assert all(set(one["helps"]) <= {each["id"] for each in found["obstacles"]} for one in found["programmes"])
    assert {one["id"].partition(".")[0] for one in found["organisations"]} == {"organisation"}


def test_programmes_come_from_the_finder_given(shelf):
    asked = []

    def finder(need, profile, *, language, top):
        asked.append((need, profile.has_buyer, language))
        return []

    found = diagnose("바이어가 없어요", {"buyer": "none"}, "ko", shelf, finder)
    assert found["programmes"] == []
    assert asked == [("obstacle.finding-buyers", False, "ko")]


def test_the_profile_leaves_unknown_what_was_not_told():
    profile = profile_of({"export_record": "never", "buyer": "unknown", "target_market": "VN", "product": "skipped"})
    assert (profile.exports_usd_last_year, profile.has_buyer, profile.target_countries) == (0, None, ("VN",))
    assert profile.products is None


def test_only_a_firm_without_exports_is_surely_placed():
    assert group_of("never", "ko")["group"] == "no_record"
    assert group_of("asked", "en")["group"] == export_group(0).group
    for record in ("first", "regular"):
        placed = group_of(record, "ko")
        assert placed["group"] is None
        assert {one["id"] for one in placed["candidates"]} <= set(export_group(1000).candidates)
    assert group_of("unknown", "ko") is None
    assert group_of(None, "en") is None


@pytest.mark.parametrize(
    ("words", "facts", "language", "field"),
    [
        (3, {}, "ko", "words"),
        ("x", [], "ko", "facts"),
        ("x", {"nose": "long"}, "ko", "facts.nose"),
        ("x", {}, "fr", "language"),
    ],
)
def test_bad_input_is_refused_by_name(words, facts, language, field, shelf):
    with pytest.raises(DiagnosisError) as refused:
        diagnose(words, facts, language, shelf)
    assert refused.value.field == field


def test_the_data_name_records_and_steps_that_exist(shelf):
    records = shelf.library.records
    scoring, asked = read_yaml(PACK / "diagnosis/scoring.yaml"), read_yaml(PACK / "diagnosis/questions.yaml")
    for each in [*scoring["done"], *scoring["instead"]]:
        assert 1 <= each["step"] <= len(records[each["obstacle"]].ko.todo)
    for one in asked["questions"]:
        for choice in one["choices"]:
            assert set(choice["points"]) <= set(records), choice
            assert choice["why"]["ko"].endswith("요.")
    for name in (
        *scoring["shares"],
        scoring["ranks"]["survey"],
        asked["groups"]["record"],
        scoring["rule"]["confirm_with"],
    ):
        assert name in records
