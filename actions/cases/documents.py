"""Documents of an application: files the person sent in this conversation, checked against what the form accepts."""

from __future__ import annotations

import hashlib

from babel.numbers import format_decimal
from sqlalchemy import select
from sqlalchemy.orm import Session

from actions.cases.forms import DocumentKind, Form
from actions.cases.review import Attached
from actions.cases.tables import ApplicationDocumentRow
from actions.files import folder
from actions.texts import text
from knowledge.database.tables import FileRow
from knowledge.record import Language
from knowledge.settings import Settings

_ENDINGS = {"application/pdf": "PDF", "image/png": "PNG", "image/jpeg": "JPG"}


class WrongDocument(ValueError):
    """A file that can't go along.

    Attributes:
        kind: What it was to be.
        problem: What is wrong; the sentence is ``case_document_PROBLEM``.
    """

    def __init__(self, kind: DocumentKind, problem: str) -> None:
        super().__init__(f"{kind.kind}: {problem}")
        self.kind, self.problem = kind, problem

    def message(self, language: Language) -> str:
        """Returns the sentence that says what is wrong; it names the document."""
        accepts = ", ".join(_ENDINGS.get(each, each) for each in self.kind.accepts)
        most = f"{format_decimal(self.kind.most_bytes // 1_000_000, locale=language)} MB"
        label = self.kind.label(language)
        return text(f"case_document_{self.problem}", language, label=label, accepts=accepts, most=most)


def attach(session: Session, chosen: Settings, application_id: str, owner: str, kind: DocumentKind, file: str) -> None:
    """Lets a file go along with an application, in place of an earlier one of the same kind.

    Raises:
        WrongDocument: It is no file of this conversation, of another type than accepted, empty or too large.
    """
    row = session.get(FileRow, file)
    content = content_of(chosen, row.id) if row is not None and row.conversation_id == owner else None
    if row is None or content is None:
        raise WrongDocument(kind, "missing_file")
    if row.media_type not in kind.accepts:
        raise WrongDocument(kind, "type")
    if not content:
        raise WrongDocument(kind, "empty")
    if len(content) > kind.most_bytes:
        raise WrongDocument(kind, "too_large")
    digest = hashlib.sha256(content).hexdigest()
    session.merge(ApplicationDocumentRow(application_id=application_id, kind=kind.kind, file_id=file, sha256=digest))


def attached(session: Session, form: Form, application_id: str) -> tuple[Attached, ...]:
    """Returns the documents of an application, in the form's order."""
    query = (
        select(ApplicationDocumentRow, FileRow)
        .join(FileRow, FileRow.id == ApplicationDocumentRow.file_id)
        .where(ApplicationDocumentRow.application_id == application_id)
    )
    found = {
        row.kind: Attached(row.kind, file.id, file.name, file.media_type, file.size, row.sha256)
        for row, file in session.execute(query)
    }
    return tuple(found[document.kind] for document in form.documents if document.kind in found)


def check_unchanged(chosen: Settings, form: Form, documents: tuple[Attached, ...]) -> None:
    """Lets documents pass whose bytes are still those that were attached.

    Raises:
        WrongDocument: A file is gone or has changed.
    """
    for document in documents:
        content = content_of(chosen, document.file_id)
        if content is None:
            raise WrongDocument(form.document(document.kind), "missing_file")
        if hashlib.sha256(content).hexdigest() != document.sha256:
            raise WrongDocument(form.document(document.kind), "changed")


def content_of(chosen: Settings, file_id: str) -> bytes | None:
    """Returns the bytes of a file, or None where it is gone."""
    path = folder(chosen) / file_id
    return path.read_bytes() if path.is_file() else None
