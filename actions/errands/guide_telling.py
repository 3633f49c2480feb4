"""Tells a guide: what it is for, one step with everything needed for it, and what comes after the last."""

from __future__ import annotations

from collections.abc import Iterable
from typing import Any

from actions.errands.guide_book import Book, after, guides
from actions.present import show, sources
from actions.reply import Card, Choice, Outcome, Reply, SourceNote
from actions.talk import Talk, payload
from actions.trade.citing import once, told_note
from knowledge.guides.guide import Guide, Progress, Step, tell_step
from knowledge.record import Kind, Record

PLACES = frozenset({Kind.FUNCTION, Kind.SYSTEM, Kind.SERVICE, Kind.ORGANISATION, Kind.PROGRAMME})
"""Kinds of record with which something is done; the others a step points to are explanations."""

WORDS_SHOWN = 2
AFTER_SHOWN = 3


def tell_overview(talk: Talk, guide: Guide, progress: Progress) -> None:
    """Says what a guide is for and how long it is, or how far somebody had come."""
    lines = [guide.name[talk.language], guide.about[talk.language]]
    choices: tuple[Choice, ...] = ()
    if progress.done:
        lines.append(talk.say("guide_resumed", progress=told_progress(talk, guide, progress)))
        choices = (talk.choice("guide_button_anew", payload("start_guide", value=f"new {guide.id}")),)
    else:
        lines.append(talk.say("guide_length", count=len(guide.steps)))
    talk.reply(Reply(text="\n".join(lines), choices=choices), Outcome.ANSWERED)


def show_step(talk: Talk, guide: Guide, progress: Progress) -> None:
    """Shows the next step of a guide; its first record becomes what "it" means."""
    step = progress.next_step(guide)
    if step is None:
        tell_end(talk, guide)
        return
    records = [record for record in map(talk.record, step.where) if record]
    told = tell_step(step, guides().folder, talk.language, _names(talk, step))
    number = guide.steps.index(step) + 1
    heading = talk.say("guide_step", number=number, title=told["title"])
    reply = Reply(
        text="\n".join((heading, told_progress(talk, guide, progress), told["text"])),
        card=Card(kind="list", title=talk.say("guide_card"), rows=_rows(talk, told, records)),
        choices=_choices(talk, guide, step, progress, records),
        sources=_sources(talk, guide, told, records),
    )
    talk.reply(reply, Outcome.ANSWERED, (guide.id, *(record.id for record in records)))
    if records:
        talk.remember(topic=records[0].id)


def tell_end(talk: Talk, guide: Guide) -> None:
    """Congratulates, and offers what was left unfinished and what follows."""
    left = Book.of(talk).unfinished()
    following = [each for each in after(guide) if each not in left]
    lines = [talk.say("guide_done", name=guide.name[talk.language], count=len(guide.steps))]
    if left or following:
        lines.append(talk.say("guide_after"))
    choices = [_open(talk, each) for each in (*left, *following)[:AFTER_SHOWN]]
    choices.append(talk.choice("guide_button_back", payload("previous_step")))
    choices.append(_others(talk))
    talk.reply(Reply(text="\n".join(lines), choices=tuple(choices)), Outcome.ANSWERED)


def offer(talk: Talk, key: str, found: Iterable[Guide]) -> None:
    """Asks which guide is meant, those begun first."""
    begun = {guide.id for guide in Book.of(talk).unfinished()}
    ordered = sorted(found, key=lambda guide: guide.id not in begun)
    talk.reply(Reply(text=talk.say(key), choices=tuple(_open(talk, each) for each in ordered)), Outcome.NEEDS_INPUT)


def told_progress(talk: Talk, guide: Guide, progress: Progress) -> str:
    """Returns how far somebody has come: steps done, all steps, percent."""
    done = sum(step.id in progress.done for step in guide.steps)
    return talk.say("guide_progress", done=done, count=len(guide.steps), percent=progress.percent(guide))


def _open(talk: Talk, guide: Guide) -> Choice:
    progress = Book.of(talk).progress.get(guide.id)
    name = guide.name[talk.language]
    if progress and progress.done and progress.next_step(guide):
        name = talk.say("guide_begun", name=name, done=len(progress.done), count=len(guide.steps))
    return Choice(title=name, payload=payload("start_guide", value=guide.id))


def _others(talk: Talk) -> Choice:
    return talk.choice("guide_button_others", payload("start_guide"))


def _choices(talk: Talk, guide: Guide, step: Step, progress: Progress, records: list[Record]) -> tuple[Choice, ...]:
    choices = [talk.choice("guide_button_next", payload("next_step", value=f"{guide.id} {step.id}"))]
    if progress.done:
        choices.append(talk.choice("guide_button_previous", payload("previous_step")))
    if records and records[0].text(talk.language).simple:
        choices.append(talk.choice("button_simplify", payload("simplify", record=records[0].id)))
    if step.see:
        choices.append(_open(talk, guides().get(step.see)))
    choices += [show(talk, record) for record in records if record.kind not in PLACES][:WORDS_SHOWN]
    return (*choices, _others(talk))


def _rows(talk: Talk, told: dict[str, Any], records: list[Record]) -> tuple[tuple[str, ...], ...]:
    places = [_place(talk, record) for record in records if record.kind in PLACES]
    cells = {
        "who": ", ".join(told["who"]),
        "where": "\n".join(places),
        "papers": ", ".join(paper["name"] for paper in told["documents"]),
        "time": told["time"]["text"] if told["time"] else "",
        "cost": told["cost"]["text"] if told["cost"] else "",
        "mistake": told["mistake"] or "",
    }
    return tuple((talk.say(f"guide_{name}"), cell) for name, cell in cells.items() if cell)


def _place(talk: Talk, record: Record) -> str:
    """Names a place with its address, or with that of the system it belongs to."""
    system = talk.record(record.system)
    address = record.website or (system.website if system else None)
    name = record.text(talk.language).name
    return f"{name}: {address}" if address else name


def _sources(talk: Talk, guide: Guide, told: dict[str, Any], records: list[Record]) -> tuple[SourceNote, ...]:
    facts = [told[name]["source"] for name in ("time", "cost") if told[name]]
    own = [told_note(source, guide.id) for source in (*told["sources"], *facts)]
    return once((*own, *(note for record in records if record.website for note in sources(record, talk.language)[:1])))


def _names(talk: Talk, step: Step) -> dict[str, str]:
    papers = (paper for paper in step.documents if isinstance(paper, str))
    found = filter(None, map(talk.record, (*step.where, *papers)))
    return {record.id: record.text(talk.language).name for record in found}
