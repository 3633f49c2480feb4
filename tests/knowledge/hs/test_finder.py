"""Everyday names are led to the codes the official list gives them; nonsense is not.

Expected codes are read from the texts of the customs' list 2026 and HS 2022, named beside them.
"""

from __future__ import annotations

import shutil
from pathlib import Path

import numpy as np
import pytest

from knowledge.hs.finder import HsFinder, UnknownOption
from knowledge.hs.grams import cleaned, head, key, stem
from knowledge.hs.index import IndexMissing, current_index, is_current, load_index
from knowledge.hs.ready import hs_folder, index_path


def codes(finder: HsFinder, text: str, language: str = "ko", top: int = 5) -> list[str]:
    return [candidate.hs6 for candidate in finder.find(text, language, top).candidates]  # type: ignore[arg-type]


@pytest.mark.parametrize(
    ("text", "hs6"),
    [
        ("조미김", "200899"),  # 2008.99-5010 조제한 식용 해초류: 김
        ("마스크팩", "330790"),  # 3307.90-4000 마스크 팩
        ("라면", "190230"),  # 1902.30-1010 라면
        ("브레이크패드", "870830"),  # 8708.30-1000 장착된 브레이크 라이닝
        ("휴대폰 케이스", "392690"),  # 3926.90 그 밖의 플라스틱 제품
        ("막걸리", "220600"),  # 2206.00-2030 탁주
        ("소주", "220890"),  # 2208.90-4000 소주
        ("김치", "200599"),  # 2005.99-1000 김치
        ("고추장", "210390"),  # 2103.90-1030 고추장
        ("홍삼차", "210690"),  # 2106.90-3021 홍삼차
        ("식혜", "220299"),  # 2202.99-3000 식혜
        ("두부", "210610"),  # 2106.10-1000 두부
        ("립스틱", "330410"),  # 3304.10-1000 립스틱
        ("보건용 마스크", "630790"),  # 6307.90-4020 보건용 마스크
        ("스마트폰", "851713"),  # 8517.13-0000 스마트폰
    ],
)
def test_korean_names(hs_finder: HsFinder, text: str, hs6: str) -> None:
    assert codes(hs_finder, text)[0] == hs6


@pytest.mark.parametrize(
    ("text", "hs6"),
    [
        ("instant noodles", "190230"),
        ("brake pads for passenger cars", "870830"),
        ("silicone phone case", "392690"),
        ("lipstick", "330410"),
        ("smartphone", "851713"),
        ("golf balls", "950632"),
        ("toothbrush", "960321"),
    ],
)
def test_english_names(hs_finder: HsFinder, text: str, hs6: str) -> None:
    assert codes(hs_finder, text, "en")[0] == hs6


@pytest.mark.parametrize(
    ("text", "hs6"),
    [
        ("후라이펜", "761510"),
        ("브레이크페드", "870830"),
        ("고추쟝", "210390"),
        ("마 스 카 라", "330420"),
        ("toothbrsh", "960321"),
    ],
)
def test_misspelt_names(hs_finder: HsFinder, text: str, hs6: str) -> None:
    assert hs6 in codes(hs_finder, text)


def test_why_says_what_was_recognised(hs_finder: HsFinder) -> None:
    best = hs_finder.find("조미김", "ko").candidates[0]
    assert (best.why.evidence, best.why.name, best.why.origin) == ("exact", "조미김", "everyday")
    assert best.heading[1].startswith("Fruit, nuts")
    assert best.chapter[0] == "채소·과일·견과의 조제품"
    assert 0 < best.score <= 1
    part = hs_finder.find("전통 조미김 선물세트", "ko").candidates[0]
    assert (part.why.evidence, part.why.name) == ("part", "조미김")


def test_what_customs_decide_differently_is_said(hs_finder: HsFinder) -> None:
    best = hs_finder.find("마스크팩", "ko").candidates[0]
    assert best.remark is not None and "3307.90-4000" in best.remark[0] and "33.04" in best.remark[1]
    assert hs_finder.find("라면", "ko").candidates[0].remark is None


@pytest.mark.parametrize("text", ["", "   ", "!!!", "\n\t"])
def test_empty_text_finds_nothing(hs_finder: HsFinder, text: str) -> None:
    finding = hs_finder.find(text, "ko")
    assert finding.candidates == () and not finding.sure and finding.confidence == 0 and finding.question is None


