"""The validator finds each kind of fault, and nothing in a good record."""

from __future__ import annotations

from typing import Any

import pytest

from knowledge.check import check
from knowledge.record import Record

GOOD: dict[str, Any] = {
    "id": "faq.sample",
    "kind": "faq",
    "ko": {
        "name": "샘플도 신고해요?",
        "plain": "값이 적으면 간단히 할 수 있어요.",
        "todo": ["송장을 쓰세요."],
        "questions": ["샘플 신고"],
    },
    "en": {
        "name": "Must samples be declared?",
        "plain": "Small values have a simple way.",
        "todo": ["Write an invoice."],
        "questions": ["sample declaration"],
    },
    "source": {"title": {"ko": "글", "en": "text"}, "as_of": "2026-01-01", "basis": "official"},
}


def faults(**changes: Any) -> list[str]:
    """What the check says about the good record with some parts changed; ``ko__plain`` changes a text."""
    data: dict[str, Any] = {**GOOD, "ko": {**GOOD["ko"]}, "en": {**GOOD["en"]}}
    for name, value in changes.items():
        part, _, key = name.partition("__")
        if key:
            data[part][key] = value
        else:
            data[part] = value
    return [str(finding) for finding in check([Record.model_validate(data)]) if finding.level == "error"]


def test_a_good_record_has_no_fault() -> None:
    assert faults() == []


@pytest.mark.parametrize(
    ("changes", "words"),
    [
        ({"related": ("term.nowhere",)}, "term.nowhere, which does not exist"),
        ({"related": ("faq.sample",)}, "points to itself"),
        ({"ko__todo": ()}, "Korean and English differ in number"),
        ({"ko__todo": (), "en__todo": ()}, "todo is missing"),
        ({"ko__plain": "신고합니다."}, "not 해요체"),
        ({"ko__plain": "신고해요. 꼭 하십시오."}, "not 해요체"),
        ({"ko__plain": "Only English here."}, "Korean text holds no Korean"),
        ({"en__plain": "값이 적으면 간단히 할 수 있어요."}, "mostly Korean"),
        ({"ko__plain": "신고해요. " * 60}, "more than 330"),
        ({"en__plain": "**Bold** words."}, "markup is not allowed"),
        ({"en__plain": "A <b>bold</b> word."}, "markup is not allowed"),
        ({"source": {**GOOD["source"], "as_of": "2999"}}, "lies in the future"),
        ({"source": {**GOOD["source"], "basis": "editorial"}}, "must name in confirm_with"),
    ],
)
def test_a_fault_is_found(changes: dict[str, Any], words: str) -> None:
    assert any(words in fault for fault in faults(**changes)), faults(**changes)


@pytest.mark.parametrize(
    ("kind", "words"),
    [("comparison", "needs a pair"), ("function", "needs system, side and category"), ("survey", "needs rows")],
)
def test_kinds_have_needs_of_their_own(kind: str, words: str) -> None:
    assert any(words in fault for fault in faults(kind=kind, id=f"{kind}.sample"))


def test_an_id_used_twice_is_found() -> None:
    record = Record.model_validate(GOOD)
    assert any("used 2 times" in str(finding) for finding in check([record, record]))


def test_a_name_shared_by_two_records_is_doubtful() -> None:
    other = Record.model_validate({**GOOD, "id": "faq.other"})
    doubts = [finding for finding in check([Record.model_validate(GOOD), other]) if finding.level == "warning"]
    assert any("샘플도 신고해요?" in doubt.message for doubt in doubts)
