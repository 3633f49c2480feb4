"""A Chatwoot of our own: the application API as bots may use it, storage of files, and the webhooks it fires.

Written after Chatwoot's source (message_builder.rb, content_attribute_validator.rb, access_token_auth_helper.rb,
toggle_status, agent_bot_listener.rb, webhooks/trigger.rb) and its developer documentation, strict where they are.
"""

from __future__ import annotations

import asyncio
import hashlib
import hmac
import itertools
import json
import re
import time
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

import httpx
import uvicorn
from fastapi import FastAPI, Request, Response
from fastapi.responses import JSONResponse, RedirectResponse
from starlette.datastructures import UploadFile

from tests.conftest import free_port

NUMBERS = itertools.count(101)
"""Numbers of conversations, messages and files: never twice in one run, as the tests share a database."""

TOKEN = "bot-token-of-the-test"
ACCOUNT = 1
TYPES = {"incoming": 0, "outgoing": 1, "activity": 2, "template": 3}
CONTENT_TYPES = {
    "text", "input_text", "input_textarea", "input_email", "input_select", "cards", "form", "article",
}  # fmt: skip
STATUSES = {"open", "resolved", "pending", "snoozed"}
PERMITTED = {"content", "message_type", "private", "content_type", "content_attributes", "attachments[]"}
LIQUID = re.compile(r"\{\{|\{%")


@dataclass
class Message:
    """A message as Chatwoot keeps it."""

    id: int
    conversation: int
    content: str | None
    message_type: str
    private: bool = False
    content_type: str = "text"
    content_attributes: dict[str, Any] = field(default_factory=dict)
    attachments: list[dict[str, Any]] = field(default_factory=list)
    sender: dict[str, Any] = field(default_factory=dict)

    @property
    def items(self) -> list[dict[str, str]]:
        return list(self.content_attributes.get("items", []))


@dataclass
class Failure:
    """How the next request of a kind goes wrong."""

    path: str
    status: int = 500
    body: dict[str, Any] = field(default_factory=lambda: {"error": "made by the test"})
    headers: dict[str, str] = field(default_factory=dict)
    seconds: float = 0.0
    after: bool = False
    """Whether the request is done all the same, and only the answer is lost."""
    only: str = ""
    """Words the body must hold."""


@dataclass
class Call:
    """A request of the bot."""

    method: str
    path: str
    status: int


