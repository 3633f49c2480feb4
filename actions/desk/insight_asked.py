"""What figures are asked for: a period in Korean days, a channel, a language; and the conditions that follow."""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from datetime import date, datetime, time, timedelta
from typing import Any
from zoneinfo import ZoneInfo

from sqlalchemy import (
    Boolean,
    Column,
    ColumnElement,
    FromClause,
    Integer,
    MetaData,
    Select,
    Table,
    Text,
    and_,
    case,
    func,
    insert,
    not_,
    select,
)
from sqlalchemy.ext.compiler import compiles
from sqlalchemy.orm import InstrumentedAttribute, Session
from sqlalchemy.schema import DropTable
from sqlalchemy.sql.compiler import SQLCompiler
from sqlalchemy.sql.expression import FunctionElement
from sqlalchemy.types import Float, String

from knowledge.database.tables import ConversationRow, TurnRow

KOREA = ZoneInfo("Asia/Seoul")

OF_ITS_OWN = "naru"
"""The channel of turns that nobody asked for: news, and what staff say (``bot.assistant.ANNOUNCED``)."""

GREETING = "greet"
"""The intent of the turn that opens a conversation before anybody has said a word."""


@dataclass(frozen=True)
class Asked:
    """The days (Korean, both included), and the channel and language if only one is wanted."""

    since: date
    until: date
    channel: str | None = None
    language: str | None = None

    @property
    def begin(self) -> datetime:
        """The moment the first day begins."""
        return datetime.combine(self.since, time(), KOREA)

    @property
    def end(self) -> datetime:
        """The moment the last day is over."""
        return datetime.combine(self.until + timedelta(days=1), time(), KOREA)

    def within(self, at: InstrumentedAttribute[Any]) -> ColumnElement[bool]:
        """Returns the condition that a moment lies in the period."""
        return and_(at >= self.begin, at < self.end)

    def spoken(self, channel: ColumnElement[Any], language: ColumnElement[Any]) -> list[ColumnElement[bool]]:
        """Returns the conditions of channel and language."""
        wanted = ((channel, self.channel), (language, self.language))
        return [column == value for column, value in wanted if value is not None]


def person() -> ColumnElement[Any]:
    """Returns who is behind a conversation: joined conversations are one person's."""
    return func.coalesce(ConversationRow.joined_to, ConversationRow.id)


GATHERED = Table(
    "asked_turns",
    MetaData(),
    Column("day", String(10)),
    Column("person", String(64)),
    Column("conversation", String(64)),
    Column("turn", Integer),
    Column("channel", String(20)),
    Column("language", String(2)),
    Column("intent", String(60)),
    Column("outcome", String(30)),
    Column("troubles", Text),
    prefixes=["TEMPORARY"],
)
"""The turns of a period without what was said, as long as they are counted.

``troubles`` lists the records the answer rests on, where a trouble may be among them.
"""

TROUBLE = "obstacle."
"""How the ids of the records about troubles begin."""


@contextmanager
def gathered(session: Session, asked: Asked) -> Iterator[FromClause]:
    """Gives the turns asked for, of all channels and languages.

    The database keeps them in a temporary table, as reading the wide rows of turns takes most of the time. Only turns
    in which somebody said something count.
    """
    connection = session.connection()
    connection.execute(DropTable(GATHERED, if_exists=True))  # one that an error left behind
    GATHERED.create(connection)
    try:
        session.execute(insert(GATHERED).from_select(GATHERED.columns.keys(), _turns(asked)))
        yield GATHERED
    finally:
        connection.execute(DropTable(GATHERED))


def spoken_in(turns: FromClause, asked: Asked) -> FromClause:
    """Returns those of the gathered turns that are of the channel and language asked for."""
    where = asked.spoken(turns.c.channel, turns.c.language)
    return select(turns).where(*where).subquery("spoken") if where else turns


def _turns(asked: Asked) -> Select[Any]:
    channel = func.coalesce(TurnRow.channel, ConversationRow.channel)
    opening = and_(TurnRow.turn_id == 0, TurnRow.intent == GREETING)
    # Reading an answer's JSON is dear, and only an answer that names a trouble before its replies needs it.
    troubled = may_name_trouble(TurnRow.answer)
    query = select(
        korean_day(TurnRow.at),
        person(),
        TurnRow.conversation_id,
        TurnRow.turn_id,
        channel,
        ConversationRow.language,
        TurnRow.intent,
        TurnRow.outcome,
        case((troubled, records_of(TurnRow.answer))),
    ).join(ConversationRow, ConversationRow.id == TurnRow.conversation_id)
    return query.where(asked.within(TurnRow.at), channel != OF_ITS_OWN, not_(opening))


