"""Decides what may become an example: nothing personal, nothing the evaluation asks, nothing said already."""

from __future__ import annotations

import re
from collections.abc import Iterable
from dataclasses import dataclass
from functools import lru_cache
from pathlib import Path
from typing import Any

import yaml
from rapidfuzz import fuzz, process
from rapidfuzz.distance import Levenshtein

from actions.desk.examples import Example
from bot.personal import HIDDEN, personal_in
from bot.training import DATA
from knowledge.settings import Settings

LONGEST = 200
"""Letters of an example; the longest of the files has about half as many."""

NEAR = 88.0
"""Similarity (0 to 100, of the letters alone) from which a sentence counts as one of the evaluation's."""

NEAR_LETTERS = 4
"""Letters below which only an equal sentence does: greetings and numbers are all alike."""

_NO_LETTER = re.compile(r"[\W_]+")


@dataclass(frozen=True)
class Refused:
    """Why something can't be an example: ``reason`` names a fixed text, ``detail`` what is filled in."""

    reason: str
    detail: str = ""


def bare(text: str) -> str:
    """Returns the letters and digits of a sentence, so that punctuation makes no difference."""
    return _NO_LETTER.sub("", text).casefold()


def refused(text: str, intent: str, others: Iterable[Example], settings: Settings) -> Refused | None:
    """Returns why a text can't be an example of an intent, or None if it can.

    Args:
        text: The text on one line (``personal.plain``).
        intent: What it is to mean.
        others: The examples there are, without the one that this replaces.
        settings: Where the evaluation sets are.
    """
    own = bare(text.replace(HIDDEN, ""))
    if not own:
        return Refused("empty")
    if len(text) > LONGEST:
        return Refused("long", str(LONGEST))
    if intent not in teachable():
        return Refused("intent")
    if kinds := personal_in(text):
        return Refused("personal", ",".join(kinds))
    if leaks(text, settings.evaluation_set.parent):
        return Refused("evaluation")
    return _said_before(bare(text), intent, others)


def teachable() -> tuple[str, ...]:
    """Returns the intents that people type, in order of name; one without any example is carried by buttons only."""
    return tuple(sorted(set(_taught().values())))


def leaks(text: str, folder: Path) -> bool:
    """Tells whether a text is a question of the evaluation sets, or one with a word or some letters changed."""
    asked = _evaluated(folder)
    own = bare(text)
    if own in asked:
        return True
    if len(own) < NEAR_LETTERS:
        return False
    if process.extractOne(own, asked.keys(), scorer=fuzz.ratio, score_cutoff=NEAR) is not None:
        return True
    words = tuple(map(bare, text.split()))
    return any(_one_word_apart(words, other) for other in asked.values())


def _one_word_apart(words: tuple[str, ...], other: tuple[str, ...]) -> bool:
    """Tells whether two sentences of four words or more differ in one word: another, one more or one less."""
    if min(len(words), len(other)) < 4 or abs(len(words) - len(other)) > 1:
        return False
    return Levenshtein.distance(words, other, score_cutoff=1) <= 1


def _said_before(own: str, intent: str, others: Iterable[Example]) -> Refused | None:
    said = dict(_taught())
    if own in said:
        return Refused("twice") if said[own] == intent else Refused("contradicts", said[own])
    for each in others:
        if bare(each.text) == own:
            return Refused("twice") if each.intent == intent else Refused("contradicts", each.intent)
    return None


@lru_cache(maxsize=1)
def _taught() -> dict[str, str]:
    """Returns the intent of every sentence of the files, by its letters."""
    found = {}
    for path in sorted(path for folder in DATA for path in folder.rglob("*.yml")):
        for block in _blocks(path):
            for line in str(block.get("examples") or "").splitlines():
                found[bare(line)] = str(block["intent"])
    return found


def _blocks(path: Path) -> list[dict[str, Any]]:
    read = yaml.safe_load(path.read_text(encoding="utf-8")) or {}
    return [block for block in read.get("nlu") or () if "intent" in block]


@lru_cache(maxsize=4)
def _evaluated(folder: Path) -> dict[str, tuple[str, ...]]:
    """Returns the words of every question of the evaluation sets, by its letters."""
    found = {}
    for path in sorted(folder.glob("*.yaml")):
        for row in yaml.safe_load(path.read_text(encoding="utf-8")) or ():
            if isinstance(row, dict) and isinstance(row.get("text"), str):
                found[bare(row["text"])] = tuple(map(bare, row["text"].split()))
    return found
