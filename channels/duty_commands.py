"""`naru duty` on the command line, and the import of official tariff texts for `naru knowledge import`."""

from __future__ import annotations

import json
from enum import StrEnum
from pathlib import Path
from typing import Annotated

import typer
from rich.console import Console

from knowledge.record import Language
from knowledge.tariffs import wording
from knowledge.tariffs.estimate import DutyEstimate
from knowledge.tariffs.estimate import estimate as estimate_duty
from knowledge.tariffs.importing import import_market
from knowledge.tariffs.question import InputError
from knowledge.tariffs.row import TariffFileError
from knowledge.tariffs.schedule import tariffs_folder

app = typer.Typer(help="Estimate customs duty in the buyer's country.", no_args_is_help=True)
out = Console()
err = Console(stderr=True)

BAD_INPUT = 2
"""Exit code where something asked has the wrong form."""


class Tongue(StrEnum):
    """The languages an answer can be in."""

    KO = "ko"
    EN = "en"


@app.callback()
def duty() -> None:
    """Estimate customs duty in the buyer's country."""


@app.command()
def estimate(
    agreement: Annotated[str, typer.Option(help="Agreement by ISO codes, such as KR-CN.")],
    hs: Annotated[str, typer.Option(help="HS code: 6 digits, the buyer's country's 8, or Korea's 10.")],
    value: Annotated[str, typer.Option(help="Customs value of the goods.")],
    currency: Annotated[str, typer.Option(help="Currency of the value, ISO 4217.")],
    year: Annotated[str | None, typer.Option(help="Calendar year; this year if not given.")] = None,
    rate: Annotated[str | None, typer.Option(help="Won for one unit of the currency.")] = None,
    normal_rate: Annotated[str | None, typer.Option(help="Today's ordinary duty in percent, if you know it.")] = None,
    language: Annotated[Tongue, typer.Option(help="Language of the answer.")] = Tongue.KO,
    as_json: Annotated[bool, typer.Option("--json", help="Print JSON.")] = False,
) -> None:
    """Estimate duty without and with an agreement, and what it saves."""
    spoken: Language = "en" if language is Tongue.EN else "ko"
    try:
        found = estimate_duty(agreement, hs, value, currency, year, rate, normal_rate=normal_rate)
    except InputError as error:
        _refuse(error, spoken, as_json)
        raise typer.Exit(BAD_INPUT) from error
    if as_json:
        out.print_json(json.dumps(wording.document(found, spoken), ensure_ascii=False))
    else:
        _print(found, spoken)


def import_tariffs(
    market: Annotated[str, typer.Argument(help="Importing country: US, CN or VN.")],
    files: Annotated[list[Path], typer.Argument(help="The official text, in one file or several in their order.")],
    as_json: Annotated[bool, typer.Option("--json", help="Print JSON.")] = False,
) -> None:
    """Read a country's official tariff text into the pack."""
    try:
        done = import_market(market, files, tariffs_folder())
    except TariffFileError as error:
        err.print(str(error), markup=False)
        raise typer.Exit(BAD_INPUT) from error
    if as_json:
        out.print_json(json.dumps({"market": done.market, "file": str(done.file), "lines": done.lines}))
    else:
        out.print(f"{done.market}: {done.lines} lines written to {done.file}", markup=False, highlight=False)


def _refuse(error: InputError, language: Language, as_json: bool) -> None:
    message = wording.problem(error, language)
    if as_json:
        document = {"status": "input_error", "field": error.field, "problem": error.problem, "message": message}
        out.print_json(json.dumps(document, ensure_ascii=False))
    else:
        err.print(message, markup=False, highlight=False)


def _print(found: DutyEstimate, language: Language) -> None:
    for sentence in wording.summary(found, language):
        out.print(sentence, markup=False, highlight=False)
    for _, sentence, _ in wording.caveats(found, language):
        out.print(f"  - {sentence}", markup=False, highlight=False)
    out.print(wording.look_up(found, language), markup=False, highlight=False)
    for source in found.sources:
        place = f", {source.locator}" if source.locator else ""
        out.print(
            f"  ({source.basis}, {source.as_of}: {source.title[language]}{place})",
            style="dim",
            markup=False,
            highlight=False,
        )
