"""A turn on its way through the assistant, and the bubbles that actions say on it."""

from __future__ import annotations

from dataclasses import dataclass, field
from typing import Any

from rasa.core.channels.channel import OutputChannel
from rasa.core.processor import MessageProcessor

from actions.reply import Turn
from bot.conversations import Visit
from bot.guard import Message
from knowledge.record import Language


class Bubbles(OutputChannel):
    """Collects what Rasa's actions say, whole, instead of sending it in pieces."""

    def __init__(self) -> None:
        self.messages: list[dict[str, Any]] = []

    @classmethod
    def name(cls) -> str:
        """Returns the channel's name in Rasa's events."""
        return "naru"

    async def send_response(self, recipient_id: str, message: dict[str, Any]) -> None:
        """Keeps one message."""
        self.messages.append(message)


@dataclass
class Passage:
    """What is known of a turn on its way; each step adds to it.

    ``conversation_id`` is the dialogue, ``visit`` where the person speaks (another conversation, if joined).
    ``private``: the words are not to be recorded; ``whole``: they are recorded whatever their length. ``processor`` is
    Rasa's side of the model it began on, which it also ends on.
    """

    conversation_id: str
    message: Message
    language: Language
    visit: Visit
    turn_id: int = 0
    private: bool = False
    whole: bool = False
    processor: MessageProcessor | None = None
    text: str = ""
    parsed: dict[str, Any] | None = None
    bubbles: list[dict[str, Any]] = field(default_factory=list)
    turn: Turn | None = None
