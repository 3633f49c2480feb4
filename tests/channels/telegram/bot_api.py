"""A local server that speaks Telegram's Bot API as far as bots of Naru's kind need it, and as strictly.

It can be told to fail: ``fail("sendMessage", 429, retry_after=1)``. What people do is told with ``person(...)``.
"""

from __future__ import annotations

import asyncio
import itertools
import json
import threading
import time
from collections import defaultdict
from dataclasses import dataclass, field
from typing import Any

import uvicorn
from fastapi import FastAPI, Request, Response
from fastapi.responses import JSONResponse
from starlette.requests import ClientDisconnect

from tests.channels.telegram.limits_check import Refused, Shown, check_markup, check_message
from tests.conftest import free_port

NUMBERS = itertools.count(1000)
"""Numbers of people, messages and updates: never twice in one run, as the tests share a database."""

TOKEN = "123456:test-token_of-the-local-server"
USERNAME = "naru_test_bot"
ME = {
    "id": 123456, "is_bot": True, "first_name": "Naru", "username": USERNAME, "can_join_groups": True,
    "can_read_all_group_messages": False, "supports_inline_queries": False,
}  # fmt: skip


@dataclass
class Call:
    """A call the bot made."""

    method: str
    data: dict[str, Any]
    files: dict[str, tuple[str, bytes]] = field(default_factory=dict)
    shown: Shown | None = None
    message_id: int | None = None
    at: float = 0.0

    @property
    def buttons(self) -> list[dict[str, Any]]:
        markup = self.data.get("reply_markup") or {}
        return [button for row in markup.get("inline_keyboard", []) for button in row]


@dataclass
class Failure:
    """What the server answers next."""

    status: int
    description: str
    parameters: dict[str, Any]
    chat_id: int | None