@pytest.mark.parametrize(
    "text", ["zqxv blorf", "asdf qwer", "뷁뷁쉙", "안녕하세요", "12345", "우리 회사 신제품", "😀😀"]
)
def test_nonsense_is_never_sure(hs_finder: HsFinder, text: str) -> None:
    assert not hs_finder.find(text, "ko").sure


def test_long_text_is_cut(hs_finder: HsFinder) -> None:
    assert len(hs_finder.find("조미김 " * 5000, "ko").text) <= 200


def test_answers_narrow_the_codes(hs_finder: HsFinder) -> None:
    finding = hs_finder.find("티셔츠", "ko")
    narrowed = finding
    while narrowed.question:
        question = narrowed.question
        fitting = [i for i, one in enumerate(question.options) if "610990".startswith(one.codes or ("x",))]
        none = len(question.options) - 1
        narrowed = hs_finder.refine(narrowed, question.id, fitting[0] if fitting else none)
        if fitting:
            assert all(one.hs6.startswith(question.options[fitting[0]].codes) for one in narrowed.candidates)
        assert len(narrowed.answers) <= 6
    assert narrowed.candidates[0].hs6[:4] == "6109"


def test_none_of_these_leaves_the_others(hs_finder: HsFinder) -> None:
    finding = hs_finder.find("케이스", "ko")
    assert finding.question is not None
    offered = tuple(code for option in finding.question.options for code in option.codes)
    none = next(i for i, option in enumerate(finding.question.options) if not option.codes)
    narrowed = hs_finder.refine(finding, finding.question.id, none)
    assert narrowed.candidates and not [one for one in narrowed.candidates if one.hs6.startswith(offered)]


def test_answers_that_were_not_on_offer_are_refused(hs_finder: HsFinder) -> None:
    finding = hs_finder.find("케이스", "ko")
    assert finding.question is not None
    with pytest.raises(UnknownOption):
        hs_finder.refine(finding, "no-such-question", 0)
    with pytest.raises(UnknownOption):
        hs_finder.refine(finding, finding.question.id, 99)
    with pytest.raises(UnknownOption):
        hs_finder.refine(finding, finding.question.id, -1)


def test_index_is_refused_when_missing_broken_or_old(hs_finder: HsFinder, tmp_path: Path) -> None:
    with pytest.raises(IndexMissing):
        load_index(tmp_path / "none.npz")
    broken = tmp_path / "broken.npz"
    broken.write_bytes(b"PK\x03\x04 not an index")
    with pytest.raises(IndexMissing):
        load_index(broken)
    assert not is_current(hs_folder(), broken)
    folder = tmp_path / "hs"
    shutil.copytree(hs_folder(), folder)
    assert is_current(folder, index_path())
    with (folder / "everyday.csv").open("a", encoding="utf-8") as file:
        file.write("새이름,new name,330499,,\n")
    assert not is_current(folder, index_path())
    with pytest.raises(IndexMissing, match="other files"):
        current_index(folder, index_path())


def test_names_of_one_code_share_their_chance(hs_finder: HsFinder) -> None:
    every = hs_finder.find("라면", "ko", top=200).candidates
    assert sum(one.score for one in every) == pytest.approx(1.0, abs=0.02)
    assert len({one.hs6 for one in every}) == len(every)


def test_meanings_are_unit_vectors(hs_finder: HsFinder) -> None:
    lengths = np.linalg.norm(hs_finder.index.meanings[:500], axis=1)
    assert np.allclose(lengths, 1.0, atol=1e-3)


@pytest.mark.parametrize(
    ("word", "singular"),
    [
        ("pads", "pad"),
        ("boxes", "box"),
        ("batteries", "battery"),
        ("brushes", "brush"),
        ("glass", "glass"),
        ("김치", "김치"),
    ],
)
def test_stem(word: str, singular: str) -> None:
    assert stem(word) == singular


@pytest.mark.parametrize(
    ("text", "said"),
    [
        ("brake pads for cars", "brake pads"),
        ("light peptide facial cream in 50ml glass bottle", "facial cream"),
        ("자동차 시트커버", "시트커버"),
        ("라면", "라면"),
    ],
)
def test_head_is_what_the_goods_are(text: str, said: str) -> None:
    assert head(text) == said


def test_amounts_say_nothing() -> None:
    assert cleaned("생수 500ml 20개입") == "생수"
    assert cleaned("A4") == "a4"
    assert key("Brake Pads") == key("brake pad")
