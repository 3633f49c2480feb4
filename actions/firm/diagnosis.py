"""The diagnosis: a person tells what is hard, answers a few questions, and hears what to do this week."""

from __future__ import annotations

import re
from typing import Any

from actions.firm import diagnosis_telling
from actions.firm.earlier import Beginning
from actions.firm.hearing_profile import corrects, hear_profile
from actions.firm.known import FACTS, facts, learn, learn_missing
from actions.firm.telling import asks_back, lines, noted, yes_or_no
from actions.interviews.frame import Interview
from actions.reply import Outcome, Reply
from actions.talk import Talk, payload
from actions.trade.asking import answer
from knowledge.diagnosis.asking import SKIPPED, UNKNOWN, Question, label, next_question, question, read_answer
from knowledge.diagnosis.hearing import by_cues, hear
from knowledge.record import Kind

TROUBLE = "trouble"

USUAL = (
    "obstacle.finding-buyers",
    "obstacle.fear-of-tariffs",
    "obstacle.documents-too-difficult",
    "obstacle.language",
    "obstacle.no-money",
    "obstacle.which-programme",
)
"""Troubles offered as buttons to somebody who has told none yet."""

UNMISTAKABLE = ("target_market", "sector")
"""Questions whose answers are recognised even where something else was asked."""

VAGUE = ("undecided", "other")
"""Answers to them that are told with words of no clear meaning, such as a bare 없어요."""

LONGEST_TOLD = 1500
"""Characters of complaints that are kept; the newest count."""


class Diagnosis(Interview):
    """Asks what is hard and the few things that change the diagnosis most.

    The state: ``words`` said, obstacles ``heard`` with their strength, whether the trouble was asked for
    (``trouble``), and whether it was ``started`` and its result told (``done``). Answers are kept with the firm.
    """

    name = "diagnosis"
    slot = "diagnosis"

    def next_step(self, talk: Talk, state: dict[str, Any]) -> str | None:
        """Returns the trouble first, then the question most worth asking."""
        if state.get("done"):
            return None
        if not state.get("heard") and not state.get("trouble"):
            return TROUBLE
        found = next_question(facts(talk), state.get("heard") or {})
        return found.id if found else None

    def ask(self, talk: Talk, state: dict[str, Any], step: str) -> Reply:
        """Returns the question with why it is asked."""
        if step == TROUBLE:
            records = [record for name in USUAL if (record := talk.record(name))]
            choices = [answer(record.text(talk.language).name, record.id) for record in records]
            unsure = answer(talk.say("diagnosis_cannot_say"), UNKNOWN)
            text = lines(noted(talk, self, state, step), talk.say("diagnosis_ask_trouble"))
            return Reply(text=text, choices=(*choices, unsure))
        asked = _question(step)
        values = [*(choice.id for choice in asked.choices), UNKNOWN, SKIPPED]
        choices = [answer(label(asked, value, talk.language), value) for value in values]
        why = talk.say("firm_why", why=asked.why[talk.language])
        return Reply(text=lines(noted(talk, self, state, step), asked.ask[talk.language], why), choices=tuple(choices))

    def read(self, talk: Talk, state: dict[str, Any], step: str, said: str) -> dict[str, Any] | None:
        """Takes an answer, what else the words tell of the firm, and a correction of something told before."""
        state = {name: value for name, value in state.items() if name != "noted"}
        if step == TROUBLE:
            return self._trouble(talk, state, said)
        told = {} if talk.is_payload else hear_profile(said, talk.language)
        if told and corrects(said, talk.language):
            learn(talk, told)
            return state | {"noted": True}
        fact = self._fact(talk, _question(step), said)
        elsewhere = {} if fact is not None or talk.is_payload else _answers_to_others(talk, step, said)
        if fact is None and not told and not elsewhere:
            return None
        learn(talk, told)
        learn(talk, {FACTS: {step: fact}} if fact is not None else {FACTS: elsewhere})
        return state if fact is not None else state | {"noted": True}

    def surely(self, talk: Talk, state: dict[str, Any], step: str, said: str) -> bool:
        """Tells whether the words can only be an answer."""
        if asks_back(said):
            return False
        if step == TROUBLE:
            return bool(hear(said, talk.language, talk.shelf))
        asked = _question(step)
        if asked.free or self._fact(talk, asked, said) is not None:
            return True
        return bool(hear_profile(said, talk.language) or _answers_to_others(talk, step, said))

    def tell(self, talk: Talk, state: dict[str, Any]) -> None:
        """Tells the diagnosis."""
        diagnosis_telling.tell(talk, str(state.get("words") or ""), facts(talk))
        talk.remember(diagnosis=state | {"done": True})

    def _trouble(self, talk: Talk, state: dict[str, Any], said: str) -> dict[str, Any] | None:
        if said in (UNKNOWN, SKIPPED) or talk.say("diagnosis_cannot_say") == said.strip():
            return state | {"trouble": True}
        record = talk.record(said)
        if record and record.kind is Kind.OBSTACLE:
            return heard_also(talk, state, record.text(talk.language).name) | {"trouble": True}
        if not re.search(r"[가-힣A-Za-z]{2}", said):
            return None
        told, elsewhere = hear_profile(said, talk.language), _answers_to_others(talk, TROUBLE, said)
        learn(talk, told)
        learn(talk, {FACTS: elsewhere})
        if (told or elsewhere) and not hear(said, talk.language, talk.shelf):
            return state | {"noted": True}
        return heard_also(talk, state, said) | {"trouble": True}

    def _fact(self, talk: Talk, asked: Question, said: str) -> str | None:
        found = read_answer(asked, said, talk.language)
        if found is not None or asked.free:
            return found
        answered = yes_or_no(said, talk.language)
        if answered is None:
            return None
        return read_answer(asked, talk.say("firm_there_is" if answered else "firm_there_is_none"), talk.language)


