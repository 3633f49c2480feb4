"""Tells a comparison of agreements in one language; every sentence is in ``comparing.<language>.yaml``."""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from decimal import Decimal
from functools import lru_cache
from pathlib import Path
from typing import Any

import yaml
from babel import Locale
from babel.dates import format_date

from knowledge.origin.advice import NAMED, Advice, Option
from knowledge.origin.agreement import Agreement, Agreements, Locator
from knowledge.origin.proof import tell_proof
from knowledge.origin.proof_effort import effort_rule
from knowledge.origin.sources import told_source
from knowledge.origin.telling import tell, tell_rule, words
from knowledge.origin.wording import note
from knowledge.record import Language, Source
from knowledge.tariffs import wording
from knowledge.tariffs.estimate import DutyEstimate
from knowledge.tariffs.rate import Rate, Span

FOLDER = Path(__file__).parent

_ABOUT_MONEY = ("exchange_missing", "exchange_reference", "partial")
"""Caveats on sums, which mean nothing where no value was given."""


@dataclass(frozen=True)
class Asked:
    """What a comparison is about; ``worth`` is value and currency, where they are known."""

    hs6: str
    country: str
    worth: tuple[Decimal, str] | None
    bill: Mapping[str, Any] | None


@dataclass(frozen=True)
class _Told:
    """What every part needs to be told."""

    asked: Asked
    agreements: Agreements
    language: Language

    def source(self, place: Locator | Source | None) -> list[dict[str, Any]]:
        found = self.agreements.source(place) if isinstance(place, Locator) else place
        told = told_source(found, self.language)
        return [told] if told else []

    def say(self, section: str, name: str, **values: Any) -> str:
        return say(section, name, self.language, **values)


def tell_comparison(
    asked: Asked, options: Sequence[Option], advice: Advice, agreements: Agreements, language: Language
) -> dict[str, Any]:
    """Returns a comparison as plain data in one language, ready for JSON."""
    told = _Told(asked, agreements, language)
    return {
        "hs": asked.hs6,
        "country": asked.country,
        "country_name": country_name(asked.country, language),
        "year": options[0].duty.year,
        "base": _base(options, told),
        "agreements": [_option(option, told) for option in options],
        "recommendation": _advice(advice, told),
        "notes": _notes(options, told),
    }


def say(section: str, name: str, language: Language, **values: Any) -> str:
    """Returns a sentence of ``comparing.*.yaml`` with its gaps filled.

    Raises:
        KeyError: There is no such sentence, or a gap has nothing to fill it.
    """
    template: str = sentences(language)[section][name]
    return template.format(**values)


@lru_cache(maxsize=2)
def sentences(language: Language) -> dict[str, Any]:
    """Returns everything a comparison says in one language."""
    return dict(yaml.safe_load((FOLDER / f"comparing.{language}.yaml").read_text(encoding="utf-8")))


def elsewhere(country: str, language: Language) -> list[str]:
    """Says which agreements with a country the pack does not have."""
    found = [one.name[language] for one in effort_rule().elsewhere if country in one.members]
    return [say("notes", "elsewhere", language, agreements=", ".join(found))] if found else []


def country_name(country: str, language: Language) -> str:
    """Returns a country's name in one language (Unicode CLDR)."""
    return str(Locale(language).territories.get(country, country))


def _option(option: Option, told: _Told) -> dict[str, Any]:
    agreement = option.agreement
    return {
        "agreement": agreement.id,
        "name": agreement.name[told.language],
        "in_force": _in_force(option, told),
        "preferential": _preferential(option.duty, told),
        "saving": _saving(option.duty, told),
        "rule": _rule(option, told),
        "verdict": _verdict(option, told),
        "proof": tell_proof(agreement.proof, told.agreements, told.language),
        "effort": _effort(option, told),
    }


def _in_force(option: Option, told: _Told) -> dict[str, Any]:
    agreement, country = option.agreement, told.asked.country
    own = agreement.accessions.get(country)
    since = own or agreement.in_force
    doubts = []
    if since is None:
        doubts += [fact.text[told.language] for fact in agreement.notes if fact.value == "not_known_to_be_in_force"]
        doubts = doubts or [told.say("in_force", "unknown")]
    elif own is None and len(agreement.parties) > 1 and agreement.id not in effort_rule().one_day:
        doubts.append(told.say("in_force", "partner", country=country_name(country, told.language)))
    day = format_date(since, "long", locale=told.language) if since else None
    return {
        "known": option.in_force,
        "since": since.isoformat() if since else None,
        "text": told.say("in_force", "since" if option.in_force else "not_yet", day=day) if day else doubts[0],
        "doubts": doubts,
        "sources": told.source(agreement.in_force_source),
    }


