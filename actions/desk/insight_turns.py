"""Counts turns: how many, of whom, about what, how they ended, which troubles were told, and what thumbs say."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

from sqlalchemy import ColumnElement, FromClause, String, and_, cast, func, literal, select, true, union_all
from sqlalchemy.orm import Session

from actions.desk.insight_asked import TROUBLE, listed, records_of
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


def volumes(session: Session, turns: FromClause, parts: Sequence[str] = tuple(PARTS)) -> dict[str, Table]:
    """Returns the tables of volumes."""
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


def obstacles(session: Session, turns: FromClause) -> Table:
    """Returns which troubles answers were about: told by the person, or found by the diagnosis."""
    record = _each(turns.c.troubles)
    about = select(record.c.value.label("key"), turns.c.conversation, turns.c.turn, turns.c.person)
    about = about.select_from(turns).join(record, true()).where(record.c.value.startswith(TROUBLE))
    pairs = about.distinct().subquery()
    counts = (func.count(), func.count(pairs.c.person.distinct()))
    rows = session.execute(select(pairs.c.key, *counts).group_by(pairs.c.key))
    return Table("obstacles", ("answers", "people"), tuple(Row(key, people, (n, people)) for key, n, people in rows))


def thumbs(session: Session, turns: FromClause) -> list[Table]:
    """Returns the thumbs up and down of the turns asked for, by what was wanted and by what the answer rests on."""
    on_turn = and_(FeedbackRow.conversation_id == turns.c.conversation, FeedbackRow.turn_id == turns.c.turn)
    given = select(
        FeedbackRow.id, FeedbackRow.verdict, turns.c.person, turns.c.conversation, turns.c.turn, turns.c.intent
    )
    given = given.join_from(FeedbackRow, turns, on_turn)
    thumb = given.cte("given_thumbs").prefix_with("MATERIALIZED")
    record = _each(records_of(TurnRow.answer))
    answered = and_(TurnRow.conversation_id == thumb.c.conversation, TurnRow.turn_id == thumb.c.turn)
    queries = {
        "intents": _thumbs(thumb, thumb.c.intent),
        "records": _thumbs(thumb, record.c.value).join(TurnRow, answered).join(record, true()),
    }
    found = {by: session.execute(query).all() for by, query in queries.items()}
    return [
        Table(
            f"{verdict}_{by}",
            ("thumbs", "people"),
            tuple(Row(key, people, (n, people)) for said, key, n, people in rows if said == verdict),
        )
        for by, rows in found.items()
        for verdict in ("up", "down")
    ]


def _thumbs(thumb: FromClause, by: ColumnElement[Any]) -> Any:
    numbers = (func.count(thumb.c.id.distinct()), func.count(thumb.c.person.distinct()))
    return select(thumb.c.verdict, by, *numbers).select_from(thumb).group_by(thumb.c.verdict, by)


def _each(records: Any) -> FromClause:
    """Returns the ids in a list of records, a row each."""
    return listed(records).table_valued("value", joins_implicitly=True).alias("naru_record")
