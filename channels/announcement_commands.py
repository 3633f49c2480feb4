"""`naru announcements` on the command line: the nightly refresh from 기업마당, and what is open on a day."""

from __future__ import annotations

import json
from dataclasses import asdict
from datetime import date, datetime
from typing import TYPE_CHECKING, Annotated, Any, Literal

import typer
from rich.console import Console
from rich.progress import Progress

from knowledge.announcements.errors import BizinfoError

if TYPE_CHECKING:
    from knowledge.announcements.finding import Found
    from knowledge.announcements.store import Run

app = typer.Typer(help="Announcements of support programmes, from 기업마당 (bizinfo.go.kr).", no_args_is_help=True)
out = Console()
err = Console(stderr=True)

BAD_INPUT = 2
"""Exit code where something asked has the wrong form."""

Json = Annotated[bool, typer.Option("--json", help="Print JSON.")]


@app.command()
def refresh(as_json: Json = False) -> None:
    """Fetch the list of export announcements; ends with 1 where it is off, fails, or brings nothing."""
    from knowledge.announcements.client import Bizinfo
    from knowledge.announcements.store import REFRESHED
    from knowledge.announcements.store import refresh as refresh_list
    from knowledge.database.engine import migrate, sessions
    from knowledge.settings import settings

    chosen = settings()
    migrate(chosen.database)
    try:
        with Progress(console=err, transient=True) as progress:
            progress.add_task("Asking 기업마당", total=None)
            run = refresh_list(sessions(chosen.database), Bizinfo(chosen.bizinfo_url, chosen.bizinfo_key))
    except BizinfoError as error:
        if as_json:
            _print_json({"outcome": error.name, "message": str(error)})
        else:
            err.print(f"{error} What was fetched before is kept.", markup=False, highlight=False, soft_wrap=True)
        raise typer.Exit(1) from error
    if as_json:
        _print_json(asdict(run) | {"at": run.at.isoformat()})
    else:
        _print_run(run)
    raise typer.Exit(0 if run.outcome == REFRESHED else 1)


@app.command("list")
def list_open(
    need: Annotated[str, typer.Option(help="What is looked for; empty: all, the nearest deadline first.")] = "",
    on: Annotated[datetime | None, typer.Option(help="Day in Korea; today if not given.", formats=["%Y-%m-%d"])] = None,
    region: Annotated[str | None, typer.Option(help="Only for this region, such as 부산.")] = None,
    audience: Annotated[str | None, typer.Option(help="Only for such firms, such as 소상공인.")] = None,
    limit: Annotated[int, typer.Option(min=1, help="How many at most.")] = 10,
    language: Annotated[Literal["ko", "en"], typer.Option(help="Language of the labels.")] = "ko",
    as_json: Json = False,
) -> None:
    """List announcements that are open on a day and fit a need."""
    from knowledge.announcements.finding import UnknownRegion, search
    from knowledge.announcements.period import korean_day
    from knowledge.announcements.telling import deadline, note
    from knowledge.database.engine import migrate, sessions
    from knowledge.settings import settings

    chosen = settings()
    migrate(chosen.database)
    day = on.date() if on else korean_day()
    try:
        with sessions(chosen.database)() as session:
            found = search(session, need, day, region=region, audience=audience, limit=limit)
    except UnknownRegion as error:
        err.print(str(error), markup=False, highlight=False)
        raise typer.Exit(BAD_INPUT) from error
    if as_json:
        _print_json([_document(entry, language, day) for entry in found])
        return
    for entry in found:
        announcement = entry.announcement
        out.print(announcement.title, style="bold", markup=False, highlight=False)
        for line in (announcement.organisation, deadline(announcement, language, day), announcement.url):
            if line:
                out.print(f"  {line}", markup=False, highlight=False, soft_wrap=True)
    if found:
        out.print(note(language), style="dim", markup=False, highlight=False)
    else:
        out.print(f"No announcement that fits is open on {day.isoformat()}.", highlight=False)


def _document(found: Found, language: Literal["ko", "en"], day: date) -> dict[str, Any]:
    from knowledge.announcements.telling import document

    return document(found.announcement, language, day) | {"share": round(found.share, 3), "words": list(found.words)}


def _print_run(run: Run) -> None:
    for error in run.errors:
        err.print(f"could not be read: {error}", markup=False, highlight=False)
    if run.outcome in ("empty", "unreadable"):
        told = "The list came back empty." if not run.fetched else "No row of the list could be read."
        err.print(f"{told} What was fetched before is kept.", markup=False, highlight=False, soft_wrap=True)
        return
    out.print(
        f"announcements: {run.fetched} rows, {run.added} new, {run.changed} changed, {run.ended} ended"
        + ("" if run.complete else "; the list was not read to its end, so none was marked as ended"),
        markup=False,
        highlight=False,
    )


def _print_json(data: Any) -> None:
    out.print_json(json.dumps(data, ensure_ascii=False))
