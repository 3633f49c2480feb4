"""Answers that depend on something: takes what was told, asks the one thing missing, and then answers exactly.

What a record's answer depends on is its ``decision`` (``knowledge/deciding.py``). What was told is kept in the slot
``conditions``: some holds for the whole conversation, the rest only for the question at hand.
"""

from __future__ import annotations

import re
from collections.abc import Mapping
from dataclasses import dataclass
from functools import lru_cache

from rapidfuzz import fuzz

from actions.present import note_of
from actions.reply import Card, Choice, Reply
from actions.talk import Talk, payload
from knowledge.deciding import UNKNOWN, Condition, Decided, decide, read_conditions
from knowledge.pack import read_yaml
from knowledge.record import Case, Premise, Record
from knowledge.settings import settings

ASKED = "condition_asked"
TOLD = "conditions"
AGAIN = "?"
"""The value of a button that takes back what was understood."""

LONGEST_ANSWER = 60
"""Characters beyond which words are not taken for the answer to a question of a few buttons."""

LIKE_THE_BUTTON = 85
"""rapidfuzz ratio (0 to 100) from which words are taken for a button's title."""

BELIEF = re.compile(
    r"(?:다|라|냐|자)(?:던데|면서|는데요?|며|고\s*(?:하|해|들|그러|그랬|봤))|다매|맞(?:나|아|죠|는)|진짜|정말|사실|소문"
    r"|아닌가|아니에?요\?|들었|된다는|한다는"
    r"|\bis it true\b|\bi (?:heard|read)\b|\b(?:say|said|says|told)\b|\bright\?|\btrue\b",
    re.IGNORECASE,
)
_UNSURE = re.compile(
    r"모르|몰라|글쎄|확실(?:하지|히)?\s*(?:않|안)|\bnot sure\b|\b(?:don'?t|do not) know\b|\bno idea\b|\bunsure\b",
    re.IGNORECASE,
)
_PLACE = re.compile(r"^\s*(\d)\s*(?:번|번이요|번요)?\s*[.)]?\s*$")


@dataclass(frozen=True)
class Depending:
    """What a record's decision adds to its answer."""

    lines: tuple[str, ...]
    card: Card | None
    choices: tuple[Choice, ...]
    case: Case | None
    asks: bool


@lru_cache(maxsize=4)
def _conditions(pack: str) -> Mapping[str, Condition]:
    return read_conditions(settings().packs_dir / pack, read_yaml)


def conditions() -> Mapping[str, Condition]:
    """Returns what answers of this pack can depend on."""
    return _conditions(settings().pack)


def premise_line(talk: Talk, record: Record) -> str | None:
    """Returns whether what the person believes is so, where the question sounds like a belief."""
    premise: Premise | None = record.premise
    if premise is None or talk.is_payload or not BELIEF.search(talk.question):
        return None
    return talk.say(f"premise_{premise.holds}", premise=premise.ko if talk.language == "ko" else _inside(premise.en))


def _inside(sentence: str) -> str:
    """An English sentence as a clause: its first letter small, unless the first word is a name in capitals."""
    first = sentence.split(" ", 1)[0]
    name = first == "I" or (len(first) > 1 and first[1:] != first[1:].lower())
    return sentence.rstrip(".") if name else sentence[:1].lower() + sentence[1:].rstrip(".")


def depending(talk: Talk, record: Record) -> Depending | None:
    """Weighs the record's decision with what was told; remembers it, and what is asked.

    Returns None for a record whose answer depends on nothing.
    """
    if record.decision is None:
        return None
    told, unasked = _told(talk, record)
    found = decide(record.decision, told)
    talk.remember(**{ASKED: {"record": record.id, "condition": found.ask} if found.ask else None})
    if found.case:
        return _answered(talk, record, found, unasked)
    if found.ask:
        return _asked(talk, record, conditions()[found.ask])
    return _all_cases(talk, found)


def _answered(talk: Talk, record: Record, found: Decided, unasked: frozenset[str]) -> Depending:
    assert found.case is not None
    case = found.case
    understood = [_title(talk, name, found.used[name]) for name in found.used if name in unasked]
    lines = [talk.say("depend_understood", conditions=", ".join(understood))] if understood else []
    lines.append(case.ko if talk.language == "ko" else case.en)
    back = [_button(talk, record, name, AGAIN, talk.say("depend_other")) for name in list(found.used)[:1]]
    steps = case.todo.get(talk.language) or record.text(talk.language).todo
    card = Card(kind="steps", title=talk.say("card_todo"), rows=tuple((line,) for line in steps)) if steps else None
    return Depending(tuple(lines), card, tuple(back), case, asks=False)


