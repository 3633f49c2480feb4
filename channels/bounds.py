"""Keeps what callers send within bounds: how much at once and how often."""

from __future__ import annotations

import time
from collections.abc import Awaitable, Callable

from fastapi import Request
from limits import RateLimitItemPerHour, RateLimitItemPerMinute
from limits.storage import MemoryStorage, RedisStorage, Storage
from limits.strategies import MovingWindowRateLimiter
from starlette.types import ASGIApp, Message, Receive, Scope, Send

from channels.problems import Problem, problem
from knowledge.settings import Settings

LARGEST_JSON = 256_000
"""Bytes of a request that is no file: room for a long message whose every letter is escaped."""

FILES = "/files"

FAILED_SIGN_INS = RateLimitItemPerMinute(20)
"""Wrong passwords of the console that one address may try; many people may sit behind it."""


class RateLimits:
    """Counts requests by address and messages by conversation; in Redis if set, so that processes share the count."""

    def __init__(self, settings: Settings) -> None:
        url = settings.redis_url.get_secret_value() if settings.redis_url else None
        storage: Storage = RedisStorage(url) if url else MemoryStorage()
        self._limiter = MovingWindowRateLimiter(storage)
        self._requests = RateLimitItemPerMinute(settings.requests_per_minute)
        self._messages = RateLimitItemPerMinute(settings.messages_per_minute)

    def request(self, address: str) -> None:
        """Counts a request.

        Raises:
            Problem: 429, with the seconds to wait in Retry-After.
        """
        self._hit(self._requests, "request", address)

    def message(self, conversation_id: str) -> None:
        """Counts a message of a conversation.

        Raises:
            Problem: 429, with the seconds to wait in Retry-After.
        """
        self._hit(self._messages, "message", conversation_id)

    def may_try(self, address: str) -> None:
        """Lets an address try a password.

        Raises:
            Problem: 429, with the seconds to wait in Retry-After, where too many were wrong.
        """
        if not self._limiter.test(FAILED_SIGN_INS, "sign-in", address):
            raise self._too_often(FAILED_SIGN_INS, "sign-in", address)

    def failed(self, address: str) -> None:
        """Counts a wrong password."""
        self._limiter.hit(FAILED_SIGN_INS, "sign-in", address)

    def first_time(self, kind: str, token: str) -> bool:
        """Tells whether a token that may be used once within the hour is used for the first time."""
        return self._limiter.hit(RateLimitItemPerHour(1), kind, token)

    def _hit(self, item: RateLimitItemPerMinute, kind: str, who: str) -> None:
        if not self._limiter.hit(item, kind, who):
            raise self._too_often(item, kind, who)

    def _too_often(self, item: RateLimitItemPerMinute, kind: str, who: str) -> Problem:
        reset = self._limiter.get_window_stats(item, kind, who).reset_time
        return Problem(429, headers={"Retry-After": str(max(1, round(reset - time.time())))})


def address(request: Request) -> str:
    """Returns who asks: the network address of the caller."""
    return request.client.host if request.client else "unknown"


class BodyLimit:
    """Refuses bodies that are too large before they are read into memory."""

    def __init__(self, app: ASGIApp, largest_file: int) -> None:
        self._app = app
        self._largest_file = largest_file

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        """Passes the request on, counting its bytes."""
        if scope["type"] != "http":
            await self._app(scope, receive, send)
            return
        limit = self._largest_file + 10_000 if scope["path"].endswith(FILES) else LARGEST_JSON
        declared = dict(scope["headers"]).get(b"content-length", b"0")
        if declared.isdigit() and int(declared) > limit:
            await problem(413)(scope, receive, send)
            return
        await self._app(scope, _counted(receive, limit), send)


def _counted(receive: Receive, limit: int) -> Callable[[], Awaitable[Message]]:
    total = 0

    async def counted() -> Message:
        nonlocal total
        message = await receive()
        total += len(message.get("body", b""))
        if total > limit:
            raise Problem(413)
        return message

    return counted
