"""The inbox of applications: what firms have sent, opened, given back, accepted or declined, and taken along as CSV.

Agents review and give back; accepting, declining and the CSV are for supervisors. Whoever wants news of their
application is told of each change once, with a letter where there is a decision (``actions/news``).
"""

from __future__ import annotations

import asyncio
import csv
import io
from collections.abc import Iterator
from datetime import datetime
from typing import Annotated, Literal

import structlog
from fastapi import APIRouter, Depends, Form, Path, Query, Request, Response
from fastapi.responses import RedirectResponse, StreamingResponse
from pydantic import StringConstraints

from actions.cases.forms import form_of
from actions.cases.letters import letter
from actions.cases.package import APPLICATION as PACKAGE
from actions.cases.standing import Application, UnknownApplication
from actions.cases.states import IllegalTransition, State
from actions.cases.summary import pdf_of
from actions.news.told import note_call
from actions.texts import text
from channels.console.accounts import Role, Staff
from channels.console.application_records import DESK, EXPORTED, ApplicationRecords, Wanted
from channels.console.audit import audited
from channels.console.audit_pages import safe_cell
from channels.console.entry import need
from channels.console.live_queue import LEADING
from channels.console.page import KOREA, page
from channels.conversations_api import SettingsDep
from channels.files_api import signed_address
from channels.problems import Problem
from knowledge.database.tables import now
from knowledge.record import Language
from knowledge.settings import Settings

log = structlog.get_logger("naru.console")

DeskDep = Annotated[Staff, need(Role.AGENT, Role.SUPERVISOR)]
SupervisorDep = Annotated[Staff, need(Role.SUPERVISOR)]

router = APIRouter(prefix="/console/applications", dependencies=[need(Role.AGENT, Role.SUPERVISOR)])

A_PAGE = 50
"""Applications shown at once."""

AGES = (3, 7, 14, 30)
"""Days without a change that the inbox can be narrowed to."""

FILE_LASTS = 60
"""Seconds the address of an opened document works."""

States = Literal["", "open", "call", "submitted", "in_review", "returned", "accepted", "declined", "withdrawn"]
Words = Annotated[str, StringConstraints(strip_whitespace=True, max_length=2000), Form()]


def wanted_ones(
    state: States = "open",
    programme: Annotated[str, Query(max_length=120)] = "",
    older: Annotated[str, Query(pattern=r"^\d{0,4}$")] = "",
) -> Wanted:
    """Returns which applications the address asks for."""
    return Wanted(state or None, programme or None, int(older) if older else None)


WantedDep = Annotated[Wanted, Depends(wanted_ones)]


async def known(application_id: Annotated[str, Path(max_length=32)], settings: SettingsDep, _: DeskDep) -> Application:
    """Returns a submitted application.

    Raises:
        Problem: 404 when there is none; a draft is the firm's alone.
    """
    try:
        found = await asyncio.to_thread(ApplicationRecords(settings).cases.get, application_id)
    except UnknownApplication as error:
        raise Problem(404) from error
    if found.number is None:
        raise Problem(404)
    return found


KnownDep = Annotated[Application, Depends(known)]


@router.get("")
async def inbox(
    request: Request,
    staff: DeskDep,
    settings: SettingsDep,
    wanted: WantedDep,
    skip: Annotated[int, Query(ge=0, le=1_000_000)] = 0,
) -> Response:
    """Shows what was sent, the longest wait first."""
    records = ApplicationRecords(settings)
    lines = await asyncio.to_thread(records.lines, wanted, staff.language, A_PAGE + 1, skip)
    programmes = await asyncio.to_thread(records.programmes)
    await audited(staff, "applications.viewed")
    return page(
        request,
        staff,
        "applications.html",
        lines=lines[:A_PAGE],
        more=len(lines) > A_PAGE,
        skip=skip,
        a_page=A_PAGE,
        wanted=wanted,
        counts=await asyncio.to_thread(records.counts),
        states=[state for state in State if state is not State.DRAFT],
        programmes=[(each, form_of(each).names[staff.language]) for each in programmes],
        ages=AGES,
        leads=staff.role in LEADING,
    )


@router.get("/applications.csv", dependencies=[need(Role.SUPERVISOR)])
async def export(staff: SupervisorDep, settings: SettingsDep, wanted: WantedDep) -> Response:
    """Gives the applications asked for as CSV; times are Korean."""
    await audited(staff, "applications.exported", state=wanted.state or "all")
    named = f"naru-applications-{datetime.now(KOREA):%Y%m%d-%H%M}.csv"
    headers = {"Content-Disposition": f'attachment; filename="{named}"'}
    written = _csv(ApplicationRecords(settings), wanted, staff.language)
    return StreamingResponse(written, media_type="text/csv; charset=utf-8", headers=headers)


@router.get("/{application_id}")
async def opened(
    request: Request,
    found: KnownDep,
    staff: DeskDep,
    settings: SettingsDep,
    told: Literal["", "done", "late", "empty"] = "",
) -> Response:
    """Shows an application as the firm confirmed it, with its documents and what became of it."""
    shown = await asyncio.to_thread(ApplicationRecords(settings).opened, found.id, staff.language)
    await audited(staff, "application.viewed", found.conversation_id, application=found.id)
    leads = staff.role in LEADING
    return page(request, staff, "application.html", opened=shown, each=found, leads=leads, told=told)


