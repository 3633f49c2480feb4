"""`naru knowledge import`: takes official publications over into the pack; next year's edition is one command."""

from __future__ import annotations

from pathlib import Path
from typing import Annotated

import typer
from rich.console import Console

from channels import hs_commands
from channels.duty_commands import import_tariffs
from knowledge.settings import settings

app = typer.Typer(help="Take an official publication over into the pack.", no_args_is_help=True)
app.command("tariffs")(import_tariffs)
out = Console()
err = Console(stderr=True)


@app.command("hs")
def import_hs(
    codes: Annotated[Path, typer.Argument(metavar="LIST", help="Customs' list of HS codes (CSV).")],
    names: Annotated[Path, typer.Argument(metavar="NAMES", help="Customs' standard product names (CSV).")],
    as_json: Annotated[bool, typer.Option("--json", help="Print JSON.")] = False,
) -> None:
    """Read Korea Customs' lists of codes and product names."""
    rows = hs_commands.import_hs(codes, names)
    if as_json:
        out.print_json(data=rows)
    else:
        out.print(", ".join(f"{name}: {count} rows" for name, count in rows.items()), markup=False)


@app.command("rules")
def import_rules(
    agreement: Annotated[str, typer.Argument(metavar="AGREEMENT", help="KR-CN, KR-US, KR-VN or KR-UK.")],
    file: Annotated[
        Path, typer.Argument(metavar="FILE", help="Text of the official list.", exists=True, dir_okay=False)
    ],
    as_json: Annotated[bool, typer.Option("--json", help="Print JSON.")] = False,
) -> None:
    """Read an agreement's product rules from the text of its official list."""
    from knowledge.origin.importing import ImportFault
    from knowledge.origin.importing import import_rules as take_over

    try:
        report = take_over(agreement, file, settings().packs_dir / settings().pack)
    except ImportFault as error:
        err.print(str(error), markup=False)
        raise typer.Exit(2) from error
    unparsed = len(report.unparsed)
    if as_json:
        out.print_json(
            data={"file": str(report.path), "rows": report.rows, "parsed": report.parsed, "unparsed": unparsed}
        )
    else:
        out.print(
            f"{agreement}: {report.rows} rows, {unparsed} of them not parsed, written to {report.path}", markup=False
        )
