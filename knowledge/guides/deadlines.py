"""Works out by when something must be done or how long papers must be kept, from the days somebody told.

Periods of the Customs Act are counted as the Civil Act does (Customs Act article 8(2)): the first day is not counted.
Where it is not certain how a day is counted, the earlier day is taken and a note says so. Public holidays are not in
the pack, so no day is moved; every deadline to act says to look in the calendar.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from datetime import date, timedelta
from functools import lru_cache
from pathlib import Path
from typing import Annotated, Any, Literal

from babel.dates import format_date
from pydantic import Field, ValidationError

from knowledge.guides.dates import Dates, after_months, read_dates
from knowledge.guides.place import GuideError, Place, Words, source_of, tell_source
from knowledge.numbers import Number, UnknownNumber, resolved
from knowledge.origin.agreement import agreements_of
from knowledge.pack import PACKS, PackError, read_numbers, read_yaml
from knowledge.record import LANGUAGES, Language, Source, Strict

KOREA = PACKS / "korea"
Kind = Literal["do_by", "ends", "keep_until"]
Day = date
SATURDAY = 5


class Span(Strict):
    """Length of a period: days, or months or years of the calendar."""

    days: int = 0
    months: int = 0
    years: int = 0

    def after(self, day: date) -> date:
        """Returns the last day of the period that begins after ``day``."""
        return after_months(day, self.months + 12 * self.years) + timedelta(days=self.days)


class Rule(Strict):
    """A deadline that runs from one day told (``deadlines/rules.yaml``).

    ``unless`` names a day that, once told, says the thing is done. ``needs`` names further demands: ``proof_by`` lists
    who may make out the proof of origin of the agreement told.
    """

    id: Annotated[str, Field(pattern=r"^[a-z0-9][a-z0-9-]*$")]
    start: Annotated[str, Field(alias="from")]
    span: Span
    kind: Kind
    remind: tuple[int, ...]
    what: Words
    why: Words
    note: Words | None = None
    unless: str | None = None
    needs: dict[Literal["proof_by"], tuple[str, ...]] = {}
    sources: Annotated[tuple[Place, ...], Field(min_length=1)]


@dataclass(frozen=True)
class Deadline:
    """A day that matters.

    Attributes:
        id: Which rule it comes from.
        date: The last day.
        kind: ``do_by`` (act by then), ``ends`` (something ends), ``keep_until`` (papers are kept as long).
        what, why: What is due and why, in both languages.
        notes: How it was counted, and what to mind.
        sources: Where it stands.
        reminders: Days on which to be reminded, all after the day it was worked out.
        passed: Whether the day lay in the past when it was worked out.
    """

    id: str
    date: Day
    kind: Kind
    what: Words
    why: Words
    notes: tuple[Words, ...]
    sources: tuple[Source, ...]
    reminders: tuple[Day, ...]
    passed: bool


@dataclass(frozen=True)
class Data:
    """The rules and words of a pack's deadlines."""

    rules: tuple[Rule, ...]
    words: Mapping[str, Any]
    folder: Path


@lru_cache(maxsize=4)
def data_of(folder: Path) -> Data:
    """Returns the data of a pack's deadlines, read once.

    Raises:
        GuideError: A file is malformed.
    """
    place = folder / "deadlines"
    try:
        numbers = read_numbers(folder)
        rules = tuple(Rule.model_validate(_with_numbers(item, numbers)) for item in read_yaml(place / "rules.yaml"))
        return Data(rules, read_yaml(place / "words.yaml"), folder)
    except (PackError, ValidationError, UnknownNumber, OSError) as error:
        raise GuideError(f"{place}: {error}") from error


def _with_numbers(item: dict[str, Any], numbers: Mapping[str, Number]) -> dict[str, Any]:
    """Returns a rule as written with the numbers of the law that it names: its span, and those in its words.

    Raises:
        UnknownNumber: The pack has no such number, or it counts no days, months or years.
    """
    made = dict(item)
    if isinstance(item.get("span"), str):
        number = numbers.get(item["span"])
        if number is None or number.unit.value not in Span.model_fields:
            raise UnknownNumber(f"{item.get('id')}: '{item['span']}' is no period of this pack")
        made["span"] = {number.unit.value: int(number.value)}
    for name in ("what", "why", "note"):
        if name in item:
            made[name] = {lang: resolved(item[name][lang], lang, numbers, set()) for lang in item[name]}
    return made


