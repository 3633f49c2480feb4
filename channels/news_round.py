"""Notes what is new and says it to those who asked for it, in the background of `naru serve`; never at night."""

from __future__ import annotations

import asyncio
from datetime import UTC, datetime

import structlog
from fastapi import FastAPI

from actions.news.programmes import note_new_programmes
from actions.news.queue import News, note_renewals, put_back, take_due
from actions.news.telling import NothingToTell, tell
from bot.assistant import NEWS, Assistant
from bot.conversations import UnknownConversation

log = structlog.get_logger("naru.news")


async def work(app: FastAPI, seconds: float) -> None:
    """Makes a round every ``seconds``, once the assistant is loaded, until cancelled; one that breaks is logged."""
    while True:
        await asyncio.sleep(seconds)
        if app.state.assistant is None:
            continue
        try:
            await go_round(app.state.assistant, datetime.now(UTC))
        except Exception:
            log.exception("news round failed")


async def go_round(naru: Assistant, now: datetime) -> None:
    """Notes what has become news by ``now``, and says what is due."""
    await asyncio.to_thread(note_new_programmes, now)
    await asyncio.to_thread(note_renewals, now)
    for news in await asyncio.to_thread(take_due, now):
        await _say(naru, news, now)


async def _say(naru: Assistant, news: News, now: datetime) -> None:
    """Says one piece, worded when it is its turn in the conversation; one that can't be said stops no other."""
    try:
        await naru.announce(news.conversation_id, lambda language: tell(news, language, now), NEWS)
    except (UnknownConversation, NothingToTell):
        return
    except Exception:
        log.exception("news not said", news=news.id)
        await asyncio.to_thread(put_back, news, now)
