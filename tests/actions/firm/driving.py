"""Drives an interview as Rasa's form does, without Rasa: slots are carried from turn to turn."""

from __future__ import annotations

from typing import Any

from actions.interviews.frame import MISSED_SLOT, Interview
from actions.step import Step
from actions.talk import Talk
from tests.actions.talking import talking


class Driver:
    """A conversation with one interview; ``replies`` are those of the last turn."""

    def __init__(self, interview: Interview, language: str = "ko", **slots: Any) -> None:
        self.interview = interview
        self.slots: dict[str, Any] = {"language": language, "language_chosen": language, **slots}
        self.replies: list[dict[str, Any]] = []
        self.outcomes: list[str] = []
        self.records: list[str] = []

    def begin(self, step: Step, words: str, **entities: str) -> Driver:
        """Says or presses what begins the interview."""
        self._forget()
        self._run(step.respond, words, entities)
        return self._go_on()

    def say(self, words: str) -> Driver:
        """Answers the question asked last."""
        self._forget()
        return self._answer(words, {})

    def press(self, value: str) -> Driver:
        """Presses a button of the question asked last."""
        self._forget()
        return self._answer("/answer", {"value": value})

    def act(self, step: Step, words: str, **entities: str) -> Driver:
        """Runs a step that is no interview."""
        self._forget()
        self._run(step.respond, words, entities)
        return self

    @property
    def step(self) -> str | None:
        talk = talking("", slots=self.slots)
        return self.interview.next_step(talk, self.interview.state(talk))

    @property
    def text(self) -> str:
        """Everything said in the last turn, cards included."""
        parts = []
        for reply in self.replies:
            card = reply.get("card") or {}
            parts += [reply.get("text") or "", card.get("title") or ""]
            parts += [" | ".join(row) for row in card.get("rows") or ()]
        return "\n".join(parts)

    @property
    def payloads(self) -> list[str]:
        return [choice["payload"] for reply in self.replies for choice in reply["choices"]]

    def _forget(self) -> None:
        self.replies, self.outcomes, self.records = [], [], []

    def _answer(self, words: str, entities: dict[str, str]) -> Driver:
        step = self.step
        assert step is not None, "nothing was asked"

        def read(talk: Talk) -> None:
            state = self.interview.state(talk)
            said = talk.entity("value") or talk.question
            told = self.interview.read(talk, state, step, said)
            talk.remember(**{MISSED_SLOT: step if told is None else None})
            if told is not None:
                self.interview.keep(talk, told)

        self._run(read, words, entities)
        return self._go_on()

    def _go_on(self) -> Driver:
        step = self.step
        if step is None:
            self._run(lambda talk: self.interview.tell(talk, self.interview.state(talk)), "", {})
        else:
            self._run(lambda talk: self.replies.append(self._asked(talk, step)), "", {})
        return self

    def _asked(self, talk: Talk, step: str) -> dict[str, Any]:
        return self.interview.ask(talk, self.interview.state(talk), step).model_dump(mode="json")

    def _run(self, act: Any, words: str, entities: dict[str, str]) -> None:
        talk = talking(words, entities=entities, slots=self.slots, conversation="firm-test")
        act(talk)
        for message in talk._dispatcher.messages:
            told = message["custom"]["naru"]
            self.replies.append(told["reply"])
            self.outcomes.append(told["outcome"])
            self.records += told["records"]
        self.slots |= talk._slots
