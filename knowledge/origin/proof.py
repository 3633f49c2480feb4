"""Proof of origin: who makes it out, on what form, how long it serves. It informs and decides nothing."""

from __future__ import annotations

from typing import Any

from knowledge.origin.agreement import Agreement, Agreements, Fact, Proof
from knowledge.origin.result import Saying, Step, Verdict
from knowledge.origin.sources import told_source
from knowledge.record import Language

STEP = "proof"
FACTS = (
    "who",
    "issuers",
    "form",
    "threshold",
    "validity_months",
    "retention_years",
    "retroactive",
    "non_party_invoicing",
    "language",
)


def proof_step(agreement: Agreement) -> Step:
    """Returns the step that says how origin is proved."""
    if agreement.proof is None:
        return Step(STEP, Verdict.NOT_APPLICABLE, (Saying("proof.unknown"),))
    who = agreement.proof.who
    return Step(STEP, Verdict.NOT_APPLICABLE, (Saying("fact", {"fact": who.text}),), (), who.source)


def tell_proof(proof: Proof | None, agreements: Agreements, language: Language) -> dict[str, Any]:
    """Returns the proof in one language: ``by``, and for each thing known its text, its value and its source."""
    if proof is None:
        return {}
    facts = {name: getattr(proof, name) for name in FACTS}
    return {"by": proof.by} | {name: _told(fact, agreements, language) for name, fact in facts.items() if fact}


def _told(fact: Fact, agreements: Agreements, language: Language) -> dict[str, Any]:
    source = told_source(agreements.source(fact.source), language)
    return {"text": fact.text[language], "value": fact.value, "source": source}
