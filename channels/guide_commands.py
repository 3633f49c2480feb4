"""`naru guides`, `naru checklist`, `naru deadlines` and `naru payment`: what to do, by when, and how to be paid."""

from __future__ import annotations

import json
from datetime import date
from pathlib import Path
from typing import Annotated, Any, Literal, NoReturn

import typer
from rich.console import Console

from knowledge.guides.fault import BadInput
from knowledge.record import Language

guides_app = typer.Typer(help="Step-by-step guides: list them, show one.", no_args_is_help=True)
checklist_app = typer.Typer(help="List the documents of a shipment.")
deadlines_app = typer.Typer(help="Work out deadlines from the days of an export.")
payment_app = typer.Typer(help="Compare ways of payment for a sale.")
out = Console()
err = Console(stderr=True)

BAD_INPUT = 2
"""Exit status where something given can't be read."""

Json = Annotated[bool, typer.Option("--json", help="Print JSON.")]
Told = Annotated[Literal["ko", "en"], typer.Option("--language", help="Language of the answer.")]
Day = Annotated[str | None, typer.Option(metavar="YYYY-MM-DD")]


@guides_app.command("list")
def list_guides(language: Told = "ko", as_json: Json = False) -> None:
    """List every guide."""
    from knowledge.guides.guide import guides_of

    rows = [
        {"id": guide.id, "name": guide.name[language], "about": guide.about[language], "steps": len(guide.steps)}
        for guide in guides_of(_folder()).all()
    ]
    if as_json:
        _print_json(rows)
        return
    for row in rows:
        _say(f"{row['id']}  {row['name']} ({row['steps']})", "bold")
        _say(f"  {row['about']}")


@guides_app.command()
def show(
    guide: Annotated[str, typer.Argument(metavar="ID", help="Id of a guide, or words that name it.")],
    language: Told = "ko",
    as_json: Json = False,
) -> None:
    """Show a guide step by step; ends with 2 if there is none of that name."""
    from knowledge.guides.guide import UnknownGuide, guides_of, tell_guide

    guides = guides_of(_folder())
    try:
        found = guides.get(guide)
    except UnknownGuide:
        fitting = guides.find(guide)
        if len(fitting) != 1:
            _refuse("guide", ", ".join(each.id for each in fitting or guides.all()), as_json)
        found = fitting[0]
    told = tell_guide(found, _folder(), language, _names(language))
    if as_json:
        _print_json(told)
    else:
        _print_guide(told)


@checklist_app.callback(invoke_without_command=True)
def list_documents(
    incoterm: Annotated[str | None, typer.Option(help="Such as FOB.")] = None,
    payment: Annotated[
        str | None, typer.Option(help="tt_advance, tt_after, lc_sight, lc_usance, dp, da or oa.")
    ] = None,
    transport: Annotated[str | None, typer.Option(help="sea_fcl, sea_lcl, air, express or post.")] = None,
    product: Annotated[
        str | None, typer.Option(help="food, cosmetics, textile, machinery, dangerous, medical or general.")
    ] = None,
    destination: Annotated[str | None, typer.Option(help="Country by code or name.")] = None,
    xlsx: Annotated[Path | None, typer.Option(help="Write it as a workbook.")] = None,
    pdf: Annotated[Path | None, typer.Option(help="Write it as a paper.")] = None,
    language: Told = "ko",
    as_json: Json = False,
) -> None:
    """List the documents of a shipment; ends with 2 if something told is not known."""
    from actions.papers.checklist_pdf import checklist_paper
    from actions.papers.checklist_xlsx import checklist_workbook
    from knowledge.guides.checklist import checklist

    try:
        found = checklist(incoterm, payment, transport, product, destination, language, _folder())
    except BadInput as error:
        _refuse(error.field, error.message(language), as_json)
    if xlsx:
        xlsx.write_bytes(checklist_workbook(found, language, date.today()))
    if pdf:
        pdf.write_bytes(checklist_paper(found, language, date.today()))
    if as_json:
        _print_json(found)
    else:
        _print_checklist(found)


@deadlines_app.callback(invoke_without_command=True)
def work_out(
    lc_expiry: Day = None,
    latest_shipment: Day = None,
    presentation_days: Annotated[str | None, typer.Option(help="Days after shipment, as the credit says.")] = None,
    shipment: Day = None,
    declaration_accepted: Day = None,
    agreement: Annotated[str | None, typer.Option(help="Such as KR-CN.")] = None,
    proof_issued: Day = None,
    drawback_claimed: Day = None,
    origin_error_found: Day = None,
    approved_exporter_since: Day = None,
    ics: Annotated[Path | None, typer.Option(help="Write them as a calendar file.")] = None,
    reference: Annotated[str, typer.Option(help="Number of the contract or credit, for the calendar.")] = "",
    language: Told = "ko",
    as_json: Json = False,
) -> None:
    """Work out deadlines from the days told; ends with 2 if something told can't be read."""
    from knowledge.guides.deadline_calendar import calendar
    from knowledge.guides.deadlines import deadlines, doubts, tell_deadlines

    told = {
        "lc_expiry": lc_expiry,
        "latest_shipment": latest_shipment,
        "presentation_days": presentation_days,
        "shipment": shipment,
        "declaration_accepted": declaration_accepted,
        "agreement": agreement,
        "proof_issued": proof_issued,
        "drawback_claimed": drawback_claimed,
        "origin_error_found": origin_error_found,
        "approved_exporter_since": approved_exporter_since,
    }
    try:
        found = deadlines(told, date.today(), _folder())
        doubted = doubts(told, language, _folder())
    except BadInput as error:
        _refuse(error.field, error.message(language), as_json)
    if ics:
        ics.write_bytes(calendar(found, language, date.today(), reference, _folder()))
    if as_json:
        _print_json({"deadlines": tell_deadlines(found, language), "doubts": doubted})
    else:
        _print_deadlines(tell_deadlines(found, language), doubted)


