"""The letter that tells a firm how the desk decided: made once for each decision, and kept among its files.

It says what the desk noted and nothing else: no deadline, no amount and no promise is added.
"""

from __future__ import annotations

import hashlib
import secrets
from pathlib import Path

from sqlalchemy import delete, select
from sqlalchemy.exc import IntegrityError
from sqlalchemy.orm import Session

from actions.cases.applications import Cases
from actions.cases.days import SEOUL
from actions.cases.forms import form_of
from actions.cases.standing import Application, Event
from actions.cases.states import State
from actions.cases.tables import ApplicationDocumentRow
from actions.files import ADDRESS, folder
from actions.papers.page import BAD, CAREFUL, GOOD, Paper
from actions.reply import File
from actions.texts import text
from knowledge.database.engine import sessions
from knowledge.database.tables import FileRow
from knowledge.settings import Settings, settings

KIND = "letter_"
"""How the kind of an application's document begins where it is a letter; the number of the step follows."""

PDF = "application/pdf"

TONES = {State.RETURNED: CAREFUL, State.ACCEPTED: GOOD, State.DECLINED: BAD}
"""The decisions that have a letter, and the colour of each."""


def letter(application_id: str, chosen: Settings | None = None) -> File | None:
    """Returns the letter of the last decision on an application, made now if it was not before; None without one.

    Raises:
        UnknownApplication: There is no such application.
    """
    used = chosen or settings()
    cases = Cases(used.database, used)
    application, history = cases.get(application_id), cases.history(application_id)
    if not history or history[-1].state not in TONES:
        return None
    kind = f"{KIND}{len(history)}"  # the history only grows, so a step keeps its number
    found = _kept(used, application_id, kind)
    if found is None:
        content = letter_pdf(application, history[-1], str(cases.values(application_id).get("firm_name") or ""))
        found = _keep(used, application, kind, content)
    return found


def letter_pdf(application: Application, decided: Event, firm: str) -> bytes:
    """Returns a decision as a PDF in the language the firm applied in."""
    language, form = application.language, form_of(application.programme)
    organisation = form.organisations[form.recipient.organisation][language]
    day = decided.at.astimezone(SEOUL).date()
    title, name = text(f"letter_title_{decided.state}", language), form.names[language]
    paper = Paper(title, language, application.number or "", day, subtitle=name)
    said = text(f"letter_{decided.state}", language, programme=name, number=application.number or "")
    paper.notice(said, TONES[decided.state])
    rows = [
        (text("letter_to", language), firm),
        (text("case_paper_number", language), application.number or ""),
        (text("case_paper_for", language), name),
        (text("case_paper_run_by", language), organisation),
    ]
    paper.facts(rows)
    if decided.note:
        paper.heading(text(f"letter_note_{decided.state}", language))
        paper.paragraph(decided.note)
    paper.heading(text("letter_next", language))
    paper.paragraph(text(f"letter_next_{decided.state}", language, organisation=organisation))
    paper.small(text("letter_by_desk", language))
    return paper.finished()


def forget(session: Session, applications: list[str]) -> list[str]:
    """Forgets the letters of applications; returns the ids of their files, whose bytes the caller removes."""
    theirs = ApplicationDocumentRow.application_id.in_(applications)
    query = select(ApplicationDocumentRow.file_id).where(theirs, ApplicationDocumentRow.kind.startswith(KIND))
    ids = list(session.scalars(query))
    session.execute(delete(FileRow).where(FileRow.id.in_(ids)))
    return ids


def _kept(used: Settings, application_id: str, kind: str) -> File | None:
    with sessions(used.database)() as session:
        row = session.get(ApplicationDocumentRow, (application_id, kind))
        file = session.get(FileRow, row.file_id) if row is not None else None
    return None if file is None else File(url=ADDRESS + file.id, name=file.name, media_type=file.media_type)


def _keep(used: Settings, application: Application, kind: str, content: bytes) -> File | None:
    """Keeps a letter; where another process was quicker, its letter is the one."""
    name = text("letter_file", application.language, number=application.number or "")
    file_id = secrets.token_urlsafe(16)
    path: Path = folder(used) / file_id
    path.write_bytes(content)
    row = FileRow(id=file_id, conversation_id=application.conversation_id, name=name, media_type=PDF, size=len(content))
    digest = hashlib.sha256(content).hexdigest()
    try:
        with sessions(used.database).begin() as session:
            session.add(row)
            session.flush()
            session.add(
                ApplicationDocumentRow(application_id=application.id, kind=kind, file_id=file_id, sha256=digest)
            )
    except IntegrityError:
        path.unlink(missing_ok=True)
        return _kept(used, application.id, kind)
    return File(url=ADDRESS + file_id, name=name, media_type=PDF)
