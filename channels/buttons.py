"""What buttons send, kept on this side under short ids, for channels whose buttons have no room for a payload."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import timedelta
from hashlib import blake2b

from sqlalchemy import delete
from sqlalchemy.exc import IntegrityError

from actions.reply import Choice
from knowledge.database.engine import sessions
from knowledge.database.tables import ButtonPayloadRow, now
from knowledge.settings import Settings

KEPT_FOR = timedelta(days=180)
"""How long a button goes on working after it was shown last."""

LETTERS = 20
"""Letters of an id: 80 bits of digest, far from two choices of one conversation sharing an id."""


@dataclass(frozen=True)
class Button:
    """A button somebody pressed: what it sends, and what stood on it."""

    payload: str
    title: str


class Buttons:
    """The buttons in the database. Methods are synchronous and short; call them in a thread."""

    def __init__(self, settings: Settings) -> None:
        self._sessions = sessions(settings.database)

    def keep(self, conversation_id: str, choices: Iterable[Choice]) -> tuple[str, ...]:
        """Keeps the choices of a conversation and returns an id for each, of at most 24 letters (0-9 and a-f).

        The same choice of the same conversation has the same id, so that a reply sent again costs nothing.
        """
        named = [(_id(conversation_id, each), each) for each in choices]
        try:
            self._write(conversation_id, dict(named))
        except IntegrityError:  # another process wrote one of them at the same moment
            self._write(conversation_id, dict(named))
        return tuple(key for key, _ in named)

    def find(self, button_id: str, conversation_id: str) -> Button | None:
        """Returns a button of this conversation, or None: another's button is as good as none."""
        with self._sessions() as session:
            row = session.get(ButtonPayloadRow, button_id)
        if row is None or row.conversation_id != conversation_id:
            return None
        return Button(row.payload, row.title)

    def purge(self, older: timedelta = KEPT_FOR) -> int:
        """Forgets buttons that were last shown longer ago, and returns how many."""
        with self._sessions.begin() as session:
            gone = session.execute(delete(ButtonPayloadRow).where(ButtonPayloadRow.at < now() - older))
            return int(gone.rowcount)  # type: ignore[attr-defined]

    def _write(self, conversation_id: str, kept: dict[str, Choice]) -> None:
        with self._sessions.begin() as session:
            for key, choice in kept.items():
                row = ButtonPayloadRow(id=key, payload=choice.payload, title=choice.title, at=now())
                row.conversation_id = conversation_id
                session.merge(row)


def _id(conversation_id: str, choice: Choice) -> str:
    parts = "\0".join((conversation_id, choice.payload, choice.title))
    return blake2b(parts.encode("utf-8", "replace"), digest_size=LETTERS // 2).hexdigest()
