"""What all interviews of errands share: a state that says how often it was answered, and words for stopping."""

from __future__ import annotations

from typing import Any

from actions.interviews.frame import Interview
from actions.talk import Talk

ANSWERS = "answers"
"""Part of the state: how many answers were taken. Rasa's form hands a turn on to other rules where nothing changed,
so an answer that repeats what is known must change something."""


class Errand(Interview):
    """An interview whose state waits until it is called again."""

    def keep(self, talk: Talk, state: dict[str, Any]) -> None:
        """Keeps the state, counting the answers."""
        super().keep(talk, state | {ANSWERS: int(state.get(ANSWERS) or 0) + 1})

    def stopped(self, talk: Talk) -> str:
        """Says that what was told is kept."""
        return talk.say("errand_stopped")
