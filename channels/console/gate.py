"""The gate before /console: nothing behind it answers without a session, whatever a route forgot to ask for.

It also puts the strict headers on every answer, ends event streams whose session is over, and tells the audit log in
which database this app keeps it.
"""

from __future__ import annotations

import asyncio
from collections.abc import Callable
from urllib.parse import quote

from fastapi import Request
from fastapi.responses import RedirectResponse
from starlette.datastructures import MutableHeaders
from starlette.types import ASGIApp, Message, Receive, Scope, Send

from channels.console.audit import DATABASE
from channels.console.staff_sessions import StaffSessions
from channels.problems import problem
from knowledge.settings import Settings

CONSOLE = "/console"
LOGIN = "/console/login"
STATIC = "/console/static"
ALIVE = "/console/presence/alive"
"""Pages call this by themselves: a sign of life, but no click."""

COOKIE = "naru_session"

HEADERS = {
    "Content-Security-Policy": (
        "default-src 'self'; object-src 'none'; base-uri 'none'; form-action 'self'; frame-ancestors 'none'"
    ),
    "X-Frame-Options": "DENY",
    "X-Content-Type-Options": "nosniff",
    "Referrer-Policy": "same-origin",
    "Cross-Origin-Opener-Policy": "same-origin",
    "Cross-Origin-Resource-Policy": "same-origin",
    "Permissions-Policy": "camera=(), geolocation=(), microphone=()",
}

LOOK_SECONDS = 5.0
"""How often an open event stream's session is looked up."""


class Gate:
    """Looks up the session of every request to the console and turns away who has none."""

    def __init__(self, app: ASGIApp, settings: Settings) -> None:
        self._app = app
        self._sessions = StaffSessions(settings)
        self._database = settings.database

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        """Passes the request on with its session in ``request.state``, or answers it."""
        if scope["type"] != "http" or not _under(scope["path"], CONSOLE):
            await self._app(scope, receive, send)
            return
        before = DATABASE.set(self._database)
        try:
            await self._guard(scope, receive, send)
        finally:
            DATABASE.reset(before)

    async def _guard(self, scope: Scope, receive: Receive, send: Send) -> None:
        request = Request(scope)
        cookie = request.cookies.get(COOKIE)
        streaming = "text/event-stream" in request.headers.get("Accept", "")
        clicked = not streaming and scope["path"] != ALIVE
        session = await asyncio.to_thread(self._sessions.find, cookie, clicked)
        scope.setdefault("state", {})["console_session"] = session
        guarded = _with_headers(scope["path"], send)
        if session is None and not _under(scope["path"], LOGIN) and not _under(scope["path"], STATIC):
            answer = _to_login(request) if wants_page(request) else problem(401, "sign in at /console/login")
            await answer(scope, receive, guarded)
        elif session is not None and streaming:
            ends = _WhileSignedIn(receive, lambda: self._sessions.find(cookie, clicked=False) is not None)
            await self._app(scope, ends.receive, guarded)
        else:
            await self._app(scope, receive, guarded)


class _WhileSignedIn:
    """A stream's messages from its browser; tells the stream that nobody listens once the session is over."""

    def __init__(self, receive: Receive, holds: Callable[[], bool]) -> None:
        self._receive, self._holds = receive, holds
        self._pending: asyncio.Future[Message] | None = None
        self._over = False

    async def receive(self) -> Message:
        while not self._over:
            self._pending = self._pending or asyncio.ensure_future(self._receive())
            await asyncio.wait({self._pending}, timeout=LOOK_SECONDS)
            if self._pending.done():
                message, self._pending = self._pending.result(), None
                return message
            self._over = not await asyncio.to_thread(self._holds)
        return {"type": "http.disconnect"}


def wants_page(request: Request) -> bool:
    """Tells whether a person looks at the answer, rather than a script."""
    return "text/html" in request.headers.get("Accept", "")


def _to_login(request: Request) -> RedirectResponse:
    wanted = request.url.path + (f"?{request.url.query}" if request.url.query else "")
    back = f"?next={quote(wanted, safe='')}" if request.method == "GET" and wanted != CONSOLE else ""
    return RedirectResponse(LOGIN + back, 303)


def _under(path: str, folder: str) -> bool:
    return path == folder or path.startswith(f"{folder}/")


def _with_headers(path: str, send: Send) -> Send:
    async def sending(message: Message) -> None:
        if message["type"] == "http.response.start":
            headers = MutableHeaders(scope=message)
            headers.update(HEADERS)
            # Static files are asked for each time and mostly answered with 304; pages are not kept at all.
            headers["Cache-Control"] = "no-cache" if _under(path, STATIC) else "no-store"
        await send(message)

    return sending
