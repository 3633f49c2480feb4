"""The rule for going live, on reports made by hand."""

from __future__ import annotations

from typing import Any

import pytest

from bot.weighing import compared


def rows(intent: str, right: int, wrong: int, text: str = "이거 뭐예요") -> list[dict[str, Any]]:
    """Questions of one intent, of which some are understood."""
    told = [intent] * right + ["menu"] * wrong
    return [
        {"text": f"{text} {intent} {n}", "intent": intent, "best": best, "guess": best} for n, best in enumerate(told)
    ]


def reasons(before: list[dict[str, Any]], after: list[dict[str, Any]]) -> list[tuple[Any, ...]]:
    return [tuple(each.values()) for each in compared(before, after)["against"]]


def test_the_same_again_may_serve() -> None:
    assert reasons(rows("define", 90, 10), rows("define", 90, 10)) == []


@pytest.mark.parametrize(
    ("right", "verdict"),
    [(181, []), (180, []), (179, []), (178, [("accuracy", 1.0)]), (170, [("accuracy", 5.0)])],
)
def test_accuracy_may_fall_by_half_a_point(right: int, verdict: list[Any]) -> None:
    assert reasons(rows("define", 180, 20), rows("define", right, 200 - right)) == verdict


@pytest.mark.parametrize(
    ("questions", "before", "after", "verdict"),
    [
        (10, 10, 8, []),  # 20 points: just allowed
        (10, 10, 7, [("recall", "compare", 30.0)]),
        (5, 5, 4, []),
        (5, 5, 3, [("recall", "compare", 40.0)]),
        (4, 4, 0, []),  # too few questions to tell
        (7, 5, 3, [("recall", "compare", 28.6)]),
    ],
)
def test_one_intent_may_lose_twenty_points(questions: int, before: int, after: int, verdict: list[Any]) -> None:
    many, better = rows("define", 900, 100), rows("define", 910, 90)
    old, new = rows("compare", before, questions - before), rows("compare", after, questions - after)
    assert reasons(many + old, better + new) == verdict


def test_both_reasons_are_told() -> None:
    told = reasons(rows("define", 50, 0) + rows("compare", 10, 0), rows("define", 50, 0) + rows("compare", 5, 5))
    assert told == [("accuracy", 8.3), ("recall", "compare", 50.0)]


def test_the_report_counts_by_language_and_names_every_change() -> None:
    def row(text: str, intent: str, best: str, guess: str | None = None) -> dict[str, Any]:
        return {"text": text, "intent": intent, "best": best, "guess": guess or best}

    before = [
        row("신용장이 뭐예요", "define", "define", "nlu_fallback"),
        row("둘이 뭐가 달라요", "compare", "define"),
        row("what does FOB mean", "define", "define"),
        row("talk to a person please", "handover", "menu"),
    ]
    after = [
        row("신용장이 뭐예요", "define", "define"),
        row("둘이 뭐가 달라요", "compare", "compare"),
        row("what does FOB mean", "define", "menu", "nlu_fallback"),
        row("talk to a person please", "handover", "define"),
    ]
    report = compared(before, after)
    assert report["questions"] == 4
    assert report["figures"] == [
        {"of": "ko", "questions": 2, "before": 1, "after": 2},
        {"of": "en", "questions": 2, "before": 1, "after": 0},
        {"of": "all", "questions": 4, "before": 2, "after": 2},
        {"of": "sure", "questions": 4, "before": 1, "after": 2},
    ]
    assert report["fell"] == [{"intent": "define", "questions": 2, "before": 2, "after": 1}]
    assert report["worse"] == [{"text": "what does FOB mean", "intent": "define", "before": "define", "after": "menu"}]
    assert report["better"] == [
        {"text": "둘이 뭐가 달라요", "intent": "compare", "before": "define", "after": "compare"}
    ]
    assert report["against"] == []
