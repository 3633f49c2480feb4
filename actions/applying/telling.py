"""How the interview of an application ends: with a receipt, a pause, a withdrawal, or an honest no."""

from __future__ import annotations

from actions.applying.asking import go_on, programme_choices
from actions.applying.progress import Progress
from actions.applying.steps import WAITING
from actions.cases import Application, Cases, UnknownApplication, form_of, status_text
from actions.cases.states import EDITABLE
from actions.news.asking import ask_about
from actions.news.words import APPLICATION
from actions.present import caution, show, sources
from actions.reply import Choice, Outcome, Reply
from actions.talk import Talk, payload

OTHERS_SHOWN = 4
"""Buttons to other programmes after a no."""

ORGANISATIONS_SHOWN = 2


def tell(talk: Talk, progress: Progress) -> None:
    """Tells how it ended; an application that is gone or decided meanwhile is told as it stands."""
    ending = {
        "no_form": _no_form,
        "paused": _paused,
        "cancelled": _cancelled,
        "sent": _sent,
        "withdrawn": _withdrawn,
        "kept": _kept,
        "erased": _erased,
        "edited": _edited,
    }.get(progress.ended or "", _as_it_stands)
    ending(talk, progress)


def application_of(progress: Progress) -> Application | None:
    """Returns the application the interview was about, or None where it is erased."""
    try:
        return Cases().get(progress.id) if progress.id else None
    except UnknownApplication:
        return None


def status_button(talk: Talk, application: Application) -> Choice:
    """Returns the button that asks how an application stands."""
    which = payload("application_status", value=application.number or application.id)
    return Choice(title=talk.say("application_button_status"), payload=which)


def withdraw_button(talk: Talk, application: Application) -> Choice:
    """Returns the button that begins a withdrawal."""
    return talk.choice("application_button_withdraw", payload("withdraw_application", value=application.id))


def name_of(talk: Talk, application: Application) -> str:
    """Returns what the programme applied to is called."""
    return form_of(application.programme).names[talk.language]


def paused(talk: Talk, progress: Progress) -> str:
    """Returns what is said where somebody stops."""
    application = application_of(progress)
    if application is None or application.state not in EDITABLE:
        return talk.say("application_paused_none")
    return talk.say("application_paused", programme=name_of(talk, application))


def _paused(talk: Talk, progress: Progress) -> None:
    application = application_of(progress)
    choices = (go_on(talk, application),) if application and application.state in EDITABLE else ()
    talk.reply(Reply(text=paused(talk, progress), choices=choices), Outcome.ANSWERED)


def _cancelled(talk: Talk, progress: Progress) -> None:
    application = application_of(progress)
    if application is None:
        _as_it_stands(talk, progress)
        return
    text = talk.say("application_cancelled", programme=name_of(talk, application))
    choices = (go_on(talk, application), withdraw_button(talk, application))
    talk.reply(Reply(text=text, choices=choices), Outcome.ANSWERED)


def _sent(talk: Talk, progress: Progress) -> None:
    application = application_of(progress)
    if application is None:
        _as_it_stands(talk, progress)
        return
    talk.remember(paper={"kind": "application", "id": application.id})
    text = talk.say("case_receipt", number=application.number)
    choices = (
        talk.choice("button_paper", payload("get_paper")),
        status_button(talk, application),
        withdraw_button(talk, application),
    )
    talk.reply(Reply(text=text), Outcome.ANSWERED)
    talk.reply(Reply(text=talk.say("application_sent_next"), choices=choices), Outcome.ANSWERED)
    ask_about(talk, APPLICATION)


def _no_form(talk: Talk, progress: Progress) -> None:
    """Says honestly that it can't be done here, who takes the applications, and what can be done here."""
    record = talk.record(progress.programme)
    others = tuple(programme_choices(talk)[:OTHERS_SHOWN])
    if record is None:
        talk.reply(Reply(text=talk.say("application_which_not_found"), choices=others), Outcome.NEEDS_INPUT)
        return
    words = record.text(talk.language)
    runs = [each for each in map(talk.record, record.run_by) if each]
    lines: list[str | None] = [talk.say("application_no_form", programme=words.name)]
    if runs:
        names = ", ".join(each.text(talk.language).name for each in runs)
        lines.append(talk.say("application_no_form_ask", organisation=names))
    lines += [*words.todo[:2], caution(talk, record)]
    told = Reply(
        text="\n".join(line for line in lines if line),
        choices=tuple(show(talk, each) for each in runs[:ORGANISATIONS_SHOWN]),
        sources=sources(record, talk.language),
    )
    talk.reply(told, Outcome.ANSWERED, (record.id,))
    talk.reply(Reply(text=talk.say("application_no_form_others"), choices=others), Outcome.ANSWERED, (record.id,))


def _withdrawn(talk: Talk, progress: Progress) -> None:
    application = application_of(progress)
    if application is None:
        _as_it_stands(talk, progress)
        return
    key = "application_withdrawn" if application.number else "application_withdrawn_draft"
    text = talk.say(key, programme=name_of(talk, application), number=application.number or "")
    again = talk.choice("application_button_apply", payload("apply_programme"))
    talk.reply(Reply(text=text, choices=(again,)), Outcome.ANSWERED)


def _kept(talk: Talk, progress: Progress) -> None:
    application = application_of(progress)
    choices: tuple[Choice, ...] = ()
    if application and application.state in EDITABLE:
        choices = (go_on(talk, application),)
    elif application:
        choices = (status_button(talk, application),)
    talk.reply(Reply(text=talk.say("application_kept"), choices=choices), Outcome.ANSWERED)


def _erased(talk: Talk, progress: Progress) -> None:
    lines = [talk.say("application_firm_erased")]
    waiting = [each for each in Cases().of(talk.conversation_id) if each.state in WAITING]
    if waiting:
        lines.append(talk.say("application_firm_erased_left", count=len(waiting)))
    lines.append(talk.say("application_firm_erased_all"))
    talk.reply(Reply(text="\n".join(lines)), Outcome.ANSWERED)


def _edited(talk: Talk, progress: Progress) -> None:
    choices = (talk.choice("application_button_apply", payload("apply_programme")),)
    talk.reply(Reply(text=talk.say("application_firm_edited"), choices=choices), Outcome.ANSWERED)


def _as_it_stands(talk: Talk, progress: Progress) -> None:
    """Tells that there is nothing to go on with: it is erased, or somebody decided it meanwhile."""
    application = application_of(progress)
    if application is None:
        again = talk.choice("application_button_apply", payload("apply_programme"))
        talk.reply(Reply(text=talk.say("application_gone"), choices=(again,)), Outcome.ANSWERED)
        return
    text = f"{talk.say('application_closed')}\n{status_text(Cases(), application, talk.language)}"
    talk.reply(Reply(text=text, choices=(status_button(talk, application),), sealed=True), Outcome.ANSWERED)
