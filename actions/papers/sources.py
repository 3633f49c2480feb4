"""The sources at the end of a paper: each document once, with its places, its date and its kind."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from typing import Any

from actions.papers.page import Column, Paper
from actions.texts import text

Told = Mapping[str, Any]
"""A source in one language: title, locator, url, as_of, basis."""


def in_result(result: Mapping[str, Any]) -> list[Told]:
    """Returns every source a simulation's result names, in the order in which it is read."""
    rule, saving = result["rule"] or {}, result["saving"] or {}
    facts = [fact for fact in result["proof"].values() if isinstance(fact, dict)]
    found = [rule.get("source"), *(step["source"] for step in result["steps"])]
    found += [fact.get("source") for fact in facts]
    found += [*saving.get("sources", ()), *(caveat["source"] for caveat in saving.get("caveats", ()))]
    return [source for source in found if source]


def write_sources(paper: Paper, told: Iterable[Told]) -> None:
    """Writes the table of sources; places in the same document stand together."""
    gathered: dict[tuple[str, str, str, str], dict[str, None]] = {}
    for source in told:
        key = (source["title"], source["url"] or "", str(source["as_of"]), source["basis"])
        gathered.setdefault(key, {})[source["locator"] or ""] = None
    if not gathered:
        return
    titles = text("paper_sources_columns", paper.language).split("|")
    columns = [Column(title, share) for title, share in zip(titles, (3.2, 2.6, 1.0, 1.2), strict=True)]
    rows = [
        ("\n".join(part for part in (title, url) if part), ", ".join(filter(None, places)), as_of, _kind(paper, basis))
        for (title, url, as_of, basis), places in gathered.items()
    ]
    paper.heading(text("paper_sources", paper.language))
    paper.tabulate(columns, rows, size=7.5)


def _kind(paper: Paper, basis: str) -> str:
    return text(f"basis_{basis}", paper.language)
