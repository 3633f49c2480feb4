"""What people at the desk do to a conversation: each thing between two of its messages, and the customer is told.

While a person has a conversation, Naru says nothing in it; ``Assistant.turn`` keeps the customer's messages for them.
"""

from __future__ import annotations

import asyncio
from collections.abc import Awaitable, Callable, Sequence
from datetime import datetime, timedelta
from typing import TYPE_CHECKING

import structlog
from sqlalchemy.orm import Session

from actions.desk.asking import CALL_ME, CLOSING
from actions.desk.callback import KEPT_DAYS
from actions.desk.handovers import ACTIVE, WAITING, Handover, Handovers
from actions.desk.hours import read_hours
from actions.news.words import unsubscribes
from actions.reply import Choice, IntentNote, Outcome, Reply, Turn
from actions.talk import payload
from actions.texts import text
from bot.conversations import UnknownConversation, Visit
from bot.guard import PAYLOAD, Message
from knowledge.database.tables import now
from knowledge.record import Language
from knowledge.settings import Settings

if TYPE_CHECKING:
    from bot.assistant import Assistant

log = structlog.get_logger("naru.desk")

STAFF = IntentNote(name="staff", confidence=1.0)
"""The intent of turns that a person of the desk wrote."""

NOTICE = IntentNote(name="handover_notice", confidence=1.0)
"""The intent of turns in which Naru tells who has the conversation."""

ENDED = IntentNote(name=CLOSING, confidence=1.0)

CHANNEL_COMMANDS = frozenset({"join_channels", "separate_channels", "stop_news"})
"""Buttons that Naru obeys also while a person has the conversation."""


Act = Callable[[Visit, Handover], Awaitable[bool]]
"""Something done to a handover between two messages; tells whether it was done."""


class NotTheirs(PermissionError):
    """Somebody of the desk speaks in a conversation they do not have (any more)."""


