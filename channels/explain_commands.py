"""`naru explain`: the trade words of a text file, the text in plain words, and a letter of credit field by field."""

from __future__ import annotations

import json
import sys
from enum import StrEnum
from pathlib import Path
from typing import Annotated

import typer
from rich.console import Console

from actions.texts import text as said
from knowledge.explaining.bytes_read import NotReadable, text_of
from knowledge.explaining.explained import LONGEST_TEXT, Explained, explain
from knowledge.library import NotBuilt
from knowledge.record import Language
from knowledge.shelf import shelf

out = Console()
err = Console(stderr=True)

BAD_INPUT = 2
"""Exit code where a file can not be read or holds no text."""


class Tongue(StrEnum):
    """The languages an answer can be in."""

    KO = "ko"
    EN = "en"


def explain_file(
    file: Annotated[str, typer.Argument(metavar="FILE", help="Text file (UTF-8 or CP949); - reads standard input.")],
    language: Annotated[
        Tongue | None, typer.Option(help="Language of the answer; the text's own if not given.")
    ] = None,
    as_json: Annotated[bool, typer.Option("--json", help="Print JSON.")] = False,
) -> None:
    """Explain the jargon of a text: a notice, a mail, a letter of credit."""
    spoken: Language | None = None if language is None else "en" if language is Tongue.EN else "ko"
    try:
        content = sys.stdin.buffer.read() if file == "-" else Path(file).read_bytes()
        explained = explain(text_of(content, LONGEST_TEXT), shelf(), spoken)
    except OSError as error:
        err.print(f"{file}: {error.strerror}", markup=False)
        raise typer.Exit(BAD_INPUT) from error
    except NotReadable as error:
        told = said(f"explain_file_{error.fault}", spoken or "en", limit=LONGEST_TEXT)
        err.print(f"{file}: {told}", markup=False)
        raise typer.Exit(BAD_INPUT) from error
    except NotBuilt as error:
        err.print(str(error), markup=False)
        raise typer.Exit(1) from error
    if as_json:
        out.print_json(json.dumps(explained.document(), ensure_ascii=False))
    else:
        _print(explained)


def _print(explained: Explained) -> None:
    out.print(explained.plain_text, markup=False, highlight=False)
    if explained.terms:
        out.print(f"\n{said('explain_terms_title', explained.language)}", markup=False, highlight=False)
    for term in explained.terms:
        record = term.record
        out.print(f"  {term.term}: {record.text(explained.language).plain}", markup=False, highlight=False)
        source = record.source
        place = f", {source.locator}" if source.locator else ""
        title = source.title[explained.language]
        out.print(f"    ({source.basis}, {source.as_of}: {title}{place})", style="dim", markup=False, highlight=False)
