"""Names are found in free text, and questions lead to records."""

from __future__ import annotations

from typing import Any

import pytest

from knowledge.language.pointing import points_back, without_pointing


def found(shelf: Any, text: str) -> dict[str, str]:
    """The names found in a text: record or code, with the words that named it."""
    return {mention.value: mention.text for mention in shelf.gazetteer.find(text)}


@pytest.mark.parametrize(
    ("text", "record"),
    [
        ("B/L이 뭐예요", "term.bl"),
        ("비엘 언제 나와요", "term.bl"),
        ("신용장은 어려워요", "term.lc"),
        ("what does a bill of lading do", "term.bl"),
        ("수출바우처 되나요", "programme.export-voucher"),
        ("코트라에 전화할까요", "organisation.kotra"),
        ("유니패스 접속이 안돼요", "system.uni-pass"),
        ("선하증궈이 뭐예요", "term.bl"),
        ("수출바우처어 신청", "programme.export-voucher"),
    ],
)
def test_a_name_is_found(shelf: Any, text: str, record: str) -> None:
    assert record in found(shelf, text)


@pytest.mark.parametrize(
    ("text", "value"),
    [
        ("베트남에 팔아요", "VN"),
        ("selling to Germany", "DE"),
        ("3만 달러에 팔아요", "3만 달러"),
        ("HS 3304.99", "330499"),
    ],
)
def test_countries_amounts_and_codes_are_found(shelf: Any, text: str, value: str) -> None:
    assert any(value in str(mention.value) for mention in shelf.gazetteer.find(text)) or any(
        value in str(mention.value) for mention in shapes(text)
    )


def shapes(text: str) -> list[Any]:
    from knowledge.patterns import shapes as find

    return find(text)


@pytest.mark.parametrize("text", ["오늘 점심 뭐 먹지", "그냥 그래요", "what a nice day", "고맙습니다 안녕히 계세요"])
def test_no_name_is_found_where_there_is_none(shelf: Any, text: str) -> None:
    assert found(shelf, text) == {}


@pytest.mark.parametrize(
    ("question", "language", "record"),
    [
        ("수출이 처음인데 어디서 시작", "ko", "procedure.first-export"),
        ("바이어가 돈을 안 낼 때 보험", "ko", "term.export-insurance"),
        ("tax on goods that cross a border", "en", "term.tariff"),
        ("수출 순서", "ko", "procedure.export-process"),
    ],
)
def test_a_description_leads_to_the_record(shelf: Any, question: str, language: Any, record: str) -> None:
    assert record in [hit.record for hit in shelf.search.find(question, language, top=5)]


def test_only_the_records_asked_for_are_searched(shelf: Any) -> None:
    among = ["term.fob", "term.cif"]
    hits = shelf.search.find("운임과 보험료", "ko", among=among)
    assert {hit.record for hit in hits} == set(among)
    assert hits[0].record == "term.cif"


def test_evidence_explains_the_score(shelf: Any) -> None:
    best = shelf.search.find("신용장", "ko", top=1)[0]
    assert best.record == "term.lc"
    assert set(best.why) == {"words", "e5", "use", "name"}
    assert best.why["name"] == pytest.approx(1.0)


@pytest.mark.parametrize(
    "question", ["그거 얼마예요", "그건 어떻게 신청해요?", "그럼 거기는 어디예요", "이거 필요해요?"][:2]
)
def test_words_that_point_back_in_korean(question: str) -> None:
    assert points_back(question)


@pytest.mark.parametrize("question", ["how much is it?", "is it expensive", "what about that", "where do I get these"])
def test_words_that_point_back_in_english(question: str) -> None:
    assert points_back(question)


@pytest.mark.parametrize(
    "question",
    ["신용장이 뭐예요", "이건희 회장", "is there help for translation", "is it possible to export alone", "FOB?"],
)
def test_other_words_do_not_point_back(question: str) -> None:
    assert not points_back(question)


def test_the_pointing_word_is_taken_out() -> None:
    assert without_pointing("그거 얼마예요") == "얼마예요"
    assert without_pointing("how much is it?") == "how much is ?"