class BotApi:
    """The server, on a thread of its own."""

    def __init__(self) -> None:
        self.calls: list[Call] = []
        self.files: dict[str, bytes] = {}
        self.webhook: dict[str, Any] = {"url": ""}
        self.commands: dict[str, list[dict[str, str]]] = {}
        self.migrated: dict[int, int] = {}
        self._updates: list[dict[str, Any]] = []
        self._repeated: list[dict[str, Any]] = []
        self._failures: dict[str, list[Failure]] = defaultdict(list)
        self._lock = threading.Lock()
        self._polling = 0
        self.port = free_port()
        self._server = uvicorn.Server(
            uvicorn.Config(self._app(), port=self.port, log_level="error", lifespan="off", ws="none")
        )
        self._thread = threading.Thread(target=self._server.run, daemon=True)

    @property
    def address(self) -> str:
        return f"http://127.0.0.1:{self.port}"

    def start(self) -> BotApi:
        self._thread.start()
        while not self._server.started:
            time.sleep(0.02)
        return self

    def stop(self) -> None:
        self._server.should_exit = True
        self._thread.join(timeout=5)

    def fail(
        self,
        method: str,
        status: int,
        description: str = "",
        times: int = 1,
        chat_id: int | None = None,
        **parameters: Any,
    ) -> None:
        """Makes the next calls of a method fail."""
        usual = {
            429: "Too Many Requests: retry later",
            403: "Forbidden: bot was blocked by the user",
            500: "Internal Server Error",
        }
        failure = Failure(status, description or usual.get(status, "Bad Request"), parameters, chat_id)
        self._failures[method] += [failure] * times

    def heal(self) -> None:
        self._failures.clear()

    def update(self, kind: str, content: dict[str, Any]) -> dict[str, Any]:
        """Returns an update, which is also there to be fetched."""
        update = {"update_id": next(NUMBERS), kind: content}
        with self._lock:
            self._updates.append(update)
        return update

    def repeat(self, update: dict[str, Any]) -> None:
        """Has an update fetched once more."""
        with self._lock:
            self._updates.append(update)
            self._repeated.append(update)

    def next_id(self) -> int:
        return next(NUMBERS)

    def of(self, *methods: str, chat_id: int | None = None) -> list[Call]:
        """Returns the successful calls of some methods, to one chat if given."""
        calls = [call for call in self.calls if call.method in methods]
        return [call for call in calls if chat_id is None or call.data.get("chat_id") == chat_id]

    def messages(self, chat_id: int) -> list[Call]:
        return self.of("sendMessage", "sendPhoto", "sendDocument", chat_id=chat_id)

    def _app(self) -> FastAPI:
        app = FastAPI()

        @app.api_route("/bot{token}/{method}", methods=["GET", "POST"])
        async def called(token: str, method: str, request: Request) -> Response:
            if token != TOKEN:
                return _error(401, "Unauthorized")
            try:
                call = await _parameters(request)
            except ClientDisconnect:
                return Response(status_code=499)
            return await self._answer(method, call)

        @app.get("/file/bot{token}/{path:path}")
        async def download(token: str, path: str) -> Response:
            content = self.files.get(path)
            if token != TOKEN or content is None:
                return _error(404, "Not Found")
            if self._failures["download"]:
                return _error(self._failures["download"].pop(0).status, "failed")
            return Response(content)

        return app

    async def _answer(self, method: str, call: Call) -> Response:
        call.method, call.at = method, time.monotonic()
        failure = self._failure(method, call)
        if failure:
            return _error(failure.status, failure.description, failure.parameters)
        chat = call.data.get("chat_id")
        if chat in self.migrated:
            return _error(
                400,
                "Bad Request: group chat was upgraded to a supergroup chat",
                {"migrate_to_chat_id": self.migrated[chat]},
            )
        respond = getattr(self, f"_{method}", None)
        if respond is None:
            return _error(404, "Not Found: method not found")
        try:
            result = respond(call)
            result = await result if asyncio.iscoroutine(result) else result
        except Refused as refused:
            return _error(400, str(refused))
        except Conflict as conflict:
            return _error(409, str(conflict))
        self.calls.append(call)
        return JSONResponse({"ok": True, "result": result})

    def _failure(self, method: str, call: Call) -> Failure | None:
        for failure in self._failures[method]:
            if failure.chat_id in (None, call.data.get("chat_id")):
                self._failures[method].remove(failure)
                return failure
        return None

    def _getMe(self, _: Call) -> dict[str, Any]:
        return ME

    def _setMyCommands(self, call: Call) -> bool:
        for command in call.data["commands"]:
            if not (1 <= len(command["command"]) <= 32 and 1 <= len(command["description"]) <= 256):
                raise Refused("Bad Request: BOT_COMMAND_INVALID")
        self.commands[call.data.get("language_code", "")] = call.data["commands"]
        return True

    def _setWebhook(self, call: Call) -> bool:
        self.webhook = call.data
        return True

    def _deleteWebhook(self, _: Call) -> bool:
        self.webhook = {"url": ""}
        return True

    async def _getUpdates(self, call: Call) -> list[dict[str, Any]]:
        if self.webhook.get("url"):
            raise Conflict(
                "Conflict: can't use getUpdates method while webhook is active; use deleteWebhook to delete the webhook first"
            )
        if self._polling:
            raise Conflict(
                "Conflict: terminated by other getUpdates request; make sure that only one bot instance is running"
            )
        self._polling += 1
        try:
            offset = call.data.get("offset", 0)
            with self._lock:
                self._updates = [
                    each for each in self._updates if each["update_id"] >= offset or each in self._repeated
                ]
                self._repeated.clear()
            until = time.monotonic() + call.data.get("timeout", 0)
            while not self._updates and time.monotonic() < until:  # noqa: ASYNC110 - updates come from other threads
                await asyncio.sleep(0.02)
            allowed = call.data.get("allowed_updates")
            return [each for each in self._updates if not allowed or any(kind in each for kind in allowed)]
        finally:
            self._polling -= 1

    def _sendMessage(self, call: Call) -> dict[str, Any]:
        return self._sent(call)

    def _sendPhoto(self, call: Call) -> dict[str, Any]:
        if not any(content[:4] in (b"\x89PNG", b"\xff\xd8\xff\xe0") for _, content in call.files.values()):
            raise Refused("Bad Request: IMAGE_PROCESS_FAILED")
        return self._sent(call)

    def _sendDocument(self, call: Call) -> dict[str, Any]:
        if not call.files or not all(content for _, content in call.files.values()):
            raise Refused("Bad Request: file must be non-empty")
        return self._sent(call)

    def _sent(self, call: Call) -> dict[str, Any]:
        if not isinstance(call.data.get("chat_id"), int):
            raise Refused("Bad Request: chat_id is empty")
        call.shown = check_message(call.method, call.data)
        call.message_id = next(NUMBERS)
        message = {
            "message_id": call.message_id,
            "date": int(time.time()),
            "chat": {"id": call.data["chat_id"], "type": "private"},
        }
        return message | ({"text": call.shown.text} if call.method == "sendMessage" else {})

    def _sendChatAction(self, call: Call) -> bool:
        if call.data.get("action") != "typing":
            raise Refused("Bad Request: wrong parameter action in request")
        return True

    def _answerCallbackQuery(self, call: Call) -> bool:
        if len(call.data.get("text", "")) > 200:
            raise Refused("Bad Request: MESSAGE_TOO_LONG")
        return True

    def _editMessageReplyMarkup(self, call: Call) -> bool:
        check_markup(call.data.get("reply_markup"))
        return True

    def _getFile(self, call: Call) -> dict[str, Any]:
        file_id = call.data["file_id"]
        if file_id not in self.files:
            raise Refused("Bad Request: wrong file_id or the file is temporarily unavailable")
        size = len(self.files[file_id])
        if size > 20_000_000:
            raise Refused("Bad Request: file is too big")
        return {"file_id": file_id, "file_unique_id": "u" + file_id, "file_size": size, "file_path": file_id}


class Conflict(Exception):
    """What Telegram answers with 409."""


async def _parameters(request: Request) -> Call:
    data, files = {}, {}
    for name, value in (await request.form()).items():
        if hasattr(value, "filename"):
            files[name] = (value.filename or "", await value.read())
        else:
            try:
                data[name] = json.loads(value)
            except ValueError:
                data[name] = value
            if name in ("text", "caption", "callback_query_id", "secret_token", "file_id"):
                data[name] = value
    return Call("", data, files)


def _error(status: int, description: str, parameters: dict[str, Any] | None = None) -> JSONResponse:
    body: dict[str, Any] = {"ok": False, "error_code": status, "description": description}
    return JSONResponse(body | ({"parameters": parameters} if parameters else {}), status)
