"""Two dozen notices whose trade words, demands and facts were marked by hand before the code ran on them."""

from __future__ import annotations

import re
from collections import Counter
from pathlib import Path
from typing import Any

import pytest
import yaml

from knowledge.explaining.explained import Explained, explain
from knowledge.shelf import Shelf

NOTICES: list[dict[str, Any]] = yaml.safe_load((Path(__file__).parent / "notices.yaml").read_text(encoding="utf-8"))
ONE_BY_ONE = pytest.mark.parametrize("notice", NOTICES, ids=[notice["name"] for notice in NOTICES])
NUMBER = re.compile(r"\d+")


def marked(notice: dict[str, Any]) -> list[tuple[int, int]]:
    places = [notice["text"].index(term) for term in notice["terms"]]
    return [(at, at + len(term)) for at, term in zip(places, notice["terms"], strict=True)]


def meet(one: tuple[int, int], other: tuple[int, int]) -> bool:
    return one[0] < other[1] and other[0] < one[1]


def test_recall_and_precision(shelf: Shelf) -> None:
    found_marks = all_marks = right = all_found = 0
    for notice in NOTICES:
        marks, terms = marked(notice), explain(notice["text"], shelf).terms
        places = [(place.start, place.end) for term in terms for place in term.places]
        found_marks += sum(any(meet(mark, place) for place in places) for mark in marks)
        all_marks += len(marks)
        right += sum(any(meet(mark, (p.start, p.end)) for mark in marks for p in term.places) for term in terms)
        all_found += len(terms)
    assert len(NOTICES) >= 20
    assert found_marks / all_marks >= 0.9, f"recall {found_marks}/{all_marks}"
    assert right / all_found >= 0.9, f"precision {right}/{all_found}"


@ONE_BY_ONE
def test_places_are_those_of_the_text(shelf: Shelf, notice: dict[str, Any]) -> None:
    document = explain(notice["text"], shelf).document()
    for term in document["terms"]:
        assert notice["text"][term["start"] : term["end"]] == term["term"]
        assert term["places"][0] == {"start": term["start"], "end": term["end"]}
        assert term["plain"] and term["record"]
    assert len({term["record"] for term in document["terms"]}) == len(document["terms"])


@ONE_BY_ONE
def test_no_fact_is_lost_or_added(shelf: Shelf, notice: dict[str, Any]) -> None:
    retold = explain(notice["text"], shelf).retold.text
    for fact in notice["keep"]:
        assert fact in retold, f"'{fact}' is lost in: {retold}"
    assert Counter(NUMBER.findall(retold)) == Counter(NUMBER.findall(notice["text"]))


@ONE_BY_ONE
def test_demands_are_quoted_with_date_and_place(shelf: Shelf, notice: dict[str, Any]) -> None:
    explained = explain(notice["text"], shelf)
    for demand in explained.demands:
        assert notice["text"][demand.start : demand.end] == demand.quote
        assert all(part in demand.quote for part in (*demand.by, *demand.to))
    for asked in notice.get("asks", []):
        found = [each for each in explained.demands if asked["has"] in each.quote]
        assert found, f"'{asked['has']}' was not found among {[each.quote for each in explained.demands]}"
        demand = found[0]
        assert asked.get("by") in (demand.by or (None,))
        assert asked.get("to") in (demand.to or (None,))


@ONE_BY_ONE
def test_what_kind_of_notice_it_is(shelf: Shelf, notice: dict[str, Any]) -> None:
    explained = explain(notice["text"], shelf)
    kinds = explained.words.plain["kinds"]
    assert explained.kind == (kinds[notice["kind"]]["name"] if "kind" in notice else None)


def test_a_letter_that_asks_for_nothing_says_so(shelf: Shelf) -> None:
    explained = explain(
        "귀사의 수출실적은 2026년 10월 기준 120,000달러로 확인되어 등록을 마쳤습니다. 감사합니다.", shelf
    )
    assert not explained.demands
    assert "찾지 못했어요" in explained.plain_text


def test_particles_follow_the_word_and_words_are_not_cut(shelf: Shelf) -> None:
    retold = explain(
        "선하증권을 인천세관으로 보내고 원산지증명서(C/O)를 수출신고번호와 함께 적으세요.", shelf
    ).retold.text
    assert re.search(r"선하증권\([^()]+\)을 ", retold)
    assert "인천세관으로" in retold
    assert re.search(r"원산지증명서\(C/O, [^()]+\)를 ", retold)
    assert "수출신고번호와" in retold


@pytest.mark.parametrize(
    ("stiff", "plain"),
    [
        ("제출하시기 바랍니다.", "제출해 주세요."),
        ("기한까지 내지 아니할 경우 취소됩니다.", "기한까지 내지 않으면 취소돼요."),
        ("익일까지 회신하여 주시기 바랍니다.", "다음 날까지 회신해 주세요."),
        ("담당자는 김하나입니다.", "담당자는 김하나예요."),
        ("기한은 3월 5일입니다.", "기한은 3월 5일이에요."),
        ("Kindly reply prior to 5 May.", "Please reply before 5 May."),
    ],
)
def test_stiff_wordings(shelf: Shelf, stiff: str, plain: str) -> None:
    assert explain(stiff, shelf).retold.text == plain


@pytest.mark.parametrize(
    ("text", "records"),
    [
        ("B/L", ["term.bl"]),
        ("b/l", ["term.bl"]),
        ("L/C at sight", ["term.lc", "term.sight-lc"]),
        ("CIF Busan", ["term.cif"]),
        ("수출이행내역", ["term.export-fulfilment"]),
        ("적하목록이", ["term.cargo-manifest"]),
        ("letters\nof credit", ["term.lc"]),
        ("신용장도착통지", ["term.lc"]),
        ("HANBIT TRADING CO., LTD.", []),
        ("DO NOT SHIP", []),
        ("Ref. 5531-LC-09", []),
        ("USD 500 CAD 600", []),
    ],
)
def test_single_words(shelf: Shelf, text: str, records: list[str]) -> None:
    assert [term.record.id for term in explain(text, shelf).terms] == records


def test_what_is_not_known_is_said(shelf: Shelf) -> None:
    explained = explain(
        "서류 마감 전에 VGM과 QXZT를 보내 주세요. 부산항에서 출발하는 화물의 정보가 더 필요합니다.", shelf
    )
    assert "QXZT" in explained.unknown
    assert "QXZT" in explained.plain_text


@pytest.mark.parametrize("text", ["", " ", "\x00", "😀" * 500, "((((" * 200, "a" * 20_000, "가" * 5000, ":" * 3000])
def test_odd_texts(shelf: Shelf, text: str) -> None:
    assert isinstance(explain(text, shelf).document(), dict)


def test_answers_in_the_language_asked_for(shelf: Shelf) -> None:
    english = explain("Please surrender the bill of lading by 5 May 2027.", shelf, "ko")
    assert "5 May 2027" in english.retold.text
    assert re.search("[가-힣]", english.document()["terms"][0]["plain"])
    assert isinstance(english, Explained)
