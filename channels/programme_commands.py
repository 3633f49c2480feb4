"""`naru programmes`: which support programmes fit a firm, one programme in full, and programmes side by side."""

from __future__ import annotations

import json
from pathlib import Path
from typing import Annotated, Any, Literal, NoReturn

import typer
from rich.console import Console
from rich.table import Table

from knowledge.library import NotBuilt
from knowledge.programmes import compare as comparing
from knowledge.programmes import finder
from knowledge.programmes.needs import UnknownNeed
from knowledge.programmes.offers import UnknownProgramme
from knowledge.programmes.profile import FirmProfile, ProfileError, ProfileFault, read_profile
from knowledge.programmes.reading import words
from knowledge.record import Language

app = typer.Typer(help="Support programmes: find one that fits, show one, compare some.", no_args_is_help=True)
out = Console()
err = Console(stderr=True)

BAD_INPUT = 2
"""Exit status where something given has the wrong form."""

Json = Annotated[bool, typer.Option("--json", help="Print JSON.")]
Told = Annotated[Literal["ko", "en"], typer.Option("--language", help="Language of the answer.")]
ProfileFile = Annotated[
    Path | None, typer.Option("--profile", metavar="FILE.json", help="What is known of the firm, as JSON.")
]


@app.command()
def find(
    need: Annotated[str | None, typer.Option(help="What is needed: words, or the id of an obstacle.")] = None,
    profile: ProfileFile = None,
    size: Annotated[str | None, typer.Option(help="micro, small, medium, sme, mid_market or large.")] = None,
    sector: Annotated[str | None, typer.Option(help="Industry, such as consumer_goods.")] = None,
    region: Annotated[str | None, typer.Option(help="City or province.")] = None,
    exports_usd: Annotated[str | None, typer.Option(help="Exports of the last year, US dollars; 0 for none.")] = None,
    women_owned: Annotated[bool | None, typer.Option(help="Whether the firm is women-owned.")] = None,
    top: Annotated[int, typer.Option(min=1, max=100, help="How many at most.")] = 5,
    language: Told = "ko",
    as_json: Json = False,
) -> None:
    """Find programmes for a need and a firm, best first; ends with 2 if something given can't be read."""
    options = {"size": size, "sector": sector, "region": region}
    more = {"exports_usd_last_year": exports_usd, "women_owned": women_owned}
    firm = _firm(profile, {k: v for k, v in (options | more).items() if v is not None}, language, as_json)
    try:
        found = finder.find(need, firm, language=language, top=top)
    except UnknownNeed as error:
        _refuse(ProfileError((ProfileFault("need", "unknown_need", str(error)),)), language, as_json)
    except NotBuilt as error:
        err.print(str(error), markup=False)
        raise typer.Exit(1) from error
    if as_json:
        _print_json([match.document() for match in found])
        return
    if not found:
        _say(words()["nothing_found"][language])
    for number, match in enumerate(found, 1):
        _print_match(match, f"{number}. ", language)


@app.command()
def show(
    programme: Annotated[str, typer.Argument(metavar="ID", help="For example programme.export-voucher.")],
    profile: ProfileFile = None,
    language: Told = "ko",
    as_json: Json = False,
) -> None:
    """Show one programme with its conditions and sources."""
    firm = _firm(profile, {}, language, as_json)
    try:
        match = finder.show(programme, firm, language=language)
    except UnknownProgramme as error:
        _refuse(_unknown_programme(error), language, as_json)
    if as_json:
        _print_json(match.document())
    else:
        _print_match(match, "", language, in_full=True)


@app.command()
def compare(
    programmes: Annotated[list[str], typer.Argument(metavar="ID ID …", help="Two programmes or more.")],
    profile: ProfileFile = None,
    language: Told = "ko",
    as_json: Json = False,
) -> None:
    """Put programmes side by side."""
    firm = _firm(profile, {}, language, as_json)
    try:
        found = comparing.compare(programmes, firm, language)
    except UnknownProgramme as error:
        _refuse(_unknown_programme(error), language, as_json)
    except comparing.NotEnough as error:
        _refuse(ProfileError((ProfileFault("programmes", "not_enough", str(error)),)), language, as_json)
    if as_json:
        _print_json(found.document())
        return
    table = Table(show_lines=True)
    for title in ("", *(each["name"] for each in found.programmes)):
        table.add_column(title, overflow="fold")
    for row in found.rows:
        table.add_row(row.title, *row.cells)
    out.print(table, markup=False)


def _firm(file: Path | None, options: dict[str, Any], language: Language, as_json: bool) -> FirmProfile:
    """Returns the firm of the file, with what the options say instead of the file."""
    try:
        data = _read(file) if file else {}
        return read_profile(data | options if isinstance(data, dict) else data)
    except ProfileError as error:
        _refuse(error, language, as_json)


def _read(file: Path) -> Any:
    try:
        return json.loads(file.read_text(encoding="utf-8-sig"))
    except (OSError, ValueError, RecursionError) as error:
        reason = type(error).__name__ if isinstance(error, UnicodeDecodeError) else str(error)
        raise ProfileError((ProfileFault("profile", "not_json", reason[:120]),)) from error


def _unknown_programme(error: UnknownProgramme) -> ProfileError:
    return ProfileError((ProfileFault("programme", "unknown_programme", str(error)[:60]),))


def _refuse(error: ProfileError, language: Language, as_json: bool) -> NoReturn:
    """Says what is wrong with what was given and ends with ``BAD_INPUT``."""
    faults = [{"field": f.field, "problem": f.problem, "text": f.told(language)} for f in error.faults]
    if as_json:
        _print_json({"status": "input_error", "errors": faults})
    for fault in faults:
        err.print(fault["text"], markup=False, highlight=False, soft_wrap=True)
    raise typer.Exit(BAD_INPUT)


def _print_match(match: finder.Match, before: str, language: Language, in_full: bool = False) -> None:
    labels, rows = words()["labels"], words()["rows"]
    _say(f"{before}{match.name} · {match.verdict_text}", "bold")
    for line in match.why:
        _say(f"   {line}")
    for heading, lines in (
        (rows["gives"], match.gives),
        (labels["open"], [entry["question"] for entry in match.missing if entry["question"]]),
        (labels["judged"], [entry["text"] for entry in match.missing if not entry["question"]]),
        (labels["near"], match.near),
        (labels["not_known"], match.not_known if in_full else ()),
    ):
        if lines:
            _say(f"   {heading[language]}: " + " / ".join(lines))
    for part in ("cost", "apply", "ask", "website"):
        if value := getattr(match, part):
            _say(f"   {rows[part][language]}: {value}")
    if match.note:
        _say(f"   {match.note}")
    for source in match.sources:
        place = f", {source['locator']}" if source["locator"] else ""
        _say(f"   ({source['basis']}, {source['as_of']}: {source['title']}{place})", "dim")


def _say(text: str, style: str | None = None) -> None:
    out.print(text, style=style, markup=False, highlight=False, soft_wrap=True)


def _print_json(data: Any) -> None:
    out.print_json(json.dumps(data, ensure_ascii=False, default=str))
