"""Which articles the records cite, which of those do not exist, and what must be read again.

What a record was last read against stands in ``articles/read.tsv``: a line a record and article with the digest the
article had then. ``naru knowledge stale`` compares it with what was imported since.
"""

from __future__ import annotations

import csv
import re
from collections.abc import Collection, Iterator, Mapping
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from knowledge.laws.articles import FOLDER, Kept
from knowledge.pack import raw_items

READ = "read.tsv"
COLUMNS = ("record", "law", "article", "digest")

_ARTICLE = re.compile(r"제(\d+)조((?:의\d+)*)")

Articles = Mapping[str, Mapping[str, Kept]]


@dataclass(frozen=True)
class Citation:
    """A record that cites an article of a statute; ``law`` is the source's key."""

    record: str
    law: str
    article: str


@dataclass(frozen=True)
class Stale:
    """A citation to read again: the article ``changed``, is ``gone``, or the record was ``never`` read against it."""

    citation: Citation
    why: str
    since: str | None = None


def articles_in(locator: str | None) -> list[str]:
    """Returns the articles a locator names: ``제18조제5항·제9조`` gives 제18조 and 제9조."""
    return list(dict.fromkeys(f"제{found[1]}조{found[2]}" for found in _ARTICLE.finditer(locator or "")))


def citations(pack: Path) -> list[Citation]:
    """Returns every citation of an article by a record of the pack, in the pack's order."""
    found: dict[Citation, None] = {}
    for _, _, item in raw_items(pack):
        if isinstance(item, dict):
            for source in _sources(item):
                for article in articles_in(source.get("locator")):
                    found[Citation(str(item.get("id")), str(source.get("of")), article)] = None
    return list(found)


def _sources(item: dict[str, Any]) -> Iterator[dict[str, Any]]:
    cases = (item.get("decision") or {}).get("cases") or ()
    for source in (item.get("source"), *(item.get("also") or ()), *(case.get("source") for case in cases)):
        if isinstance(source, dict):
            yield source


def unknown_articles(found: Collection[Citation], articles: Articles) -> Iterator[Citation]:
    """Yields citations of articles that their statute, as imported, does not have."""
    for each in found:
        if each.law in articles and each.article not in articles[each.law]:
            yield each


def stale(found: Collection[Citation], articles: Articles, read: Mapping[Citation, str]) -> Iterator[Stale]:
    """Yields what is to be read again; statutes that were never imported cannot be compared."""
    for each in found:
        if each.law not in articles:
            continue
        kept = articles[each.law].get(each.article)
        if kept is None:
            yield Stale(each, "gone")
        elif each not in read:
            yield Stale(each, "never", kept.since)
        elif read[each] != kept.digest:
            yield Stale(each, "changed", kept.since)


def read_marks(pack: Path) -> dict[Citation, str]:
    """Returns against which digest of an article a record was last read."""
    path = pack / FOLDER / READ
    if not path.exists():
        return {}
    with path.open(encoding="utf-8", newline="") as file:
        rows = csv.DictReader(file, delimiter="\t")
        return {Citation(row["record"], row["law"], row["article"]): row["digest"] for row in rows}


def mark_read(pack: Path, found: Collection[Citation], articles: Articles, records: Collection[str] | None) -> int:
    """Notes that records were read against their articles as they now stand; all records where None.

    Returns how many citations were noted. Lines of citations that no longer exist are dropped.
    """
    marks = {each: digest for each, digest in read_marks(pack).items() if each in set(found)}
    count = 0
    for each in found:
        kept = articles.get(each.law, {}).get(each.article)
        if kept and (records is None or each.record in records) and marks.get(each) != kept.digest:
            marks[each] = kept.digest
            count += 1
    with (pack / FOLDER / READ).open("w", encoding="utf-8", newline="") as file:
        rows = csv.writer(file, delimiter="\t", lineterminator="\n")
        rows.writerow(COLUMNS)
        rows.writerows(
            (e.record, e.law, e.article, marks[e]) for e in sorted(marks, key=lambda e: (e.record, e.law, e.article))
        )
    return count
