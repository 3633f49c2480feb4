"""The interview about a case: it begins, an answer is read, the next question is asked, the result is told.

Rasa's form ``trade_form`` runs it; its one slot ``trade_step`` is filled when nothing is left to ask.
"""

from __future__ import annotations

import re

from rasa_sdk import Tracker
from rasa_sdk.events import EventType
from rasa_sdk.executor import CollectingDispatcher

from actions.lookup import look_up
from actions.reply import Choice, Outcome, Reply
from actions.small_talk import openings
from actions.step import Step
from actions.talk import Talk, payload
from actions.trade.agreements import EUROPE, has_rules, reaching
from actions.trade.asking import ask
from actions.trade.case import Case
from actions.trade.citing import agreements
from actions.trade.interview import next_step, read, settle_agreement
from actions.trade.product import product_words
from actions.trade.telling import tell_case

FORM = "trade_form"
DONE = "done"
QUESTION_FROM = 0.6
"""Confidence from which a message in the middle of the interview is a question of its own, not an answer."""

ENDING_FROM = 0.45
"""Confidence from which somebody wants to stop, or begins anew; less, since being held is worse than asking again."""

ASIDES = frozenset(
    "define compare find_place find_programme ask_process ask_howto ask_survey ask_agreements simplify example "
    "ask_source more followup bot_challenge speak_korean speak_english find_hs".split()
)
"""Kinds of question that may interrupt; afterwards the interview goes on. Rules in bot/rules/trade.yml."""

ENDINGS = frozenset("stop_interview start_over menu bye handover ask_origin ask_duty".split())
"""What ends the interview, or begins another."""


class TradeStart(Step):
    """Begins the interview with what the message already tells."""

    action = "action_trade_start"

    def respond(self, talk: Talk) -> None:
        """Keeps goal, country, agreement, code and product named; ends at once where nothing can be weighed."""
        goal = "duty" if talk.intent == "ask_duty" else "origin"
        named = talk.entity("agreement")
        country = talk.entity("country") or _country_of(named) or talk.slot("country")
        code = re.sub(r"\D", "", talk.entity("hs_code") or "")[:6]
        product = talk.entity("product") or (None if talk.is_payload else product_words(talk))
        known = talk.slot("hs") if not product else None
        case = Case(goal=goal, country=country, product=product, hs=code if len(code) == 6 else known)
        case = settle_agreement(case)
        talk.remember(case=case.model_dump(), country=country, trade_step=DONE if _hopeless(case) else None)


class ReadAnswer(Step):
    """Reads the answer to the question asked last. Says nothing when the message is a question of its own."""

    action = f"validate_{FORM}"

    def _answer(self, dispatcher: CollectingDispatcher, tracker: Tracker) -> list[EventType]:
        talk = Talk(dispatcher, tracker)
        before = talk.slot("case")
        if not talk.answering or before is None or self._aside(talk):
            return []  # Rasa then lets the rules answer, and comes back to the form
        self._read(talk, Case.model_validate(before))
        return talk.events()

    def _aside(self, talk: Talk) -> bool:
        if talk.is_payload:
            return talk.intent != "answer"
        if talk.intent in ENDINGS:
            return talk.confidence >= ENDING_FROM
        return talk.intent in ASIDES and talk.confidence >= QUESTION_FROM and talk.entity("hs_code") is None

    def _read(self, talk: Talk, case: Case) -> None:
        step = next_step(case)
        told = None if step is None else self._taken(talk, step, case)
        if told is None:
            talk.remember(misses=int(talk.slot("misses") or 0) + 1, case=case.model_dump(), trade_missed=step)
            return
        told = settle_agreement(told)
        finished = next_step(told) is None or _hopeless(told)
        talk.remember(case=told.model_dump(), misses=0, trade_missed=None, country=told.country, hs=told.hs)
        if finished:
            talk.remember(trade_step=DONE)

    def _taken(self, talk: Talk, step: str, case: Case) -> Case | None:
        said = talk.entity("value") or talk.question
        if step == "country":
            country = talk.entity("country") or (said if len(said) == 2 and said.isupper() else None)
            return case.told(country=country) if country else None
        if step == "agreement":
            named = talk.entity("agreement") or said
            return case.told(agreement=named) if named in {each.id for each in agreements().all()} else None
        return read(step, case, said)


class AskNext(Step):
    """Asks for the next part of the case."""

    action = f"action_ask_{FORM}_trade_step"

    def respond(self, talk: Talk) -> None:
        """Asks, saying first that the last answer was not understood, if it was not."""
        case = Case.model_validate(talk.slot("case") or {})
        step = next_step(case)
        if step is None:
            return
        reply = ask(talk, case, step)
        if talk.slot("trade_missed") == step:
            reply = reply.model_copy(update={"text": f"{talk.say('trade_missed')}\n{reply.text}"})
        choices = [*reply.choices, stop(talk)]
        talk.reply(reply.model_copy(update={"choices": tuple(choices)}), Outcome.NEEDS_INPUT)


class TradeResult(Step):
    """Tells the result."""

    action = "action_trade_result"

    def respond(self, talk: Talk) -> None:
        """Tells the verdict or the duty, or why neither can be told."""
        case = Case.model_validate(talk.slot("case") or {})
        tell_case(talk, case)
        talk.remember(trade_step=None)


class NotAsked(Step):
    """Takes an answer, or a stop, when no interview is running (an old button, or a stray word)."""

    action = "action_not_asked"

    def respond(self, talk: Talk) -> None:
        """Looks the words up like any others; an old button is told to be old."""
        if talk.is_payload or talk.intent == "stop_interview":
            talk.reply(Reply(text=talk.say("not_asked"), choices=openings(talk)[:3]), Outcome.NEEDS_INPUT)
        else:
            look_up(talk, "define")


class TradeStop(Step):
    """Ends the interview because the person wants to."""

    action = "action_trade_stop"

    def respond(self, talk: Talk) -> None:
        """Says so; what was told is kept for the next time."""
        talk.remember(trade_step=None, trade_missed=None)
        talk.reply(Reply(text=talk.say("trade_stopped")), Outcome.ANSWERED)


def stop(talk: Talk) -> Choice:
    """Returns the button that ends the interview."""
    return talk.choice("button_stop", payload("stop_interview"))


def _country_of(agreement: str | None) -> str | None:
    """Returns the only partner of an agreement, if it has just one."""
    known = {each.id: each for each in agreements().all()}
    if agreement not in known:
        return None
    parties = known[agreement].parties
    return EUROPE if agreement == "KR-EU" else parties[0] if len(parties) == 1 else None


def _hopeless(case: Case) -> bool:
    """Tells whether the country is known and no agreement with it can be weighed; asking more would be for nothing."""
    if case.country is None:
        return False
    found = reaching(case.country)
    return not any(has_rules(agreement) for agreement in found) if case.goal == "origin" else not found
