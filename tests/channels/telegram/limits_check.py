"""Refuses what Telegram would refuse: markup read strictly as the Bot API documents it, and every limit of a message.

From "Formatting options", "sendMessage", "InlineKeyboardButton" of core.telegram.org/bots/api.
"""

from __future__ import annotations

import json
import re
from dataclasses import dataclass, field
from html import unescape
from typing import Any

from actions.reply import Reply, Turn
from channels.limits import TELEGRAM
from channels.telegram.render import Bubble, bubbles

TAGS = {"b", "strong", "i", "em", "u", "ins", "s", "strike", "del", "tg-spoiler", "a", "code", "pre", "blockquote"}
ENTITY = re.compile(r"&(?:lt|gt|amp|quot|#\d{1,7}|#x[0-9a-fA-F]{1,6});")
TAG = re.compile(r"<(/?)([a-z-]+)((?:\s[^<>]*)?)>")
ATTRIBUTES = {"a": re.compile(r'\shref="[^"<>]+"'), "blockquote": re.compile(r"\sexpandable")}
ENTITIES_AT_MOST = 100
"""More formatted passages than this in one message are not shown as formatted."""

MARKDOWN = re.compile(r"\*\*\S|```|(?<!\w)__\S.*\S__(?!\w)|\[[^\]\n]+\]\(https?://|^#{1,6} ", re.MULTILINE)


class Refused(Exception):
    """What Telegram answers with 400."""


@dataclass
class Shown:
    """A message as a person sees it: the text, and which parts are formatted how, as (tag, text, address)."""

    text: str
    parts: list[tuple[str, str, str | None]] = field(default_factory=list)


def shown(html: str) -> Shown:
    """Reads Telegram's HTML.

    Raises:
        Refused: As Telegram refuses it.
    """
    text, parts, open_tags, at = "", [], [], 0
    while at < len(html):
        if html[at] == "<":
            match = TAG.match(html, at)
            if not match:
                raise Refused(f"Bad Request: can't parse entities: Unexpected end of name token at byte offset {at}")
            closing, name, attributes = match.groups()
            if name not in TAGS:
                raise Refused(f'Bad Request: can\'t parse entities: Unsupported start tag "{name}" at byte offset {at}')
            if closing:
                if not open_tags or open_tags[-1][0] != name:
                    raise Refused(f"Bad Request: can't parse entities: Unexpected end tag at byte offset {at}")
                _, start, address = open_tags.pop()
                parts.append((name, text[start:], address))
            else:
                known = ATTRIBUTES.get(name)
                if attributes and not (known and known.fullmatch(attributes)):
                    raise Refused(f"Bad Request: can't parse entities: attributes of {name} at byte offset {at}")
                outer = {each[0] for each in open_tags}
                if outer & {"pre", "code"} or (name == "blockquote" and "blockquote" in outer):
                    raise Refused(f"Bad Request: can't parse entities: {name} can't be nested at byte offset {at}")
                address = unescape(attributes[7:-1]) if name == "a" else None
                open_tags.append((name, len(text), address))
            at = match.end()
        elif html[at] == "&":
            match = ENTITY.match(html, at)
            if not match:
                raise Refused(f"Bad Request: can't parse entities: bare & at byte offset {at}")
            text += unescape(match.group())
            at = match.end()
        else:
            text += html[at]
            at += 1
    if open_tags:
        raise Refused(
            f"Bad Request: can't parse entities: Can't find end tag corresponding to start tag \"{open_tags[-1][0]}\""
        )
    return Shown(text.strip(), parts)


def units(text: str) -> int:
    """UTF-16 units, in which Telegram counts."""
    return len(text.encode("utf-16-le")) // 2


