"""Telegram as one of Naru's channels: a bot that starts and stops with the service and brings people news."""

from __future__ import annotations

import asyncio
import logging
import re
from collections.abc import Awaitable, Callable, Coroutine
from contextlib import suppress
from typing import Any
from urllib.parse import urlsplit

import structlog
from fastapi import FastAPI
from telegram import Update
from telegram.error import InvalidToken, RetryAfter, TelegramError
from telegram.ext import AIORateLimiter
from telegram.request import HTTPXRequest

from actions.reply import Turn
from channels.buttons import Buttons
from channels.connection import BadSettings, assistant_of
from channels.contacts import Contact
from channels.reception import Reception
from channels.telegram.answering import CHANNEL, Answers
from channels.telegram.commands import menu
from channels.telegram.hearing import hear, lane_of, place_of, unread
from channels.telegram.moving import move
from channels.telegram.sending import Gone, Sender
from channels.telegram.updates import ALLOWED, LONGEST_PAUSE, WEBHOOK, Fetching, poll, router
from knowledge.settings import Settings

log = structlog.get_logger("naru.telegram")

RETRIES = 3
"""How often a message is sent again that came too fast for Telegram, each time after the pause it asks for."""

CONNECTIONS = 40
"""Updates Telegram may push at the same time."""

DAY = 86_400.0
OFFICIAL = "api.telegram.org"
PORTS = (443, 80, 88, 8443)
SECRET = re.compile(r"[A-Za-z0-9_-]{1,256}")


def check(settings: Settings) -> None:
    """Looks whether the settings of the webhook are whole.

    Raises:
        BadSettings: They are not.
    """
    if settings.telegram_mode != "webhook":
        return
    if not settings.public_url:
        raise BadSettings("NARU_TELEGRAM_MODE=webhook needs NARU_PUBLIC_URL: the address Telegram can reach Naru at")
    if settings.telegram_secret is None:
        raise BadSettings("NARU_TELEGRAM_MODE=webhook needs NARU_TELEGRAM_SECRET: letters, digits, _ and -")
    if not SECRET.fullmatch(settings.telegram_secret.get_secret_value()):
        raise BadSettings("NARU_TELEGRAM_SECRET may hold letters, digits, _ and - only, at most 256 of them")
    public = urlsplit(settings.public_url)
    if urlsplit(settings.telegram_api).hostname == OFFICIAL and (
        public.scheme != "https" or (public.port or 443) not in PORTS
    ):
        raise BadSettings("Telegram calls https addresses on the ports 443, 80, 88 and 8443 only: see NARU_PUBLIC_URL")


