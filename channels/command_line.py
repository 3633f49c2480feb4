"""`naru` on the command line: serve, train, chat, ask, look after the knowledge, evaluate."""

from __future__ import annotations

import asyncio
import json
import os
import sys
import warnings
from pathlib import Path
from typing import TYPE_CHECKING, Annotated, Any

import typer
from rich.console import Console
from rich.progress import Progress
from rich.table import Table

from channels import (
    admin_commands,
    announcement_commands,
    case_commands,
    diagnosis_commands,
    duty_commands,
    explain_commands,
    guide_commands,
    hs_commands,
    import_commands,
    law_commands,
    origin_commands,
    programme_commands,
    widget_commands,
)

if TYPE_CHECKING:
    from bot.assistant import Assistant

app = typer.Typer(help="Naru (나루): plain-language export guidance.", no_args_is_help=True, add_completion=False)
knowledge_app = typer.Typer(help="Check, build and count the knowledge.", no_args_is_help=True)
evaluate_app = typer.Typer(help="Measure how well Naru understands and finds.", no_args_is_help=True)
app.add_typer(knowledge_app, name="knowledge")
app.add_typer(evaluate_app, name="evaluate")
app.add_typer(hs_commands.app, name="hs")
app.add_typer(duty_commands.app, name="duty")
app.add_typer(origin_commands.app, name="origin")
app.add_typer(programme_commands.app, name="programmes")
app.add_typer(announcement_commands.app, name="announcements")
app.add_typer(guide_commands.guides_app, name="guides")
app.add_typer(guide_commands.checklist_app, name="checklist")
app.add_typer(guide_commands.deadlines_app, name="deadlines")
app.add_typer(guide_commands.payment_app, name="payment")
app.add_typer(case_commands.app, name="cases")
app.add_typer(admin_commands.app, name="admin")
app.add_typer(widget_commands.app, name="widget")
app.command()(diagnosis_commands.diagnose)
app.command("explain")(explain_commands.explain_file)
knowledge_app.add_typer(import_commands.app, name="import")
knowledge_app.command("import-law")(law_commands.import_law)
knowledge_app.command("stale")(law_commands.stale)

Json = Annotated[bool, typer.Option("--json", help="Print JSON.")]
LONGEST_WORDS = 140
"""Letters of an official wording shown in a list."""

out = Console()
err = Console(stderr=True)


def main() -> None:
    """Runs the command line with the environment Naru's parts need."""
    prepare_environment()
    app()


def prepare_environment() -> None:
    """Keeps Rasa from calling home and numeric libraries from fighting over the cores (docs/decisions/0002)."""
    os.environ.setdefault("RASA_TELEMETRY_ENABLED", "false")
    os.environ.setdefault("TF_CPP_MIN_LOG_LEVEL", "3")
    os.environ.setdefault("SQLALCHEMY_SILENCE_UBER_WARNING", "1")
    # Rasa 3.6 imports what newer libraries have deprecated; nobody who starts Naru can act on it.
    # Filters would not do: Rasa and SQLAlchemy set their own when they are imported.
    warnings.showwarning = lambda *_args, **_more: None
    if "serve" in sys.argv[1:2]:
        os.environ.setdefault("OMP_NUM_THREADS", "1")


@app.command()
def serve() -> None:
    """Serve the web page, the widget and the API."""
    import uvicorn

    from bot.logs import quiet
    from channels.app import create_app
    from channels.connection import BadSettings
    from knowledge.settings import settings

    chosen = settings()
    quiet(chosen.log_level)
    try:
        naru = create_app(chosen)
    except BadSettings as error:
        err.print(str(error))
        raise typer.Exit(2) from error
    out.print(f"Naru is starting on http://{chosen.host}:{chosen.port} (ready in some seconds)")
    uvicorn.run(naru, host=chosen.host, port=chosen.port, ws="wsproto", log_level="warning")


@app.command()
def train(
    force: Annotated[bool, typer.Option(help="Train even if nothing changed.")] = False,
    candidate: Annotated[int | None, typer.Option(hidden=True, help="A training begun at the console.")] = None,
    as_json: Json = False,
) -> None:
    """Train the language model if its inputs have changed."""
    if candidate is not None:
        raise typer.Exit(_train_candidate(candidate))
    from bot.logs import quiet
    from bot.training import current_model
    from bot.training import train as train_model
    from knowledge.settings import settings

    quiet("WARNING")
    path = None if force else current_model(settings())
    fresh = path is None
    if path is None:
        err.print("Training the language model (about a minute) …")
        path = train_model(settings())
    _print({"model": str(path), "trained": fresh}, as_json, f"model: {path}" + ("" if fresh else " (unchanged)"))


def _train_candidate(run_id: int) -> int:
    from bot.candidate import run
    from bot.logs import quiet
    from knowledge.settings import settings

    quiet("WARNING")
    return run(run_id, settings())


