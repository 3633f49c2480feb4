"""What happens to a message from KakaoTalk: answered in time, or promised and given later, and never lost.

A turn that takes too long goes on. If KakaoTalk gave an address for late answers, it is posted there; if not, or if
that fails, it is shown first with the person's next message, as are reminders and news.
"""

from __future__ import annotations

import asyncio
from collections import OrderedDict
from collections.abc import Coroutine
from functools import lru_cache
from pathlib import Path
from typing import Any

import structlog
import yaml
from fastapi import FastAPI

from actions.reply import Outcome, Turn
from actions.texts import text
from bot.conversations import UnknownConversation
from bot.guard import Message
from channels.connection import GREET, assistant_of, kept_turn, opening_language
from channels.contacts import Contact, Contacts, moment_after
from channels.conversations_api import Said
from channels.kakao import callback, pages, parts
from channels.kakao.links import Links
from channels.kakao.memory import Memory
from channels.kakao.pages import Template
from channels.kakao.render import Piece, key, offers, render
from channels.kakao.request import Asked
from channels.problems import Problem
from knowledge.language.detect import detect_language
from knowledge.record import Language
from knowledge.settings import Settings

log = structlog.get_logger("naru.kakao")

CHANNEL = "kakao"
START_OVER = Message(payload="/start_over")

LATE_AT_MOST = 500
"""Late turns whose personal details are remembered until they are shown."""

CLAIMS = 3
"""Tries to claim what is unseen while other messages of the same person claim it."""

FINISHING = 10.0
"""Seconds that answers on their way are given when the service stops."""

Response = dict[str, Any]


