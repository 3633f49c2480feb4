"""`naru origin`: a product's rule of origin, the simulation of a certificate, agreements compared, an empty sheet."""

from __future__ import annotations

import json
from pathlib import Path
from typing import Annotated, Any, Literal, NoReturn

import typer
from rich.console import Console

from knowledge.origin.agreement import UnknownAgreement
from knowledge.origin.model import BadInput
from knowledge.record import Language

app = typer.Typer(help="Rules of origin: look one up, or weigh a product against it.", no_args_is_help=True)
out = Console()
err = Console(stderr=True)

INPUT_ERROR = 2
"""Exit status where what was given can't be read."""

Json = Annotated[bool, typer.Option("--json", help="Print JSON.")]
Told = Annotated[Literal["ko", "en"], typer.Option("--language", help="Language of the answer.")]


@app.command()
def rule(
    agreement: Annotated[str, typer.Argument(metavar="AGREEMENT", help="For example KR-CN.")],
    hs6: Annotated[str, typer.Argument(metavar="HS6", help="HS code of the product, six digits or more.")],
    language: Told = "ko",
    as_json: Json = False,
) -> None:
    """Print the product's rule of origin, in plain words and with its source."""
    from knowledge.origin.simulate import look_up_rules
    from knowledge.origin.telling import tell_fault, words

    try:
        found = look_up_rules(agreement, hs6, _folder(), language)
    except UnknownAgreement:
        _refuse([_unknown_agreement(agreement, language)], as_json)
    except BadInput as error:
        _refuse([tell_fault(fault, language) for fault in error.faults], as_json)
    if as_json:
        _print_json(found)
        return
    _say(f"{found['name']} · HS {found['hs']}", "bold")
    for number, entry in enumerate(found["rules"], 1):
        _print_rule(entry, f"{number}) " if len(found["rules"]) > 1 else "")
    for line in filter(None, (None if found["rules"] else words(language)["labels"]["no_rule"], found["note"])):
        _say(line)


@app.command()
def simulate(
    file: Annotated[
        Path, typer.Argument(metavar="FILE", help="A .json, .csv or .xlsx file.", exists=True, dir_okay=False)
    ],
    language: Told = "ko",
    as_json: Json = False,
) -> None:
    """Weigh a product against an agreement; ends with 2 if the file can't be read."""
    from knowledge.origin.simulate import simulate_file

    result = simulate_file(file.name, file.read_bytes(), _folder(), language)
    if result["verdict"] == "input_error":
        _refuse(result["errors"], as_json, result)
    if as_json:
        _print_json(result)
    else:
        _print_result(result, language)


@app.command()
def template(
    file: Annotated[Path, typer.Argument(metavar="FILE.xlsx", help="Where to write it.")], language: Told = "ko"
) -> None:
    """Write an empty bill of materials to fill in."""
    from knowledge.origin.reading import template as empty_sheet

    file.write_bytes(empty_sheet(language))
    _say(str(file))


@app.command()
def compare(
    hs: Annotated[str, typer.Option(help="HS code of the product, six digits or more.")],
    country: Annotated[str, typer.Option(help="Buyer's country by ISO code, such as VN; EU for its members.")],
    bill: Annotated[
        Path | None, typer.Option(help="Bill of materials: .json, .csv or .xlsx.", exists=True, dir_okay=False)
    ] = None,
    value: Annotated[str | None, typer.Option(help="Customs value of the consignment.")] = None,
    currency: Annotated[str | None, typer.Option(help="Currency of the value, ISO 4217.")] = None,
    language: Told = "ko",
    as_json: Json = False,
) -> None:
    """Put all agreements that reach a country side by side; ends with 1 if there is none, 2 on bad input."""
    from knowledge.origin.comparing import NotComparable
    from knowledge.origin.comparing import compare as compared
    from knowledge.origin.reading import Bill, read_file
    from knowledge.origin.telling import tell_fault
    from knowledge.tariffs import wording
    from knowledge.tariffs.question import InputError

    read = Bill(None)
    try:
        if bill is not None:
            read = read_file(bill.name, bill.read_bytes())
        result = compared(hs, country, _folder(), language, read.data, value, currency)
    except BadInput as error:
        _refuse([tell_fault(fault, language) for fault in read.placed(error.faults)], as_json)
    except InputError as error:
        said = wording.problem(error, language)
        _refuse([{"field": error.field, "place": None, "problem": error.problem, "text": said}], as_json)
    except NotComparable as error:
        _refuse([error.told(language)], as_json, status=1 if error.problem == "no_agreement" else INPUT_ERROR)
    if as_json:
        _print_json(result)
    else:
        _print_comparison(result, language)


