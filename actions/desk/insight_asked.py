"""What figures are asked for: a period in Korean days, a channel, a language; and the conditions that follow."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date, datetime, time, timedelta
from typing import Any
from zoneinfo import ZoneInfo

from sqlalchemy import CTE, ColumnElement, and_, func, not_, select
from sqlalchemy.ext.compiler import compiles
from sqlalchemy.orm import InstrumentedAttribute
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


def turns_of(asked: Asked) -> CTE:
    """Returns the turns asked for, a row each, without what was said.

    Only turns in which somebody said something count.
    """
    channel = func.coalesce(TurnRow.channel, ConversationRow.channel)
    opening = and_(TurnRow.turn_id == 0, TurnRow.intent == GREETING)
    query = select(
        korean_day(TurnRow.at).label("day"),
        person().label("person"),
        TurnRow.conversation_id.label("conversation"),
        TurnRow.turn_id.label("turn"),
        channel.label("channel"),
        ConversationRow.language.label("language"),
        TurnRow.intent.label("intent"),
        TurnRow.outcome.label("outcome"),
    ).join(ConversationRow, ConversationRow.id == TurnRow.conversation_id)
    query = query.where(asked.within(TurnRow.at), channel != OF_ITS_OWN, not_(opening))
    return query.where(*asked.spoken(channel, ConversationRow.language.expression)).cte("asked_turns")


class korean_day(FunctionElement[str]):  # noqa: N801 - SQL functions are written in small letters
    """The Korean day of a moment, as 2026-11-25."""

    type = String()
    inherit_cache = True


class seconds_between(FunctionElement[float]):  # noqa: N801
    """Seconds from the first moment to the second."""

    type = Float()
    inherit_cache = True


class listed(FunctionElement[str]):  # noqa: N801
    """The texts of a JSON list under a name of a JSON object, a row each; SQLite and PostgreSQL name it differently."""

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


@compiles(listed, "sqlite")
def _listed_in_sqlite(element: listed, compiler: SQLCompiler, **more: Any) -> str:
    return f"json_each({compiler.process(element.clauses, **more)}, '$.records')"


@compiles(listed, "postgresql")
def _listed_in_postgresql(element: listed, compiler: SQLCompiler, **more: Any) -> str:
    return f"json_array_elements_text({compiler.process(element.clauses, **more)} -> 'records')"
