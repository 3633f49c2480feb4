"""`naru hs` on the command line, and plain functions for `naru evaluate hs` and `naru knowledge import hs`."""

from __future__ import annotations

import json
from pathlib import Path
from typing import Annotated, Any, Literal

import typer
from rich.console import Console
from rich.progress import Progress
from rich.table import Table

from channels.hs_api import MOST_CANDIDATES, spoken
from knowledge.hs import importing
from knowledge.hs.card import Card
from knowledge.hs.card import show as card_of
from knowledge.hs.documents import candidates_document, card_document, finding_document
from knowledge.hs.evaluation import Row, RowsError, evaluate, read_rows
from knowledge.hs.finder import Finding, HsFinder
from knowledge.hs.index import current_index
from knowledge.hs.learning import relearn
from knowledge.hs.ready import build_if_changed, finder, hs_folder, index_path
from knowledge.hs.table import BadCode, TableError
from knowledge.pack import PackError
from knowledge.record import Language

app = typer.Typer(help="Find the tariff code (HS) of goods.", no_args_is_help=True)
out = Console()
err = Console(stderr=True)

BAD_INPUT = 2
"""Exit code where something asked has the wrong form."""

Json = Annotated[bool, typer.Option("--json", help="Print JSON.")]


@app.command()
def find(
    text: Annotated[str, typer.Argument(metavar="TEXT", help="What the goods are called.")],
    top: Annotated[int, typer.Option(min=1, max=MOST_CANDIDATES, help="How many codes.")] = 5,
    language: Annotated[str | None, typer.Option(help="ko or en; found out if not given.")] = None,
    question: Annotated[bool, typer.Option(help="With --json: the whole finding, its question back included.")] = False,
    as_json: Json = False,
) -> None:
    """Find the likeliest six-digit codes of a product's name."""
    said: Language = _language(language) or spoken(text)
    finding = _finder().find(text, said, top)
    if as_json:
        _json(finding_document(finding) if question else candidates_document(finding))
    else:
        _print_finding(finding, said)


@app.command()
def show(code: Annotated[str, typer.Argument(metavar="CODE")], as_json: Json = False) -> None:
    """Show a code of 2, 4, 6 or 10 digits: its names, lines and notes."""
    try:
        card = card_of(hs_folder(), code)
    except BadCode as error:
        err.print(str(error), markup=False)
        raise typer.Exit(BAD_INPUT) from error
    if card is None:
        err.print(f"There is no code {code}.", markup=False)
        raise typer.Exit(1)
    if as_json:
        _json(card_document(card))
    else:
        _print_card(card)


@app.command()
def learn(file: Annotated[Path, typer.Argument(help="Development set, never the held-out one.")]) -> None:
    """Learn again how much each piece of evidence counts; needed after the evidence or the names have changed much."""
    rows = _rows(file)
    build_hs()
    with Progress(console=err, transient=True) as progress:
        task = progress.add_task("Asking for names", total=None)
        index = current_index(hs_folder(), index_path())
        path = hs_folder() / "weights.yaml"
        relearn(index, rows, path, lambda done, total: progress.update(task, completed=done, total=total))
    out.print(f"weights: {path}")


def evaluate_hs(file: Path) -> dict[str, Any]:
    """Returns the report of the finder on a file of names and codes.

    Raises:
        typer.Exit: The file is no such table (exit code 2).
    """
    rows = _rows(file)
    return evaluate(_finder(), rows).as_data()


def import_hs(list_file: Path, names_file: Path) -> dict[str, int]:
    """Reads the customs' HS list and standard names into the pack; returns the rows of each file.

    Raises:
        typer.Exit: A file is not in its official format (exit code 2).
    """
    try:
        return importing.import_hs(list_file, names_file, hs_folder())
    except (importing.ImportFault, OSError) as error:
        err.print(str(error), markup=False)
        raise typer.Exit(BAD_INPUT) from error


def build_hs() -> bool:
    """Builds the index of names if the pack has changed; tells whether it did.

    Raises:
        typer.Exit: A file of the pack is malformed.
    """
    try:
        with Progress(console=err, transient=True) as progress:
            task = progress.add_task("Reading the meaning of product names", total=None)
            return build_if_changed(progress=lambda done, total: progress.update(task, completed=done, total=total))
    except (TableError, PackError) as error:
        err.print(str(error), markup=False)
        raise typer.Exit(1) from error


def _rows(file: Path) -> list[Row]:
    try:
        return read_rows(file)
    except (RowsError, OSError) as error:
        err.print(str(error), markup=False)
        raise typer.Exit(BAD_INPUT) from error


def _finder() -> HsFinder:
    build_hs()
    try:
        return finder()
    except (TableError, PackError) as error:
        err.print(str(error), markup=False)
        raise typer.Exit(1) from error


def _language(given: str | None) -> Language | None:
    known: dict[str, Literal["ko", "en"]] = {"ko": "ko", "en": "en"}
    if given is not None and given not in known:
        err.print(f"language is ko or en, not {given}", markup=False)
        raise typer.Exit(BAD_INPUT)
    return known[given] if given else None


def _print_finding(finding: Finding, language: Language) -> None:
    table = Table()
    for column in ("hs6", "name", "score", "because of"):
        table.add_column(column)
    for candidate in finding.candidates:
        name = candidate.name_ko if language == "ko" else candidate.name_en
        why = f"{candidate.why.name} ({candidate.why.evidence}, {candidate.why.origin})"
        table.add_row(candidate.hs6, name, f"{candidate.score:.2f}", why)
    out.print(table)
    for remark in dict.fromkeys(candidate.remark for candidate in finding.candidates if candidate.remark):
        out.print(remark[0] if language == "ko" else remark[1], markup=False)
    out.print(f"confidence of the heading: {finding.confidence:.2f}")
    if finding.question:
        out.print(finding.question.text, markup=False)
        for option in finding.question.options:
            out.print(f"  - {option.text}", markup=False, highlight=False)


def _print_card(card: Card) -> None:
    for one in (*card.above, card.code):
        out.print(f"{one.code}  {one.name_ko} / {one.name_en}", markup=False, highlight=False)
    for one in card.national or card.below:
        out.print(f"  {one.code}  {one.name_ko} / {one.name_en}", markup=False, highlight=False)
    for note in card.notes:
        out.print(f"- {note.locator} ({note.basis}): {note.ko} {note.en}", markup=False, highlight=False)
    for source in card.sources:
        out.print(f"({source.basis}, {source.as_of}) {source.title['ko']}", markup=False, style="dim")


def _json(data: Any) -> None:
    out.print_json(json.dumps(data, ensure_ascii=False))
