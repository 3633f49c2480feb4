"""Answers what was heard on Telegram: asks the assistant, once for each message, and sends what it says."""

from __future__ import annotations

import asyncio
import time
from contextlib import suppress
from dataclasses import dataclass, replace
from typing import Any

import structlog
from fastapi import FastAPI
from telegram.error import BadRequest, TelegramError
from telegram.ext import ExtBot

from actions.reply import Choice, Outcome, Reply, Turn
from actions.texts import text
from bot.conversations import Conversations, Visit
from bot.guard import Message
from bot.privacy import ANSWER, placeholder
from channels import files_api
from channels.buttons import Button, Buttons
from channels.connection import assistant_of, kept_turn, opening_language
from channels.contacts import Contact, Contacts
from channels.limits import TELEGRAM
from channels.problems import Problem
from channels.telegram.commands import ERASE, KEEP, answer_to
from channels.telegram.hearing import Command, Heard, Moved, Place, Press, Unreadable, Upload, Words
from channels.telegram.keyboard import marked
from channels.telegram.memory import Memory, Progress
from channels.telegram.moving import in_interview, move
from channels.telegram.render import bubbles, said
from channels.telegram.sending import Sender, typing
from channels.telegram.uploads import Refused, taken
from knowledge.record import Language
from knowledge.settings import Settings

log = structlog.get_logger("naru.telegram")

CHANNEL = "telegram"

CAPTION = ":caption"
"""Ends the key of the words that came with a file."""

DOUBLE_TAP = 1.5
"""Seconds after an answer within which the same button pressed again was a double tap, made while it was awaited."""

WARN_SECONDS = 60.0


@dataclass(frozen=True)
class Person:
    """Who is answered: where, with which conversation, in which language, and which of Telegram's updates."""

    place: Place
    contact: Contact
    language: Language
    key: str
    again: bool


