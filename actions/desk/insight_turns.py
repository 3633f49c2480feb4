"""Counts turns: how many, of whom, about what, how they ended, which troubles were told, and what thumbs say."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

from sqlalchemy import CTE, ColumnElement, FromClause, String, and_, cast, func, literal, select, true, union_all
from sqlalchemy.orm import Session

from actions.desk.insight_asked import Asked, listed, turns_of
from actions.desk.small_groups import Row, Table
from knowledge.database.tables import FeedbackRow, TurnRow

VOLUMES = ("turns", "conversations", "people")

PARTS = {
    "days": "day",
    "channels": "channel",
    "languages": "language",
    "intents": "intent",
    "outcomes": "outcome",
}
"""Tables of volumes, and by which column of the turns they group."""

TOTAL = "total"

OBSTACLES = "obstacle."
"""How the ids of the records about troubles begin."""


def volumes(session: Session, asked: Asked, parts: Sequence[str] = tuple(PARTS)) -> dict[str, Table]:
    """Returns the tables of volumes: in one statement, so that the turns are read once."""
    turns = turns_of(asked)
    counts = (func.count(), func.count(turns.c.conversation.distinct()), func.count(turns.c.person.distinct()))
    grouped = [_part(name, turns.c[PARTS[name]], counts) for name in parts]
    found: dict[str, list[Row]] = {name: [] for name in (*parts, TOTAL)}
    for part, key, *numbers in session.execute(union_all(*grouped, _part(TOTAL, None, counts))):
        found[part].append(Row(key or "", numbers[-1], tuple(numbers)))
    total = found.pop(TOTAL)[0]
    return {name: Table(name, VOLUMES, tuple(rows), total) for name, rows in found.items()}


def _part(name: str, column: ColumnElement[Any] | None, counts: Sequence[ColumnElement[int]]) -> Any:
    key = cast(literal(""), String) if column is None else column
    query = select(cast(literal(name), String).label("part"), key.label("key"), *counts)
    return query if column is None else query.group_by(column)


def obstacles(session: Session, asked: Asked) -> Table:
    """Returns which troubles answers were about: told by the person, or found by the diagnosis."""
    turns, records = turns_of(asked), _records()
    about = _about(turns, records).where(records.c.value.startswith(OBSTACLES))
    pairs = about.add_columns(turns.c.conversation, turns.c.turn, turns.c.person).distinct().subquery()
    counts = (func.count(), func.count(pairs.c.person.distinct()))
    rows = session.execute(select(pairs.c.key, *counts).group_by(pairs.c.key))
    return Table("obstacles", ("answers", "people"), tuple(Row(key, people, (n, people)) for key, n, people in rows))


def thumbs(session: Session, asked: Asked) -> list[Table]:
    """Returns the thumbs up and down of the turns asked for, by what was wanted and by what the answer rests on."""
    turns, records = turns_of(asked), _records()
    on_turn = and_(FeedbackRow.conversation_id == turns.c.conversation, FeedbackRow.turn_id == turns.c.turn)
    by_intent = select(FeedbackRow.verdict, turns.c.intent.label("key"), *_thumbs(turns)).join_from(
        FeedbackRow, turns, on_turn
    )
    by_record = _about(turns, records, FeedbackRow.verdict).add_columns(*_thumbs(turns)).join(FeedbackRow, on_turn)
    found = {
        "intents": session.execute(by_intent.group_by(FeedbackRow.verdict, turns.c.intent)).all(),
        "records": session.execute(by_record.group_by(FeedbackRow.verdict, records.c.value)).all(),
    }
    return [
        Table(
            f"{verdict}_{by}",
            ("thumbs", "people"),
            tuple(Row(key, people, (n, people)) for said, key, n, people in rows if said == verdict),
        )
        for by, rows in found.items()
        for verdict in ("up", "down")
    ]


def _thumbs(turns: CTE) -> tuple[ColumnElement[int], ColumnElement[int]]:
    return func.count(FeedbackRow.id.distinct()), func.count(turns.c.person.distinct())


def _records() -> FromClause:
    """Returns the records a turn's answer rests on, a row each."""
    return listed(TurnRow.answer).table_valued("value", joins_implicitly=True).alias("naru_record")


def _about(turns: CTE, records: FromClause, *first: Any) -> Any:
    """Returns a query of the turns asked for with the records of their answers."""
    same = and_(TurnRow.conversation_id == turns.c.conversation, TurnRow.turn_id == turns.c.turn)
    query = select(*first, records.c.value.label("key")).select_from(turns)
    return query.join(TurnRow, same).join(records, true())
