"""The interview about one product on its way to one country, as ``actions/interviews`` runs it."""

from __future__ import annotations

import re
from typing import Any

from actions.interviews.frame import ASKING, Interview
from actions.lookup import KINDS, STORY, look_up, search
from actions.reply import Reply
from actions.step import Step
from actions.talk import Talk
from actions.trade.agreements import has_rules, partner_of, reaching
from actions.trade.answers import money, price_term, yes_or_no
from actions.trade.asking import ask
from actions.trade.case import Case
from actions.trade.changing import change
from actions.trade.citing import agreements
from actions.trade.codes import search_codes
from actions.trade.interview import next_step, read, settle_agreement
from actions.trade.product import product_words
from actions.trade.telling import tell_case
from knowledge.language.korean import content_words
from knowledge.record import Kind
from knowledge.roles import asker

CHANGING_FROM = 0.6
"""Confidence from which a message corrects something told before, whatever is being asked."""


CLOSED = frozenset({"materials", "domestic", "process", "direct", "control"})
"""Questions that a yes or a no answers."""

SHORT = 25
"""Letters up to which words can only be a short answer."""


class TradeInquiry(Interview):
    """Asks for a case (``case.py``) and tells its verdict or its duty."""

    name = "trade"
    slot = "case"
    yields = True

    def next_step(self, talk: Talk, state: dict[str, Any]) -> str | None:
        """Returns the part to ask next; None also where asking more would be for nothing."""
        case = Case.model_validate(state)
        return None if hopeless(case) else next_step(case)

    def read(self, talk: Talk, state: dict[str, Any], step: str, said: str) -> dict[str, Any] | None:
        """Takes an answer, or a correction of something told before."""
        case = Case.model_validate(state)
        told = self._corrected(talk, case) or self._taken(talk, step, case, said)
        if told is None:
            changed = None if talk.is_payload else change(case, talk)
            told = changed.case if changed else None
        return settle_agreement(told).model_dump() if told else None

    def ask(self, talk: Talk, state: dict[str, Any], step: str) -> Reply:
        """Returns the question for one part of the case."""
        return ask(talk, Case.model_validate(state), step)

    def tell(self, talk: Talk, state: dict[str, Any]) -> None:
        """Tells the verdict or the duty, or why neither can be told."""
        tell_case(talk, Case.model_validate(state))

    def keep(self, talk: Talk, state: dict[str, Any]) -> None:
        """Keeps the case, and country and code for other questions."""
        case = Case.model_validate(state)
        super().keep(talk, state)
        talk.remember(country=case.country, hs=case.hs)

    def surely(self, talk: Talk, state: dict[str, Any], step: str, said: str) -> bool:
        """Tells whether a short yes or no ("no more" is no wish for more), a sum or a code answers the question."""
        if len(said) > SHORT or "?" in said or ASKING.search(said):
            return False
        if step in CLOSED:
            return yes_or_no(said) is not None
        if step in ("price", "sum"):
            return money(said) is not None
        if step == "basis":
            return price_term(said) is not None
        if step in ("country", "agreement"):
            return talk.entity(step) is not None
        coded = step in ("code", "product", "material_code")
        return coded and re.fullmatch(r"[\d .\-]{4,14}", said.strip()) is not None

    def _corrected(self, talk: Talk, case: Case) -> Case | None:
        priced = price_term(talk.question) is not None and money(talk.question) is not None
        certain = talk.intent == "change_case" and talk.confidence >= CHANGING_FROM
        if talk.is_payload or not (priced or certain):
            return None
        changed = change(case, talk)
        return changed.case if changed else None

    def _taken(self, talk: Talk, step: str, case: Case, said: str) -> Case | None:
        if step == "country":
            country = talk.entity("country") or (said if len(said) == 2 and said.isupper() else None)
            return case.told(country=country) if country else None
        if step == "agreement":
            named = talk.entity("agreement") or said
            return case.told(agreement=named) if named in {each.id for each in agreements().all()} else None
        return read(step, case, said)


TRADE = TradeInquiry()


class TradeStart(Step):
    """Begins the interview with what the message already tells."""

    action = "action_trade_start"

    def respond(self, talk: Talk) -> None:
        """Keeps goal, country, agreement, code and product named; ends at once where nothing can be weighed."""
        goal = "duty" if talk.intent == "ask_duty" else "origin"
        named = talk.entity("agreement")
        country = talk.entity("country") or partner_of(named) or talk.slot("country")
        code = re.sub(r"\D", "", talk.entity("hs_code") or "")[:6]
        product = talk.entity("product") or (None if talk.is_payload else product_words(talk))
        sells_nothing = asker(talk.question, talk.language) is not None
        if not talk.is_payload and (sells_nothing or (not code and asks_in_general(talk, product))):
            look_up(talk, "ask_howto")
            talk.follow_with("action_listen")
            return
        known = talk.slot("hs") if not product else None
        case = Case(goal=goal, country=country, product=product, hs=code if len(code) == 6 else known)
        TRADE.begin(talk, settle_agreement(case).model_dump())


def asks_in_general(talk: Talk, product: str | None) -> bool:
    """Tells whether an answer of the knowledge fits the words better than a case to be weighed.

    "Is it Korean if I only assemble Chinese parts?" asks for the rule, not for a simulation; "is my soap Korean?" is a
    case. So is "do I get the FTA rate?"; a long story without goods that have a code is not.
    """
    long = len(content_words(talk.question)) >= STORY
    goods = product is not None and bool(search_codes(product, talk.language).candidates)
    if not long and (goods or product is None):
        return False
    finding = search(talk, talk.question, KINDS["ask_howto"])
    about_rules = bool(finding.records) and finding.records[0].kind is Kind.FAQ
    return about_rules and (finding.sure or (long and not goods and finding.plausible))


def hopeless(case: Case) -> bool:
    """Tells whether the country is known and no agreement with it can be weighed; asking more would be for nothing."""
    if case.country is None:
        return False
    found = reaching(case.country)
    return not any(has_rules(agreement) for agreement in found) if case.goal == "origin" else not found