def deadlines(told: Mapping[str, Any], today: date, folder: Path = KOREA) -> tuple[Deadline, ...]:
    """Returns every deadline that follows from the days told (names: ``dates.TOLD``), the earliest first.

    Raises:
        BadInput: A part is not known or has the wrong form; its message names the part.
    """
    data = data_of(folder)
    dates = read_dates(told, folder, data.words)
    found = [*_by_rules(dates, today, data), *_of_credit(dates, today, data), *_of_origin(dates, today, data)]
    return tuple(sorted(found, key=lambda deadline: (deadline.date, deadline.id)))


def doubts(told: Mapping[str, Any], language: Language, folder: Path = KOREA) -> list[dict[str, Any]]:
    """Returns what does not fit together in the days told: id, text and source of each.

    Raises:
        BadInput: A part is not known or has the wrong form.
    """
    words = data_of(folder).words
    found = []
    for name in _doubted(read_dates(told, folder, words), words):
        source = source_of(Place.model_validate(words["doubt_sources"][name]), folder)
        found.append({"id": name, "text": words["doubts"][name][language], "source": tell_source(source, language)})
    return found


def tell_deadlines(found: tuple[Deadline, ...], language: Language) -> list[dict[str, Any]]:
    """Returns deadlines in one language, ready for JSON; dates in ISO 8601, ``day`` as people write it."""
    return [
        {
            "id": deadline.id,
            "date": deadline.date.isoformat(),
            "day": format_date(deadline.date, "full", locale=language),
            "kind": deadline.kind,
            "what": deadline.what[language],
            "why": deadline.why[language],
            "notes": [note[language] for note in deadline.notes],
            "sources": [tell_source(source, language) for source in deadline.sources],
            "reminders": [reminder.isoformat() for reminder in deadline.reminders],
            "passed": deadline.passed,
        }
        for deadline in found
    ]


def _by_rules(dates: Dates, today: date, data: Data) -> Iterator[Deadline]:
    for rule in data.rules:
        start: date | None = getattr(dates, rule.start)
        done = rule.unless is not None and getattr(dates, rule.unless) is not None
        if start is None or done or not _needs_met(rule, dates):
            continue
        due = _Due(rule.id, rule.kind, rule.remind, rule.what, rule.why, (rule.note,) if rule.note else ())
        yield due.on(rule.span.after(start), today, data, tuple(source_of(p, data.folder) for p in rule.sources))


def _needs_met(rule: Rule, dates: Dates) -> bool:
    wanted = rule.needs.get("proof_by")
    proof = dates.agreement.proof if dates.agreement else None
    return wanted is None or (proof is not None and proof.by in wanted)


def _of_credit(dates: Dates, today: date, data: Data) -> Iterator[Deadline]:
    """Yields the days of a letter of credit: latest shipment until the goods are shipped, presentation, expiry."""
    if dates.latest_shipment and not dates.shipment:
        yield _special("latest-shipment", data).on(
            dates.latest_shipment, today, data, _sources("latest-shipment", data)
        )
    if dates.lc_expiry:
        yield _special("lc-expiry", data).on(dates.lc_expiry, today, data, _sources("lc-expiry", data))
    shipped = dates.shipment or dates.latest_shipment
    if shipped and (dates.lc_expiry or dates.presentation_days):
        yield _presentation(shipped, dates, today, data)


def _presentation(shipped: date, dates: Dates, today: date, data: Data) -> Deadline:
    said = data.words["special"]["presentation"]
    days = dates.presentation_days or int(data.words["presentation_days"])
    last = shipped + timedelta(days=days)
    notes = [] if dates.presentation_days else [said["silent"]]
    if not dates.shipment:
        notes.append(said["expected"])
    due = _special("presentation", data, tuple(notes), days=str(days))
    return due.on(min(last, dates.lc_expiry or last), today, data, _sources("presentation", data))


