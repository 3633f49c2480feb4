"""Figures for supervisors and policy people: counted in the database, small groups hidden, nothing personal read."""

from __future__ import annotations

from dataclasses import dataclass, replace

from sqlalchemy import FromClause
from sqlalchemy.orm import Session

from actions.desk import insight_desk, insight_outcomes, insight_turns
from actions.desk.insight_asked import Asked, gathered, spoken_in
from actions.desk.insight_desk import Waits
from actions.desk.small_groups import K, Row, Table, protected, protected_steps
from knowledge.database.engine import sessions
from knowledge.settings import Settings

__all__ = ["Asked", "Figures", "Insight", "K", "Row", "Table", "Waits"]

FUNNELS = frozenset({"simulations", "applications"})
"""Tables whose rows are steps."""

SPOKEN = ("channels", "languages")


@dataclass(frozen=True)
class Figures:
    """All figures of a period.

    ``tables`` is empty where so few people are behind them that none is shown, ``channels`` and ``languages`` hold
    what one may ask for alone.
    """

    tables: dict[str, Table]
    waits: Waits
    total: Row | None
    channels: tuple[str, ...]
    languages: tuple[str, ...]


class Insight:
    """Counts. Methods are synchronous and take up to a second; call them in a thread."""

    def __init__(self, chosen: Settings) -> None:
        self._sessions = sessions(chosen.database)

    def figures(self, asked: Asked) -> Figures:
        """Returns all figures asked for.

        A channel or language that is hidden in the whole cannot be asked for alone: that would show it.
        """
        with self._sessions.begin() as session, gathered(session, asked) as everybody:
            whole = insight_turns.volumes(session, everybody)
            offered = {name: _shown(whole[name]) for name in SPOKEN}
            alone = ((asked.channel, offered["channels"]), (asked.language, offered["languages"]))
            narrow = any(value is not None and value not in shown for value, shown in alone)
            turns = spoken_in(everybody, asked)
            volumes = whole if turns is everybody else insight_turns.volumes(session, turns)
            total = volumes["channels"].total
            if narrow or total is None or total.people < K:
                return Figures({}, Waits(0, None, None), None, offered["channels"], offered["languages"])
            tables = [*volumes.values(), *_others(session, turns, asked)]
            waited = insight_desk.waits(session, asked)
        safe = {table.name: _protected(table) for table in tables}
        return Figures(safe, waited, total, offered["channels"], offered["languages"])


def _others(session: Session, turns: FromClause, asked: Asked) -> list[Table]:
    return [
        insight_turns.obstacles(session, turns),
        *insight_outcomes.firms(session, turns),
        insight_outcomes.endings(session, turns, asked),
        insight_desk.reasons(session, asked),
        insight_desk.callbacks(session, asked),
        *insight_turns.thumbs(session, turns),
        *insight_outcomes.simulations(session, turns, asked),
        insight_outcomes.applications(session, asked),
    ]


def _protected(table: Table) -> Table:
    if table.name in FUNNELS:
        return protected_steps(table)
    by_day = table.name == "days"
    order = sorted(table.rows, key=lambda row: (row.key,) if by_day else (-row.counts[0], row.key))  # type: ignore[arg-type,return-value]
    safe = protected(replace(table, rows=tuple(order)))
    # Where a hidden row stands among the others would tell its size: by size, the hidden come last, by name.
    return (
        safe
        if by_day
        else replace(safe, rows=tuple(sorted(safe.rows, key=lambda row: (row.hidden, row.key if row.hidden else ""))))
    )


def _shown(table: Table) -> tuple[str, ...]:
    return tuple(sorted(row.key for row in protected(table).rows if not row.hidden))