@app.command()
def chat(language: Annotated[str, typer.Option(help="ko or en")] = "ko") -> None:
    """Talk to Naru in the terminal."""
    asyncio.run(_chat(language))


@app.command()
def ask(
    words: Annotated[str, typer.Argument(metavar="TEXT")],
    language: Annotated[str | None, typer.Option(help="ko or en; found out if not given")] = None,
    as_json: Json = False,
) -> None:
    """Ask one thing and print the turn."""
    turn = asyncio.run(_ask(words, language))
    if as_json:
        out.print_json(turn.model_dump_json())
    else:
        _print_turn(turn)


@app.command("settings")
def show_settings(as_json: Json = False) -> None:
    """Print every setting, its value and what it does."""
    from knowledge.settings import Settings, settings

    chosen = settings()
    rows = [
        {"setting": f"NARU_{name.upper()}", "value": _shown(getattr(chosen, name)), "meaning": field.description or ""}
        for name, field in Settings.model_fields.items()
    ]
    _print(rows, as_json, _table("Settings", rows))


@knowledge_app.command("check")
def check_knowledge(as_json: Json = False) -> None:
    """Check the pack's files; ends with 1 if anything is wrong."""
    from knowledge.check import check
    from knowledge.pack import PackError, read_pack
    from knowledge.settings import settings

    try:
        records = read_pack(settings().packs_dir / settings().pack)
    except PackError as error:
        err.print(str(error), markup=False)
        raise typer.Exit(1) from error
    findings = check(records, settings().packs_dir / settings().pack)
    errors = [finding for finding in findings if finding.level == "error"]
    if as_json:
        _print([vars(finding) for finding in findings], True, "")
    else:
        for finding in errors:
            err.print(str(finding), markup=False)
        out.print(f"{len(records)} records, {len(errors)} errors, {len(findings) - len(errors)} warnings")
    raise typer.Exit(1 if errors else 0)


@knowledge_app.command("build")
def build_knowledge(
    force: Annotated[bool, typer.Option(help="Build even if nothing changed.")] = False, as_json: Json = False
) -> None:
    """Load the pack into the database if it has changed."""
    from knowledge.build import build, is_current
    from knowledge.database.engine import migrate, sessions
    from knowledge.pack import PackError
    from knowledge.settings import settings

    chosen = settings()
    migrate(chosen.database)
    folder = chosen.packs_dir / chosen.pack
    hs_commands.build_hs()
    with sessions(chosen.database)() as session:
        if not force and is_current(session, folder):
            _print({"built": False}, as_json, "knowledge: unchanged")
            return
        with Progress(console=err, transient=True) as progress:
            task = progress.add_task("Reading the meaning of the records", total=None)
            try:
                count = build(session, folder, lambda done, total: progress.update(task, completed=done, total=total))
            except PackError as error:
                err.print(str(error), markup=False)
                raise typer.Exit(1) from error
    _print({"built": True, "records": count}, as_json, f"knowledge: {count} records built")


@knowledge_app.command("vectors")
def write_vectors(as_json: Json = False) -> None:
    """Write the vectors of the last build into the pack, so that a first build is quick."""
    from knowledge.build import ship
    from knowledge.database.engine import migrate, sessions
    from knowledge.settings import settings

    chosen = settings()
    migrate(chosen.database)
    with sessions(chosen.database)() as session:
        count = ship(session, chosen.packs_dir / chosen.pack)
    _print({"vectors": count}, as_json, f"{count} vectors written")


@knowledge_app.command("coverage")
def show_coverage(as_json: Json = False) -> None:
    """Count what is covered: records by kind and basis, product rules by agreement, and the rules not expressed."""
    from knowledge.coverage import coverage, depth_coverage, rule_coverage
    from knowledge.pack import read_pack
    from knowledge.settings import settings

    folder = settings().packs_dir / settings().pack
    records = read_pack(folder)
    rows, depth, rules = coverage(records), depth_coverage(records), rule_coverage(folder)
    _print({"records": rows, "depth": depth, "rules": rules}, as_json, _table("Coverage", rows))
    if not as_json:
        out.print(_table("Answers in depth", depth))
        _print_rule_coverage(rules)


@evaluate_app.command("nlu")
def evaluate_nlu(
    file: Path, folder: Annotated[Path, typer.Option("--out")] = Path("var/evaluation"), as_json: Json = False
) -> None:
    """Measure intents on a file of labelled questions; saves the report."""
    from bot.evaluation import evaluate_intents

    _report(asyncio.run(_with_assistant(lambda naru: evaluate_intents(naru, file))), folder / "nlu.json", as_json)


@evaluate_app.command("answers")
def evaluate_answers(
    file: Path, folder: Annotated[Path, typer.Option("--out")] = Path("var/evaluation"), as_json: Json = False
) -> None:
    """Measure whether the right record is found, by search alone and by the whole assistant; saves the report."""
    from bot.evaluation import evaluate_answers as evaluate

    _report(asyncio.run(_with_assistant(lambda naru: evaluate(naru, file))), folder / "answers.json", as_json)


