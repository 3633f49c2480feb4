"""Findings and cards as plain data, for the command line and the web."""

from __future__ import annotations

from typing import Any

from knowledge.hs.card import Card
from knowledge.hs.finder import Candidate, Finding
from knowledge.hs.questions import Question
from knowledge.hs.table import HsCode


def candidates_document(finding: Finding) -> list[dict[str, Any]]:
    """Returns the candidates of a finding, best first."""
    return [_candidate(candidate) for candidate in finding.candidates]


def finding_document(finding: Finding) -> dict[str, Any]:
    """Returns a whole finding: candidates, confidence, and the question back."""
    return {
        "text": finding.text,
        "confidence": round(finding.confidence, 3),
        "sure": finding.sure,
        "candidates": candidates_document(finding),
        "question": _question(finding.question) if finding.question else None,
    }


def card_document(card: Card) -> dict[str, Any]:
    """Returns one code with its surroundings, notes and sources."""
    return {
        **_code(card.code),
        "above": [_code(one) for one in card.above],
        "below": [_code(one) for one in card.below],
        "national": [_code(one) for one in card.national],
        "flags": {"eudr": card.flags.eudr, "cbam": card.flags.cbam},
        "notes": [note.model_dump(mode="json") for note in card.notes],
        "sources": [source.model_dump(mode="json") for source in card.sources],
    }


def _candidate(candidate: Candidate) -> dict[str, Any]:
    return {
        "hs6": candidate.hs6,
        "name_ko": candidate.name_ko,
        "name_en": candidate.name_en,
        "score": candidate.score,
        "why": vars(candidate.why),
        "heading": {"ko": candidate.heading[0], "en": candidate.heading[1]},
        "chapter": {"ko": candidate.chapter[0], "en": candidate.chapter[1]},
        "remark": {"ko": candidate.remark[0], "en": candidate.remark[1]} if candidate.remark else None,
    }


def _question(question: Question) -> dict[str, Any]:
    options = [{"text": option.text, "codes": list(option.codes)} for option in question.options]
    return {"id": question.id, "text": question.text, "options": options}


def _code(code: HsCode) -> dict[str, Any]:
    return {
        "code": code.code,
        "level": code.level,
        "name_ko": code.name_ko,
        "name_en": code.name_en,
        "basis": code.basis,
    }
