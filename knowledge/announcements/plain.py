"""Makes plain text of what the service sends: HTML summaries, names with stray characters, addresses of all kinds."""

from __future__ import annotations

import re
import unicodedata
from html.parser import HTMLParser
from typing import Any
from urllib.parse import urljoin, urlsplit

HOME = "https://www.bizinfo.go.kr/"
LONGEST_ADDRESS = 2000

_BREAKS = frozenset("address article br dd div dl dt h1 h2 h3 h4 h5 h6 hr li ol p section table tr ul".split())
_UNSEEN = frozenset("iframe noscript object script style template title".split())
_LINE_ENDS = re.compile(r"[\n\t]+")
_NEVER_IN_ADDRESS = re.compile(r"[\\<>\"]")
_MARKUP = re.compile(r"<\s*[a-zA-Z!/]|&[#a-zA-Z]")


class _Text(HTMLParser):
    """Collects the text a reader would see."""

    def __init__(self) -> None:
        super().__init__(convert_charrefs=True)
        self.pieces: list[str] = []
        self._unseen: list[str] = []

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        if tag in _UNSEEN:
            self._unseen.append(tag)
        elif tag in _BREAKS:
            self.pieces.append("\n")
        elif tag == "td":
            self.pieces.append(" ")

    def handle_startendtag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        if tag in _BREAKS:
            self.pieces.append("\n")

    def handle_endtag(self, tag: str) -> None:
        if tag in self._unseen:
            while self._unseen.pop() != tag:
                pass
        elif tag in _BREAKS:
            self.pieces.append("\n")

    def handle_data(self, data: str) -> None:
        if not self._unseen:
            self.pieces.append(data)


def text_of(html: Any) -> str:
    """Returns the text of a piece of HTML, a paragraph a line; nothing of scripts, styles and attributes."""
    raw = cleaned(html)
    for _ in range(2):  # some offices enter HTML that is escaped once more
        if _MARKUP.search(raw):
            parser = _Text()
            parser.feed(raw)
            parser.close()
            raw = cleaned("".join(parser.pieces))
    lines = (" ".join(line.split()) for line in raw.splitlines())
    return "\n".join(line for line in lines if line)


def line_of(value: Any) -> str:
    """Returns a value as one line of text; "" for what is no text or number."""
    return " ".join(text_of(value).split())


def cleaned(value: Any) -> str:
    """Returns a string that any database and any page can hold: no control characters, no halves of characters."""
    if isinstance(value, bool) or not isinstance(value, str | int | float):
        return ""
    text = unicodedata.normalize("NFC", str(value)).encode("utf-8", "ignore").decode()
    return "".join(_seen(letter) for letter in text)


def _seen(letter: str) -> str:
    kind = unicodedata.category(letter)
    if kind == "Cf":  # zero-width spaces, marks of byte order and direction
        return ""
    return " " if kind == "Cc" and letter not in "\n\t" else letter


def address_of(value: Any) -> str | None:
    """Returns an address as an absolute one of the web (http or https), or None where it is none.

    Relative addresses belong to bizinfo.go.kr. One that begins with www. names no protocol and is not guessed at.
    """
    raw = _LINE_ENDS.sub("", cleaned(value)).strip().replace(" ", "%20")
    if not raw or raw.lower().startswith("www.") or len(raw) > LONGEST_ADDRESS or _NEVER_IN_ADDRESS.search(raw):
        return None
    try:
        parts = urlsplit(raw)
        parts = parts if parts.scheme else urlsplit(urljoin(HOME, raw))
        _ = parts.port  # raises where it is none
    except ValueError:
        return None
    if parts.scheme not in ("http", "https") or not parts.hostname or "." not in parts.hostname or "@" in parts.netloc:
        return None
    return parts.geturl()
