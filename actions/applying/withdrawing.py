"""Takes an application back: names it, asks for a yes, then withdraws it."""

from __future__ import annotations

from actions.applying.following import number_said
from actions.applying.interview import APPLYING
from actions.applying.starting import standing
from actions.applying.steps import own
from actions.applying.telling import name_of
from actions.cases import Application, Cases, WrongReceiptNumber
from actions.cases.states import FOLLOWS
from actions.interviews.steps import FORM
from actions.reply import Choice, Outcome, Reply
from actions.step import Step
from actions.talk import Talk, payload


class ApplicationWithdraw(Step):
    """Begins the withdrawal of an application."""

    action = "action_application_withdraw"

    def respond(self, talk: Talk) -> None:
        """Asks for a yes to the one meant; says so where there is none to withdraw."""
        open_ones = tuple(each for each in Cases().of(talk.conversation_id) if FOLLOWS[each.state])
        chosen, known = _chosen(talk)
        if chosen is not None and not FOLLOWS[chosen.state]:
            state = talk.say(f"application_state_{chosen.state}")
            values = {"programme": name_of(talk, chosen), "number": chosen.number or "", "state": state}
            talk.reply(Reply(text=talk.say("application_withdraw_decided", **values)), Outcome.ANSWERED)
        elif chosen is None and known:
            talk.reply(Reply(text=talk.say(known)), Outcome.NEEDS_INPUT)
        elif chosen is not None or len(open_ones) == 1:
            ask_to_withdraw(talk, chosen or open_ones[0])
        elif open_ones:
            choices = tuple(_choice(talk, each) for each in open_ones)
            talk.reply(Reply(text=talk.say("application_withdraw_which"), choices=choices), Outcome.NEEDS_INPUT)
        else:
            talk.reply(Reply(text=talk.say("application_withdraw_none")), Outcome.ANSWERED)


def ask_to_withdraw(talk: Talk, application: Application) -> None:
    """Begins the interview that asks for a yes."""
    progress = standing(talk)
    same = progress if progress.id == application.id else progress.on(application.id)
    goal = same.but(goal="withdraw", language=talk.language, ended=None, note=None, echo=None, resumed=False, at=None)
    APPLYING.begin_with(talk, goal)
    talk.follow_with(FORM)


def _chosen(talk: Talk) -> tuple[Application | None, str | None]:
    """Returns the application meant, or the key of what to say where a number names none of this conversation."""
    chosen = own(talk, talk.entity("value"))
    number = None if chosen else number_said(talk)
    if number is None:
        return chosen, None
    try:
        found = Cases().find(number)
    except WrongReceiptNumber:
        return None, "case_number_wrong"
    if found is None:
        return None, "case_number_unknown"
    return (found, None) if found.conversation_id == talk.conversation_id else (None, "application_withdraw_foreign")


def _choice(talk: Talk, application: Application) -> Choice:
    title = " · ".join(filter(None, (name_of(talk, application), application.number)))
    return Choice(title=title, payload=payload("withdraw_application", value=application.id))
