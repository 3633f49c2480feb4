"""Whether a question asks for a sum or a time, and whether a text has one."""

from __future__ import annotations

import pytest

from knowledge.language.figures import asked_for, gives


@pytest.mark.parametrize(
    ("question", "kind"),
    [
        ("수출바우처 얼마까지 지원돼요?", "amount"),
        ("몇 프로 내줘요", "amount"),
        ("그거 비용은 어떻게 돼요", "amount"),
        ("발급까지 얼마나 걸려요", "time"),
        ("며칠 걸리나요", "time"),
        ("신청 마감은 언제예요", "time"),
        ("how much money do I get", "amount"),
        ("and how long does it take?", "time"),
        ("how many days until I am paid", "time"),
        ("신용장이 뭐예요", None),
        ("얼마나 많은 회사가 힘들대요", None),
        ("what is a letter of credit", None),
        ("how do I export", None),
    ],
)
def test_what_is_asked_for(question: str, kind: str | None) -> None:
    assert asked_for(question) == kind


def test_a_text_with_a_figure() -> None:
    assert gives("비용의 70%까지 지원해요", "amount")
    assert gives("무료예요", "amount")
    assert not gives("신청 조건은 회사마다 달라요", "amount")
    assert gives("싣고 나서 30일 안에 내요", "time")
    assert gives("It takes some days.", "time")
    assert not gives("2020년 기준이에요".replace("년", ""), "time")
    assert not gives("세관에 신고해요", "time")
