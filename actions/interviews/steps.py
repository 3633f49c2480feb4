"""The Rasa actions of every interview: an answer is read, the next question is asked, the result is told.

Rasa's form ``interview_form`` runs them; its one slot ``interview_step`` is filled when nothing is left to ask, and the
slot ``interview`` says which interview it is.
"""

from __future__ import annotations

import re
from typing import Any

from rasa_sdk import Tracker
from rasa_sdk.events import EventType, SlotSet
from rasa_sdk.executor import CollectingDispatcher

from actions.channels_joined import PARTED
from actions.errands.guiding import GuideNext, finishes_step
from actions.interviews.all import running
from actions.interviews.frame import ASKING, MISSED_SLOT, STEP_SLOT, Interview
from actions.lookup import ANSWER_FROM, KINDS, look_up, search
from actions.news.asking import also_stop, stopped_in_a_word
from actions.reply import Choice, Outcome, Reply
from actions.small_talk import openings
from actions.step import Step
from actions.talk import Talk, payload
from actions.trade.answers import yes_or_no

FORM = "interview_form"
QUESTION_FROM = 0.6
"""Confidence from which a message in the middle of the interview is a question of its own, not an answer."""

ENDING_FROM = 0.45
"""Confidence from which somebody wants to stop; less, since being held is worse than asking again."""

ASIDES = frozenset(
    "define compare find_place find_programme ask_process ask_howto ask_survey ask_agreements simplify example "
    "ask_source more followup bot_challenge speak_korean speak_english find_hs get_template application_status "
    "withdraw_application my_announcements my_firm start_guide next_step previous_step compare_agreements "
    "get_paper join_channels separate_channels allow_news stop_news stop_waiting rate_talk".split()
)
"""Kinds of question that may interrupt; afterwards the interview goes on. Rules in bot/rules."""

ENDINGS = frozenset("stop_interview start_over menu bye handover".split())
"""What ends the interview."""

STEPPING = frozenset({"next_step", "previous_step"})
"""Going on in a guide; where none is open, "back" and "skip" speak to the interview."""

OTHERS = frozenset(
    "ask_origin ask_duty start_diagnosis test_readiness match_programmes apply_programme make_checklist "
    "count_deadlines advise_payment advise_platform product_sheet open_simulation".split()
)
"""What begins something else instead."""


STRAY = 15
"""Letters up to which a yes, a no or "I don't know" that answers nothing is told so."""

SHORTEST_QUESTION = 9
"""Letters from which words with a question's ending are looked up in the middle of an interview."""

QUESTIONING = re.compile(
    r"\?|(?:나|까|가|는지|은지|건지|되|돼|죠|지|능교|노|냐|니)요?\s*$|(?:던데|다면서|라면서|다는데|라는데)|어떻게|어케|언제|누가|누구|왜\b|얼마"
    r"|^\s*(?:what|how|can|could|do|does|is|are|may|must|should|who|whose|when|why|where|which)\b",
    re.IGNORECASE,
)
"""Words that ask."""

AGAIN = "!"
"""Mark behind the name of a question whose answer was not understood more than once."""


