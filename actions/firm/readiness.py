"""The readiness test: fifteen questions with buttons, a level in plain words, a picture, and what to do first."""

from __future__ import annotations

import re
from typing import Any

from rapidfuzz import fuzz, process

from actions.firm import readiness_telling
from actions.firm.hearing_profile import corrects
from actions.firm.known import facts
from actions.firm.telling import asks_back, lines, noted, yes_or_no
from actions.interviews.frame import Interview
from actions.reply import Outcome, Reply
from actions.step import Step
from actions.talk import Talk, payload
from actions.trade.asking import answer
from knowledge.announcements.period import korean_day
from knowledge.diagnosis.asking import SKIPPED, UNKNOWN, question, questions, read_answer
from knowledge.diagnosis.readiness import (
    ReadinessQuestion,
    next_readiness_question,
    question_of,
    readiness_data,
    readiness_questions,
)
from knowledge.language.jamo import jamo
from knowledge.record import Language

ALIKE = 78.0
"""Likeness in letters (0 to 100) from which free words are taken for a button's words."""

CLEARER = 8.0
"""By how much the likest button must be liker than the next one."""

SAME_QUESTION = {
    "export_staff": ("staff", {"nobody": "no", "shared": "shared", "dedicated": "dedicated"}),
    "foreign_language": ("language", {"none": "no", "translator": "tool"}),
    "certificates": ("certificates", {"unknown_need": "no", "have": "have"}),
    "target_market": ("target", {"undecided": "no"}),
}
"""Questions of the diagnosis whose answers settle one of the test: question → test's question, answer → choice."""

_SPACES = re.compile(r"[\s.,!?~’'‘]+")


class Readiness(Interview):
    """Asks the test's questions in their order.

    The state: ``answers`` by question, those of the last finished test under ``before``, and whether it is ``done``.
    """

    name = "readiness"
    slot = "readiness"

    def next_step(self, talk: Talk, state: dict[str, Any]) -> str | None:
        """Returns the first question not asked yet."""
        if state.get("done"):
            return None
        found = next_readiness_question(state.get("answers") or {})
        return found.id if found else None

    def ask(self, talk: Talk, state: dict[str, Any], step: str) -> Reply:
        """Returns the question with how far it has gone."""
        asked = question_of(step)
        ids = [one.id for one in readiness_questions()]
        progress = talk.say("readiness_progress", number=ids.index(step) + 1, count=len(ids))
        why = talk.say("firm_why", why=asked.why[talk.language])
        choices = [answer(choice.label[talk.language], choice.id) for choice in asked.choices]
        unknown = answer(str(readiness_data()["unknown"][talk.language]), UNKNOWN)
        text = lines(noted(talk, self, state, step), f"{progress} {asked.ask[talk.language]}", why)
        return Reply(text=text, choices=(*choices, unknown))

    def read(self, talk: Talk, state: dict[str, Any], step: str, said: str) -> dict[str, Any] | None:
        """Takes an answer; "아니, 앞의 건 …" changes the answer before."""
        state = {name: value for name, value in state.items() if name != "noted"}
        answers = dict(state.get("answers") or {})
        if not talk.is_payload and corrects(said, talk.language):
            changed = self._corrected(talk, answers, said)
            if changed:
                return state | {"answers": answers | changed, "noted": True}
        chosen = read_choice(question_of(step), said, talk.language)
        return state | {"answers": answers | {step: chosen}} if chosen else None

    def surely(self, talk: Talk, state: dict[str, Any], step: str, said: str) -> bool:
        """Tells whether the words can only be an answer."""
        return not asks_back(said) and read_choice(question_of(step), said, talk.language) is not None

    def tell(self, talk: Talk, state: dict[str, Any]) -> None:
        """Tells the result, and keeps it for a comparison with the next one."""
        answers = dict(state.get("answers") or {})
        if not state.get("done"):
            done = {"answers": answers, "on": korean_day().isoformat()}
            talk.remember(readiness=state | {"done": True}, readiness_before=done)
        talk.remember(paper={"kind": "readiness"})
        readiness_telling.tell(talk, answers, (state.get("before") or {}).get("answers"))

    def _corrected(self, talk: Talk, answers: dict[str, str], said: str) -> dict[str, str] | None:
        """Returns the changed answer to the question before, where the words fit one of its buttons."""
        asked = [one for one in readiness_questions() if one.id in answers]
        words = said.split(maxsplit=1)
        if not asked or len(words) < 2:
            return None
        chosen = read_choice(asked[-1], words[1], talk.language)
        return {asked[-1].id: chosen} if chosen and chosen != answers[asked[-1].id] else None


