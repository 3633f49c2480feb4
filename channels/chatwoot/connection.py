"""Naru as Chatwoot's agent bot: hears events, answers what customers write, choose and send, and brings news."""

from __future__ import annotations

import asyncio
from dataclasses import dataclass
from typing import Any

import structlog
from fastapi import FastAPI

from actions.reply import Turn
from actions.texts import text
from bot.assistant import Assistant
from bot.guard import Message
from channels import files_api
from channels.buttons import Buttons
from channels.chatwoot.attachments import Attachments, NotFetched, TooLarge
from channels.chatwoot.client import ChatwootError, Client, Place, Refused
from channels.chatwoot.events import FILES, MessageEvent, StatusEvent, Told, letter
from channels.chatwoot.posting import Posting
from channels.connection import GREET, assistant_of, kept_turn, opening_language
from channels.contacts import Contact, Contacts
from channels.limits import CHATWOOT
from channels.problems import Problem
from channels.reception import Reception
from knowledge.record import Language
from knowledge.settings import Settings

log = structlog.get_logger("naru.chatwoot")

MEGABYTE = 1_000_000


@dataclass(frozen=True)
class Progress:
    """How far the answer to a letter has come: which part of it, the turn made for it, and how much was posted."""

    key: str
    part: int = 0
    turn_id: int | None = None
    posted: int = 0


