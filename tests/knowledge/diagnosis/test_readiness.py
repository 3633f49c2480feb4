"""Readiness: scores by hand, better answers never lower them, what is not answered is not zero."""

import re
from pathlib import Path

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from knowledge.diagnosis.data import DiagnosisError
from knowledge.diagnosis.readiness import (
    compare,
    level_texts,
    next_readiness_question,
    next_steps,
    readiness_data,
    readiness_questions,
    score,
)
from knowledge.pack import read_yaml
from knowledge.record import LANGUAGES

PACK = Path(__file__).parents[3] / "knowledge" / "packs" / "korea"
QUESTIONS = readiness_questions()
LEVELS = [each["id"] for each in readiness_data()["levels"]]
BY_POINTS = {one.id: {choice.points: choice.id for choice in one.choices} for one in QUESTIONS}

ANSWERS = {
    "product_sold": "well",  # 3
    "certificates": "known",  # 1
    "capacity": "no",  # 0      product: 4 of 9
    "target": "tested",  # 3
    "price": "list",  # 2
    "buyers": "none",  # 0      market: 5 of 9
    "staff": "dedicated",  # 3
    "language": "talk",  # 3    people: 6 of 6
    "funds": "no",  # 0
    "safe_payment": "heard",  # 1  money: 1 of 6
    "hs_code": "unknown",
    "papers": None,
    "origin": "skipped",  # documents: nothing known
    "listing": "foreign",  # 2  online: 2 of 3, the other question not answered
}


def all_with(points):
    return {name: choices[points] for name, choices in BY_POINTS.items()}


def test_scores_by_hand():
    result = score(ANSWERS)
    assert [each.score for each in result.dimensions] == [44.4, 55.6, 100.0, 16.7, None, 66.7]
    assert result.total == 56.7  # (44.4 + 55.6 + 100 + 16.7 + 66.7) / 5 = 56.68
    assert result.level == "boarding"
    assert result.weakest == ("money", "product", "market")
    assert result.not_known == ("documents",)
    assert result.unanswered == ("hs_code", "papers", "origin", "material")
    assert [point.points for point in result.dimensions[0].points] == [3, 1, 0]


@pytest.mark.parametrize(
    ("points", "total", "level"), [(0, 0, "shore"), (1, 33.3, "packing"), (2, 66.7, "sailing"), (3, 100, "abroad")]
)
def test_levels(points, total, level):
    result = score(all_with(points))
    assert (result.total, result.level) == (total, level)


def test_no_level_below_four_known_dimensions():
    three = {name: choice for name, choice in all_with(3).items() if name in ("target", "staff", "funds")}
    assert (score(three).total, score(three).level) == (100, None)
    assert score(three | {"listing": "market"}).level == "abroad"


def test_no_answers_are_no_zeros():
    result = score({})
    assert (result.total, result.level, result.weakest) == (None, None, ())
    assert len(result.not_known) == 6


def test_a_firm_without_weak_fields_has_none_named():
    assert score(all_with(2)).weakest == ()


@given(st.data())
@settings(max_examples=150, deadline=None)
def test_a_better_answer_never_lowers_a_score(data):
    some = st.sampled_from([0, 1, 2, 3, None])
    points = {one.id: data.draw(some, label=one.id) for one in QUESTIONS}
    answered = [name for name, value in points.items() if value is not None and value < 3]
    if not answered:
        return
    changed = data.draw(st.sampled_from(answered))
    better = points | {changed: data.draw(st.integers(points[changed] + 1, 3))}

    def result(of):
        return score({name: BY_POINTS[name][value] for name, value in of.items() if value is not None})

    before, after = result(points), result(better)
    for low, high in zip(before.dimensions, after.dimensions, strict=True):
        assert (low.score is None) == (high.score is None)
        assert low.score is None or high.score >= low.score
    assert after.total >= before.total
    if before.level:
        assert LEVELS.index(after.level) >= LEVELS.index(before.level)


def test_comparison_takes_fields_known_both_times():
    before = score({"target": "no", "price": "no", "buyers": "list", "funds": "yes", "safe_payment": "checked"})
    now = score(
        {
            "target": "tested",
            "price": "some",
            "buyers": "talking",
            "staff": "no",
            "funds": "yes",
            "safe_payment": "checked",
        }
    )
    compared = compare(before, now)
    changes = {change.id: change.difference for change in compared.changes}
    # market 1 of 9 = 11.1, then 6 of 9 = 66.7; money 100 both times; people only now
    assert changes == {"product": None, "market": 55.6, "people": None, "money": 0, "documents": None, "online": None}
    assert (compared.total.before, compared.total.now) == (55.5, 83.3)  # 55.55 and 83.35, to even


def test_one_question_at_a_time_in_order():
    assert next_readiness_question({}).id == QUESTIONS[0].id
    assert next_readiness_question({QUESTIONS[0].id: "unknown"}).id == QUESTIONS[1].id
    assert next_readiness_question(dict.fromkeys([one.id for one in QUESTIONS], "skipped")) is None


@pytest.mark.parametrize(
    ("answers", "field"),
    [({"nose": "long"}, "answers.nose"), ({"funds": "maybe"}, "answers.funds"), ({"funds": 3}, "answers.funds")],
)
def test_bad_answers_are_refused_by_name(answers, field):
    with pytest.raises(DiagnosisError) as refused:
        score(answers)
    assert refused.value.field == field


def test_the_test_is_short_and_every_field_is_asked():
    assert len(QUESTIONS) <= 15
    assert {one.dimension for one in QUESTIONS} == {each["id"] for each in readiness_data()["dimensions"]}
    assert len(LEVELS) in (4, 5)
    for one in QUESTIONS:
        points = [choice.points for choice in one.choices]
        assert points == sorted(points)
        assert (points[0], points[-1]) == (0, 3)


def test_next_steps_link_records_that_exist(shelf):
    steps = next_steps(score(all_with(0)), "ko")
    assert [step.dimension for step in steps] == ["product", "market", "people"]
    named = {name for each in readiness_data()["next_steps"].values() for name in each["records"]}
    assert named <= set(shelf.library.records)
    assert readiness_data()["rule"]["confirm_with"] in shelf.library.records


@pytest.mark.parametrize("file", ["readiness/test.yaml", "diagnosis/questions.yaml", "diagnosis/scoring.yaml"])
def test_both_languages_say_everything(file):
    pairs = list(_pairs(read_yaml(PACK / file)))
    assert len(pairs) > 5
    for korean, english in pairs:
        assert re.search("[가-힣]", korean) or not re.search("[A-Za-z]", korean), korean
        assert not re.search("[가-힣]", english), english


def _pairs(node):
    """Every text that stands in both languages, as (Korean, English); a part in one language only is an error."""
    if isinstance(node, dict):
        if set(LANGUAGES) & set(node):
            assert set(LANGUAGES) <= set(node), node
            yield from _texts(node["ko"], node["en"])
        for key, value in node.items():
            if key not in LANGUAGES:
                yield from _pairs(value)
    elif isinstance(node, list):
        for value in node:
            yield from _pairs(value)


def _texts(korean, english):
    if isinstance(korean, dict):
        assert set(korean) == set(english), (korean, english)
        for key in korean:
            yield from _texts(korean[key], english[key])
    elif isinstance(korean, list):
        return
    else:
        yield korean, english


def test_levels_have_plain_names():
    for language in LANGUAGES:
        assert all(all(level_texts(level, language)) for level in LEVELS)
