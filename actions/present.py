"""Turns a record into a reply: the plain answer, what belongs beside it, where it comes from, what to ask next."""

from __future__ import annotations

from collections.abc import Iterable, Sequence

from actions.reply import Card, Choice, Reply, SourceNote
from actions.talk import Talk, payload
from knowledge.record import Basis, Kind, Language, Record, Source

CHOICES_AT_MOST = 6
RELATED_AT_MOST = 2


def answer(talk: Talk, record: Record, lead: str | None = None, depends: Sequence[str] = ()) -> Reply:
    """Returns the main answer about ``record``; ``lead`` stands under its heading, ``depends`` below what is plain."""
    words = record.text(talk.language)
    exceptions = [talk.say("exception", exception=line) for line in words.exceptions]
    about = [_for_whom(talk, record), _website(talk, record), caution(talk, record)]
    lines = [words.name, lead, words.plain, *depends, *exceptions, *about]
    return Reply(
        text=_lines(lines),
        card=card(talk, record),
        choices=next_questions(talk, record),
        sources=sources(record, talk.language),
    )


def part(talk: Talk, record: Record, key: str, body: str) -> Reply:
    """Returns one further part of a record (simpler words, an example …) under a fixed heading."""
    heading = talk.say(f"heading_{key}", name=record.text(talk.language).name)
    return Reply(
        text=_lines([heading, body]),
        choices=next_questions(talk, record, without=key),
        sources=sources(record, talk.language),
    )


def more(talk: Talk, record: Record) -> Reply | None:
    """Returns what was not said yet: detail, where it is met, what to do. None when there is nothing."""
    words = record.text(talk.language)
    where = talk.say("where", where=words.where) if words.where else None
    steps = words.todo if record.kind not in TODO_FIRST else ()
    mistakes = [talk.say("mistake", mistake=line) for line in words.mistakes]
    if not (words.detail or where or steps or mistakes):
        return None
    heading = talk.say("heading_more", name=words.name)
    return Reply(
        text=_lines([heading, words.detail, *mistakes, where, caution(talk, record)]),
        card=_todo_card(talk, steps) if steps else None,
        choices=next_questions(talk, record, without="more"),
        sources=sources(record, talk.language),
    )


def said(record: Record, language: Language) -> str:
    """Returns everything an answer about ``record`` says, as one text."""
    words = record.text(language)
    steps = (f"{step.title} {step.text}" for step in words.steps)
    cases = (case.ko if language == "ko" else case.en for case in (record.decision.cases if record.decision else ()))
    parts = (words.plain, words.detail, *words.exceptions, *words.mistakes, *words.gives, *words.todo, *steps, *cases)
    return "\n".join(part for part in parts if part)


TODO_FIRST = frozenset({Kind.FAQ, Kind.OBSTACLE, Kind.FUNCTION})
"""Kinds whose answer is incomplete without what to do."""


def card(talk: Talk, record: Record) -> Card | None:
    """Returns the structured part of the answer: steps, what it gives, survey rows, or what to do."""
    words = record.text(talk.language)
    if words.steps:
        rows = tuple((step.title, step.text) for step in words.steps)
        return Card(kind="steps", title=talk.say("card_steps"), rows=rows)
    if record.rows:
        return _survey_card(talk, record)
    if words.gives:
        return Card(kind="list", title=talk.say("card_gives"), rows=tuple((line,) for line in words.gives))
    if words.todo and record.kind in TODO_FIRST:
        return _todo_card(talk, words.todo)
    return None


def _todo_card(talk: Talk, lines: Iterable[str]) -> Card:
    return Card(kind="steps", title=talk.say("card_todo"), rows=tuple((line,) for line in lines))


def _survey_card(talk: Talk, record: Record) -> Card:
    ranked = all(row.value is None for row in record.rows)
    rows: list[tuple[str, ...]] = []
    for row in record.rows:
        label = row.ko if talk.language == "ko" else row.en
        if ranked:
            rows.append((str(row.year or ""), str(row.rank or ""), label))
        else:
            rows.append(
                (label, talk.say("percent", value=f"{row.value:g}") if row.value is not None else talk.say("no_figure"))
            )
    key = "columns_ranks" if ranked else "columns_shares"
    columns = tuple(talk.say(key).split("|"))
    return Card(kind="table", title=record.text(talk.language).name, columns=columns, rows=tuple(rows))


def next_questions(talk: Talk, record: Record, without: str = "") -> tuple[Choice, ...]:
    """Returns buttons for what people ask next about this record."""
    words = record.text(talk.language)
    choices = []
    if words.simple and without != "simplify":
        choices.append(talk.choice("button_simplify", payload("simplify", record=record.id)))
    if words.example and without != "example":
        choices.append(talk.choice("button_example", payload("example", record=record.id)))
    further = words.detail or words.where or words.mistakes or (words.todo and record.kind not in TODO_FIRST)
    if without != "more" and further:
        choices.append(talk.choice("button_more", payload("more", record=record.id)))
    choices += related(talk, record)
    return tuple(choices[:CHOICES_AT_MOST])


def related(talk: Talk, record: Record, most: int = RELATED_AT_MOST) -> list[Choice]:
    """Returns buttons to neighbouring records."""
    found = [talk.record(other) for other in (*record.related, *record.run_by)]
    return [show(talk, other) for other in found if other][:most]


def show(talk: Talk, record: Record) -> Choice:
    """Returns the button that opens a record."""
    return Choice(title=record.text(talk.language).name, payload=payload("define", record=record.id))


def sources(record: Record, language: Language) -> tuple[SourceNote, ...]:
    """Returns where the record comes from, as the person reads it."""
    return tuple(note_of(source, record, language) for source in record.sources)


def note_of(source: Source, record: Record, language: Language) -> SourceNote:
    """Returns one source of a record as the person reads it."""
    return SourceNote(
        record=record.id,
        title=source.title[language],
        locator=source.locator,
        url=source.url,
        as_of=source.as_of,
        basis=source.basis.value,
    )


def caution(talk: Talk, record: Record) -> str | None:
    """Returns the advice to confirm that editorial and old facts carry, naming whom to ask."""
    if record.source.basis is Basis.OFFICIAL:
        return None
    year = record.source.as_of[:4]
    if record.kind is Kind.SURVEY:
        return talk.say("confirm_survey", year=year)
    organisation = talk.record(record.confirm_with) or next(filter(None, map(talk.record, record.run_by)), None)
    if organisation and organisation.id != record.id:
        name = organisation.text(talk.language).name
        return talk.say(f"confirm_{record.source.basis.value}_with", name=name, year=year)
    return talk.say(f"confirm_{record.source.basis.value}", year=year)


def _for_whom(talk: Talk, record: Record) -> str | None:
    whom = record.text(talk.language).for_whom
    key = "for_whom" if record.kind in (Kind.PROGRAMME, Kind.SERVICE) else "used_by"
    return talk.say(key, whom=whom) if whom else None


def _website(talk: Talk, record: Record) -> str | None:
    return talk.say("website", address=record.website) if record.website else None


def _lines(lines: Iterable[str | None]) -> str:
    return "\n".join(line for line in lines if line)
