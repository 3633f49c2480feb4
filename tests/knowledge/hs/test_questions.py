"""Every written question parts real codes, in both languages, and is asked where it helps."""

from __future__ import annotations

import re

import pytest

from knowledge.hs.questions import MOST_OPTIONS, Question, best_question, load_questions
from knowledge.hs.table import load_table
from knowledge.pack import PACKS, PackError

FOLDER = PACKS / "korea" / "hs"
TABLE = load_table(FOLDER)
FILE = load_questions(FOLDER / "questions.yaml")


def test_there_are_enough_and_each_has_its_own_name() -> None:
    assert len(FILE.questions) >= 150
    assert len({one.id for one in FILE.questions}) == len(FILE.questions)


def test_every_prefix_exists() -> None:
    wrong = [
        (one.id, code)
        for one in FILE.questions
        for code in (*one.applies, *(code for option in one.options for code in option.codes))
        if not TABLE.begins(code)
    ]
    assert wrong == []


def test_no_code_is_left_by_two_answers() -> None:
    wrong = []
    for one in FILE.questions:
        places = [(code, i) for i, option in enumerate(one.options) for code in option.codes]
        wrong += [(one.id, a, b) for a, i in places for b, j in places if i != j and a.startswith(b)]
    assert wrong == []


def test_every_question_has_answers_that_differ_and_names_codes_they_part() -> None:
    for one in FILE.questions:
        assert len(one.options) >= 2, one.id
        assert all(option.codes for option in one.options), one.id
        assert len({option.ko for option in one.options}) == len({o.en for o in one.options}) == len(one.options), (
            one.id
        )
        codes = [code for option in one.options for code in option.codes]
        assert any(code.startswith(start) or start.startswith(code) for start in one.applies for code in codes), one.id


def test_korean_is_korean_and_english_is_english() -> None:
    for one in FILE.questions:
        assert re.search("[가-힣]", one.question.ko) and one.question.ko.endswith("?"), one.id
        assert not re.search("[가-힣]", one.question.en) and one.question.en.endswith("?"), one.id
        assert not [option.en for option in one.options if re.search("[가-힣]", option.en)], one.id


def asked(chances: dict[str, float], done: tuple[str, ...] = ()) -> Question | None:
    return best_question(chances, FILE, TABLE, "en", done)


def test_the_question_that_parts_the_likely_codes_is_asked() -> None:
    question = asked({"610910": 0.5, "610990": 0.5})
    assert question is not None and question.id == "tshirt-fibre"
    assert question.bits == pytest.approx(1.0)  # two answers, equally likely
    assert question.options[0].codes == ("610910",) and question.options[-1].codes == ()


def test_a_question_is_not_asked_twice() -> None:
    question = asked({"610910": 0.5, "610990": 0.5}, ("tshirt-fibre",))
    assert question is None or question.id != "tshirt-fibre"


def test_where_nothing_is_clear_the_kind_of_goods_is_asked() -> None:
    codes = (
        "010121",
        "080810",
        "250100",
        "441400",
        "490110",
        "640110",
        "700910",
        "840110",
        "871200",
        "920110",
        "950300",
    )
    question = asked({code: 1 / len(codes) for code in codes})
    assert question is not None and question.id == "chapter"
    assert len(question.options) == MOST_OPTIONS + 1
    assert question.options[-1].codes == ()


def test_one_code_leaves_nothing_to_ask() -> None:
    assert asked({"330499": 1.0}) is None


def test_malformed_file_is_refused(tmp_path) -> None:
    path = tmp_path / "questions.yaml"
    path.write_text("questions: [{id: a}]")
    with pytest.raises(PackError, match="own_heading"):
        load_questions(path)