class Answering:
    """Answers KakaoTalk's people, one message after the other."""

    def __init__(self, app: FastAPI) -> None:
        self._app = app
        self._contacts: Contacts = app.state.contacts
        self._tasks: set[asyncio.Task[Any]] = set()
        self._running: dict[str, asyncio.Task[Turn]] = {}
        self._broken: set[str] = set()
        self._late: OrderedDict[tuple[str, int], Turn] = OrderedDict()

    @property
    def _settings(self) -> Settings:
        return self._app.state.settings  # type: ignore[no-any-return]

    async def answer(self, asked: Asked, began: float) -> Response:
        """Returns the response to a request that came at ``began`` (the loop's clock)."""
        language = detect_language(asked.words) or opening_language(self._settings, asked.lang)
        contact, _ = await asyncio.to_thread(self._contacts.meet, CHANNEL, asked.user, language)
        memory = Memory.of(await asyncio.to_thread(self._contacts.kept, contact), language)
        try:
            self._app.state.rates.message(contact.conversation_id)
        except Problem:
            return pages.response(pages.told(text("kakao_too_many", memory.language)))
        if memory.waiting and _is(asked, "more"):
            await asyncio.to_thread(self._contacts.keep, contact, memory.turned().as_json())
            return pages.response(memory.waiting[0])
        if _is(asked, "see_answer") and memory.meaning(asked.words, pressed=asked.pressed) is None:
            return await self._awaited(contact, memory, began)
        turn = self._spawn(self._turn(contact, message_of(asked, memory)))
        self._running[contact.address] = turn
        turn.add_done_callback(lambda _: self._forget_running(contact.address, turn))
        if not await self._in_time(turn, began):
            return self._promise(asked, contact, memory, turn, began)
        if turn.exception() is not None:
            return pages.response(pages.told(text("failed", memory.language)))
        _, unseen = await self._claim(contact)
        response = await self._response(contact, turn.result(), unseen)
        self._forget_late(contact, unseen)
        return response

    async def finish(self) -> None:
        """Waits a little for the answers on their way, then gives up on them."""
        if self._tasks:
            _done, left = await asyncio.wait(self._tasks, timeout=FINISHING)
            for task in left:
                task.cancel()

    async def idle(self) -> None:
        """Waits until no answer is on its way."""
        while self._tasks:
            await asyncio.wait(self._tasks)

    async def _turn(self, contact: Contact, message: Message) -> Turn:
        """Makes the turn; what goes wrong is logged, and told by whoever waits."""
        try:
            naru = await assistant_of(self._app)
            try:
                return await naru.turn(contact.conversation_id, message)
            except UnknownConversation:  # erased a moment ago, from another channel
                anew, _ = await asyncio.to_thread(self._contacts.meet, CHANNEL, contact.address, "ko")
                return await naru.turn(anew.conversation_id, message)
        except Exception:
            log.exception("turn failed", conversation=contact.conversation_id)
            raise

    async def _in_time(self, task: asyncio.Task[Turn], began: float) -> bool:
        """Waits for a turn until KakaoTalk must get an answer; the turn goes on if it takes longer."""
        left = began + self._settings.kakao_seconds - asyncio.get_running_loop().time()
        done, _ = await asyncio.wait({task}, timeout=max(0.0, left))
        return bool(done)

    async def _awaited(self, contact: Contact, memory: Memory, began: float) -> Response:
        """Answers the question after the answer: gives it if it is there, and waits for it a little if not."""
        running = self._running.get(contact.address)
        if running and not await self._in_time(running, began):
            return _see_later(memory.language, "kakao_still_preparing")
        _, unseen = await self._claim(contact)
        if not unseen and memory.with_person:
            return _see_later(memory.language, "kakao_person_still")
        if not unseen:
            why = "failed" if contact.address in self._broken else "kakao_nothing_waiting"
            self._broken.discard(contact.address)
            return pages.response(pages.told(text(why, memory.language)))
        response = await self._response(contact, None, unseen)
        self._forget_late(contact, unseen)
        return response

    def _promise(
        self, asked: Asked, contact: Contact, memory: Memory, turn: asyncio.Task[Turn], began: float
    ) -> Response:
        if asked.callback and callback.allowed(asked.callback, self._settings.kakao_callback_hosts):
            self._spawn(self._call_back(asked.callback, contact, turn, began))
            return {"version": "2.0", "useCallback": True, "data": {"text": text("kakao_wait", memory.language)}}
        self._spawn(self._remember(contact, turn))
        return _see_later(memory.language, "kakao_preparing")

    async def _remember(self, contact: Contact, turn: asyncio.Task[Turn]) -> None:
        """Keeps in memory what no record holds of a late turn until it is shown: personal details, or that it broke."""
        await asyncio.wait({turn})
        if turn.exception() is not None:
            self._broken.add(contact.address)
        elif any(reply.sealed for reply in turn.result().replies):
            self._late[(contact.address, turn.result().turn_id)] = turn.result()
            while len(self._late) > LATE_AT_MOST:
                self._late.popitem(last=False)

    async def _call_back(self, address: str, contact: Contact, turn: asyncio.Task[Turn], began: float) -> None:
        """Posts a late answer, unless it is shown already; if that fails, it waits for the next message."""
        await self._remember(contact, turn)
        late = asyncio.get_running_loop().time() > began + callback.IN_TIME
        if late or turn.exception() is not None:
            return
        claimed, unseen = await self._claim(contact)
        if claimed is None or turn.result().turn_id not in [each["turn_id"] for each in unseen]:
            return
        response = await self._response(contact, turn.result(), unseen)
        if not await callback.post(address, response, self._settings.kakao_callback_hosts):
            await asyncio.to_thread(self._contacts.unclaim, claimed, moment_after(unseen))
            return
        self._forget_late(contact, unseen)

    async def _claim(self, contact: Contact) -> tuple[Contact | None, list[dict[str, Any]]]:
        """Returns what the person has not seen, which nobody else shows from now on, and the contact as it was."""
        for _ in range(CLAIMS):
            now = await asyncio.to_thread(self._contacts.find, contact.channel, contact.address)
            if now is None:
                break
            unseen = await asyncio.to_thread(self._contacts.unseen, now)
            if not unseen or await asyncio.to_thread(self._contacts.claim, now, moment_after(unseen)):
                return now, unseen
        return None, []

    async def _response(self, contact: Contact, turn: Turn | None, unseen: list[dict[str, Any]]) -> Response:
        """Returns the response that shows what was not seen before and then the turn, and remembers what it offers."""
        links = Links(self._settings, await self._dialogue(contact))
        memory = Memory.of(await asyncio.to_thread(self._contacts.kept, contact), turn.language if turn else "ko")
        said = [
            (self._whole(contact, each), "kakao_late" if each["channel"] == CHANNEL else None)
            for each in unseen
            if each["replies"] and (turn is None or each["turn_id"] != turn.turn_id)
        ]
        handed = _handed_on(turn) if turn else memory.with_person
        said += [(turn, None)] if turn and not _handed_on(turn) else []
        offered = offers([each for each, _ in said], reserved=_words()["more"] + _words()["see_answer"])
        pieces: list[Piece] = []
        for each, lead in said:
            pieces += render(each, offered, links, text(lead, each.language) if lead else None)
        last = said[-1][0] if said else turn
        language = last.language if last else memory.language
        if handed:
            pieces = _with_person(pieces, language)
        templates = pages.lay_out(pieces, language, links.page(last) if said and last else None)
        after = memory.after(offered.values(), templates[1:], language, with_person=handed)
        await asyncio.to_thread(self._contacts.keep, contact, after.as_json())
        return pages.response(templates[0])

    def _whole(self, contact: Contact, kept: dict[str, Any]) -> Turn:
        """Returns a turn as it was made, if this process still knows, else as it is kept."""
        return self._late.get((contact.address, kept["turn_id"])) or kept_turn(kept)

    def _forget_late(self, contact: Contact, shown: list[dict[str, Any]]) -> None:
        for each in shown:
            self._late.pop((contact.address, each["turn_id"]), None)

    async def _dialogue(self, contact: Contact) -> str:
        naru = await assistant_of(self._app)
        try:
            return await asyncio.to_thread(naru.conversations.dialogue, contact.conversation_id)
        except UnknownConversation:
            return contact.conversation_id

    def _spawn(self, coroutine: Coroutine[Any, Any, Any]) -> asyncio.Task[Any]:
        """Starts a task that lives until it is done, whoever waits for it."""
        task = asyncio.create_task(coroutine)
        self._tasks.add(task)
        task.add_done_callback(self._tasks.discard)
        return task

    def _forget_running(self, address: str, turn: asyncio.Task[Turn]) -> None:
        if self._running.get(address) is turn:
            del self._running[address]


