"""The one reply model that every channel renders, and the named outcomes of a turn."""

from __future__ import annotations

from enum import StrEnum
from typing import Literal

from pydantic import BaseModel, ConfigDict, Field

from knowledge.record import Language


class Outcome(StrEnum):
    """How a turn ended."""

    ANSWERED = "answered"
    NEEDS_INPUT = "needs_input"
    CLARIFY = "clarify"
    NOT_IN_KNOWLEDGE = "not_in_knowledge"
    OUT_OF_SCOPE = "out_of_scope"
    HANDED_OVER = "handed_over"
    REFUSED = "refused"
    FAILED = "failed"


class _Model(BaseModel):
    model_config = ConfigDict(frozen=True, extra="forbid")


class TermNote(_Model):
    """A jargon word that stands in the text, with its plain meaning and its record."""

    term: str
    plain: str
    record: str | None = None


class Choice(_Model):
    """A button: what it says, and what is sent when it is pressed (a Rasa payload or plain text)."""

    title: str
    payload: str


class Card(_Model):
    """Structured content: ``steps`` and ``list`` use rows of one or two cells, ``table`` a header and rows."""

    kind: Literal["steps", "list", "table"]
    title: str
    columns: tuple[str, ...] = ()
    rows: tuple[tuple[str, ...], ...] = ()


class Image(_Model):
    """A picture with the text that says the same."""

    url: str
    alt: str


class File(_Model):
    """A document offered for download."""

    url: str
    name: str
    media_type: str


class SourceNote(_Model):
    """Where a statement comes from, ready to be shown in one language."""

    record: str
    title: str
    locator: str | None = None
    url: str | None = None
    as_of: str
    basis: Literal["official", "report", "editorial"]


class Reply(_Model):
    """One bubble of an answer.

    ``sealed`` never leaves the process: the bubble shows personal details, and no record of the conversation keeps it.
    """

    text: str | None = None
    terms: tuple[TermNote, ...] = ()
    choices: tuple[Choice, ...] = ()
    card: Card | None = None
    image: Image | None = None
    file: File | None = None
    sources: tuple[SourceNote, ...] = ()
    sealed: bool = Field(default=False, exclude=True)


class IntentNote(_Model):
    """What the person was understood to want, and how surely (0 to 1)."""

    name: str
    confidence: float


class Turn(_Model):
    """Naru's side of one turn, as HTTP, the command line and every channel receive it.

    ``turn_id`` counts up from 0 (the greeting) inside one conversation.
    """

    conversation_id: str
    turn_id: int
    language: Language
    outcome: Outcome
    intent: IntentNote
    records: tuple[str, ...] = ()
    replies: tuple[Reply, ...] = ()