class Desk:
    """The people at the desk, as the assistant of this process hears of them."""

    def __init__(self, naru: Assistant, chosen: Settings) -> None:
        self.handovers = Handovers(chosen)
        self._naru = naru
        self._settings = chosen

    async def accept(self, handover_id: str, staff_id: str) -> bool:
        """Gives a waiting conversation to somebody and tells the customer who; False when it is no longer to be had."""

        async def taken(visit: Visit, _found: Handover) -> bool:
            if not await asyncio.to_thread(self.handovers.accept, handover_id, staff_id):
                return False
            await self._introduce(visit, handover_id, staff_id)
            return True

        return await self._between(handover_id, taken)

    async def transfer(self, handover_id: str, staff_id: str, to_staff_id: str | None) -> bool:
        """Gives a conversation on to a colleague, or back into the queue; False when it is not theirs (any more)."""

        async def given(visit: Visit, _found: Handover) -> bool:
            if not await asyncio.to_thread(self.handovers.transfer, handover_id, staff_id, to_staff_id):
                return False
            if to_staff_id is None:
                await self._notice(visit, "desk_requeued")
            else:
                await self._introduce(visit, handover_id, to_staff_id)
            return True

        return await self._between(handover_id, given)

    async def hand_back(self, handover_id: str, staff_id: str) -> bool:
        """Gives a conversation back to Naru, which goes on where it stood; False when it is not theirs (any more)."""

        async def back(visit: Visit, _found: Handover) -> bool:
            if not await asyncio.to_thread(self.handovers.return_to_bot, handover_id, staff_id):
                return False
            asked = await asyncio.to_thread(self._naru.conversations.asked_last, visit.dialogue)
            spoken = visit.language
            bubbles = [Reply(text=text("desk_returned", spoken))]
            if asked:
                bubbles += [Reply(text=text("desk_where_it_stood", spoken)), asked]
            await self._naru.tell(visit, NOTICE, bubbles, Outcome.NEEDS_INPUT if asked else Outcome.ANSWERED)
            return True

        return await self._between(handover_id, back)

    async def close(self, handover_id: str, staff_id: str, wrap_up: str, note: str | None = None) -> bool:
        """Closes a conversation, or a call that was made, and says goodbye; False when a colleague has it."""

        async def closed(visit: Visit, found: Handover) -> bool:
            if not await asyncio.to_thread(self.handovers.close, handover_id, staff_id, wrap_up, note):
                return False
            if found.state == ACTIVE:
                goodbye = Reply(text=text("desk_finished", visit.language), choices=_thumbs(visit.language))
                await self._naru.tell(visit, ENDED, [goodbye], Outcome.ANSWERED)
            elif found.state == WAITING:
                await self._notice(visit, "desk_closed_unseen")
            return True

        return await self._between(handover_id, closed)

    async def speak(
        self,
        conversation_id: str,
        replies: Sequence[Reply],
        shown_as: str,
        staff_id: str | None = None,
        once: Callable[[Session], bool] | None = None,
    ) -> Turn:
        """Says what a person of the desk wrote; before their first words in a handover the customer hears who it is.

        Raises:
            NotTheirs: ``staff_id`` is given, and that person does not have the conversation (any more), or ``once``,
                asked where the turn is kept, says no.
            UnknownConversation: It was erased.
        """
        async with self._naru.in_order(conversation_id) as visit:
            found = await asyncio.to_thread(self.handovers.open_of, visit.dialogue)
            active = found is not None and found.state == ACTIVE
            if staff_id is not None and (found is None or not active or found.staff_id != staff_id):
                raise NotTheirs(conversation_id)
            name = shown_as or text("desk_staff", visit.language)
            lead: list[Reply] = []
            if found is None or not active:
                lead = [Reply(text=text("desk_speaks", visit.language, name=name))]
            elif await asyncio.to_thread(self.handovers.introduce, found.id, found.staff_id or ""):
                lead = [Reply(text=text("desk_introduced", visit.language, name=name))]
            turn = await self._naru.tell(visit, STAFF, [*lead, *replies], Outcome.HANDED_OVER, staff_id, once)
            if turn is None:
                raise NotTheirs(conversation_id)
            return turn

    async def round(self, moment: datetime | None = None) -> None:
        """Calls somebody anew for those whose person is gone, and tells those who wait when nobody comes any more."""
        for lost in await asyncio.to_thread(self.handovers.drop_absent, moment):
            await self._between(lost.id, self._told_of_loss)
        hours = read_hours(self._settings.desk_hours)
        if hours.open_at(moment or now()) or await asyncio.to_thread(self.handovers.presence.somebody_there, moment):
            return
        for each in await asyncio.to_thread(self.handovers.waiting):
            await self._between(each.id, self._given_up)

    async def forget(self, moment: datetime | None = None) -> int:
        """Forgets calls nobody made and handovers closed for NARU_RETENTION_DAYS; returns how many."""
        today = moment or now()
        calls = await asyncio.to_thread(self.handovers.forget_calls, today - timedelta(days=KEPT_DAYS))
        old = today - timedelta(days=self._settings.retention_days)
        return calls + await asyncio.to_thread(self.handovers.purge, old)

    async def _told_of_loss(self, visit: Visit, _found: Handover) -> bool:
        await self._notice(visit, "desk_dropped")
        return True

    async def _given_up(self, visit: Visit, found: Handover) -> bool:
        if not await asyncio.to_thread(self.handovers.give_up, found.id):
            return False
        hours = read_hours(self._settings.desk_hours).told(visit.language)
        call = Choice(title=text("desk_button_call", visit.language), payload=payload("handover", value=CALL_ME))
        sorry = Reply(text=text("desk_given_up", visit.language, hours=hours), choices=(call,))
        await self._naru.tell(visit, NOTICE, [sorry], Outcome.ANSWERED)
        return True

    async def _between(self, handover_id: str, act: Act) -> bool:
        """Acts on a handover between two messages of its conversation; False when there is no such handover."""
        found = await asyncio.to_thread(self.handovers.get, handover_id)
        if found is None:
            return False
        try:
            async with self._naru.in_order(found.conversation_id) as visit:
                found = await asyncio.to_thread(self.handovers.get, handover_id)
                return found is not None and await act(visit, found)
        except UnknownConversation:
            return False

    async def _introduce(self, visit: Visit, handover_id: str, staff_id: str) -> None:
        if await asyncio.to_thread(self.handovers.introduce, handover_id, staff_id):
            shown = await asyncio.to_thread(self.handovers.presence.shown_as, staff_id)
            await self._notice(visit, "desk_introduced", name=shown or text("desk_staff", visit.language))

    async def _notice(self, visit: Visit, key: str, **values: object) -> None:
        words = Reply(text=text(key, visit.language, **values))
        await self._naru.tell(visit, NOTICE, [words], Outcome.HANDED_OVER)


def obeyed(message: Message) -> bool:
    """Tells whether Naru does what a message says also while a person has the conversation."""
    pressed = PAYLOAD.fullmatch(message.payload or "")
    return bool(pressed and pressed["intent"] in CHANNEL_COMMANDS) or unsubscribes(message.text or "")


def _thumbs(language: Language) -> tuple[Choice, ...]:
    return tuple(
        Choice(title=text(f"desk_button_{verdict}", language), payload=payload("rate_talk", value=verdict))
        for verdict in ("up", "down")
    )
