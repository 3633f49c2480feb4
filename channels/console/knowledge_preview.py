"""Shows a record as the customer would get it, and which questions would find it, before anybody does."""

from __future__ import annotations

from collections.abc import Callable, Iterable
from dataclasses import dataclass
from enum import StrEnum

from rasa_sdk import Tracker
from rasa_sdk.executor import CollectingDispatcher

from actions.explaining import further
from actions.lookup import ANSWER_FROM, ASK_BACK_FROM, READINGS, give, named_first
from actions.reply import IntentNote, Outcome, Reply, Turn
from actions.talk import Talk, payload
from bot.check import checked
from bot.nlu.text_repair import repair
from knowledge.language.detect import detect_language
from knowledge.record import LANGUAGES, Language, Record
from knowledge.shelf import Shelf, shelf, shelf_with

QUESTIONS_AT_MOST = 20
LONGEST_QUESTION = 200

FURTHER = ("simplify", "example", "more")
"""What a customer can ask on about a record by a button."""


class Found(StrEnum):
    """What becomes of a question."""

    ANSWERED = "answered"
    """The record is the answer."""
    OFFERED = "offered"
    """It is one of the readings that are offered."""
    ANOTHER = "another"
    """Another record is the answer."""
    NOT = "not"
    """Nothing is found that is near enough, or not this record among it."""


@dataclass(frozen=True)
class Tried:
    """A question that was tried: what becomes of it now, and with the record as it is written."""

    question: str
    now: Found
    then: Found
    instead: str | None


@dataclass(frozen=True)
class Preview:
    """The answer in both languages, what is said on further questions, and the questions tried."""

    answers: dict[Language, tuple[Reply, ...]]
    further: dict[Language, tuple[Reply, ...]]
    tried: tuple[Tried, ...]


def preview(record: Record, questions: Iterable[str]) -> Preview:
    """Returns how a record would be told and found if it were published; takes about a second.

    Args:
        record: The record as it is written.
        questions: What to try, in either language.

    Raises:
        NotBuilt: `naru knowledge build` has not run.
    """
    opened = shelf_with(record)
    answers = {each: _said(record, opened, each, "define", lambda talk: give(talk, record)) for each in LANGUAGES}
    asked = [question.strip()[:LONGEST_QUESTION] for question in questions if question.strip()]
    return Preview(
        answers,
        {each: _further(record, opened, each) for each in LANGUAGES},
        tuple(_tried(question, record, opened) for question in asked[:QUESTIONS_AT_MOST]),
    )


def _further(record: Record, opened: Shelf, language: Language) -> tuple[Reply, ...]:
    words = record.text(language)
    more = words.detail or words.where or words.todo or words.mistakes
    there = dict(zip(FURTHER, (words.simple, words.example, more), strict=True))
    return tuple(
        reply
        for key in FURTHER
        if there[key]
        for reply in _said(record, opened, language, key, lambda talk, key=key: further(talk, key))  # type: ignore[misc]
        if reply.sources
    )


def _said(
    record: Record, opened: Shelf, language: Language, intent: str, act: Callable[[Talk], None]
) -> tuple[Reply, ...]:
    """Returns what Naru says when a button for the record is pressed, with the meaning of its jargon."""
    dispatcher = CollectingDispatcher()
    message = {
        "text": payload(intent, record=record.id),
        "intent": {"name": intent, "confidence": 1.0},
        "entities": [{"entity": "record", "value": record.id}],
    }
    slots = {"language_chosen": language}
    talk = Talk(dispatcher, Tracker("preview", slots, message, [], False, None, {}, "action_listen"))
    talk.shelf = opened
    act(talk)
    parts = [each["custom"]["naru"] for each in dispatcher.messages]
    turn = Turn(
        conversation_id="preview",
        turn_id=1,
        language=language,
        outcome=Outcome(parts[-1]["outcome"]),
        intent=IntentNote(name=intent, confidence=1.0),
        records=(record.id,),
        replies=tuple(Reply.model_validate(part["reply"]) for part in parts),
    )
    return checked(turn, opened).replies


def _tried(question: str, record: Record, opened: Shelf) -> Tried:
    now, _ = _found(question, record.id, shelf())
    then, instead = _found(question, record.id, opened)
    return Tried(question, now, then, instead)


def _found(question: str, record_id: str, opened: Shelf) -> tuple[Found, str | None]:
    """Returns what the search makes of a question, and the name of the record that is the answer instead."""
    mended = repair(question)
    language: Language = detect_language(mended) or "ko"
    mentions = opened.gazetteer.find(mended)
    records = opened.library.records
    hits = named_first(opened.search.find(mended, language, None, mentions, top=8), records, mentions)
    best = hits[0].score if hits else 0.0
    if best < ASK_BACK_FROM:
        return Found.NOT, None
    if best >= ANSWER_FROM:
        if hits[0].record == record_id:
            return Found.ANSWERED, None
        return Found.ANOTHER, records[hits[0].record].text(language).name
    offered = record_id in (hit.record for hit in hits[:READINGS])
    return (Found.OFFERED, None) if offered else (Found.NOT, None)
