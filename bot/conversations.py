"""Who may go on with a conversation, and the turns it has had."""

from __future__ import annotations

import hashlib
import hmac
import secrets
from collections.abc import Callable
from dataclasses import dataclass
from typing import Any

from sqlalchemy import delete, func, select
from sqlalchemy.orm import Session

from actions.interviews.all import asks_privately
from actions.reply import Outcome, Reply, Turn
from knowledge.database.engine import sessions
from knowledge.database.tables import (
    ConversationRow,
    FeedbackRow,
    FileRow,
    TrackerEventRow,
    TrackerStateRow,
    TurnRow,
)
from knowledge.record import Language


class UnknownConversation(LookupError):
    """There is no conversation of that id."""


class WrongToken(PermissionError):
    """The token does not belong to the conversation."""


@dataclass(frozen=True)
class Opened:
    """A new conversation and the secret that lets its owner go on."""

    id: str
    token: str


@dataclass(frozen=True)
class Visit:
    """Where somebody speaks: in which conversation, whose dialogue, over which channel, in what language."""

    conversation_id: str
    dialogue: str
    channel: str
    language: Language


class Conversations:
    """The conversations in the database. Methods are synchronous and short; call them in a thread."""

    def __init__(self, url: str) -> None:
        self._sessions = sessions(url)

    def open(self, language: Language, channel: str) -> Opened:
        """Begins a conversation; only a digest of its token is kept."""
        opened = Opened(secrets.token_urlsafe(16), secrets.token_urlsafe(32))
        with self._sessions.begin() as session:
            session.add(
                ConversationRow(id=opened.id, token_digest=_digest(opened.token), language=language, channel=channel)
            )
        return opened

    def ensure(self, conversation_id: str, language: Language, channel: str) -> None:
        """Makes the conversation of a channel that has ids of its own (Rasa's REST message), once."""
        with self._sessions.begin() as session:
            if session.get(ConversationRow, conversation_id) is None:
                unusable = _digest(secrets.token_urlsafe(32))
                session.add(
                    ConversationRow(id=conversation_id, token_digest=unusable, language=language, channel=channel)
                )

    def check_token(self, conversation_id: str, token: str) -> None:
        """Lets the owner pass.

        Raises:
            UnknownConversation: There is none of that id.
            WrongToken: The token is another one.
        """
        with self._sessions() as session:
            row = session.get(ConversationRow, conversation_id)
        if row is None:
            raise UnknownConversation(conversation_id)
        if not hmac.compare_digest(row.token_digest, _digest(token)):
            raise WrongToken(conversation_id)

    def visit(self, conversation_id: str) -> Visit:
        """Returns where somebody speaks: the dialogue (that of the conversation it is joined to), channel, language.

        Raises:
            UnknownConversation: There is none of that id.
        """
        with self._sessions() as session:
            row = session.get(ConversationRow, conversation_id)
            shared = session.get(ConversationRow, row.joined_to) if row is not None and row.joined_to else row
        if row is None or shared is None:
            raise UnknownConversation(conversation_id)
        return Visit(conversation_id, shared.id, row.channel, "en" if shared.language == "en" else "ko")

    def dialogue(self, conversation_id: str) -> str:
        """Returns the id of the dialogue a conversation shares, its own unless it is joined to another.

        Raises:
            UnknownConversation: There is none of that id.
        """
        return self.visit(conversation_id).dialogue

    def shared_by(self, dialogue: str) -> list[str]:
        """Returns the ids of all conversations that share a dialogue, its own first."""
        with self._sessions() as session:
            joined = session.scalars(select(ConversationRow.id).where(ConversationRow.joined_to == dialogue))
            return [dialogue, *joined]

    def next_turn_id(self, conversation_id: str) -> int:
        """Returns the number of the turn to come."""
        with self._sessions() as session:
            query = select(func.max(TurnRow.turn_id)).where(TurnRow.conversation_id == conversation_id)
            last = session.scalar(query)
        return 0 if last is None else last + 1

    def private(self, conversation_id: str) -> bool:
        """Tells whether the next answer is personal, so that its words are not recorded."""
        with self._sessions() as session:
            row = session.get(TrackerStateRow, conversation_id)
        return row is not None and asks_privately(row.slots, row.active_loop)

    def record(
        self, turn: Turn, message: dict[str, Any], channel: str, when: Callable[[Session], bool] | None = None
    ) -> bool:
        """Keeps a turn: what was sent, where, and what was answered.

        Args:
            turn: The turn.
            message: What was sent.
            channel: Where.
            when: Asked first, in the same transaction; if it says no, nothing is kept.

        Returns:
            Whether the turn was kept.
        """
        with self._sessions.begin() as session:
            if when is not None and not when(session):
                return False
            session.add(
                TurnRow(
                    conversation_id=turn.conversation_id,
                    turn_id=turn.turn_id,
                    message=message,
                    outcome=turn.outcome.value,
                    intent=turn.intent.name,
                    confidence=turn.intent.confidence,
                    answer=turn.model_dump(mode="json"),
                    channel=channel,
                )
            )
            row = session.get(ConversationRow, turn.conversation_id)
            if row is not None:
                row.language = turn.language
        return True

    def asked_last(self, conversation_id: str) -> Reply | None:
        """Returns the question of the running interview, as it was asked last."""
        asked = TurnRow.outcome == Outcome.NEEDS_INPUT.value
        query = select(TurnRow.answer).where(TurnRow.conversation_id == conversation_id, asked)
        with self._sessions() as session:
            state = session.get(TrackerStateRow, conversation_id)
            answer = session.scalar(query.order_by(TurnRow.turn_id.desc()).limit(1))
        running = state is not None and state.active_loop
        return Reply.model_validate(answer["replies"][-1]) if running and answer and answer["replies"] else None

    def history(self, conversation_id: str, after: int = -1, most: int = 200) -> list[dict[str, Any]]:
        """Returns the turns after the one numbered ``after``, oldest first, each with the message that led to it."""
        query = select(TurnRow).where(TurnRow.conversation_id == conversation_id, TurnRow.turn_id > after)
        with self._sessions() as session:
            rows = list(session.scalars(query.order_by(TurnRow.turn_id).limit(most)))
        return [{**row.answer, "message": row.message, "at": row.at.isoformat()} for row in rows]

    def feedback(self, conversation_id: str, turn_id: int, verdict: str, comment: str | None) -> bool:
        """Keeps a thumb up or down; returns False when there is no such turn. A later thumb replaces it."""
        with self._sessions.begin() as session:
            if session.get(TurnRow, (conversation_id, turn_id)) is None:
                return False
            session.execute(
                delete(FeedbackRow).where(
                    FeedbackRow.conversation_id == conversation_id, FeedbackRow.turn_id == turn_id
                )
            )
            session.add(FeedbackRow(conversation_id=conversation_id, turn_id=turn_id, verdict=verdict, comment=comment))
        return True

    def add_file(self, conversation_id: str, name: str, media_type: str, size: int) -> str:
        """Notes a file a person sent; returns its id."""
        file_id = secrets.token_urlsafe(16)
        with self._sessions.begin() as session:
            session.add(
                FileRow(id=file_id, conversation_id=conversation_id, name=name, media_type=media_type, size=size)
            )
        return file_id

    def file(self, file_id: str) -> FileRow | None:
        """Returns what is known of a file."""
        with self._sessions() as session:
            return session.get(FileRow, file_id)

    def files(self, conversation_id: str) -> list[str]:
        """Returns the ids of the files of a conversation."""
        with self._sessions() as session:
            return list(session.scalars(select(FileRow.id).where(FileRow.conversation_id == conversation_id)))

    def erase(self, conversation_id: str) -> None:
        """Forgets the conversation wholly: turns, feedback, files' entries, dialogue, how it is reached."""
        with self._sessions.begin() as session:
            for table in (TurnRow, FeedbackRow, FileRow, TrackerEventRow, TrackerStateRow):
                session.execute(delete(table).where(table.conversation_id == conversation_id))
            session.execute(delete(ConversationRow).where(ConversationRow.id == conversation_id))


def _digest(token: str) -> str:
    return hashlib.sha256(token.encode()).hexdigest()
