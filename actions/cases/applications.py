"""Applications of firms: begun, answered, read over, submitted, followed. Everything goes through ``Cases``."""

from __future__ import annotations

import secrets
from collections.abc import Iterator, Mapping
from contextlib import contextmanager
from dataclasses import dataclass
from typing import Any

from sqlalchemy import select, update
from sqlalchemy.orm import Session

from actions.cases import documents, outbox
from actions.cases import profile as profiles
from actions.cases.fields import Field, Value, profile_fields
from actions.cases.forms import Form, form_of
from actions.cases.package import Submission, application_package
from actions.cases.reading import read
from actions.cases.receipt import new_number, read_number
from actions.cases.review import Attached, Review, review
from actions.cases.routes import recipient_of
from actions.cases.sealing import Seal
from actions.cases.standing import (
    Application,
    Event,
    Incomplete,
    Missing,
    NotEditable,
    NotWhatWasConfirmed,
    UnknownApplication,
    language_of,
    seen,
)
from actions.cases.states import EDITABLE, IllegalTransition, State, check_transition
from actions.cases.tables import ApplicationEventRow, ApplicationRow
from actions.desk import case_index
from actions.news.noting import note_change
from actions.texts import text
from knowledge.database.engine import sessions
from knowledge.database.tables import now as present
from knowledge.record import LANGUAGES, Language
from knowledge.settings import Settings, settings

APPLICANT = "applicant"
"""Who changed something, where it was the firm itself."""


@dataclass(frozen=True)
class _Open:
    """An application held by a transaction, with its form."""

    session: Session
    row: ApplicationRow
    form: Form


