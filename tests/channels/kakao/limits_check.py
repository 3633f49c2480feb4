"""Checks a skill response 2.0 against KakaoTalk's documentation ("응답 타입별 JSON 포맷"), knowing nothing of the renderer.

Numbers stand here as the documentation gives them, not as channels/limits.py does. Lengths are counted as Java counts.
"""

from __future__ import annotations

import json
import re
from typing import Any
from urllib.parse import urlsplit

MARKDOWN = re.compile(r"\*\*|__[^_]+__|^#{1,6} |\[[^\]]+\]\(https?:|```|`[^`]+`|^\|.*\|$|</?[a-z]+>", re.MULTILINE)
FIELDS = {
    "simpleText": {"text"},
    "simpleImage": {"imageUrl", "altText"},
    "textCard": {"title", "description", "buttons", "buttonLayout"},
    "basicCard": {"title", "description", "thumbnail", "buttons", "buttonLayout", "forwardable"},
    "listCard": {"header", "items", "buttons", "buttonLayout"},
    "itemCard": {
        "thumbnail", "head", "profile", "imageTitle", "itemList", "itemListAlignment", "itemListSummary", "title",
        "description", "buttons", "buttonLayout",
    },
}  # fmt: skip
ACTIONS = {
    "webLink": {"webLinkUrl"},
    "message": {"messageText"},
    "phone": {"phoneNumber"},
    "block": {"blockId"},
    "share": set(),
    "operator": set(),
}


class Broken(AssertionError):
    """A response KakaoTalk would refuse or cut."""


def check_response(response: dict[str, Any]) -> None:
    """Raises Broken unless KakaoTalk shows the response, whole."""
    _need(isinstance(response, dict), "no object", response)
    _need(response.get("version") == "2.0", "version must be 2.0", response)
    _only(response, {"version", "template", "context", "data", "useCallback"})
    _need(len(json.dumps(response, ensure_ascii=False).encode()) <= 30_720, "larger than 30,720 bytes", "")
    if response.get("useCallback"):
        _need("template" not in response, "a promise carries no template", response)
        return
    template = response.get("template")
    _need(isinstance(template, dict), "no template", response)
    _only(template, {"outputs", "quickReplies"})
    outputs = template.get("outputs")
    _need(isinstance(outputs, list) and 1 <= len(outputs) <= 3, "one to three outputs", template)
    for output in outputs:
        _component(output)
    _quick_replies(template.get("quickReplies"))


def _component(output: dict[str, Any]) -> None:
    _need(isinstance(output, dict) and len(output) == 1, "an output is one component", output)
    (kind, body), *_ = output.items()
    if kind == "carousel":
        _carousel(body)
    else:
        _need(kind in FIELDS, "unknown component", kind)
        _card(kind, body, swiped=False)


def _card(kind: str, body: dict[str, Any], *, swiped: bool) -> None:
    _only(body, FIELDS[kind])
    {
        "simpleText": _simple_text,
        "simpleImage": _simple_image,
        "textCard": _text_card,
        "basicCard": _basic_card,
        "listCard": _list_card,
        "itemCard": _item_card,
    }[kind](body, swiped)
    side_by_side = body.get("buttonLayout") == "horizontal"
    if kind == "basicCard" and body["thumbnail"].get("fixedRatio"):
        side_by_side = body.get("buttonLayout") != "vertical"
    _need(body.get("buttonLayout") in (None, "vertical", "horizontal"), "layout of the buttons", body)
    _buttons(body.get("buttons"), side_by_side=side_by_side)


def _simple_text(body: dict[str, Any], _: bool) -> None:
    _words(body.get("text"), 1000)


def _simple_image(body: dict[str, Any], _: bool) -> None:
    _url(body.get("imageUrl"))
    _words(body.get("altText"), 50, needed=False)


def _text_card(body: dict[str, Any], swiped: bool) -> None:
    _need(bool(body.get("title") or body.get("description")), "a text card needs words", body)
    _words(body.get("title"), 50, needed=False)
    _words(body.get("description"), 128 if swiped else 400, needed=False)
    if not swiped:
        _need(_length(body.get("title", "")) + _length(body.get("description", "")) <= 400, "more than 400", body)


def _basic_card(body: dict[str, Any], swiped: bool) -> None:
    _words(body.get("title"), 50, needed=False)
    _words(body.get("description"), 76 if swiped else 230, needed=False)
    thumbnail = body.get("thumbnail")
    _need(isinstance(thumbnail, dict), "a basic card needs a picture", body)
    _only(thumbnail, {"imageUrl", "altText", "link", "fixedRatio"})
    _url(thumbnail.get("imageUrl"))
    _words(thumbnail.get("altText"), 50, needed=False)


