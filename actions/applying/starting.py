"""Begins an application, or goes on with the one that was left."""

from __future__ import annotations

from actions.applying.hearing import speaks_of
from actions.applying.interview import APPLYING
from actions.applying.progress import SLOT, Progress
from actions.applying.steps import begun, own, programme_named, resumed
from actions.cases import Application, Cases
from actions.cases.states import EDITABLE
from actions.step import Step
from actions.talk import Talk
from knowledge.record import Kind


class ApplicationStart(Step):
    """Begins an application to the programme named, spoken of, or chosen."""

    action = "action_application_start"

    def respond(self, talk: Talk) -> None:
        """Goes on with an unfinished one where there is one; tells honestly where a programme has no form."""
        APPLYING.begin_with(talk, beginning(talk))


def beginning(talk: Talk) -> Progress:
    """Returns where the interview begins."""
    before = standing(talk)
    fresh = before if before.goal == "apply" else Progress(language=talk.language, others=before.others)
    fresh = fresh.but(language=talk.language, ended=None, note=None, echo=None)
    chosen = own(talk, talk.entity("value"))
    if chosen is not None and chosen.state in EDITABLE:
        return resumed(talk, fresh, chosen)
    named = programme_named(talk)
    if named is None and not speaks_of("going_on", talk.typed):
        named = _topic(talk)
    left = _left(talk, before)
    if named is None and left is not None:
        return resumed(talk, fresh, left)
    away = fresh.away()
    return begun(talk, away.but(programme=named)) if named else away


def standing(talk: Talk) -> Progress:
    """Returns the progress the slot remembers."""
    return Progress.model_validate(talk.slot(SLOT) or {"language": talk.language})


def _topic(talk: Talk) -> str | None:
    return talk.topic.id if talk.topic is not None and talk.topic.kind is Kind.PROGRAMME else None


def _drafts(talk: Talk) -> list[Application]:
    return [each for each in Cases().of(talk.conversation_id) if each.state in EDITABLE]


def _left(talk: Talk, before: Progress) -> Application | None:
    """Returns the application that was being written, or the only unfinished one; of several, one has to be chosen."""
    drafts = _drafts(talk)
    same = next((each for each in drafts if each.id == before.id), None)
    return same or (drafts[0] if len(drafts) == 1 else None)
