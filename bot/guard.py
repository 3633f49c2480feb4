"""What is done to a message before it is understood: bounds, and personal numbers made unreadable."""

from __future__ import annotations

import re
from dataclasses import dataclass

_RESIDENT = re.compile(r"(?<!\d)\d{2}(?:0[1-9]|1[0-2])(?:0[1-9]|[12]\d|3[01])\s?-?\s?[1-8]\d{6}(?!\d)")
_CARD = re.compile(r"(?<![\d-])(?:\d[ -]?){13,16}(?![\d-])")
PAYLOAD = re.compile(r"/(?P<intent>[a-z_]{1,40})(?:\{.{0,500}\})?", re.DOTALL)
"""What a button sends."""


@dataclass(frozen=True)
class Message:
    """What a channel received: words, a pressed button's payload, or a file that was sent."""

    text: str | None = None
    payload: str | None = None
    file_id: str | None = None

    def kept(self, limit: int) -> dict[str, str]:
        """Returns what is recorded of it, personal numbers masked and no longer than ``limit``."""
        parts = {"text": self.text, "payload": self.payload, "file_id": self.file_id}
        return {key: mask(value)[:limit] for key, value in parts.items() if value is not None}


def mask(text: str) -> str:
    """Returns ``text`` with resident registration and payment card numbers replaced by asterisks.

    Nobody needs to tell a guide such numbers; once masked they reach neither the database nor a log.
    """
    text = _RESIDENT.sub(lambda m: m.group()[:6] + "-*******", text)
    return _CARD.sub(lambda m: "*" * 12 if _is_card(m.group()) else m.group(), text)


def _is_card(digits: str) -> bool:
    """Luhn's check, which every payment card number passes and nine of ten other numbers fail."""
    numbers = [int(d) for d in digits if d.isdigit()][::-1]
    doubled = [n if i % 2 == 0 else sum(divmod(2 * n, 10)) for i, n in enumerate(numbers)]
    return len(numbers) >= 13 and sum(doubled) % 10 == 0


def is_payload(text: str, intents: frozenset[str]) -> bool:
    """Tells whether ``text`` is what one of Naru's buttons sends."""
    match = PAYLOAD.fullmatch(text)
    return bool(match and match.group("intent") in intents)
