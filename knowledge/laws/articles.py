"""The pack's list of articles, a CSV a statute: what was imported last, and since when an article reads as it does."""

from __future__ import annotations

import csv
from collections.abc import Mapping
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from knowledge.laws.statute import Statute, StatuteError

FOLDER = "articles"
COLUMNS = ("article", "heading", "digest", "since")


@dataclass(frozen=True)
class Kept:
    """An article as imported last; ``since`` is the day in force of the text in which its words were first so."""

    heading: str
    digest: str
    since: str


@dataclass(frozen=True)
class Imported:
    """What an import changed: the source's key and the articles that are new, read otherwise, or are gone."""

    key: str
    articles: int
    new: tuple[str, ...]
    changed: tuple[str, ...]
    gone: tuple[str, ...]


def key_of(title: str, sources: Mapping[str, Any]) -> str:
    """Returns the key of ``sources.yaml`` under which a statute of that title stands.

    Raises:
        StatuteError: No source has it.
    """
    wanted = _bare(title)
    for key, source in sources.items():
        if _bare(source["title"]["ko"]) == wanted:
            return key
    raise StatuteError(f"'{title}' is no source of this pack (sources.yaml); add it there first")


def _bare(title: str) -> str:
    return "".join(title.split()).replace("·", "ㆍ")


def import_statute(statute: Statute, pack: Path, sources: Mapping[str, Any]) -> Imported:
    """Takes a statute's articles over into the pack.

    Raises:
        StatuteError: The pack has no source of that title.
    """
    key = key_of(statute.title, sources)
    before = read_articles(pack).get(key, {})
    now = {each.number: each for each in statute.articles}
    changed = tuple(number for number in now if number in before and before[number].digest != now[number].digest)
    path = pack / FOLDER / f"{key}.csv"
    path.parent.mkdir(exist_ok=True)
    with path.open("w", encoding="utf-8", newline="") as file:
        rows = csv.writer(file, lineterminator="\n")
        rows.writerow(COLUMNS)
        for number, article in now.items():
            old = before.get(number)
            since = old.since if old and old.digest == article.digest else statute.in_force
            rows.writerow((number, article.heading, article.digest, since))
    new = tuple(number for number in now if number not in before)
    return Imported(key, len(now), new, changed, tuple(number for number in before if number not in now))


def read_articles(pack: Path) -> dict[str, dict[str, Kept]]:
    """Returns the articles of every imported statute: by source key, then by number (``제38조의2``)."""
    found: dict[str, dict[str, Kept]] = {}
    for path in sorted((pack / FOLDER).glob("*.csv")):
        with path.open(encoding="utf-8", newline="") as file:
            rows = csv.DictReader(file)
            if tuple(rows.fieldnames or ()) == COLUMNS:
                found[path.stem] = {row["article"]: Kept(row["heading"], row["digest"], row["since"]) for row in rows}
    return found
