"""A reply as plain text: split where a person would, tables aligned for Korean letters, nothing lost."""

from __future__ import annotations

from hypothesis import given
from hypothesis import strategies as st

from actions.reply import Card, Image, Reply, SourceNote, TermNote
from channels.plain import card_lines, is_narrow, split, table_lines, whole

SOURCE = SourceNote(
    record="law.x",
    title="관세법",
    locator="제38조",
    url="https://www.law.go.kr/x",
    as_of="2024-01-01",
    basis="official",
)


def test_short_text_stays_whole() -> None:
    assert split("안녕하세요.", 10) == ["안녕하세요."]
    assert split("", 10) == []


def test_text_is_split_at_sentence_ends() -> None:
    assert split("하나예요. 둘이에요. 셋이에요.", 12) == ["하나예요. 둘이에요.", "셋이에요."]


def test_a_paragraph_is_a_better_place_than_a_sentence() -> None:
    assert split("가나다.\n\n라마바. 사아자차", 10) == ["가나다.", "라마바. 사아자차"]
    assert split("가나다라마.\n\n바사. 아자차카타파", 14) == ["가나다라마.", "바사. 아자차카타파"]


def test_a_word_without_places_is_cut_at_the_limit() -> None:
    assert split("가" * 25, 10) == ["가" * 10, "가" * 10, "가" * 5]


def test_the_first_piece_may_be_shorter() -> None:
    assert split("하나 둘 셋 넷", 100, measure=4) == ["하나 둘", "셋 넷"]


@given(st.text(st.sampled_from("가나다 .\n!a😀"), max_size=300), st.integers(1, 40))
def test_nothing_is_lost_and_no_piece_is_too_long(words: str, limit: int) -> None:
    pieces = split(words, limit)
    assert all(0 < len(piece) <= limit for piece in pieces)
    assert "".join("".join(pieces).split()) == "".join(words.split())


def test_columns_are_aligned_with_korean_letters_two_wide() -> None:
    card = Card(kind="table", title="표", columns=("협정", "세율"), rows=(("한-중", "5%"), ("RCEP", "6.5%")))
    assert table_lines(card) == ["협정  세율", "-" * 10, "한-중 5%", "RCEP  6.5%"]
    assert is_narrow(card)


def test_a_wide_table_is_told_row_by_row() -> None:
    card = Card(kind="table", title="표", columns=("협정", "설명"), rows=(("한-중", "긴 설명 " * 12),))
    assert not is_narrow(card)
    assert card_lines(card, "ko")[:2] == ["· 한-중", f"   설명: {'긴 설명 ' * 12}"]


def test_steps_are_numbered_and_lists_are_not() -> None:
    rows = (("준비", "서류를 모아요"), ("신청",))
    assert card_lines(Card(kind="steps", title="순서", rows=rows), "ko") == ["1. 준비: 서류를 모아요", "2. 신청"]
    assert card_lines(Card(kind="list", title="목록", rows=rows), "ko") == ["· 준비: 서류를 모아요", "· 신청"]


def test_the_whole_reply_is_told() -> None:
    reply = Reply(
        text="세율은 5%예요.",
        terms=(TermNote(term="세율", plain="세금을 매기는 비율"),),
        card=Card(kind="list", title="더 볼 것", rows=(("첫째", "둘째"),)),
        image=Image(url="/files/a", alt="그림의 말"),
        sources=(SOURCE,),
    )
    told = whole(reply, "ko")
    for words in ("세율은 5%예요.", "세금을 매기는 비율", "더 볼 것", "첫째: 둘째", "그림의 말"):
        assert words in told
    assert "관세법 (제38조, 2024-01-01 기준, 법령·정부 자료) https://www.law.go.kr/x" in told
    assert "as of 2024-01-01, law or government data" in whole(reply, "en")