def _folder() -> Path:
    from knowledge.settings import settings

    return settings().packs_dir / settings().pack


def _unknown_agreement(name: str, language: Language) -> dict[str, Any]:
    from knowledge.origin.model import Fault
    from knowledge.origin.telling import tell_fault

    return tell_fault(Fault("agreement", "unknown_agreement", name[:40]), language)


def _refuse(
    errors: list[dict[str, Any]], as_json: bool, result: dict[str, Any] | None = None, status: int = INPUT_ERROR
) -> NoReturn:
    """Says what is wrong with the input and ends."""
    if as_json:
        _print_json(result or {"verdict": "input_error", "errors": errors})
    for error in errors:
        err.print(error["text"], markup=False, highlight=False, soft_wrap=True)
    raise typer.Exit(status)


def _print_comparison(result: dict[str, Any], language: Language) -> None:
    from knowledge.origin.telling_comparison import sentences

    labels = sentences(language)["labels"]
    _say(f"HS {result['hs']} · {result['country_name']} · {result['year']}", "bold")
    _say(result["base"]["text"])
    for entry in result["agreements"]:
        _say(entry["name"], "bold")
        _say(f"  {labels['in_force']}: {' '.join([entry['in_force']['text'], *entry['in_force']['doubts']])}")
        for part in ("preferential", "saving", "rule", "verdict", "effort"):
            _say(f"  {labels[part]}: {entry[part]['text']}")
            for line in (*entry[part].get("reasons", ()), *entry[part].get("missing", ())):
                _say(f"    - {line}")
            for source in entry[part].get("sources", ()):
                _print_source(source)
        for name in ("who", "issuers", "form", "threshold", "validity_months"):
            if name in entry["proof"]:
                _say(f"  {labels['proof']}: {entry['proof'][name]['text']}")
        cautions = [each["text"] for each in entry["preferential"].get("caveats", ())]
        for line in dict.fromkeys([*entry["rule"]["warnings"], *entry["verdict"].get("warnings", ()), *cautions]):
            _say(f"  ! {line}", "dim")
    _say(f"{labels['recommendation']} {result['recommendation']['text']}", "bold")
    for line in result["notes"]:
        _say(f" - {line}")


def _print_result(result: dict[str, Any], language: Language) -> None:
    from knowledge.origin.telling import words

    said = words(language)
    labels, verdicts = said["labels"], said["verdicts"]
    _say(said["outcomes"][result["verdict"]], "bold")
    if result["rule"]:
        _print_rule(result["rule"], f"{labels['rule']}: ")
    share = result["rvc"]
    if share and share["value"] is not None:
        _say(f"{labels['rvc']}: {labels['methods'][share['method']]} {share['value']}% / {share['threshold']}%")
    for number, step in enumerate(result["steps"], 1):
        _say(f"{number}. {step['title']}: {verdicts[step['verdict']]}", "cyan")
        _say(f"   {step['reason']}")
        _print_source(step["source"])
    for heading in ("missing", "changes", "warnings"):
        if result[heading]:
            _say(labels[heading], "bold")
        for entry in result[heading]:
            _say(f" - {entry['text']}")
    facts = [fact for fact in result["proof"].values() if isinstance(fact, dict)]
    if facts:
        _say(labels["proof"], "bold")
    for fact in facts:
        _say(f" - {fact['text']}")


def _print_rule(entry: dict[str, Any], before: str) -> None:
    condition = f"[{entry['condition']}] " if entry["condition"] else ""
    _say(f"{before}{condition}{entry['expression'] or entry['words'] or '-'}")
    if entry["plain"]:
        _say(f"   {entry['plain']}")
    _print_source(entry["source"])


def _print_source(source: dict[str, Any] | None) -> None:
    if source:
        place = f", {source['locator']}" if source["locator"] else ""
        _say(f"   ({source['basis']}, {source['as_of']}: {source['title']}{place})", "dim")


def _say(text: str, style: str | None = None) -> None:
    out.print(text, style=style, markup=False, highlight=False, soft_wrap=True)


def _print_json(data: Any) -> None:
    out.print_json(json.dumps(data, ensure_ascii=False, default=str))
