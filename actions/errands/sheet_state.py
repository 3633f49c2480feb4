"""What the slot ``sheet`` keeps of a product sheet: entries, fields passed over, the platform, and where one is."""

from __future__ import annotations

from typing import Any

from actions.talk import Talk
from knowledge.platforms.field import fields
from knowledge.platforms.sheet import Sheet

SLOT = "sheet"


def sheet_of(talk: Talk) -> Sheet:
    """Returns the product sheet of a conversation, empty where none was begun."""
    return Sheet.from_dict((talk.slot(SLOT) or {}).get("told"))


def asked_fields() -> tuple[str, ...]:
    """Returns the fields asked of everybody, in their order."""
    return tuple(name for name, each in fields().items() if each.need)


def next_field(state: dict[str, Any]) -> str | None:
    """Returns the field to ask: the one gone back to, else the first neither filled in nor passed over."""
    again = state.get("again")
    if again in fields():
        return str(again)
    done = {*Sheet.from_dict(state.get("told")).values, *state.get("skipped", ())}
    return next((name for name in asked_fields() if name not in done), None)


def field_before(state: dict[str, Any]) -> str | None:
    """Returns the field asked before the present one, or None at the first."""
    here = next_field(state)
    order = asked_fields()
    place = order.index(here) if here in order else len(order)
    return order[place - 1] if place else None
