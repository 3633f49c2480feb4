"""Tells what was read of a letter of credit: as sentences in either language, and as the document of the API."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import date
from decimal import Decimal
from typing import Any

from babel.dates import format_date

from knowledge.explaining.letter.conflicts import Conflict, conflicts, trade_term
from knowledge.explaining.letter.dangers import Danger, dangers
from knowledge.explaining.letter.papers import Paper
from knowledge.explaining.letter.reading import Letter
from knowledge.explaining.letter.values import Period
from knowledge.explaining.pack import Both, Words
from knowledge.library import Library
from knowledge.pack import read_yaml
from knowledge.record import LANGUAGES, Language
from knowledge.settings import settings

_OPENING = {"MT707": "amendment", "MT710": "advice", "MT720": "transfer"}


def day(value: date, language: Language) -> str:
    """Returns a day as it is written in ``language``."""
    return str(format_date(value, "long", locale=language))


def said(words: Words, key: str, language: Language, **values: object) -> str:
    """Returns a sentence of the summary, dates and sums written as the language does."""
    return _filled(words.summary[key][language], language, values)


def _filled(template: str, language: Language, values: dict[str, object]) -> str:
    return template.format(**{key: _shown(value, language) for key, value in values.items()})


def _shown(value: object, language: Language) -> str:
    if isinstance(value, date):
        return day(value, language)
    return f"{value:,}" if isinstance(value, Decimal) else str(value)


def summary(letter: Letter, language: Language) -> list[tuple[str, str]]:
    """Returns (key, sentence) of what matters most: who pays whom how much, until when to load and hand in papers."""
    return [(key, said(letter.words, key, language, **values)) for key, values in _facts(letter)]


Fact = tuple[str, dict[str, object]]


def _facts(letter: Letter) -> Iterator[Fact]:
    yield _OPENING.get(letter.form, "credit"), {}
    if letter.more_parts:
        yield "more_parts", {"part": letter.more_parts}
    bank = letter.party("52A", "52D", "51A", "51D")
    if bank:
        yield "pays", {"bank": bank}
    elif not letter.is_amendment:
        yield "pays_unknown", {}
    for key, tag in (("buyer", "50"), ("seller", "59")):
        if name := letter.party(tag):
            yield key, {"name": name}
    yield from _sums(letter)
    yield from _payment(letter)
    yield from _shipment(letter)
    yield from _presentation(letter)
    yield from _end(letter)


def _sums(letter: Letter) -> Iterator[Fact]:
    if letter.is_amendment:
        for key, tag in (("increase", "32B"), ("decrease", "33B"), ("new_amount", "34B")):
            if content := letter.line(tag):
                yield key, {"amount": content}
        return
    if letter.money is None or letter.money.amount is None:
        yield "amount_unknown", {}
        return
    amount = f"{letter.money.currency} {letter.money.amount:,}"
    if letter.bounds:
        least, most = (bound.quantize(Decimal("0.01")) for bound in letter.bounds)
        yield "amount_range", {"amount": amount, "least": least, "most": most}
    else:
        yield "amount", {"amount": amount}


def _payment(letter: Letter) -> Iterator[Fact]:
    later = letter.line("42P", "42M")
    tenor = letter.line("42C")
    if later:
        yield "paid_later", {"when": later}
    elif tenor and "sight" in tenor.lower() and not any(sign.isdigit() for sign in tenor):
        yield "paid_sight", {}
    elif tenor:
        yield "paid_later", {"when": tenor}


def _shipment(letter: Letter) -> Iterator[Fact]:
    if letter.latest_shipment:
        value = letter.latest_shipment.value
        yield ("ship_by", {"date": value}) if value else ("ship_unreadable", {})
    elif period := letter.line("44D"):
        yield "ship_period", {"period": period}
    elif not letter.is_amendment:
        yield "ship_unknown", {}


def _presentation(letter: Letter) -> Iterator[Fact]:
    period = letter.period
    if letter.stated_period and period is None:
        yield "present_unreadable", {}
    elif period:
        yield _period(letter, period)
    elif not letter.is_amendment:
        yield "present_before_end", {}
    if where := letter.line("41A", "41D"):
        yield "present_where", {"place": where}


def _period(letter: Letter, period: Period) -> Fact:
    if not period.after_shipment and letter.stated_period:
        return "present_other", {"days": period.days, "original": letter.stated_period[1]}
    if letter.present_by and letter.latest_shipment:
        return "present_by", {"date": letter.present_by, "shipment": letter.latest_shipment.value}
    return "present_days", {"days": period.days}


def _end(letter: Letter) -> Iterator[Fact]:
    ends = letter.expiry.value if letter.expiry else None
    if ends and letter.expiry_place:
        yield "ends_where", {"date": ends, "place": letter.expiry_place}
    elif ends:
        yield "ends", {"date": ends}
    elif letter.expiry or not letter.is_amendment:
        yield "ends_unknown", {}


def count(paper: Paper, words: Words, language: Language) -> str:
    """Returns how many originals and copies of a paper are asked for."""
    parts = [
        said(words, key, language, n=number)
        for key, number in (("originals", paper.originals), ("copies", paper.copies), ("total", paper.total))
        if number
    ]
    sets = [
        said(words, key, language)
        for key, is_so in (("full_set", paper.full_set), ("part_of_set", paper.part_of_set))
        if is_so
    ]
    return ", ".join([*sets, *parts]) or said(words, "uncounted", language)


def paper_name(paper: Paper, words: Words, language: Language) -> str:
    """Returns what papers a demand names."""
    kinds = [kind for kind in (paper.kind, *paper.also) if kind]
    return " + ".join(kind.name[language] for kind in kinds) or said(words, "unknown", language)


def danger_why(danger: Danger, language: Language) -> str:
    """Returns why a condition is dangerous."""
    return _filled(danger.kind.why[language], language, dict(danger.values))


def conflict_told(conflict: Conflict, words: Words, language: Language) -> str:
    """Returns what does not fit, as a sentence."""
    return _filled(words.conflicts[conflict.id][language], language, conflict.values)


def not_understood(letter: Letter, language: Language) -> list[str]:
    """Returns what could not be read: unknown fields and papers, parts that are missing."""
    words = letter.words
    lines = [said(words, "unknown_field", language, tag=field.tag) for field in letter.unknown]
    lines += [said(words, "unknown_paper", language, text=paper.text) for paper in letter.papers if paper.kind is None]
    if not letter.papers and not letter.is_amendment:
        lines.append(said(words, "no_documents", language))
    return lines


def plain_text(letter: Letter, language: Language) -> str:
    """Returns the whole letter retold: what it comes to, papers, dangers, contradictions, what was not understood."""
    words = letter.words
    lines = [sentence for _, sentence in summary(letter, language)]
    lines += [rule["text"][language] for _, rule in rules_used(letter)]
    papers = [f"{paper_name(p, words, language)} ({count(p, words, language)}): {p.text}" for p in letter.papers]
    warned = [_danger_line(danger, words, language) for danger in dangers(letter)]
    clashes = [conflict_told(conflict, words, language) for conflict in conflicts(letter)]
    for key, told in (
        ("heading_documents", papers),
        ("heading_dangers", warned),
        ("heading_conflicts", clashes),
        ("heading_unknown", not_understood(letter, language)),
        ("heading_fields", _field_lines(letter, language)),
    ):
        if told:
            lines += ["", said(words, key, language), *(f"- {line}" for line in told)]
    return "\n".join([*lines, "", said(words, "ask_bank", language)])


def _field_lines(letter: Letter, language: Language) -> list[str]:
    """Returns every field but the papers, which have a list of their own, so that nothing of the letter is lost."""
    told = []
    for field in letter.fields:
        if field.known and field.tag not in ("46A", "46B"):
            name = letter.words.fields[field.tag].name[language]
            told.append(said(letter.words, "field_line", language, name=name, original=" ".join(field.content.split())))
    return told


def _danger_line(danger: Danger, words: Words, language: Language) -> str:
    quote = f' "{danger.quote}"' if danger.quote else ""
    ask = said(words, "what_to_do", language, ask=danger.kind.ask[language])
    return f"{danger.kind.name[language]}:{quote} {danger_why(danger, language)} {ask}"


def rules_used(letter: Letter) -> list[tuple[str, dict[str, Any]]]:
    """Returns the general rules the reading rests on, which are editorial."""
    names = ["amendment"] if letter.is_amendment else []
    if letter.usual_period:
        names.append("presentation_default")
    if letter.present_by:
        names += ["depends_on_shipment", "holiday"]
    if letter.tolerance and not letter.get("39A") and "about" in (letter.get("32B") or "").lower():
        names.append("about")
    if any(paper.total and paper.originals is None for paper in letter.papers):
        names.append("copies")
    return [(name, letter.words.rules[name]) for name in names]


def document(letter: Letter, library: Library) -> dict[str, Any]:
    """Returns a letter of credit as the API and the command line give it, every sentence in both languages."""
    words = letter.words
    return {
        "form": letter.form,
        "summary": [
            {"key": key, "ko": korean, "en": english}
            for (key, korean), (_, english) in zip(summary(letter, "ko"), summary(letter, "en"), strict=True)
        ],
        "fields": [_field(letter, index, library) for index, each in enumerate(letter.fields) if each.known],
        "amount": _amount(letter),
        "dates": _dates(letter),
        "trade_term": trade_term(letter),
        "documents": [_paper(paper, words) for paper in letter.papers],
        "dangers": [_danger(danger) for danger in dangers(letter)],
        "inconsistencies": [
            {"id": each.id, **{language: conflict_told(each, words, language) for language in LANGUAGES}}
            for each in conflicts(letter)
        ],
        "rules": [
            {"id": name, **rule["text"], "source": _source(rule["source"]), "confirm_with": rule["confirm_with"]}
            for name, rule in rules_used(letter)
        ],
        "not_understood": {language: not_understood(letter, language) for language in LANGUAGES},
        "confirm_with": "organisation.foreign-exchange-bank",
        "source": _source({"of": "editorial", "locator": "신용장 읽기"}),
    }


def _field(letter: Letter, index: int, library: Library) -> dict[str, Any]:
    field = letter.fields[index]
    kind = letter.words.fields[field.tag]
    return {
        "tag": field.tag,
        "name": kind.name,
        "plain": kind.plain,
        "original": field.content,
        "start": field.start,
        "end": field.end,
        "record": kind.record if library.get(kind.record) else None,
    }


def _amount(letter: Letter) -> dict[str, Any] | None:
    if letter.money is None:
        return None
    least, most = letter.bounds or (None, None)
    return {
        "currency": letter.money.currency,
        "amount": _number(letter.money.amount),
        "least": _number(least),
        "most": _number(most),
        "tolerance": {"plus": letter.tolerance.plus, "minus": letter.tolerance.minus} if letter.tolerance else None,
    }


def _number(value: Decimal | None) -> str | None:
    return None if value is None else f"{value.normalize():f}"


def _dates(letter: Letter) -> dict[str, Any]:
    issue, ends, shipment = (
        each.value.isoformat() if each and each.value else None
        for each in (letter.issue, letter.expiry, letter.latest_shipment)
    )
    return {
        "issue": issue,
        "expiry": ends,
        "expiry_place": letter.expiry_place,
        "latest_shipment": shipment,
        "presentation_days": letter.period.days if letter.period else None,
        "presentation_days_basis": ("editorial" if letter.usual_period else "letter") if letter.period else None,
        "present_by": letter.present_by.isoformat() if letter.present_by else None,
        "present_by_depends_on": "actual_shipment" if letter.present_by else None,
    }


def _paper(paper: Paper, words: Words) -> dict[str, Any]:
    both: dict[str, Both] = {
        "name": {language: paper_name(paper, words, language) for language in LANGUAGES},
        "count": {language: count(paper, words, language) for language in LANGUAGES},
    }
    return {
        "text": paper.text,
        "kind": paper.kind.id if paper.kind else None,
        "also": [kind.id for kind in paper.also],
        "originals": paper.originals,
        "copies": paper.copies,
        "total": paper.total,
        "full_set": paper.full_set,
        "part_of_set": paper.part_of_set,
        **both,
        "plain": paper.kind.plain if paper.kind else None,
        "record": paper.kind.record if paper.kind else None,
    }


def _danger(danger: Danger) -> dict[str, Any]:
    return {
        "id": danger.kind.id,
        "level": danger.kind.level,
        "field": danger.tag,
        "quote": danger.quote,
        "name": danger.kind.name,
        "why": {language: danger_why(danger, language) for language in LANGUAGES},
        "ask": danger.kind.ask,
        "source": _source({"of": "editorial", "locator": "신용장 독소조항"}),
        "confirm_with": "organisation.foreign-exchange-bank",
    }


def _source(short: dict[str, str]) -> dict[str, Any]:
    """Returns a source of the pack in full."""
    chosen = settings()
    full = dict(read_yaml(chosen.packs_dir / chosen.pack / "sources.yaml")[short["of"]])
    return {**full, "locator": short.get("locator"), "as_of": str(full["as_of"])}
