"""A customer of a call centre that runs Chatwoot: webhooks go to Naru, which posts through Chatwoot's API."""

from __future__ import annotations

import asyncio
import threading
from collections.abc import Coroutine
from pathlib import Path
from typing import Any, TypeVar

from tests.channels.chatwoot.server import ACCOUNT, Chatwoot, Message
from tests.channels.chatwoot.shown import shown
from tests.channels.everywhere.answered import wait_until_answered
from tests.channels.everywhere.players import Seen, begins

Result = TypeVar("Result")


class CallCentre:
    """The Chatwoot of a call centre, on a thread of its own."""

    def __init__(self) -> None:
        self._loop = asyncio.new_event_loop()
        self._thread = threading.Thread(target=self._loop.run_forever, daemon=True)
        self._thread.start()
        self.chatwoot = self.done(_made())

    def done(self, work: Coroutine[Any, Any, Result]) -> Result:
        """Does something in Chatwoot's loop and returns what came of it."""
        return asyncio.run_coroutine_threadsafe(work, self._loop).result(90)

    def stop(self) -> None:
        """Ends Chatwoot."""
        self.done(self.chatwoot.stop())
        self._loop.call_soon_threadsafe(self._loop.stop)
        self._thread.join(timeout=5)


class Customer:
    """A customer in a conversation of their own.

    Args:
        centre: The call centre.
        database: The service's database.
    """

    channel = "chatwoot"

    def __init__(self, centre: CallCentre, database: Path) -> None:
        self._centre, self._database = centre, database
        self.number = centre.chatwoot.conversation()
        self._last: list[Message] = []

    @property
    def status(self) -> str:
        """Whose the conversation is: pending, the bot's; open, people's."""
        return self._centre.chatwoot.statuses[self.number]

    @property
    def notes(self) -> list[str]:
        """What only staff see."""
        return [note.content or "" for note in self._centre.chatwoot.notes(self.number)]

    def say(self, words: str) -> Seen:
        return self._seen_after(self._centre.chatwoot.write(self.number, words))

    def choose(self, title: str) -> Seen:
        titles = [item["title"] for message in self._last for item in message.items]
        whole = [each for each in titles if each == title] or [each for each in titles if begins(each, title)]
        assert whole, f"no button {title!r} among {titles}"
        return self._seen_after(self._centre.chatwoot.choose(self.number, whole[0]))

    def send(self, path: Path) -> Seen:
        return self._seen_after(self._centre.chatwoot.write(self.number, None, path))

    def carry(self, words: str, path: Path) -> Seen:
        raise NotImplementedError("files are taken here")

    def _seen_after(self, doing: Coroutine[Any, Any, Any]) -> Seen:
        chatwoot = self._centre.chatwoot
        before = len(chatwoot.shown(self.number))
        self._centre.done(doing)
        wait_until_answered(self._database, self.channel, f"{ACCOUNT}/{self.number}")
        self._centre.done(chatwoot.settled())
        self._last = chatwoot.shown(self.number)[before:]
        files = [each for message in self._last for each in message.attachments]
        return Seen(
            "\n\n".join(shown(message.content or "") for message in self._last),
            tuple(item["title"] for message in self._last for item in message.items),
            tuple(chatwoot.files[each["id"]] for each in files),
        )


async def _made() -> Chatwoot:
    chatwoot = Chatwoot()
    await chatwoot.start()
    return chatwoot
