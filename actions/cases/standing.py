"""Where an application stands, as everybody outside sees it, and what can be wrong with what is asked of it."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime

from actions.cases.fields import Field
from actions.cases.forms import DocumentKind
from actions.cases.states import State
from actions.cases.tables import ApplicationRow
from knowledge.record import Language


class UnknownApplication(LookupError):
    """There is no application of that id or receipt number."""


class NotEditable(ValueError):
    """The application was sent; its answers can't be changed any more."""


class NotWhatWasConfirmed(ValueError):
    """What would be sent differs from the summary that was confirmed; show it again."""


class Incomplete(ValueError):
    """Required answers or documents are missing; ``missing`` holds them."""

    def __init__(self, missing: tuple[Missing, ...]) -> None:
        super().__init__(", ".join(each.key for each in missing))
        self.missing = missing


@dataclass(frozen=True)
class Application:
    """Where an application stands. What was answered is not in it; see ``Cases.values``."""

    id: str
    number: str | None
    conversation_id: str
    programme: str
    language: Language
    state: State
    submissions: int
    started_at: datetime
    changed_at: datetime


@dataclass(frozen=True)
class Missing:
    """What an application has no answer or file for yet; exactly one of ``field`` and ``document`` is set."""

    key: str
    required: bool
    field: Field | None = None
    document: DocumentKind | None = None

    def label(self, language: Language) -> str:
        """Returns what it is called."""
        asked = self.field or self.document
        return asked.label(language) if asked else self.key


@dataclass(frozen=True)
class Event:
    """One step in the history of an application."""

    state: State
    at: datetime
    by: str
    note: str | None


def language_of(row: ApplicationRow) -> Language:
    """Returns the language an application is written in."""
    return "en" if row.language == "en" else "ko"


def seen(row: ApplicationRow) -> Application:
    """Returns what everybody may see of an application."""
    return Application(
        id=row.id,
        number=row.number,
        conversation_id=row.conversation_id,
        programme=row.programme_id,
        language=language_of(row),
        state=State(row.state),
        submissions=row.submissions,
        started_at=row.started_at,
        changed_at=row.changed_at,
    )
