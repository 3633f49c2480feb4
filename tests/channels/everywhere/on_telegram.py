"""Somebody on Telegram: updates go to the webhook, and what the bot sends to the local Bot API is what they see."""

from __future__ import annotations

from pathlib import Path
from typing import Any

import httpx

from tests.channels.everywhere.answered import wait_until_answered
from tests.channels.everywhere.players import Seen, button
from tests.channels.telegram.bot_api import BotApi, Call
from tests.channels.telegram.people import Someone


class Telegram:
    """Somebody in a private chat with the bot.

    Args:
        address: Where Telegram calls Naru.
        secret: The secret token of the webhook.
        api: The Bot API that Naru calls.
        database: The service's database.
        language: The language of the person's Telegram.
    """

    channel = "telegram"

    def __init__(self, address: str, secret: str, api: BotApi, database: Path, language: str) -> None:
        self._person = Someone(api, language)
        self._database = database
        self._http = httpx.Client(base_url=address, headers={"X-Telegram-Bot-Api-Secret-Token": secret}, timeout=30)
        self._buttons: list[tuple[str, tuple[str, Call]]] = []

    def say(self, words: str) -> Seen:
        return self._deliver(self._person.writes(words))

    def choose(self, title: str) -> Seen:
        data, call = button(title, self._buttons)
        return self._deliver(self._person.pressing(data, call))

    def send(self, path: Path) -> Seen:
        return self._deliver(self._person.sends(path.name, path.read_bytes()))

    def carry(self, words: str, path: Path) -> Seen:
        raise NotImplementedError("files are taken here")

    def _deliver(self, update: dict[str, Any]) -> Seen:
        before = len(self._person.sees())
        self._http.post("/webhooks/telegram", json=update).raise_for_status()
        wait_until_answered(self._database, self.channel, str(self._person.chat_id))
        calls = self._person.sees()[before:]
        self._buttons = [(each["text"], (each["callback_data"], call)) for call in calls for each in call.buttons]
        return Seen(
            "\n\n".join(call.shown.text for call in calls if call.shown),
            tuple(title for title, _ in self._buttons),
            tuple(file for call in calls for file in call.files.values()),
        )
