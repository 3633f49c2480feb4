"""Figures for supervisors and policy people: charts and tables of a period, each table also as CSV."""

from __future__ import annotations

import asyncio
import csv
import io
from dataclasses import dataclass
from datetime import date, datetime, timedelta
from typing import Annotated, Any
from urllib.parse import urlencode

from fastapi import APIRouter, Depends, Query, Request, Response

from actions.desk.insight import Asked, Figures, Insight, K, Table
from channels.console.accounts import Role, Staff
from channels.console.audit import audited
from channels.console.audit_pages import safe_cell
from channels.console.charts import Line, bar, lines
from channels.console.entry import need
from channels.console.insight_words import Names
from channels.console.page import KOREA, page
from channels.conversations_api import SettingsDep
from channels.problems import Problem

router = APIRouter(prefix="/console/insight")

SupervisorDep = Annotated[Staff, need(Role.SUPERVISOR)]

PERIODS = (7, 30, 90)
"""Days that can be chosen with one click, today included."""

USUAL = 30

LONGEST = timedelta(days=366)
"""Longest period of one's own; more takes the database too long for a page."""

DAYS = "days"

Text = Annotated[str, Query(max_length=20)]
Day = Annotated[str, Query(pattern=r"^(\d{4}-\d\d-\d\d)?$")]

SECTIONS = {
    "use": ("channels", "languages", "intents", "outcomes"),
    "needs": ("obstacles", "markets", "sectors", "regions", "sizes"),
    "help": ("endings", "handover_reasons", "callbacks"),
    "thumbs": ("up_intents", "down_intents", "up_records", "down_records"),
    "results": ("simulations", "verdicts", "applications"),
}
"""The tables of each part of the page."""


@dataclass(frozen=True)
class Chosen:
    """What the address asks for; ``days`` is None for a period of one's own."""

    asked: Asked
    days: int | None

    def address(self, **other: Any) -> str:
        """Returns the same as a query, with some of it changed."""
        own = {"since": self.asked.since, "until": self.asked.until}
        period: dict[str, Any] = {"days": self.days} if self.days else own
        spoken = {"channel": self.asked.channel, "language": self.asked.language}
        return urlencode({name: value for name, value in (period | spoken | other).items() if value})


def chosen_period(
    days: Annotated[int | None, Query()] = None,
    since: Day = "",
    until: Day = "",
    channel: Text = "",
    language: Text = "",
) -> Chosen:
    """Returns what the address asks for; days are Korean, both included.

    Raises:
        Problem: 422; the days are none, in the wrong order or too far apart.
    """
    today = datetime.now(KOREA).date()
    if days is None and (since or until):
        begin, end = _day(since, today - timedelta(days=USUAL - 1)), _day(until, today)
        if not begin <= end <= begin + LONGEST:
            raise Problem(422, "since must not be after until, nor more than a year before")
    else:
        days = days if days in PERIODS else USUAL
        begin, end = today - timedelta(days=days - 1), today
    return Chosen(Asked(begin, end, channel or None, language or None), days)


ChosenDep = Annotated[Chosen, Depends(chosen_period)]


@router.get("")
async def read(request: Request, staff: SupervisorDep, settings: SettingsDep, chosen: ChosenDep) -> Response:
    """Shows all figures of a period."""
    figures = await asyncio.to_thread(Insight(settings).figures, chosen.asked)
    names = Names(staff.language)
    return page(
        request,
        staff,
        "insight.html",
        figures=figures,
        chosen=chosen,
        periods=PERIODS,
        sections=SECTIONS,
        names=names,
        k=K,
        bar=bar,
        most={name: max((row.counts[0] for row in table.rows), default=0) for name, table in figures.tables.items()},
        by_day=_by_day(figures, chosen.asked, names),
        today=datetime.now(KOREA).date(),
    )


@router.get("/{table}.csv")
async def download(table: str, staff: SupervisorDep, settings: SettingsDep, chosen: ChosenDep) -> Response:
    """Gives one table as CSV, without its hidden rows.

    Raises:
        Problem: 404; there is no such table.
    """
    if table != DAYS and not any(table in names for names in SECTIONS.values()):
        raise Problem(404)
    figures = await asyncio.to_thread(Insight(settings).figures, chosen.asked)
    await audited(staff, "insight.exported", table=table, period=chosen.address())
    named = f"naru-{table}-{chosen.asked.since:%Y%m%d}-{chosen.asked.until:%Y%m%d}.csv"
    headers = {"Content-Disposition": f'attachment; filename="{named}"'}
    written = _csv(figures.tables.get(table), Names(staff.language))
    return Response(written, media_type="text/csv; charset=utf-8", headers=headers)


def _csv(table: Table | None, names: Names) -> str:
    written = io.StringIO()
    written.write("\ufeff")  # the mark lets Excel read Korean
    rows = csv.writer(written)
    if table is not None:
        heads = ["id", names.head(table.name), *(names.column(column) for column in table.columns)]
        rows.writerow([safe_cell(head) for head in heads])
        for row in table.rows:
            if not row.hidden:
                rows.writerow([safe_cell(row.key), safe_cell(names.of(table.name, row.key)), *row.counts])
    return written.getvalue()


def _by_day(figures: Figures, asked: Asked, names: Names) -> str:
    """Returns the lines over days; days without anything are 0, hidden ones a gap."""
    table = figures.tables.get(DAYS)
    if table is None:
        return ""
    there = {row.key: row for row in table.rows}
    every = [asked.since + timedelta(days=n) for n in range((asked.until - asked.since).days + 1)]
    drawn = []
    for number, column in enumerate(table.columns[:2]):
        found = [there.get(day.isoformat()) for day in every]
        values = tuple(0 if row is None else None if row.hidden else row.counts[number] for row in found)
        drawn.append(Line(names.column(column), values))
    return lines(names.table(DAYS), [f"{day.month}/{day.day}" for day in every], drawn)


def _day(given: str, otherwise: date) -> date:
    try:
        return date.fromisoformat(given) if given else otherwise
    except ValueError as error:
        raise Problem(422, "no such day") from error
