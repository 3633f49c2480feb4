"""The questions of an application, each with why it is asked and buttons for the usual answers."""

from __future__ import annotations

from collections.abc import Iterable

from babel.numbers import format_decimal

from actions.applying.hearing import key_of
from actions.applying.progress import Progress
from actions.applying.steps import (
    DOCUMENT,
    FIELD,
    asked_here,
    document_of,
    field_of,
    form_here,
    optional_fields,
)
from actions.cases import Application, Cases, form_of, programmes_with_form
from actions.cases.fields import Field, profile_fields
from actions.cases.forms import DocumentKind, Form
from actions.cases.routes import RouteError
from actions.cases.showing import shown
from actions.cases.states import EDITABLE, State
from actions.present import show
from actions.reply import Card, Choice, Outcome, Reply, SourceNote
from actions.talk import Talk, payload
from actions.trade.asking import answer
from knowledge.settings import settings

NAMED_AT_MOST = 8
"""Fields named in one sentence; more are counted."""


def ask(talk: Talk, progress: Progress, step: str) -> tuple[Reply, str | None]:
    """Returns the question for a step, and the digest of the summary where it shows one.

    What was understood is read back in a bubble of its own, which no record keeps.
    """
    _read_back(talk, progress)
    digest = None
    if step.startswith(FIELD):
        reply = _field(talk, progress, step)
    elif step.startswith(DOCUMENT):
        reply = _document(talk, progress, step)
    elif step == "review":
        reply, digest = _review(talk, progress)
    else:
        reply = _PLAIN[step](talk, progress)
    words = "\n".join(part for part in (progress.note, reply.text) if part)
    back = (_button(talk, "back"),) if progress.passed and step.startswith((FIELD, DOCUMENT)) else ()
    afresh = (_button(talk, "afresh"),) if progress.resumed else ()
    return reply.model_copy(update={"text": words, "choices": (*reply.choices, *back, *afresh)}), digest


def _read_back(talk: Talk, progress: Progress) -> None:
    if progress.echo is None:
        return
    if progress.goal == "profile":
        field, value = profile_fields()[progress.echo], Cases().profile(talk.conversation_id).get(progress.echo)
    else:
        field, value = form_here(progress).field(progress.echo), Cases().values(progress.id or "").get(progress.echo)
    said = talk.say("application_echo", label=field.label(talk.language), value=shown(field, value, talk.language))
    talk.reply(Reply(text=said, sealed=True), Outcome.NEEDS_INPUT)


def _button(talk: Talk, name: str, value: str | None = None) -> Choice:
    return answer(talk.say(f"application_button_{name}"), value or name)


def _field(talk: Talk, progress: Progress, step: str) -> Reply:
    field = field_of(progress, step)
    words = field.text(talk.language)
    lines = [words.question, None if progress.note else words.why]
    if progress.goal == "apply" and progress.at is None:
        lines.append(_where(talk, progress, field))
    choices = [answer(option.name(talk.language), option.key) for option in field.choices]
    if field.reads == "yes_no":
        choices = [answer(talk.say("button_yes"), "yes"), answer(talk.say("button_no"), "no")]
    if not field.required and progress.goal == "apply":
        choices.append(_button(talk, "skip"))
    record = talk.record(field.record)
    explained = (show(talk, record),) if record else ()
    return Reply(text="\n".join(line for line in lines if line), choices=(*choices, *explained))


def _where(talk: Talk, progress: Progress, field: Field) -> str:
    """Returns how much is left, so that nobody has to wonder how long it takes."""
    if not field.required:
        return talk.say("application_optional_question")
    left = sum(each.required for each in Cases().missing(progress.id or ""))
    return talk.say("application_left", count=max(left, 1))