@router.get("/{application_id}/documents/{file_id}")
async def document(
    found: KnownDep, file_id: Annotated[str, Path(max_length=64)], staff: DeskDep, settings: SettingsDep
) -> Response:
    """Opens a document, which is noted, by an address that works for a while."""
    shown = await asyncio.to_thread(ApplicationRecords(settings).opened, found.id, staff.language)
    if file_id not in {attached.file_id for _, attached in shown.documents}:
        raise Problem(404)
    await audited(staff, "document.opened", found.conversation_id, application=found.id, file=file_id)
    return RedirectResponse(signed_address(file_id, settings, FILE_LASTS), 303)


@router.get("/{application_id}/letter")
async def see_letter(found: KnownDep, staff: DeskDep, settings: SettingsDep) -> Response:
    """Opens the letter of the last decision."""
    made = await asyncio.to_thread(letter, found.id, settings)
    if made is None:
        raise Problem(404)
    file_id = made.url.rsplit("/", 1)[-1]
    await audited(staff, "document.opened", found.conversation_id, application=found.id, file=file_id)
    return RedirectResponse(signed_address(file_id, settings, FILE_LASTS), 303)


@router.get("/{application_id}/paper")
async def paper(found: KnownDep, staff: DeskDep, settings: SettingsDep) -> Response:
    """Gives the PDF of what the firm sent."""
    package = await asyncio.to_thread(ApplicationRecords(settings).cases.package, found.id)
    if package is None or package["schema"] != PACKAGE:
        raise Problem(404)
    content = await asyncio.to_thread(pdf_of, package)
    await audited(staff, "document.opened", found.conversation_id, application=found.id, file="paper")
    headers = {"Content-Disposition": f'attachment; filename="{found.number}.pdf"'}
    return Response(content, media_type="application/pdf", headers=headers)


@router.post("/{application_id}/review")
async def review(found: KnownDep, staff: DeskDep, settings: SettingsDep, round: Annotated[int, Form()]) -> Response:
    """Takes an application into review."""
    return await _change(found, State.IN_REVIEW, staff, settings, round)


@router.post("/{application_id}/return")
async def give_back(
    found: KnownDep, staff: DeskDep, settings: SettingsDep, round: Annotated[int, Form()], note: Words = ""
) -> Response:
    """Gives an application back to be corrected; the note says what."""
    return await _change(found, State.RETURNED, staff, settings, round, note, must=True)


@router.post("/{application_id}/accept", dependencies=[need(Role.SUPERVISOR)])
async def accept(
    found: KnownDep, staff: SupervisorDep, settings: SettingsDep, round: Annotated[int, Form()], note: Words = ""
) -> Response:
    """Accepts an application."""
    return await _change(found, State.ACCEPTED, staff, settings, round, note)


@router.post("/{application_id}/decline", dependencies=[need(Role.SUPERVISOR)])
async def decline(
    found: KnownDep, staff: SupervisorDep, settings: SettingsDep, round: Annotated[int, Form()], note: Words = ""
) -> Response:
    """Declines an application; the note is the reason."""
    return await _change(found, State.DECLINED, staff, settings, round, note, must=True)


@router.post("/{application_id}/told")
async def told_by_telephone(
    found: KnownDep, staff: DeskDep, settings: SettingsDep, event: Annotated[int, Form(ge=0, le=2**62)]
) -> Response:
    """Notes that somebody told the firm of the decision by telephone, because it wants no news."""
    if not await asyncio.to_thread(note_call, settings, found.id, event, staff.id, now()):
        return _back(found, "late")
    await audited(staff, "application.told", found.conversation_id, application=found.id, how="telephone")
    return _back(found, "done")


async def _change(
    found: Application, state: State, staff: Staff, settings: Settings, round: int, note: str = "", must: bool = False
) -> Response:
    """Changes the state, if nobody was quicker and the page showed what was sent last (``round``)."""
    words = note.replace("\0", " ").replace("\r\n", "\n").strip()
    if must and not words:
        return _back(found, "empty")
    cases = ApplicationRecords(settings).cases
    try:
        if found.submissions != round:
            raise IllegalTransition(found.state, state)
        await asyncio.to_thread(cases.move, found.id, state, DESK + staff.id, words or None)
    except (IllegalTransition, UnknownApplication):
        return _back(found, "late")
    await audited(staff, f"application.{state}", found.conversation_id, application=found.id)
    try:
        await asyncio.to_thread(letter, found.id, settings)
    except Exception:  # it is made when it is told or asked for instead
        log.exception("no letter", application=found.id)
    return _back(found, "done")


def _back(found: Application, told: str) -> Response:
    return RedirectResponse(f"/console/applications/{found.id}?told={told}", 303)


def _csv(records: ApplicationRecords, wanted: Wanted, language: Language) -> Iterator[str]:
    titles = ("number", "programme", "state", "submission", "changed", "missing", *EXPORTED)
    yield "\ufeff" + _row([text(f"console_cases_csv_{title}", language) for title in titles])
    for row in records.rows(wanted, language):
        line = row["line"]
        yield _row(
            [
                line.application.number,
                line.programme,
                text(f"console_cases_state_{line.application.state}", language),
                str(line.application.submissions),
                line.application.changed_at.astimezone(KOREA).isoformat(timespec="minutes"),
                str(line.missing),
                *(row[key] for key in EXPORTED),
            ]
        )


def _row(cells: list[str]) -> str:
    written = io.StringIO()
    csv.writer(written).writerow([safe_cell(cell) for cell in cells])
    return written.getvalue()
