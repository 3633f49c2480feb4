"""The checklist of documents as a paper to print: what is needed first, with boxes to tick."""

from __future__ import annotations

from datetime import date
from typing import Any

from actions.papers.page import CAREFUL, PLAIN, Column, Paper
from actions.papers.sources import write_sources
from actions.texts import text
from knowledge.guides.answer import ASKED
from knowledge.record import Language

NEEDS = ("required", "usual", "if_asked", "open")
BOX = "□"


def checklist_paper(found: dict[str, Any], language: Language, made_on: date, number: str = "") -> bytes:
    """Returns what ``knowledge.guides.checklist`` found, told in the same language, as the bytes of a PDF file."""
    paper = Paper(
        text("checklist_title", language), language, number, made_on, subtitle=text("checklist_subtitle", language)
    )
    _write_told(paper, found)
    for need in NEEDS:
        rows = [row for row in found["rows"] if row["need"] == need]
        if rows:
            paper.heading(text(f"checklist_group_{need}", language))
            _write_rows(paper, rows, need)
    _write_unknown(paper, found)
    write_sources(paper, [source for row in found["rows"] for source in row["sources"]])
    return paper.finished()


def _write_told(paper: Paper, found: dict[str, Any]) -> None:
    told = [(text(f"checklist_field_{name}", paper.language), _named(found, name, paper.language)) for name in ASKED]
    paper.facts(told, label_share=0.36)
    if found["warnings"]:
        words = "\n".join(f"· {warning['text']}" for warning in found["warnings"])
        paper.notice(words, CAREFUL, title=text("checklist_mind", paper.language))


def _named(found: dict[str, Any], name: str, language: Language) -> str:
    told = found["facts"][name]
    return told["name"] if told else text("checklist_unknown", language)


def _write_rows(paper: Paper, rows: list[dict[str, Any]], need: str) -> None:
    """Writes a table; what is not settled yet is only listed, under what it waits for."""
    if need == "open":
        for condition in dict.fromkeys(row["condition"] for row in rows):
            paper.paragraph(condition)
            paper.bullets([row["document"] for row in rows if row["condition"] == condition], boxes=True, size=9)
        return
    said = paper.language
    columns = [
        Column(text("checklist_document", said), 1.05),
        Column(text("checklist_who", said), 0.95),
        Column(text("checklist_when", said), 0.75),
        Column(text("checklist_why", said), 1.7),
    ]
    paper.tabulate(columns, [_cells(row) for row in rows])


def _cells(row: dict[str, Any]) -> tuple[str, str, str, str]:
    why = " ".join(part for part in (row["why"], row["condition"]) if part)
    return f"{BOX} {row['document']}", " · ".join(row["makers"]), row["when"], why


def _write_unknown(paper: Paper, found: dict[str, Any]) -> None:
    paper.notice(
        "\n".join(entry["text"] for entry in found["not_known"]),
        PLAIN,
        title=text("checklist_not_known", paper.language),
    )
    if found["questions"]:
        paper.heading(text("checklist_questions", paper.language), level=2)
        paper.bullets([question["text"] for question in found["questions"]])
