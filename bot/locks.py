"""Keeps the messages of one conversation in order, within a process and, with Redis, between processes."""

from __future__ import annotations

from collections.abc import AsyncIterator
from contextlib import asynccontextmanager

from rasa.core.lock_store import InMemoryLockStore
from redis.asyncio import Redis

LOOK_AGAIN = 0.02
"""Seconds between two looks at whether it is one's turn."""

LIFE = 60
"""Seconds after which a lock left behind by a process that died is free again."""


class ConversationLocks:
    """One lock a conversation. Rasa's tickets order the messages of this process; Redis keeps others out.

    Rasa's own RedisLockStore reads, changes and writes its list of tickets in three steps, so that two
    processes lose each other's tickets; redis-py's lock is taken in one.
    """

    def __init__(self, redis_url: str | None) -> None:
        self._tickets = InMemoryLockStore()
        self._redis = Redis.from_url(redis_url) if redis_url else None

    @asynccontextmanager
    async def lock(self, conversation_id: str) -> AsyncIterator[None]:
        """Waits for the messages before this one, and holds back those after it.

        Raises:
            redis.exceptions.RedisError: Redis can't be reached.
        """
        async with self._tickets.lock(conversation_id, wait_time_in_seconds=LOOK_AGAIN):
            if self._redis is None:
                yield
                return
            async with self._redis.lock(f"naru:conversation:{conversation_id}", timeout=LIFE, sleep=LOOK_AGAIN):
                yield
