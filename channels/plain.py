"""A reply as plain text, for channels that know neither buttons in the text nor cards: nothing of it is lost.

Long text is split where a person would: between paragraphs, lines, sentences, words.
"""

from __future__ import annotations

import re
from collections.abc import Iterable

from wcwidth import wcswidth

from actions.reply import Card, Reply, SourceNote, TermNote
from actions.texts import text
from knowledge.record import Language

WIDEST_TABLE = 46
"""Columns of a phone's monospaced text, a Korean letter taking two, beyond which a table is told row by row."""

_PLACES = (re.compile(r"\n\s*\n"), re.compile(r"\n"), re.compile(r"(?<=[.!?。…])\s+"), re.compile(r"\s+"))
"""Where text may be split, best first: after a paragraph, a line, a sentence, a word."""

LEAST = 0.4
"""Share of the limit a piece must fill, so that a better place does not make pieces too short."""


def split(words: str, limit: int, measure: int | None = None) -> list[str]:
    """Returns ``words`` in pieces of at most ``limit`` characters, together saying the same.

    Args:
        words: What is to be said.
        limit: Characters of a piece, at least 1.
        measure: Characters the first piece may have, if fewer than ``limit``.
    """
    pieces: list[str] = []
    rest = words.strip()
    room = min(measure, limit) if measure else limit
    while len(rest) > room:
        end = _end(rest, room)
        pieces.append(rest[:end].rstrip())
        rest = rest[end:].lstrip()
        room = limit
    return [*pieces, rest] if rest else pieces


def _end(words: str, room: int) -> int:
    """Returns where the piece ends that begins ``words`` and has at most ``room`` characters."""
    for place in _PLACES:
        ends = [match.start() for match in place.finditer(words, 0, room + 1) if LEAST * room <= match.start() <= room]
        if ends:
            return ends[-1]
    return room


def card_lines(card: Card, language: Language, widest: int | None = None) -> list[str]:
    """Returns the rows of a card as lines: numbered steps, points, or each row of a table under its columns' names.

    Args:
        card: What is told.
        language: Whose words join names and values.
        widest: Not used for steps and lists; a table no wider is told as aligned columns.
    """
    if card.kind == "table":
        aligned = table_lines(card) if widest else []
        return aligned if widest and _width(aligned) <= widest else _rows_told(card, language)
    if card.kind == "steps":
        return [f"{number}. {': '.join(filter(None, row))}" for number, row in enumerate(card.rows, 1)]
    return [f"· {': '.join(filter(None, row))}" for row in card.rows]


def table_lines(card: Card) -> list[str]:
    """Returns a table in aligned columns, for monospaced letters."""
    rows = [row for row in (card.columns, *card.rows) if row]
    across = max((len(row) for row in rows), default=0)
    widths = [max((_width([row[i]]) for row in rows if i < len(row)), default=0) for i in range(across)]
    lines = [" ".join(cell + " " * (widths[i] - _width([cell])) for i, cell in enumerate(row)).rstrip() for row in rows]
    if card.columns and lines:
        lines.insert(1, "-" * min(sum(widths) + across - 1, WIDEST_TABLE))
    return lines


def is_narrow(card: Card) -> bool:
    """Tells whether a table fits a phone as aligned columns."""
    return _width(table_lines(card)) <= WIDEST_TABLE


def _rows_told(card: Card, language: Language) -> list[str]:
    lines = []
    for head, *cells in filter(None, card.rows):
        named = zip((*card.columns[1:], *("" for _ in cells)), cells, strict=False)
        told = [text("channel_cell", language, column=column, cell=cell) if column else cell for column, cell in named]
        lines.append(f"· {head}")
        lines += [f"   {each}" for each in told if each]
    return lines


def term_lines(terms: Iterable[TermNote], language: Language) -> list[str]:
    """Returns what the jargon of a reply means, a line a term."""
    return [text("channel_term", language, term=term.term, plain=term.plain) for term in terms]


def source_line(source: SourceNote, language: Language) -> str:
    """Returns a source with everything that is known of it."""
    basis = text(f"channel_basis_{source.basis}", language)
    facts = [source.locator, text("channel_as_of", language, date=source.as_of), basis]
    line = f"{source.title} ({', '.join(filter(None, facts))})"
    return f"{line} {source.url}" if source.url else line


def source_lines(sources: Iterable[SourceNote], language: Language) -> list[str]:
    """Returns the sources of a reply, a line each, under their heading."""
    lines = [f"· {source_line(each, language)}" for each in sources]
    return [text("channel_sources", language), *lines] if lines else []


def whole(reply: Reply, language: Language) -> str:
    """Returns everything a reply says as one text: words, card, meanings, picture's words, sources."""
    parts = [reply.text or ""]
    if reply.card:
        parts.append("\n".join([reply.card.title, *card_lines(reply.card, language)]))
    if reply.image:
        parts.append(reply.image.alt)
    parts.append("\n".join(term_lines(reply.terms, language)))
    parts.append("\n".join(source_lines(reply.sources, language)))
    return "\n\n".join(part for part in parts if part)


def _width(lines: Iterable[str]) -> int:
    return max((max(wcswidth(line), 0) for line in lines), default=0)
