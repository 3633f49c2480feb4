"""Learns how much each piece of evidence counts, from names whose code is known.

Three sources: the development set; known names asked for with the name itself hidden, so that the finder must
lead to the code by the other names; and everyday names with a slip of the fingers. The held-out evaluation set is
never read here.
"""

from __future__ import annotations

import random
from collections.abc import Callable, Sequence
from dataclasses import dataclass
from pathlib import Path

import numpy as np
import yaml
from numpy.typing import NDArray
from scipy.optimize import minimize

from knowledge.hs.evaluation import Row
from knowledge.hs.evidence import FEATURES, Evidence, first_guess, gather
from knowledge.hs.grams import key
from knowledge.hs.index import Floats, Index
from knowledge.hs.weights import SURENESS, Weights, by_heading, sureness_of

SAMPLES = {"everyday": 900, "standard_name": 300, "uk_reference": 400, "line": 150}
"""How many known names of each list are asked for."""

MISSPELT = 250
"""How many everyday names are asked for with a slip of the fingers in them."""

DEVELOPMENT_WEIGHT = 4.0
"""How much more a row of the development set counts: it is what people type."""

TIGHTNESS = 8.0
"""Strength of the pull of the weights towards zero (L2); chosen by cross-validation on the development set."""

_SEED = 7
_VOWELS, _FINALS = 21, 28  # how Unicode counts Hangul syllables
_NEIGHBOUR = {0: 2, 2: 0, 1: 5, 5: 1, 4: 6, 6: 4, 8: 12, 12: 8, 13: 18, 18: 13, 3: 7, 7: 3, 11: 10, 10: 11}
# ㅏㅑ, ㅐㅔ, ㅓㅕ, ㅗㅛ, ㅜㅡ, ㅒㅖ, ㅚㅙ

Progress = Callable[[int, int], None]


@dataclass(frozen=True)
class Example:
    """A text, the codes that are right for it (none where it names no goods), and how much it counts."""

    text: str
    right: frozenset[str]
    weight: float
    hide: bool


def learn(index: Index, rows: Sequence[Example], progress: Progress = lambda done, total: None) -> Weights:
    """Returns the weights under which the right codes of ``rows`` are likeliest.

    Raises:
        ValueError: There is no row to learn from.
    """
    if not rows:
        raise ValueError("nothing to learn from")
    seen = []
    for done, row in enumerate(rows, 1):
        hidden = np.array(index.by_name.get(key(row.text), []) if row.hide else [], dtype=np.int64)
        seen.append((row, _candidates(index, row, gather(index, row.text, hidden))))
        progress(done, len(rows))
    evidence = _evidence_weights(index, seen)
    draft = Weights(evidence, np.zeros(len(SURENESS), dtype=np.float32), 0.0, "")
    sureness, bias = _sureness_weights(index, seen, draft)
    asked = sum(row.hide for row in rows)
    note = f"{asked} known names asked for with the name hidden, {len(rows) - asked} rows of other names"
    return Weights(evidence, sureness, bias, note)


def relearn(
    index: Index, development: Sequence[Row], path: Path, progress: Progress = lambda done, total: None
) -> None:
    """Learns from the development set and the known names, and writes the weights to ``path``."""
    typed = [Example(row.text, row.right, DEVELOPMENT_WEIGHT, False) for row in development]
    save_weights(learn(index, [*typed, *known_names(index), *misspelt_names(index)], progress), path)


def known_names(index: Index) -> list[Example]:
    """Returns a fixed sample of known names, each with every code it is known under."""
    chooser = random.Random(_SEED)  # noqa: S311 - a sample, no secret
    found = []
    for origin, most in SAMPLES.items():
        texts = sorted({entry.text for entry in index.entries if entry.origin == origin})
        for text in chooser.sample(texts, min(most, len(texts))):
            right = {index.entries[i].code for i in index.by_name.get(key(text), ())}
            found.append(Example(text, frozenset(right), 1.0, True))
    return found


def misspelt_names(index: Index) -> list[Example]:
    """Returns a fixed sample of everyday names with one letter wrong, so that misspellings are learnt from."""
    chooser = random.Random(_SEED)  # noqa: S311 - a sample, no secret
    texts = sorted({entry.text for entry in index.entries if entry.origin == "everyday"})
    found = []
    for text in chooser.sample(texts, min(MISSPELT, len(texts))):
        wrong = misspell(text, chooser)
        if wrong != text and key(wrong) not in index.by_name:
            right = {index.entries[i].code for i in index.by_name.get(key(text), ())}
            found.append(Example(wrong, frozenset(right), 1.0, False))
    return found