def _base(options: Sequence[Option], told: _Told) -> dict[str, Any]:
    """The ordinary duty of the country, from whichever schedule has it; it is the same whatever the agreement."""
    for option in options:
        rates = [entry.ordinary for entry in option.duty.lines]
        if option.duty.against and any(rates):
            found = wording.document(option.duty, told.language)
            text = told.say("base", option.duty.against, rates=_range(rates, told))
            return {"known": True, "is": option.duty.against, "text": text, "sources": found["sources"][:2]}
    return _not_in_data("base", options, told)


def _preferential(duty: DutyEstimate, told: _Told) -> dict[str, Any]:
    if duty.status == "no_data":
        return _not_in_data("preferential", [], told, duty)
    found = wording.document(duty, told.language)
    rates = [entry.preferential for entry in duty.lines]
    outcomes = dict.fromkeys(entry.outcome for entry in duty.lines)
    said = [told.say("outcomes", name) for name in outcomes if name in sentences(told.language)["outcomes"]]
    caveats = [each for each in found["caveats"] if told.asked.worth or each["id"] not in _ABOUT_MONEY]
    return {
        "known": any(rate is not None for rate in rates) or "already_free" in outcomes,
        "text": " ".join([*([_range(rates, told)] if any(rates) else []), *said]),
        "lines": found["lines"][: wording.MOST_LINES],
        "caveats": [{"id": each["id"], "text": each["text"]} for each in caveats],
        "sources": [each for each in found["sources"] if told.asked.worth or not _of_bank(each)],
        "look_at": wording.services(duty, told.language),
    }


def _of_bank(source: Mapping[str, Any]) -> bool:
    """Whether a source is for the exchange rate."""
    return str(source["locator"]).startswith("EUR/")


def _saving(duty: DutyEstimate, told: _Told) -> dict[str, Any]:
    span = duty.sums.saving
    if told.asked.worth is None or span is None or duty.against is None:
        why = "needs_value" if span is not None and duty.against else "unknown"
        return {"known": False, "text": told.say("saving", why), "amount": None}
    form = "general_2012" if duty.against == "general_2012" else "today"
    text = told.say("saving", form, amount=_money(span, duty.currency, told))
    amount = {"low": float(span.low), "high": float(span.high), "currency": duty.currency}
    return {"known": True, "text": text, "amount": amount, "complete": duty.complete}


def _rule(option: Option, told: _Told) -> dict[str, Any]:
    lookup, agreement = option.lookup, option.agreement
    rows = [tell_rule(row, lookup, told.language) for row in lookup.rows]
    parts = []
    for row in rows:
        goods = row["condition"] or (words(told.language)["labels"]["other_goods"] if len(rows) > 1 else "")
        said = row["plain"] or row["words"] or told.say("rule", "words_unknown")
        parts.append(f"[{goods}] {said}" if goods else said)
    warnings = [note(each, told.language) for each in lookup.notes if each != "inferred"]
    warnings += [agreement.inferred_note[told.language]] if agreement.inferred_note else []
    warnings += _edition(option, told) if rows else []
    return {
        "known": any(row["expression"] for row in rows),
        "in_pack": agreement.rules or agreement.inferred_from is not None,
        "inferred_from": agreement.inferred_from,
        "text": " / ".join(parts) or told.say("rule", "not_found" if agreement.rules else "not_in_pack"),
        "rows": rows,
        "warnings": warnings,
        "sources": _unique(row["source"] for row in rows),
    }


def _edition(option: Option, told: _Told) -> list[str]:
    said = words(told.language)["warnings"]
    year, heading = option.lookup.edition, told.asked.hs6[:4]
    warnings = [said["hs_edition"].format(year=year)] if year and year != 2022 else []
    return [*warnings, *([said["heading_rule"].format(heading=heading, year=year)] if _by_heading(option) else [])]


def _by_heading(option: Option) -> bool:
    return option.lookup.mapped == "heading"


