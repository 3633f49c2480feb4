"""Chatwoot's webhook: who calls is proved, what comes is kept, and Chatwoot has its answer at once."""

from __future__ import annotations

import hashlib
import hmac
import json
import time
from typing import Annotated

from fastapi import APIRouter, Query, Request
from pydantic import ValidationError

from channels.chatwoot.connection import ChatwootConnection
from channels.chatwoot.events import Told, read_event
from channels.problems import Problem
from knowledge.settings import Settings

router = APIRouter(tags=["channels"])

FRESH_SECONDS = 300
"""How old a signature may be, so that a call that was overheard can't be made again later."""


@router.post("/webhooks/chatwoot")
async def chatwoot(request: Request, secret: Annotated[str, Query(max_length=500)] = "") -> dict[str, bool]:
    """Takes an event of Chatwoot; what is to be answered is answered later, through Chatwoot's API."""
    raw = await request.body()
    settings: Settings = request.app.state.settings
    assert settings.chatwoot_secret is not None
    ours = settings.chatwoot_secret.get_secret_value()
    if not (_same(secret, ours) or _signed(request, raw, ours)):
        raise Problem(403)
    connection: ChatwootConnection = request.app.state.chatwoot
    return {"taken": await connection.hear(_event(raw))}


def _event(raw: bytes) -> Told | None:
    try:
        body = json.loads(raw)
        json.dumps(body, ensure_ascii=False).encode()  # half a character can't be kept
    except UnicodeEncodeError as error:
        raise Problem(422, "not valid Unicode") from error
    except ValueError as error:
        raise Problem(400) from error
    except RecursionError as error:
        raise Problem(400, "nested too deeply") from error
    if not isinstance(body, dict):
        raise Problem(422, "the event must be a JSON object")
    try:
        return read_event(body)
    except ValidationError as error:
        faults = [f"{'.'.join(map(str, each['loc']))}: {each['type']}" for each in error.errors()]
        raise Problem(422, "; ".join(faults[:10])) from error


def _signed(request: Request, raw: bytes, secret: str) -> bool:
    """Tells whether Chatwoot signed the call (since version 4.13): HMAC-SHA256 of ``timestamp.body``."""
    stamp = request.headers.get("X-Chatwoot-Timestamp", "")
    if not stamp.isascii() or not stamp.isdigit() or abs(time.time() - int(stamp[:12])) > FRESH_SECONDS:
        return False
    digest = hmac.new(secret.encode(), stamp.encode() + b"." + raw, hashlib.sha256).hexdigest()
    return _same(request.headers.get("X-Chatwoot-Signature", ""), f"sha256={digest}")


def _same(given: str, right: str) -> bool:
    return hmac.compare_digest(given.encode("utf-8", "replace"), right.encode())
