"""Counts what the desk does: why people were asked for, how long they took, and what became of calls."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any

from sqlalchemy import ColumnElement, case, func, select
from sqlalchemy.orm import Session

from actions.desk.handover_records import CALLBACK
from actions.desk.insight_asked import Asked, person, seconds_between
from actions.desk.small_groups import K, Row, Table
from actions.desk.tables import HandoverEventRow, HandoverRow
from knowledge.database.tables import ConversationRow

COLUMNS = ("handovers", "people")

CLAIMED = "claimed"
"""The state of a call that somebody has taken on and not made yet."""


@dataclass(frozen=True)
class Waits:
    """How long people waited for somebody, in seconds: half of them at most ``median``, nine of ten ``p90``.

    None where so few waited that it would tell of single persons.
    """

    taken: int
    median: float | None
    p90: float | None


def reasons(session: Session, asked: Asked) -> Table:
    """Returns why people were asked for."""
    return _grouped(session, asked, "handover_reasons", HandoverRow.reason.expression)


def callbacks(session: Session, asked: Asked) -> Table:
    """Returns what became of the calls that were asked for."""
    taken_on = case((HandoverRow.staff_id.is_not(None), CLAIMED), else_=CALLBACK)
    became = case((HandoverRow.state == CALLBACK, taken_on), else_=func.coalesce(HandoverRow.closed_as, ""))
    return _grouped(session, asked, "callbacks", became, _happened("callback").is_not(None))


def waits(session: Session, asked: Asked) -> Waits:
    """Returns how long people waited until somebody first took their conversation; calls are not among them.

    The values are those of the nearest rank: a wait that really was, nothing between two.
    """
    first = select(
        HandoverRow.id, HandoverRow.asked_at, person().label("person"), _happened("accepted").label("accepted")
    ).join(ConversationRow, ConversationRow.id == HandoverRow.conversation_id)
    first = first.where(*_wanted(asked), _happened("callback").is_(None))
    taken = first.subquery()
    wait = seconds_between(taken.c.asked_at, taken.c.accepted)
    ranked = (
        select(
            taken.c.person,
            wait.label("wait"),
            func.row_number().over(order_by=wait).label("rank"),
            func.count().over().label("all"),
        )
        .where(taken.c.accepted.is_not(None))
        .subquery()
    )
    at = [func.max(case((ranked.c.rank == (ranked.c.all * part + 99) // 100, ranked.c.wait))) for part in (50, 90)]
    people, count, median, p90 = session.execute(
        select(func.count(ranked.c.person.distinct()), func.count(), *at)
    ).one()
    return Waits(count, float(median), float(p90)) if people >= K else Waits(0, None, None)


def _grouped(session: Session, asked: Asked, name: str, by: ColumnElement[Any], *where: Any) -> Table:
    chosen = select(by.label("key"), person().label("person"))
    chosen = chosen.join(ConversationRow, ConversationRow.id == HandoverRow.conversation_id)
    one = chosen.where(*_wanted(asked), *where).subquery()
    counts = (func.count(), func.count(one.c.person.distinct()))
    rows = [
        Row(key, people, (n, people))
        for key, n, people in session.execute(select(one.c.key, *counts).group_by(one.c.key))
    ]
    n, people = session.execute(select(*counts).select_from(one)).one()
    return Table(name, COLUMNS, tuple(rows), Row("total", people, (n, people)))


def _happened(what: str) -> Any:
    """Returns when something first happened to a handover, or NULL."""
    mine = (HandoverEventRow.handover_id == HandoverRow.id, HandoverEventRow.what == what)
    return select(func.min(HandoverEventRow.at)).where(*mine).correlate(HandoverRow).scalar_subquery()


def _wanted(asked: Asked) -> list[ColumnElement[bool]]:
    spoken = asked.spoken(HandoverRow.channel.expression, HandoverRow.language.expression)
    return [asked.within(HandoverRow.asked_at), *spoken]
