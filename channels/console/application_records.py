"""The applications as the desk reads them: the inbox, one of them opened, and the rows of its CSV."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Any

from sqlalchemy import ColumnElement, func, select

from actions.cases import documents
from actions.cases.applications import APPLICANT, Cases
from actions.cases.forms import form_of
from actions.cases.outbox import Delivery
from actions.cases.package import APPLICATION as PACKAGE
from actions.cases.review import Attached
from actions.cases.showing import shown
from actions.cases.standing import Application, Event, Missing, UnknownApplication, seen
from actions.cases.states import State
from actions.cases.tables import ApplicationRow
from actions.desk.tables import StaffRow
from actions.news.consent import holds
from actions.news.told import DECIDED, Told, last_change, to_be_called, told_of
from actions.news.words import APPLICATION
from knowledge.database.engine import sessions
from knowledge.database.tables import now
from knowledge.record import Language
from knowledge.settings import Settings

OPEN = frozenset({State.SUBMITTED, State.IN_REVIEW})
"""States in which the desk has something to do."""

CALL = "call"
"""Asks for the applications whose firm is to be called."""

DESK = "desk:"
"""How the name of whoever of the staff did something begins in an application's history; their id follows."""

EXPORTED = ("firm_name", "region", "contact_name", "phone", "email")
"""What of a firm a CSV holds: enough to know it and to call it."""


@dataclass(frozen=True)
class Wanted:
    """Which applications are asked for; what is None does not matter.

    ``state`` may be "open" (whatever the desk has to decide) or "call" (decided, and nobody has told the firm).
    ``older`` is in days since the last change.
    """

    state: str | None = "open"
    programme: str | None = None
    older: int | None = None


@dataclass(frozen=True)
class Line:
    """An application in the inbox."""

    application: Application
    programme: str
    firm: str
    days: int
    missing: int
    call: bool


@dataclass(frozen=True)
class Step:
    """One step of a history, with the name of who took it."""

    event: Event
    who: str | None
    by_firm: bool


@dataclass(frozen=True)
class Opened:
    """All of one application: what was sent (``firm`` and ``answers`` as label and value), and what became of it.

    ``told`` is how the firm hears of the last change (number ``event``), ``caller`` who told it by telephone;
    ``call``: it is decided, and nothing has told or will tell the firm.
    """

    application: Application
    programme: str
    organisation: str
    firm: tuple[tuple[str, str], ...]
    answers: tuple[tuple[str, str], ...]
    documents: tuple[tuple[str, Attached], ...]
    missing: tuple[Missing, ...]
    history: tuple[Step, ...]
    deliveries: tuple[Delivery, ...]
    wants_news: bool
    call: bool
    told: Told | None
    event: int
    caller: str | None
    submitted_at: datetime | None


