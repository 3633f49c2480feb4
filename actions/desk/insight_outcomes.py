"""Counts what came of it: who was helped without a person, what firms asked, simulations and applications."""

from __future__ import annotations

from typing import Any, cast

from sqlalchemy import (
    ColumnElement,
    CompoundSelect,
    FromClause,
    Select,
    and_,
    case,
    func,
    literal_column,
    select,
    union,
    union_all,
)
from sqlalchemy.orm import Session

from actions.cases.states import State
from actions.cases.tables import ApplicationRow
from actions.desk.insight_asked import Asked, person
from actions.desk.small_groups import Row, Table
from actions.desk.tables import HandoverRow
from actions.firm.known import readable
from actions.reply import Outcome
from knowledge.database.tables import ConversationRow, FeedbackRow, SimulationRow, TrackerStateRow
from knowledge.diagnosis.asking import QUESTIONS
from knowledge.diagnosis.data import pack_folder, read

PEOPLE = ("people",)

UNKNOWN = "unknown"
"""The row of those of whom it is not known."""

RESOLVED, HANDED_OVER, REST = "resolved", "handed_over", "rest"
"""How it went for somebody: see ``endings``."""

ORIGIN = "ask_origin"
"""The intent that begins a simulation."""


def endings(session: Session, turns: FromClause, asked: Asked) -> Table:
    """Returns for how many it went well without a person.

    Somebody was handed over if they were, or asked to be, in the period. Otherwise it is resolved if something was
    answered and the last answer has no thumb down. The rest got no answer, or did not like the last one.
    """
    answered = turns.c.outcome == Outcome.ANSWERED.value
    per_talk = select(
        turns.c.person, turns.c.conversation, func.max(case((answered, turns.c.turn))).label("last")
    ).group_by(turns.c.person, turns.c.conversation)
    talks = per_talk.subquery()
    on_last = and_(FeedbackRow.conversation_id == talks.c.conversation, FeedbackRow.turn_id == talks.c.last)
    disliked = func.max(case((and_(on_last, FeedbackRow.verdict == "down"), 1), else_=0))
    each = (
        select(talks.c.person, func.max(talks.c.last).label("last"), disliked.label("disliked"))
        .outerjoin(FeedbackRow, on_last)
        .group_by(talks.c.person)
        .subquery()
    )
    asking = select(person()).join_from(HandoverRow, ConversationRow, ConversationRow.id == HandoverRow.conversation_id)
    handed = each.c.person.in_(asking.where(asked.within(HandoverRow.asked_at)))
    helped = and_(each.c.last.is_not(None), each.c.disliked == 0)
    went = case((handed, HANDED_OVER), (helped, RESOLVED), else_=REST)
    return _people(session, "endings", select(went.label("key"), each.c.person))


def firms(session: Session, turns: FromClause) -> list[Table]:
    """Returns the lines of business, regions, sizes and markets of the firms, as far as they told in the conversation.

    What lies sealed in profiles for applications is not read.
    """
    told = TrackerStateRow.slots
    keys = {
        "sectors": func.coalesce(told[("firm", "sector")].as_string(), _sector_of_answer()),
        "regions": told[("firm", "region")].as_string(),
        "sizes": told[("firm", "size")].as_string(),
        "markets": told["country"].as_string(),
    }
    who = select(turns.c.person).distinct().subquery()
    known = select(*(func.coalesce(key, UNKNOWN).label(name) for name, key in keys.items()))
    known = known.select_from(who).outerjoin(TrackerStateRow, TrackerStateRow.conversation_id == who.c.person)
    each = known.cte("firms_told")
    parts = [
        select(literal_column(f"'{name}'").label("part"), each.c[name].label("key"), func.count()).group_by(
            each.c[name]
        )
        for name in keys
    ]
    found: dict[str, dict[str, int]] = {name: {} for name in keys}
    for part, key, people in session.execute(union_all(*parts)):
        one = readable({"region": key}).region or UNKNOWN if part == "regions" else key
        found[part][one] = found[part].get(one, 0) + people
    return [_in_one_row(name, people) for name, people in found.items()]


def _sector_of_answer() -> ColumnElement[Any]:
    """Returns the line of business that an answer to the diagnosis means."""
    meanings = read(pack_folder() / QUESTIONS)["profile"]
    told = TrackerStateRow.slots
    whens = [
        (told[("firm", "facts", name)].as_string() == choice, means["sector"])
        for name, choices in meanings.items()
        for choice, means in choices.items()
        if "sector" in means
    ]
    return case(*whens)


def simulations(session: Session, turns: FromClause, asked: Asked) -> list[Table]:
    """Returns how many began a simulation of origin and came to a verdict, and the verdicts of all simulations."""
    began = select(turns.c.person).where(turns.c.intent == ORIGIN)
    made = _theirs(select(person().label("person")), SimulationRow.conversation_id)
    made = made.where(asked.within(SimulationRow.at), *_spoken(asked))
    steps = {"simulation_started": _count(session, union(began, made)), "simulation_verdict": _count(session, made)}
    verdict = SimulationRow.result["verdict"].as_string().label("key")
    rows = select(verdict, func.count(), func.count(person().distinct()))
    rows = _theirs(rows, SimulationRow.conversation_id).where(asked.within(SimulationRow.at), *_spoken(asked))
    verdicts = [Row(key or UNKNOWN, people, (n, people)) for key, n, people in session.execute(rows.group_by(verdict))]
    return [_steps("simulations", steps), Table("verdicts", ("simulations", "people"), tuple(verdicts))]


def applications(session: Session, asked: Asked) -> Table:
    """Returns how far the people came who began an application in the period."""
    conditions: dict[str, ColumnElement[bool] | None] = {
        "application_draft": None,
        "application_submitted": ApplicationRow.submissions > 0,
        "application_accepted": and_(ApplicationRow.submissions > 0, ApplicationRow.state == State.ACCEPTED.value),
    }
    begun = and_(asked.within(ApplicationRow.started_at), *_spoken(asked))
    reached = [
        func.count((person() if condition is None else case((condition, person()))).distinct())
        for condition in conditions.values()
    ]
    query = cast("Select[Any]", select(*reached))
    numbers = session.execute(_theirs(query, ApplicationRow.conversation_id).where(begun)).one()
    return _steps("applications", dict(zip(conditions, numbers, strict=True)))


def _theirs(query: Select[Any], conversation: Any) -> Select[Any]:
    return query.select_from(ConversationRow).where(ConversationRow.id == conversation)


def _spoken(asked: Asked) -> list[ColumnElement[bool]]:
    return asked.spoken(ConversationRow.channel.expression, ConversationRow.language.expression)


def _count(session: Session, people: Select[Any] | CompoundSelect[Any]) -> int:
    who = people.subquery()
    return session.scalar(select(func.count(who.c.person.distinct()))) or 0


def _steps(name: str, steps: dict[str, int]) -> Table:
    return Table(name, PEOPLE, tuple(Row(key, people, (people,)) for key, people in steps.items()))


def _people(session: Session, name: str, query: Select[Any]) -> Table:
    one = query.subquery()
    rows = session.execute(select(one.c.key, func.count()).group_by(one.c.key))
    return _in_one_row(name, {row.key: row[1] for row in rows})


def _in_one_row(name: str, people: dict[str, int]) -> Table:
    """Returns a table in which everybody stands in one row."""
    total = sum(people.values())
    return Table(name, PEOPLE, tuple(Row(key, n, (n,)) for key, n in people.items()), Row("total", total, (total,)))
