"""`naru diagnose`: what keeps a firm from exporting, from a file of its words and facts."""

from __future__ import annotations

import json
from pathlib import Path
from typing import Annotated, Any

import typer
from rich.console import Console

from actions.texts import text
from knowledge.diagnosis.data import DiagnosisError, language_of
from knowledge.diagnosis.diagnose import diagnose as diagnosed
from knowledge.library import NotBuilt
from knowledge.record import Language

out = Console()
err = Console(stderr=True)

BAD_INPUT = 2
"""Exit status where something given has the wrong form."""

FIELDS = ("words", "facts", "language")


def diagnose(
    file: Annotated[Path, typer.Argument(metavar="FILE.json", help="JSON: words, facts, language (ko or en).")],
    as_json: Annotated[bool, typer.Option("--json", help="Print JSON.")] = False,
) -> None:
    """Tell what keeps a firm from exporting, why, and what to do this week."""
    try:
        asked = _read(file)
        found = diagnosed(asked.get("words", ""), asked.get("facts", {}), asked.get("language", "ko"))
    except DiagnosisError as error:
        _refuse(error, as_json)
        raise typer.Exit(BAD_INPUT) from error
    except NotBuilt as error:
        err.print(str(error), markup=False)
        raise typer.Exit(1) from error
    if as_json:
        out.print_json(json.dumps(found, ensure_ascii=False))
    else:
        _print(found, language_of(found["language"]))


def _read(file: Path) -> dict[str, Any]:
    """Returns the file's content.

    Raises:
        DiagnosisError: The file can't be read, is no JSON, no mapping, or has a field that is not known.
    """
    try:
        content = json.loads(file.read_text(encoding="utf-8"))
    except (OSError, UnicodeDecodeError, json.JSONDecodeError) as error:
        raise DiagnosisError("file", str(error)) from error
    if not isinstance(content, dict):
        raise DiagnosisError("file", f"must hold a mapping with {', '.join(FIELDS)}")
    for name in content:
        if name not in FIELDS:
            raise DiagnosisError(name, f"is not known; known are {', '.join(FIELDS)}")
    return content


def _refuse(error: DiagnosisError, as_json: bool) -> None:
    if as_json:
        document = {"status": "input_error", "field": error.field, "problem": error.problem, "message": str(error)}
        out.print_json(json.dumps(document, ensure_ascii=False))
    else:
        err.print(str(error), markup=False, highlight=False)


def _print(found: dict[str, Any], language: Language) -> None:
    for obstacle in found["obstacles"]:
        _line(text("diagnosis_obstacle", language, name=obstacle["name"], score=f"{obstacle['score']:g}"), "bold")
        for reason in obstacle["reasons"]:
            _line(f"  - {reason['text']}")
        for figure in (*obstacle["shares"], *obstacle["ranks"]):
            _line(f"  - {figure['text']} ({figure['survey_name']}, {figure['source']['title']})")
    _section("diagnosis_steps", [step["text"] for step in found["steps"]], language)
    _section(
        "diagnosis_programmes",
        [f"{each['name']}: {each['verdict_text']} ({each['id']})" for each in found["programmes"]],
        language,
    )
    _section("diagnosis_organisations", [each["name"] for each in found["organisations"]], language)
    _section("diagnosis_records", [f"{each['name']} ({each['id']})" for each in found["records"]], language)
    if found["group"]:
        _line(f"{found['group']['text']} {found['group']['note']}")
    _section("diagnosis_unknown", [each["text"] for each in found["unknown"]], language)
    _line(found["rule"]["explanation"], "dim")


def _section(key: str, lines: list[str], language: Language) -> None:
    if lines:
        _line(text(key, language), "bold")
    for line in lines:
        _line(f"  - {line}")


def _line(words: str, style: str | None = None) -> None:
    out.print(words, style=style, markup=False, highlight=False)