def _of_origin(dates: Dates, today: date, data: Data) -> Iterator[Deadline]:
    if dates.approved_exporter_since:
        rule = data.words["approval"]
        end = after_months(dates.approved_exporter_since, 12 * int(rule["years"]))
        written = {language: format_date(end, "long", locale=language) for language in LANGUAGES}
        due = _special("approval-renewal", data, end=written)
        last = end - timedelta(days=int(rule["days_before"]))
        yield due.on(last, today, data, _sources("approval-renewal", data))
    if dates.proof_issued and dates.agreement and dates.agreement.proof:
        yield from _of_proof(dates, today, data)


def _of_proof(dates: Dates, today: date, data: Data) -> Iterator[Deadline]:
    """Yields when the proof of origin ends and until when its evidence is kept, as far as the agreement says."""
    agreement, issued = dates.agreement, dates.proof_issued
    if agreement is None or issued is None or agreement.proof is None:
        return
    facts, agreements = agreement.proof, agreements_of(data.folder)
    if facts.validity_months and facts.validity_months.value:
        next_day = agreement.id in data.words["counted_after_issue"]["agreements"]
        end = after_months(issued, int(facts.validity_months.value)) - timedelta(days=0 if next_day else 1)
        note = data.words["special"]["proof-validity"]["next_day" if next_day else "cautious"]
        due = _special("proof-validity", data, (facts.validity_months.text, note), agreement=agreement.name)
        yield due.on(end, today, data, (agreements.source(facts.validity_months.source),))
    if facts.retention_years and facts.retention_years.value:
        years = int(facts.retention_years.value)
        due = _special("proof-retention", data, agreement=agreement.name, years=str(years))
        yield due.on(after_months(issued, 12 * years), today, data, (agreements.source(facts.retention_years.source),))


def _doubted(dates: Dates, words: Mapping[str, Any]) -> Iterator[str]:
    if dates.shipment and dates.latest_shipment and dates.shipment > dates.latest_shipment:
        yield "late_shipment"
    if dates.latest_shipment and dates.lc_expiry and dates.latest_shipment > dates.lc_expiry:
        yield "shipment_after_expiry"
    if dates.shipment and dates.declaration_accepted:
        if dates.shipment < dates.declaration_accepted:
            yield "loaded_before_acceptance"
        elif (dates.shipment - dates.declaration_accepted).days > int(words["loading_days"]):
            yield "loaded_late"
    proof = dates.agreement.proof if dates.agreement else None
    if dates.proof_issued and not (proof and proof.validity_months and proof.validity_months.value):
        yield "no_validity"


@dataclass(frozen=True)
class _Due:
    """A deadline whose day is still to be set."""

    id: str
    kind: Kind
    remind: tuple[int, ...]
    what: Words
    why: Words
    notes: tuple[Words, ...] = ()

    def on(self, last: date, today: date, data: Data, sources: tuple[Source, ...]) -> Deadline:
        days = (last - timedelta(days=before) for before in self.remind)
        notes = self.notes if self.kind == "keep_until" else (*self.notes, *_about_days_off(last, data))
        if last < today and self.kind != "keep_until":
            notes = (data.words["passed"], *notes)
        return Deadline(
            id=self.id,
            date=last,
            kind=self.kind,
            what=self.what,
            why=self.why,
            notes=notes,
            sources=sources,
            reminders=tuple(sorted(day for day in days if day > today)),
            passed=last < today,
        )


def _about_days_off(last: date, data: Data) -> Iterator[Words]:
    if last.weekday() >= SATURDAY:
        said = data.words["weekend"]
        yield {tongue: said[tongue].format(day=format_date(last, "EEEE", locale=tongue)) for tongue in LANGUAGES}
    yield data.words["holidays"]


def _special(name: str, data: Data, notes: tuple[Words, ...] = (), **values: Words | str) -> _Due:
    said = data.words["special"][name]
    return _Due(
        name, said["kind"], tuple(said["remind"]), _filled(said["what"], values), _filled(said["why"], values), notes
    )


def _filled(template: Words, values: Mapping[str, Words | str]) -> Words:
    filled: Words = {}
    for tongue in LANGUAGES:
        said = {name: value if isinstance(value, str) else value[tongue] for name, value in values.items()}
        filled[tongue] = template[tongue].format(**said)
    return filled


def _sources(name: str, data: Data) -> tuple[Source, ...]:
    listed = data.words["special"][name]["sources"]
    return tuple(source_of(Place.model_validate(place), data.folder) for place in listed)
