"""Measures hearing on utterances whose obstacles are known: precision, recall and their harmonic mean."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from knowledge.diagnosis.hearing import hear
from knowledge.language.detect import detect_language
from knowledge.pack import read_yaml
from knowledge.shelf import Shelf


@dataclass(frozen=True)
class Utterance:
    """Something said, each obstacle that must be heard (any of a set will do), and those that may be."""

    text: str
    wanted: tuple[frozenset[str], ...]
    allowed: frozenset[str]


@dataclass(frozen=True)
class Count:
    """How an utterance was heard: what of the wanted was heard, missed, and heard wrongly."""

    utterance: Utterance
    right: int
    missed: tuple[frozenset[str], ...]
    wrong: tuple[str, ...]


def read_utterances(path: Path) -> list[Utterance]:
    """Returns the utterances of an evaluation file."""
    return [_utterance(row) for row in read_yaml(path)]


def count(utterance: Utterance, heard: Iterable[str]) -> Count:
    """Compares what was heard with what should be."""
    found = list(heard)
    right = [wanted for wanted in utterance.wanted if wanted & set(found)]
    missed = tuple(wanted for wanted in utterance.wanted if not wanted & set(found))
    fitting = utterance.allowed.union(*utterance.wanted)
    return Count(utterance, len(right), missed, tuple(one for one in found if one not in fitting))


def evaluate(rows: Sequence[Utterance], shelf: Shelf) -> dict[str, Any]:
    """Returns precision, recall and F1 over all rows, in every language, and the rows that went wrong."""
    counts = [count(row, (one.obstacle for one in hear(row.text, _language(row), shelf))) for row in rows]
    by_language = {lang: _measures([c for c in counts if _language(c.utterance) == lang]) for lang in ("ko", "en")}
    silent = [c for c in counts if not c.utterance.wanted]
    return {
        "summary": _measures(counts) | {"none_kept": _share(sum(not c.wrong for c in silent), len(silent))},
        "by_language": by_language,
        "wrong": [
            {"text": c.utterance.text, "missed": [sorted(m) for m in c.missed], "wrong": list(c.wrong)}
            for c in counts
            if c.missed or c.wrong
        ],
    }


def _measures(counts: Sequence[Count]) -> dict[str, float]:
    right = sum(c.right for c in counts)
    precision = _share(right, right + sum(len(c.wrong) for c in counts))
    recall = _share(right, right + sum(len(c.missed) for c in counts))
    both = precision + recall
    f1 = 2 * precision * recall / both if both else 0.0
    return {"rows": len(counts), "precision": precision, "recall": recall, "f1": round(f1, 3)}


def _share(part: int, whole: int) -> float:
    return round(part / whole, 3) if whole else 0.0


def _utterance(row: dict[str, Any]) -> Utterance:
    wanted = tuple(frozenset(f"obstacle.{name}" for name in one.split("|")) for one in row["obstacles"])
    return Utterance(row["text"], wanted, frozenset(f"obstacle.{name}" for name in row.get("may", ())))


def _language(row: Utterance) -> Any:
    return detect_language(row.text) or "en"