class Answers:
    """Answers people on Telegram."""

    def __init__(self, app: FastAPI, bot: ExtBot[Any], sender: Sender, buttons: Buttons) -> None:
        self._app, self._bot, self._sender, self._buttons = app, bot, sender, buttons
        self._contacts: Contacts = app.state.contacts
        self._settings: Settings = app.state.settings
        self._conversations = Conversations(self._settings.database)
        self._pressed: dict[tuple[str, int | None, str], float] = {}
        self._warned: dict[str, float] = {}

    async def to(self, heard: Heard, key: str, again: bool) -> None:
        """Answers what was heard; ``key`` is Telegram's number of it, ``again`` tells that it was tried before.

        Raises:
            Gone: The person can't be written to.
            TelegramError: The answer could not be sent.
        """
        if isinstance(heard.what, Moved):
            await asyncio.to_thread(move, self._settings, heard.what.old, heard.what.new)
            return
        person, new = await self._person(heard.place, key, again)
        if not await self._bounded(person):
            return
        match heard.what:
            case Words():
                await self._words(person, heard.what)
            case Press():
                await self._press(person, heard.what, new)
            case Command():
                await self._command(person, heard.what)
            case Upload():
                await self._upload(person, heard.what)
            case Unreadable():
                await self._say(person, f"telegram_cant_{heard.what.kind}")
                await self._caption(person, heard.what.caption)
        await asyncio.to_thread(self._memory(person).done, (key, key + CAPTION))

    async def tell(self, contact: Contact, place: Place, turns: list[Turn]) -> None:
        """Sends turns nobody asked for just now; in a group it is said for whom they are."""
        for turn in turns:
            shown = bubbles(_for_all(turn) if place.group else turn)
            if place.group and shown:
                lead = text("telegram_for_you", turn.language)
                mention = f'<a href="tg://user?id={place.user_id}">{lead}</a>'
                shown = [replace(said(lead)[0], html=mention), *shown]
            try:
                await self._sender.send(place, contact.conversation_id, shown)
            except BadRequest as error:  # it would be refused for ever, and hold up everybody else's news
                log.error("news refused", reason=type(error).__name__, conversation=contact.conversation_id)

    async def _person(self, place: Place, key: str, again: bool) -> tuple[Person, bool]:
        spoken = opening_language(self._settings, place.spoken)
        contact, new = await asyncio.to_thread(self._contacts.meet, CHANNEL, place.address, spoken)
        language = spoken if new else (await self._visit(contact)).language
        return Person(place, contact, language, key, again), new

    async def _visit(self, contact: Contact) -> Visit:
        return await asyncio.to_thread(self._conversations.visit, contact.conversation_id)

    async def _bounded(self, person: Person) -> bool:
        """Counts the message; tells once a minute that there are too many."""
        try:
            if not person.again:
                self._app.state.rates.message(person.contact.conversation_id)
            return True
        except Problem:
            address, now = person.place.address, time.monotonic()
            if now - self._warned.get(address, -WARN_SECONDS) >= WARN_SECONDS:
                self._warned = {who: at for who, at in self._warned.items() if now - at < WARN_SECONDS}
                self._warned[address] = now
                await self._say(person, "telegram_too_many")
            return False

    async def _words(self, person: Person, words: Words) -> None:
        changed = await asyncio.to_thread(self._memory(person).changed, words.message_id, words.text)
        if words.edited and not person.again:
            if not changed:
                return
            if await asyncio.to_thread(in_interview, self._settings, person.contact):
                # Naru asks the next thing already: the edited answer to the last one must not become its answer.
                await self._say(person, "telegram_edited_in_interview")
                return
        await self._ask(person, Message(text=words.text))

    async def _press(self, person: Person, press: Press, new: bool) -> None:
        tapped = (person.place.address, press.message_id, press.data)
        if time.monotonic() - self._pressed.get(tapped, -DOUBLE_TAP) < DOUBLE_TAP and not person.again:
            await self._acknowledge(press)
            return
        button = await asyncio.to_thread(self._buttons.find, press.data, person.contact.conversation_id)
        if button is None and person.again and new:  # what was pressed before the crash erased everything
            await self._say(person, "telegram_deleted")
            return
        refusal = await self._refusal(person, press, button)
        await self._acknowledge(press, text(refusal, person.language) if refusal else None)
        if refusal or button is None:
            return
        await self._mark(person.place, press)
        if button.payload == ERASE:
            await self._erase(person)
        elif button.payload == KEEP:
            await self._say(person, "telegram_kept")
        elif button.payload.startswith("/"):
            await self._ask(person, Message(payload=button.payload))
        else:
            await self._ask(person, Message(text=button.payload))
        now = time.monotonic()
        self._pressed = {each: at for each, at in self._pressed.items() if now - at < DOUBLE_TAP} | {tapped: now}

    async def _refusal(self, person: Person, press: Press, button: Button | None) -> str | None:
        """Returns the sentence that says why a button does nothing, or None if it does something.

        An answer to a question of an interview that was answered before must not become the next one's answer.
        """
        if button is None:
            return "telegram_foreign_button" if person.place.group else "telegram_old_button"
        if button.payload.startswith(ANSWER) and not person.again:
            outdated = await asyncio.to_thread(self._memory(person).outdated, press.message_id)
            return "telegram_old_answer" if outdated else None
        return None

    async def _acknowledge(self, press: Press, notice: str | None = None) -> None:
        with suppress(TelegramError):  # it may be too old to be answered
            words = notice[: TELEGRAM.callback_answer] if notice else None
            await self._bot.answer_callback_query(press.query_id, words, show_alert=notice is not None)

    async def _mark(self, place: Place, press: Press) -> None:
        """Marks the button, so that the person sees what was chosen; all buttons go on working."""
        keyboard = marked(press.markup, press.data) if press.markup else None
        if keyboard and press.message_id:
            with suppress(TelegramError):
                await self._bot.edit_message_reply_markup(place.chat_id, press.message_id, reply_markup=keyboard)

    async def _command(self, person: Person, command: Command) -> None:
        answer = await asyncio.to_thread(answer_to, command, person.language)
        if isinstance(answer, Message):
            await self._ask(person, answer)
        else:
            await self._send_words(person, answer.words, answer.choices)

    async def _upload(self, person: Person, upload: Upload) -> None:
        if not await self._resumed(person):
            try:
                async with typing(self._bot, person.place):
                    naru = await assistant_of(self._app)
                    dialogue = (await self._visit(person.contact)).dialogue
                    message = await taken(self._bot, naru, dialogue, upload, self._settings)
            except Refused as refused:
                await self._say(person, refused.key, **refused.values)
            else:
                await self._ask(person, message)
        await self._caption(person, upload.caption)

    async def _caption(self, person: Person, caption: str) -> None:
        """Answers the words that came with a file as a question of their own."""
        if caption.strip():
            await self._ask(replace(person, key=person.key + CAPTION), Message(text=caption))

    async def _erase(self, person: Person) -> None:
        naru = await assistant_of(self._app)
        await files_api.erase(naru, person.contact.conversation_id, self._settings)
        await self._say(person, "telegram_deleted")

    async def _ask(self, person: Person, message: Message) -> None:
        """Asks the assistant and sends the answer; a turn that was made before a crash is sent, not made again."""
        if await self._resumed(person):
            return
        async with typing(self._bot, person.place):
            turn = await self._made_before(person, message) if person.again else None
            if turn is None:
                naru = await assistant_of(self._app)
                turn = await naru.turn(person.contact.conversation_id, message)
            await asyncio.to_thread(self._memory(person).note, person.key, Progress(turn.turn_id))
        await self._send(person, turn)

    async def _resumed(self, person: Person) -> bool:
        """Goes on sending an answer whose sending broke off; False when none was begun."""
        progress = await asyncio.to_thread(self._memory(person).progress, person.key) if person.again else None
        if progress is None:
            return False
        dialogue = (await self._visit(person.contact)).dialogue
        kept = await asyncio.to_thread(self._conversations.history, dialogue, progress.turn_id - 1, 1)
        if not kept or kept[0]["turn_id"] != progress.turn_id:
            return False
        await self._send(person, kept_turn(kept[0]), progress.sent)
        return True

    async def _made_before(self, person: Person, message: Message) -> Turn | None:
        """Returns the turn a message led to before the process died, if there is one that nobody has seen."""
        contact = await asyncio.to_thread(self._contacts.find, CHANNEL, person.place.address)
        begun = await asyncio.to_thread(self._memory(person).begun)
        unseen = await asyncio.to_thread(self._contacts.unseen, contact or person.contact)
        kept = message.kept(self._settings.longest_message)
        mine = [turn for turn in unseen if turn["channel"] == CHANNEL and turn["turn_id"] not in begun]
        found = [turn for turn in mine if _same(turn["message"], kept)]
        return kept_turn(found[-1]) if found else None

    async def _send(self, person: Person, turn: Turn, begun: int = 0) -> None:
        memory = self._memory(person)

        async def sent(number: int, message_id: int) -> None:
            if number == 1:
                await asyncio.to_thread(memory.asking_since, message_id)
            await asyncio.to_thread(memory.note, person.key, Progress(turn.turn_id, number))

        shown = _for_all(turn) if person.place.group else turn
        asks = turn.outcome is Outcome.NEEDS_INPUT
        conversation = person.contact.conversation_id
        await self._sender.send(person.place, conversation, bubbles(shown), begun, sent, asks)
        await asyncio.to_thread(self._contacts.see, person.contact)
        if person.place.group:
            await self._warn_of_the_others(person, turn.language)

    async def _warn_of_the_others(self, person: Person, language: Language) -> None:
        """Where several people read, nobody shall write down their telephone number unwarned."""
        dialogue = (await self._visit(person.contact)).dialogue
        if await asyncio.to_thread(self._conversations.private, dialogue):
            alone = f"https://t.me/{self._bot.username}"
            name = text("telegram_group_private_button", language)
            words = said(text("telegram_group_private", language))[0]
            linked = replace(words, html=f'{words.html}\n<a href="{alone}">{name}</a>')
            await self._sender.send(person.place, person.contact.conversation_id, [linked])

    async def _say(self, person: Person, key: str, **values: object) -> None:
        await self._send_words(person, text(key, person.language, **values))

    async def _send_words(self, person: Person, words: str, choices: tuple[Choice, ...] = ()) -> None:
        await self._sender.send(person.place, person.contact.conversation_id, said(words, choices))

    def _memory(self, person: Person) -> Memory:
        return Memory(self._contacts, person.contact)


def _for_all(turn: Turn) -> Turn:
    """Returns a turn as it may be shown where several people read: without personal details."""
    instead = text("telegram_group_sealed", turn.language)
    replies = tuple(Reply(text=instead, choices=each.choices) if each.sealed else each for each in turn.replies)
    return turn.model_copy(update={"replies": replies})


def _same(recorded: dict[str, str], kept: dict[str, str]) -> bool:
    """Tells whether a recorded message is this one; of private ones only the kind was recorded."""
    if recorded == kept:
        return True
    if "text" in kept:
        return recorded.get("text") in (placeholder("ko"), placeholder("en"))
    return recorded.get("payload") == ANSWER and kept.get("payload", "").startswith(ANSWER)
