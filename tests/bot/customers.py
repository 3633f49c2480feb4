"""Somebody who talks to Naru while people sit at the desk, and the two who sit there."""

from __future__ import annotations

from typing import Any

from actions.desk.handovers import Handover
from actions.reply import Turn
from bot.assistant import Assistant
from bot.guard import Message

ALWAYS = "Mon-Sun 00:00-24:00, PH 00:00-24:00"
NEVER = "PH 00:00-00:01"
MINA, JUNHO = "mina", "junho"


class Customer:
    """Somebody who talks to Naru on a channel."""

    def __init__(self, naru: Assistant, channel: str = "web", language: str = "ko") -> None:
        self.naru = naru
        self.id = naru.conversations.open("en" if language == "en" else "ko", channel).id

    async def say(self, words: str) -> Turn:
        return await self.naru.turn(self.id, Message(text=words))

    async def press(self, payload: str) -> Turn:
        return await self.naru.turn(self.id, Message(payload=payload))

    async def handed(self, by: str = MINA) -> Handover:
        """Asks for a person and gets one."""
        await self.press("/handover")
        handover = self.handover
        assert handover and await self.naru.desk.accept(handover.id, by)
        return handover

    @property
    def handover(self) -> Handover | None:
        return self.naru.desk.handovers.open_of(self.id)

    @property
    def last(self) -> dict[str, Any]:
        return self.naru.conversations.history(self.naru.conversations.dialogue(self.id))[-1]


def words(turn: Turn | dict[str, Any]) -> str:
    told = turn.model_dump(mode="json") if isinstance(turn, Turn) else turn
    return "\n".join(reply["text"] or "" for reply in told["replies"])


def payloads(turn: Turn | dict[str, Any]) -> list[str]:
    told = turn.model_dump(mode="json") if isinstance(turn, Turn) else turn
    return [choice["payload"] for reply in told["replies"] for choice in reply["choices"]]
