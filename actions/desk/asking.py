"""Somebody asks for a person: called if one is there, else offered a call-back; taken back; and rated afterwards."""

from __future__ import annotations

from sqlalchemy import delete, select

from actions.desk.asked_when import asks_hours, asks_when
from actions.desk.callback import CALL
from actions.desk.handovers import ACTIVE, CALLBACK, WAITING, Handover, Handovers
from actions.desk.hours import read_hours, told_opening
from actions.desk.occasion import reason_of, summary_of, told_hours
from actions.interviews.steps import FORM
from actions.reply import Choice, Outcome, Reply
from actions.step import Step
from actions.talk import Talk, payload
from knowledge.database.engine import sessions
from knowledge.database.tables import FeedbackRow, TurnRow, now
from knowledge.settings import settings

CHATWOOT = "chatwoot"
"""The channel whose own people take over."""

CANNOT_BEGIN = frozenset({"kakao", "rest", "rasa"})
"""Channels on which people hear what a person wrote with their own next message."""

CLOSING = "handover_closed"
"""The intent of the turn that asks how a talk with a person was."""

CALL_ME = "call"
"""What the buttons for a call-back carry."""


def ask_for_person(talk: Talk) -> None:
    """Calls somebody of the desk; where nobody is there, says when, and offers a call-back.

    Whoever asks when people are there is told, and asked whether to call one; whoever waits already hears how many
    wait before them.
    """
    if talk.channel == CHATWOOT:
        talk.reply(Reply(text=talk.say("desk_chatwoot")), Outcome.HANDED_OVER)
        return
    handovers, hours = Handovers(settings()), read_hours(settings().desk_hours)
    found = handovers.open_of(talk.conversation_id)
    wants_call, words = talk.entity("value") == CALL_ME, "" if talk.is_payload else talk.typed
    if found and (found.state == ACTIVE or (found.state == WAITING and not wants_call)):
        _tell_wait(talk, handovers, found, "desk_still")
    elif wants_call:
        _offer_call(talk, None)
    elif not hours.open_at(now()):
        _without_person(talk, found, _closed(talk))
    elif not handovers.presence.somebody_there():
        _without_person(talk, found, talk.say("desk_nobody", hours=told_hours(talk)))
    elif found and (asks_hours(words) or asks_when(words)):
        _without_person(talk, found, "")
    elif asks_hours(words):
        _tell_hours(talk)
    else:
        summary = summary_of(talk.conversation_id)
        asked = handovers.ask(talk.conversation_id, reason_of(talk), talk.language, talk.channel, summary)
        _tell_wait(talk, handovers, asked, "desk_asked")


class StopWaiting(Step):
    """Takes back that somebody wants to talk to a person, or to be called."""

    action = "action_stop_waiting"

    def respond(self, talk: Talk) -> None:
        """Says what was taken back."""
        handovers = Handovers(settings())
        found = handovers.open_of(talk.conversation_id)
        key = "desk_nothing_to_cancel"
        if found and handovers.cancel(talk.conversation_id):
            key = "desk_call_cancelled" if found.state == CALLBACK else "desk_cancelled"
        talk.reply(Reply(text=talk.say(key)), Outcome.ANSWERED)


class RateTalk(Step):
    """Takes how a talk with a person was: a thumb on the turn that ended it."""

    action = "action_rate_talk"

    def respond(self, talk: Talk) -> None:
        """Keeps it in place of an earlier thumb."""
        verdict = "down" if talk.entity("value") == "down" else "up"
        _rate(talk.conversation_id, verdict)
        choices = (talk.choice("button_person", payload("handover")),) if verdict == "down" else ()
        talk.reply(Reply(text=talk.say(f"desk_thanks_{verdict}"), choices=choices), Outcome.ANSWERED)


def _offer_call(talk: Talk, lead: str | None) -> None:
    CALL.start(talk, lead)
    talk.follow_with(FORM)


def _tell_wait(talk: Talk, handovers: Handovers, asked: Handover, key: str) -> None:
    if asked.state == ACTIVE:
        talk.reply(Reply(text=talk.say("desk_with_person")), Outcome.HANDED_OVER)
        return
    count = handovers.ahead_of(asked)
    which = {0: "desk_ahead_none", 1: "desk_ahead_one"}.get(count, "desk_ahead")
    lines = [talk.say(key, ahead=talk.say(which, count=count), hours=told_hours(talk))]
    if talk.channel in CANNOT_BEGIN:
        lines.append(talk.say("desk_cannot_begin"))
    choices = (_call_button(talk), talk.choice("desk_button_cancel", payload("stop_waiting")))
    talk.reply(Reply(text="\n".join(lines), choices=choices), Outcome.HANDED_OVER)


def _tell_hours(talk: Talk) -> None:
    """Tells when people are there, which is now, and offers to call one."""
    choices = (talk.choice("button_person", payload("handover")), _call_button(talk))
    told = talk.say("desk_open_now", hours=told_hours(talk))
    talk.reply(Reply(text=told, choices=choices), Outcome.ANSWERED)


def _call_button(talk: Talk) -> Choice:
    return talk.choice("desk_button_call", payload("handover", value=CALL_ME))


def _without_person(talk: Talk, found: Handover | None, lead: str) -> None:
    """Offers a call-back, or says that one was asked for already."""
    if found is None:
        _offer_call(talk, lead)
        return
    choices = (
        talk.choice("desk_button_call_again", payload("handover", value=CALL_ME)),
        talk.choice("desk_button_call_cancel", payload("stop_waiting")),
    )
    known = talk.say("desk_callback_known", hours=told_hours(talk))
    talk.reply(Reply(text=known, choices=choices), Outcome.HANDED_OVER)


def _closed(talk: Talk) -> str:
    opening = read_hours(settings().desk_hours).opens_next(now())
    if opening is None:
        return talk.say("desk_closed_for_long", hours=told_hours(talk))
    return talk.say("desk_closed", hours=told_hours(talk), opening=told_opening(opening, talk.language))


def _rate(conversation_id: str, verdict: str) -> None:
    ended = select(TurnRow.turn_id).where(TurnRow.conversation_id == conversation_id, TurnRow.intent == CLOSING)
    with sessions(settings().database).begin() as session:
        turn_id = session.scalar(ended.order_by(TurnRow.turn_id.desc()).limit(1))
        if turn_id is None:
            return
        mine = (FeedbackRow.conversation_id == conversation_id) & (FeedbackRow.turn_id == turn_id)
        session.execute(delete(FeedbackRow).where(mine))
        session.add(FeedbackRow(conversation_id=conversation_id, turn_id=turn_id, verdict=verdict))