class ApplicationRecords:
    """Reads applications. Methods are synchronous and short; call them in a thread."""

    def __init__(self, settings: Settings) -> None:
        self.cases = Cases(settings.database, settings)
        self._sessions = sessions(settings.database)

    def lines(self, wanted: Wanted, language: Language, most: int, skip: int = 0) -> list[Line]:
        """Returns the inbox: what waits longest comes first."""
        query = select(ApplicationRow, to_be_called()).where(*_conditions(wanted))
        oldest = query.order_by(ApplicationRow.changed_at, ApplicationRow.id).limit(most).offset(skip)
        with self._sessions() as session:
            found = [(seen(row), bool(call)) for row, call in session.execute(oldest)]
        return [self._line(each, language, call) for each, call in found]

    def programmes(self) -> list[str]:
        """Returns the programmes that firms have applied to."""
        query = select(ApplicationRow.programme_id).where(ApplicationRow.number.is_not(None)).distinct()
        with self._sessions() as session:
            return sorted(session.scalars(query))

    def counts(self) -> dict[str, int]:
        """Returns how many applications are in each state, and (``call``) of how many the firm is to be called."""
        query = select(ApplicationRow.state, func.count()).where(*_conditions(Wanted(state=None)))
        with self._sessions() as session:
            counted = {row[0]: row[1] for row in session.execute(query.group_by(ApplicationRow.state))}
            calls = select(func.count()).select_from(ApplicationRow).where(*_conditions(Wanted(state=CALL)))
            return counted | {CALL: session.scalar(calls) or 0}

    def opened(self, application_id: str, language: Language) -> Opened:
        """Returns all of an application, in the reader's language except what the firm wrote.

        Raises:
            UnknownApplication: There is none of that id, or it is a draft, which is the firm's alone.
        """
        application = self.cases.get(application_id)
        if application.number is None:
            raise UnknownApplication(application_id)
        form = form_of(application.programme)
        with self._sessions() as session:
            attached = documents.attached(session, form, application_id)
            wants_news = holds(session, application.conversation_id, APPLICATION, now())
            told = told_of(session, application_id, application.conversation_id)
            event = last_change(session, application_id)
        firm, answers = self._sent(application, language)
        history = self._history(application_id)
        sent = [step.event.at for step in history if step.event.state is State.SUBMITTED]
        return Opened(
            application=application,
            programme=form.names[language],
            organisation=form.organisations[form.recipient.organisation][language],
            firm=firm,
            answers=answers,
            documents=tuple((form.document(each.kind).label(language), each) for each in attached),
            missing=tuple(each for each in self.cases.missing(application_id) if each.document),
            history=history,
            deliveries=self.cases.deliveries(application_id),
            wants_news=wants_news,
            call=application.state in DECIDED and told is None,
            told=told,
            event=event,
            caller=self._names().get(told.by) if told and told.by else None,
            submitted_at=sent[-1] if sent else None,
        )

    def rows(self, wanted: Wanted, language: Language, a_batch: int = 200) -> Iterator[dict[str, Any]]:
        """Returns what a CSV holds of every application asked for."""
        skip = 0
        while batch := self.lines(wanted, language, a_batch, skip):
            for line in batch:
                values = self.cases.values(line.application.id)
                fields = {field.key: field for field in form_of(line.application.programme).fields}
                told = {
                    key: shown(fields[key], values[key], language) if key in values and key in fields else ""
                    for key in EXPORTED
                }
                yield {"line": line, **told}
            skip += len(batch)

    def _sent(self, application: Application, language: Language) -> tuple[tuple[tuple[str, str], ...], ...]:
        """Returns what was sent last: as the firm confirmed it, or, withdrawn, as it stood."""
        package = self.cases.package(application.id)
        if package is not None and package["schema"] == PACKAGE:
            return tuple(
                tuple((each["label"], each["shown"]) for each in package[part].values()) for part in ("firm", "answers")
            )
        form, values = form_of(application.programme), self.cases.values(application.id)
        told = {
            key: (form.field(key).label(language), shown(form.field(key), value, language))
            for key, value in values.items()
        }
        firm = tuple(pair for key, pair in told.items() if key not in form.own)
        return firm, tuple(pair for key, pair in told.items() if key in form.own)

    def _history(self, application_id: str) -> tuple[Step, ...]:
        names = self._names()
        return tuple(
            Step(event, names.get(event.by.removeprefix(DESK)), event.by == APPLICANT)
            for event in self.cases.history(application_id)
        )

    def _names(self) -> dict[str, str]:
        with self._sessions() as session:
            return {row.id: row.shown_as for row in session.execute(select(StaffRow.id, StaffRow.shown_as))}

    def _line(self, application: Application, language: Language, call: bool) -> Line:
        values = self.cases.values(application.id)
        lacking = [each for each in self.cases.missing(application.id) if each.document]
        return Line(
            application,
            form_of(application.programme).names[language],
            str(values.get("firm_name") or ""),
            max(0, (now() - application.changed_at).days),
            len(lacking),
            call,
        )


def _conditions(wanted: Wanted) -> list[ColumnElement[bool]]:
    conditions = [ApplicationRow.number.is_not(None), ApplicationRow.state != State.DRAFT]
    if wanted.state == "open":
        conditions.append(ApplicationRow.state.in_(OPEN))
    elif wanted.state == CALL:
        conditions.append(to_be_called())
    elif wanted.state:
        conditions.append(ApplicationRow.state == wanted.state)
    if wanted.programme:
        conditions.append(ApplicationRow.programme_id == wanted.programme)
    if wanted.older is not None:
        conditions.append(ApplicationRow.changed_at < now() - timedelta(days=wanted.older))
    return conditions
