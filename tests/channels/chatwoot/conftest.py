"""Naru and a Chatwoot of our own, both over real HTTP, one model loaded for all."""

from __future__ import annotations

import asyncio
from collections.abc import AsyncIterator
from dataclasses import dataclass, replace
from pathlib import Path
from typing import Any

import httpx
import pytest
import uvicorn
from fastapi import FastAPI

from actions.reply import Reply
from bot.assistant import Assistant
from bot.training import current_model
from channels.app import create_app
from channels.chatwoot.client import Patience
from channels.chatwoot.connection import ChatwootConnection
from channels.contacts import Contacts
from knowledge.settings import Settings
from tests.channels.chatwoot.server import ACCOUNT, TOKEN, Chatwoot
from tests.conftest import free_port

SECRET = "geheim-of-the-test"
QUICK = Patience(attempts=3, first_seconds=0.02, longest_seconds=0.2, timeout_seconds=1.0)


@pytest.fixture(scope="session")
async def assistant(settings: Settings, shelf: Any) -> Assistant:
    model = current_model(settings)
    assert model, "there is no model of these files; run: naru train"
    return await Assistant.load(model, settings)


@dataclass
class Naru:
    """The running service."""

    app: FastAPI
    address: str
    server: uvicorn.Server
    serving: asyncio.Task[None]

    @property
    def connection(self) -> ChatwootConnection:
        found = self.app.state.chatwoot
        assert isinstance(found, ChatwootConnection)
        return found

    @property
    def contacts(self) -> Contacts:
        found = self.app.state.contacts
        assert isinstance(found, Contacts)
        return found

    async def idle(self) -> None:
        await self.connection.reception.idle()

    async def stop(self) -> None:
        self.server.should_exit = True
        await self.serving


async def serve(settings: Settings, assistant: Assistant, chatwoot: Chatwoot, **changed: Any) -> Naru:
    """Starts the service as an agent bot of a Chatwoot."""
    told = {"chatwoot_url": chatwoot.address, "chatwoot_token": TOKEN, "chatwoot_secret": SECRET, "deliver_seconds": 0}
    chosen = Settings(**{**settings.model_dump(), **told, **changed})
    app = create_app(chosen, assistant)
    app.state.chatwoot._client._patience = replace(QUICK)
    app.state.chatwoot._client._http.timeout = httpx.Timeout(QUICK.timeout_seconds)
    port = free_port()
    server = uvicorn.Server(uvicorn.Config(app, host="127.0.0.1", port=port, log_level="error", ws="none"))
    serving = asyncio.create_task(server.serve())
    while not server.started:  # noqa: ASYNC110
        await asyncio.sleep(0.02)
    naru = Naru(app, f"http://127.0.0.1:{port}", server, serving)
    chatwoot.webhook = f"{naru.address}/webhooks/chatwoot?secret={SECRET}"
    return naru


@pytest.fixture(scope="session")
async def running(settings: Settings, assistant: Assistant) -> AsyncIterator[tuple[Naru, Chatwoot]]:
    chatwoot = Chatwoot()
    await chatwoot.start()
    naru = await serve(settings, assistant, chatwoot)
    yield naru, chatwoot
    await naru.stop()
    await chatwoot.stop()


class Desk:
    """One conversation in Chatwoot, and waiting for what Naru makes of it."""

    def __init__(self, naru: Naru, chatwoot: Chatwoot) -> None:
        self.naru, self.chatwoot = naru, chatwoot
        self.number = chatwoot.conversation()
        self.address = f"{ACCOUNT}/{self.number}"
        self.seen = 0

    async def write(self, words: str | None, *files: Path | tuple[str, bytes]) -> str:
        """A customer writes; returns what they see then."""
        await self.chatwoot.write(self.number, words, *files)
        return await self.answer()

    async def choose(self, title: str) -> str:
        await self.chatwoot.choose(self.number, title)
        return await self.answer()

    async def answer(self) -> str:
        """Returns the new messages as Chatwoot has them."""
        await self.naru.idle()
        await self.chatwoot.settled()
        shown = self.chatwoot.shown(self.number)
        new, self.seen = shown[self.seen :], len(shown)
        return "\n\n".join(message.content or "" for message in new)

    @property
    def status(self) -> str:
        return self.chatwoot.statuses[self.number]

    def turns(self) -> list[dict[str, Any]]:
        """What Naru recorded."""
        contact = self.naru.contacts.find("chatwoot", self.address)
        return self.naru.app.state.assistant.conversations.history(contact.conversation_id) if contact else []

    def replies(self) -> list[Reply]:
        return [Reply.model_validate(reply) for turn in self.turns() for reply in turn["replies"]]


@pytest.fixture
def desk(running: tuple[Naru, Chatwoot]) -> Desk:
    naru, chatwoot = running
    chatwoot.failures.clear()
    chatwoot.calls.clear()
    chatwoot.deliveries.clear()
    chatwoot.may_read, chatwoot.signing_secret = True, None
    chatwoot.webhook = f"{naru.address}/webhooks/chatwoot?secret={SECRET}"
    return Desk(naru, chatwoot)