DIAGNOSIS = Diagnosis()


class DiagnosisStart(Beginning):
    """Begins the diagnosis with the troubles told in this message or before in the conversation."""

    action = "action_diagnosis_start"

    def begin(self, talk: Talk, earlier: tuple[str, ...]) -> None:
        """Goes on where one was left, unless something new is told or a fresh start is wanted."""
        before = DIAGNOSIS.state(talk)
        record = talk.record(talk.entity("record"))
        state = _new(talk, before, record.text(talk.language).name if record else None)
        if not state.get("heard") and not before.get("started"):
            state = _looked_back(talk, state, earlier)
        waiting = before.get("started") and not before.get("done")
        if waiting and not talk.entity("value") and (talk.is_payload or not _troubles(talk)) and record is None:
            afresh = talk.choice("firm_button_afresh", payload("start_diagnosis", value="new"))
            talk.reply(Reply(text=talk.say("firm_goes_on"), choices=(afresh,)), Outcome.NEEDS_INPUT)
            state = before
        elif state.get("heard"):
            talk.reply(Reply(text=talk.say("diagnosis_begins_with", names=names(talk, state))), Outcome.NEEDS_INPUT)
        DIAGNOSIS.begin(talk, state | {"started": True})


def names(talk: Talk, state: dict[str, Any]) -> str:
    """Returns the names of the obstacles heard."""
    found = [talk.record(obstacle) for obstacle in state.get("heard", {})]
    return ", ".join(f"‘{record.text(talk.language).name}’" for record in found if record)


def heard_also(talk: Talk, state: dict[str, Any], words: str) -> dict[str, Any]:
    """Returns the state with further words and the obstacles they tell."""
    kept = ". ".join(filter(None, (state.get("words"), words)))[-LONGEST_TOLD:]
    heard = dict(state.get("heard") or {})
    for one in hear(words, talk.language, talk.shelf):
        heard[one.obstacle] = max(one.strength, heard.get(one.obstacle, 0.0))
    return state | {"words": kept, "heard": heard}


def note_trouble(talk: Talk, words: str) -> None:
    """Keeps a trouble told outside the diagnosis, so that it can begin with it."""
    before = DIAGNOSIS.state(talk)
    talk.remember(diagnosis=heard_also(talk, {} if before.get("done") else before, words))
    learn(talk, hear_profile(words, talk.language))


def _new(talk: Talk, before: dict[str, Any], named: str | None) -> dict[str, Any]:
    """Returns the state a new diagnosis begins with."""
    told = {} if before.get("started") else before
    if named:
        return heard_also(talk, told, named)
    if not talk.is_payload:
        learn(talk, hear_profile(talk.question, talk.language))
        told = heard_also(talk, told, talk.question) if _troubles(talk) else told
    if not told.get("heard") and talk.topic and talk.topic.kind is Kind.OBSTACLE:
        return heard_also(talk, told, talk.topic.text(talk.language).name)
    return told


def _answers_to_others(talk: Talk, step: str, said: str) -> dict[str, str]:
    """Returns answers to questions not asked now, for those whose words mean nothing else (countries, trades)."""
    found = {}
    for name in UNMISTAKABLE:
        fact = None if name == step else read_answer(_question(name), said, talk.language)
        if fact not in (None, UNKNOWN, SKIPPED, *VAGUE):
            found[name] = str(fact)
    return found


def _looked_back(talk: Talk, state: dict[str, Any], earlier: tuple[str, ...]) -> dict[str, Any]:
    """Returns the state with troubles told in known phrases before, also where they were answered otherwise."""
    for words in earlier:
        if by_cues(words, talk.language):
            state = heard_also(talk, state, words)
    for words in reversed(earlier):
        learn_missing(talk, hear_profile(words, talk.language))
    return state


def _troubles(talk: Talk) -> bool:
    return bool(hear(talk.question, talk.language, talk.shelf))


def _question(step: str) -> Question:
    found = question(step)
    if found is None:
        raise KeyError(step)
    return found
