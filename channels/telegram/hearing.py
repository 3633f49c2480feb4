"""Understands what an update of Telegram is: words, a pressed button, a command, a file, or nothing for Naru.

In groups only what is addressed to Naru counts: its name, a reply to it, its button or its command.
"""

from __future__ import annotations

import re
from dataclasses import dataclass, field, replace
from typing import Any

from telegram import Chat, InlineKeyboardMarkup, Message, MessageEntity, Update, User

COMMAND = re.compile(r"/(?P<name>[A-Za-z0-9_]{1,32})(?:@(?P<bot>\w+))?(?:\s+(?P<rest>.*))?", re.DOTALL)


@dataclass(frozen=True)
class Place:
    """Where to answer, and whom: in a group each person has a conversation of their own."""

    chat_id: int
    user_id: int
    group: bool = False
    thread_id: int | None = None
    reply_to: int | None = None
    spoken: str | None = None
    """The language of the person's Telegram, as a code."""

    @property
    def address(self) -> str:
        """Returns the contact's address: the chat, in groups with the person."""
        return f"{self.chat_id}:{self.user_id}" if self.group else str(self.chat_id)


def place_of(address: str) -> Place:
    """Returns the place of a contact's address."""
    chat, _colon, person = address.partition(":")
    return Place(int(chat), int(person or chat), group=bool(person))


@dataclass(frozen=True)
class Words:
    """Something written."""

    text: str
    message_id: int
    edited: bool = False


@dataclass(frozen=True)
class Press:
    """A button pressed: ``markup`` is the keyboard it belongs to, as Telegram still shows it."""

    query_id: str
    data: str
    message_id: int | None = None
    markup: InlineKeyboardMarkup | None = field(default=None, compare=False)


@dataclass(frozen=True)
class Command:
    """A command such as /start, with what stands after it."""

    name: str
    rest: str = ""


@dataclass(frozen=True)
class Upload:
    """A file that was sent, perhaps with words."""

    file_id: str
    name: str
    size: int | None
    caption: str = ""


@dataclass(frozen=True)
class Unreadable:
    """Something Naru can't read; ``kind`` names the sentence that says so."""

    kind: str
    caption: str = ""


@dataclass(frozen=True)
class Moved:
    """A group that became a supergroup, under a new number."""

    old: int
    new: int


What = Words | Press | Command | Upload | Unreadable | Moved


@dataclass(frozen=True)
class Heard:
    """Something meant for Naru, and where it was said."""

    place: Place
    what: What


_UNREADABLE = {
    "voice": "voice",
    "audio": "voice",
    "video": "video",
    "video_note": "video",
    "animation": "video",
    "sticker": "sticker",
    "location": "location",
    "venue": "location",
    "contact": "contact",
    "poll": "poll",
}
_OTHER = ("dice", "game", "story", "paid_media", "invoice", "checklist", "giveaway", "passport_data")


def hear(update: Update, me: User) -> Heard | None:
    """Returns what an update says to Naru (``me``), or None when it says nothing to it."""
    if update.callback_query:
        return _pressed(update)
    message = update.message or update.edited_message
    if message is None or message.chat.type == Chat.CHANNEL:
        return None
    if message.migrate_to_chat_id:
        return Heard(Place(message.chat.id, 0, group=True), Moved(message.chat.id, message.migrate_to_chat_id))
    if message.from_user is None or message.from_user.is_bot:
        return None
    place = _place(message, message.from_user)
    what = _what(message, edited=update.edited_message is not None)
    if what is None or not place.group:
        return Heard(place, what) if what else None
    meant = _meant(message, what, me)
    return Heard(place, meant) if meant else None


def unread(update: dict[str, Any]) -> Heard | None:
    """Returns what can be heard of an update the library can't read: that somebody sent something in a private chat."""
    message = update.get("message")
    chat, person = (message.get(part) if isinstance(message, dict) else None for part in ("chat", "from"))
    if not (isinstance(chat, dict) and isinstance(person, dict) and chat.get("type") == Chat.PRIVATE):
        return None
    chat_id, user_id, spoken = chat.get("id"), person.get("id"), person.get("language_code")
    if not (isinstance(chat_id, int) and isinstance(user_id, int)):
        return None
    return Heard(Place(chat_id, user_id, spoken=spoken if isinstance(spoken, str) else None), Unreadable("other"))


