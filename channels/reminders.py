"""Says reminders of deadlines in the conversations that asked for them, in the background of `naru serve`."""

from __future__ import annotations

import asyncio
from datetime import UTC, datetime

import structlog
from fastapi import FastAPI

from actions.errands.reminding import take_due
from bot.conversations import UnknownConversation

log = structlog.get_logger("naru.reminders")


async def work(app: FastAPI, seconds: float) -> None:
    """Says what is due every ``seconds``, once the assistant is loaded, until it is cancelled."""
    while True:
        await asyncio.sleep(seconds)
        if getattr(app.state, "assistant", None) is not None:
            await say_due(app)


async def say_due(app: FastAPI) -> None:
    """Says every reminder that is due; one that can't be said stops no other."""
    naru = app.state.assistant
    for reminder in await asyncio.to_thread(take_due, datetime.now(UTC)):
        try:
            await naru.announce(reminder.conversation_id, reminder.reply)
        except UnknownConversation:
            continue  # erased meanwhile
        except Exception:
            log.exception("reminder not said", conversation=reminder.conversation_id)
