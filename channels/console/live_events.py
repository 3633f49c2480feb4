"""The one stream of a page: the queue when it changes, and on a conversation's page all that happens in it.

Each event carries HTML made by the same templates as the page, so that text is escaped in one place. The id of an
event names the last turn and the last happening that were told, and a stream that broke goes on after it.
"""

from __future__ import annotations

import asyncio
import json
import re
import time
from collections.abc import AsyncIterator
from dataclasses import dataclass
from datetime import timedelta
from typing import Any

import structlog
from sse_starlette import ServerSentEvent

from actions.desk.handovers import ACTIVE, CLOSED, Handover
from actions.desk.presence import Presence
from bot.conversations import Conversations
from channels.console.accounts import Staff
from channels.console.live_items import Item, Transcript
from channels.console.live_queue import Desk, may_see
from channels.console.page import environment
from channels.console.words import label
from knowledge.record import Language
from knowledge.settings import Settings

log = structlog.get_logger("naru.console")

POLL_SECONDS = 0.7
"""How often the database is looked at for a page that is open."""

SIGN_SECONDS = 15.0
"""How often an open page is a sign of life at least."""

GOODBYE = timedelta(seconds=10)
"""Within which what Naru says about the end of a handover comes."""

_MARK = re.compile(r"^(-?\d{1,9})\.(\d{1,9})$")


@dataclass(frozen=True)
class Mark:
    """How far a page has been told: the last turn's number, and how many happenings."""

    turn: int = -1
    events: int = 0

    @classmethod
    def read(cls, written: str | None) -> Mark:
        """Returns a mark as an event's id carries it; one that can't be read begins anew."""
        match = _MARK.match(written or "")
        return cls(int(match[1]), int(match[2])) if match else cls()

    def __str__(self) -> str:
        return f"{self.turn}.{self.events}"


class Conversation:
    """A handover's conversation, read bit by bit. Methods are synchronous and short; call them in a thread."""

    def __init__(self, desk: Desk, settings: Settings, handover: Handover, language: Language = "ko") -> None:
        self.dialogue = handover.conversation_id
        self._desk = desk
        self._handover = handover
        self._kept = Conversations(settings.database)
        self._transcript = Transcript(self._name_of, desk.names(), language)

    def skip(self, mark: Mark) -> None:
        """Reads what was told before, because later turns refer to its buttons."""
        self._transcript.turns(turn for turn in self._turns(-1) if turn["turn_id"] <= mark.turn)

    def after(self, mark: Mark, handover: Handover) -> tuple[list[Item], Mark]:
        """Returns what is new after a mark, in the order of time, and the mark behind it.

        Once people are done with a conversation, what the customer then says to Naru is not theirs to read.
        """
        turns = self._turns(mark.turn)
        events = self._desk.handovers.events(handover.id)[mark.events :]
        reached = Mark(turns[-1]["turn_id"] if turns else mark.turn, mark.events + len(events))
        items = self._transcript.turns(turns)
        if handover.closed_at is not None:
            items = [item for item in items if item.at <= handover.closed_at + _ends(item)]
        items += [item for event in events for item in self._transcript.event(event)]
        return sorted(items, key=lambda item: item.at), reached

    def _turns(self, after: int) -> list[dict[str, Any]]:
        found: list[dict[str, Any]] = []
        while page := self._kept.history(self.dialogue, after):
            found += page
            after = page[-1]["turn_id"]
        return found

    def _name_of(self, file_id: str) -> str | None:
        row = self._kept.file(file_id)
        return row.name if row is not None else None


def _ends(item: Item) -> timedelta:
    """Returns how long after the end an item may still belong to it: the goodbye does."""
    return GOODBYE if item.kind == "notice" else timedelta(0)


def items_html(items: list[Item], handover: Handover, staff: Staff) -> str:
    """Returns items as HTML, escaped."""
    template = environment().get_template("live_items.html")
    return template.render(language=staff.language, items=items, handover=handover, label=label(staff.language))


def queue_html(template: str, desk: Desk, staff: Staff, current: str | None = None) -> tuple[str, dict[str, int]]:
    """Returns the queue as HTML, and how many wait and are owed an answer."""
    queue = desk.look(staff)
    shown = {"queue": queue, "label": label(staff.language), "current": current, "staff": staff}
    html = environment().get_template(template).render(language=staff.language, **shown)
    return html, {"waiting": len(queue.waiting), "owed": queue.owed}


def state_of(handover: Handover, staff: Staff, names: dict[str, str]) -> dict[str, Any]:
    """Returns what a page must know of a handover to offer what can be done."""
    return {
        "state": handover.state,
        "mine": handover.staff_id == staff.id,
        "holder": names.get(handover.staff_id or "", ""),
        "conversation": handover.conversation_id,
    }


class Stream:
    """What one page of one person is told.

    Args:
        settings: What is set.
        staff: Who looks.
        handover_id: The conversation on the page; None for the queue.
        mark: How far the page has been told.
    """

    def __init__(self, settings: Settings, staff: Staff, handover_id: str | None, mark: Mark) -> None:
        self._settings = settings
        self._staff = staff
        self._id = handover_id
        self._mark = mark
        self._desk = Desk(settings)
        self._presence = Presence(settings)
        self._conversation: Conversation | None = None
        self._told_state: dict[str, Any] | None = None
        self._told_pulse: Any = None
        self._signed = float("-inf")

    async def events(self) -> AsyncIterator[ServerSentEvent]:
        """Yields events until the page goes away, or the conversation is no longer theirs to see."""
        while True:
            for name, data in await asyncio.to_thread(self._look):
                sent = json.dumps(data, ensure_ascii=False)
                yield ServerSentEvent(data=sent, event=name, id=str(self._mark))
                if name == "gone":
                    return
            await asyncio.sleep(POLL_SECONDS)

    def _look(self) -> list[tuple[str, dict[str, Any]]]:
        self._live()
        told: list[tuple[str, dict[str, Any]]] = []
        if self._id is not None:
            told += self._look_at(self._id)
        pulse = self._desk.pulse()
        if pulse != self._told_pulse:
            self._told_pulse = pulse
            template = "live_queue.html" if self._id is None else "live_side.html"
            html, counts = queue_html(template, self._desk, self._staff, self._id)
            told.append(("queue", {"html": html, **counts}))
        return told

    def _look_at(self, handover_id: str) -> list[tuple[str, dict[str, Any]]]:
        handover = self._desk.handovers.get(handover_id)
        if handover is None or not may_see(self._staff, handover):
            return [("gone", {})]
        if self._conversation is None:
            self._conversation = Conversation(self._desk, self._settings, handover, self._staff.language)
            self._conversation.skip(self._mark)
        told: list[tuple[str, dict[str, Any]]] = []
        state = state_of(handover, self._staff, self._desk.names())
        if self._conversation.dialogue == handover.conversation_id:
            items, self._mark = self._conversation.after(self._mark, handover)
            if items:
                html = items_html(items, handover, self._staff)
                told.append(("items", {"html": html, "turn": self._mark.turn}))
        if state != self._told_state:
            self._told_state = state
            told.append(("handover", state))
        if handover.state not in (ACTIVE, CLOSED):
            return told
        signs = self._desk.handovers.signs(handover.conversation_id)
        if handover.state == ACTIVE and signs is not None and signs.customer_typing:
            told.append(("typing", {}))
        return told

    def _live(self) -> None:
        """Notes that this person is there."""
        if time.monotonic() - self._signed >= min(SIGN_SECONDS, self._settings.desk_away_seconds / 3):
            self._signed = time.monotonic()
            self._presence.sign_of_life(self._staff.id)
