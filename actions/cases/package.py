"""The request package as JSON (``package.schema.json``), made once, when an application is submitted, and kept.

Documents are listed with their SHA-256; their bytes are added when the package is handed over.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from actions.cases.fields import Value
from actions.cases.forms import Form
from actions.cases.review import Attached, form_note, goes_to
from actions.cases.showing import shown
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
