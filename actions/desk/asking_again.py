"""What Naru would answer today to a question that had no answer: the search and the limits of a real turn.

Nothing of it is recorded or sent. Words that would begin an interview (a duty, a tariff code) are only named: what
they lead to hangs on answers nobody gives here.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any

from rasa_sdk import Tracker
from rasa_sdk.executor import CollectingDispatcher

from actions.lookup import KINDS, look_up
from actions.reply import Outcome
from actions.talk import Talk
from actions.unsure import Clarify, OutOfScope
from knowledge.record import Language
from knowledge.shelf import shelf

UNCLEAR = frozenset({"", "none", "nlu_fallback"})
"""Intents of words that fit no kind of question."""

OTHER = "other"
"""What comes instead of an outcome where Naru would do something else than look the question up."""


@dataclass(frozen=True)
class Again:
    """How a question would end today.

    Attributes:
        outcome: An ``Outcome``, or ``OTHER``.
        intent: What it was taken for.
        records: Ids of the records the answer rests on, or that are offered.
        said: What Naru would say.
    """

    outcome: str
    intent: str
    records: tuple[str, ...] = ()
    said: str = ""

    @property
    def answered(self) -> bool:
        """Whether it has an answer now."""
        return self.outcome == Outcome.ANSWERED


def understood_before(words: str, intent: str) -> dict[str, Any]:
    """Returns what Rasa's NLU would give, with an intent understood before and the names the gazetteer finds now."""
    mentions = shelf().gazetteer.find(words)
    entities = [
        {
            "entity": mention.entity,
            "value": mention.value,
            "start": mention.start,
            "end": mention.end,
            "confidence_entity": mention.score,
            "rivals": list(mention.rivals),
        }
        for mention in mentions
    ]
    return {"text": words, "intent": {"name": intent, "confidence": 1.0}, "entities": entities}


def answer_now(parsed: Mapping[str, Any], language: Language) -> Again:
    """Returns how a question would end today.

    Args:
        parsed: What Rasa's NLU understood, or ``understood_before``.
        language: The language of the question.
    """
    intent = str((parsed.get("intent") or {}).get("name") or "")
    dispatcher = CollectingDispatcher()
    talk = Talk(dispatcher, Tracker("", {"language": language}, dict(parsed), [], False, None, {}, "action_listen"))
    if intent in KINDS:
        look_up(talk, intent)
    elif intent == "out_of_scope":
        OutOfScope().respond(talk)
    elif intent in UNCLEAR:
        Clarify().respond(talk)
    else:
        return Again(OTHER, intent)
    parts = [each["custom"]["naru"] for each in dispatcher.messages]
    rests_on = tuple(dict.fromkeys(record for part in parts for record in part["records"]))
    said = "\n".join(str(part["reply"]["text"]) for part in parts if part["reply"].get("text"))
    return Again(str(parts[-1]["outcome"]), intent, rests_on, said)