class ReadAnswer(Step):
    """Reads the answer to the question asked last. Says nothing when the message is a question of its own."""

    action = f"validate_{FORM}"

    def _answer(self, dispatcher: CollectingDispatcher, tracker: Tracker) -> list[EventType]:
        talk = Talk(dispatcher, tracker)
        interview = running(talk)
        if not talk.answering or interview is None:
            return []  # Rasa then lets the rules answer, and comes back to the form
        state = interview.state(talk)
        step = interview.next_step(talk, state)
        said = talk.entity("value") or talk.question
        if step is None or self._aside(talk, interview, state, step, said):
            return []
        if self._asks(talk, interview, state, step, said):
            look_up(talk, "define" if talk.mentions and ASKING.search(talk.question) else "ask_howto")
            talk.remember(**{interview.slot: state, MISSED_SLOT: None})
        else:
            self._read(talk, interview, state, step, said)
        # An answer that changes nothing must still look like one, or Rasa's form declines the turn.
        return talk.events() or [SlotSet(MISSED_SLOT, talk.slot(MISSED_SLOT))]

    def _aside(self, talk: Talk, interview: Interview, state: dict[str, Any], step: str, said: str) -> bool:
        if talk.is_payload:
            return talk.intent != "answer"
        if interview.surely(talk, state, step, said):
            return False
        if talk.intent in STEPPING and not talk.slot("guide"):
            return False
        if talk.intent in ENDINGS:
            return talk.confidence >= ENDING_FROM
        return talk.intent in ASIDES | OTHERS and talk.confidence >= QUESTION_FROM and talk.entity("hs_code") is None

    def _asks(self, talk: Talk, interview: Interview, state: dict[str, Any], step: str, said: str) -> bool:
        """Tells whether words of no certain kind ask something the knowledge answers; then they are no answer."""
        if talk.is_payload or interview.surely(talk, state, step, said):
            return False
        if talk.mentions and ASKING.search(talk.question):
            return True
        if not interview.yields or len(talk.question) < SHORTEST_QUESTION or not QUESTIONING.search(talk.question):
            return False
        return search(talk, talk.question, KINDS["ask_howto"]).best >= ANSWER_FROM

    def _read(self, talk: Talk, interview: Interview, state: dict[str, Any], step: str, said: str) -> None:
        told = interview.read(talk, state, step, said)
        if told is None:
            before = str(talk.slot(MISSED_SLOT) or "")
            missed = step + AGAIN if before.rstrip(AGAIN) == step else step
            talk.remember(misses=int(talk.slot("misses") or 0) + 1, **{interview.slot: state, MISSED_SLOT: missed})
            return
        talk.remember(misses=0, **{MISSED_SLOT: None})
        interview.keep(talk, told)


class AskNext(Step):
    """Asks for the next part."""

    action = f"action_ask_{FORM}_{STEP_SLOT}"

    def respond(self, talk: Talk) -> None:
        """Asks, saying first that the last answer was not understood, if it was not."""
        interview = running(talk)
        state = interview.state(talk) if interview else {}
        step = interview.next_step(talk, state) if interview else None
        if interview is None or step is None:
            return
        if talk.slot(PARTED):  # the question stays open where the dialogue is
            talk.remember(**{PARTED: None})
            return
        reply = interview.ask(talk, state, step)
        missed = str(talk.slot(MISSED_SLOT) or "")
        if missed.rstrip(AGAIN) == step and talk.answering:
            key = "interview_missed_again" if missed.endswith(AGAIN) else "interview_missed"
            reply = reply.model_copy(update={"text": f"{talk.say(key)}\n{reply.text}"})
        choices = (*reply.choices, stop(talk))
        talk.reply(reply.model_copy(update={"choices": choices}), Outcome.NEEDS_INPUT)


class InterviewResult(Step):
    """Tells the result."""

    action = "action_interview_result"

    def respond(self, talk: Talk) -> None:
        """Tells what came of the interview that has just ended."""
        interview = running(talk)
        talk.remember(**{STEP_SLOT: None, MISSED_SLOT: None})
        if interview is None:
            talk.reply(Reply(text=talk.say("not_asked"), choices=openings(talk)[:3]), Outcome.NEEDS_INPUT)
        else:
            interview.tell(talk, interview.state(talk))


class NotAsked(Step):
    """Takes an answer, or a stop, when no interview is running (an old button, or a stray word)."""

    action = "action_not_asked"

    def respond(self, talk: Talk) -> None:
        """Looks the words up like any others; an old button is told to be old."""
        if finishes_step(talk):
            GuideNext().respond(talk)
            return
        if talk.intent == "stop_interview" and stopped_in_a_word(talk):
            return
        stray = len(talk.question) <= STRAY and not talk.mentions and yes_or_no(talk.question) is not None
        if talk.is_payload or stray or talk.intent == "stop_interview":
            talk.reply(Reply(text=talk.say("not_asked"), choices=openings(talk)[:3]), Outcome.NEEDS_INPUT)
        else:
            look_up(talk, "define")


class InterviewStop(Step):
    """Ends the interview because the person wants to."""

    action = "action_interview_stop"

    def respond(self, talk: Talk) -> None:
        """Says so; what was told is kept for the next time."""
        interview = running(talk)
        talk.remember(**{STEP_SLOT: None, MISSED_SLOT: None})
        words = interview.stopped(talk) if interview else talk.say("interview_stopped")
        talk.reply(Reply(text=words, choices=also_stop(talk)), Outcome.ANSWERED)


def stop(talk: Talk) -> Choice:
    """Returns the button that ends the interview."""
    return talk.choice("button_stop", payload("stop_interview"))
