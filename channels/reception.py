"""Takes messages from channels that deliver and go: acknowledges at once, answers later, in order, each exactly once.

A message is kept sealed in the database before the channel is told that it came. So a second delivery is known by the
channel's own number of it, and what a process left behind when it died is taken up by the next one.
"""

from __future__ import annotations

import asyncio
from collections.abc import Awaitable, Callable
from datetime import timedelta
from typing import Any

import structlog
from sqlalchemy import delete, select, update
from sqlalchemy.exc import IntegrityError

from actions.cases.sealing import Seal
from knowledge.database.engine import sessions
from knowledge.database.tables import LetterRow, now
from knowledge.settings import Settings

log = structlog.get_logger("naru.reception")

HELD = timedelta(seconds=120)
"""How long a process has for a message before another may take it up."""

LOOK_SECONDS = 20.0
"""Seconds between two looks for messages that a process left behind."""

KNOWN_FOR = timedelta(days=3)
"""How long the number of an answered message is remembered; Telegram repeats for a day."""

ATTEMPTS = 3
"""How often a message is tried whose handling breaks or kills the process."""

Work = Callable[[dict[str, Any], bool], Awaitable[None]]
"""Answers a message; told whether it was tried before, so that a turn already made is sent rather than made again."""


class Reception:
    """The messages of one channel.

    Args:
        channel: The channel's name.
        work: Answers one message; called again for one whose handling broke or whose process died.
        settings: Where the database is and how it is sealed.
    """

    def __init__(self, channel: str, work: Work, settings: Settings) -> None:
        self._channel, self._work = channel, work
        self._sessions = sessions(settings.database)
        self._seal = Seal(settings.case_keys())
        self._lanes: dict[str, asyncio.Queue[str]] = {}
        self._mine: set[str] = set()
        self._tasks: set[asyncio.Task[None]] = set()
        self._quiet = asyncio.Event()
        self._quiet.set()

    async def start(self) -> None:
        """Begins to look for messages left behind."""
        self._spawn(self._look())

    async def stop(self) -> None:
        """Stops; a message in the middle is taken up again later."""
        for task in self._tasks:
            task.cancel()
        await asyncio.gather(*self._tasks, return_exceptions=True)
        self._tasks.clear()
        self._lanes.clear()
        self._mine.clear()

    async def take(self, key: str, lane: str, body: dict[str, Any]) -> bool:
        """Keeps a message and returns at once; False when it was delivered before.

        Args:
            key: The channel's own number of the message.
            lane: Whose it is; messages of one lane are answered one after the other.
            body: The message, as JSON.
        """
        if not await asyncio.to_thread(self._keep, key, lane, body):
            return False
        self._queue(key, lane)
        return True

    async def idle(self) -> None:
        """Waits until nothing that was taken in waits for an answer."""
        await self._quiet.wait()

    def _keep(self, key: str, lane: str, body: dict[str, Any]) -> bool:
        row = LetterRow(channel=self._channel, key=key, lane=lane, sealed=self._seal.close(body))
        row.held_until = now() + HELD
        try:
            with self._sessions.begin() as session:
                session.add(row)
        except IntegrityError:
            return False
        return True

    def _queue(self, key: str, lane: str) -> None:
        queue = self._lanes.get(lane)
        if queue is None:
            queue = self._lanes[lane] = asyncio.Queue()
            self._quiet.clear()
            self._spawn(self._serve(lane, queue))
        self._mine.add(key)
        queue.put_nowait(key)

    async def _serve(self, lane: str, queue: asyncio.Queue[str]) -> None:
        """Answers the messages of a lane until there is none left."""
        while not queue.empty():
            key = queue.get_nowait()
            try:
                await self._handle(key)
            except Exception:
                log.exception("message not answered", channel=self._channel)
            finally:
                self._mine.discard(key)
        del self._lanes[lane]
        if not self._lanes:
            self._quiet.set()

    async def _handle(self, key: str) -> None:
        opened = await asyncio.to_thread(self._open, key)
        if opened is None:
            return
        body, again = opened
        await self._work(body, again)
        await asyncio.to_thread(self._close, key)

    def _open(self, key: str) -> tuple[dict[str, Any], bool] | None:
        with self._sessions.begin() as session:
            row = session.get(LetterRow, (self._channel, key))
            if row is None or row.sealed is None or row.done_at is not None:
                return None
            row.held_until = now() + HELD
            return dict(self._seal.open(row.sealed)), row.attempts > 1

    def _close(self, key: str) -> None:
        mine = (LetterRow.channel == self._channel) & (LetterRow.key == key)
        with self._sessions.begin() as session:
            session.execute(update(LetterRow).where(mine).values(done_at=now(), sealed=None))

    async def _look(self) -> None:
        while True:
            try:
                here = frozenset(self._mine)
                await asyncio.to_thread(self._hold, here)
                for key, lane in await asyncio.to_thread(self._left_behind, here):
                    self._queue(key, lane)
            except Exception:
                log.exception("looking for messages failed", channel=self._channel)
            await asyncio.sleep(LOOK_SECONDS)

    def _hold(self, keys: frozenset[str]) -> None:
        """Holds on to what waits here behind a slow answer, so that no other process takes it up."""
        mine = (LetterRow.channel == self._channel) & LetterRow.key.in_(keys)
        with self._sessions.begin() as session:
            session.execute(update(LetterRow).where(mine, LetterRow.done_at.is_(None)).values(held_until=now() + HELD))

    def _left_behind(self, here: frozenset[str] = frozenset()) -> list[tuple[str, str]]:
        """Takes over what no process is at work on any more; what broke too often is given up."""
        mine = LetterRow.channel == self._channel
        with self._sessions.begin() as session:
            session.execute(delete(LetterRow).where(mine, LetterRow.done_at < now() - KNOWN_FOR))
            query = select(LetterRow).where(mine, LetterRow.done_at.is_(None), LetterRow.held_until < now())
            query = query.where(LetterRow.key.not_in(here))
            rows = list(session.scalars(query.order_by(LetterRow.received_at).with_for_update(skip_locked=True)))
            for row in rows:
                row.attempts += 1
                row.held_until = now() + HELD
                if row.attempts > ATTEMPTS:
                    row.done_at, row.sealed = now(), None
                    log.error("message given up", channel=self._channel)
            return [(row.key, row.lane) for row in rows if row.done_at is None]

    def _spawn(self, coroutine: Any) -> None:
        task = asyncio.create_task(coroutine)
        self._tasks.add(task)
        task.add_done_callback(self._tasks.discard)
