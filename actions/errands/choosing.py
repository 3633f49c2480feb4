"""Interviews whose questions each have a few answers: heard in words or pressed, skipped, corrected at any time.

The state is ``{"told": {field: key}, "skipped": [field], "half": {field: word}}``; ``half`` keeps an answer that leaves
two or three possible ("by sea": a container of one's own, or a shared one?).
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from copy import deepcopy
from dataclasses import dataclass, field
from functools import lru_cache
from pathlib import Path
from typing import Any

from actions.errands.errand import Errand
from actions.errands.hearing import CORRECTION, asks, heard, skips
from actions.reply import Choice, Reply
from actions.talk import Talk
from actions.trade.agreements import country_name
from actions.trade.answers import yes_or_no
from actions.trade.asking import answer
from knowledge.pack import read_yaml

WORDS = Path(__file__).with_name("words.yaml")
YES_NO = {"yes": ("네,", "Yes,"), "no": ("아니요,", "No,")}
"""How the titles of answers begin that a plain yes or no stands for."""
LONGEST_ANSWER = 40
"""Letters up to which words that name an answer are surely one."""


@dataclass(frozen=True)
class Question:
    """What is asked about one field.

    Attributes:
        text: The question.
        options: Title of each answer, by key, in the order of the buttons.
        names: Words by which each answer is heard, by key.
    """

    text: str
    options: Mapping[str, str]
    names: Mapping[str, tuple[str, ...]] = field(default_factory=dict)


class ChoiceInterview(Errand):
    """An interview of such questions. Subclasses give ``order``, ``question`` and ``tell``.

    Attributes:
        order: The fields in the order in which they are asked.
        overheard: Fields taken from any message, whatever is being asked.
    """

    order: tuple[str, ...] = ()
    overheard: tuple[str, ...] = ()

    def question(self, talk: Talk, name: str) -> Question:
        """Returns the question about a field."""
        raise NotImplementedError

    def hear(self, talk: Talk, name: str, said: str) -> str | None:
        """Returns the answer to a field that the words hold, or None."""
        question = self.question(talk, name)
        if said in question.options:
            return said
        names = {key: (title, *question.names.get(key, ())) for key, title in question.options.items()}
        return heard(said, names)

    def answer_to(self, talk: Talk, state: dict[str, Any], step: str, said: str) -> str | None:
        """Returns the answer to the question asked: a name of one, or words that mean one after this question."""
        part = half_of(step, said) or (state.get("half") or {}).get(step)
        meant = heard(said, _halves(step)[part]["then"]) if part in _halves(step) else None
        return self.hear(talk, step, said) or meant or _plainly(said, self.question(talk, step).options)

    def next_step(self, talk: Talk, state: dict[str, Any]) -> str | None:
        """Returns the first field neither told nor skipped."""
        done = {*state.get("told", {}), *state.get("skipped", ())}
        return next((name for name in self.order if name not in done), None)

    def read(self, talk: Talk, state: dict[str, Any], step: str, said: str) -> dict[str, Any] | None:
        """Takes the answer, and whatever else the words tell or correct."""
        told = deepcopy(state)
        key = self.answer_to(talk, state, step, said)
        corrects = not talk.is_payload and bool(CORRECTION.search(said))
        others = {} if talk.is_payload else dict(self._overheard(talk, said, told if not corrects else {}, step))
        if corrects and others:
            key = None
        part = None if key or others else half_of(step, said)
        if key is None and not others and part is None:
            if not skips(said):
                return None
            told["skipped"] = [*told.get("skipped", ()), step]
            return told
        if part:
            told["half"] = {**told.get("half", {}), step: part}
        told["told"] = {**told.get("told", {}), **others, **({step: key} if key else {})}
        told["skipped"] = [name for name in told.get("skipped", ()) if name not in told["told"]]
        return told

    def begun_with(self, talk: Talk, state: dict[str, Any]) -> dict[str, Any]:
        """Returns the state with what the first message tells."""
        told = deepcopy(state)
        if not talk.is_payload:
            told["told"] = {**told.get("told", {}), **dict(self._overheard(talk, talk.question, {}, ""))}
            halves = {name: half_of(name, talk.question) for name in self.order if name not in told["told"]}
            told["half"] = {**told.get("half", {}), **{name: part for name, part in halves.items() if part}}
        return told

    def ask(self, talk: Talk, state: dict[str, Any], step: str) -> Reply:
        """Asks, with a button for every answer still possible and one for not knowing."""
        question = self.question(talk, step)
        part = (state.get("half") or {}).get(step)
        among = _halves(step)[part]["among"] if part in _halves(step) else list(question.options)
        text = talk.say(f"errand_half_{step}_{part}") if part in _halves(step) else question.text
        choices = tuple(answer(question.options.get(key) or country_name(key, talk), key) for key in among)
        return Reply(text=text, choices=(*choices, self.not_known(talk, step)))

    def not_known(self, talk: Talk, step: str) -> Choice:
        """Returns the button of somebody who can't tell."""
        return answer(talk.say("button_unknown"), "unknown")

    def surely(self, talk: Talk, state: dict[str, Any], step: str, said: str) -> bool:
        """An answer named in few words that ask nothing is an answer, whatever else they are like."""
        if asks(said) or len(said) > LONGEST_ANSWER:
            return False
        return bool(self.answer_to(talk, state, step, said) or half_of(step, said)) or (
            bool(CORRECTION.search(said)) and any(self._overheard(talk, said, {}, step))
        )

    def _overheard(self, talk: Talk, said: str, known: dict[str, Any], step: str) -> Iterator[tuple[str, str]]:
        for name in self.overheard:
            if name != step and name not in known.get("told", {}):
                key = self.hear(talk, name, said)
                if key and key not in words()["vague"].get(name, ()):
                    yield name, key


def _plainly(said: str, options: Mapping[str, str]) -> str | None:
    """Returns the answer that begins with the yes or no the words are."""
    begins = YES_NO.get(yes_or_no(said) or "")
    return next((key for key, title in options.items() if begins and title.startswith(begins)), None)


def half_of(name: str, said: str) -> str | None:
    """Returns the word for an answer that leaves several possible, or None."""
    return heard(said, {part: item["words"] for part, item in _halves(name).items()})


@lru_cache(maxsize=1)
def words() -> dict[str, Any]:
    """Returns how things are said in free words (``words.yaml``)."""
    return dict(read_yaml(WORDS))


def _halves(name: str) -> dict[str, Any]:
    return dict(words()["half"].get(name, {}))
