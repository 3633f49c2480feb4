"""Sends messages to Telegram: again when the network fails, without markup when Telegram dislikes it, once each."""

from __future__ import annotations

import asyncio
from collections.abc import AsyncIterator, Awaitable, Callable, Sequence
from contextlib import asynccontextmanager, suppress
from dataclasses import replace
from html import escape, unescape
from re import compile as pattern
from typing import Any

import structlog
from telegram import ForceReply, InlineKeyboardMarkup, InputFile, LinkPreviewOptions, ReplyParameters
from telegram.constants import ChatAction, ParseMode
from telegram.error import BadRequest, ChatMigrated, Forbidden, NetworkError, TelegramError, TimedOut
from telegram.ext import ExtBot

from actions.files import folder
from channels.buttons import Buttons
from channels.limits import TELEGRAM
from channels.telegram.hearing import Place
from channels.telegram.keyboard import keyboard
from channels.telegram.render import Bubble
from knowledge.settings import Settings

log = structlog.get_logger("naru.telegram")

PAUSES = (1.0, 3.0)
"""Seconds before a message is tried again that the network swallowed."""

NO_PREVIEW = LinkPreviewOptions(is_disabled=True)

_TAG = pattern(r"<[^>]+>")
_GONE = (
    "chat not found",
    "user is deactivated",
    "bot was kicked",
    "topic_closed",
    "not enough rights",
    "have no rights",
)
_MARKUP = ("parse entities", "unsupported start tag", "entity")


class Gone(Exception):
    """The person can't be written to any more: Naru was blocked, or the chat is no more."""


Sent = Callable[[int, int], Awaitable[None]]
"""Is told how many messages of an answer were sent, and Telegram's number of the last one."""

MovedTo = Callable[[int, int], Awaitable[None]]
"""Is told that a group has a new number."""


class Sender:
    """Sends the messages of answers.

    Args:
        bot: The bot, which keeps Telegram's rates.
        buttons: Keeps what buttons send.
        settings: Where files lie.
        moved: Is told when a group has a new number.
    """

    def __init__(self, bot: ExtBot[Any], buttons: Buttons, settings: Settings, moved: MovedTo) -> None:
        self._bot, self._buttons, self._folder, self._moved = bot, buttons, folder(settings), moved

    async def send(
        self,
        place: Place,
        conversation_id: str,
        bubbles: Sequence[Bubble],
        begun: int = 0,
        sent: Sent | None = None,
        asks: bool = False,
    ) -> None:
        """Sends messages in order.

        Args:
            place: Where to.
            conversation_id: Whose buttons they are.
            bubbles: The messages.
            begun: How many of them were sent before.
            sent: Is told after each how many were sent.
            asks: Whether an answer is awaited: in a group Telegram then opens a reply.

        Raises:
            Gone: The person can't be written to.
            TelegramError: It failed; messages not reported to ``sent`` did not go out, as far as is known.
        """
        for number, bubble in enumerate(bubbles[begun:], begun + 1):
            markup = await asyncio.to_thread(keyboard, self._buttons, conversation_id, bubble.choices)
            awaits = asks and place.group and number == len(bubbles) and markup is None
            place, message_id = await self._surely(place, bubble, ForceReply(selective=True) if awaits else markup)
            if sent:
                await sent(number, message_id)

    async def _surely(
        self, place: Place, bubble: Bubble, markup: InlineKeyboardMarkup | ForceReply | None
    ) -> tuple[Place, int]:
        """Sends one message, again if the network fails; returns where the chat is now, and the message's number."""
        for pause in (*PAUSES, None):
            try:
                return place, await self._once(place, bubble, markup)
            except ChatMigrated as error:
                await self._moved(place.chat_id, error.new_chat_id)
                place = replace(place, chat_id=error.new_chat_id, thread_id=None, reply_to=None)
            except Forbidden as error:
                raise Gone from error
            except BadRequest as error:
                if any(words in error.message.lower() for words in _GONE):
                    raise Gone from error
                if not bubble.marked_up or not any(words in error.message.lower() for words in _MARKUP):
                    raise
                log.error("markup refused", reason=type(error).__name__)
                bubble = _bare(bubble)
            except TimedOut:  # it may have arrived: a second try at once would likely say it twice
                raise
            except NetworkError:
                if pause is None:
                    raise
                await asyncio.sleep(pause)
        return place, await self._once(place, bubble, markup)

    async def _once(self, place: Place, bubble: Bubble, markup: InlineKeyboardMarkup | ForceReply | None) -> int:
        to: dict[str, Any] = {"chat_id": place.chat_id, "message_thread_id": place.thread_id, "reply_markup": markup}
        to["parse_mode"] = ParseMode.HTML if bubble.marked_up else None
        if place.reply_to:
            to["reply_parameters"] = ReplyParameters(place.reply_to, allow_sending_without_reply=True)
        content = await self._content(bubble)
        if bubble.attachment is None or content is None:
            words = bubble.html or _name(bubble)
            message = await self._bot.send_message(text=words, link_preview_options=NO_PREVIEW, **to)
        elif bubble.attachment.picture:
            picture = InputFile(content, "picture.png")
            message = await self._bot.send_photo(photo=picture, caption=bubble.html or None, **to)
        else:
            file = InputFile(content, bubble.attachment.name)
            message = await self._bot.send_document(document=file, caption=bubble.html or None, **to)
        return message.message_id

    async def _content(self, bubble: Bubble) -> bytes | None:
        """Returns a file from the folder of this machine; its address works for a while only, and not from outside."""
        if bubble.attachment is None:
            return None
        path = self._folder / bubble.attachment.file_id
        return await asyncio.to_thread(path.read_bytes) if path.is_file() else None


@asynccontextmanager
async def typing(bot: ExtBot[Any], place: Place) -> AsyncIterator[None]:
    """Shows "typing…" meanwhile; in a group once, since groups may get twenty calls a minute only."""

    async def shown() -> None:
        while True:
            with suppress(TelegramError):
                await bot.send_chat_action(place.chat_id, ChatAction.TYPING, message_thread_id=place.thread_id)
            if place.group:
                return
            await asyncio.sleep(TELEGRAM.typing_seconds - 1)

    showing = asyncio.create_task(shown())
    try:
        yield
    finally:
        showing.cancel()


def _name(bubble: Bubble) -> str:
    """Returns what stands for a file that was erased meanwhile."""
    return escape(bubble.attachment.name) if bubble.attachment and bubble.attachment.name else "…"


def _bare(bubble: Bubble) -> Bubble:
    """Returns the message without markup, for when Telegram refuses it: better plain than not at all."""
    return replace(bubble, html=unescape(_TAG.sub("", bubble.html)), marked_up=False)
