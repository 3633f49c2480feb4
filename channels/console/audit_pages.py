"""The audit log to read: filtered by who, what, whose and when, page by page or as CSV."""

from __future__ import annotations

import asyncio
import csv
import io
import json
from collections.abc import Iterator
from datetime import date, datetime, time, timedelta
from typing import Annotated
from urllib.parse import urlencode

from fastapi import APIRouter, Depends, Query, Request, Response
from fastapi.responses import StreamingResponse

from channels.console import audit
from channels.console.accounts import Role, Staff
from channels.console.audit import Noted, Wanted, audited
from channels.console.entry import need
from channels.console.page import KOREA, page

router = APIRouter(prefix="/console/audit")

SupervisorDep = Annotated[Staff, need(Role.SUPERVISOR)]

A_PAGE = 100
"""Lines shown at once."""

A_BATCH = 1000
"""Lines read at once for the CSV."""

MOST = 100_000
"""Lines of a CSV: more than a year of a busy desk."""

Text = Annotated[str, Query(max_length=120)]
Day = Annotated[str, Query(pattern=r"^(\d{4}-\d\d-\d\d)?$")]


def wanted_lines(who: Text = "", what: Text = "", subject: Text = "", since: Day = "", until: Day = "") -> Wanted:
    """Returns which lines the address asks for; days are Korean, both included."""
    begin, end = _midnight(since), _midnight(until)
    return Wanted(
        who.strip().casefold() or None,
        what or None,
        subject.strip() or None,
        begin,
        end + timedelta(days=1) if end else None,
    )


WantedDep = Annotated[Wanted, Depends(wanted_lines)]


@router.get("")
async def read(
    request: Request,
    staff: SupervisorDep,
    wanted: WantedDep,
    before: Annotated[int | None, Query(ge=1, lt=2**62)] = None,
) -> Response:
    """Shows the newest lines asked for; reading them is noted as well."""
    shown = await asyncio.to_thread(audit.lines, wanted, A_PAGE + 1, before)
    kinds = await asyncio.to_thread(audit.kinds)
    await audited(staff, "audit.viewed")
    asked = {name: value for name, value in request.query_params.items() if name != "before" and value}
    older = urlencode(asked | {"before": str(shown[A_PAGE - 1].id)}) if len(shown) > A_PAGE else None
    return page(
        request,
        staff,
        "audit.html",
        lines=shown[:A_PAGE],
        kinds=kinds,
        asked=asked,
        older=older,
        csv=urlencode(asked),
    )


@router.get("/lines.csv")
async def download(staff: SupervisorDep, wanted: WantedDep) -> Response:
    """Gives all lines asked for as CSV, the newest first; times are Korean."""
    await audited(staff, "audit.exported")
    named = f"naru-audit-{datetime.now(KOREA):%Y%m%d-%H%M}.csv"
    headers = {"Content-Disposition": f'attachment; filename="{named}"'}
    return StreamingResponse(_csv(wanted), media_type="text/csv; charset=utf-8", headers=headers)


def _csv(wanted: Wanted) -> Iterator[str]:
    yield "\ufeff" + _row(["at", "who", "what", "subject", "detail"])  # the mark lets Excel read Korean
    before, count = None, 0
    while count < MOST:
        batch = audit.lines(wanted, A_BATCH, before)
        yield "".join(_row(_cells(line)) for line in batch)
        if len(batch) < A_BATCH:
            return
        before, count = batch[-1].id, count + len(batch)


def _cells(line: Noted) -> list[str]:
    detail = json.dumps(line.detail, ensure_ascii=False) if line.detail else ""
    return [line.at.astimezone(KOREA).isoformat(), line.who or "", line.what, line.subject or "", detail]


def _row(cells: list[str]) -> str:
    written = io.StringIO()
    csv.writer(written).writerow([safe_cell(cell) for cell in cells])
    return written.getvalue()


def safe_cell(cell: str) -> str:
    """Returns a cell that no spreadsheet takes for a formula."""
    return f"'{cell}" if cell[:1] in "=+-@\t\r\n＝＋－＠" and cell else cell


def _midnight(day: str) -> datetime | None:
    try:
        return datetime.combine(date.fromisoformat(day), time(), KOREA)
    except ValueError:
        return None