def lane_of(update: dict[str, Any]) -> str:
    """Returns whose update it is, so that those of one chat are answered in order."""
    for part in update.values():
        if isinstance(part, dict):
            message = part.get("message") if isinstance(part.get("message"), dict) else part
            chat = message.get("chat") if isinstance(message, dict) else None
            whose = chat if isinstance(chat, dict) else part.get("from")
            if isinstance(whose, dict):
                return str(whose.get("id"))[:100]
    return "none"


def _place(message: Message, person: User) -> Place:
    group = message.chat.type in (Chat.GROUP, Chat.SUPERGROUP)
    return Place(
        message.chat.id,
        person.id,
        group,
        message.message_thread_id if message.is_topic_message else None,
        message.message_id if group else None,
        person.language_code,
    )


def _pressed(update: Update) -> Heard | None:
    query = update.callback_query
    assert query is not None
    if query.message is None or not query.data or query.message.chat.type == Chat.CHANNEL:
        return None
    message = query.message
    press = Press(query.id, query.data, message.message_id, getattr(message, "reply_markup", None))
    group = message.chat.type in (Chat.GROUP, Chat.SUPERGROUP)
    thread = message.message_thread_id if isinstance(message, Message) and message.is_topic_message else None
    where = Place(message.chat.id, query.from_user.id, group, thread, message.message_id if group else None)
    return Heard(replace(where, spoken=query.from_user.language_code), press)


def _what(message: Message, edited: bool) -> What | None:
    caption = message.caption or ""
    if message.text is not None:
        command = None if edited else COMMAND.fullmatch(message.text.strip())
        if command:
            return Command(command["name"].lower(), (command["rest"] or "").strip())
        return Words(message.text, message.message_id, edited)
    if edited:  # another caption or another file: the words count, the file was taken
        return Words(caption, message.message_id, edited) if caption else None
    if message.animation is None and message.document:
        sent = message.document
        return Upload(sent.file_id, sent.file_name or "file", sent.file_size, caption)
    if message.photo:
        largest = max(message.photo, key=lambda each: each.width * each.height)
        return Upload(largest.file_id, "photo.jpg", largest.file_size, caption)
    kinds = [kind for name, kind in _UNREADABLE.items() if getattr(message, name, None)]
    if kinds:
        return Unreadable(kinds[0], caption)
    return Unreadable("other", caption) if any(getattr(message, name, None) for name in _OTHER) else None


def _meant(message: Message, what: What, me: User) -> What | None:
    """Returns what was said in a group if Naru was meant, without its name."""
    if isinstance(what, Command):
        bot = COMMAND.fullmatch((message.text or "").strip())
        named = bot["bot"] if bot else None
        return what if named and me.username and named.lower() == me.username.lower() else None
    words, named = _without_name(message, me)
    answered = message.reply_to_message
    replied = bool(answered and answered.from_user and answered.from_user.id == me.id)
    if not (named or replied):
        return None
    if isinstance(what, Words):
        if not words and answered and not replied:  # "@naru" under what somebody else asked
            words = answered.text or answered.caption or ""
        return replace(what, text=words) if words else Command("start")
    return replace(what, caption=words) if isinstance(what, Upload | Unreadable) else what


def _without_name(message: Message, me: User) -> tuple[str, bool]:
    """Returns the words of a message without Naru's name, and whether the name stood there."""
    found = message.parse_entities([MessageEntity.MENTION, MessageEntity.TEXT_MENTION])
    found |= message.parse_caption_entities([MessageEntity.MENTION, MessageEntity.TEXT_MENTION])
    words, named = message.text or message.caption or "", False
    for entity, name in found.items():
        if (entity.user and entity.user.id == me.id) or name.lower() == f"@{me.username}".lower():
            words, named = words.replace(name, " "), True
    return " ".join(words.split()) if named else words, named