def _list_card(body: dict[str, Any], swiped: bool) -> None:
    header = body.get("header")
    _need(isinstance(header, dict), "a list needs a header", body)
    _words(header.get("title"), 15)
    items = body.get("items")
    _need(isinstance(items, list) and 1 <= len(items) <= (4 if swiped else 5), "entries of a list", body)
    for item in items:
        _only(item, {"title", "description", "imageUrl", "link", "action", "blockId", "messageText", "extra"})
        _words(item.get("title"), 50)
        _words(item.get("description"), 40, needed=False)
        _need(item.get("action") in (None, "message", "block"), "action of an entry", item)
        if item.get("action") == "message":
            _words(item.get("messageText"), 1000)
    _need(len(body.get("buttons", [])) <= 2, "buttons of a list", body)


def _item_card(body: dict[str, Any], swiped: bool) -> None:
    _need(not ("head" in body and "profile" in body), "head and profile exclude each other", body)
    if "head" in body:
        _words(body["head"].get("title"), 15)
    if "imageTitle" in body:
        _words(body["imageTitle"].get("title"), 50)
    rows = body.get("itemList")
    _need(isinstance(rows, list) and 1 <= len(rows) <= (5 if swiped else 10), "entries of an item card", body)
    for row in rows:
        _only(row, {"title", "description"})
        _words(row.get("title"), 6)
        _words(row.get("description"), 26)
        _need("\n" not in row["description"], "one line breaks into two already", row)
    _need(body.get("itemListAlignment") in (None, "left", "right"), "alignment", body)
    _need("description" not in body or bool(body.get("title")), "a description needs a title", body)
    below = body.get("title", "") + body.get("description", "")
    _need(_length(below) <= (100 if swiped else 200), "more than 200 below the items", body)
    _need(len(f"{body.get('title', '')}\n{body.get('description', '')}".split("\n")) <= 12, "more than 12 lines", body)


def _carousel(body: dict[str, Any]) -> None:
    _only(body, {"type", "items", "header"})
    kind = body.get("type")
    _need(kind in ("textCard", "basicCard", "listCard", "itemCard"), "type of a carousel", kind)
    _need("header" not in body or kind not in ("textCard", "listCard"), "no header there", body)
    items = body.get("items")
    _need(isinstance(items, list) and 1 <= len(items) <= (5 if kind == "listCard" else 10), "cards to swipe", body)
    for item in items:
        _card(kind, item, swiped=True)


def _buttons(buttons: Any, *, side_by_side: bool) -> None:
    if buttons is None:
        return
    _need(isinstance(buttons, list) and 1 <= len(buttons) <= (2 if side_by_side else 3), "number of buttons", buttons)
    for button in buttons:
        _only(button, {"label", "action", "extra", *set().union(*ACTIONS.values())})
        _words(button.get("label"), 8 if side_by_side and len(buttons) > 1 else 14)
        _action(button, set(ACTIONS))


def _quick_replies(replies: Any) -> None:
    if replies is None:
        return
    _need(isinstance(replies, list) and 1 <= len(replies) <= 10, "number of quick replies", replies)
    for reply in replies:
        _only(reply, {"label", "action", "messageText", "blockId", "extra"})
        _words(reply.get("label"), 14)
        _action(reply, {"message", "block"})
    for name in ("label", "messageText"):
        shown = [reply.get(name) for reply in replies]
        _need(len(set(shown)) == len(shown), f"two quick replies with one {name}", shown)


def _action(button: dict[str, Any], possible: set[str]) -> None:
    action = button.get("action")
    _need(action in possible, "unknown action", button)
    for name in ACTIONS[action]:
        _need(bool(button.get(name)), f"{name} is missing", button)
    if action == "webLink":
        _url(button["webLinkUrl"])
    if action == "message":
        _words(button["messageText"], 1000)
    _need(isinstance(button.get("extra", {}), dict), "extra is an object", button)


def _words(words: Any, limit: int, *, needed: bool = True) -> None:
    if words is None and not needed:
        return
    _need(isinstance(words, str) and bool(words.strip()), "words are missing", words)
    _need(_length(words) <= limit, f"{_length(words)} letters, {limit} are allowed", words)
    _need(not MARKDOWN.search(words), "markdown is left over", words)
    words.encode()  # no half of a letter


def _url(url: Any) -> None:
    _need(isinstance(url, str) and url.isascii(), "an address is ASCII", url)
    parts = urlsplit(url)
    _need(parts.scheme == "https" and bool(parts.hostname), "an address is https", url)


def _only(body: dict[str, Any], allowed: set[str]) -> None:
    _need(isinstance(body, dict) and set(body) <= allowed, f"fields beyond {sorted(allowed)}", body)


def _length(words: str) -> int:
    return len(words.encode("utf-16-le", "surrogatepass")) // 2


def _need(fine: bool, why: str, what: Any) -> None:
    if not fine:
        raise Broken(f"{why}: {str(what)[:500]}")
