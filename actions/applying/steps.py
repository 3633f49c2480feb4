"""Which step of an application comes next, and how one is begun or gone on with."""

from __future__ import annotations

from actions.applying.facts import take_over
from actions.applying.progress import Progress
from actions.cases import Application, Cases, Missing, NoForm, State, UnknownApplication, form_of
from actions.cases.fields import Field, profile_fields
from actions.cases.forms import DocumentKind, Form
from actions.cases.states import EDITABLE
from actions.talk import Talk
from knowledge.record import Kind

FIELD, DOCUMENT = "field:", "document:"
"""Beginnings of the steps that ask for a field or a document; its key follows."""

NEW = "new"
"""Value of ``Progress.again`` once another application to the same programme is wanted."""

WAITING = (State.SUBMITTED, State.IN_REVIEW)
"""States of an application that somebody else has to do something about."""


def next_step(talk: Talk, progress: Progress) -> str | None:
    """Returns what to ask next; None where the interview is over."""
    if progress.ended:
        return None
    if progress.goal in ("withdraw", "erase"):
        return progress.goal
    if progress.goal == "profile":
        return (progress.at or "profile") if Cases().agrees(talk.conversation_id) else "consent"
    if progress.id is None:
        return _first(progress)
    if open_application(progress) is None:
        return None
    if progress.at:
        return progress.at
    return _missing(progress) if progress.known else "known"


def _first(progress: Progress) -> str:
    """Returns the step before there is an application: nothing is kept until the firm has agreed or wants this one."""
    if progress.programme is None:
        return "programme"
    if progress.again not in (None, NEW):
        return "again"
    return "consent" if progress.agreed is None else "alone"


def _missing(progress: Progress) -> str:
    """Returns the first thing missing: needed fields, then the others if they are wanted, then documents."""
    missing = Cases().missing(progress.id or "")
    needed = [each for each in missing if each.field and each.required]
    others = optional_fields(missing)
    if needed:
        return FIELD + needed[0].key
    if others and progress.optional is None:
        return "more"
    if others and progress.optional:
        return FIELD + others[0].key
    documents = [each for each in missing if each.document and each.key not in progress.skipped]
    return DOCUMENT + documents[0].key if documents else "review"


def optional_fields(missing: tuple[Missing, ...]) -> list[Missing]:
    """Returns the fields among what is missing that an application can go without."""
    return [each for each in missing if each.field and not each.required]


def open_application(progress: Progress) -> Application | None:
    """Returns the application being written, or None where it is erased or may not be changed any more."""
    try:
        application = Cases().get(progress.id or "")
    except UnknownApplication:
        return None
    return application if application.state in EDITABLE else None


def own(talk: Talk, application_id: str | None) -> Application | None:
    """Returns an application of this conversation by its id; another's is as good as none."""
    return next((each for each in Cases().of(talk.conversation_id) if each.id == application_id), None)


def form_here(progress: Progress) -> Form:
    """Returns the form of the application being written."""
    return form_of(Cases().get(progress.id or "").programme)


def fields_here(talk: Talk, progress: Progress) -> tuple[Field, ...]:
    """Returns the fields that can be asked for and corrected."""
    return tuple(profile_fields().values()) if progress.goal == "profile" else form_here(progress).fields


def asked_here(talk: Talk, progress: Progress) -> tuple[Field | DocumentKind, ...]:
    """Returns the fields and documents that can be corrected."""
    fields = fields_here(talk, progress)
    return fields if progress.goal == "profile" else (*fields, *form_here(progress).documents)


def field_of(progress: Progress, step: str) -> Field:
    """Returns the field a step asks for."""
    key = step.removeprefix(FIELD)
    return profile_fields()[key] if progress.goal == "profile" else form_here(progress).field(key)


def document_of(progress: Progress, step: str) -> DocumentKind:
    """Returns the document a step asks for."""
    return form_here(progress).document(step.removeprefix(DOCUMENT))


def programme_named(talk: Talk) -> str | None:
    """Returns the programme a button carries or the words name."""
    for carried in ("record", "programme", "value"):
        record = talk.record(talk.entity(carried))
        if record is not None and record.kind is Kind.PROGRAMME:
            return record.id
    return next((each.value for each in talk.mentions if each.entity == Kind.PROGRAMME.value), None)


def begun(talk: Talk, progress: Progress) -> Progress:
    """Returns the progress of a new application to a programme, or of the unfinished one, as far as consent allows."""
    try:
        form = form_of(progress.programme or "")
    except NoForm:
        return progress.but(ended="no_form")
    store = Cases()
    mine = [each for each in store.of(talk.conversation_id) if each.programme == form.programme]
    draft = next((each for each in mine if each.state in EDITABLE), None)
    if draft is not None:
        return resumed(talk, progress, draft)
    waiting = next((each for each in mine if each.state in WAITING), None)
    if waiting is not None and progress.again != NEW:
        return progress.but(again=waiting.number)
    agreed = True if progress.agreed is None and store.agrees(talk.conversation_id) else progress.agreed
    if not agreed and not progress.alone:
        return progress.but(agreed=agreed)
    return _started(talk, progress.but(agreed=agreed), store)


def _started(talk: Talk, progress: Progress, store: Cases) -> Progress:
    application = store.start(talk.conversation_id, progress.programme or "", talk.language)
    take_over(store, application.id, talk.slot("firm") or {}, talk.language)
    known = not store.values(application.id)
    kept = {"programme": application.programme, "agreed": progress.agreed, "alone": progress.alone}
    return progress.on(application.id, known=known, **kept)


def resumed(talk: Talk, progress: Progress, draft: Application) -> Progress:
    """Returns the progress of an application that was begun before, and says that it goes on."""
    returned = draft.state is State.RETURNED
    key = "application_resumed_returned" if returned else "application_resumed"
    note = talk.say(key, programme=form_of(draft.programme).names[talk.language])
    same = progress.but(ended=None) if progress.id == draft.id else progress.on(draft.id)
    at = "correct" if returned else None
    known = same.known or not (progress.id == draft.id or draft.id in progress.others)
    return same.but(goal="apply", programme=draft.programme, known=known, resumed=not returned, note=note, at=at)