def check_text(text: str, parse_mode: str | None, limit: int, empty: bool = False) -> Shown:
    """Returns a text as shown.

    Raises:
        Refused: It is empty (unless it may be), too long, or badly marked up.
    """
    seen = shown(text) if parse_mode == "HTML" else Shown(text.strip())
    if not seen.text and not empty:
        raise Refused("Bad Request: message text is empty")
    if units(seen.text) > limit:
        what = "message caption" if limit == TELEGRAM.caption else "message"
        raise Refused(f"Bad Request: {what} is too long")
    if len(seen.parts) > ENTITIES_AT_MOST:
        raise Refused("Bad Request: too many entities")
    return seen


def check_markup(markup: dict[str, Any] | None) -> list[dict[str, Any]]:
    """Returns the buttons of a keyboard.

    Raises:
        Refused: One of them is none, or there are too many.
    """
    buttons = [button for row in (markup or {}).get("inline_keyboard", []) for button in row]
    if len(buttons) > TELEGRAM.buttons:
        raise Refused("Bad Request: reply markup is too long")
    for button in buttons:
        if not button.get("text", "").strip():
            raise Refused("Bad Request: inline keyboard button text is empty")
        data = button.get("callback_data")
        if "url" not in button and not (data and len(data.encode()) <= TELEGRAM.callback_data):
            raise Refused("Bad Request: BUTTON_DATA_INVALID")
    return buttons


def check_message(method: str, call: dict[str, Any]) -> Shown:
    """Holds a call that sends a message to Telegram's limits, and to our own: no markdown is left in it.

    Raises:
        Refused: Telegram would refuse it.
    """
    markup = call.get("reply_markup")
    check_markup(json.loads(markup) if isinstance(markup, str) else markup)
    if method == "sendMessage":
        seen = check_text(call.get("text", ""), call.get("parse_mode"), TELEGRAM.text)
    else:
        seen = check_text(call.get("caption") or "", call.get("parse_mode"), TELEGRAM.caption, empty=True)
    left = MARKDOWN.search(seen.text)
    if left:
        raise Refused(f"markdown is left over: {left.group()}")
    return seen


def check_turn(turn: Turn) -> list[Shown]:
    """Renders a turn, holds every message to the limits, and looks that nothing of it is lost; returns what is shown.

    Raises:
        Refused: Telegram would refuse a message of it.
        AssertionError: Something the turn says is shown nowhere.
    """
    made = bubbles(turn)
    seen = [_check_bubble(bubble) for bubble in made]
    words = bare(" ".join(each.text for each in seen))
    links = {address for each in seen for tag, _, address in each.parts if tag == "a"}
    for reply in turn.replies:
        _nothing_lost(reply, words, links)
    wanted = [choice for reply in turn.replies for choice in reply.choices]
    assert [choice for bubble in made for choice in bubble.choices] == wanted, "buttons are lost"
    assert made or not turn.replies, "nothing is shown"
    return seen


def bare(text: str) -> str:
    """Returns a text without white space: where a line is broken does not matter."""
    return re.sub(r"\s+", "", text)


def _check_bubble(bubble: Bubble) -> Shown:
    rows = [[{"text": each.title, "callback_data": "0" * 20}] for each in bubble.choices]
    call: dict[str, Any] = {"parse_mode": "HTML", "reply_markup": {"inline_keyboard": rows} if rows else None}
    if bubble.attachment:
        return check_message("sendDocument", call | {"caption": bubble.html})
    return check_message("sendMessage", call | {"text": bubble.html})


def _nothing_lost(reply: Reply, words: str, links: set[str | None]) -> None:
    said = (reply.text or "").split("\n")
    if reply.card:
        said += [reply.card.title, *(cell for row in reply.card.rows for cell in row)]
    said += [part for term in reply.terms for part in (term.term, term.plain)]
    said += [reply.image.alt] if reply.image else []
    for source in reply.sources:
        said += [source.title, source.locator or "", source.as_of]
        assert not source.url or source.url in links or bare(source.url) in words, f"lost: {source.url}"
    lost = [part for part in said if bare(part) not in words]
    assert not lost, f"lost: {lost}"
