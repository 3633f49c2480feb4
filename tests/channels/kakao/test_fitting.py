"""Words made to fit: nothing too long, no letter cut in two, labels that can be told apart."""

from __future__ import annotations

import pytest

from channels.kakao.fitting import labels, length, short, short_at_word, split


def test_emoji_count_twice_as_in_java() -> None:
    assert length("가a😀") == 4


@pytest.mark.parametrize(
    ("words", "limit", "expected"),
    [
        ("수출바우처", 14, "수출바우처"),
        ("수출초보기업 사업화 지원 신청", 14, "수출초보기업 사업화 지원…"),
        ("😀😀😀", 4, "😀…"),
        ("", 5, ""),
    ],
)
def test_short(words: str, limit: int, expected: str) -> None:
    assert short(words, limit) == expected


def test_short_ends_after_a_word() -> None:
    assert short_at_word("기관이 발급해요. 회사가 스스로 쓸 수는 없어요.", 16) == "기관이 발급해요. …"


def test_labels_that_begin_alike_keep_their_end() -> None:
    made = labels(["온라인 수출 지원사업 신청 방법", "온라인 수출 지원사업 신청 서류", "메뉴"], 14)
    assert made == ["온라인 수출 지…신청 방법", "온라인 수출 지…신청 서류", "메뉴"]


def test_labels_that_end_alike_too_are_numbered() -> None:
    made = labels(["가" * 15 + "나" + "다" * 15, "가" * 15 + "라" + "다" * 15], 14)
    assert made == ["1. " + "가" * 10 + "…", "2. " + "가" * 10 + "…"]


def test_labels_are_never_alike() -> None:
    made = labels(["1. 가", *["가" * 30] * 30], 14)
    assert len(set(made)) == 31 and all(length(label) <= 14 for label in made)


def test_split_keeps_everything_and_the_limit() -> None:
    words = "원산지 증명이 필요해요. 😀 " * 300
    pieces = split(words, 500)
    assert all(length(piece) <= 500 for piece in pieces)
    assert "".join("".join(pieces).split()) == "".join(words.split())
