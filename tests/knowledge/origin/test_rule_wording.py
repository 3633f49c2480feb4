"""Rules in plain words: every part is told in both languages, and nothing technical is left over."""

from __future__ import annotations

import re
from typing import get_args

import pytest

from knowledge.origin.rule import parse_rule
from knowledge.origin.rules import read_documents, read_rows
from knowledge.origin.wording import note, plain
from knowledge.pack import PACKS
from knowledge.record import LANGUAGES, Language

KOREA = PACKS / "korea"


def told(expression: str, language: Language = "ko") -> str:
    return plain(parse_rule(expression), language)


@pytest.mark.parametrize(
    ("expression", "korean", "english"),
    [
        ("WO", ["완전생산기준", "WO"], ["wholly obtained"]),
        ("ANY", ["따지지 않아요"], ["do not matter"]),
        ("CC", ["앞 두 자리", "2단위 세번변경기준", "CC"], ["first two digits", "change of chapter"]),
        ("CTH", ["앞 네 자리", "4단위 세번변경기준", "CTH"], ["first four digits", "change of heading"]),
        ("CTSH", ["앞 여섯 자리", "6단위 세번변경기준", "CTSH"], ["first six digits", "change of subheading"]),
        ("CTH except 04,2106", ["제4류, 제2106호", "원산지 재료만"], ["chapter 4, heading 2106", "must originate"]),
        ("CTH from 851829", ["제8518.29호", "달라지지 않아도"], ["subheading 8518.29", "may keep"]),
        ("CTSH outside 732510-732620", ["제7325.10호~제7326.20호"], ["subheadings 7325.10 to 7326.20"]),
        ("CTH allow same_heading <= 20", ["20%까지"], ["up to 20%"]),
        ("CTH allow 3205 <= 12.5", ["제3205호", "12.5%까지"], ["heading 3205", "up to 12.5%"]),
        ("RVC(build_down) >= 40", ["40% 이상", "공제법"], ["at least 40%", "build-down"]),
        ("RVC(net_cost) >= 35", ["35% 이상", "순원가법"], ["at least 35%", "net cost"]),
        ("MaxNOM <= 50", ["50% 이하"], ["not be worth more than 50%"]),
        ("MaxNOM(17) <= 30", ["제17류", "30% 이하"], ["chapter 17", "not be worth more than 30%"]),
        ("MaxNOM <= 0", ["모든 재료가", "원산지 재료"], ["All materials must originate"]),
        ("MaxNOM(2009) <= 0", ["제2009호", "원산지 재료만"], ["heading 2009", "must originate"]),
        ("MaxWeight(130239) <= 50", ["무게", "50% 이하"], ["weigh more than 50%"]),
        (
            "WOMaterials(1003,1006)",
            ["제1003호, 제1006호", "완전생산품"],
            ["heading 1003, heading 1006", "wholly obtained"],
        ),
        ("process(cut_and_sewn)", ["재단과 봉제", "공정"], ["cutting and sewing", "working"]),
        ("process(imported_0506_no_bones)", ["뼈가 아님", "조건"], ["no bones", "must hold"]),
    ],
)
def test_each_part_says_what_it_asks(expression: str, korean: list[str], english: list[str]) -> None:
    assert all(words in told(expression, "ko") for words in korean), told(expression, "ko")
    assert all(words in told(expression, "en") for words in english), told(expression, "en")


def test_alternatives_are_numbered_and_methods_of_value_put_together() -> None:
    text = told("CTH or RVC(build_down) >= 40 or RVC(build_up) >= 35")
    assert re.findall(r"\((\d)\)", text) == ["1", "2"]
    assert text.startswith("다음 중 하나만")
    assert "40% 이상(공제법" in text and "35% 이상(집적법" in text


def test_two_methods_alone_are_one_demand() -> None:
    text = told("RVC(build_up) >= 35 or RVC(build_down) >= 45", "en")
    assert "(1)" not in text
    assert "at least 35% (build-up" in text and "at least 45% (build-down" in text


def test_what_holds_together_is_in_one_alternative() -> None:
    text = told("CC and process(cut_and_sewn) or RVC(build_down) >= 40", "en")
    first, second = text.split("(2)")
    assert "first two digits" in first and "cutting and sewing" in first
    assert "40%" in second and "cutting" not in second


def test_a_choice_inside_a_demand_is_lettered() -> None:
    text = told("WOMaterials(04) and (MaxNOM(2009) <= 0 or MaxNOM(17) <= 30)")
    assert "(가)" in text and "(나)" in text


def test_every_rule_of_the_pack_is_told_in_both_languages() -> None:
    rules = {row.rule for file in (KOREA / "origin_rules").glob("*.csv") for row in read_rows(file) if row.rule}
    assert len(rules) > 300
    for rule in rules:
        for language in LANGUAGES:
            text = plain(rule, language)
            assert not re.search(r"[{}_]|process|MaxNOM|None", text), text
            assert text.endswith((".", "?", ")")), text
        assert re.search("[가-힣]", plain(rule, "ko")) and not re.search("[가-힣]", plain(rule, "en"))


def test_every_note_of_the_documents_has_its_sentence() -> None:
    documents = read_documents(KOREA).values()
    notes = {remark.note for document in documents for remark in (*document.gaps, *document.remarks)} | {"inferred"}
    for note_id in notes:
        assert all(len(note(note_id, language)) > 20 for language in get_args(Language))


def test_a_note_nobody_wrote_is_an_error() -> None:
    with pytest.raises(KeyError):
        note("no_such_note", "ko")
