"""Reads the questions Naru had no good answer to: how they ended, what was offered, and what people said of it.

Counted are the words people typed themselves, to Naru, outside interviews that ask for personal details. What somebody
pressed, what they wrote while a person of the desk had the conversation, and what lies sealed is no question.
"""

from __future__ import annotations

import hashlib
import hmac
import json
import unicodedata
from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from sqlalchemy import ColumnElement, and_, func, or_, select
from sqlalchemy.orm import Session, aliased

from actions.desk.insight_asked import OF_ITS_OWN
from actions.handover_summary import PASSING
from actions.reply import Outcome
from actions.texts import text
from knowledge.database.engine import sessions
from knowledge.database.tables import ConversationRow, FeedbackRow, TurnRow
from knowledge.language.detect import detect_language
from knowledge.record import LANGUAGES, Language
from knowledge.settings import Settings

MOST = 5000
"""Questions taken together; of more, the newest."""

UNANSWERED = (Outcome.NOT_IN_KNOWLEDGE, Outcome.CLARIFY, Outcome.FAILED)
"""Ends of a turn that leave its question open."""

DISSATISFIED = "dissatisfied"
"""The intent of saying that the answer before was wrong or no help."""

DOWN = "down"

ABOUT_ANSWERS = PASSING | {DISSATISFIED, "simplify", "example", "ask_source", "rate_talk", "stop_waiting"}
"""Intents whose words say nothing about what the knowledge lacks ("shorter please", "that is wrong")."""


@dataclass(frozen=True)
class Question:
    """A question as it was typed, and what became of it.

    Attributes:
        conversation: The dialogue it is of.
        turn: Which of its turns.
        person: Who asked: joined conversations are one person's.
        key: Digest of the wording (``Wordings.key``).
        words: What was typed, numbers of cards and residents masked, other personal data as it was.
        outcome: How the turn ended.
        thumb_down: Whether a thumb down was given on it.
        disputed: Whether the next words said that the answer was wrong.
        offered: Ids of the records that stood on buttons, in order.
        taken: The record whose button was pressed next.
    """

    conversation: str
    turn: int
    person: str
    at: datetime
    channel: str
    language: Language
    key: str
    words: str
    intent: str
    outcome: str
    thumb_down: bool
    disputed: bool
    offered: tuple[str, ...]
    taken: str | None


class Wordings:
    """Tells which questions are the same words, and names them by digests that say nothing without Naru's key."""

    def __init__(self, chosen: Settings) -> None:
        self._key = hmac.new(chosen.signing_key().encode(), b"naru question", hashlib.sha256).digest()

    def key(self, words: str) -> str:
        """Returns the digest of a wording, the same for other spaces, signs and capitals."""
        return hmac.new(self._key, normal(words).encode(), hashlib.sha256).hexdigest()


def normal(words: str) -> str:
    """Returns words as they are compared: letters and digits alone, small."""
    return "".join(filter(str.isalnum, unicodedata.normalize("NFKC", words).casefold()))


def newest_turn(session: Session) -> tuple[Any, ...]:
    """Returns what is other as soon as a turn or a thumb is added or erased."""
    turns = session.execute(select(func.count(), func.max(TurnRow.at))).one()
    thumbs = session.execute(select(func.count(), func.max(FeedbackRow.id))).one()
    return (*turns, *thumbs)


def unanswered(chosen: Settings, since: datetime, most: int = MOST) -> list[Question]:
    """Returns the questions asked since a moment that had no good answer, the newest first."""
    wordings = Wordings(chosen)
    with sessions(chosen.database)() as session:
        return list(_questions(session, since, most, wordings))


