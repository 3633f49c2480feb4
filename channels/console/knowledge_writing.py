"""What an editor has typed into the form of a record, and what becomes of it: nothing typed is ever lost."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field, replace
from datetime import date, datetime, timedelta
from functools import lru_cache
from pathlib import Path
from typing import Any

from starlette.datastructures import FormData

from channels.console.page import KOREA
from knowledge.edited.faults import faults_among, warnings_among
from knowledge.edited.typed import Fault, Faulty, data_of, fields, record_of, review_fault, typed_of
from knowledge.edited.versions import PACK, Version
from knowledge.language.detect import detect_language
from knowledge.pack import read_yaml
from knowledge.record import Kind, Record
from knowledge.settings import Settings
from knowledge.shelf import shelf

LONGEST_NOTE = 500
LONGEST_FIELD = 20_000
"""Characters of a field that are read at all; far above what any of them may hold."""

REVIEW_DAYS = 365
"""Days after which a record is looked at again, if nobody says otherwise."""


@dataclass(frozen=True)
class Entered:
    """A filled-in form.

    Attributes:
        record_id: The record's id; may be empty for a new one.
        kind: Its kind.
        typed: What stands in the fields.
        base: The version it was made from, 0 for the pack's.
        seen: The draft it was made from.
        note: Why it is changed.
        tries: Questions to try, one a line.
        do: The button pressed.
    """

    record_id: str
    kind: Kind
    typed: Mapping[str, str]
    base: int = PACK
    seen: int | None = None
    note: str = ""
    tries: str = ""
    do: str = ""

    def data(self) -> dict[str, Any]:
        """Returns it in the form of a pack's file."""
        return data_of(self.record_id, self.kind, self.typed)


@dataclass(frozen=True)
class Weighed:
    """A form that was looked through: the record it makes, or what is wrong, and what should be minded."""

    record: Record | None
    faults: list[Fault] = field(default_factory=list)
    alike: list[str] = field(default_factory=list)


def today() -> date:
    """Returns the day in Korea."""
    return datetime.now(KOREA).date()


def in_a_year() -> str:
    """Returns the day on which a record is looked at again if nobody says otherwise."""
    return (today() + timedelta(days=REVIEW_DAYS)).isoformat()


def entered(form: FormData, record_id: str, kind: Kind) -> Entered:
    """Reads a form that was sent."""

    def get(name: str) -> str:
        value = form.get(name)
        return value[:LONGEST_FIELD] if isinstance(value, str) else ""

    return Entered(
        record_id=record_id,
        kind=kind,
        typed={name: get(name) for name in fields()},
        base=_number(get("base")) or PACK,
        seen=_number(get("seen")),
        note=get("note").strip()[:LONGEST_NOTE],
        tries=get("tries"),
        do=get("do"),
    )


def opened(record: Record | None, draft: Version | None, published: Version | None, settings: Settings) -> Entered:
    """Returns the form as it is opened: the draft if there is one, else what is served."""
    shown: Mapping[str, Any] = draft.data if draft else record.model_dump(mode="json") if record else {}
    review_on = draft.review_on if draft else published.review_on if published else None
    name = str(shown["id"])
    return Entered(
        record_id=name,
        kind=Kind(name.partition(".")[0]),
        typed=typed_of(shown, documents(settings), review_on or in_a_year()),
        base=draft.data.get("base", PACK) if draft else published.id if published else PACK,
        seen=draft.id if draft else None,
        tries="\n".join(question for each in ("ko", "en") for question in (shown.get(each) or {}).get("questions", ())),
    )


def blank(kind: Kind, settings: Settings) -> Entered:
    """Returns the empty form of a new record: general knowledge until a source is chosen."""
    typed = typed_of({"source": {"of": "editorial"}}, documents(settings), in_a_year())
    return Entered("", kind, typed)


def with_question(form: Entered, question: str) -> Entered:
    """Returns a form with one more wording among its questions, and among those to be tried."""
    wording = " ".join(question.split())
    if not wording:
        return form
    place = f"{detect_language(wording) or 'ko'}.questions"
    lines = [line for line in form.typed[place].split("\n") if line.strip()]
    if wording.casefold() not in (line.strip().casefold() for line in lines):
        lines.append(wording)
    tries = "\n".join([wording, *(line for line in form.tries.split("\n") if line.strip() and line.strip() != wording)])
    return replace(form, typed={**form.typed, place: "\n".join(lines)}, tries=tries)


def weighed(form: Entered, settings: Settings) -> Weighed:
    """Returns the record of a form as it would stand among all others, or what is wrong with it."""
    whole = shelf().whole.library.records
    try:
        record = record_of(form.data(), documents(settings), whole.get(form.record_id))
    except Faulty as error:
        return Weighed(None, error.faults)
    faults = faults_among(record, whole.values())
    return Weighed(None if faults else record, faults, warnings_among(record, whole.values()))


def publishing_faults(form: Entered) -> list[Fault]:
    """Returns what is missing beside the record itself to publish it."""
    found = [] if form.note else [Fault("note", "missing")]
    fault = review_fault(form.typed["review_on"].strip(), today())
    return [*found, fault] if fault else found


def documents(settings: Settings) -> Mapping[str, Any]:
    """Returns the pack's documents by their key, as sources.yaml has them."""
    return _documents(settings.packs_dir / settings.pack / "sources.yaml")


@lru_cache(maxsize=2)
def _documents(path: Path) -> Mapping[str, Any]:
    return {key: each | {"as_of": str(each["as_of"])} for key, each in read_yaml(path).items()}


def _number(written: str) -> int | None:
    return int(written) if written.isascii() and written.isdigit() and len(written) < 12 else None
