"""Ranks obstacles by what was said and what is known of the firm, each point with its reason.

The rules and their explanation are the pack's diagnosis/scoring.yaml and the points in questions.yaml.
"""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass
from typing import Any, Literal

from knowledge.diagnosis.asking import Facts, question
from knowledge.diagnosis.data import pack_folder, read
from knowledge.diagnosis.hearing import Heard
from knowledge.record import Language

SCORING = "diagnosis/scoring.yaml"


@dataclass(frozen=True)
class Reason:
    """Why an obstacle got points.

    Attributes:
        kind: ``said``, ``meant`` (likeness in meaning) or ``fact``.
        points: Points it gave or took.
        text: The reason in words.
        fact: The question whose answer it is, for facts.
    """

    kind: Literal["said", "meant", "fact"]
    points: float
    text: str
    fact: str | None = None


@dataclass(frozen=True)
class Ranked:
    """An obstacle with its score (0 to 100) and why it has it, the weightiest reason first."""

    obstacle: str
    score: float
    reasons: tuple[Reason, ...]


def rule() -> dict[str, Any]:
    """Returns the numbers of the ranking."""
    found: dict[str, Any] = read(pack_folder() / SCORING)["rule"]
    return found


def rank(heard: Iterable[Heard], facts: Facts, language: Language) -> tuple[Ranked, ...]:
    """Returns the obstacles worth listing, the highest score first; equal scores keep the order heard."""
    reasons: dict[str, list[Reason]] = {}
    for one in heard:
        reasons.setdefault(one.obstacle, []).append(_spoken(one, language))
    for obstacle, reason in _told_by_facts(facts, language):
        reasons.setdefault(obstacle, []).append(reason)
    ranked = [_ranked(obstacle, found) for obstacle, found in reasons.items()]
    ranked.sort(key=lambda one: -one.score)
    return tuple(one for one in ranked if one.score >= rule()["listed_from"])[: rule()["most"]]


def _ranked(obstacle: str, reasons: list[Reason]) -> Ranked:
    total = sum(reason.points for reason in reasons)
    said = any(reason.kind != "fact" for reason in reasons)
    score = max(total, rule()["said_least"]) if said else total
    weighty = sorted(reasons, key=lambda reason: (reason.kind == "fact", -abs(reason.points)))
    return Ranked(obstacle, round(min(100.0, max(0.0, score)), 1), tuple(weighty))


def _spoken(one: Heard, language: Language) -> Reason:
    kind: Literal["said", "meant"] = "said" if one.ear == "cue" else "meant"
    sentence = read(pack_folder() / SCORING)["reasons"][language][kind]
    return Reason(kind, round(rule()["words"] * one.strength, 1), sentence.format(words=one.words))


def _told_by_facts(facts: Facts, language: Language) -> list[tuple[str, Reason]]:
    found = []
    for name, fact in facts.items():
        asked = question(name)
        chosen = asked.choice(fact) if asked else None
        for obstacle, points in chosen.points.items() if chosen else ():
            found.append((obstacle, Reason("fact", float(points), chosen.why[language] if chosen else "", name)))
    return found
