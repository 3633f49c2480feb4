"""A turn as Chatwoot's messages: words in its markdown, files as attachments, choices as buttons.

Chatwoot shows messages with markdown-it (links found by themselves, single line breaks kept, typographic
replacements) and reads ``{{…}}`` as Liquid before it keeps them; so everything that would be read as more than it says
is escaped. Tables are told row by row: Chatwoot's widget is some 300 pixels wide, and behind it are channels that know
no tables. Buttons stand in a message of their own under one fixed sentence, because old widgets show the text above
buttons without reading its markdown.
"""

from __future__ import annotations

import re
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path

import filetype

from actions.files import ADDRESS, folder
from actions.reply import Card, Choice, File, Image, Reply, SourceNote, Turn
from actions.texts import text
from channels import plain
from channels.limits import CHATWOOT
from knowledge.record import Language
from knowledge.settings import Settings

_ADDRESS = re.compile(r"https?://[A-Za-z0-9\-._~:/?#\[\]@!$&'()*+,;=%]+")
_AFTER = ".,;:!?'*"
"""What ends a sentence rather than an address."""

_READ = re.compile(
    r"""[\\`*\[\]<~]                          # code, emphasis, links, tags, crossed out
      | (?<![^\W_])_ | _(?![^\W_])            # emphasis, except inside a word
      | &(?=[#A-Za-z][A-Za-z0-9]*;)           # character names
      | (?<=\{)[{%]                           # Liquid
      | \((?=(?:c|r|tm|p)\))                  # copyright and trade marks
      | (?<=\+)- | (?<=-)-                    # plus-minus, dashes
    """,
    re.VERBOSE | re.IGNORECASE,
)
_OPENING = re.compile(
    r"(?P<number>\d{1,9})(?P<dot>[.)])(?=\s|$)|(?P<mark>[-+](?=\s|$)|\#{1,6}(?=\s|$)|>|[-=|:][-=|:\s]*$)"
)
"""What makes a line a list, a heading, a quotation, a rule or a table's head."""


@dataclass(frozen=True)
class Post:
    """One message: words, or a file with its words, or buttons."""

    content: str = ""
    choices: tuple[Choice, ...] = ()
    path: Path | None = None
    name: str = ""
    media_type: str = ""


def posts(turn: Turn, settings: Settings) -> tuple[Post, ...]:
    """Returns the messages a turn becomes, in order."""
    return tuple(post for reply in turn.replies for post in _of_reply(reply, turn.language, settings))


def _of_reply(reply: Reply, language: Language, settings: Settings) -> Iterator[Post]:
    for words in pieces(_words(reply, language)):
        yield Post(words)
    if reply.image:
        yield _picture(reply.image, settings)
    if reply.file:
        yield _document(reply.file, settings)
    if reply.choices:
        yield Post(text("chatwoot_choose", language), choices=reply.choices)


def pieces(words: str) -> list[str]:
    """Returns markdown in pieces that Chatwoot takes, almost always one."""
    return plain.split(words, CHATWOOT.content)


def _words(reply: Reply, language: Language) -> str:
    """Returns all a reply says in words: text, card, meanings, sources."""
    parts = [
        escape(reply.text or ""),
        _card(reply.card, language) if reply.card else "",
        escape("\n".join(plain.term_lines(reply.terms, language))),
        sources(reply.sources, language),
    ]
    return "\n\n".join(part for part in parts if part)


def sources(notes: tuple[SourceNote, ...], language: Language) -> str:
    """Returns sources with their addresses, Korean letters in these included."""
    known = tuple(note.url for note in notes if note.url)
    return escape("\n".join(plain.source_lines(notes, language)), known)


def _card(card: Card, language: Language) -> str:
    return "\n".join(filter(None, (bold(card.title), escape("\n".join(plain.card_lines(card, language))))))


def _picture(image: Image, settings: Settings) -> Post:
    path = kept(image.url, settings)
    if path is None:
        return Post(escape(f"{image.alt}\n{reached(image.url, settings)}"))
    kind = filetype.guess(path)
    ending, media_type = (kind.extension, kind.mime) if kind else ("bin", "application/octet-stream")
    return Post(escape(image.alt), path=path, name=f"naru.{ending}", media_type=media_type)


def _document(file: File, settings: Settings) -> Post:
    path = kept(file.url, settings)
    if path is None:
        return Post(escape(f"{file.name}\n{reached(file.url, settings)}"))
    return Post(escape(file.name), path=path, name=file.name, media_type=file.media_type)


def kept(url: str, settings: Settings) -> Path | None:
    """Returns where a file of Naru lies, or None when it is not (or no longer) there."""
    if not url.startswith(ADDRESS):
        return None
    path = folder(settings) / Path(url.removeprefix(ADDRESS).partition("?")[0]).name
    return path if path.is_file() else None


def reached(url: str, settings: Settings) -> str:
    """Returns an address as somebody outside reaches it."""
    return f"{settings.public_url or ''}{url}" if url.startswith("/") else url


def bold(words: str) -> str:
    """Returns a heading of one line."""
    line = escape(" ".join(words.split()))
    return f"**{line}**" if line else ""


def escape(words: str, known: tuple[str, ...] = ()) -> str:
    """Returns words as markdown that shows exactly these words; addresses become links.

    Args:
        words: What is to be shown.
        known: Addresses among them; others are found, but end where letters other than English ones begin.
    """
    return "\n".join(_line(line, known) for line in words.replace("\t", "    ").splitlines())


def _line(line: str, known: tuple[str, ...]) -> str:
    inner = line.strip()
    indent = "\u00a0" * (len(line) - len(line.lstrip())) if inner else ""  # spaces would be lost, or be code
    done, shown = 0, []
    for start, end in _addresses(inner, known):
        shown += [_READ.sub(r"\\\g<0>", inner[done:start]), f"<{inner[start:end]}>"]
        done = end
    shown.append(_READ.sub(r"\\\g<0>", inner[done:]))
    return indent + _opened("".join(shown))


def _opened(line: str) -> str:
    """Returns a line whose beginning makes it nothing special."""
    match = _OPENING.match(line)
    if match is None:
        return line
    harmless = f"{match['number']}\\{match['dot']}" if match["number"] else f"\\{match['mark']}"
    return harmless + line[match.end() :]


def _addresses(line: str, known: tuple[str, ...]) -> Iterator[tuple[int, int]]:
    """Returns where addresses begin and end; punctuation after one is not part of it."""
    done = 0
    for match in _ADDRESS.finditer(line):
        if match.start() < done:  # inside the address before
            continue
        address = next((each for each in sorted(known, key=len)[::-1] if line.startswith(each, match.start())), None)
        if address is None:
            address = match.group().rstrip(_AFTER)
            while address.endswith(")") and address.count(")") > address.count("("):
                address = address[:-1].rstrip(_AFTER)
        done = match.start() + len(address)
        yield match.start(), done
