"""Deadlines as an interview: the days somebody knows, what each is, and by when something follows from them.

The state is ``{"told": {name: day in ISO 8601}, "inferred": [names whose year was inferred], "waiting": [days not named
yet], "kind": what the next day is, "skipped": [...], "done": bool, "fault": text}``.
"""

from __future__ import annotations

import re
from copy import deepcopy
from datetime import date
from typing import Any

from babel.dates import format_skeleton

from actions.errands.begin import NEW, Begin
from actions.errands.days import today, written
from actions.errands.days_told import kind_name, tell_days, tell_reminders
from actions.errands.errand import Errand
from actions.errands.hearing import asks, skips
from actions.errands.named_days import KINDS, Named, day_of, kind_in, named_days, presentation_days, tense_of
from actions.errands.reminding import OFF, ON
from actions.errands.spoken_days import Spoken
from actions.reply import Choice, Reply
from actions.talk import Talk, payload
from actions.trade.agreements import has_rules, reaching
from actions.trade.answers import yes_or_no
from actions.trade.asking import answer
from actions.trade.citing import agreements

KIND = "kind:"
"""Before the name of a kind of day in a button."""
DROP, ENOUGH = "drop", "enough"
BARE = re.compile(r"(?<!\d)(?<!\d월)(?<!\d월 )\d{1,2}일(?!\s*(?:이내|안|뒤|후|전|동안|간))")
"""A day of a month that is not told."""
LEAP = 2024
"""Any leap year, in which every day without a year can be written."""

_ORIGIN = re.compile(r"원산지|\bc/o\b|certificate of origin|proof of origin", re.IGNORECASE)
_ENOUGH = re.compile(
    r"다예요|다에요|다입니다|전부|그게\s*다|이게\s*다|끝|계산|없|that'?s all|no more|enough|\bdone\b|\ball\b",
    re.IGNORECASE,
)


NAMING_AT_MOST = 18
"""Letters up to which words with the name of a day surely name it; more may ask about the paper of that name."""


