"""A conversation as the person who takes it over reads it: each message, answer, note and happening is one item."""

from __future__ import annotations

import json
from collections.abc import Callable, Iterable
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from actions.desk.handovers import HandoverEvent
from actions.files import ADDRESS
from actions.reply import Reply
from bot.desk import ENDED, NOTICE, STAFF
from bot.guard import PAYLOAD
from bot.privacy import ANSWER
from channels.console.sending_once import SENT
from knowledge.record import Language
from knowledge.shelf import shelf

UNSEEN = frozenset({SENT, "introduced"})
"""Happenings that tell the reader nothing."""

SILENT = frozenset({"/greet"})
"""Payloads nobody pressed."""


@dataclass(frozen=True)
class Item:
    """One thing that is shown.

    ``kind`` is customer, naru, staff, notice, note or event; ``file`` id and name of a file the customer sent;
    ``what`` the happening, or private; ``outcome`` how Naru's turn ended; ``button``: the customer pressed ``text``,
    or, where no title is known, what opens ``record`` (its name).
    """

    kind: str
    at: datetime
    text: str | None = None
    replies: tuple[Reply, ...] = ()
    file: tuple[str, str] | None = None
    outcome: str | None = None
    what: str | None = None
    who: str | None = None
    button: bool = False
    record: str | None = None
    turn: int | None = None


class Transcript:
    """Makes items of turns in their order; remembers what buttons say from the turns that offered them.

    Args:
        name_of: Gives the name of a file by its id.
        names: Names of the staff by id.
        language: The reader's, for the names of records.
    """

    def __init__(self, name_of: Callable[[str], str | None], names: dict[str, str], language: Language = "ko") -> None:
        self._name_of = name_of
        self._names = names
        self._language = language
        self._titles: dict[str, str] = {}

    def turn(self, turn: dict[str, Any]) -> list[Item]:
        """Returns what the customer sent and what was answered."""
        at, number = datetime.fromisoformat(turn["at"]), int(turn["turn_id"])
        asked = self._asked(turn["message"] or {}, at, number)
        replies = tuple(Reply.model_validate(reply) for reply in turn["replies"])
        self._titles |= {_key(choice.payload): choice.title for reply in replies for choice in reply.choices}
        if not replies:
            return asked
        kind = _KINDS.get(turn["intent"]["name"], "naru")
        return [*asked, Item(kind, at, replies=replies, outcome=turn["outcome"], turn=number)]

    def turns(self, turns: Iterable[dict[str, Any]]) -> list[Item]:
        """Returns the items of many turns."""
        return [item for turn in turns for item in self.turn(turn)]

    def event(self, event: HandoverEvent) -> list[Item]:
        """Returns a private note or a happening, unless it tells nothing."""
        if event.what in UNSEEN:
            return []
        who = self._names.get(event.staff_id or "")
        kind = "note" if event.what == "note" else "event"
        return [Item(kind, event.at, text=event.text, what=event.what, who=who)]

    def _asked(self, message: dict[str, str], at: datetime, number: int) -> list[Item]:
        if file_id := message.get("file_id"):
            return [Item("customer", at, file=(file_id, self._name_of(file_id) or ""), turn=number)]
        words = message.get("text")
        payload = message.get("payload", words if _is_pressed(words) else None)
        if payload is not None:
            return [] if payload in SILENT else [self._pressed(payload, at, number)]
        return [Item("customer", at, text=words, turn=number)] if words else []

    def _pressed(self, payload: str, at: datetime, number: int) -> Item:
        title = self._titles.get(_key(payload))
        what = "private" if payload == ANSWER else None
        opened = None if title else self._opened(payload)
        return Item("customer", at, text=title, what=what, button=True, record=opened, turn=number)

    def _opened(self, payload: str) -> str | None:
        """Returns the name of the record a button opens; pages that hold the widget have buttons no turn offered."""
        record = shelf().library.get(str(_carried(payload).get("record") or ""))
        return record.text(self._language).name if record else None


_KINDS = {STAFF.name: "staff", NOTICE.name: "notice", ENDED.name: "notice"}


def _is_pressed(words: str | None) -> bool:
    """Tells whether words are what a button sends: clients of other makers send it as text."""
    return bool(words and "{" in words and PAYLOAD.fullmatch(words))


def _carried(payload: str) -> dict[str, Any]:
    """Returns what a payload carries; nothing where it can't be read."""
    try:
        found = json.loads(payload.partition("{")[1] + payload.partition("{")[2])
    except ValueError:
        return {}
    return found if isinstance(found, dict) else {}


def _key(payload: str) -> str:
    """Returns a payload without regard to spaces and order, by which a button is known again."""
    carried = _carried(payload)
    return f"{payload.partition('{')[0]}{json.dumps(carried, sort_keys=True)}" if carried else payload


def file_id_of(url: str) -> str:
    """Returns the id of one of Naru's own files by its address, else an empty text."""
    return url.removeprefix(ADDRESS).partition("?")[0] if url.startswith(ADDRESS) else ""
