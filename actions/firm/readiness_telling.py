"""Tells a readiness result: level, picture, scores, what to do about the weakest fields, and what changed."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from actions.files import keep_file
from actions.firm.known import facts
from actions.firm.telling import further, lines, notes
from actions.papers.radar import number, radar, shown
from actions.papers.readiness_report import readiness_report
from actions.present import show
from actions.reply import Card, Image, Outcome, Reply, SourceNote
from actions.talk import Talk, payload
from knowledge.announcements.period import korean_day
from knowledge.diagnosis.data import DiagnosisError, pack_folder
from knowledge.diagnosis.readiness import (
    NextStep,
    Readiness,
    compare,
    dimension_name,
    level_texts,
    readiness_data,
    score,
)
from knowledge.diagnosis.standing import cited
from knowledge.programmes.reading import source
from knowledge.record import Language

PNG, PDF = "image/png", "application/pdf"

FULL = 100.0
WEAKEST = 2
"""Weak fields told with what to do; the paper has the rest."""


def tell(talk: Talk, answers: Mapping[str, str], earlier: Mapping[str, str] | None) -> None:
    """Tells the result of the answers, beside an earlier one where there is one."""
    result, before = score(answers), _earlier(earlier)
    record = str(readiness_data()["rule"]["confirm_with"])
    if result.total is None:
        choices = (talk.choice("firm_button_afresh", payload("test_readiness", value="new")), *further(talk, "person"))
        talk.reply(Reply(text=talk.say("readiness_all_open"), choices=choices), Outcome.NEEDS_INPUT)
        return
    sources = _sources(talk, record)
    picture = radar(result, talk.language, before)
    file = keep_file(talk.conversation_id, talk.say("readiness_picture_name"), PNG, picture.content)
    image = Image(url=file.url, alt=picture.alt)
    talk.reply(Reply(text=_level(talk, result), image=image, sources=sources), Outcome.ANSWERED, (record,))
    talk.reply(_scores(talk, result, before), Outcome.ANSWERED, (record,))
    talk.reply(_steps(talk, result, sources), Outcome.ANSWERED, (record,))


def print_readiness(talk: Talk, paper: dict[str, Any]) -> bool:
    """Prints the last finished result; False where no test was finished."""
    state = dict(talk.slot("readiness") or {})
    finished = talk.slot("readiness_before")
    if not finished:
        return False
    result, before = score(finished["answers"]), None
    if state.get("done"):
        before = _earlier((state.get("before") or {}).get("answers"))
    record = facts(talk).get("export_record")
    content = readiness_report(result, talk.language, korean_day(), before, record)
    file = keep_file(talk.conversation_id, talk.say("readiness_paper_name"), PDF, content)
    talk.reply(Reply(text=talk.say("readiness_paper"), file=file), Outcome.ANSWERED)
    return True


def _earlier(answers: Mapping[str, str] | None) -> Readiness | None:
    """Returns an earlier result; one whose questions no longer exist can't be compared."""
    try:
        found = score(answers) if answers else None
    except DiagnosisError:
        return None
    return found if found and found.total is not None else None


def _level(talk: Talk, result: Readiness) -> str:
    total = talk.say("readiness_total", value=shown(result.total, talk.language))
    if result.level is None:
        missing = readiness_data()["rule"]["level_from"] - (len(result.dimensions) - len(result.not_known))
        return lines(total, str(readiness_data()["no_level"][talk.language]).format(count=missing))
    name, meaning = level_texts(result.level, talk.language)
    return lines(talk.say("readiness_level", name=name, total=total), meaning)


def _scores(talk: Talk, result: Readiness, before: Readiness | None) -> Reply:
    keys = ["dimension", *(["before"] if before else []), "score", "answered"]
    columns = tuple(talk.say(f"readiness_column_{key}") for key in keys)
    rows = []
    for each in result.dimensions:
        earlier = (shown(before.of(each.id), talk.language),) if before else ()
        answered = talk.say("readiness_answered", answered=len(each.points), count=each.asked)
        rows.append((dimension_name(each.id, talk.language), *earlier, shown(each.score, talk.language), answered))
    card = Card(kind="table", title=talk.say("readiness_heading_scores"), columns=columns, rows=tuple(rows))
    return Reply(text=_change(talk, result, before), card=card)


def _change(talk: Talk, result: Readiness, before: Readiness | None) -> str | None:
    total = compare(before, result).total if before else None
    if total is None or total.before is None or total.now is None:
        return None
    was, now = shown(total.before, talk.language), shown(total.now, talk.language)
    if not total.difference:
        return talk.say("readiness_total_unchanged", now=now)
    key = "readiness_gained" if total.difference > 0 else "readiness_lost"
    change = talk.say(key, value=number(abs(total.difference), talk.language))
    return talk.say("readiness_total_compared", before=was, now=now, change=change)


def _steps(talk: Talk, result: Readiness, sources: tuple[SourceNote, ...]) -> Reply:
    steps = _weakest(result, talk.language)
    rows = tuple((dimension_name(step.dimension, talk.language), step.text) for step in steps)
    names = [dimension_name(each, talk.language) for each in result.not_known]
    text = lines(
        talk.say("readiness_weakest") if steps else talk.say("readiness_no_steps"),
        talk.say("readiness_not_known_steps", names=", ".join(names)) if names else None,
        str(readiness_data()["rule"]["not_official"][talk.language]),
    )
    linked = dict.fromkeys(name for step in steps for name in step.records[:2])
    opened = [show(talk, record) for name in linked if (record := talk.record(name))]
    return Reply(
        text=text,
        card=Card(kind="list", title=talk.say("readiness_heading_steps"), rows=rows) if rows else None,
        choices=(talk.choice("firm_button_pdf", payload("get_paper")), *further(talk, "match", "diagnosis"), *opened),
        sources=sources,
    )


def _weakest(result: Readiness, language: Language) -> tuple[NextStep, ...]:
    """Returns what to do about the two lowest scores, also where none is weak; nothing about a full score."""
    known = sorted((each for each in result.dimensions if each.score is not None), key=lambda each: each.score or 0.0)
    steps = readiness_data()["next_steps"]
    low = [each.id for each in known if each.score != FULL][:WEAKEST]
    return tuple(NextStep(each, str(steps[each][language]), tuple(steps[each]["records"])) for each in low)


def _sources(talk: Talk, record: str) -> tuple[SourceNote, ...]:
    rule = readiness_data()["rule"]
    told = [cited(source(each, pack_folder()), talk.language) for each in (rule["source"], *rule["also"])]
    return notes((record, each) for each in told)