class DaysInterview(Errand):
    """Asks for days until enough are known."""

    name = "deadlines"
    slot = "deadlines"
    yields = True

    def next_step(self, talk: Talk, state: dict[str, Any]) -> str | None:
        """Returns what to ask: what a bare day is, the day of a kind chosen, the agreement, or further days."""
        told = state.get("told", {})
        if state.get("waiting"):
            return "kind"
        if state.get("kind"):
            return "day"
        if self._needs_agreement(state) and "agreement" not in told and "agreement" not in state.get("skipped", ()):
            return "agreement"
        if state.get("done"):
            return None
        return "more" if told else "days"

    def read(self, talk: Talk, state: dict[str, Any], step: str, said: str) -> dict[str, Any] | None:
        """Takes a button, the days in the words, or what a bare day is."""
        told = deepcopy(state) | {"fault": None}
        if talk.is_payload:
            return self._pressed(talk, told, step, said)
        if step == "agreement":
            return self._agreement(talk, told, said)
        found = named_days(said, today())
        days = presentation_days(said)
        if days:
            told["told"] = {**told.get("told", {}), "presentation_days": days}
        if found:
            return self._take(talk, told, found)
        bare = BARE.search(said)
        if bare and step != "kind":
            return told | {"fault": talk.say("errand_days_month", said=bare[0])}
        return self._named(told, step, said) or (told if days else None)

    def first(self, talk: Talk, state: dict[str, Any]) -> dict[str, Any]:
        """Returns the state with the days of the first message; days that are all named need no further question."""
        told = deepcopy(state) | {"fault": None, "done": False}
        if talk.is_payload:
            return told
        days = presentation_days(talk.question)
        if days:
            told["told"] = {**told.get("told", {}), "presentation_days": days}
        if _ORIGIN.search(talk.question):
            told["origin"] = True
            told = self._agreement(talk, told, "") or told
        found = named_days(talk.question, today())
        told = self._take(talk, told, found)
        return told | {"done": bool(found) and not told.get("waiting") and not told["fault"]}

    def ask(self, talk: Talk, state: dict[str, Any], step: str) -> Reply:
        """Returns the question, after what was wrong with the last day, if anything was."""
        text, choices = getattr(self, f"_ask_{step}")(talk, state)
        return Reply(text="\n".join(line for line in (state.get("fault"), text) if line), choices=choices)

    def tell(self, talk: Talk, state: dict[str, Any]) -> None:
        """Tells the deadlines, what does not fit together, and gives a file for the calendar; or sets reminders."""
        wish = state.get("reminding")
        if wish:
            talk.remember(deadlines={**state, "reminding": None})
            tell_reminders(talk, state, wish)
        else:
            tell_days(talk, state)

    def surely(self, talk: Talk, state: dict[str, Any], step: str, said: str) -> bool:
        """Words with a day in them, or few words with the name of one, are an answer unless they ask something."""
        if asks(said):
            return False
        return bool(named_days(said, today()) or (len(said) <= NAMING_AT_MOST and kind_in(said)))

    def _pressed(self, talk: Talk, told: dict[str, Any], step: str, said: str) -> dict[str, Any] | None:
        if step == "agreement":
            return self._agreement(talk, told, said)
        if said.startswith(KIND) and said.removeprefix(KIND) in KINDS:
            return self._name(told, said.removeprefix(KIND))
        if said == DROP and told.get("waiting"):
            return told | {"waiting": told["waiting"][1:]}
        if said == ENOUGH:
            return told | {"done": True, "kind": None}
        return None

    def _named(self, told: dict[str, Any], step: str, said: str) -> dict[str, Any] | None:
        """Takes words without a day: what it is, that there are no more, or that it is not known."""
        kind = kind_in(said)
        if kind:
            return self._name(told, kind)
        if step == "kind":
            return told | {"waiting": told["waiting"][1:]} if skips(said) else None
        if step == "day":
            return told | {"kind": None} if skips(said) else None
        if skips(said) or _ENOUGH.search(said) or yes_or_no(said) == "no":
            return told | {"done": True}
        return None

    def _name(self, told: dict[str, Any], kind: str) -> dict[str, Any]:
        waiting = told.get("waiting") or []
        if not waiting:
            return told | {"kind": kind}
        named = Named(kind, Spoken(**waiting[0]), tense_of(kind))
        return self._put(told | {"waiting": waiting[1:]}, named)

    def _take(self, talk: Talk, told: dict[str, Any], found: tuple[Named, ...]) -> dict[str, Any]:
        for named in found:
            spoken = named.spoken
            if not spoken.day:
                said = talk.question[spoken.start : spoken.end].strip()
                told = told | {"fault": talk.say("errand_days_no_such_day", said=said)}
            elif named.kind:
                told = self._put(told, named)
            elif told.get("kind"):
                named = Named(told["kind"], spoken, tense_of(told["kind"]))
                told = self._put(told, named)
            else:
                bare = {"month": spoken.month, "day": spoken.day, "year": spoken.year}
                told = told | {"waiting": [*(told.get("waiting") or []), bare]}
        return told

    def _put(self, told: dict[str, Any], named: Named) -> dict[str, Any]:
        day, inferred = day_of(named, today())
        kind = named.kind or ""
        names = [name for name in told.get("inferred", ()) if name != kind]
        told["told"] = {**told.get("told", {}), kind: day.isoformat()}
        return told | {"inferred": [*names, kind] if inferred else names, "kind": None}

    def _needs_agreement(self, state: dict[str, Any]) -> bool:
        told = state.get("told", {})
        return "proof_issued" in told or bool(state.get("origin") and "shipment" in told)

    def _agreement(self, talk: Talk, told: dict[str, Any], said: str) -> dict[str, Any] | None:
        """Takes an agreement by name, or by country where only one reaches it."""
        named = said if talk.is_payload else talk.entity("agreement")
        if named in {each.id for each in agreements().all()}:
            told["told"] = {**told.get("told", {}), "agreement": named}
            return told
        country = None if talk.is_payload else talk.entity("country")
        found = [each.id for each in reaching(country)] if country else []
        if len(found) == 1:
            told["told"] = {**told.get("told", {}), "agreement": found[0]}
            return told
        if found:
            return told | {"agreements": found}
        return told | {"skipped": [*told.get("skipped", ()), "agreement"]} if said and skips(said) else None

    def _ask_kind(self, talk: Talk, state: dict[str, Any]) -> tuple[str, tuple[Choice, ...]]:
        bare = Spoken(**state["waiting"][0])
        full = date(bare.year or LEAP, bare.month, bare.day)
        day = written(full, talk.language) if bare.year else format_skeleton("MMMd", full, locale=talk.language)
        drop = answer(talk.say("errand_days_drop"), DROP)
        return talk.say("errand_days_which", day=day), (*_kinds(talk), drop)

    def _ask_day(self, talk: Talk, state: dict[str, Any]) -> tuple[str, tuple[Choice, ...]]:
        text = talk.say("errand_days_day", name=kind_name(talk, state["kind"]))
        return text, (answer(talk.say("errand_days_enough"), ENOUGH),)

    def _ask_agreement(self, talk: Talk, state: dict[str, Any]) -> tuple[str, tuple[Choice, ...]]:
        among = state.get("agreements")
        found = [each for each in agreements().all() if (each.id in among if among else has_rules(each))]
        choices = tuple(answer(each.name[talk.language], each.id) for each in found)
        return talk.say("errand_days_agreement"), (*choices, answer(talk.say("button_unknown"), "unknown"))

    def _ask_days(self, talk: Talk, state: dict[str, Any]) -> tuple[str, tuple[Choice, ...]]:
        return talk.say("errand_days_ask"), _kinds(talk)

    def _ask_more(self, talk: Talk, state: dict[str, Any]) -> tuple[str, tuple[Choice, ...]]:
        known = ", ".join(kind_name(talk, name) for name in state["told"])
        left = _kinds(talk, without=tuple(state["told"]))
        new = talk.choice("errand_button_new", payload("count_deadlines", value=NEW))
        return talk.say("errand_days_more", known=known), (answer(talk.say("errand_days_enough"), ENOUGH), *left, new)


DAYS = DaysInterview()


class DaysStart(Begin):
    """Begins with the days of the message; days told before stay, so that one can be added or corrected."""

    action = "action_deadlines_start"
    intent = "count_deadlines"
    interview = DAYS
    keeps = True

    def first(self, talk: Talk, state: dict[str, Any]) -> dict[str, Any]:
        """Reads the message, or the wish for reminders."""
        wish = talk.entity("value")
        if wish in (ON, OFF):
            return state | {"done": True, "waiting": [], "kind": None, "fault": None, "reminding": wish}
        return DAYS.first(talk, state)


def _kinds(talk: Talk, without: tuple[str, ...] = ()) -> tuple[Choice, ...]:
    return tuple(answer(kind_name(talk, kind), KIND + kind) for kind in KINDS if kind not in without)
