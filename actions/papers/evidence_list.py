"""The papers to keep, as a list to tick off: what the law names, and what supports this product's result."""

from __future__ import annotations

from collections.abc import Sequence

from actions.papers.page import Paper
from actions.texts import text
from knowledge.origin.evidence import Evidence, Retention
from knowledge.record import Basis, Language


def write_evidence(paper: Paper, kept: Sequence[Evidence], duration: Retention) -> None:
    """Writes the list under its heading; the law's papers by who keeps them, then those for this product."""
    paper.heading(text("paper_evidence", paper.language))
    paper.paragraph(text("paper_evidence_duty", paper.language, quote=duration.quote))
    for who in ("case", "exporter", "producer"):
        items = [item for item in kept if item.who == who]
        if items:
            paper.heading(text(f"paper_evidence_{who}", paper.language), level=2, keep=14)
            paper.bullets([_line(item, paper) for item in items], boxes=True, size=9)


def _line(item: Evidence, paper: Paper) -> str:
    lawful = item.source.basis is Basis.OFFICIAL
    place = (
        f"{_law(item, paper.language)} {item.source.locator}"
        if lawful
        else text("paper_evidence_editorial", paper.language)
    )
    return text("paper_evidence_item", paper.language, text=item.text[paper.language], place=place)


def _law(item: Evidence, language: Language) -> str:
    """Returns the short name of a law, under which its places are cited: 시행령, Enforcement Decree."""
    title = item.source.title[language]
    return title.split()[-1] if language == "ko" else title.split(" of ")[0]
