"""Measures how well Naru understands (intents) and finds (records), on questions it was never trained on."""

from __future__ import annotations

import math
from collections import Counter, defaultdict
from pathlib import Path
from typing import Any

import yaml
from sklearn.metrics import precision_recall_fscore_support

from bot.assistant import Assistant
from bot.guard import Message
from bot.nlu.text_repair import repair
from knowledge.language.detect import detect_language
from knowledge.record import Language
from knowledge.shelf import shelf

TOP = 5


def read_questions(file: Path) -> list[dict[str, Any]]:
    """Returns the labelled questions of a file.

    Raises:
        ValueError: The file is not a list of questions with ``text``.
    """
    rows = yaml.safe_load(file.read_text(encoding="utf-8"))
    if not isinstance(rows, list) or not all(isinstance(row, dict) and "text" in row for row in rows):
        raise ValueError(f"{file} is not a list of questions with 'text'")
    return rows


async def evaluate_intents(naru: Assistant, file: Path) -> dict[str, Any]:
    """Returns accuracy, precision and recall a class, and confusions; rows carry ``text`` and ``intent``."""
    rows = read_questions(file)
    await understand(naru, rows)
    truth, guess = [row["intent"] for row in rows], [row["guess"] for row in rows]
    labels = sorted(set(truth))
    precision, recall, f1, support = precision_recall_fscore_support(truth, guess, labels=labels, zero_division=0)
    classes = {
        label: {"precision": round(p, 3), "recall": round(r, 3), "f1": round(f, 3), "support": int(s)}
        for label, p, r, f, s in zip(labels, precision, recall, f1, support, strict=True)
    }
    confusions = Counter((t, g) for t, g in zip(truth, guess, strict=True) if t != g)
    summary: dict[str, Any] = {"questions": len(rows)}
    for language in ("ko", "en"):
        own = [row for row in rows if (detect_language(row["text"]) or "ko") == language]
        summary[f"accuracy_{language}"] = _share(row["best"] == row["intent"] for row in own)
        summary[f"fallback_{language}"] = _share(row["guess"] == "nlu_fallback" for row in own)
    confident = [row for row in rows if row["guess"] != "nlu_fallback"]
    summary["accuracy"] = _share(row["best"] == row["intent"] for row in rows)
    summary["accuracy_when_confident"] = _share(row["guess"] == row["intent"] for row in confident)
    wrong = [row for row in rows if row["guess"] != row["intent"]]
    listed = [{"true": t, "guess": g, "count": n} for (t, g), n in confusions.most_common()]
    return {"summary": summary, "classes": classes, "confusions": listed, "wrong": wrong}


async def understand(naru: Assistant, rows: list[dict[str, Any]]) -> None:
    """Writes into each row how its ``text`` is understood.

    ``guess`` is what Naru acts on, nlu_fallback where it is not sure; ``best`` the likeliest intent all the same.
    """
    for row in rows:
        parsed = await naru.parse(row["text"])
        ranking = parsed.get("intent_ranking") or [parsed["intent"]]
        row["guess"], row["confidence"] = parsed["intent"]["name"], round(parsed["intent"]["confidence"], 3)
        row["best"] = next(entry["name"] for entry in ranking if entry["name"] != "nlu_fallback")


async def evaluate_answers(naru: Assistant, file: Path) -> dict[str, Any]:
    """Returns recall@1, recall@5 and MRR of the search, and how often a whole turn gives the right record.

    Rows carry ``text`` and ``records``, the ids of the acceptable records; an empty list means that the
    knowledge has no answer, and Naru should not give one.
    """
    rows = read_questions(file)
    known = [row for row in rows if row["records"]]
    for row in rows:
        language: Language = detect_language(row["text"]) or "ko"
        row["language"] = language
        hits = shelf().search.find(repair(row["text"]), language, top=TOP)
        row["found"] = [hit.record for hit in hits]
        row["score"] = round(hits[0].score, 3) if hits else 0.0
        opened = naru.conversations.open(language, "test")
        turn = await naru.turn(opened.id, Message(text=row["text"]))
        await naru.erase(opened.id)
        row["outcome"], row["answered"], row["intent"] = turn.outcome.value, list(turn.records), turn.intent.name
        row["offered"] = [c.payload for reply in turn.replies for c in reply.choices]
    summary: dict[str, Any] = {"questions": len(rows)}
    for name, group in _groups(known).items():
        summary |= {f"{key}_{name}": value for key, value in _figures(group).items()}
    unknown = [row for row in rows if not row["records"]]
    if unknown:
        summary["wrong_answers_to_unknown"] = _share(row["outcome"] == "answered" for row in unknown)
    misses = [row for row in known if not set(row["answered"]) & set(row["records"])]
    return {"summary": summary, "misses": misses, "unknown": unknown}


def _groups(rows: list[dict[str, Any]]) -> dict[str, list[dict[str, Any]]]:
    groups = defaultdict(list)
    for row in rows:
        groups["all"].append(row)
        groups[row["language"]].append(row)
    return dict(groups)


def _figures(rows: list[dict[str, Any]]) -> dict[str, float]:
    ranks = [_rank(row) for row in rows]
    return {
        "search_recall@1": _share(rank == 1 for rank in ranks),
        "search_recall@5": _share(rank <= TOP for rank in ranks),
        "search_mrr": round(sum(1 / rank for rank in ranks) / max(len(ranks), 1), 3),
        "turn_right": _share(bool(set(row["answered"]) & set(row["records"])) for row in rows),
        "turn_right_or_offered": _share(_reached(row) for row in rows),
        "turn_wrong": _share(
            row["outcome"] == "answered" and not set(row["answered"]) & set(row["records"]) for row in rows
        ),
    }


def _rank(row: dict[str, Any]) -> float:
    places = [place for place, record in enumerate(row["found"], 1) if record in row["records"]]
    return float(places[0]) if places else math.inf


def _reached(row: dict[str, Any]) -> bool:
    if set(row["answered"]) & set(row["records"]):
        return True
    return any(record in payload for record in row["records"] for payload in row["offered"])


def _share(flags: Any) -> float:
    listed = list(flags)
    return float(round(sum(listed) / max(len(listed), 1), 3))
