"""Takes files that are sent while an application is written, as the document it waits for."""

from __future__ import annotations

from actions.applying.interview import APPLYING
from actions.applying.progress import SLOT, Progress
from actions.applying.steps import DOCUMENT, document_of, next_step, open_application
from actions.cases import Cases, WrongDocument
from actions.cases.forms import DocumentKind
from actions.reply import Outcome, Reply
from actions.talk import Talk
from knowledge.database.tables import FileRow


def take(talk: Talk, file: FileRow, content: bytes) -> bool:
    """Lets a file that was sent go along with the application being written.

    The document asked for takes any file and says what is wrong with it. At other steps a PDF or picture is taken as
    the first document that is missing and accepts it; anything else is left to others.

    Returns:
        Whether the file was for the application; False: somebody else has to look at it.
    """
    progress = Progress.model_validate(talk.slot(SLOT) or {})
    if progress.ended or progress.goal != "apply" or progress.id is None or open_application(progress) is None:
        return False
    running = talk.slot("interview") == APPLYING.name
    step = next_step(talk, progress) or ""
    asked = step.startswith(DOCUMENT) and running
    document = document_of(progress, step) if asked else _fitting(progress, file.media_type)
    if document is None:
        return False
    state = APPLYING.state(talk)  # speaks its language
    try:
        Cases().attach(progress.id, document.kind, file.id)
    except WrongDocument as error:
        talk.reply(Reply(text=error.message(talk.language)), Outcome.NEEDS_INPUT)
        return True
    label = document.label(talk.language)
    key = "application_document_taken" if asked else "application_document_taken_early"
    talk.reply(Reply(text=talk.say(key, name=file.name, label=label)), Outcome.ANSWERED)
    taken = Progress.model_validate(state).but(note=None, echo=None)
    if asked:
        taken = taken.past(step)
    APPLYING.begin(talk, taken.state())
    return True


def _fitting(progress: Progress, media_type: str) -> DocumentKind | None:
    """Returns the first missing document that accepts such a file, needed ones first."""
    missing = Cases().missing(progress.id or "")
    return next((each.document for each in missing if each.document and media_type in each.document.accepts), None)
