"""What an interview is: a state kept in a slot, a next question, a reading of answers, and a result."""

from __future__ import annotations

import re
from typing import Any

from actions.reply import Reply
from actions.talk import Talk

DONE = "done"
"""Value of the slot ``interview_step`` when nothing is left to ask."""

STEP_SLOT = "interview_step"
MISSED_SLOT = "interview_missed"


ASKING = re.compile(
    r"뭐(?:야|예요|에요|에여|죠|지|냐|임|니|길래)|무슨\s*(?:뜻|말)|무엇|뜻이|뭔가요|뭔지"
    r"|\bwhat(?:'s| is| are| does)\b|\bmeans?\b",
    re.IGNORECASE,
)
"""Words that ask what something is; they are no answer to a question of Naru's."""


class Interview:
    """One kind of interview. The state is JSON, so that it lives in the conversation's memory.

    Attributes:
        name: Value of the slot ``interview`` while it runs.
        slot: The slot that keeps what was told.
        yields: Whether words that ask something the knowledge answers are taken for a question although their kind is
            not clear. Not where names are asked for, or where "why do you ask?" is answered by the interview itself.
    """

    name = ""
    slot = ""
    yields = False

    def next_step(self, talk: Talk, state: dict[str, Any]) -> str | None:
        """Returns what to ask next, or None when enough is told."""
        raise NotImplementedError

    def read(self, talk: Talk, state: dict[str, Any], step: str, said: str) -> dict[str, Any] | None:
        """Returns the state with the answer taken in, or None when the words are no answer to the question."""
        raise NotImplementedError

    def ask(self, talk: Talk, state: dict[str, Any], step: str) -> Reply:
        """Returns the question."""
        raise NotImplementedError

    def tell(self, talk: Talk, state: dict[str, Any]) -> None:
        """Tells what came of it."""
        raise NotImplementedError

    def surely(self, talk: Talk, state: dict[str, Any], step: str, said: str) -> bool:
        """Tells whether the words can only be an answer, even if they look like a question of another kind."""
        return False

    def private(self, state: dict[str, Any]) -> bool:
        """Tells whether what is answered next is personal: no record of the conversation keeps those words."""
        return False

    def stopped(self, talk: Talk) -> str:
        """Returns what is said where the person stops it."""
        return talk.say("interview_stopped")

    def state(self, talk: Talk) -> dict[str, Any]:
        """Returns what was told so far."""
        return dict(talk.slot(self.slot) or {})

    def keep(self, talk: Talk, state: dict[str, Any]) -> None:
        """Keeps what was told, and whether anything is left to ask."""
        step = self.next_step(talk, state)
        talk.remember(**{self.slot: state, STEP_SLOT: DONE if step is None else None})

    def begin(self, talk: Talk, state: dict[str, Any]) -> None:
        """Starts with what is already told; another interview that was running waits in its own slot."""
        talk.remember(interview=self.name, **{MISSED_SLOT: None})
        self.keep(talk, state)
