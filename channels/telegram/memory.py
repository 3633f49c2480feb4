"""What is remembered of a contact beside their conversation: how far answers were sent, and what messages said.

It is kept sealed with the contact, so that after a crash no question is asked twice and no message is sent twice.
"""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass
from hashlib import blake2b
from typing import Any

from channels.contacts import Contact, Contacts

LAST = 20
"""Messages whose words can be told apart from an edited version, and answers under way."""


@dataclass(frozen=True)
class Progress:
    """An answer under way: its turn, and how many of its messages were sent."""

    turn_id: int
    sent: int = 0


class Memory:
    """The memory of one contact. Methods are synchronous and short; call them in a thread."""

    def __init__(self, contacts: Contacts, contact: Contact) -> None:
        self._contacts, self._contact = contacts, contact

    def progress(self, key: str) -> Progress | None:
        """Returns how far the answer to a message came, or None when it was not begun or is done."""
        found = self._kept()["answers"].get(key)
        return Progress(*found) if found else None

    def begun(self) -> set[int]:
        """Returns the turns whose answers are under way."""
        return {turn_id for turn_id, _sent in self._kept()["answers"].values()}

    def note(self, key: str, progress: Progress) -> None:
        """Notes how far an answer came."""
        kept = self._kept()
        kept["answers"].pop(key, None)
        kept["answers"] = dict([*kept["answers"].items(), (key, [progress.turn_id, progress.sent])][-LAST:])
        self._contacts.keep(self._contact, kept)

    def done(self, keys: Iterable[str]) -> None:
        """Notes that messages are answered."""
        kept, over = self._kept(), set(keys)
        if over & set(kept["answers"]):
            kept["answers"] = {key: value for key, value in kept["answers"].items() if key not in over}
            self._contacts.keep(self._contact, kept)

    def changed(self, message_id: int, words: str) -> bool:
        """Notes what a message says, and tells whether it says something new."""
        kept, digest = self._kept(), blake2b(words.strip().encode("utf-8", "replace"), digest_size=8).hexdigest()
        if kept["said"].get(str(message_id)) == digest:
            return False
        kept["said"] = dict([*kept["said"].items(), (str(message_id), digest)][-LAST:])
        self._contacts.keep(self._contact, kept)
        return True

    def asking_since(self, message_id: int) -> None:
        """Notes the first message of the latest answer: buttons of questions before it are out of date."""
        self._contacts.keep(self._contact, self._kept() | {"since": message_id})

    def outdated(self, message_id: int | None) -> bool:
        """Tells whether a message is older than the latest answer."""
        return message_id is not None and message_id < int(self._kept().get("since", 0))

    def _kept(self) -> dict[str, Any]:
        kept = self._contacts.kept(self._contact)
        return {"answers": {}, "said": {}} | (kept if isinstance(kept, dict) else {})
