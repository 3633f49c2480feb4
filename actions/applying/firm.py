"""Shows what is kept of a firm, and lets it be corrected or erased."""

from __future__ import annotations

from collections.abc import Mapping

from babel.numbers import format_decimal

from actions.applying.hearing import named, speaks_of, wants_correction
from actions.applying.interview import APPLYING
from actions.applying.progress import Goal, Progress
from actions.applying.starting import standing
from actions.applying.steps import FIELD
from actions.cases import Cases
from actions.cases.fields import Field, Value, profile_fields
from actions.cases.showing import shown
from actions.interviews.steps import FORM
from actions.reply import Card, Outcome, Reply
from actions.step import Step
from actions.talk import Talk, payload
from knowledge.settings import settings


class Firm(Step):
    """Says what Naru keeps of the firm."""

    action = "action_firm"

    def respond(self, talk: Talk) -> None:
        """Shows it; begins correcting or erasing where that is wanted."""
        value = talk.entity("value")
        if value == "erase" or (value is None and not talk.is_payload and speaks_of("erasing", talk.typed)):
            _begin(talk, "erase")
        elif value == "edit" or (value is None and not talk.is_payload and wants_correction(talk.typed)):
            found = None if talk.is_payload else named(talk.typed, profile_fields().values())
            _begin(talk, "profile", FIELD + found.key if isinstance(found, Field) else None)
        else:
            _show(talk)


def _begin(talk: Talk, goal: Goal, at: str | None = None) -> None:
    away: Progress = standing(talk).away()
    APPLYING.begin_with(talk, away.but(goal=goal, at=at, language=talk.language))
    talk.follow_with(FORM)


def _show(talk: Talk) -> None:
    store = Cases()
    told = store.profile(talk.conversation_id)
    agrees = store.agrees(talk.conversation_id)
    facts = sum(value is not None for value in (talk.slot("firm") or {}).values())
    applications = len(store.of(talk.conversation_id))
    days = format_decimal(settings().retention_days, locale=talk.language)
    lines = [talk.say("application_firm_kept", days=days) if told else talk.say(_nothing(agrees))]
    if facts:
        lines.append(talk.say("application_firm_told", count=facts))
    if applications:
        lines.append(talk.say("application_firm_applications", count=applications))
    choices = [talk.choice("application_button_firm_edit", payload("my_firm", value="edit"))]
    if told or agrees or facts:
        choices.append(talk.choice("application_button_firm_erase", payload("my_firm", value="erase")))
    if applications:
        choices.append(talk.choice("application_button_status", payload("application_status")))
    reply = Reply(
        text="\n".join(lines), card=_card(talk, told) if told else None, choices=tuple(choices), sealed=bool(told)
    )
    talk.reply(reply, Outcome.ANSWERED)


def _nothing(agrees: bool) -> str:
    return "application_firm_agreed" if agrees else "application_firm_nothing"


def _card(talk: Talk, told: Mapping[str, Value]) -> Card:
    fields = profile_fields()
    rows = tuple(
        (fields[key].label(talk.language), shown(fields[key], value, talk.language)) for key, value in told.items()
    )
    return Card(kind="list", title=talk.say("application_firm_card"), rows=rows)
