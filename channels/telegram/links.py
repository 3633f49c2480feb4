"""Addresses that open the chat with Naru's bot at a certain place: a record, or a conversation to go on with.

Telegram hands over what stands after ``?start=``: at most 64 letters, digits, underscores and hyphens.
"""

from __future__ import annotations

import re
from hashlib import blake2b

from actions.joined import code_in
from actions.talk import payload
from bot.guard import Message
from channels.limits import TELEGRAM
from knowledge.shelf import shelf

JOIN = "join_"
LONG = "record_"
"""Begins the digest of a record's id that is too long."""

SAFE = re.compile(r"[A-Za-z0-9_-]+")


def deep_link(bot_username: str, what: str) -> str:
    """Returns the address that opens the bot at ``what``: a code (NARU-XXXX-XXXX) or a record's id."""
    return f"https://t.me/{bot_username}?start={start_parameter(what)}"


def start_parameter(what: str) -> str:
    """Returns a code or a record's id in the letters Telegram allows.

    Raises:
        ValueError: It can't be written in them.
    """
    code = code_in(what)
    if code:
        return JOIN + code
    kind, _dot, name = what.partition(".")
    written = f"{kind}_{name.replace('.', '_')}"
    if len(written) > TELEGRAM.deep_link:
        written = LONG + blake2b(what.encode(), digest_size=16).hexdigest()
    if not SAFE.fullmatch(written):
        raise ValueError(f"{what} can't be part of a Telegram address")
    return written


def opened(parameter: str) -> Message | None:
    """Returns the message a person means who came by an address, or None when it opens nothing."""
    if parameter.startswith(JOIN):
        letters = parameter.removeprefix(JOIN)
        return Message(text=f"NARU-{letters[:4]}-{letters[4:]}")
    record = next((each for each in shelf().library.records if _opens(parameter, each)), None)
    return Message(payload=payload("define", record=record)) if record else None


def _opens(parameter: str, record: str) -> bool:
    try:
        return bool(parameter) and start_parameter(record) == parameter
    except ValueError:
        return False