READINESS = Readiness()


class ReadinessStart(Step):
    """Begins the test, goes on with one that was left, or begins anew after a finished one."""

    action = "action_readiness_start"

    def respond(self, talk: Talk) -> None:
        """Says what is to come."""
        state = READINESS.state(talk)
        afresh = talk.entity("value") == "new"
        if state.get("answers") and not state.get("done") and not afresh:
            again = talk.choice("firm_button_afresh", payload("test_readiness", value="new"))
            talk.reply(Reply(text=talk.say("firm_goes_on"), choices=(again,)), Outcome.NEEDS_INPUT)
            READINESS.begin(talk, state)
            return
        before = talk.slot("readiness_before")
        known = {} if before or afresh else known_answers(facts(talk))
        text = lines(
            talk.say("readiness_begins", count=len(readiness_questions()) - len(known)),
            talk.say("readiness_known", count=len(known)) if known else None,
            talk.say("readiness_compares") if before else None,
        )
        talk.reply(Reply(text=text), Outcome.NEEDS_INPUT)
        READINESS.begin(talk, {"answers": known, "before": before})


def known_answers(told: dict[str, str]) -> dict[str, str]:
    """Returns the test's answers that the diagnosis has already heard."""
    found = {}
    for name, (asked, choices) in SAME_QUESTION.items():
        if told.get(name) in choices:
            found[asked] = choices[told[name]]
    return found


def read_choice(asked: ReadinessQuestion, said: str, language: Language) -> str | None:
    """Returns the choice that words mean, ``unknown``, or None where they fit none clearly.

    A button sends the choice's id. Free words are a button's number ("2번"), its words, or nearly its words; a bare
    no is the choice without any points, a bare yes only one that says yes.
    """
    plain = said.strip()
    ids = [choice.id for choice in asked.choices]
    if plain in (*ids, UNKNOWN, SKIPPED):
        return plain
    labels = {choice.id: _plain(choice.label[language]) for choice in asked.choices}
    wanted = _plain(plain)
    exact = next((name for name, label in labels.items() if label == wanted), None)
    if exact:
        return exact
    numbered = re.fullmatch(r"([1-9])(?:번|번째|\.|\))?", plain)
    if numbered and int(numbered.group(1)) <= len(ids):
        return ids[int(numbered.group(1)) - 1]
    if passed := _passing(plain, language):
        return passed
    return _bare(asked, plain, language) or _as_diagnosed(asked, plain, language) or _likest(labels, wanted)


def _passing(said: str, language: Language) -> str | None:
    """Returns ``unknown`` or ``skipped`` where the words say so, by the diagnosis' own words for them."""
    free = next(one for one in questions() if one.free)
    found = read_answer(free, said, language)
    return found if found in (UNKNOWN, SKIPPED) else None


def _bare(asked: ReadinessQuestion, said: str, language: Language) -> str | None:
    answered = yes_or_no(said, language)
    if answered is None or len(said) > 12:
        return None
    if answered is False:
        return next((choice.id for choice in asked.choices if choice.points == 0), None)
    return next((choice.id for choice in asked.choices if choice.id == "yes"), None)


def _as_diagnosed(asked: ReadinessQuestion, said: str, language: Language) -> str | None:
    """Returns the choice that the same question of the diagnosis, which knows more words, reads in the answer."""
    for name, (same, choices) in SAME_QUESTION.items():
        known = question(name) if same == asked.id else None
        if known and (fact := read_answer(known, said, language)) in choices:
            return choices[str(fact)]
    return None


def _likest(labels: dict[str, str], wanted: str) -> str | None:
    if len(wanted) < 2:
        return None
    inside = [name for name, label in labels.items() if len(wanted) >= 3 and wanted in label]
    if len(inside) == 1:
        return inside[0]
    letters = {name: jamo(label) for name, label in labels.items()}
    found = process.extract(jamo(wanted), letters, scorer=fuzz.ratio, limit=2)
    sure = found and found[0][1] >= ALIKE and (len(found) < 2 or found[0][1] - found[1][1] >= CLEARER)
    return str(found[0][2]) if sure else None


def _plain(words: str) -> str:
    return _SPACES.sub("", words.lower())
