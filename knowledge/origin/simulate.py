"""The origin simulation from data to answer: reads the pack, weighs the product, tells the result."""

from __future__ import annotations

from dataclasses import replace
from datetime import date
from functools import lru_cache
from pathlib import Path
from typing import Any

from knowledge.origin.agreement import Agreement, UnknownAgreement, agreements_of
from knowledge.origin.engine import assess
from knowledge.origin.lookup import Lookup
from knowledge.origin.model import BadInput, Fault, read_input, unknown_fields
from knowledge.origin.reading import read_file
from knowledge.origin.result import Refusal, Saying, Simulation
from knowledge.origin.rules import RuleBook
from knowledge.origin.telling import tell, tell_rule
from knowledge.record import Language
from knowledge.tariffs import wording
from knowledge.tariffs.estimate import estimate
from knowledge.tariffs.question import InputError


def simulate(data: Any, folder: Path, language: Language = "ko", today: date | None = None) -> dict[str, Any]:
    """Tells whether a product originates, in one language.

    Args:
        data: The input in its JSON form (``model.py``); amounts as Decimal, int or str so that nothing is rounded.
        folder: The pack.
        language: Language of the answer, unless the input names one.
        today: Day to weigh it for where the input names none; the day it is by default.

    Returns:
        The result as in ``telling.tell``; its verdict is ``input_error`` where the input can't be read.
    """
    result = weigh(data, folder, today)
    chosen = language
    if isinstance(result, Simulation):
        chosen = result.told.language or language
    elif isinstance(data, dict) and data.get("language") in ("ko", "en"):
        chosen = data["language"]
    return _told(result, folder, chosen)


def simulate_file(
    name: str, content: bytes, folder: Path, language: Language = "ko", today: date | None = None
) -> dict[str, Any]:
    """Does what ``simulate`` does for a JSON, CSV or XLSX file; what is wrong is told with its row and column."""
    try:
        bill = read_file(name, content)
    except BadInput as error:
        return tell(Refusal(error.faults), agreements_of(folder), language)
    result = weigh(bill.data, folder, today)
    if isinstance(result, Refusal):
        return tell(Refusal(bill.placed(result.faults)), agreements_of(folder), language)
    return _told(result, folder, result.told.language or language)


def _told(result: Simulation | Refusal, folder: Path, language: Language) -> dict[str, Any]:
    """Tells a result, with what the agreement saves where the product qualifies."""
    told = tell(result, agreements_of(folder), language)
    if isinstance(result, Simulation) and result.outcome.value == "qualifies":
        told["saving"] = _saving(result, language)
    return told


def _saving(result: Simulation, language: Language) -> dict[str, Any] | None:
    """Returns the duty saved on the price told, taken as the customs value; None where the tariff does not tell."""
    price = result.told.price
    if price.amount is None or price.currency is None:
        return None
    try:
        year = (result.told.date or date.today()).year
        found = estimate(result.agreement.id, result.told.hs6, str(price.amount), price.currency, year)
    except InputError:
        return None
    if found.sums.saving is None:
        return None
    document = wording.document(found, language)
    return {key: document[key] for key in ("saving", "saving_against", "year", "caveats", "sources")}


def weigh(data: Any, folder: Path, today: date | None = None) -> Simulation | Refusal:
    """Weighs a product given in its JSON form; the result can then be told in either language."""
    try:
        told = read_input(data)
        agreement = agreements_of(folder).get(told.agreement)
        lookup = rules_of(folder).lookup(agreement, told.hs6)
        result = assess(told, agreement, lookup, today or date.today())
    except UnknownAgreement as error:
        return Refusal((Fault("agreement", "unknown_agreement", str(error)),))
    except BadInput as error:
        return Refusal(error.faults)
    unused = tuple(Saying("unknown_field", {"field": field}) for field in unknown_fields(data))
    return replace(result, warnings=(*result.warnings, *unused))


def look_up_rules(agreement_id: str, code: str, folder: Path, language: Language = "ko") -> dict[str, Any]:
    """Returns the product rules of an agreement for a code: the candidates, most specific first.

    Raises:
        UnknownAgreement: There is no agreement of that name.
        BadInput: The code is no HS code of at least six digits.
    """
    agreement = agreements_of(folder).get(agreement_id)
    told = read_input({"agreement": agreement.id, "hs": code})
    lookup = rules_of(folder).lookup(agreement, told.hs6)
    rows = [tell_rule(row, lookup, language) for row in lookup.rows]
    return _about(agreement, told.hs6, lookup, language) | {"rules": rows}


def _about(agreement: Agreement, hs6: str, lookup: Lookup, language: Language) -> dict[str, Any]:
    return {
        "agreement": agreement.id,
        "name": agreement.name[language],
        "hs": hs6,
        "edition": lookup.edition,
        "mapped": lookup.mapped,
        "notes": list(lookup.notes),
        "inferred_from": agreement.inferred_from,
        "note": agreement.inferred_note[language] if agreement.inferred_note else None,
    }


@lru_cache(maxsize=4)
def rules_of(folder: Path) -> RuleBook:
    """Returns the product rules of a pack, read once."""
    return RuleBook.read(folder)
