"""The platform adviser as an interview: where to sell online, and what a platform asks for when one registers."""

from __future__ import annotations

from typing import Any

from actions.errands.asking_country import country_heard, country_question
from actions.errands.begin import NEW, Begin, firm, sold_to
from actions.errands.choosing import ChoiceInterview, Question, words
from actions.errands.selling_told import tell_checklist, tell_places
from actions.talk import Talk
from actions.trade.answers import yes_or_no
from knowledge.platforms.advise import ASKED
from knowledge.platforms.model import load

EUROPE = "EU"
SHOWN = "shown"
"""Part of the state: the platform whose checklist is wanted now."""

YES_NO = frozenset({"english_material", "wants_help"})


class SellingInterview(ChoiceInterview):
    """Asks what decides where to sell."""

    name = "platform"
    slot = "platform"
    order = ASKED
    overheard = ("buyer", "market", "product_kind")

    def question(self, talk: Talk, name: str) -> Question:
        """Returns the pack's own question and answers."""
        said = load().words
        text = said["questions"][name][talk.language]
        if name == "market":
            return country_question(talk, text)
        answers = said["answers"][name]
        heard = words()["platform"].get(name, {})
        return Question(
            text,
            {key: each[talk.language] for key, each in answers.items()},
            {key: (*each.values(), *heard.get(key, ())) for key, each in answers.items()},
        )

    def hear(self, talk: Talk, name: str, said: str) -> str | None:
        """Hears a country (Europe as a whole is none) and yes or no; anything else by its names."""
        if name == "market":
            code = country_heard(talk, said)
            return None if code == EUROPE else code
        found = super().hear(talk, name, said)
        if found is None and name in YES_NO:
            plain = yes_or_no(said)
            return plain if plain in ("yes", "no") else None
        return found

    def next_step(self, talk: Talk, state: dict[str, Any]) -> str | None:
        """Nothing is asked where a platform's checklist is wanted."""
        return None if state.get(SHOWN) else super().next_step(talk, state)

    def tell(self, talk: Talk, state: dict[str, Any]) -> None:
        """Tells the advice, or the checklist of the platform chosen."""
        shown = state.get(SHOWN)
        if shown:
            talk.remember(**{self.slot: {key: value for key, value in state.items() if key != SHOWN}})
            tell_checklist(talk, shown)
            return
        told = state.get("told", {})
        if told.get("market"):
            sold_to(talk, [told["market"]])
        tell_places(talk, told)


SELLING = SellingInterview()


class SellingStart(Begin):
    """Begins with what message and firm tell; a button may ask for the checklist of one platform."""

    action = "action_platform_start"
    intent = "advise_platform"
    interview = SELLING

    def respond(self, talk: Talk) -> None:
        """Begins, or shows what a platform asks for."""
        chosen = talk.entity("value")
        if chosen in load().checklists:
            SELLING.begin(talk, SELLING.state(talk) | {SHOWN: chosen})
        else:
            super().respond(talk)

    def first(self, talk: Talk, state: dict[str, Any]) -> dict[str, Any]:
        """Reads the message, and what is known of the firm, unless it is to start afresh."""
        begun = SELLING.begun_with(talk, state)
        known = {} if talk.entity("value") == NEW else _known(talk)
        return begun | {"told": {**known, **begun.get("told", {})}}


def _known(talk: Talk) -> dict[str, str]:
    """Returns what the firm told elsewhere: its only market, and that it has not exported yet."""
    told = firm(talk)
    markets = told.get("target_countries") or []
    known = {"market": markets[0]} if len(markets) == 1 else {}
    if told.get("exports_usd_last_year") == 0 and told.get("export_group") in (None, "no_record"):
        known["stage"] = "none"
    return known