def _verdict(option: Option, told: _Told) -> dict[str, Any]:
    if option.simulation is None:
        return {"known": False, "verdict": None, "text": told.say("verdict", "no_bill"), "missing": [], "warnings": []}
    result = tell(option.simulation, told.agreements, told.language)
    sources = _unique(step["source"] for step in result["steps"] if step["verdict"] in ("met", "not_met"))
    return {
        "known": result["verdict"] != "not_determined",
        "verdict": result["verdict"],
        "text": words(told.language)["outcomes"][result["verdict"]],
        "missing": [each["text"] for each in result["missing"]],
        "warnings": [each["text"] for each in result["warnings"]],
        "sources": sources,
    }


def _effort(option: Option, told: _Told) -> dict[str, Any]:
    effort, proof = option.effort, option.agreement.proof
    if effort is None or proof is None:
        return {"known": False, "text": told.say("effort", "unknown"), "low": None, "high": None, "reasons": []}
    amount = wording.money(*effort.threshold, told.language) if effort.threshold else ""
    reasons = [told.say("effort", reason, amount=amount) for reason in effort.reasons]
    facts = [proof.who, *([proof.threshold] if proof.threshold else [])]
    return {
        "known": True,
        "low": effort.low,
        "high": effort.high,
        "way": effort.certain,
        "text": told.say("grades", f"{effort.low}" if effort.low == effort.high else f"{effort.low}-{effort.high}"),
        "reasons": reasons,
        "sources": _unique(source for fact in facts for source in told.source(fact.source)),
    }


def _advice(advice: Advice, told: _Told) -> dict[str, Any]:
    missing: list[dict[str, Any]] = [
        {
            "id": name,
            "agreements": [agreement.id for agreement in about],
            "text": told.say("missing", name, agreements=_names(about, told)),
        }
        for name, about in advice.missing
    ]
    chosen = advice.chosen
    name = advice.ground
    country = country_name(told.asked.country, told.language)
    said = [told.say("advice", name, country=country, agreement=chosen.name[told.language] if chosen else "")]
    if chosen and name in NAMED:
        said.append(told.say("qualified", "yes" if advice.settled else "open"))
    if missing:
        use = "to_know_use" if name == "only_one" else "to_know"
        said.append(told.say("advice", use, things=" ".join(each["text"] for each in missing)))
    return {
        "ground": name,
        "agreement": chosen.id if chosen else None,
        "settled": advice.settled,
        "text": " ".join(said),
        "missing": missing,
    }


def _notes(options: Sequence[Option], told: _Told) -> list[str]:
    bill = told.asked.bill
    found = ["own_agreement"] if bill and bill.get("agreement") and len(options) > 1 else []
    return [
        *(told.say("notes", name) for name in found),
        *elsewhere(told.asked.country, told.language),
        *(told.say("notes", name) for name in ("other_duties", "confirm")),
    ]


def _not_in_data(what: str, options: Sequence[Option], told: _Told, duty: DutyEstimate | None = None) -> dict[str, Any]:
    known = [duty] if duty else [option.duty for option in options]
    listed = [wording.services(each, told.language) for each in known]
    places = max(listed, key=len)
    text = told.say("not_in_data", what, places=", ".join(places))
    return {"known": False, "text": text, "sources": [], "look_at": places}


def _range(rates: Iterable[Rate | None], told: _Told) -> str:
    """Returns the rates of the national lines, the lowest first, each once."""
    known = {wording.rate_words(rate, told.language): rate for rate in rates if rate is not None}
    ordered = sorted(known, key=lambda text: _height(known[text]))
    if len(ordered) == 1:
        return ordered[0]
    return told.say("rates", "by_line", rates=", ".join(ordered))


def _height(rate: Rate) -> Decimal:
    return Decimal(0) if rate.kind == "free" else rate.percent if rate.percent is not None else Decimal(10**6)


def _money(span: Span, currency: str, told: _Told) -> str:
    low, high = (wording.money(bound, currency, told.language) for bound in (span.low, span.high))
    return low if low == high else told.say("rates", "between", low=low, high=high)


def _names(agreements: Iterable[Agreement], told: _Told) -> str:
    return ", ".join(agreement.name[told.language] for agreement in agreements)


def _unique(sources: Iterable[dict[str, Any] | None]) -> list[dict[str, Any]]:
    found: list[dict[str, Any]] = []
    for source in sources:
        if source and source not in found:
            found.append(source)
    return found
