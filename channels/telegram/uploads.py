"""Takes files people send on Telegram: looks at the size first, fetches, and says in plain words why one is refused."""

from __future__ import annotations

from typing import Any

import structlog
from telegram.error import BadRequest, TelegramError
from telegram.ext import ExtBot

from bot.assistant import Assistant
from bot.guard import Message
from channels import files_api
from channels.limits import TELEGRAM
from channels.problems import Problem
from channels.telegram.hearing import Upload
from knowledge.settings import Settings

log = structlog.get_logger("naru.telegram")

MEGABYTE = 1_000_000


class Refused(Exception):
    """A file that can't be taken; ``key`` names the sentence that says why."""

    def __init__(self, key: str, **values: object) -> None:
        super().__init__(key)
        self.key, self.values = key, values


async def taken(bot: ExtBot[Any], naru: Assistant, dialogue: str, upload: Upload, settings: Settings) -> Message:
    """Fetches a file, keeps it for the dialogue and returns the message it is.

    Raises:
        Refused: It can't be taken.
    """
    content = await _fetched(bot, upload, settings)
    if not content.strip():
        raise Refused("telegram_file_empty", name=upload.name)
    try:
        return Message(file_id=await files_api.keep(naru, dialogue, upload.name, content, settings))
    except Problem as problem:
        if problem.status == 413:
            raise _too_large(settings) from problem
        raise Refused("telegram_file_type", name=upload.name) from problem


async def _fetched(bot: ExtBot[Any], upload: Upload, settings: Settings) -> bytes:
    if (upload.size or 0) > _largest(settings):
        raise _too_large(settings)
    try:
        file = await bot.get_file(upload.file_id)
        if (file.file_size or 0) > _largest(settings):
            raise _too_large(settings)
        return bytes(await file.download_as_bytearray())
    except BadRequest as error:
        if "too big" in error.message.lower():
            raise _too_large(settings) from error
        raise Refused("telegram_file_lost") from error
    except TelegramError as error:
        log.warning("file not fetched", error=type(error).__name__)
        raise Refused("telegram_file_lost") from error


def _largest(settings: Settings) -> int:
    return min(settings.largest_file, TELEGRAM.download)


def _too_large(settings: Settings) -> Refused:
    return Refused("telegram_file_too_large", limit=f"{_largest(settings) / MEGABYTE:g}")
