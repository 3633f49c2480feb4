"""Says how applications stand: this conversation's in full, another's by its state alone."""

from __future__ import annotations

import re
from datetime import datetime

from babel.dates import format_date

from actions.applying.asking import go_on
from actions.applying.steps import own
from actions.applying.telling import name_of, withdraw_button
from actions.cases import Application, Cases, State, WrongReceiptNumber, form_of, number_in, status_text
from actions.cases.days import SEOUL
from actions.cases.letters import letter
from actions.cases.states import EDITABLE, FOLLOWS
from actions.reply import Card, Choice, Outcome, Reply
from actions.step import Step
from actions.talk import Talk, payload

_BARE = re.compile(r"(?<![0-9A-Za-z])[0-9A-Za-z]{4} ?[-–] ?[0-9A-Za-z]{4}(?![0-9A-Za-z])")
"""A receipt number without its N."""


class ApplicationStatus(Step):
    """Says how an application stands."""

    action = "action_application_status"

    def respond(self, talk: Talk) -> None:
        """Tells of the one named, else of this conversation's."""
        chosen = own(talk, talk.entity("value"))
        number = None if chosen else number_said(talk)
        if number is not None:
            keep_language(talk, number)
        if chosen is not None:
            tell_status(talk, chosen)
        elif number is not None:
            _by_number(talk, number)
        else:
            _mine(talk)


def number_said(talk: Talk) -> str | None:
    """Returns the receipt number a button carries or the words name, as typed."""
    bare = _BARE.search(talk.typed)
    return talk.entity("value") or number_in(talk.typed) or (bare[0] if bare else None)


def keep_language(talk: Talk, number: str) -> None:
    """Goes on in the language spoken where the message is nothing but a receipt number."""
    spoken = talk.slot("language")
    if spoken in ("ko", "en") and not any(letter.isalpha() for letter in talk.typed.replace(number, "")):
        talk.language = spoken


def _by_number(talk: Talk, number: str) -> None:
    try:
        found = Cases().find(number)
    except WrongReceiptNumber:
        talk.reply(Reply(text=talk.say("case_number_wrong")), Outcome.NEEDS_INPUT)
        return
    if found is None:
        talk.reply(Reply(text=talk.say("case_number_unknown")), Outcome.NOT_IN_KNOWLEDGE)
    elif found.conversation_id == talk.conversation_id:
        tell_status(talk, found)
    else:
        state = talk.say(f"application_state_{found.state}")
        text = talk.say("application_foreign", number=found.number, programme=name_of(talk, found), state=state)
        talk.reply(Reply(text=text), Outcome.ANSWERED)


def _mine(talk: Talk) -> None:
    mine = Cases().of(talk.conversation_id)
    if not mine:
        choices = (talk.choice("application_button_apply", payload("apply_programme")),)
        talk.reply(Reply(text=talk.say("application_status_none"), choices=choices), Outcome.NEEDS_INPUT)
    elif len(mine) == 1:
        tell_status(talk, mine[0])
    else:
        _several(talk, mine)


def _several(talk: Talk, mine: tuple[Application, ...]) -> None:
    card = Card(
        kind="table",
        title=talk.say("application_status_card"),
        columns=tuple(talk.say("application_status_columns").split("|")),
        rows=tuple(
            (
                name_of(talk, each),
                each.number or talk.say("application_no_number"),
                talk.say(f"application_state_{each.state}"),
            )
            for each in mine
        ),
    )
    which = [
        Choice(
            title=" · ".join(filter(None, (name_of(talk, each), each.number))),
            payload=payload("application_status", value=each.number or each.id),
        )
        for each in mine
    ]
    text = talk.say("application_status_several", count=len(mine))
    talk.reply(Reply(text=text, card=card, choices=tuple(which)), Outcome.ANSWERED)


def tell_status(talk: Talk, application: Application) -> None:
    """Tells of an application of this conversation: where it stands, what was, what comes next."""
    store = Cases()
    organisation = form_of(application.programme).organisations
    runs = organisation[form_of(application.programme).recipient.organisation][talk.language]
    talk.remember(paper={"kind": "application", "id": application.id})
    rows = tuple(
        (_moment(talk, event.at), " · ".join(filter(None, (_state(talk, event.state), event.note))))
        for event in store.history(application.id)
    )
    card = Card(kind="steps", title=talk.say("application_history"), rows=rows)
    following = talk.say(f"application_next_{application.state}", organisation=runs)
    text = f"{status_text(store, application, talk.language)}\n{following}"
    if attached := letter(application.id):
        talk.reply(Reply(text=talk.say("letter_attached"), file=attached), Outcome.ANSWERED)
    talk.reply(Reply(text=text, card=card, choices=_choices(talk, application), sealed=True), Outcome.ANSWERED)


def _choices(talk: Talk, application: Application) -> tuple[Choice, ...]:
    choices: list[Choice] = []
    if application.state in EDITABLE:
        choices.append(go_on(talk, application))
    if application.number is not None:
        choices.append(talk.choice("button_paper", payload("get_paper")))
    if FOLLOWS[application.state]:
        choices.append(withdraw_button(talk, application))
    if application.state is State.DECLINED:
        choices.append(talk.choice("application_button_find_programmes", payload("match_programmes")))
    return tuple(choices)


def _state(talk: Talk, state: State) -> str:
    return talk.say(f"application_state_{state}")


def _moment(talk: Talk, at: datetime) -> str:
    """Returns day and time in Korea."""
    there = at.astimezone(SEOUL)
    return f"{format_date(there.date(), 'long', locale=talk.language)} {there:%H:%M}"
