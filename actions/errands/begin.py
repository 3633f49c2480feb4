"""Begins the interview of an errand, or goes on with one that was left unfinished."""

from __future__ import annotations

from typing import Any

from actions.errands.hearing import AGAIN
from actions.interviews.frame import Interview
from actions.reply import Outcome, Reply
from actions.step import Step
from actions.talk import Talk, payload

NEW = "new"
"""What the button for starting afresh carries."""


class Begin(Step):
    """Subclasses give ``action``, ``intent`` and ``interview``, and may read the first message."""

    intent = ""
    interview = Interview()
    keeps = False
    """Whether what was told before stays even when the interview was finished."""

    def first(self, talk: Talk, state: dict[str, Any]) -> dict[str, Any]:
        """Returns the state with what the first message, the firm or a button tells."""
        return state

    def respond(self, talk: Talk) -> None:
        """Begins; says so where it goes on from before, with a way to start afresh."""
        kept = {} if talk.entity("value") == NEW else self.interview.state(talk)
        left = self.left_open(talk, kept)
        if left:
            choice = talk.choice("errand_button_new", payload(self.intent, value=NEW))
            talk.reply(Reply(text=talk.say("errand_goes_on"), choices=(choice,)), Outcome.ANSWERED)
        changes = self.keeps or bool(kept) and not talk.is_payload and bool(AGAIN.search(talk.question))
        self.interview.begin(talk, self.first(talk, kept if left or changes else {}))

    def left_open(self, talk: Talk, kept: dict[str, Any]) -> bool:
        """Tells whether something was told before and something is still to be asked."""
        return bool(kept.get("told")) and self.interview.next_step(talk, kept) is not None


def firm(talk: Talk) -> dict[str, Any]:
    """Returns what is known of the firm (keys as in ``knowledge/programmes/profile.py``)."""
    return dict(talk.slot("firm") or {})


def sold_to(talk: Talk, codes: list[str]) -> None:
    """Remembers countries the firm wants to sell to."""
    known = firm(talk)
    countries = [*(known.get("target_countries") or []), *codes]
    talk.remember(firm={**known, "target_countries": list(dict.fromkeys(countries))})
