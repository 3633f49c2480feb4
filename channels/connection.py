"""What every channel that speaks for itself must offer, and how its messages reach the assistant."""

from __future__ import annotations

import asyncio
from itertools import takewhile
from typing import Any, Protocol

import structlog
from fastapi import FastAPI

from actions.news.quiet import is_night
from actions.reply import Turn
from bot.assistant import GREETING, NEWS, Assistant
from bot.guard import Message
from channels.contacts import Contact, Contacts, moment_after
from knowledge.database.tables import now
from knowledge.record import Language
from knowledge.settings import Settings

log = structlog.get_logger("naru.connection")

NEWS_SECONDS = 2.0
"""Seconds between two looks for what Naru said of its own accord."""


class BadSettings(ValueError):
    """What is set can't work; `naru serve` ends with the message, which says what to set."""


class Connection(Protocol):
    """A channel that is connected: it starts and stops with the service and may bring people news."""

    channel: str
    """Its name in the database."""

    tells: bool
    """Whether it can speak to people first; if not, news waits for their next message."""

    async def start(self) -> None:
        """Begins to listen."""

    async def stop(self) -> None:
        """Stops listening."""

    async def tell(self, contact: Contact, turns: list[Turn]) -> None:
        """Sends turns nobody asked for; raises when they could not be sent."""


async def assistant_of(app: FastAPI) -> Assistant:
    """Returns the assistant of this process, waiting while it is being loaded."""
    if app.state.assistant is None:
        await app.state.loaded.wait()
    return app.state.assistant  # type: ignore[no-any-return]


async def bring_news(app: FastAPI, contacts: Contacts, connection: Connection) -> None:
    """Brings what Naru said of its own accord to a channel's people, until it is cancelled."""
    while True:
        try:
            waiting = await asyncio.to_thread(contacts.waiting_for_news, connection.channel)
        except Exception:
            log.exception("looking for news failed", channel=connection.channel)
            waiting = []
        for contact in waiting:
            try:
                await bring(contacts, connection, contact)
            except Exception:  # one person who can't be reached keeps news from nobody else
                log.exception("bringing news failed", channel=connection.channel)
        await asyncio.sleep(NEWS_SECONDS)


async def bring(contacts: Contacts, connection: Connection, contact: Contact) -> None:
    """Brings one person what they have not seen; what could not be sent stays unseen."""
    turns = [turn for turn in await asyncio.to_thread(contacts.unseen, contact) if turn["channel"] != contact.channel]
    if is_night(now()):  # news that did not get through by day waits for the morning, and what came after it with it
        turns = list(takewhile(lambda turn: turn["intent"]["name"] != NEWS.name, turns))
    until = moment_after(turns)
    if not turns or not await asyncio.to_thread(contacts.claim, contact, until):
        return
    try:
        await connection.tell(contact, [kept_turn(turn) for turn in turns])
    except Exception:
        await asyncio.to_thread(contacts.unclaim, contact, until)
        raise


def kept_turn(turn: dict[str, Any]) -> Turn:
    """Returns a turn from what is kept of it."""
    return Turn.model_validate({name: turn[name] for name in Turn.model_fields})


async def answer(
    naru: Assistant, contacts: Contacts, channel: str, address: str, message: Message, language: Language
) -> tuple[Contact, Turn]:
    """Answers a person of a channel, who is met first if need be.

    The channel notes with ``contacts.see`` that the turn reached them.
    """
    contact, _new = await asyncio.to_thread(contacts.meet, channel, address, language)
    return contact, await naru.turn(contact.conversation_id, message)


def opening_language(settings: Settings, code: str | None) -> Language:
    """Returns the language to begin in for a channel's language code (``ko``, ``en-US``), else the default."""
    known = (code or settings.default_language).lower()
    return "ko" if known.startswith("ko") else "en" if code or known == "en" else "ko"


GREET = Message(payload=GREETING)
"""The message a conversation begins with."""