class ChatwootConnection:
    """The connection to one Chatwoot.

    Args:
        app: The service it belongs to.
        client: Speaks Chatwoot's API.
        attachments: Fetches files.
    """

    channel = "chatwoot"
    tells = True

    def __init__(self, app: FastAPI, client: Client, attachments: Attachments) -> None:
        self._app, self._client, self._attachments = app, client, attachments
        self._settings: Settings = app.state.settings
        self._contacts: Contacts = app.state.contacts
        self._buttons = Buttons(self._settings)
        self._posting = Posting(client, self._settings)
        self.reception = Reception(self.channel, self._work, self._settings)

    async def start(self) -> None:
        """Begins to answer."""
        await asyncio.to_thread(self._buttons.purge)
        await self.reception.start()

    async def stop(self) -> None:
        """Stops answering."""
        await self.reception.stop()
        await self._client.close()

    async def hear(self, told: Told | None) -> bool:
        """Takes an event in; returns whether there is something new to answer."""
        if isinstance(told, MessageEvent):
            self._posting.hear_status(Place(told.account.id, told.conversation.id), told.conversation.status)
        if isinstance(told, StatusEvent):
            if told.account:
                self._posting.hear_status(Place(told.account, told.id), told.status)
            return False
        found = letter(told) if told is not None else None
        return found is not None and await self.reception.take(found.key, found.lane, found.body)

    async def tell(self, contact: Contact, turns: list[Turn]) -> None:
        """Brings news to a conversation that is Naru's or at rest, else to the people who have it.

        Raises:
            ChatwootError: Chatwoot can't be reached, or knows Naru no more.
        """
        try:
            await self._posting.tell(contact, turns)
        except Refused as refused:
            if refused.status == 401:
                raise
            log.error("news refused", status=refused.status)

    async def _work(self, body: dict[str, Any], again: bool) -> None:
        """Answers a letter; what can't be posted leaves the conversation to people."""
        naru = await assistant_of(self._app)
        address = Place(body["account"], body["conversation"]).address
        language = opening_language(self._settings, body.get("language"))
        contact, new = await asyncio.to_thread(self._contacts.meet, self.channel, address, language)
        if body.get("greet") and not (new or again):
            return
        try:
            await self._answer(naru, contact, body, again)
        except ChatwootError as error:
            log.error("not posted", error=type(error).__name__, status=getattr(error, "status", None))
            await self._posting.give_up(contact)
        await asyncio.to_thread(self._contacts.keep, contact, None)
        await asyncio.to_thread(self._contacts.see, contact)

    async def _answer(self, naru: Assistant, contact: Contact, body: dict[str, Any], again: bool) -> None:
        progress = await self._so_far(contact, body["key"], again)
        for number, part in enumerate(_parts(body)):
            if number < progress.part:
                continue
            if number > progress.part:
                progress = Progress(body["key"], number)
            await self._answer_part(naru, contact, part, progress)

    async def _answer_part(self, naru: Assistant, contact: Contact, part: dict[str, Any], progress: Progress) -> None:
        turn = await self._made(naru, contact, progress)
        if turn is None:
            message = await self._message(naru, contact, part)
            if isinstance(message, str):
                await self._posting.say(contact, message)
                await self._note(contact, Progress(progress.key, progress.part + 1))
                return
            turn = await naru.turn(contact.conversation_id, message)
        progress = Progress(progress.key, progress.part, turn.turn_id, progress.posted)
        await self._note(contact, progress)

        async def note_done(posted: int) -> None:
            await self._note(contact, Progress(progress.key, progress.part, progress.turn_id, posted))

        await self._posting.answer(contact, turn, progress.posted, note_done)
        await self._note(contact, Progress(progress.key, progress.part + 1))

    async def _so_far(self, contact: Contact, key: str, again: bool) -> Progress:
        """Returns how far this letter came before; a turn made but not noted is among those not seen."""
        kept = await asyncio.to_thread(self._contacts.kept, contact)
        if isinstance(kept, dict) and kept.get("key") == key:
            return Progress(**kept)
        if again:
            unseen = await asyncio.to_thread(self._contacts.unseen, contact)
            made = [turn["turn_id"] for turn in unseen if turn["channel"] == self.channel]
            if made:
                return Progress(key, turn_id=made[-1])
        return Progress(key)

    async def _made(self, naru: Assistant, contact: Contact, progress: Progress) -> Turn | None:
        """Returns the turn that was made before, as it is recorded."""
        if progress.turn_id is None:
            return None
        dialogue = await asyncio.to_thread(naru.conversations.dialogue, contact.conversation_id)
        found = await asyncio.to_thread(naru.conversations.history, dialogue, progress.turn_id - 1, 1)
        return kept_turn(found[0]) if found and found[0]["turn_id"] == progress.turn_id else None

    async def _note(self, contact: Contact, progress: Progress) -> None:
        await asyncio.to_thread(self._contacts.keep, contact, vars(progress))

    async def _message(self, naru: Assistant, contact: Contact, part: dict[str, Any]) -> Message | str:
        """Returns the message a part is for the assistant, or what to say when it can't be one."""
        if "file" in part:
            return await self._file(naru, contact, part["file"])
        if "greet" in part:
            return GREET
        said = str(part.get("chosen") or part.get("text") or "")
        button = await asyncio.to_thread(self._buttons.find, said.strip(), contact.conversation_id)
        if button is not None:
            pressed = button.payload.startswith("/")
            return Message(payload=button.payload) if pressed else Message(text=button.payload)
        return Message(payload=said) if "chosen" in part else Message(text=said)

    async def _file(self, naru: Assistant, contact: Contact, file: dict[str, Any]) -> Message | str:
        visit = await asyncio.to_thread(naru.conversations.visit, contact.conversation_id)
        if file["type"] not in FILES or not file["url"]:
            return self._not_read(visit.language)
        try:
            fetched = await self._attachments.fetch(file["url"])
            file_id = await files_api.keep(naru, visit.dialogue, fetched.name, fetched.content, self._settings)
        except (TooLarge, Problem):
            return self._not_read(visit.language)
        except NotFetched as error:
            log.warning("file not fetched", reason=str(error))
            return text("chatwoot_file_lost", visit.language)
        return Message(file_id=file_id)

    def _not_read(self, language: Language) -> str:
        size = f"{self._settings.largest_file / MEGABYTE:g}"
        return text("chatwoot_file_refused", language, size=size)


def _parts(body: dict[str, Any]) -> list[dict[str, Any]]:
    """Returns what is answered one after the other: each file, then the words; a choice; a greeting."""
    if body.get("greet"):
        return [{"greet": True}]
    if body.get("chosen"):
        return [{"chosen": body["chosen"]}]
    files = [{"file": each} for each in body["files"][: CHATWOOT.attachments]]
    return [*files, {"text": body["text"]}] if body["text"].strip() or not files else files
