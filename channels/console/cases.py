"""Customers: looked for, opened as a card, and erased when they ask for it."""

from __future__ import annotations

import asyncio
from typing import Annotated, Any, Literal

from fastapi import APIRouter, Depends, Form, Path, Query, Request, Response
from fastapi.responses import RedirectResponse

from actions.cases.receipt import WrongReceiptNumber, read_number
from actions.texts import text
from bot.conversations import UnknownConversation
from channels.console.accounts import Role, Staff
from channels.console.audit import audited
from channels.console.case_search import CaseSearch, Hit
from channels.console.customer_card import TURNS, Card, CustomerCards, UnknownCustomer
from channels.console.entry import need
from channels.console.live_queue import LEADING, may_see
from channels.console.page import page, render
from channels.console.words import label
from channels.conversations_api import AssistantDep, SettingsDep
from channels.files_api import erase as erase_all
from channels.files_api import signed_address
from channels.problems import Problem
from knowledge.record import LANGUAGES
from knowledge.settings import Settings

router = APIRouter(prefix="/console/cases", dependencies=[need(Role.AGENT, Role.SUPERVISOR)])

DeskDep = Annotated[Staff, need(Role.AGENT, Role.SUPERVISOR)]
SupervisorDep = Annotated[Staff, need(Role.SUPERVISOR)]

ERASE_WORD = "console_cases_erase_word"
"""The word that may be typed, in either language, in place of a receipt number to erase a customer."""

REASONS = ("asked_here", "asked_by_phone", "asked_in_writing", "mistake")
"""Why a customer is erased: chosen and not written, so that the log holds no personal data."""

FILE_LASTS = 60
"""Seconds the address of an opened file works."""

Said = Annotated[str, Form(max_length=200)]


async def known(conversation_id: Annotated[str, Path(max_length=64)], settings: SettingsDep, _: DeskDep) -> str:
    """Returns the dialogue of a conversation.

    Raises:
        Problem: 404 when there is none.
    """
    try:
        return await asyncio.to_thread(CustomerCards(settings).dialogue, conversation_id)
    except UnknownCustomer as error:
        raise Problem(404) from error


DialogueDep = Annotated[str, Depends(known)]


@router.get("")
async def search(request: Request, staff: DeskDep, told: Literal["", "erased"] = "") -> Response:
    """Shows the search; what is looked for is posted, so that no address holds a name or number."""
    return page(request, staff, "cases.html", said="", hits=None, told=told, label=label(staff.language))


@router.post("")
async def found(request: Request, staff: DeskDep, settings: SettingsDep, said: Said = "") -> Response:
    """Shows whom something leads to."""
    hits = await _looked_for(staff, settings, said)
    return page(request, staff, "cases.html", said=said, hits=hits, told="", label=label(staff.language))


@router.post("/found")
async def found_part(request: Request, staff: DeskDep, settings: SettingsDep, said: Said = "") -> Response:
    """Gives the same list alone, for the page that is open."""
    hits = await _looked_for(staff, settings, said)
    return render(request, "cases_found.html", staff.language, hits=hits, label=label(staff.language))


@router.get("/{conversation_id}")
async def card(
    request: Request,
    dialogue: DialogueDep,
    staff: DeskDep,
    settings: SettingsDep,
    skip: Annotated[int, Query(ge=0, le=1_000_000)] = 0,
    told: Literal["", "wrong"] = "",
) -> Response:
    """Shows all of a customer; personal details are opened, which is noted."""
    cards = CustomerCards(settings)
    known = await asyncio.to_thread(cards.card, dialogue, staff.language)
    items, more = await asyncio.to_thread(cards.said, dialogue, skip, staff.language)
    await audited(staff, "case.viewed", dialogue)
    values: dict[str, Any] = {"items": items, "more": more, "skip": skip, "a_page": TURNS}
    values |= {"leads": staff.role in LEADING, "reasons": REASONS, "told": told, "label": label(staff.language)}
    live = known.open_handover if known.open_handover and may_see(staff, known.open_handover) else None
    return page(request, staff, "case.html", card=known, live=live, **values)


@router.get("/{conversation_id}/simulations/{number}")
async def simulation(
    request: Request,
    dialogue: DialogueDep,
    number: Annotated[str, Path(max_length=12)],
    staff: DeskDep,
    settings: SettingsDep,
) -> Response:
    """Shows a simulation as it was told: its steps, and the source of each."""
    kept = await asyncio.to_thread(CustomerCards(settings).simulation, dialogue, number)
    if kept is None:
        raise Problem(404)
    await audited(staff, "simulation.viewed", dialogue, simulation=number)
    return page(request, staff, "case_simulation.html", dialogue=dialogue, simulation=kept)


@router.get("/{conversation_id}/files/{file_id}")
async def file(
    dialogue: DialogueDep, file_id: Annotated[str, Path(max_length=64)], staff: DeskDep, settings: SettingsDep
) -> Response:
    """Opens a file of the customer's, which is noted, by an address that works for a while."""
    if not await asyncio.to_thread(CustomerCards(settings).has_file, dialogue, file_id):
        raise Problem(404)
    await audited(staff, "file.opened", dialogue, file=file_id)
    return RedirectResponse(signed_address(file_id, settings, FILE_LASTS), 303)


@router.post("/{conversation_id}/erase", dependencies=[need(Role.SUPERVISOR)])
async def erase(
    dialogue: DialogueDep,
    staff: SupervisorDep,
    settings: SettingsDep,
    naru: AssistantDep,
    reason: Annotated[Literal["asked_here", "asked_by_phone", "asked_in_writing", "mistake"], Form()],
    typed: Annotated[str, Form(max_length=40)] = "",
) -> Response:
    """Erases everything of a customer, on every channel, once a receipt number of theirs or the word is typed."""
    try:
        known = await asyncio.to_thread(CustomerCards(settings).card, dialogue, staff.language)
        if not _sure(typed, known):
            return RedirectResponse(f"/console/cases/{dialogue}?told=wrong", 303)
        await erase_all(naru, dialogue, settings)
    except (UnknownConversation, UnknownCustomer) as error:  # a colleague was quicker
        raise Problem(404) from error
    await audited(staff, "case.erased", dialogue, reason=reason)
    return RedirectResponse("/console/cases?told=erased", 303)


def _sure(typed: str, known: Card) -> bool:
    word = typed.strip().casefold()
    if word in {text(ERASE_WORD, language) for language in LANGUAGES}:
        return True
    try:
        return read_number(word) in {application.number for application, _ in known.applications}
    except WrongReceiptNumber:
        return False


async def _looked_for(staff: Staff, settings: Settings, said: str) -> list[Hit]:
    """Looks for customers; that it was done and whom it found are noted, what was typed is not."""
    hits = await asyncio.to_thread(CaseSearch(settings).find, said, staff.language)
    await audited(staff, "cases.searched", found=len(hits))
    for hit in hits:
        await audited(staff, "case.found", hit.dialogue, by=hit.by)
    return hits
