"""`naru cases` on the command line, for the receiving desk: list, show, export, deliver, purge, index."""

from __future__ import annotations

import json
from dataclasses import asdict
from pathlib import Path
from typing import Annotated, Any, NoReturn

import typer
from rich.console import Console
from rich.table import Table

from actions.cases.applications import Cases
from actions.cases.connectors.print_out import write_files
from actions.cases.forgetting import purge as purge_cases
from actions.cases.forms import form_of
from actions.cases.outbox import deliver_due, retry
from actions.cases.parcels import parcel_of
from actions.cases.receipt import WrongReceiptNumber
from actions.cases.standing import Application
from actions.cases.states import State
from actions.desk import case_index
from knowledge.database.engine import migrate
from knowledge.database.tables import now
from knowledge.settings import settings

app = typer.Typer(help="Look after firms' applications.", no_args_is_help=True)
out = Console()
err = Console(stderr=True)

BAD_INPUT = 2
"""Exit code where something asked has the wrong form."""

Json = Annotated[bool, typer.Option("--json", help="Print JSON.")]
Number = Annotated[str, typer.Argument(help="Receipt number, such as N-7F3K-2QXM.")]


@app.command("list")
def list_cases(
    state: Annotated[State | None, typer.Option(help="Only those in this state.")] = None, as_json: Json = False
) -> None:
    """List the applications that were submitted, the last changed first."""
    cases = _cases()
    rows = [_row(cases, application) for application in cases.every(state)]
    if as_json:
        _print_json(rows)
        return
    table = Table("number", "state", "changed", "programme", "handed over")
    for row in rows:
        table.add_row(row["number"], row["state"], row["changed_at"][:16], row["programme"], row["handed_over"])
    out.print(table)


@app.command()
def show(number: Number, as_json: Json = False) -> None:
    """Show an application: what was sent, its history, and how far handing it over has come."""
    cases = _cases()
    application = _found(cases, number)
    package = cases.package(application.id)
    history = [asdict(event) for event in cases.history(application.id)]
    deliveries = [asdict(delivery) for delivery in cases.deliveries(application.id)]
    if as_json:
        _print_json({**_row(cases, application), "package": package, "history": history, "deliveries": deliveries})
        return
    _say(f"{application.number}  {form_of(application.programme).names['ko']}  {application.state}")
    for part in ("firm", "answers"):
        for answer in (package or {}).get(part, {}).values():
            _say(f"  {answer['label']}: {answer['shown']}")
    for event in history:
        _say(f"  {event['at']:%Y-%m-%d %H:%M} {event['state']} ({event['by']}) {event['note'] or ''}")
    for delivery in deliveries:
        _say(f"  {delivery['idempotency_key']}: {delivery['attempts']} tries, {_progress(delivery)}")


@app.command()
def export(
    number: Number, folder: Annotated[Path, typer.Option("--out", help="Folder to write to.")], as_json: Json = False
) -> None:
    """Write the PDF, the JSON and the documents of what was submitted last into a folder."""
    cases = _cases()
    application = _found(cases, number)
    package = cases.package(application.id)
    if package is None:
        _stop(f"{application.number}: nothing was submitted")
    files = write_files(parcel_of("export", package, settings()), folder)
    _print_json([str(file) for file in files]) if as_json else _say("\n".join(map(str, files)))


@app.command()
def deliver(
    again: Annotated[str | None, typer.Option(help="Receipt number to try again although it failed for good.")] = None,
    as_json: Json = False,
) -> None:
    """Hand over what is due; run it every minute where no worker runs."""
    cases = _cases()
    if again is not None:
        retry(_found(cases, again).id, now())
    done = asdict(deliver_due())
    _print_json(done) if as_json else _say(
        "{delivered} delivered, {postponed} postponed, {failed} failed".format(**done)
    )


@app.command()
def purge(as_json: Json = False) -> None:
    """Erase what is older than NARU_RETENTION_DAYS, and log lines older than NARU_AUDIT_DAYS; run it every day."""
    _cases()
    done = asdict(purge_cases())
    words = (
        "{applications} applications, {firms} firms, {folders} printed packages, {audit_lines} log lines erased".format(
            **done
        )
    )
    _print_json(done) if as_json else _say(words.format(**done))


@app.command()
def index(as_json: Json = False) -> None:
    """Make the index anew by which staff find cases; needed once for old cases, and after NARU_SECRET has changed."""
    cases = _cases()
    told = ((each.conversation_id, cases.values(each.id)) for each in cases.every())
    entries = case_index.make_anew(settings(), told)
    _print_json({"entries": entries}) if as_json else _say(f"{entries} entries")


def _cases() -> Cases:
    migrate(settings().database)
    return Cases()


def _found(cases: Cases, number: str) -> Application:
    try:
        application = cases.find(number)
    except WrongReceiptNumber:
        application = None
    if application is None:
        _stop(f"{number}: no application has this receipt number; check its letters")
    return application


def _row(cases: Cases, application: Application) -> dict[str, Any]:
    deliveries = [asdict(delivery) for delivery in cases.deliveries(application.id)]
    return {
        "number": application.number,
        "state": application.state.value,
        "programme": application.programme,
        "submissions": application.submissions,
        "changed_at": application.changed_at.isoformat(),
        "handed_over": _progress(deliveries[-1]) if deliveries else "",
    }


def _progress(delivery: dict[str, Any]) -> str:
    if delivery["delivered_at"]:
        return f"delivered {delivery['delivered_at']:%Y-%m-%d %H:%M} ({delivery['connector']})"
    if delivery["failed_at"]:
        return f"failed: {delivery['last_error']}"
    return f"waiting: {delivery['last_error'] or 'not tried yet'}"


def _stop(words: str) -> NoReturn:
    err.print(words, markup=False, highlight=False)
    raise typer.Exit(BAD_INPUT)


def _say(words: str) -> None:
    out.print(words, markup=False, highlight=False)


def _print_json(data: Any) -> None:
    out.print_json(json.dumps(data, ensure_ascii=False, default=str))