def _questions(session: Session, since: datetime, most: int, wordings: Wordings) -> Iterator[Question]:
    mine = func.coalesce(TurnRow.channel, "") != OF_ITS_OWN
    order: dict[str, Any] = {"partition_by": TurnRow.conversation_id, "order_by": TurnRow.turn_id}
    walked = (
        select(
            TurnRow.conversation_id.label("conversation"),
            TurnRow.turn_id.label("turn"),
            func.lead(TurnRow.turn_id).over(**order).label("next_turn"),
            func.lead(TurnRow.intent).over(**order).label("next_intent"),
        )
        .where(TurnRow.at >= since, mine)
        .subquery("walked")
    )
    thumbs = select(FeedbackRow.conversation_id, FeedbackRow.turn_id).where(FeedbackRow.verdict == DOWN).distinct()
    thumb = thumbs.subquery("thumbs_down")
    after = aliased(TurnRow)
    person = func.coalesce(ConversationRow.joined_to, ConversationRow.id)
    query = (
        select(TurnRow, ConversationRow.channel, person, thumb.c.turn_id, walked.c.next_intent, after.message)
        .select_from(walked)
        .join(TurnRow, _same(TurnRow, walked.c.conversation, walked.c.turn))
        .join(ConversationRow, ConversationRow.id == TurnRow.conversation_id)
        .outerjoin(thumb, _same(TurnRow, thumb.c.conversation_id, thumb.c.turn_id))
        .outerjoin(after, _same(after, walked.c.conversation, walked.c.next_turn))
        .where(_left_open(thumb.c.turn_id, walked.c.next_intent))
        .order_by(TurnRow.at.desc(), TurnRow.conversation_id, TurnRow.turn_id.desc())
    )
    sealed = {text("application_sealed", language) for language in LANGUAGES}
    count = 0
    for row, channel, who, down, next_intent, next_message in session.execute(query.execution_options(yield_per=500)):
        question = _question(row, channel, who, down is not None, next_intent, next_message, sealed, wordings)
        if question is not None:
            yield question
            count += 1
        if count == most:
            return


def _same(table: Any, conversation: Any, turn: Any) -> ColumnElement[bool]:
    return and_(table.conversation_id == conversation, table.turn_id == turn)


def _left_open(thumb: Any, next_intent: Any) -> ColumnElement[bool]:
    """Returns the condition that a turn counts, as far as the database can tell."""
    unanswered = and_(
        TurnRow.outcome.in_([outcome.value for outcome in UNANSWERED]), TurnRow.intent.not_in(ABOUT_ANSWERS)
    )
    complained = and_(next_intent == DISSATISFIED, TurnRow.intent.not_in(ABOUT_ANSWERS))
    disliked = and_(thumb.is_not(None), TurnRow.intent.not_in((DISSATISFIED, "handover", "rate_talk")))
    return and_(TurnRow.outcome != Outcome.HANDED_OVER.value, or_(unanswered, complained, disliked))


def _question(
    row: TurnRow,
    channel: str,
    person: str,
    thumb_down: bool,
    next_intent: str | None,
    next_message: Mapping[str, Any] | None,
    sealed: set[str],
    wordings: Wordings,
) -> Question | None:
    """Returns the question of a turn, None where it holds none that was typed and lies open."""
    words = " ".join(str(row.message.get("text") or "").split())
    pressed = {"payload", "file_id"} & row.message.keys() or words.startswith("/")
    if pressed or not any(letter.isalnum() and not "\u3131" <= letter <= "\u318e" for letter in words):
        return None
    replies = row.answer.get("replies") or []
    if words in sealed or any(reply.get("text") in sealed for reply in replies):
        return None
    offered = tuple(dict.fromkeys(_offered(replies)))
    taken = record_of(str((next_message or {}).get("payload") or ""))
    spoken = detect_language(words) or row.answer.get("language")
    return Question(
        conversation=row.conversation_id,
        turn=row.turn_id,
        person=person,
        at=row.at,
        channel=row.channel or channel,
        language="en" if spoken == "en" else "ko",
        key=wordings.key(words),
        words=words,
        intent=row.intent,
        outcome=row.outcome,
        thumb_down=thumb_down,
        disputed=next_intent == DISSATISFIED,
        offered=offered,
        taken=taken if taken in offered else None,
    )


def _offered(replies: Iterable[Mapping[str, Any]]) -> Iterator[str]:
    for reply in replies:
        for choice in reply.get("choices") or []:
            if record := record_of(str(choice.get("payload") or "")):
                yield record


def record_of(payload: str) -> str | None:
    """Returns the record that a button opens, if it opens one."""
    _, brace, told = payload.partition("{")
    if not brace:
        return None
    try:
        record = json.loads(brace + told).get("record")
    except ValueError:
        return None
    return record if isinstance(record, str) else None
