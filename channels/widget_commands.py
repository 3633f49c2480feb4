"""`naru widget` on the command line: the tag that puts Naru on a page."""

from __future__ import annotations

import json
from typing import Annotated

import typer

from channels.widget_bundle import widget
from knowledge.settings import settings

app = typer.Typer(help="Naru on your own website.", no_args_is_help=True)


@app.callback()
def widget_command() -> None:
    """Naru on your own website."""


@app.command()
def tag(as_json: Annotated[bool, typer.Option("--json", help="Print JSON.")] = False) -> None:
    """Print the tags to paste: one that follows every update, and one pinned to today's script."""
    following, pinned = tags(address())
    if as_json:
        typer.echo(json.dumps({"following": following, "pinned": pinned, "integrity": widget().integrity}))
        return
    typer.echo(f"Follows every update:\n\n{following}\n")
    typer.echo(f"Pinned to today's script; paste a new one after every update of Naru:\n\n{pinned}")


def address() -> str:
    """Returns where browsers reach this Naru."""
    chosen = settings()
    return (chosen.public_url or f"http://{chosen.host}:{chosen.port}").rstrip("/")


def tags(base: str) -> tuple[str, str]:
    """Returns the tag without and with integrity."""
    script = widget()
    return (
        f'<script async src="{base}/widget.js" data-language="auto"></script>',
        f'<script async src="{base}/widget/{script.digest}.js" integrity="{script.integrity}" '
        'crossorigin="anonymous" data-language="auto"></script>',
    )