class TelegramConnection:
    """The bot."""

    channel = CHANNEL
    tells = True

    def __init__(self, app: FastAPI) -> None:
        self._app, self._settings = app, app.state.settings
        self._bot = _bot(self._settings)
        self._reception = Reception(CHANNEL, self._work, self._settings)
        self._buttons = Buttons(self._settings)
        sender = Sender(self._bot, self._buttons, self._settings, self._moved)
        self._answers = Answers(app, self._bot, sender, self._buttons)
        self._known = asyncio.Event()
        self._tasks: list[asyncio.Task[None]] = []

    async def start(self) -> None:
        """Begins in the background: Telegram may be out of reach just now."""
        self._spawn(self._run())
        self._spawn(self._take_up())
        self._spawn(self._tidy())

    async def stop(self) -> None:
        """Stops; the webhook stays set, so that Telegram keeps messages for the next start."""
        for task in self._tasks:
            task.cancel()
        await asyncio.gather(*self._tasks, return_exceptions=True)
        await self._reception.stop()
        with suppress(Exception):
            await self._bot.shutdown()

    async def tell(self, contact: Contact, turns: list[Turn]) -> None:
        """Sends turns nobody asked for; who blocked the bot counts as told.

        Raises:
            TelegramError: They could not be sent.
        """
        await self._known.wait()
        try:
            await self._answers.tell(contact, place_of(contact.address), turns)
        except Gone:
            log.info("not told: the person can't be written to", conversation=contact.conversation_id)

    async def take(self, update: dict[str, Any]) -> None:
        """Keeps an update that says something to Naru, and returns at once; the answer comes later."""
        if self._known.is_set() and self._heard(update) is None:
            return
        await self._reception.take(str(update["update_id"]), lane_of(update), update)

    async def idle(self) -> None:
        """Waits until everything taken in is answered."""
        await self._reception.idle()

    async def _work(self, body: dict[str, Any], again: bool) -> None:
        await self._known.wait()
        heard = self._heard(body)
        if heard is None:
            return
        try:
            await self._answers.to(heard, str(body["update_id"]), again)
        except Gone:
            log.info("not answered: the person can't be written to")

    def _heard(self, body: dict[str, Any]) -> Any:
        try:
            return hear(Update.de_json(body, self._bot), self._bot.bot)
        except Exception as error:  # something the library does not know yet; Telegram would repeat it for a day
            log.warning("an update could not be read", error=type(error).__name__)
            return unread(body)

    async def _run(self) -> None:
        """Signs in, says which commands there are, and begins to listen."""
        try:
            await _surely(self._bot.initialize)
            self._known.set()
            await _surely(self._offer_commands)
            if self._settings.telegram_mode == "webhook":
                await _surely(self._set_webhook)
                log.info("telegram", bot=self._bot.username, mode="webhook")
                return
            await _surely(self._bot.delete_webhook)
        except InvalidToken:
            log.error("Telegram refuses NARU_TELEGRAM_TOKEN; get a token from @BotFather")
            return
        log.info("telegram", bot=self._bot.username, mode="polling")
        await poll(self._bot, self.take)

    async def _offer_commands(self) -> None:
        await self._bot.set_my_commands(menu("en"))
        await self._bot.set_my_commands(menu("ko"), language_code="ko")

    async def _set_webhook(self) -> None:
        await self._bot.set_webhook(
            url=self._settings.public_url.rstrip("/") + WEBHOOK,
            secret_token=self._settings.telegram_secret.get_secret_value(),
            allowed_updates=list(ALLOWED),
            max_connections=CONNECTIONS,
        )

    async def _take_up(self) -> None:
        """Looks for messages left behind once they can be answered: waiting for the model is no failed try."""
        await self._known.wait()
        await assistant_of(self._app)
        await self._reception.start()

    async def _tidy(self) -> None:
        while True:
            with suppress(Exception):
                await asyncio.to_thread(self._buttons.purge)
            await asyncio.sleep(DAY)

    async def _moved(self, old: int, new: int) -> None:
        await asyncio.to_thread(move, self._settings, old, new)

    def _spawn(self, coroutine: Coroutine[Any, Any, None]) -> None:
        self._tasks.append(asyncio.create_task(coroutine))


def connect(app: FastAPI) -> TelegramConnection | None:
    """Connects the bot if NARU_TELEGRAM_TOKEN is set.

    Raises:
        BadSettings: The webhook is wanted, but something it needs is not set.
    """
    settings: Settings = app.state.settings
    if settings.telegram_token is None or not settings.telegram_token.get_secret_value():
        return None
    check(settings)
    connection = TelegramConnection(app)
    if settings.telegram_mode == "webhook":
        app.state.telegram = connection
        app.include_router(router)
    return connection


def _bot(settings: Settings) -> Fetching:
    assert settings.telegram_token is not None
    logging.getLogger("httpx").setLevel(logging.WARNING)  # at INFO it writes addresses, and the token is part of them
    api = settings.telegram_api.rstrip("/")
    return Fetching(
        settings.telegram_token.get_secret_value(),
        base_url=f"{api}/bot",
        base_file_url=f"{api}/file/bot",
        request=HTTPXRequest(read_timeout=20, write_timeout=20, connect_timeout=10, pool_timeout=10),
        get_updates_request=HTTPXRequest(connection_pool_size=2, connect_timeout=10),
        rate_limiter=AIORateLimiter(max_retries=RETRIES),
    )


async def _surely(call: Callable[[], Awaitable[Any]]) -> None:
    """Calls Telegram until it answers.

    Raises:
        InvalidToken: The token is wrong; asking again would not help.
    """
    pause = 1.0
    while True:
        try:
            await call()
            return
        except InvalidToken:
            raise
        except TelegramError as error:
            wait = error.retry_after if isinstance(error, RetryAfter) else pause
            seconds = float(wait if isinstance(wait, int | float) else wait.total_seconds())
            log.warning("Telegram can't be reached", error=type(error).__name__, again_in=seconds)
            await asyncio.sleep(seconds)
            pause = min(pause * 2, LONGEST_PAUSE)
