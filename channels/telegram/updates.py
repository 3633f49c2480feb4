"""How Telegram's messages come in: pushed to the webhook, or fetched in a loop. Either way they are kept first."""

from __future__ import annotations

import asyncio
import hmac
import json
from collections.abc import Awaitable, Callable
from typing import Annotated, Any

import structlog
from fastapi import APIRouter, Header, Request
from telegram.error import Conflict, InvalidToken, RetryAfter, TelegramError
from telegram.ext import ExtBot

from channels.problems import Problem

log = structlog.get_logger("naru.telegram")

WEBHOOK = "/webhooks/telegram"

ALLOWED = ("message", "edited_message", "callback_query")
"""Kinds of updates Naru wants. No channel posts; that somebody blocked the bot shows when it writes to them."""

POLL_SECONDS = 25
"""Seconds Telegram may keep a request for updates open."""

PAUSE_SECONDS = 1.0
LONGEST_PAUSE = 30.0

Take = Callable[[dict[str, Any]], Awaitable[None]]
"""Keeps one update."""

router = APIRouter(tags=["channels"])


@router.post(WEBHOOK)
async def receive(
    request: Request, x_telegram_bot_api_secret_token: Annotated[str | None, Header()] = None
) -> dict[str, bool]:
    """Takes an update from Telegram."""
    secret = request.app.state.settings.telegram_secret.get_secret_value()
    if not hmac.compare_digest(secret.encode(), (x_telegram_bot_api_secret_token or "").encode("utf-8", "replace")):
        raise Problem(403, "the secret token is missing or wrong")
    await request.app.state.telegram.take(update_in(await request.body()))
    return {"ok": True}


def update_in(body: bytes) -> dict[str, Any]:
    """Returns the update a request carries.

    Raises:
        Problem: 400 when it is none.
    """
    try:
        update = json.loads(body)
    except (ValueError, RecursionError) as error:
        raise Problem(400, "the body is no JSON") from error
    if not is_update(update):
        raise Problem(422, "the body is no update: an object with a number update_id")
    return _whole(update)  # type: ignore[no-any-return]


def is_update(update: Any) -> bool:
    """Tells whether a value looks like an update; whether Telegram means something new by it is seen later."""
    if not isinstance(update, dict):
        return False
    number = update.get("update_id")
    parts = [update[name] for name in ALLOWED if name in update]
    fits = isinstance(number, int) and not isinstance(number, bool) and 0 <= number < 2**63
    return fits and all(isinstance(part, dict) for part in parts)


def _whole(value: Any) -> Any:
    """Replaces what JSON may carry and no database can keep: lone surrogates and zeros."""
    if isinstance(value, str):
        return value.encode("utf-16", "surrogatepass").decode("utf-16", "replace").replace("\0", " ")
    if isinstance(value, dict):
        return {_whole(key): _whole(each) for key, each in value.items()}
    return [_whole(each) for each in value] if isinstance(value, list) else value


class Fetching(ExtBot[int]):
    """A bot that can also fetch updates as Telegram wrote them: what is kept needs no library to be read again."""

    async def raw_updates(self, offset: int | None) -> list[dict[str, Any]]:
        """Returns the updates from ``offset`` on, waiting for the next one."""
        data = {"offset": offset, "timeout": POLL_SECONDS, "allowed_updates": list(ALLOWED)}
        found = await self._post("getUpdates", data, read_timeout=POLL_SECONDS + 10)
        return [each for each in found if is_update(each)] if isinstance(found, list) else []


async def poll(bot: Fetching, take: Take) -> None:
    """Fetches updates until it is cancelled.

    Telegram forgets an update once a later one is asked for, so each is kept before.
    """
    offset: int | None = None
    pause = PAUSE_SECONDS
    while True:
        try:
            for update in await bot.raw_updates(offset):
                await take(_whole(update))
                offset = update["update_id"] + 1
            pause = PAUSE_SECONDS
        except asyncio.CancelledError:
            raise
        except Exception as error:
            if isinstance(error, InvalidToken):
                log.error("Telegram refuses NARU_TELEGRAM_TOKEN; no messages are fetched any more")
                return
            pause = min(pause * 2, LONGEST_PAUSE)
            await asyncio.sleep(_pause(error, pause))


def _pause(error: Exception, pause: float) -> float:
    """Says what is wrong and returns the seconds to wait."""
    if isinstance(error, Conflict):
        log.warning("another program fetches this bot's messages, or its webhook is set; only one may")
        return pause
    if isinstance(error, RetryAfter):
        wait = error.retry_after
        return float(wait if isinstance(wait, int) else wait.total_seconds())
    if isinstance(error, TelegramError):
        log.warning("Telegram can't be reached", error=type(error).__name__, again_in=pause)
    else:
        log.exception("fetching messages failed")
    return pause