def misspell(text: str, chooser: random.Random) -> str:
    """Returns ``text`` with one Korean vowel taken for its neighbour, or one letter of an English word left out."""
    korean = [i for i, letter in enumerate(text) if "가" <= letter <= "힣" and _vowel(letter) in _NEIGHBOUR]
    if korean:
        place = chooser.choice(korean)
        shift = (_NEIGHBOUR[_vowel(text[place])] - _vowel(text[place])) * _FINALS
        return text[:place] + chr(ord(text[place]) + shift) + text[place + 1 :]
    inner = [i for i in range(1, len(text) - 1) if text[i].isascii() and text[i].isalpha()]
    if len(text) < 5 or not inner:
        return text
    place = chooser.choice(inner)
    return text[:place] + text[place + 1 :]


def _vowel(syllable: str) -> int:
    """The number of a syllable's vowel in Unicode's order of the 21 vowels."""
    return (ord(syllable) - ord("가")) // _FINALS % _VOWELS


def save_weights(weights: Weights, path: Path) -> None:
    """Writes the weights as a file people can read."""
    content = {
        "note": weights.note,
        "evidence": {name: round(float(value), 3) for name, value in zip(FEATURES, weights.evidence, strict=True)},
        "sureness": {name: round(float(value), 3) for name, value in zip(SURENESS, weights.sureness, strict=True)},
        "bias": round(weights.bias, 3),
    }
    explanation = (
        "# Learnt by knowledge/hs/learning.py; what each weight belongs to is said in evidence.py and weights.py.\n"
        "# `evidence` adds up to a candidate's log-odds, `sureness` and `bias` to those of the best heading.\n"
    )
    path.write_text(explanation + yaml.safe_dump(content, sort_keys=False, allow_unicode=True), encoding="utf-8")


def _candidates(index: Index, row: Example, evidence: Evidence) -> Evidence:
    """The candidates, and the right codes in any case, so that they are learnt from."""
    chosen = set(evidence.shortlist(first_guess()).rows.tolist())
    chosen |= {i for i, code in enumerate(index.codes) if code in row.right}
    rows = np.array(sorted(chosen))
    return Evidence(rows, evidence.table[rows], evidence.likeness[:0])


def _evidence_weights(index: Index, seen: Sequence[tuple[Example, Evidence]]) -> Floats:
    """Conditional logit: the right codes of a text against its other candidates."""
    cases: list[tuple[Floats, NDArray[np.bool_], float]] = []
    for row, evidence in seen:
        right = np.array([index.codes[i] in row.right for i in evidence.rows])
        if right.any():
            cases.append((evidence.table, right, row.weight))

    def loss(weights: NDArray[np.float64]) -> tuple[float, NDArray[np.float64]]:
        total, slope = TIGHTNESS * float(weights @ weights), 2 * TIGHTNESS * weights
        for table, right, weight in cases:
            scores = table @ weights
            grown = np.exp(scores - scores.max())
            chances = grown / grown.sum()
            among = grown * right / grown[right].sum()
            total -= weight * float(np.log(chances[right].sum()))
            slope = slope - weight * (among - chances) @ table
        return total, slope

    found = minimize(loss, np.zeros(len(FEATURES)), jac=True, method="L-BFGS-B", options={"maxiter": 300})
    return np.asarray(found.x, dtype=np.float32)


def _sureness_weights(index: Index, seen: Sequence[tuple[Example, Evidence]], draft: Weights) -> tuple[Floats, float]:
    """Logistic regression: is the best heading right?"""
    features, right, weights = [], [], []
    for row, evidence in seen:
        chances = draft.chances(evidence)
        headings = by_heading(index, evidence, chances)
        features.append(sureness_of(evidence, chances, headings))
        right.append(next(iter(headings)) in {code[:4] for code in row.right})
        weights.append(row.weight)
    table = np.hstack([np.array(features), np.ones((len(features), 1))])
    truth, heavy = np.array(right, dtype=float), np.array(weights)

    def loss(learnt: NDArray[np.float64]) -> tuple[float, NDArray[np.float64]]:
        chance = 1 / (1 + np.exp(-(table @ learnt)))
        safe = np.clip(chance, 1e-9, 1 - 1e-9)
        total = -float(heavy @ (truth * np.log(safe) + (1 - truth) * np.log(1 - safe)))
        return total + float(learnt[:-1] @ learnt[:-1]), table.T @ (heavy * (chance - truth)) + 2 * np.r_[
            learnt[:-1], 0
        ]

    found = minimize(loss, np.zeros(table.shape[1]), jac=True, method="L-BFGS-B")
    return np.asarray(found.x[:-1], dtype=np.float32), float(found.x[-1])
