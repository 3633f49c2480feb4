"""Writes a readiness result on paper: the picture, the scores, what to do first, and the reason of every point."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import date

from actions.papers.page import CAREFUL, GOOD, Column, Paper
from actions.papers.radar import number, radar, shown
from actions.papers.sources import write_sources
from actions.texts import text
from knowledge.diagnosis.data import pack_folder
from knowledge.diagnosis.readiness import (
    Change,
    Readiness,
    choice_of,
    compare,
    dimension_name,
    level_texts,
    next_steps,
    question_of,
    readiness_data,
)
from knowledge.diagnosis.standing import cited, group_of
from knowledge.edited.served import written_over
from knowledge.programmes.offers import records_of
from knowledge.programmes.reading import source
from knowledge.record import Language

PICTURE_WIDTH = 98.0
"""Millimetres."""

FIRM_LEVELS = ("sailing", "abroad")
"""Levels told in the colour of what is well."""


def readiness_report(
    result: Readiness,
    language: Language,
    made_on: date,
    before: Readiness | None = None,
    export_record: str | None = None,
) -> bytes:
    """Returns the report as the bytes of a PDF file.

    Args:
        result: The result to report.
        language: Language of the report.
        made_on: Day it is made on.
        before: An earlier result to compare with.
        export_record: Answer to the diagnosis' question of that name; tells the ministry's group, apart from the score.
    """
    title, subtitle = text("readiness_title", language), text("readiness_subtitle", language)
    paper = Paper(title=title, language=language, number="", made_on=made_on, subtitle=subtitle)
    _write_level(paper, result)
    picture = radar(result, language, before)
    paper.picture(picture.content, PICTURE_WIDTH, text("readiness_picture_caption", language))
    _write_scores(paper, result, before)
    _write_steps(paper, result)
    _write_group(paper, export_record)
    _write_points(paper, result)
    _write_open(paper, result)
    _write_rule(paper)
    return paper.finished()


def _write_level(paper: Paper, result: Readiness) -> None:
    language, data = paper.language, readiness_data()
    if result.total is None:
        paper.notice("", CAREFUL, title=text("readiness_no_total", language))
        return
    total = text("readiness_total", language, value=shown(result.total, language))
    if result.level is None:
        count = data["rule"]["level_from"] - (len(result.dimensions) - len(result.not_known))
        paper.notice(data["no_level"][language].format(count=count), CAREFUL, title=total)
        return
    name, meaning = level_texts(result.level, language)
    paper.notice(meaning, GOOD if result.level in FIRM_LEVELS else CAREFUL, title=f"{name} · {total}")


def _write_scores(paper: Paper, result: Readiness, before: Readiness | None) -> None:
    language = paper.language
    paper.heading(text("readiness_heading_scores", language))
    keys = ["dimension", "score", *(["before", "change"] if before else []), "answered"]
    columns = [Column(text(f"readiness_column_{key}", language), 1.7 if key == "dimension" else 1.0) for key in keys]
    changes = {change.id: change for change in compare(before, result).changes} if before else {}
    rows = []
    for each in result.dimensions:
        told = [dimension_name(each.id, language), shown(each.score, language)]
        if before:
            told += [shown(before.of(each.id), language), _changed(changes[each.id], language)]
        told.append(text("readiness_answered", language, answered=len(each.points), count=each.asked))
        rows.append(told)
    paper.tabulate(columns, rows)
    if before:
        _write_total_change(paper, compare(before, result).total)


def _write_total_change(paper: Paper, total: Change) -> None:
    if total.before is None or total.now is None:
        return
    language, was, now = paper.language, shown(total.before, paper.language), shown(total.now, paper.language)
    if total.difference:
        change = _changed(total, language)
        paper.paragraph(text("readiness_total_compared", language, before=was, now=now, change=change))
    else:
        paper.paragraph(text("readiness_total_unchanged", language, now=now))


def _changed(change: Change, language: Language) -> str:
    if change.difference is None:
        return text("readiness_dash", language)
    if change.difference == 0:
        return text("readiness_same", language)
    key = "readiness_gained" if change.difference > 0 else "readiness_lost"
    return text(key, language, value=number(abs(change.difference), language))


def _write_steps(paper: Paper, result: Readiness) -> None:
    language, off = paper.language, written_over(pack_folder()).off
    shown = {name: record for name, record in records_of(pack_folder()).items() if name not in off}
    paper.heading(text("readiness_heading_steps", language))
    for step in next_steps(result, language):
        paper.heading(dimension_name(step.dimension, language), level=2)
        paper.bullets([step.text], boxes=True)
        names = ", ".join(shown[name].text(language).name for name in step.records if name in shown)
        paper.small(text("readiness_step_read", language, names=names))
    if not result.weakest and result.total is not None:
        paper.paragraph(text("readiness_no_steps", language))
    if result.not_known:
        names = ", ".join(dimension_name(each, language) for each in result.not_known)
        paper.paragraph(text("readiness_not_known_steps", language, names=names))


def _write_group(paper: Paper, export_record: str | None) -> None:
    language = paper.language
    group = group_of(export_record, language)
    if group is None:
        return
    paper.heading(text("readiness_heading_group", language))
    paper.paragraph(group["text"])
    paper.small(f"{text('readiness_group_apart', language)} {group['note']}")


def _write_points(paper: Paper, result: Readiness) -> None:
    language = paper.language
    rows = list(_point_rows(result, language))
    if not rows:
        return
    paper.heading(text("readiness_heading_points", language))
    shares = {"question": 2.4, "points": 0.5, "why": 2.0}
    columns = [Column(text(f"readiness_column_{key}", language), share) for key, share in shares.items()]
    paper.tabulate(columns, rows)


def _point_rows(result: Readiness, language: Language) -> Iterator[tuple[str, ...]]:
    for dimension in result.dimensions:
        for point in dimension.points:
            asked, chosen = question_of(point.question), choice_of(point.question, point.choice)
            words = text(
                "readiness_question_answer", language, question=asked.ask[language], answer=chosen.label[language]
            )
            reached = text("readiness_of", language, points=point.points, most=point.most)
            yield words, reached, chosen.why[language]


def _write_open(paper: Paper, result: Readiness) -> None:
    if not result.unanswered:
        return
    paper.heading(text("readiness_heading_open", paper.language))
    paper.bullets(question_of(each).ask[paper.language] for each in result.unanswered)


def _write_rule(paper: Paper) -> None:
    language, rule = paper.language, readiness_data()["rule"]
    paper.heading(text("readiness_heading_rule", language))
    paper.small(rule["explanation"][language])
    paper.small(rule["not_official"][language])
    whom = records_of(pack_folder())[rule["confirm_with"]].text(language).name
    paper.small(text("readiness_confirm", language, name=whom))
    write_sources(paper, [cited(source(each, pack_folder()), language) for each in (rule["source"], *rule["also"])])
