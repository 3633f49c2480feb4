"""What somebody sees of a message: Chatwoot's markdown as its widget renders it, told as words."""

from __future__ import annotations

from markdown_it import MarkdownIt
from markdown_it.token import Token

PLAIN = MarkdownIt("js-default", {"html": False, "breaks": True, "typographer": False})
TYPESET = MarkdownIt("js-default", {"html": False, "breaks": True, "typographer": True})
"""As shared/helpers/MessageFormatter.js sets markdown-it up."""

MEANT = {"paragraph_open", "paragraph_close", "inline"}
MEANT_INLINE = {"text", "softbreak", "hardbreak", "strong_open", "strong_close", "link_open", "link_close"}


class Misread(AssertionError):
    """Words were taken for a list, a heading, a table, code …"""


def shown(content: str, md: MarkdownIt = PLAIN) -> str:
    """Returns the words of a message, a blank line between paragraphs; hard spaces are spaces."""
    paragraphs = []
    for token in md.parse(content):
        if token.type not in MEANT:
            raise Misread(f"{token.type} in {content!r}")
        if token.type == "inline":
            paragraphs.append("".join(_words(child, content) for child in token.children or []))
    return "\n\n".join(paragraphs).replace("\u00a0", " ")


def links(content: str) -> list[str]:
    """Returns the addresses that can be pressed."""
    inline = [child for token in PLAIN.parse(content) for child in token.children or []]
    return [str(child.attrs["href"]) for child in inline if child.type == "link_open"]


def _words(token: Token, content: str) -> str:
    if token.type not in MEANT_INLINE:
        raise Misread(f"{token.type} in {content!r}")
    return "\n" if token.type in ("softbreak", "hardbreak") else token.content
