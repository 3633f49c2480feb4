"""`naru knowledge import-law` and `naru knowledge stale`: what to read again when a statute has changed."""

from __future__ import annotations

from pathlib import Path
from typing import Annotated

import typer
from rich.console import Console

from knowledge.laws.articles import import_statute, read_articles
from knowledge.laws.citing import citations, mark_read, read_marks
from knowledge.laws.citing import stale as stale_citations
from knowledge.laws.statute import StatuteError, read_statute
from knowledge.pack import read_yaml
from knowledge.settings import settings

out = Console()
err = Console(stderr=True)

Json = Annotated[bool, typer.Option("--json", help="Print JSON.")]


def _pack() -> Path:
    return settings().packs_dir / settings().pack


def import_law(
    files: Annotated[
        list[Path], typer.Argument(metavar="FILE…", help="Texts of statutes (Markdown).", exists=True, dir_okay=False)
    ],
    as_json: Json = False,
) -> None:
    """Take the articles of statutes over, so that changed ones are noticed."""
    sources = read_yaml(_pack() / "sources.yaml")
    done = []
    for file in files:
        try:
            done.append(import_statute(read_statute(file), _pack(), sources))
        except StatuteError as error:
            err.print(str(error), markup=False)
            raise typer.Exit(2) from error
    if as_json:
        out.print_json(data=[each.__dict__ for each in done])
        return
    for each in done:
        told = f"{len(each.new)} new, {len(each.changed)} changed, {len(each.gone)} gone"
        out.print(f"{each.key}: {each.articles} articles, {told}", markup=False)
    if any(each.changed or each.gone for each in done):
        out.print("what to read again: naru knowledge stale", markup=False)


def stale(
    read: Annotated[
        list[str] | None,
        typer.Option("--read", metavar="RECORD", help="Note that a record was read against its articles; or 'all'."),
    ] = None,
    as_json: Json = False,
) -> None:
    """List the records to read again because an article they cite has changed."""
    found, articles = citations(_pack()), read_articles(_pack())
    if read:
        known = {each.record for each in found}
        unknown = [name for name in read if name != "all" and name not in known]
        if unknown:
            err.print(f"no record that cites a statute: {', '.join(unknown)}", markup=False)
            raise typer.Exit(2)
        noted = mark_read(_pack(), found, articles, None if "all" in read else read)
        err.print(f"{noted} citations noted as read", markup=False)
    rows = [
        {**each.citation.__dict__, "why": each.why, "since": each.since}
        for each in stale_citations(found, articles, read_marks(_pack()))
    ]
    if as_json:
        out.print_json(data=rows)
        return
    for row in rows:
        since = f" (since {row['since']})" if row["since"] else ""
        out.print(f"{row['record']}: {row['law']} {row['article']}: {row['why']}{since}", markup=False)
    out.print(f"{len(rows)} citations to read again, of {len(found)}", markup=False)