@evaluate_app.command("hs")
def evaluate_hs(
    file: Path, folder: Annotated[Path, typer.Option("--out")] = Path("var/evaluation"), as_json: Json = False
) -> None:
    """Measure whether the right HS code is found, and whether the chances told come true; saves the report."""
    report = hs_commands.evaluate_hs(file)
    _report(report, folder / "hs.json", as_json)
    for title, name in (("Confidence of the heading", "calibration"), ("Score of the code", "calibration_of_codes")):
        if not as_json and report[name]:
            rows = [{key: f"{value:.3g}" for key, value in group.items()} for group in report[name]]
            out.print(_table(title, rows))


async def load_assistant() -> Assistant:
    """Returns the assistant on the model that serves.

    Raises:
        typer.Exit: There is no model or no knowledge yet.
    """
    from bot.logs import quiet
    from bot.model_in_service import ModelInService, chosen
    from knowledge.database.engine import migrate
    from knowledge.settings import settings

    quiet("WARNING")
    migrate(settings().database)
    if chosen(settings()).path is None:
        err.print("There is no trained model yet; run: naru train")
        raise typer.Exit(1)
    return await ModelInService(settings()).load()


async def _with_assistant(work: Any) -> Any:
    return await work(await load_assistant())


async def _ask(words: str, language: str | None) -> Any:
    from bot.guard import Message
    from knowledge.language.detect import detect_language

    naru = await load_assistant()
    opened = naru.conversations.open("en" if (language or detect_language(words)) == "en" else "ko", "cli")
    turn = await naru.turn(opened.id, Message(text=words))
    await naru.erase(opened.id)
    return turn


async def _chat(language: str) -> None:
    from bot.guard import Message

    naru = await load_assistant()
    opened, turn = await naru.open("en" if language == "en" else "ko", "cli")
    while True:
        _print_turn(turn)
        choices = [choice for reply in turn.replies for choice in reply.choices]
        try:
            words = (await asyncio.to_thread(input, "> ")).strip()
        except (EOFError, KeyboardInterrupt):
            return
        if words.isdigit() and 0 < int(words) <= len(choices):
            message = Message(payload=choices[int(words) - 1].payload)
        else:
            message = Message(text=words)
        turn = await naru.turn(opened.id, message)


def _print_turn(turn: Any) -> None:
    number = 0
    for reply in turn.replies:
        out.print(reply.text or "", markup=False, highlight=False)
        for row in reply.card.rows if reply.card else ():
            out.print("  - " + " | ".join(row), markup=False, highlight=False)
        for choice in reply.choices:
            number += 1
            out.print(f"  [{number}] {choice.title}", style="cyan", markup=False, highlight=False)
        for source in reply.sources:
            place = f", {source.locator}" if source.locator else ""
            out.print(
                f"  ({source.basis}, {source.as_of}: {source.title}{place})", style="dim", markup=False, highlight=False
            )


def _print_rule_coverage(rules: list[dict[str, Any]]) -> None:
    """Prints one row an agreement, then every rule of which only the official words are known."""
    counted = [
        {name: _shown(value) for name, value in rule.items() if name not in ("gaps", "unparsed", "share")}
        | {
            "expressed": "" if rule["share"] is None else f"{rule['share']:.1%}",
            "not in the pack": ", ".join(rule["gaps"]),
        }
        for rule in rules
    ]
    out.print(_table("Product rules of origin", counted))
    for rule in rules:
        alike: dict[str, list[str]] = {}
        for row in rule["unparsed"]:
            words = f"[{row['condition']}] {row['words']}" if row["condition"] else row["words"]
            alike.setdefault(words, []).append(row["codes"])
        for words, codes in alike.items():
            shown = words if len(words) <= LONGEST_WORDS else f"{words[:LONGEST_WORDS]}…"
            line = f"{rule['agreement']} {', '.join(codes)}: {shown}"
            out.print(line, markup=False, highlight=False, soft_wrap=True)


def _report(report: dict[str, Any], path: Path, as_json: bool) -> None:
    path.parent.mkdir(parents=True, exist_ok=True)
    path.write_text(json.dumps(report, ensure_ascii=False, indent=1), encoding="utf-8")
    rows = [{"measure": key, "value": value} for key, value in report["summary"].items()]
    _print(report["summary"], as_json, _table(f"Report saved as {path}", rows))


def _shown(value: Any) -> str:
    return "" if value is None else str(value)


def _table(title: str, rows: list[dict[str, Any]]) -> Table:
    table = Table(title=title)
    for column in rows[0]:
        table.add_column(column)
    for row in rows:
        table.add_row(*(str(value) for value in row.values()))
    return table


def _print(data: Any, as_json: bool, human: Any) -> None:
    if as_json:
        out.print_json(json.dumps(data, ensure_ascii=False, default=str))
    else:
        out.print(human)