@payment_app.callback(invoke_without_command=True)
def compare_payment(
    buyer: Annotated[str | None, typer.Option(help="new, known or trusted.")] = None,
    country: Annotated[str | None, typer.Option(help="Country by code or name.")] = None,
    country_risk: Annotated[str | None, typer.Option(help="low or high, as K-SURE told you.")] = None,
    share: Annotated[str | None, typer.Option(help="small, notable or large for your firm.")] = None,
    power: Annotated[str | None, typer.Option(help="strong, equal or weak.")] = None,
    goods: Annotated[str | None, typer.Option(help="resellable or custom.")] = None,
    cash: Annotated[str | None, typer.Option(help="before, soon or later.")] = None,
    transport: Annotated[str | None, typer.Option(help="sea or air.")] = None,
    language: Told = "ko",
    as_json: Json = False,
) -> None:
    """Compare ways of payment for a sale; ends with 2 if something told is not known."""
    from knowledge.guides.payment import advise

    facts = {"buyer": buyer, "country": country, "country_risk": country_risk, "share": share}
    facts |= {"power": power, "goods": goods, "cash": cash, "transport": transport}
    try:
        found = advise(facts, language, _folder())
    except BadInput as error:
        _refuse(error.field, error.message(language), as_json)
    if as_json:
        _print_json(found)
    else:
        _print_payment(found, _names(language))


def _folder() -> Path:
    from knowledge.settings import settings

    return settings().packs_dir / settings().pack


def _names(language: Language) -> dict[str, str]:
    from knowledge.pack import read_pack

    return {record.id: record.text(language).name for record in read_pack(_folder())}


def _print_guide(told: dict[str, Any]) -> None:
    _say(told["name"], "bold")
    _say(told["about"])
    for number, step in enumerate(told["steps"], 1):
        _say(f"{number}. {step['title']}", "bold cyan")
        _say(f"   {step['text']}")
        _say(f"   → {' · '.join(step['who'])}")
        for listed in ("where", "documents"):
            if step[listed]:
                _say(f"   - {' · '.join(item['name'] for item in step[listed])}")
        for fact in filter(None, (step["time"], step["cost"])):
            _say(f"   - {fact['text']}")
        if step["mistake"]:
            _say(f"   ! {step['mistake']}", "yellow")
        _print_sources(step["sources"])


def _print_checklist(found: dict[str, Any]) -> None:
    for warning in found["warnings"]:
        _say(f"! {warning['text']}", "yellow")
    for row in found["rows"]:
        _say(f"[ ] {row['document']} ({row['need_text']})", "bold")
        _say(f"    {row['when']} · {' · '.join(row['makers'])}")
        _say(f"    {' '.join(part for part in (row['why'], row['condition']) if part)}")
    for entry in (*found["not_known"], *found["questions"]):
        _say(f"? {entry['text']}", "cyan")


def _print_deadlines(found: list[dict[str, Any]], doubted: list[dict[str, Any]]) -> None:
    for doubt in doubted:
        _say(f"! {doubt['text']}", "yellow")
    for deadline in found:
        _say(f"{deadline['date']}  {deadline['what']}", "bold")
        for line in (deadline["why"], *deadline["notes"]):
            _say(f"   {line}")
        _print_sources(deadline["sources"])


def _print_payment(found: dict[str, Any], names: dict[str, str]) -> None:
    for number, way in enumerate(found["ranking"], 1):
        _say(f"{number}. {way['name']}: {way['verdict_text']}", "bold")
        for reason in way["reasons"]:
            _say(f"   {'+' if reason['speaks_for'] else '-'} {reason['text']}")
        for gap in way["remains"]:
            _say(f"   ! {gap['text']} → {' · '.join(names[record] for record in gap['cover'])}", "yellow")
    for item in (*found["ask"], *found["questions"]):
        _say(f"? {item['text']}", "cyan")


def _print_sources(sources: list[dict[str, Any]]) -> None:
    for source in sources:
        _say(f"   ({source['basis']}, {source['as_of']}: {source['title']}, {source['locator']})", "dim")


def _refuse(field: str, message: str, as_json: bool) -> NoReturn:
    """Says what is wrong with what was given and ends with ``BAD_INPUT``."""
    if as_json:
        _print_json({"status": "input_error", "field": field, "message": message})
    else:
        err.print(message, markup=False, highlight=False, soft_wrap=True)
    raise typer.Exit(BAD_INPUT)


def _say(words: str, style: str | None = None) -> None:
    out.print(words, style=style, markup=False, highlight=False, soft_wrap=True)


def _print_json(data: Any) -> None:
    out.print_json(json.dumps(data, ensure_ascii=False, default=str))
