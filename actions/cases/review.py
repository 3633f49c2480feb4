"""The summary a firm reads before it says "send it", with the digest that ties what is sent to what was read."""

from __future__ import annotations

import hashlib
from collections.abc import Mapping
from dataclasses import dataclass

from actions.cases.fields import Value
from actions.cases.forms import Form
from actions.cases.routes import DESK
from actions.cases.showing import shown
from actions.texts import text
from knowledge.record import Language


@dataclass(frozen=True)
class Attached:
    """A document that goes along: what it is, which file, and its SHA-256."""

    kind: str
    file_id: str
    name: str
    media_type: str
    size: int
    sha256: str


@dataclass(frozen=True)
class Review:
    """The summary as shown, and its digest: SHA-256 of the text and the documents' SHA-256."""

    text: str
    digest: str


def review(
    form: Form, values: Mapping[str, Value], documents: tuple[Attached, ...], recipient: str, language: Language
) -> Review:
    """Returns the summary of an application in one language."""
    lines = [text("case_review_title", language, programme=form.names[language])]
    lines += [_line(form, key, value, language) for key, value in values.items()]
    lines += [_document(form, document, language) for document in documents]
    lines += ["", goes_to(form, recipient, language), form_note(form, language), text("case_review_confirm", language)]
    written = "\n".join(lines)
    material = "\n".join([written, *(document.sha256 for document in documents)])
    return Review(written, hashlib.sha256(material.encode()).hexdigest())


def goes_to(form: Form, recipient: str, language: Language) -> str:
    """Returns the sentence that says who receives the package."""
    key = "case_review_to_desk" if recipient == DESK else "case_review_to_organisation"
    return text(key, language, organisation=form.organisations[form.recipient.organisation][language])


def form_note(form: Form, language: Language) -> str:
    """Returns the sentence that says that this is no form of the office, and whom to ask."""
    return text("case_review_form_note", language, organisation=form.organisations[form.confirm_with][language])


def _line(form: Form, key: str, value: Value, language: Language) -> str:
    field = form.field(key)
    told = shown(field, value, language).replace("\n", "\n  ")  # a line of an answer never looks like an answer
    return f"· {field.label(language)}: {told}"


def _document(form: Form, document: Attached, language: Language) -> str:
    return f"· {form.document(document.kind).label(language)}: {document.name}"
