"""Every name the finder knows: everyday names, standard names, official texts, each with the code it stands for."""

from __future__ import annotations

import hashlib
import re
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path

from knowledge.hs.table import HsTable, load_table, read_csv

INDEX_FORMAT = "2"
"""Part of the digest; raise it when entries, grams or vectors are made differently."""

ENTRY_FILES = ("codes.csv", "chapters.csv", "headings.csv", "keywords_ko.csv", "keywords_en.csv", "everyday.csv")
"""The files of the pack's ``hs`` folder an index is made from."""

GROUPS = ("names", "official", "references", "heading")
"""Kinds of entry, told apart because they are trusted differently: everyday and standard product names; texts of
the nomenclature; the UK's search references; names of headings, which speak for every code below."""

_GROUP_OF_ORIGIN = {"uk_reference": "references", "uk_description": "references"}
_PIECES = re.compile(r"[;,·()\[\]/]|\b(?:other than|excluding|whether or not|n\.e\.c\.).*")
_SHORTEST = 2


@dataclass(frozen=True)
class Entry:
    """A name and what it stands for.

    Attributes:
        text: The name, as written in its source.
        code: Six digits, or four for the name of a heading.
        group: One of ``GROUPS``.
        origin: The list it comes from, as people are told.
    """

    text: str
    code: str
    group: str
    origin: str


def read_entries(folder: Path) -> list[Entry]:
    """Returns the entries of a pack's ``hs`` folder, without repetitions, in a fixed order.

    Raises:
        TableError: A file is missing or has other columns than it should.
    """
    table = load_table(folder)
    found = {
        (entry.text.lower(), entry.code, entry.group): entry
        for entry in (*_everyday(folder), *_keywords(folder), *_official(table), *_headings(table))
        if len(entry.text) >= _SHORTEST or entry.origin == "everyday"
    }
    return list(found.values())


def read_remarks(folder: Path) -> dict[tuple[str, str], tuple[str, str]]:
    """Returns what is to be said of an everyday name under a code: (code, name) to Korean and English.

    Raises:
        TableError: The file is missing or has other columns than it should.
    """
    columns = ("keyword_ko", "keyword_en", "hs6", "note_ko", "note_en")
    return {
        (row["hs6"], text): (row["note_ko"], row["note_en"])
        for row in read_csv(folder / "everyday.csv", columns)
        for text in (*row["keyword_ko"].split("|"), *row["keyword_en"].split("|"))
        if row["note_ko"]
    }


def digest(folder: Path) -> str:
    """Returns a digest of the files an index is made from, which changes when any of them does."""
    total = hashlib.sha256(INDEX_FORMAT.encode())
    for name in ENTRY_FILES:
        total.update(name.encode())
        total.update((folder / name).read_bytes())
    return total.hexdigest()


def _everyday(folder: Path) -> Iterator[Entry]:
    for row in read_csv(folder / "everyday.csv", ("keyword_ko", "keyword_en", "hs6")):
        for text in (*row["keyword_ko"].split("|"), *row["keyword_en"].split("|")):
            yield Entry(text, row["hs6"], "names", "everyday")


def _keywords(folder: Path) -> Iterator[Entry]:
    for name in ("keywords_ko.csv", "keywords_en.csv"):
        for row in read_csv(folder / name, ("hs6", "keyword", "origin")):
            yield Entry(row["keyword"], row["hs6"], _GROUP_OF_ORIGIN.get(row["origin"], "names"), row["origin"])


def _official(table: HsTable) -> Iterator[Entry]:
    """Lines of the customs' list by their own text, and the English text of the subheading whole and in its parts."""
    for code in table.subheadings:
        for line in table.steps(code):
            if not line.says_nothing:
                yield Entry(line.name_ko, code, "official", "line")
                yield Entry(line.name_en, code, "official", "line")
        found = table.get(code)
        if found:
            yield Entry(found.name_en, code, "official", "nomenclature")
            pieces = [piece.strip() for piece in _PIECES.split(found.name_en)]
            for piece in pieces[1:3]:
                yield Entry(piece, code, "official", "nomenclature")


def _headings(table: HsTable) -> Iterator[Entry]:
    for code in table.headings:
        found = table.get(code)
        if found:
            for name in (found.name_ko, found.name_en):
                yield Entry(name, code, "heading", "heading")
                for piece in _PIECES.split(name):
                    yield Entry(piece.strip(), code, "heading", "heading")
            for line in {line.group_ko for one in table.children(code) for line in table.steps(one.code)}:
                yield Entry(line, code, "heading", "heading")
