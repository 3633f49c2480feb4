"""An answer as a page of its own, for channels whose bubbles can't hold it: under a signed address, without scripts."""

from __future__ import annotations

import asyncio
import base64
import hashlib
import time
from datetime import datetime
from functools import lru_cache
from pathlib import Path as FilePath
from typing import Annotated, Any
from urllib.parse import quote
from zoneinfo import ZoneInfo

from babel.dates import format_date
from fastapi import APIRouter, Path, Query
from fastapi.responses import HTMLResponse
from jinja2 import Environment, FileSystemLoader, StrictUndefined

from actions.files import ADDRESS
from actions.reply import Turn
from actions.texts import text
from channels import files_api, plain
from channels.connection import kept_turn
from channels.conversations_api import AssistantDep, RatesDep, SettingsDep
from channels.problems import Problem
from knowledge.settings import Settings

router = APIRouter(tags=["answers"])

TEMPLATES = FilePath(__file__).parent / "templates"
KOREA = ZoneInfo("Asia/Seoul")


@router.get("/answers/{conversation}/{turn}", include_in_schema=False)
async def answer(
    conversation: Annotated[str, Path(max_length=64)],
    turn: Annotated[int, Path(ge=0, lt=2**31)],
    naru: AssistantDep,
    _: RatesDep,
    settings: SettingsDep,
    expires: Annotated[int, Query(ge=0, lt=2**40)] = 0,
    signature: Annotated[str, Query(max_length=64)] = "",
) -> HTMLResponse:
    """Shows one answer to whoever has its signed address."""
    files_api.check_signature(_what(conversation, turn), expires, signature, settings)
    found = await asyncio.to_thread(naru.conversations.history, conversation, turn - 1, 1)
    if not found or found[0]["turn_id"] != turn:
        raise Problem(404)
    return HTMLResponse(page(kept_turn(found[0]), expires, settings), headers=_headers())


def signed_path(conversation: str, turn: int, settings: Settings, lasts: int) -> str:
    """Returns the path of an answer's page, which opens for ``lasts`` seconds."""
    path = f"/answers/{quote(conversation, safe='')}/{turn}"
    return files_api.signed_path(path, _what(conversation, turn), settings, lasts)


def page(turn: Turn, expires: int, settings: Settings) -> str:
    """Returns the page of an answer whose address works until ``expires``; its files can be opened as long."""
    language = turn.language
    left = max(1, expires - int(time.time()))

    def opened(url: str) -> str:
        if not url.startswith(ADDRESS):
            return url if url.startswith(("https://", "http://")) else ""
        return files_api.signed_address(url.removeprefix(ADDRESS).partition("?")[0], settings, left)

    def say(key: str, **values: object) -> str:
        return text(key, language, **values)

    until = datetime.fromtimestamp(min(expires, 2**35), KOREA).date()
    return (
        _environment()
        .get_template("answer.html")
        .render(
            turn=turn,
            say=say,
            opened=opened,
            source_line=lambda note: plain.source_line(note.model_copy(update={"url": None}), language),
            until=format_date(until, format="long", locale=language),
            style=_style(),
        )
    )


def _what(conversation: str, turn: int) -> str:
    """Returns what the signature opens; no file has such an id."""
    return f"answer/{conversation}/{turn}"


@lru_cache(maxsize=1)
def _environment() -> Environment:
    return Environment(
        loader=FileSystemLoader(TEMPLATES),
        autoescape=True,
        undefined=StrictUndefined,
        trim_blocks=True,
        lstrip_blocks=True,
    )


@lru_cache(maxsize=1)
def _style() -> str:
    return (TEMPLATES / "answer.css").read_text(encoding="utf-8")


@lru_cache(maxsize=1)
def _headers() -> dict[str, Any]:
    """Returns headers that allow this page its own style and pictures, and nothing else."""
    digest = base64.b64encode(hashlib.sha256(_style().encode()).digest()).decode()
    allowed = (
        "default-src 'none'",
        f"style-src 'sha256-{digest}'",
        "img-src 'self'",
        "base-uri 'none'",
        "form-action 'none'",
        "frame-ancestors 'none'",
    )
    return {
        "Content-Security-Policy": "; ".join(allowed),
        "X-Robots-Tag": "noindex, nofollow",
        "Referrer-Policy": "no-referrer",
        "Cache-Control": "private, no-store",
    }
