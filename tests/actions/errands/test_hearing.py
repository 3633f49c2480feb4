"""Answers heard in free words: written by hand, as owners of firms write."""

from __future__ import annotations

import pytest

from actions.errands.checking_papers import PAPERS
from actions.errands.choosing import half_of
from actions.errands.hearing import asks, heard, skips
from tests.actions.talking import talking


@pytest.mark.parametrize(
    ("field", "said", "key"),
    [
        ("incoterm", "FOB요", "FOB"),
        ("incoterm", "fob 부산이에요", "FOB"),
        ("incoterm", "FOB가 아니라 CIF예요", "CIF"),
        ("incoterm", "CIF instead of FOB", "CIF"),
        ("incoterm", "본선인도요", "FOB"),
        ("incoterm", "잘 모르겠어요", None),
        ("payment", "기한부 신용장이요", "lc_usance"),
        ("payment", "신용장이에요", "lc_sight"),
        ("payment", "D/A로 하기로 했어요", "da"),
        ("payment", "외상이요", "oa"),
        ("payment", "송금이요", None),
        ("transport", "DHL로 보내요", "express"),
        ("transport", "비행기요", "air"),
        ("transport", "배로 보내요", None),
        ("product_kind", "김이요", "food"),
        ("product_kind", "화장품이에요", "cosmetics"),
        ("product_kind", "리튬 배터리", "dangerous"),
        ("product_kind", "차단기", None),
    ],
)
def test_an_answer_is_heard_or_not(field: str, said: str, key: str | None) -> None:
    assert PAPERS.hear(talking(said), field, said) == key


@pytest.mark.parametrize(
    ("field", "said", "part"),
    [("transport", "배로 보내요", "sea"), ("transport", "배터리요", None), ("payment", "T/T예요", "transfer")],
)
def test_half_an_answer(field: str, said: str, part: str | None) -> None:
    assert half_of(field, said) == part


def test_a_tie_is_no_answer() -> None:
    assert heard("apple or grape", {"a": ["apple"], "b": ["grape"]}) is None


def test_questions_and_skips() -> None:
    assert asks("FOB가 뭐예요") and asks("what is FOB") and not asks("FOB요")
    assert skips("잘 모르겠어요") and skips("skip") and skips("unknown") and not skips("FOB")


def test_words_that_mean_an_answer_only_after_the_half_of_it() -> None:
    talk = talking("")
    assert PAPERS.answer_to(talk, {}, "payment", "T/T 미리 받아요") == "tt_advance"
    assert PAPERS.answer_to(talk, {"half": {"payment": "transfer"}}, "payment", "before shipping") == "tt_advance"
    assert PAPERS.answer_to(talk, {"half": {"transport": "sea"}}, "transport", "혼자 써요") == "sea_fcl"
    assert PAPERS.answer_to(talk, {}, "payment", "before shipping") is None


def test_a_short_word_is_no_country_code() -> None:
    assert PAPERS.hear(talking("no"), "destination", "no") is None
    assert PAPERS.hear(talking("NO"), "destination", "NO") == "NO"
    assert PAPERS.hear(talking("노르웨이요"), "destination", "노르웨이요") == "NO"
