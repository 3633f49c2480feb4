"""Files people send and get: bounded, of known types, under addresses that are signed and expire."""

from __future__ import annotations

import asyncio
import hashlib
import hmac
import time
from pathlib import Path as FilePath
from typing import TYPE_CHECKING, Any
from urllib.parse import quote

import filetype

from actions.files import ADDRESS, folder
from actions.reply import Turn
from channels.problems import Problem
from knowledge.settings import Settings

if TYPE_CHECKING:
    from bot.assistant import Assistant

ADDRESS_LASTS = 3600
"""Seconds a file's address works."""

ACCEPTED = {
    "pdf": "application/pdf",
    "png": "image/png",
    "jpg": "image/jpeg",
    "jpeg": "image/jpeg",
    "xlsx": "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet",
    "docx": "application/vnd.openxmlformats-officedocument.wordprocessingml.document",
    "csv": "text/csv",
    "txt": "text/plain",
}
"""Types of files a firm may send, by the ending of the name."""

_SIGNATURE_LESS = ("csv", "txt")
_ZIPPED = ("xlsx", "docx")


def media_type(name: str, content: bytes) -> str:
    """Returns the type of a file, having looked whether its content is what its name says.

    Raises:
        Problem: 415 when the type is not accepted or the content is something else.
    """
    ending = name.rsplit(".", 1)[-1].lower()
    expected = ACCEPTED.get(ending)
    if expected is None:
        raise Problem(415, f"accepted are: {', '.join(ACCEPTED)}")
    guessed = filetype.guess_mime(content)
    fits = guessed == expected or (ending in _ZIPPED and guessed == "application/zip")
    if ending in _SIGNATURE_LESS:
        fits = guessed is None and b"\0" not in content
    if not fits:
        raise Problem(415, f"the content is not a .{ending} file")
    return expected


async def keep(naru: Assistant, conversation_id: str, name: str, content: bytes, settings: Settings) -> str:
    """Keeps a file a person sent and returns its id.

    Raises:
        Problem: 413 when it is too large, 415 when its type is not accepted.
    """
    if len(content) > settings.largest_file:
        raise Problem(413, f"at most {settings.largest_file} bytes")
    name = FilePath(name.replace("\\", "/")).name[-200:] or "file"
    kind = media_type(name, content)
    file_id = await asyncio.to_thread(naru.conversations.add_file, conversation_id, name, kind, len(content))
    await asyncio.to_thread((folder(settings) / file_id).write_bytes, content)
    return file_id


async def erase(naru: Assistant, conversation_id: str, settings: Settings) -> None:
    """Erases everything kept of a person: the conversation, those it is joined with, and their files.

    Raises:
        UnknownConversation: There is no conversation of that id.
    """
    shared = await asyncio.to_thread(naru.conversations.dialogue, conversation_id)
    for each in await asyncio.to_thread(naru.conversations.shared_by, shared):
        for file_id in await asyncio.to_thread(naru.conversations.files, each):
            (folder(settings) / file_id).unlink(missing_ok=True)
    await naru.erase(conversation_id)


def signed(turn: Turn, settings: Settings) -> Turn:
    """Returns a turn as it is shown: the addresses of its files work for a while."""
    return Turn.model_validate(signed_answer(turn.model_dump(mode="json"), settings))


def signed_answer(turn: dict[str, Any], settings: Settings) -> dict[str, Any]:
    """Does what ``signed`` does for a turn as it is kept."""
    for reply in turn["replies"]:
        for part in (reply.get("file"), reply.get("image")):
            if part and part["url"].startswith(ADDRESS):
                part["url"] = signed_address(part["url"].removeprefix(ADDRESS).partition("?")[0], settings)
    return turn


def signed_address(file_id: str, settings: Settings, lasts: int = ADDRESS_LASTS) -> str:
    """Returns an address of a file that works for ``lasts`` seconds."""
    return signed_path(f"{ADDRESS}{quote(file_id)}", file_id, settings, lasts)


def signed_path(path: str, what: str, settings: Settings, lasts: int = ADDRESS_LASTS) -> str:
    """Returns a path with the signature that opens ``what`` for ``lasts`` seconds; see ``check_signature``."""
    expires = int(time.time()) + lasts
    return f"{path}?expires={expires}&signature={_signature(what, expires, settings)}"


def check_signature(file_id: str, expires: int, signature: str, settings: Settings) -> None:
    """Lets a signed address pass.

    Raises:
        Problem: 404 when the signature is wrong or the time is over; nothing is said about the file.
    """
    right = hmac.compare_digest(_signature(file_id, expires, settings).encode(), signature.encode())
    if not right or expires < time.time():
        raise Problem(404)


def _signature(file_id: str, expires: int, settings: Settings) -> str:
    return hmac.new(settings.signing_key().encode(), f"{file_id}:{expires}".encode(), hashlib.sha256).hexdigest()
