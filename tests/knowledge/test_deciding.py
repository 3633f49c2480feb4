"""Answers that depend: the one thing missing is asked, and every combination has exactly one answer."""

from __future__ import annotations

from typing import Any

import pytest

from knowledge.deciding import UNKNOWN, Condition, decide, decision_faults
from knowledge.record import Decision


def condition(name: str, **values: list[str]) -> Condition:
    listed = [{"id": each, "ko": each, "en": each, "heard": {"ko": heard}} for each, heard in values.items()]
    return Condition.model_validate({"id": name, "ko": "?", "en": "?", "values": listed})


CONDITIONS = {
    "maker": condition("maker", we=["우리가? 만들"], other=["다른 (회사|공장)", "사서 팔"]),
    "shipped": condition("shipped", no=["아직"], yes=["이미", "보냈"]),
}


def decision(asks: list[str], *cases: tuple[dict[str, Any], str]) -> Decision:
    return Decision.model_validate(
        {"asks": asks, "cases": [{"when": when, "ko": said, "en": said} for when, said in cases]}
    )


LATE = decision(
    ["shipped", "maker"],
    ({"shipped": "no"}, "apply before"),
    ({"shipped": "yes", "maker": "we"}, "apply late yourself"),
    ({"shipped": "yes", "maker": "other"}, "ask the maker first"),
)


@pytest.mark.parametrize(
    ("told", "said", "asks"),
    [
        ({}, None, "shipped"),
        ({"shipped": "no"}, "apply before", None),
        ({"shipped": "yes"}, None, "maker"),
        ({"maker": "we"}, None, "shipped"),
        ({"maker": "other", "shipped": "yes"}, "ask the maker first", None),
        ({"shipped": "yes", "maker": "we"}, "apply late yourself", None),
        ({"shipped": UNKNOWN}, None, "maker"),
        ({"shipped": UNKNOWN, "maker": UNKNOWN}, None, None),
        ({"shipped": "yes", "maker": UNKNOWN}, None, None),
        ({"weather": "fine"}, None, "shipped"),
    ],
)
def test_the_missing_thing_is_asked_and_then_the_answer_is_exact(
    told: dict[str, str], said: str | None, asks: str | None
) -> None:
    found = decide(LATE, told)
    assert (found.case.en if found.case else None, found.ask) == (said, asks)


def test_who_does_not_know_gets_every_case_that_may_hold() -> None:
    found = decide(LATE, {"shipped": "yes", "maker": UNKNOWN})
    assert [case.en for case in found.open] == ["apply late yourself", "ask the maker first"]
    assert len(decide(LATE, {"shipped": UNKNOWN, "maker": UNKNOWN}).open) == 3


def test_nothing_is_asked_that_makes_no_difference() -> None:
    known = decide(LATE, {"shipped": "no", "maker": UNKNOWN})
    assert known.case is not None and known.case.en == "apply before"
    assert known.used == {"shipped": "no"}


def test_a_whole_decision_has_no_faults() -> None:
    assert list(decision_faults(LATE, CONDITIONS)) == []
    shared = decision(["maker"], ({"maker": ["we", "other"]}, "the same"))
    assert list(decision_faults(shared, CONDITIONS)) == []


@pytest.mark.parametrize(
    ("broken", "fault"),
    [
        (decision(["maker"], ({"maker": "we"}, "a")), "0 cases answer maker=other"),
        (decision(["maker"], ({"maker": "we"}, "a"), ({}, "b")), "2 cases answer maker=we"),
        (decision(["maker"], ({"maker": "nobody"}, "a")), "'nobody' is no value"),
        (decision(["weather"], ({"weather": "fine"}, "a")), "'weather', which is no condition"),
        (decision(["maker"], ({"shipped": "no"}, "a")), "which asks does not list"),
    ],
)
def test_gaps_and_overlaps_are_found(broken: Decision, fault: str) -> None:
    assert any(fault in each for each in decision_faults(broken, CONDITIONS))


@pytest.mark.parametrize(
    ("words", "value"),
    [
        ("우리가 만들어요", "we"),
        ("다른 회사 제품이에요", "other"),
        ("우리가 만들 때도 있고 사서 팔 때도 있어요", None),
        ("글쎄요", None),
    ],
)
def test_words_name_a_value_or_none_never_two(words: str, value: str | None) -> None:
    assert CONDITIONS["maker"].heard(words, "ko") == value