def _asked(talk: Talk, record: Record, condition: Condition) -> Depending:
    choices = [
        _button(talk, record, condition.id, value.id, value.ko if talk.language == "ko" else value.en)
        for value in condition.values
    ]
    choices.append(_button(talk, record, condition.id, UNKNOWN, talk.say("depend_unknown")))
    question = condition.ko if talk.language == "ko" else condition.en
    return Depending((talk.say("depend_ask", question=question),), None, tuple(choices), None, asks=True)


def _all_cases(talk: Talk, found: Decided) -> Depending:
    """Somebody does not know: what holds in each case."""
    rows = tuple(
        (" · ".join(_titles(talk, case)), case.ko if talk.language == "ko" else case.en) for case in found.open
    )
    card = Card(kind="list", title=talk.say("depend_cases"), rows=rows)
    return Depending((talk.say("depend_not_determined"),), card, (), None, asks=False)


def _titles(talk: Talk, case: Case) -> list[str]:
    found = []
    for name, wanted in case.when.items():
        values = [wanted] if isinstance(wanted, str) else wanted
        found.append("/".join(_title(talk, name, value) for value in values))
    return found


def _title(talk: Talk, name: str, value_id: str) -> str:
    condition = conditions().get(name)
    value = condition.value(value_id) if condition else None
    if value is None:
        return value_id
    return value.ko if talk.language == "ko" else value.en


def _button(talk: Talk, record: Record, condition: str, value: str, title: str) -> Choice:
    return Choice(title=title, payload=payload("define", record=record.id, answers=f"{condition}={value}"))


def _told(talk: Talk, record: Record) -> tuple[dict[str, str], frozenset[str]]:
    """Returns what is known for this record, and which of it was understood from words nobody asked for."""
    assert record.decision is not None
    kept = dict(talk.slot(TOLD) or {})
    here = dict(kept.get("here") or {}) if kept.get("record") == record.id else {}
    always = dict(kept.get("always") or {})
    unasked: set[str] = set()
    name, _, value = (talk.entity("answers") or "").partition("=")
    if value == AGAIN:
        always.pop(name, None)
        here.pop(name, None)
    elif value and name in record.decision.asks:
        here[name] = value
    if not talk.is_payload:
        for each in record.decision.asks:
            heard = conditions()[each].heard(talk.question, talk.language) if each in conditions() else None
            if heard:
                here[each] = heard
                unasked.add(each)
    known = {each: held for each, held in {**always, **here}.items() if each in record.decision.asks}
    unasked |= set(known) - set(here)
    stays = {each: held for each, held in here.items() if conditions()[each].keeps and held != UNKNOWN}
    talk.remember(**{TOLD: {"always": always | stays, "record": record.id, "here": here}})
    return known, frozenset(unasked)


def answers_condition(talk: Talk) -> tuple[Record, str] | None:
    """Returns the record and ``condition=value`` that typed words answer, after a question of this kind; else None."""
    asked = talk.slot(ASKED)
    if talk.is_payload or not asked or len(talk.question) > LONGEST_ANSWER:
        return None
    record, condition = talk.record(asked["record"]), conditions().get(asked["condition"])
    if record is None or condition is None:
        return None
    value = _value_of(talk, condition)
    return (record, f"{condition.id}={value}") if value else None


def _value_of(talk: Talk, condition: Condition) -> str | None:
    if heard := condition.heard(talk.question, talk.language):
        return heard
    if place := _PLACE.match(talk.question):
        number = int(place[1])
        return condition.values[number - 1].id if 1 <= number <= len(condition.values) else None
    titles = {value.id: value.ko if talk.language == "ko" else value.en for value in condition.values}
    like = {name: fuzz.ratio(talk.question.casefold(), title.casefold()) for name, title in titles.items()}
    best = max(like, key=lambda name: like[name])
    if like[best] >= LIKE_THE_BUTTON:
        return best
    return UNKNOWN if _UNSURE.search(talk.question) else None


def with_decision(talk: Talk, record: Record, reply: Reply, found: Depending) -> Reply:
    """Returns the answer with the card, the buttons and the source that the decision brings."""
    sources = reply.sources
    if found.case and found.case.source:
        sources = (note_of(found.case.source, record, talk.language), *sources)
    card = found.card or (None if found.asks else reply.card)
    choices = found.choices if found.asks else (*found.choices, *reply.choices)
    return reply.model_copy(update={"card": card, "choices": choices, "sources": sources})