class korean_day(FunctionElement[str]):  # noqa: N801 - SQL functions are written in small letters
    """The Korean day of a moment, as 2026-11-25."""

    type = String()
    inherit_cache = True


class seconds_between(FunctionElement[float]):  # noqa: N801
    """Seconds from the first moment to the second."""

    type = Float()
    inherit_cache = True


class may_name_trouble(FunctionElement[bool]):  # noqa: N801
    """False only where a turn's answer surely rests on no record of a trouble, told by its text alone.

    Records usually stand before the replies; where they do not, nothing is sure.
    """

    type = Boolean()
    inherit_cache = True


class records_of(FunctionElement[str]):  # noqa: N801
    """The ids of the records a turn's answer rests on, as the text of a JSON list."""

    type = String()
    inherit_cache = True


class listed(FunctionElement[str]):  # noqa: N801
    """The texts of a JSON list, a row each; SQLite and PostgreSQL name it differently."""

    type = String()
    inherit_cache = True


@compiles(korean_day, "sqlite")
def _day_in_sqlite(element: korean_day, compiler: SQLCompiler, **more: Any) -> str:
    return f"date({compiler.process(element.clauses, **more)}, '+9 hours')"


@compiles(korean_day, "postgresql")
def _day_in_postgresql(element: korean_day, compiler: SQLCompiler, **more: Any) -> str:
    return f"to_char({compiler.process(element.clauses, **more)} AT TIME ZONE 'Asia/Seoul', 'YYYY-MM-DD')"


@compiles(seconds_between, "sqlite")
def _seconds_in_sqlite(element: seconds_between, compiler: SQLCompiler, **more: Any) -> str:
    first, second = (compiler.process(each, **more) for each in element.clauses)
    return f"((julianday({second}) - julianday({first})) * 86400.0)"


@compiles(seconds_between, "postgresql")
def _seconds_in_postgresql(element: seconds_between, compiler: SQLCompiler, **more: Any) -> str:
    first, second = (compiler.process(each, **more) for each in element.clauses)
    return f"CAST(EXTRACT(EPOCH FROM ({second} - {first})) AS FLOAT)"


@compiles(may_name_trouble, "sqlite")
def _trouble_in_sqlite(element: may_name_trouble, compiler: SQLCompiler, **more: Any) -> str:
    text = compiler.process(element.clauses, **more)
    return _names_trouble("instr", text)


@compiles(may_name_trouble, "postgresql")
def _trouble_in_postgresql(element: may_name_trouble, compiler: SQLCompiler, **more: Any) -> str:
    text = f"CAST({compiler.process(element.clauses, **more)} AS TEXT)"
    return _names_trouble("strpos", text)


def _names_trouble(position: str, text: str) -> str:
    replies, records = (f"{position}({text}, '\"{name}\"')" for name in ("replies", "records"))
    before = f"substr({text}, 1, {replies})"
    return f"({position}({before}, '\"{TROUBLE}') > 0 OR {records} > {replies})"


@compiles(records_of, "sqlite")
def _records_in_sqlite(element: records_of, compiler: SQLCompiler, **more: Any) -> str:
    return f"json_extract({compiler.process(element.clauses, **more)}, '$.records')"


@compiles(records_of, "postgresql")
def _records_in_postgresql(element: records_of, compiler: SQLCompiler, **more: Any) -> str:
    return f"CAST({compiler.process(element.clauses, **more)} -> 'records' AS TEXT)"


@compiles(listed, "sqlite")
def _listed_in_sqlite(element: listed, compiler: SQLCompiler, **more: Any) -> str:
    return f"json_each({compiler.process(element.clauses, **more)})"


@compiles(listed, "postgresql")
def _listed_in_postgresql(element: listed, compiler: SQLCompiler, **more: Any) -> str:
    return f"json_array_elements_text(CAST({compiler.process(element.clauses, **more)} AS JSON))"
