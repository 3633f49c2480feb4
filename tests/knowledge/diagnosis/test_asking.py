"""Asking: the question whose answer changes most comes first, six at most, and answers are read however given."""

import pytest

from knowledge.diagnosis.asking import checked, document, next_question, question, questions, read_answer, value
from knowledge.diagnosis.data import DiagnosisError
from knowledge.record import LANGUAGES


def test_the_value_is_what_the_answers_can_change():
    # buyer: finding-buyers 30…−25 = 55, market-information 8, not-paid −5…15 = 20, documents 8, language 4, production 4
    assert value(question("buyer"), {}) == pytest.approx(4 + 0.12 * (55 + 8 + 20 + 8 + 4 + 4))
    assert value(question("buyer"), {"obstacle.finding-buyers": 0.9}) == pytest.approx(4 + 0.9 * 55 + 0.12 * 44)


def test_the_record_comes_first_where_nothing_was_heard():
    assert next_question({}).id == "export_record"


def test_what_was_heard_decides_the_next_question():
    known = {"export_record": "never"}
    assert next_question(known, {"obstacle.language": 0.9}).id == "foreign_language"
    assert next_question(known, {"obstacle.human-resources": 0.9}).id == "export_staff"
    assert next_question(known, {"obstacle.standards-certificates": 0.9}).id == "certificates"


def test_six_questions_at_most_and_none_twice():
    facts = {}
    while asked := next_question(facts, {"obstacle.no-money": 0.9}):
        assert asked.id not in facts
        facts[asked.id] = "skipped"
    assert 1 < len(facts) <= 6


def test_little_worth_is_not_asked():
    facts = dict.fromkeys([one.id for one in questions() if one.id != "sector"][:5], "skipped")
    left = next_question(facts, {})
    assert left is None or value(left, {}) >= 8


@pytest.mark.parametrize(
    ("name", "said", "language", "fact"),
    [
        ("buyer", "none", "ko", "none"),
        ("buyer", "없어요", "ko", "none"),
        ("buyer", "지금 이야기 중인 데가 있어요", "ko", "talking"),
        ("buyer", "yes we have one", "en", "has"),
        ("employees", "저 포함 3명이요", "ko", "few"),
        ("employees", "1", "ko", "alone"),
        ("employees", "about 120 people", "en", "many"),
        ("employees", "10", "en", "some"),
        ("target_market", "독일이요", "ko", "EU"),
        ("target_market", "we think of the USA", "en", "US"),
        ("export_record", "한 번도 없어요", "ko", "never"),
        ("export_record", "once or twice", "en", "first"),
        ("product", "수제 수건", "ko", "수제 수건"),
        ("buyer", "모르겠어요", "ko", "unknown"),
        ("buyer", "건너뛸게요", "ko", "skipped"),
        ("finance", "I don't know", "en", "unknown"),
        ("product", "skip", "en", "skipped"),
        ("foreign_language", "전혀 못 해요", "ko", "none"),
        ("certificates", "무엇이 필요한지 몰라요", "ko", "unknown_need"),
        ("buyer", "보라색", "ko", None),
        ("buyer", "  ", "ko", None),
    ],
)
def test_answers_are_read(name, said, language, fact):
    assert read_answer(question(name), said, language) == fact


@pytest.mark.parametrize("language", LANGUAGES)
def test_every_button_is_read_as_itself(language):
    for one in questions():
        for button in document(one, language)["choices"]:
            assert read_answer(one, button["label"], language) == button["id"], (one.id, button)
            assert read_answer(one, button["id"], language) == button["id"]


def test_facts_are_checked():
    assert checked({"employees": 3, "buyer": "unknown", "product": "김"}) == {
        "employees": "few",
        "buyer": "unknown",
        "product": "김",
    }


@pytest.mark.parametrize(
    ("facts", "field"),
    [
        ({"colour": "red"}, "facts.colour"),
        ({"buyer": "maybe"}, "facts.buyer"),
        ({"buyer": True}, "facts.buyer"),
        ({"buyer": None}, "facts.buyer"),
        ({"product": ["a"]}, "facts.product"),
        ({"product": ""}, "facts.product"),
        ({"employees": -3}, "facts.employees"),
    ],
)
def test_bad_facts_are_refused_by_name(facts, field):
    with pytest.raises(DiagnosisError) as refused:
        checked(facts)
    assert refused.value.field == field