def message_of(asked: Asked, memory: Memory) -> Message:
    """Returns what a person means: a choice that was shown, starting over, a greeting, or their own words."""
    if asked.carried:
        return Said(payload=asked.carried[:600]).message()
    meant = memory.meaning(asked.words, pressed=asked.pressed)
    if meant:
        return Said(payload=meant).message() if meant.startswith("/") else Said(text=meant).message()
    if not asked.words or asked.block in _words()["welcome_blocks"]:
        return GREET
    return START_OVER if _is(asked, "start_over") else Message(text=asked.words)


def _handed_on(turn: Turn) -> bool:
    """Tells whether a message went to a person, so that Naru says nothing."""
    return turn.outcome is Outcome.HANDED_OVER and not turn.replies


def _with_person(pieces: list[Piece], language: Language) -> list[Piece]:
    """Returns what is shown while a person has the conversation: with a button to look whether they have written."""
    shown = pieces or [Piece(parts.simple_text(text("kakao_person", language)))]
    look = pages.writes(text("kakao_see_answer", language))
    return [*shown[:-1], Piece(shown[-1].component, (look, *shown[-1].offers))]


def _see_later(language: Language, why: str) -> Response:
    template: Template = pages.told(text(why, language), pages.writes(text("kakao_see_answer", language)))
    return pages.response(template)


def _is(asked: Asked, what: str) -> bool:
    return key(asked.words) in _words()[what]


@lru_cache(maxsize=1)
def _words() -> dict[str, list[str]]:
    found: dict[str, list[str]] = yaml.safe_load((Path(__file__).parent / "words.yaml").read_text(encoding="utf-8"))
    return found
