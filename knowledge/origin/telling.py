"""Tells a result in one language: the JSON form that the command line, the web service and the chat share."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import date
from decimal import Decimal
from functools import lru_cache
from pathlib import Path
from typing import Any

import yaml
from babel import Locale

from knowledge.origin.agreement import Agreements, Locator
from knowledge.origin.engine import row_source
from knowledge.origin.lookup import Lookup, RuleRow
from knowledge.origin.model import Fault
from knowledge.origin.operations import process_names
from knowledge.origin.proof import tell_proof
from knowledge.origin.result import Missing, Refusal, Saying, Share, Simulation, Step
from knowledge.origin.sources import told_source
from knowledge.origin.suggestions import Suggestion, what_would_change
from knowledge.origin.wording import note, plain
from knowledge.record import Language

FOLDER = Path(__file__).parent


def tell(result: Simulation | Refusal, agreements: Agreements, language: Language) -> dict[str, Any]:
    """Returns a result as plain data in one language, ready for JSON."""
    if isinstance(result, Refusal):
        return _told_refusal(result, language)
    told = result.told
    return {
        "verdict": result.outcome.value,
        "agreement": result.agreement.id,
        "hs": told.hs6,
        "rule": tell_rule(result.row, result.lookup, language) if result.row else None,
        "rvc": _told_share(result.share),
        "steps": [_told_step(step, agreements, language) for step in result.steps],
        "missing": [_told_missing(entry, language) for entry in result.missing],
        "changes": [tell_suggestion(each, result, language) for each in what_would_change(result)],
        "proof": tell_proof(result.agreement.proof, agreements, language),
        "saving": None,
        "warnings": [_told_warning(saying, language) for saying in result.warnings],
    }


def tell_rule(row: RuleRow, lookup: Lookup, language: Language) -> dict[str, Any]:
    """Returns a product rule in one language, with its plain words, HS edition and source."""
    return {
        "expression": row.expression or None,
        "plain": plain(row.rule, language) if row.rule else None,
        "words": row.words or None,
        "codes": row.from_ if row.from_ == row.to else f"{row.from_}-{row.to}",
        "condition": row.condition[language] if row.condition else None,
        "edition": lookup.edition,
        "mapped": lookup.mapped,
        "source": told_source(row_source(row, lookup), language),
    }


def tell_suggestion(suggestion: Suggestion, result: Simulation, language: Language) -> dict[str, Any]:
    """Returns a suggestion in one language, with the amount it turns on."""
    params = dict(suggestion.saying.params)
    if "amount" in params:
        params["amount"] = _money(params["amount"], result.told.price.currency, language)
    text = say("suggestions", Saying(suggestion.saying.id, params), language)
    if suggestion.enough:
        text = f"{text} {say('suggestions', Saying('whole'), language)}"
    amount = suggestion.saying.params.get("amount")
    return {"id": suggestion.saying.id, "text": text, "amount": _number(amount), "enough": suggestion.enough}


def tell_fault(fault: Fault, language: Language) -> dict[str, Any]:
    """Returns what is wrong with an input, in one language."""
    field = fault.field
    if fault.place:
        place = words(language)["labels"]["place"].format(**vars(fault.place))
        field = f"{place.strip()} ({fault.field})"
    known = fault.problem if fault.problem in words(language)["faults"] else "wrong_form"
    text = say("faults", Saying(known, {"field": field, "found": fault.found or "-"}), language)
    return {
        "field": fault.field,
        "place": vars(fault.place) if fault.place else None,
        "problem": fault.problem,
        "text": text,
    }


def say(section: str, saying: Saying, language: Language) -> str:
    """Returns a sentence of ``steps.*.yaml`` with its gaps filled.

    Raises:
        KeyError: There is no such sentence, or a gap has nothing to fill it.
    """
    if saying.id == "fact":
        return str(saying.params["fact"][language])
    template: str = words(language)[section][saying.id]
    return template.format(**{name: _shown(name, value, language) for name, value in saying.params.items()})


@lru_cache(maxsize=2)
def words(language: Language) -> dict[str, Any]:
    """Returns everything the simulation says in one language (``steps.*.yaml``)."""
    path = FOLDER / f"steps.{language}.yaml"
    return dict(yaml.safe_load(path.read_text(encoding="utf-8")))


def _told_refusal(result: Refusal, language: Language) -> dict[str, Any]:
    faults = [tell_fault(fault, language) for fault in result.faults]
    nothing: dict[str, Any] = {"rule": None, "rvc": None, "steps": [], "missing": [], "changes": [], "proof": {}}
    return {"verdict": result.outcome.value, "errors": faults, **nothing, "saving": None, "warnings": []}


def _told_step(step: Step, agreements: Agreements, language: Language) -> dict[str, Any]:
    source = agreements.source(step.source) if isinstance(step.source, Locator) else step.source
    return {
        "step": step.id,
        "title": words(language)["steps"][step.id],
        "verdict": step.verdict.value,
        "reason": " ".join(say("reasons", saying, language) for saying in step.reasons),
        "source": told_source(source, language),
    }


def _told_missing(entry: Missing, language: Language) -> dict[str, Any]:
    return {"field": entry.field, "text": say("missing", entry.saying, language)}


def _told_warning(saying: Saying, language: Language) -> dict[str, Any]:
    known = saying.id == "fact" or saying.id in words(language)["warnings"]
    text = say("warnings", saying, language) if known else note(saying.id, language)
    return {"id": saying.params.get("id", saying.id), "text": text}


def _told_share(share: Share | None) -> dict[str, Any] | None:
    if share is None:
        return None
    value, threshold = _number(share.shown()), _number(share.threshold)
    return {"method": share.method, "value": value, "threshold": threshold, "bound": share.bound}


def _shown(name: str, value: Any, language: Language) -> str:
    """Writes what goes into a gap, by the gap's name."""
    match name:
        case "names":
            return ", ".join(f"‘{each}’" for each in value)
        case "name":
            return f"‘{value}’"
        case "question":
            return _question(value, language)
        case "process":
            return process_names().words(value, language)
        case "processes":
            return ", ".join(process_names().words(each, language) for each in value)
        case "country":
            return _country(value, language)
        case "countries":
            return ", ".join(_country(each, language) for each in value)
        case "condition":
            return _condition(value, language)
        case "conditions":
            return " / ".join(f"{number}) {_condition(each, language)}" for number, each in enumerate(value, 1))
        case "method":
            return str(words(language)["labels"]["methods"][value])
        case "codes":
            return ", ".join(value)
        case "price" | "sum":
            return f"{value.normalize():,f}"
    if isinstance(value, Mapping):
        return str(value[language])
    if isinstance(value, Decimal):
        return f"{value.normalize():f}"
    return value.isoformat() if isinstance(value, date) else str(value)


def _question(process: str, language: Language) -> str:
    """Returns the question whether a working is done."""
    names = process_names()
    if process in names.asked:
        return names.asked[process][language]
    return str(words(language)["labels"]["ask_process"].format(process=names.words(process, language)))


def _condition(condition: Mapping[Language, str] | None, language: Language) -> str:
    return condition[language] if condition else str(words(language)["labels"]["other_goods"])


def _country(code: str | None, language: Language) -> str:
    return str(Locale(language).territories.get(code or "", code or "?"))


def _money(amount: Decimal, currency: str | None, language: Language) -> str:
    return f"{amount.normalize():,f} {currency or ''}".strip()


def _number(value: Decimal | None) -> int | float | None:
    if value is None:
        return None
    return int(value) if value == value.to_integral_value() else float(value)