class Cases:
    """The cases in the database. Methods are synchronous and short; call them in a thread.

    Args:
        database_url: SQLAlchemy address; None: the settings'.
        chosen: Settings to use; None: those of the process.
    """

    def __init__(self, database_url: str | None = None, chosen: Settings | None = None) -> None:
        self._settings = chosen or settings()
        self._sessions = sessions(database_url or self._settings.database)
        self._seal = Seal(self._settings.case_keys())

    def profile(self, conversation_id: str) -> dict[str, Value]:
        """Returns what the firm of a conversation told of itself and lets Naru keep."""
        with self._sessions.begin() as session:
            return profiles.told(session, self._seal, profiles.firm_of(session, conversation_id).id)

    def keep_profile(self, conversation_id: str, said: Mapping[str, str]) -> dict[str, Value]:
        """Reads and keeps words of the profile by key; returns what was understood. All or nothing is kept.

        Raises:
            NoConsent: The firm has not agreed (``agree``).
            Mistake: A word can't be the answer.
            KeyError: There is no such field.
        """
        values = {key: read(profile_fields()[key], words) for key, words in said.items()}
        with self._sessions.begin() as session:
            profiles.keep(session, self._seal, profiles.firm_of(session, conversation_id).id, values)
        return values

    def agree(self, conversation_id: str, language: Language, purpose: str = profiles.KEEP_PROFILE) -> None:
        """Notes that the firm agreed to the words of ``case_consent_profile``."""
        digest = profiles.digest_of(text("case_consent_profile", language))
        with self._sessions.begin() as session:
            firm = profiles.firm_of(session, conversation_id)
            profiles.agree(session, firm.id, purpose, digest, present())

    def agrees(self, conversation_id: str, purpose: str = profiles.KEEP_PROFILE) -> bool:
        """Tells whether the firm agrees that its profile is kept."""
        with self._sessions.begin() as session:
            return profiles.agrees(session, profiles.firm_of(session, conversation_id).id, purpose)

    def take_back(self, conversation_id: str, purpose: str = profiles.KEEP_PROFILE) -> None:
        """Notes that the firm agrees no more, and erases its profile; applications already sent stay."""
        with self._sessions.begin() as session:
            profiles.take_back(session, profiles.firm_of(session, conversation_id).id, purpose, present())

    def start(self, conversation_id: str, programme_id: str, language: Language = "ko") -> Application:
        """Begins an application, or goes on with the draft there is for that programme.

        Raises:
            NoForm: Naru has no form for the programme.
        """
        form = form_of(programme_id)
        with self._sessions.begin() as session:
            firm = profiles.firm_of(session, conversation_id)
            query = select(ApplicationRow).where(
                ApplicationRow.conversation_id == conversation_id,
                ApplicationRow.programme_id == form.programme,
                ApplicationRow.state.in_(EDITABLE),
            )
            row = session.scalars(query).first()
            if row is None:
                row = ApplicationRow(
                    id=secrets.token_hex(16),
                    conversation_id=conversation_id,
                    firm_id=firm.id,
                    programme_id=form.programme,
                    language=language,
                    state=State.DRAFT,
                    answers=self._seal.close({}),
                )
                session.add(row)
                session.flush()
                self._note(session, row, State.DRAFT, APPLICANT, None)
            return seen(row)

    def answer(self, application_id: str, key: str, said: str) -> Value:
        """Reads and keeps an answer; returns what was understood, None where it is not known.

        Answers of the profile are kept for the next application too, if the firm agrees to that.

        Raises:
            Mistake: It can't be the answer; ``mistake.message(language)`` tells the person.
            KeyError: The form does not ask for it.
            NotEditable: The application was sent.
        """
        with self._editing(application_id) as held:
            value = read(held.form.field(key), said)
            answers = self._seal.open(held.row.answers)
            if key not in held.form.own and profiles.agrees(held.session, held.row.firm_id, profiles.KEEP_PROFILE):
                profiles.keep(held.session, self._seal, held.row.firm_id, {key: value})
                answers.pop(key, None)
            else:
                answers[key] = value
            held.row.answers = self._seal.close(answers)
        return value

    def attach(self, application_id: str, kind: str, file_id: str) -> None:
        """Lets a file that was sent in the conversation go along.

        Raises:
            WrongDocument: It can't; ``error.message(language)`` tells the person.
            KeyError: The form does not ask for such a document.
            NotEditable: The application was sent.
        """
        with self._editing(application_id) as held:
            document, owner = held.form.document(kind), held.row.conversation_id
            documents.attach(held.session, self._settings, held.row.id, owner, document, file_id)

    def values(self, application_id: str) -> dict[str, Value]:
        """Returns what would be sent by key, in the form's order; the application's own answers come first."""
        with self._reading(application_id) as held:
            return self._values(held)

    def missing(self, application_id: str) -> tuple[Missing, ...]:
        """Returns what is not answered yet, required things first, each in the form's order."""
        with self._reading(application_id) as held:
            return self._missing(held)

    def review(self, application_id: str, language: Language | None = None) -> Review:
        """Returns the summary to be confirmed, and its digest, which ``submit`` wants back.

        Raises:
            RouteError: The operator's NARU_DELIVERY_ROUTES can't be used.
        """
        with self._reading(application_id) as held:
            return self._review(held, language or language_of(held.row))

    def submit(self, application_id: str, confirmed_text_digest: str) -> Application:
        """Submits exactly what was confirmed, and writes the delivery in the same transaction.

        The same digest again (a button pressed twice) submits nothing more.

        Raises:
            Incomplete: Something required is missing.
            NotWhatWasConfirmed: The summary is another one by now.
            WrongDocument: A file is gone or has changed.
            IllegalTransition: It is neither a draft nor returned.
        """
        with self._held(application_id) as held:
            row = held.row
            if row.state == State.SUBMITTED and row.confirmed_digest == confirmed_text_digest:
                return seen(row)
            check_transition(State(row.state), State.SUBMITTED)
            if lacking := tuple(each for each in self._missing(held) if each.required):
                raise Incomplete(lacking)
            language = next((x for x in LANGUAGES if self._review(held, x).digest == confirmed_text_digest), None)
            if language is None:
                raise NotWhatWasConfirmed(application_id)
            attached = documents.attached(held.session, held.form, row.id)
            documents.check_unchanged(self._settings, held.form, attached)
            self._send(held, attached, language, confirmed_text_digest)
            return seen(row)

    def withdraw(self, application_id: str, by: str = APPLICANT, note: str | None = None) -> Application:
        """Takes an open application back. What is not handed over yet stays here; who has it already is told.

        Raises:
            IllegalTransition: It is decided or withdrawn already.
        """
        return self.move(application_id, State.WITHDRAWN, by, note)

    def move(self, application_id: str, state: State, by: str, note: str | None = None) -> Application:
        """Changes the state, as the receiving desk does; every change is kept in the history.

        Raises:
            IllegalTransition: It can't go there from where it is; ``submit`` alone submits.
        """
        with self._held(application_id) as held:
            before = State(held.row.state)
            check_transition(before, state)
            if state is State.SUBMITTED:
                raise IllegalTransition(before, state)
            self._change(held, state, by, note)
            if state is State.WITHDRAWN:
                outbox.withdraw(held.session, self._seal, held.row.id, present())
            return seen(held.row)

    def get(self, application_id: str) -> Application:
        """Returns an application by its id.

        Raises:
            UnknownApplication: There is none.
        """
        with self._reading(application_id) as held:
            return seen(held.row)

    def find(self, number: str) -> Application | None:
        """Returns the application of a receipt number, however it was typed; the caller checks whose it is.

        Raises:
            WrongReceiptNumber: It is no receipt number: a typing slip.
        """
        with self._sessions() as session:
            row = session.scalar(select(ApplicationRow).where(ApplicationRow.number == read_number(number)))
            return None if row is None else seen(row)

    def of(self, conversation_id: str) -> tuple[Application, ...]:
        """Returns the applications of a conversation, the newest first."""
        query = select(ApplicationRow).where(ApplicationRow.conversation_id == conversation_id)
        with self._sessions() as session:
            rows = session.scalars(query.order_by(ApplicationRow.started_at.desc(), ApplicationRow.id))
            return tuple(map(seen, rows))

    def every(self, state: State | None = None) -> tuple[Application, ...]:
        """Returns all applications, the last changed first, for the desk; drafts belong to the firms alone."""
        query = select(ApplicationRow).where(ApplicationRow.state != State.DRAFT, ApplicationRow.number.is_not(None))
        if state is not None:
            query = query.where(ApplicationRow.state == state)
        with self._sessions() as session:
            return tuple(map(seen, session.scalars(query.order_by(ApplicationRow.changed_at.desc()))))

    def history(self, application_id: str) -> tuple[Event, ...]:
        """Returns every change of an application, the first one first."""
        query = select(ApplicationEventRow).where(ApplicationEventRow.application_id == application_id)
        with self._sessions() as session:
            rows = session.scalars(query.order_by(ApplicationEventRow.id))
            return tuple(
                Event(State(row.state), row.at, row.by, None if row.note is None else self._seal.open(row.note))
                for row in rows
            )

    def package(self, application_id: str) -> dict[str, Any] | None:
        """Returns the JSON that was submitted last, or None before a submission."""
        with self._sessions() as session:
            return outbox.last_package(session, self._seal, application_id)

    def deliveries(self, application_id: str) -> tuple[outbox.Delivery, ...]:
        """Returns how far handing it over has come, the first package first."""
        with self._sessions() as session:
            return outbox.deliveries(session, application_id)

    @contextmanager
    def _reading(self, application_id: str) -> Iterator[_Open]:
        with self._sessions() as session:
            yield _open(session, application_id)

    @contextmanager
    def _held(self, application_id: str) -> Iterator[_Open]:
        """Holds an application: the update locks its row (PostgreSQL) or the file (SQLite) until the end."""
        with self._sessions.begin() as session:
            mine = update(ApplicationRow).where(ApplicationRow.id == application_id)
            session.execute(mine.values(state=ApplicationRow.state))
            yield _open(session, application_id)

    @contextmanager
    def _editing(self, application_id: str) -> Iterator[_Open]:
        with self._held(application_id) as held:
            if State(held.row.state) not in EDITABLE:
                raise NotEditable(application_id)
            yield held
            held.row.changed_at = present()

    def _values(self, held: _Open) -> dict[str, Value]:
        known = profiles.told(held.session, self._seal, held.row.firm_id) | self._seal.open(held.row.answers)
        return {field.key: known[field.key] for field in held.form.fields if field.key in known}

    def _missing(self, held: _Open) -> tuple[Missing, ...]:
        values = self._values(held)
        have = {document.kind for document in documents.attached(held.session, held.form, held.row.id)}
        lacking = [Missing(each.key, each.required, field=each) for each in held.form.fields if not _told(each, values)]
        lacking += [
            Missing(each.kind, each.required, document=each) for each in held.form.documents if each.kind not in have
        ]
        return tuple(sorted(lacking, key=lambda each: not each.required))

    def _review(self, held: _Open, language: Language) -> Review:
        attached = documents.attached(held.session, held.form, held.row.id)
        recipient = recipient_of(held.form.recipient.organisation, self._settings)
        return review(held.form, self._values(held), attached, recipient, language)

    def _send(self, held: _Open, attached: tuple[Attached, ...], language: Language, digest: str) -> None:
        row, at = held.row, present()
        row.number = row.number or _unused_number(held.session)
        row.submissions += 1
        row.confirmed_digest, row.language = digest, language
        recipient = recipient_of(held.form.recipient.organisation, self._settings)
        submission = Submission(row.number, row.submissions, at, language, recipient, digest)
        package = application_package(held.form, submission, self._values(held), attached)
        self._change(held, State.SUBMITTED, APPLICANT, None)
        profiles.agree(held.session, row.firm_id, f"{profiles.SEND}:{row.number}:{row.submissions}", digest, at)
        outbox.write(held.session, self._seal, row.id, package, held.form.recipient.connector, at)
        case_index.note(held.session, self._settings, row.conversation_id, self._values(held))

    def _change(self, held: _Open, state: State, by: str, note: str | None) -> None:
        held.row.state, held.row.changed_at = state, present()
        self._note(held.session, held.row, state, by, note)

    def _note(self, session: Session, row: ApplicationRow, state: State, by: str, note: str | None) -> None:
        sealed = None if note is None else self._seal.close(note)
        event = ApplicationEventRow(application_id=row.id, state=state, by=by[:80], note=sealed)
        session.add(event)
        if by != APPLICANT:  # who did it knows it
            session.flush()
            note_change(session, row.conversation_id, row.id, state, event.id, present())


def _open(session: Session, application_id: str) -> _Open:
    row = session.get(ApplicationRow, application_id)
    if row is None:
        raise UnknownApplication(application_id)
    return _Open(session, row, form_of(row.programme_id))


def _told(field: Field, values: Mapping[str, Value]) -> bool:
    """Tells whether a field is answered; "not known" is an answer where the field may be left out."""
    return field.key in values and not (field.required and values[field.key] is None)


def _unused_number(session: Session) -> str:
    while True:
        number = new_number()
        if session.scalar(select(ApplicationRow.id).where(ApplicationRow.number == number)) is None:
            return number
