"""The request package: JSON for machines (``package.schema.json``), and a PDF that says the same for people.

The JSON is made once, when an application is submitted, and kept; the PDF is made from the JSON alone, so that
they can't differ. Documents are listed with their SHA-256; their bytes are added when the package is handed over.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from babel.dates import format_datetime

from actions.cases.days import SEOUL
from actions.cases.fields import Value
from actions.cases.forms import Form
from actions.cases.review import Attached, form_note, goes_to
from actions.cases.showing import shown
from actions.papers.page import Column, Paper
from actions.texts import text
from knowledge.record import Language

APPLICATION = "naru.application/1"
"""Schema of a request package; the number grows when a receiver would have to read it differently."""

WITHDRAWAL = "naru.withdrawal/1"
"""Schema of the notice that an application is withdrawn."""


@dataclass(frozen=True)
class Submission:
    """The circumstances of one submission.

    Attributes:
        number: Receipt number.
        round: 1 for the first submission, 2 after it was returned once, and so on.
        at: When.
        language: Language of the summary that was confirmed.
        recipient: Organisation's id, or ``desk``.
        digest: Digest of the summary that was confirmed.
    """

    number: str
    round: int
    at: datetime
    language: Language
    recipient: str
    digest: str


def application_package(
    form: Form, submission: Submission, values: Mapping[str, Value], documents: tuple[Attached, ...]
) -> dict[str, Any]:
    """Returns the JSON of a request package."""
    language = submission.language
    organisation = form.recipient.organisation
    parts = {key: _answer(form, key, value, language) for key, value in values.items()}
    return {
        "schema": APPLICATION,
        "number": submission.number,
        "submission": submission.round,
        "submitted_at": submission.at.isoformat(timespec="seconds"),
        "language": language,
        "programme": {"id": form.programme, "name": form.names[language]},
        "organisation": {"id": organisation, "name": form.organisations[organisation][language]},
        "recipient": submission.recipient,
        "firm": {key: part for key, part in parts.items() if key not in form.own},
        "answers": {key: part for key, part in parts.items() if key in form.own},
        "documents": [_document(form, document, language) for document in documents],
        "confirmed": {"digest": submission.digest, "at": submission.at.isoformat(timespec="seconds")},
        "notices": [goes_to(form, submission.recipient, language), form_note(form, language)],
    }


def withdrawal_package(application: Mapping[str, Any], at: datetime) -> dict[str, Any]:
    """Returns the JSON of the notice that a delivered application is withdrawn."""
    kept = ("number", "submission", "language", "programme", "organisation", "recipient")
    return {
        "schema": WITHDRAWAL,
        **{key: application[key] for key in kept},
        "withdrawn_at": at.isoformat(timespec="seconds"),
        "documents": [],
    }


def _answer(form: Form, key: str, value: Value, language: Language) -> dict[str, Any]:
    field = form.field(key)
    return {"label": field.label(language), "value": value, "shown": shown(field, value, language)}


def _document(form: Form, document: Attached, language: Language) -> dict[str, Any]:
    return {
        "kind": document.kind,
        "label": form.document(document.kind).label(language),
        "file_id": document.file_id,
        "name": document.name,
        "media_type": document.media_type,
        "size": document.size,
        "sha256": document.sha256,
    }


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
        (text("case_paper_at", language), format_datetime(at, "long", tzinfo=SEOUL, locale=language)),
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
    day = format_datetime(at, "long", tzinfo=SEOUL, locale=language)
    paper.notice(text("case_paper_withdrawn", language, number=package["number"], date=day))
    return paper.finished()
