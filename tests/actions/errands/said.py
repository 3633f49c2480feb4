"""What a step of a conversation said, for the tests of errands."""

from __future__ import annotations

import json
from typing import Any

from actions.talk import Talk


def bubbles(talk: Talk) -> list[dict[str, Any]]:
    """Returns the replies made so far, each with its outcome and records."""
    return [message["custom"]["naru"] for message in talk._dispatcher.messages]


def words(talk: Talk) -> str:
    """Returns everything said so far, cards and all, as one text."""
    said = []
    for bubble in bubbles(talk):
        reply = bubble["reply"]
        card = reply["card"] or {"title": "", "rows": []}
        said += [reply["text"] or "", card["title"], *(cell for row in card["rows"] for cell in row)]
    return "\n".join(said)


def buttons(talk: Talk) -> dict[str, str]:
    """Returns the buttons shown so far: title and payload."""
    return {each["title"]: each["payload"] for bubble in bubbles(talk) for each in bubble["reply"]["choices"]}


def value(payload: str) -> str:
    """Returns the value a button carries."""
    return str(json.loads(payload[payload.index("{") :])["value"])
