"""The package as a PDF for people. It is made from the package's JSON alone, so that the two can't differ."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import datetime
from typing import Any

from babel.dates import format_date

from actions.cases.days import SEOUL
from actions.cases.package import WITHDRAWAL
from actions.papers.page import Column, Paper
from actions.texts import text
from knowledge.record import Language


def pdf_of(package: Mapping[str, Any]) -> bytes:
    """Returns the PDF of a package, in the language it was confirmed in."""
    return _withdrawal_pdf(package) if package["schema"] == WITHDRAWAL else _application_pdf(package)


def _application_pdf(package: Mapping[str, Any]) -> bytes:
    language: Language = package["language"]
    at = datetime.fromisoformat(package["submitted_at"]).astimezone(SEOUL)
    name = package["programme"]["name"]
    paper = Paper(text("case_paper_title", language), language, package["number"], at.date(), subtitle=name)
    for notice in package["notices"]:
        paper.notice(notice)
    paper.heading(text("case_paper_submission", language))
    paper.facts(_circumstances(package, at, language))
    for part, heading in (("firm", "case_paper_firm"), ("answers", "case_paper_answers")):
        if package[part]:
            paper.heading(text(heading, language))
            paper.facts((answer["label"], answer["shown"]) for answer in package[part].values())
    paper.heading(text("case_paper_documents", language))
    if package["documents"]:
        _write_documents(paper, package["documents"], language)
    else:
        paper.paragraph(text("case_paper_no_documents", language))
    return paper.finished()


def _circumstances(package: Mapping[str, Any], at: datetime, language: Language) -> list[tuple[str, str]]:
    return [
        (text("case_paper_number", language), package["number"]),
        (text("case_paper_at", language), _moment(at, language)),
        (text("case_paper_round", language), str(package["submission"])),
        (text("case_paper_for", language), package["programme"]["name"]),
        (text("case_paper_run_by", language), package["organisation"]["name"]),
        (text("case_paper_digest", language), package["confirmed"]["digest"]),
    ]


def _write_documents(paper: Paper, documents: list[dict[str, Any]], language: Language) -> None:
    titles = text("case_paper_columns", language).split("|")
    shares = (1.2, 1.4, 0.8, 2.2)
    columns = [Column(title, share) for title, share in zip(titles, shares, strict=True)]
    paper.table(columns, [(one["label"], one["name"], str(one["size"]), one["sha256"]) for one in documents])


def _withdrawal_pdf(package: Mapping[str, Any]) -> bytes:
    language: Language = package["language"]
    at = datetime.fromisoformat(package["withdrawn_at"]).astimezone(SEOUL)
    name = package["programme"]["name"]
    paper = Paper(text("case_paper_withdrawal", language), language, package["number"], at.date(), subtitle=name)
    day = _moment(at, language)
    paper.notice(text("case_paper_withdrawn", language, number=package["number"], date=day))
    return paper.finished()


def _moment(at: datetime, language: Language) -> str:
    """Returns day and time in Korea, which is where all of this happens."""
    return f"{format_date(at.date(), 'long', locale=language)} {at:%H:%M}"
