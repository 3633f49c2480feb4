"""Lays blocks of lines out as messages in Telegram's HTML: escaped, within the limit, never broken inside a tag.

A message ends where a reader would pause: between blocks, between lines, at the end of a sentence.
"""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass, field
from enum import Enum
from html import escape

from channels.limits import TELEGRAM
from channels.plain import LEAST, split


@dataclass(frozen=True)
class Span:
    """Words in one lettering."""

    text: str
    bold: bool = False
    href: str | None = None

    def html(self) -> str:
        """Returns the words as Telegram reads them."""
        words = escape(self.text, quote=False)
        if self.href:
            words = f'<a href="{escape(self.href)}">{words}</a>'
        return f"<b>{words}</b>" if self.bold and words else words


Line = tuple[Span, ...]


class Look(Enum):
    """How a block stands out; the value is its opening and closing tag."""

    PLAIN = ("", "")
    TABLE = ("<pre>", "</pre>")
    QUOTE = ("<blockquote>", "</blockquote>")
    FOLDED = ("<blockquote expandable>", "</blockquote>")


@dataclass(frozen=True)
class Block:
    """Lines that belong together. The first ``header`` lines are repeated where the block goes on in a new message."""

    lines: tuple[Line, ...]
    look: Look = Look.PLAIN
    header: int = 0


def line(text: str, bold: bool = False) -> Line:
    """Returns a line in one lettering."""
    return (Span(text, bold),)


def units(text: str) -> int:
    """Returns how long Telegram reckons a text to be: UTF-16 units, so that an emoji counts twice."""
    return len(text.encode("utf-16-le", "replace")) // 2


@dataclass
class _Page:
    """A message being filled."""

    limit: int
    blocks: list[tuple[Look, list[Line]]] = field(default_factory=list)

    def length(self, more: Iterable[Line] = (), look: Look | None = None) -> int:
        """Returns the visible length, with ``more`` lines in a block of their own if ``look`` is given."""
        blocks = [*self.blocks]
        if look is None and blocks:
            blocks[-1] = (blocks[-1][0], [*blocks[-1][1], *more])
        elif look is not None:
            blocks.append((look, list(more)))
        visible = (("\n".join(_words(each) for each in lines), kind) for kind, lines in blocks)
        return sum(units(words) + 2 for words, kind in visible) - 2 if blocks else 0

    def html(self) -> str:
        """Returns the message."""
        told = ""
        for look, lines in self.blocks:
            opening, closing = look.value
            gap = "" if not told else "\n\n" if look is Look.PLAIN else "\n"
            told += gap + opening + "\n".join("".join(span.html() for span in each) for each in lines) + closing
        return told


def laid_out(blocks: Iterable[Block], limit: int = TELEGRAM.text, first: int | None = None) -> list[str]:
    """Returns the blocks as messages of at most ``limit`` visible characters (``first`` in the first one)."""
    pages = [_Page(first or limit)]
    for block in blocks:
        if block.lines:
            _put(block, pages, limit)
    return [page.html() for page in pages if page.blocks]


def length(blocks: Iterable[Block]) -> int:
    """Returns the visible length of blocks in one message."""
    return _Page(0, [(block.look, list(block.lines)) for block in blocks if block.lines]).length()


def _put(block: Block, pages: list[_Page], limit: int) -> None:
    """Adds a block, whole in a new message if that is better than torn apart."""
    page = pages[-1]
    whole = length([block])
    if page.length(block.lines, block.look) > page.limit and whole <= limit and page.length() > LEAST * page.limit:
        page = _next(pages, limit)
    page.blocks.append((block.look, []))
    for each in block.lines:
        _add(each, block, pages, limit)
    if not pages[-1].blocks[-1][1]:
        pages[-1].blocks.pop()


def _add(added: Line, block: Block, pages: list[_Page], limit: int) -> None:
    page = pages[-1]
    if page.length([added]) <= page.limit:
        page.blocks[-1][1].append(added)
        return
    room = page.limit - page.length([line("")])
    if page.length() > LEAST * page.limit:
        page = _next(pages, limit, block)
        room = page.limit - page.length([line("")])
    for number, piece in enumerate(_pieces(added, room, limit)):
        if number:
            page = _next(pages, limit, block, headed=False)
        page.blocks[-1][1].append(piece)


def _next(pages: list[_Page], limit: int, block: Block | None = None, headed: bool = True) -> _Page:
    """Begins a new message; ``block`` goes on in it."""
    if pages[-1].blocks and not pages[-1].blocks[-1][1]:
        pages[-1].blocks.pop()
    if not pages[-1].blocks:
        pages.pop()
    pages.append(_Page(limit))
    if block:
        pages[-1].blocks.append((block.look, list(block.lines[: block.header]) if headed else []))
    return pages[-1]


def _pieces(long: Line, room: int, limit: int) -> list[Line]:
    """Returns a line in pieces, the first of at most ``room`` characters, each keeping its lettering."""
    words = _words(long)
    wide = units(words) - len(words)
    pieces, at = [], 0
    for piece in split(words, max(limit - wide, limit // 2), max(min(room, limit) - wide, 1)):
        start = words.index(piece, at)
        at = start + len(piece)
        pieces.append(_cut(long, start, at))
    return pieces


def _cut(long: Line, start: int, end: int) -> Line:
    spans, at = [], 0
    for span in long:
        part = span.text[max(start - at, 0) : max(end - at, 0)]
        at += len(span.text)
        if part:
            spans.append(Span(part, span.bold, span.href))
    return tuple(spans)


def _words(spans: Line) -> str:
    return "".join(span.text for span in spans)