def _document(talk: Talk, progress: Progress, step: str) -> Reply:
    document = document_of(progress, step)
    words = document.ko if talk.language == "ko" else document.en
    kinds = ", ".join(each.partition("/")[2].upper().replace("JPEG", "JPG") for each in document.accepts)
    most = format_decimal(document.most_bytes // 1_000_000, locale=talk.language)
    lines = [
        talk.say("application_document", label=words.label),
        words.help,
        talk.say("application_document_kinds", kinds=kinds, most=most),
        None if document.required else talk.say("application_document_optional"),
    ]
    choices = () if document.required else (_button(talk, "skip"),)
    return Reply(text="\n".join(line for line in lines if line), choices=choices)


def _review(talk: Talk, progress: Progress) -> tuple[Reply, str | None]:
    """Shows exactly what is confirmed: the summary's own words, its answers as a card."""
    try:
        review = Cases().review(progress.id or "", talk.language)
    except RouteError:
        return Reply(text=talk.say("application_route_error")), None
    around, rows = [], []
    for line in review.text.splitlines():
        if line.startswith("· "):
            rows.append(line.removeprefix("· ").partition(": ")[::2])
        elif line.startswith("  ") and rows:
            rows[-1] = (rows[-1][0], f"{rows[-1][1]}\n{line.strip()}")
        elif line:
            around.append(line)
    card = Card(kind="list", title=talk.say("application_review_card"), rows=tuple(rows))
    send = answer(talk.say("application_button_send"), f"send:{review.digest}")
    choices = (send, _button(talk, "correct"), _button(talk, "cancel"))
    return Reply(text="\n".join(around), card=card, choices=choices, sealed=True), review.digest


def _programme(talk: Talk, progress: Progress) -> Reply:
    drafts = [each for each in Cases().of(talk.conversation_id) if each.state in EDITABLE]
    goes_on = [go_on(talk, each, named=True) for each in drafts]
    begins = programme_choices(talk, {each.programme for each in drafts})
    return Reply(text=talk.say("application_which"), choices=(*goes_on, *begins))


def programme_choices(talk: Talk, without: Iterable[str] = ()) -> list[Choice]:
    """Returns buttons of the programmes one can apply to here."""
    taken = set(without)
    ids = [each for each in programmes_with_form() if each not in taken]
    return [
        Choice(title=form_of(each).names[talk.language], payload=payload("apply_programme", value=each)) for each in ids
    ]


def go_on(talk: Talk, application: Application, named: bool = False) -> Choice:
    """Returns the button that goes on with an unfinished application."""
    if application.state is State.RETURNED:
        key = "application_button_correct_and_send"
    else:
        key = "application_button_continue_of" if named else "application_button_continue"
    name = form_of(application.programme).names[talk.language]
    title = talk.say(key, programme=name) if named and application.state is not State.RETURNED else talk.say(key)
    return Choice(title=title, payload=payload("apply_programme", value=application.id))


def _again(talk: Talk, progress: Progress) -> Reply:
    name = form_of(progress.programme or "").names[talk.language]
    waiting = Cases().find(progress.again or "")
    state = talk.say(f"application_state_{waiting.state}") if waiting else ""
    text = talk.say("application_again", programme=name, number=progress.again, state=state)
    see = Choice(
        title=talk.say("application_button_status"), payload=payload("application_status", value=progress.again or "")
    )
    again = _button(talk, "apply_again", "yes")
    return Reply(text=text, choices=(again, _button(talk, "leave", "no"), see))


def _consent(talk: Talk, progress: Progress) -> Reply:
    """Says what would be kept, why, how long and how to delete it, in the words whose digest proves the consent."""
    if progress.goal == "profile":
        lead, fields = talk.say("application_consent_for_profile"), tuple(profile_fields().values())
    else:
        form = form_of(progress.programme or "")
        lead = talk.say("application_begin", programme=form.names[talk.language])
        fields = tuple(field for field in form.fields if field.key not in form.own)
    days = format_decimal(settings().retention_days, locale=talk.language)
    rows = (
        ("what", talk.say("application_consent_what_text", fields=_named(talk, fields))),
        ("why", talk.say("application_consent_why_text")),
        ("how_long", talk.say("application_consent_how_long_text", days=days)),
        ("delete", talk.say("application_consent_delete_text")),
    )
    card = Card(
        kind="list",
        title=talk.say("application_consent_card"),
        rows=tuple((talk.say(f"application_consent_{name}"), words) for name, words in rows),
    )
    asked = f"{talk.say('application_consent')} {talk.say('case_consent_profile')}"
    text = asked if progress.note else f"{lead}\n{asked}"
    return Reply(text=text, card=card, choices=(_button(talk, "agree", "yes"), _button(talk, "disagree", "no")))


def _named(talk: Talk, fields: Iterable[Field]) -> str:
    return ", ".join(field.label(talk.language) for field in fields)


def _alone(talk: Talk, progress: Progress) -> Reply:
    form = form_of(progress.programme or "")
    choices = (_button(talk, "agree", "yes"), _button(talk, "alone"))
    source = (form_source(talk, form),)
    return Reply(text=talk.say("application_alone"), card=needs(talk, form), choices=choices, sources=source)


def needs(talk: Talk, form: Form) -> Card:
    """Returns everything an application asks for."""
    marks = {True: talk.say("application_need_required"), False: talk.say("application_need_optional")}
    asked: tuple[Field | DocumentKind, ...] = (*form.fields, *form.documents)
    rows = tuple((each.label(talk.language), marks[each.required]) for each in asked)
    return Card(kind="list", title=talk.say("application_needs"), rows=rows)


def form_source(talk: Talk, form: Form) -> SourceNote:
    """Returns where the list of what is asked comes from."""
    source = form.source
    return SourceNote(
        record=form.programme,
        title=source.title[talk.language],
        locator=source.locator,
        url=source.url,
        as_of=source.as_of,
        basis=source.basis.value,
    )


def _known(talk: Talk, progress: Progress) -> Reply:
    form, values = form_here(progress), Cases().values(progress.id or "")
    told = [(form.field(key), value) for key, value in values.items() if value is not None]
    rows = tuple((field.label(talk.language), shown(field, value, talk.language)) for field, value in told)
    card = Card(kind="list", title=talk.say("application_known_card"), rows=rows)
    choices = (_button(talk, "use_known", "use"), _button(talk, "correct"))
    return Reply(text=talk.say("application_known"), card=card, choices=choices, sealed=True)


def _more(talk: Talk, progress: Progress) -> Reply:
    others = [each.field for each in optional_fields(Cases().missing(progress.id or "")) if each.field]
    named = _named(talk, others[:NAMED_AT_MOST]) + ("…" if len(others) > NAMED_AT_MOST else "")
    choices = (_button(talk, "more_details", "yes"), _button(talk, "no_more_details", "no"))
    return Reply(text=talk.say("application_more", count=len(others), fields=named), choices=choices)


def _correct(talk: Talk, progress: Progress) -> Reply:
    last = Cases().history(progress.id or "")[-1] if progress.id else None
    if last is not None and last.state is State.RETURNED and last.note:
        talk.reply(Reply(text=talk.say("application_returned_note", note=last.note), sealed=True), Outcome.NEEDS_INPUT)
    return Reply(
        text=talk.say("application_correct"), choices=(*_asked(talk, progress), _button(talk, "edit_done", "done"))
    )


def _asked(talk: Talk, progress: Progress) -> list[Choice]:
    """Returns buttons of what was told; anything else can be named."""
    every = asked_here(talk, progress)
    missing = {each.key for each in Cases().missing(progress.id)} if progress.id else set()
    return [answer(each.label(talk.language), key_of(each)) for each in every if key_of(each) not in missing]


def _profile(talk: Talk, progress: Progress) -> Reply:
    choices = (*_asked(talk, progress), _button(talk, "edit_done", "done"))
    return Reply(text=talk.say("application_firm_what_to_edit"), choices=choices)


def _withdraw(talk: Talk, progress: Progress) -> Reply:
    application = Cases().get(progress.id or "")
    name = form_of(application.programme).names[talk.language]
    state = talk.say(f"application_state_{application.state}")
    key = "application_withdraw_sent" if application.number else "application_withdraw_draft"
    text = talk.say(key, programme=name, number=application.number or "", state=state)
    return Reply(text=text, choices=(_button(talk, "withdraw_yes", "yes"), _button(talk, "leave", "no")))


def _erase(talk: Talk, progress: Progress) -> Reply:
    lines = [talk.say("application_firm_erase")]
    drafts = [each for each in Cases().of(talk.conversation_id) if each.state in EDITABLE]
    if drafts:
        lines.append(talk.say("application_firm_erase_drafts", count=len(drafts)))
    choices = (_button(talk, "erase_yes", "yes"), _button(talk, "leave", "no"))
    return Reply(text="\n".join(lines), choices=choices)


_PLAIN = {
    "programme": _programme,
    "again": _again,
    "consent": _consent,
    "alone": _alone,
    "known": _known,
    "more": _more,
    "correct": _correct,
    "profile": _profile,
    "withdraw": _withdraw,
    "erase": _erase,
}
