"""HS codes in conversation (temporary: the finder is on its way)."""

from __future__ import annotations

from actions.reply import Choice, Outcome, Reply
from actions.step import Step
from actions.talk import Talk


class FindHs(Step):
    """x."""

    action = "action_find_hs"

    def respond(self, talk: Talk) -> None:
        """x."""
        talk.reply(Reply(text="HS"), Outcome.ANSWERED)


def code_choices(talk: Talk, words: str) -> tuple[Choice, ...]:
    """x."""
    return ()
