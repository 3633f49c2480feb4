"""Weighs a trained model against the serving one, on questions neither learnt from, and says whether it may serve.

The examples it was made with are not counted: it has learnt them by heart, and would be praised for that.
"""

from __future__ import annotations

from collections import defaultdict
from pathlib import Path
from typing import Any

from bot.assistant import Assistant
from bot.evaluation import read_questions, understand
from knowledge.language.detect import detect_language

MAY_FALL = 0.5
"""Points (hundredths) by which the share of right answers may fall."""

MAY_LOSE = 20.0
"""Points of recall that one intent may lose, if at least ``ENOUGH`` questions measure it."""

ENOUGH = 5

Rows = list[dict[str, Any]]


async def weigh(candidate: Assistant, serving: Assistant, file: Path) -> dict[str, Any]:
    """Returns the report on a candidate (``compared``); None of the assistants answers anybody.

    Raises:
        OSError: There is no such file.
        ValueError: It holds no labelled questions.
    """
    now, then = read_questions(file), read_questions(file)
    if not now or not all("intent" in row for row in now):
        raise ValueError(f"{file} holds no questions with their intent")
    await understand(serving, then)
    await understand(candidate, now)
    return compared(then, now)


def compared(before: Rows, after: Rows) -> dict[str, Any]:
    """Returns how two models understood the same questions, and what stands against the second.

    Args:
        before: Rows with ``text``, ``intent``, ``best`` and ``guess``, as the model that serves understood them.
        after: The same rows in the same order, as the candidate did.
    """
    report: dict[str, Any] = {
        "questions": len(after),
        "figures": _figures(before, after),
        "fell": _fallen(before, after),
        "worse": [_told(old, new) for old, new in zip(before, after, strict=True) if _right(old) and not _right(new)],
        "better": [_told(old, new) for old, new in zip(before, after, strict=True) if _right(new) and not _right(old)],
    }
    report["against"] = against(report)
    return report


def against(report: dict[str, Any]) -> list[dict[str, Any]]:
    """Returns the reasons why a model must not serve, none if it may."""
    reasons: list[dict[str, Any]] = []
    everything = next(row for row in report["figures"] if row["of"] == "all")
    fall = round(100 * (everything["before"] - everything["after"]) / everything["questions"], 6)
    if fall > MAY_FALL:
        reasons.append({"reason": "accuracy", "points": round(fall, 1)})
    for row in report["fell"]:
        lost = round(100 * (row["before"] - row["after"]) / row["questions"], 6)
        if row["questions"] >= ENOUGH and lost > MAY_LOSE:
            reasons.append({"reason": "recall", "intent": row["intent"], "points": round(lost, 1)})
    return reasons


def _figures(before: Rows, after: Rows) -> Rows:
    """Returns how many were right, by language and in all, and how many Naru was right and sure of."""
    languages = [detect_language(row["text"]) or "ko" for row in after]
    rows = []
    for of in ("ko", "en", "all"):
        own = [(old, new) for old, new, spoken in zip(before, after, languages, strict=True) if of in (spoken, "all")]
        told = {"before": sum(_right(old) for old, _ in own), "after": sum(_right(new) for _, new in own)}
        rows.append({"of": of, "questions": len(own), **told})
    sure = {"before": sum(map(_acted_right, before)), "after": sum(map(_acted_right, after))}
    return [*rows, {"of": "sure", "questions": len(after), **sure}]


def _fallen(before: Rows, after: Rows) -> Rows:
    """Returns the intents fewer of whose questions are recognised, the greatest loss first."""
    counts: dict[str, list[int]] = defaultdict(lambda: [0, 0, 0])
    for old, new in zip(before, after, strict=True):
        count = counts[new["intent"]]
        count[0], count[1], count[2] = count[0] + 1, count[1] + _right(old), count[2] + _right(new)
    fell = [
        {"intent": intent, "questions": count[0], "before": count[1], "after": count[2]}
        for intent, count in counts.items()
        if count[2] < count[1]
    ]
    return sorted(fell, key=lambda row: (-(row["before"] - row["after"]) / row["questions"], row["intent"]))


def _told(old: dict[str, Any], new: dict[str, Any]) -> dict[str, Any]:
    return {"text": new["text"], "intent": new["intent"], "before": old["best"], "after": new["best"]}


def _right(row: dict[str, Any]) -> bool:
    return bool(row["best"] == row["intent"])


def _acted_right(row: dict[str, Any]) -> bool:
    return bool(row["guess"] == row["intent"])
