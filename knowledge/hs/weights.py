"""How much each piece of evidence counts, and how sure that makes the finder: learnt numbers, kept as data."""

from __future__ import annotations

from dataclasses import dataclass
from functools import lru_cache
from pathlib import Path
from typing import Any

import numpy as np

from knowledge.hs.evidence import FEATURES, Evidence
from knowledge.hs.index import Floats, Index
from knowledge.pack import PackError, read_yaml

SURENESS = ("log_odds", "lead", "covered", "meaning", "exact", "spelling")
"""What the confidence is read from: the odds of the best heading among the candidates, its lead over the second,
how much of the text and of its meaning the best name has, and whether it is that name, or nearly."""


@dataclass(frozen=True)
class Weights:
    """The learnt numbers.

    Attributes:
        evidence: One weight a kind of evidence; the sum is a candidate's log-odds among the candidates.
        sureness: One weight a kind of ``SURENESS``.
        bias: Added to those.
        note: How they were learnt.
    """

    evidence: Floats
    sureness: Floats
    bias: float
    note: str

    def chances(self, evidence: Evidence) -> Floats:
        """Returns the chance of every candidate, adding up to 1."""
        scores = evidence.table @ self.evidence
        grown = np.exp(scores - scores.max())
        return np.asarray(grown / grown.sum(), dtype=np.float32)

    def confidence(self, features: Floats) -> float:
        """Returns the chance (0 to 1) that the best heading is right, from the ``SURENESS`` of a text."""
        return float(1.0 / (1.0 + np.exp(-(features @ self.sureness + self.bias))))


def by_heading(index: Index, evidence: Evidence, chances: Floats) -> dict[str, float]:
    """Returns the chances of the candidates' headings, best first."""
    total: dict[str, float] = {}
    for row, chance in zip(evidence.rows, chances, strict=True):
        heading = index.codes[row][:4]
        total[heading] = total.get(heading, 0.0) + float(chance)
    return dict(sorted(total.items(), key=lambda pair: -pair[1]))


def sureness_of(evidence: Evidence, chances: Floats, headings: dict[str, float]) -> Floats:
    """Returns what the confidence is read from, in the order of ``SURENESS``."""
    ranked = [*headings.values(), 0.0, 0.0]
    first, second = min(max(ranked[0], 1e-4), 1 - 1e-4), ranked[1]
    best = int(np.argmax(chances))

    def top(share: str) -> float:
        return float(evidence.column(f"most_{share}")[best])

    return np.array(
        [
            np.log(first / (1 - first)),
            first - second,
            top("covered"),
            top("meaning"),
            evidence.column("exact")[best],
            evidence.column("spelling")[best],
        ],
        dtype=np.float32,
    )


@lru_cache(maxsize=4)
def load_weights(path: Path) -> Weights:
    """Reads the learnt numbers of a pack.

    Raises:
        PackError: The file lacks a weight or has one that is no longer used; learn again.
    """
    content: dict[str, Any] = read_yaml(path)
    if set(content["evidence"]) != set(FEATURES) or set(content["sureness"]) != set(SURENESS):
        raise PackError(f"{path}: other weights than the finder uses; learn them again")
    return Weights(
        evidence=np.array([content["evidence"][name] for name in FEATURES], dtype=np.float32),
        sureness=np.array([content["sureness"][name] for name in SURENESS], dtype=np.float32),
        bias=float(content["bias"]),
        note=str(content["note"]),
    )
