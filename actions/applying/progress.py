"""What the slot ``application`` remembers: which application, which step, and nothing that a firm told."""

from __future__ import annotations

from typing import Any, Literal

from pydantic import BaseModel, ConfigDict

from knowledge.record import Language

SLOT = "application"

Goal = Literal["apply", "withdraw", "profile", "erase"]

MARKS = ("known", "optional", "passed", "skipped")
"""What belongs to one application and is not in the database."""


class Progress(BaseModel):
    """Where the interview stands.

    Attributes:
        goal: What it is about: an application, taking one back, correcting the firm's profile, or erasing it.
        language: Language it is held in; an e-mail address does not change it.
        programme: Programme to apply to.
        id: Application, once it is begun.
        again: Receipt number of an application to the same programme that is open already.
        agreed: Whether the firm lets its profile be kept; None: not asked in this interview.
        alone: It does not, and goes on with this one application.
        resumed: It goes on with an unfinished application, and starting afresh is offered.
        known: What was told before was read over, or there is nothing of that.
        optional: Whether the optional questions are wanted; None: not asked.
        at: Step gone to by hand.
        passed: Steps answered, the last one last.
        skipped: Kinds of documents left out.
        shown: Digest of the summary shown last.
        note: Sentence to be said before the next question; it never repeats what was told.
        heard: Answers taken; a turn in which nothing changes would look to Rasa as if nobody had listened.
        echo: Key of the field whose value is read back before the next question.
        ended: How it ended, or None.
        others: Marks of the other applications by id.
    """

    model_config = ConfigDict(frozen=True, extra="ignore")

    goal: Goal = "apply"
    language: Language = "ko"
    programme: str | None = None
    id: str | None = None
    again: str | None = None
    agreed: bool | None = None
    alone: bool = False
    resumed: bool = False
    known: bool = False
    optional: bool | None = None
    at: str | None = None
    passed: tuple[str, ...] = ()
    skipped: tuple[str, ...] = ()
    shown: str | None = None
    note: str | None = None
    heard: int = 0
    echo: str | None = None
    ended: str | None = None
    others: dict[str, dict[str, Any]] = {}

    def but(self, **changed: Any) -> Progress:
        """Returns the same with something changed."""
        return Progress.model_validate(self.model_dump() | changed)

    def past(self, step: str) -> Progress:
        """Returns the same with a step answered."""
        passed = (*(each for each in self.passed if each != step), step)
        return self.but(passed=passed, at=None)

    def on(self, application_id: str, **changed: Any) -> Progress:
        """Returns the progress of another application, with the marks it had."""
        away = self.away()
        marks = away.others.get(application_id, {})
        return away.but(id=application_id, **(marks | changed))

    def away(self) -> Progress:
        """Returns the progress of no application; the marks of the one held so far are kept."""
        others = dict(self.others)
        if self.id:
            others[self.id] = {name: getattr(self, name) for name in MARKS}
        return Progress(language=self.language, others=others)

    def state(self) -> dict[str, Any]:
        """Returns it as JSON for the slot."""
        return self.model_dump(mode="json")
