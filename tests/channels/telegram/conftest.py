"""One loaded assistant for all tests here, and the service connected to a local Bot API."""

from __future__ import annotations

import asyncio
import json
import logging
from collections.abc import AsyncIterator, Awaitable, Callable, Iterator
from contextlib import AsyncExitStack
from dataclasses import dataclass
from typing import Any

import httpx
import pytest
import pytest_asyncio
import structlog

from bot.assistant import Assistant
from knowledge.settings import Settings
from tests.channels.telegram.bot_api import TOKEN, BotApi
from tests.channels.telegram.people import Someone

SECRET = "a-Secret_for-Webhooks"
HEADER = "X-Telegram-Bot-Api-Secret-Token"


@pytest.fixture
def api() -> Iterator[BotApi]:
    server = BotApi().start()
    yield server
    server.stop()


@pytest_asyncio.fixture(scope="session", loop_scope="session")
async def naru(settings: Settings) -> Assistant:
    """The assistant, loaded once."""
    from bot.training import current_model
    from knowledge.shelf import shelf

    shelf()
    model = current_model(settings)
    assert model is not None
    return await Assistant.load(model, settings)


def webhook_settings(settings: Settings, api: BotApi, **changed: Any) -> Settings:
    """The settings of a server that Telegram calls."""
    wanted = {
        "telegram_token": TOKEN, "telegram_api": api.address, "telegram_mode": "webhook", "telegram_secret": SECRET,
        "public_url": "https://naru.example.org", "messages_per_minute": 1000, "deliver_seconds": 0,
    }  # fmt: skip
    return Settings(_env_file=None, data_dir=settings.data_dir, **(wanted | changed))  # type: ignore[call-arg]


@dataclass
class Running:
    """The service, running in this process."""

    app: Any
    api: BotApi
    http: httpx.AsyncClient

    @property
    def connection(self) -> Any:
        return self.app.state.telegram

    async def deliver(self, *updates: dict[str, Any]) -> None:
        """Delivers updates as Telegram does, and waits until they are answered."""
        for update in updates:
            response = await self.post(update)
            assert response.status_code == 200, response.text
        await asyncio.wait_for(self.connection.idle(), 60)

    async def post(self, update: Any, secret: str | None = SECRET) -> httpx.Response:
        headers = {HEADER: secret} if secret is not None else {}
        return await self.http.post("/webhooks/telegram", content=json.dumps(update), headers=headers)

    def someone(self, language: str | None = "ko", group: int | None = None) -> Someone:
        return Someone(self.api, language, group)


Starting = Callable[..., Awaitable[Running]]


@pytest_asyncio.fixture(loop_scope="session")
async def starting(settings: Settings, api: BotApi, naru: Assistant) -> AsyncIterator[Starting]:
    """Starts the service with changed settings; it is stopped after the test."""
    from channels.app import create_app

    async with AsyncExitStack() as stack:

        async def start(loaded: bool = True, **changed: Any) -> Running:
            app = create_app(webhook_settings(settings, api, **changed), naru if loaded else None)
            await stack.enter_async_context(app.router.lifespan_context(app))
            transport = httpx.ASGITransport(app, raise_app_exceptions=False)
            http = await stack.enter_async_context(httpx.AsyncClient(transport=transport, base_url="http://naru"))
            return Running(app, api, http)

        yield start


@pytest_asyncio.fixture(loop_scope="session")
async def running(starting: Starting) -> Running:
    """The service with the webhook."""
    return await starting()


@pytest.fixture
def served_logs(capsys: pytest.CaptureFixture[str], caplog: pytest.LogCaptureFixture) -> Iterator[Callable[[], str]]:
    """Logs as `naru serve` sets them up, other libraries' from INFO up as well; returns what was logged."""
    from bot.logs import quiet

    before = structlog.get_config()
    quiet("INFO")
    caplog.set_level(logging.INFO)

    def logged() -> str:
        captured = capsys.readouterr()
        return captured.out + captured.err + caplog.text

    yield logged
    structlog.configure(**before)