class Chatwoot:
    """The server, its people, and what they do."""

    def __init__(self) -> None:
        self.port = free_port()
        self.address = f"http://127.0.0.1:{self.port}"
        self.webhook = ""
        self.signing_secret: str | None = None
        self.may_read = True
        self.statuses: dict[int, str] = {}
        self.messages: list[Message] = []
        self.files: dict[int, tuple[str, bytes]] = {}
        self.failures: list[Failure] = []
        self.calls: list[Call] = []
        self.deliveries: list[tuple[str, int]] = []
        self.redirects: dict[int, str] = {}
        self._fired: set[asyncio.Task[None]] = set()
        self._server = uvicorn.Server(
            uvicorn.Config(self._app(), host="127.0.0.1", port=self.port, log_level="error", ws="none")
        )
        self._serving: asyncio.Task[None] | None = None

    async def start(self) -> None:
        self._serving = asyncio.create_task(self._server.serve())
        while not self._server.started:  # noqa: ASYNC110
            await asyncio.sleep(0.02)

    async def stop(self) -> None:
        self._server.should_exit = True
        assert self._serving
        await self._serving

    # what people do

    def conversation(self, status: str = "pending") -> int:
        number = self._next()
        self.statuses[number] = status
        return number

    async def write(self, conversation: int, words: str | None, *files: Path | tuple[str, bytes]) -> Message:
        """A customer writes; a resolved conversation goes back to the bot."""
        if self.statuses[conversation] == "resolved":
            self.statuses[conversation] = "pending"
        message = Message(self._next(), conversation, words, "incoming", sender={"id": 7, "name": "고객"})
        for file in files:
            name, content = (file.name, file.read_bytes()) if isinstance(file, Path) else file
            message.attachments.append(self._stored(message.id, name, content))
        self.messages.append(message)
        await self.fire(self.event("message_created", message))
        return message

    async def choose(self, conversation: int, title: str) -> Message:
        """A customer presses a button of the last message that has one of that title."""
        for message in reversed(self.shown(conversation)):
            for item in message.items:
                if item["title"] == title:
                    message.content_attributes["submitted_values"] = [item]
                    await self.fire(self.event("message_updated", message))
                    return message
        raise AssertionError(f"no button {title!r}")

    async def open_widget(self, conversation: int | None) -> None:
        current = self.conversation_data(conversation) if conversation else None
        await self.fire(
            {
                "id": 3,
                "contact": {"id": 7, "name": "고객"},
                "inbox": {"id": 1, "name": "web"},
                "account": {"id": ACCOUNT, "name": "call centre"},
                "current_conversation": current,
                "source_id": "5d5e1d3a",
                "event": "webwidget_triggered",
                "event_info": {"referer": "https://example.com/"},
            }
        )

    async def staff_writes(self, conversation: int, words: str, private: bool = False) -> None:
        sender = {"id": 2, "name": "상담원", "type": "user"}
        message = Message(self._next(), conversation, words, "outgoing", private=private, sender=sender)
        self.messages.append(message)
        await self.fire(self.event("message_created", message))

    async def set_status(self, conversation: int, status: str) -> None:
        before, self.statuses[conversation] = self.statuses[conversation], status
        if before != status and status in ("open", "resolved"):
            name = f"conversation_{'opened' if status == 'open' else 'resolved'}"
            await self.fire({**self.conversation_data(conversation), "event": name})

    # what is seen

    def shown(self, conversation: int) -> list[Message]:
        """What the bot posted for the customer."""
        return [
            each
            for each in self.messages
            if each.conversation == conversation and each.message_type == "outgoing" and not each.private
            and each.sender.get("type") == "agent_bot"
        ]  # fmt: skip

    def notes(self, conversation: int) -> list[Message]:
        return [each for each in self.messages if each.conversation == conversation and each.private]

    def content_of(self, attachment: dict[str, Any]) -> bytes:
        return self.files[attachment["id"]][1]

    async def settled(self) -> None:
        """Waits until every webhook was answered."""
        while self._fired:
            await asyncio.gather(*self._fired)

    # webhooks

    def event(self, name: str, message: Message) -> dict[str, Any]:
        data: dict[str, Any] = {
            "account": {"id": ACCOUNT, "name": "call centre"},
            "additional_attributes": {},
            "content_attributes": message.content_attributes,
            "content_type": message.content_type,
            "content": message.content,
            "conversation": self.conversation_data(message.conversation),
            "created_at": "2026-07-01T01:02:03.000Z",
            "id": message.id,
            "inbox": {"id": 1, "name": "web"},
            "message_type": message.message_type,
            "private": message.private,
            "sender": message.sender,
            "source_id": None,
            "event": name,
        }
        if message.attachments:
            data["attachments"] = message.attachments
        return data

    def conversation_data(self, conversation: int) -> dict[str, Any]:
        last = [each for each in self.messages if each.conversation == conversation][-1:]
        return {
            "additional_attributes": {"browser_language": "ko", "referer": "https://example.com/"},
            "can_reply": True,
            "channel": "Channel::WebWidget",
            "contact_inbox": {"id": 3, "source_id": "5d5e1d3a"},
            "id": conversation,
            "inbox_id": 1,
            "messages": [{"id": each.id, "account_id": ACCOUNT, "content": each.content} for each in last],
            "labels": [],
            "meta": {"sender": {"id": 7, "name": "고객", "type": "contact"}, "assignee": None},
            "status": self.statuses[conversation],
            "custom_attributes": {},
            "snoozed_until": None,
            "unread_count": 1,
            "timestamp": int(time.time()),
        }

    async def fire(self, payload: dict[str, Any]) -> int:
        """Calls the bot; one that fails loses the conversation to people."""
        body = json.dumps(payload, ensure_ascii=False).encode()
        headers = {"Content-Type": "application/json", "Accept": "application/json"}
        if self.signing_secret:
            stamp = str(int(time.time()))
            digest = hmac.new(self.signing_secret.encode(), stamp.encode() + b"." + body, hashlib.sha256)
            headers |= {"X-Chatwoot-Timestamp": stamp, "X-Chatwoot-Signature": f"sha256={digest.hexdigest()}"}
        status = 0
        try:
            async with httpx.AsyncClient(timeout=5) as http:
                status = (await http.post(self.webhook, content=body, headers=headers)).status_code
        except httpx.HTTPError:
            pass
        self.deliveries.append((payload["event"], status))
        failed = not 200 <= status < 300
        if failed and payload["event"] in ("message_created", "message_updated"):
            number = payload["conversation"]["id"]
            if self.statuses[number] == "pending":
                self.statuses[number] = "open"
        return status

    def _fire_later(self, payload: dict[str, Any]) -> None:
        task = asyncio.create_task(self._fired_later(payload))
        self._fired.add(task)
        task.add_done_callback(self._fired.discard)

    async def _fired_later(self, payload: dict[str, Any]) -> None:
        await self.fire(payload)

    # the API

    def _app(self) -> FastAPI:
        app = FastAPI()

        @app.middleware("http")
        async def guarded(request: Request, call_next: Any) -> Response:
            path = request.url.path
            if not path.startswith("/api/"):
                return await call_next(request)
            failure = await self._failing(request)
            if failure and not failure.after:
                await asyncio.sleep(failure.seconds)
                answer: Response = JSONResponse(failure.body, failure.status, failure.headers)
            else:
                answer = self._barred(request) or await call_next(request)
            if failure and failure.after:
                answer = JSONResponse(failure.body, failure.status, failure.headers)
            self.calls.append(Call(request.method, path, answer.status_code))
            return answer

        base = "/api/v1/accounts/{account}/conversations/{number}"

        @app.get(base)
        async def show(account: int, number: int) -> Response:
            return JSONResponse(self.conversation_data(number))

        @app.post(base + "/toggle_status")
        async def toggle(account: int, number: int, request: Request) -> Response:
            wanted = (await request.json()).get("status")
            if wanted not in STATUSES:
                return JSONResponse({"error": f"'{wanted}' is not a valid status"}, 422)
            before, self.statuses[number] = self.statuses[number], wanted
            if before != wanted and wanted in ("open", "resolved"):
                name = f"conversation_{'opened' if wanted == 'open' else 'resolved'}"
                self._fire_later({**self.conversation_data(number), "event": name})
            payload = {"success": True, "conversation_id": number, "current_status": wanted, "snoozed_until": None}
            return JSONResponse({"meta": {}, "payload": payload})

        @app.post(base + "/messages")
        async def create(account: int, number: int, request: Request) -> Response:
            return await self._create(number, request)

        @app.get("/rails/active_storage/blobs/redirect/{blob}/{name}")
        async def redirect(blob: int, name: str) -> Response:
            return RedirectResponse(self.redirects.get(blob, f"/rails/active_storage/disk/{blob}/{name}"), 302)

        @app.get("/rails/active_storage/disk/{blob}/{name}")
        async def disk(blob: int, name: str) -> Response:
            return Response(self.files[blob][1], media_type="application/octet-stream")

        return app

    async def _failing(self, request: Request) -> Failure | None:
        body = (await request.body()).decode("utf-8", "replace")
        for failure in self.failures:
            if re.search(failure.path, f"{request.method} {request.url.path}") and failure.only in body:
                self.failures.remove(failure)
                return failure
        return None

    def _barred(self, request: Request) -> Response | None:
        """What Chatwoot answers before an action is reached."""
        if request.headers.get("api_access_token") != TOKEN:
            return JSONResponse({"error": "Invalid Access Token"}, 401)
        match = re.fullmatch(r"/api/v1/accounts/(\d+)/conversations/(\d+)(/\w+)?", request.url.path)
        action = (request.method, (match.group(3) or "") if match else "?")
        allowed = {("POST", "/messages"), ("POST", "/toggle_status")} | ({("GET", "")} if self.may_read else set())
        if match is None or action not in allowed:
            return JSONResponse({"error": "Access to this endpoint is not authorized for bots"}, 401)
        if int(match.group(1)) != ACCOUNT or int(match.group(2)) not in self.statuses:
            return JSONResponse({"error": "Resource could not be found"}, 404)
        return None

    async def _create(self, number: int, request: Request) -> Response:
        sent, uploads = await self._sent(request)
        message = Message(
            id=self._next(),
            conversation=number,
            content=sent.get("content"),
            message_type=sent.get("message_type") or "outgoing",
            private=sent.get("private") in (True, "true"),
            content_type=sent.get("content_type") or "text",
            content_attributes=dict(sent.get("content_attributes") or {}),
            sender={"id": 9, "name": "나루", "type": "agent_bot"},
        )
        if fault := self._fault(sent, message, uploads):
            return JSONResponse({"error": fault}, 422)
        for upload in uploads:
            message.attachments.append(self._stored(message.id, str(upload.filename), await upload.read()))
        self.messages.append(message)
        self._fire_later(self.event("message_created", message))
        return JSONResponse(
            {
                "id": message.id,
                "content": message.content,
                "inbox_id": 1,
                "conversation_id": number,
                "message_type": TYPES[message.message_type],
                "content_type": message.content_type,
                "content_attributes": message.content_attributes,
                "private": message.private,
                "attachments": message.attachments,
            }
        )

    async def _sent(self, request: Request) -> tuple[dict[str, Any], list[UploadFile]]:
        if request.headers["content-type"].startswith("application/json"):
            return await request.json(), []
        form = await request.form()
        uploads = [each for each in form.getlist("attachments[]") if isinstance(each, UploadFile)]
        return {name: value for name, value in form.items() if isinstance(value, str)} | {}, uploads

    def _fault(self, sent: dict[str, Any], message: Message, uploads: list[UploadFile]) -> str | None:
        """What Chatwoot's validations say; unknown parameters are the test's own strictness."""
        if unknown := set(sent) - PERMITTED:
            return f"unknown parameters: {unknown}"
        if message.message_type != "outgoing":
            return "Incoming messages are only allowed in Api inboxes"
        if message.content_type not in CONTENT_TYPES:
            return f"'{message.content_type}' is not a valid content_type"
        if message.content is not None and len(message.content) > 150_000:
            return "Validation failed: Content is too long (maximum is 150000 characters)"
        if len(uploads) > 15:
            return "Validation failed: Attachments exceeded maximum allowed"
        if LIQUID.search(message.content or ""):
            return "the content would be read as Liquid"
        if message.content_type == "input_select":
            if not message.items:
                return "Validation failed: Content attributes At least one item is required."
            if any(set(item) - {"title", "value"} for item in message.items):
                return "Validation failed: Content attributes contains invalid keys for items"
        return None

    def _stored(self, message: int, name: str, content: bytes) -> dict[str, Any]:
        blob = self._next()
        self.files[blob] = (name, content)
        image = name.lower().endswith((".png", ".jpg", ".jpeg"))
        return {
            "id": blob,
            "message_id": message,
            "file_type": "image" if image else "file",
            "account_id": ACCOUNT,
            "extension": None,
            "data_url": f"{self.address}/rails/active_storage/blobs/redirect/{blob}/{name}",
            "thumb_url": "",
            "file_size": len(content),
        }

    def _next(self) -> int:
        return next(NUMBERS)
