"""The product sheet on paper: a page for the buyer, and a worksheet with what a platform still asks for."""

from __future__ import annotations

from datetime import date
from typing import Any

from actions.papers.page import CAREFUL, GOOD, PLAIN, Column, Paper
from actions.texts import text
from knowledge.platforms.listing import heading, listing, needs_translation
from knowledge.platforms.model import load
from knowledge.platforms.sheet import Sheet, completeness
from knowledge.record import Language

MARKS = {True: "sheet_done", False: "sheet_open", None: "sheet_elsewhere"}
"""How an item of a checklist is marked: answered by the sheet, open, or only the platform can say."""


def buyer_page(sheet: Sheet, language: Language, made_on: date, number: str = "") -> bytes:
    """Returns the PDF for a buyer: what the sheet says, without anything meant for the firm alone.

    A sheet with needed fields empty or entries still to be translated is marked as a draft on every page.
    """
    parts = listing(sheet, language)
    open_yet = completeness(sheet, None, language)["verdict"] != "complete" or needs_translation(sheet, language)
    watermark = text("sheet_draft", language) if open_yet else None
    title = parts.name or text("sheet_untitled", language)
    paper = Paper(title, language, number, made_on, watermark, parts.summary or None)
    if parts.features:
        paper.heading(heading("features", language))
        paper.bullets(parts.features)
    for part, rows in (("details", parts.details), ("deal", parts.deal)):
        if rows:
            paper.heading(heading(part, language))
            paper.facts(rows)
    if parts.keywords:
        paper.small(f"{heading('keywords', language)}: {', '.join(parts.keywords)}")
    return paper.finished()


def worksheet(sheet: Sheet, platform: str, language: Language, made_on: date, number: str = "") -> bytes:
    """Returns the PDF for the firm: what a platform asks for, what is done, what is missing, and warnings.

    Raises:
        SheetError: The platform has no checklist.
    """
    report = completeness(sheet, platform, language)
    name = load().name(platform, language)
    paper = Paper(text("sheet_worksheet", language), language, number, made_on, subtitle=name)
    counts = text("sheet_counts", language, filled=report["filled"], wanted=report["wanted"])
    tone = {"complete": GOOD, "incomplete": CAREFUL}.get(report["verdict"], PLAIN)
    paper.notice(counts, tone, title=text(f"sheet_{report['verdict']}", language, platform=name))
    _checklist(paper, report, language)
    if report["missing"]:
        paper.heading(text("sheet_missing", language))
        paper.bullets([f"{each['question']} {each['help']}" for each in report["missing"]], boxes=True)
    for warning in report["warnings"]:
        paper.notice(warning["text"], CAREFUL)
        paper.small(_source(warning["source"], language))
    paper.small(_source(report["source"], language))
    return paper.finished()


def _checklist(paper: Paper, report: dict[str, Any], language: Language) -> None:
    paper.heading(text("sheet_checklist", language))
    columns = [Column(text(f"sheet_column_{name}", language), share) for name, share in _COLUMNS]
    rows = [
        (text(f"sheet_area_{item['area']}", language), item["text"], text(MARKS[item["done"]], language))
        for item in report["items"]
    ]
    paper.tabulate(columns, rows)


_COLUMNS = (("area", 0.28), ("asked", 0.5), ("state", 0.22))


def _source(source: dict[str, Any], language: Language) -> str:
    place = f", {source['locator']}" if source["locator"] else ""
    basis = text(f"sheet_basis_{source['basis']}", language)
    return text("sheet_source", language, title=source["title"] + place, as_of=source["as_of"], basis=basis)
