"""The queue and the live view: pages, their stream, and what the person who has a conversation does."""

from __future__ import annotations

import asyncio
from typing import Annotated, Any, Literal

import structlog
from fastapi import APIRouter, Depends, Header, Path, Query, Request, Response
from fastapi.responses import JSONResponse, RedirectResponse
from pydantic import BaseModel, Field, StringConstraints
from sse_starlette import EventSourceResponse

from actions.desk.callback import spoken
from actions.desk.handovers import ACTIVE, CALLBACK, WAITING, Handover
from actions.desk.presence import Presence
from actions.handover_summary import summarise
from actions.reply import Reply
from actions.texts import text
from bot.conversations import Conversations, UnknownConversation
from bot.desk import NotTheirs
from channels.console.accounts import Role, Staff
from channels.console.audit import audited
from channels.console.canned import CannedReplies
from channels.console.entry import need
from channels.console.live_events import Conversation, Mark, Stream, items_html, queue_html, state_of
from channels.console.live_queue import LEADING, Desk, may_see
from channels.console.page import TEMPLATES, page
from channels.console.sending_once import SendingOnce
from channels.console.words import label
from channels.conversations_api import AssistantDep, SettingsDep
from channels.files_api import signed_address
from channels.problems import Problem
from knowledge.settings import Settings

log = structlog.get_logger("naru.console")

router = APIRouter(prefix="/console", dependencies=[need(Role.AGENT, Role.SUPERVISOR)])

DeskDep = Annotated[Staff, need(Role.AGENT, Role.SUPERVISOR)]

ASSIST = TEMPLATES.with_name("static") / "assist.js"
"""The script of the suggestions beside a conversation."""

WRAP_UPS = ("solved", "referred", "call_back", "no_answer", "other")
"""How a conversation ended, as whoever closes it says."""

Key = Annotated[str, Field(pattern=r"^[\w-]{8,64}$")]
Words = Annotated[str, StringConstraints(strip_whitespace=True, min_length=1, max_length=5000)]


class Sent(BaseModel):
    """Something written, with a key of its own by which a second delivery is known."""

    key: Key
    text: Words


class Given(BaseModel):
    """To whom a conversation goes: a colleague, or None for the queue."""

    to: Annotated[str, Field(max_length=32)] | None = None


class Ending(BaseModel):
    """How a conversation ended."""

    wrap_up: Literal["solved", "referred", "call_back", "no_answer", "other"]
    note: Annotated[str, Field(max_length=5000)] = ""


async def seen(handover_id: Annotated[str, Path(max_length=32)], staff: DeskDep, settings: SettingsDep) -> Handover:
    """Returns a handover whose conversation this person may read.

    Raises:
        Problem: 404 when there is none, or it is not for them: nothing is said about it.
    """
    found = await asyncio.to_thread(Desk(settings).handovers.get, handover_id)
    if found is None or not may_see(staff, found):
        raise Problem(404)
    return found


SeenDep = Annotated[Handover, Depends(seen)]


@router.get("/queue")
async def queue(request: Request, staff: DeskDep, settings: SettingsDep) -> Response:
    """Shows who waits, who wants a call, and who is served."""
    html, _counts = await asyncio.to_thread(queue_html, "live_queue.html", Desk(settings), staff)
    await audited(staff, "queue.viewed")
    return page(request, staff, "queue.html", html=html, is_on=settings.desk, leads=staff.role in LEADING)


@router.get("/queue/{handover_id}")
async def conversation(request: Request, found: SeenDep, staff: DeskDep, settings: SettingsDep) -> Response:
    """Shows a conversation with what is known of the customer, to answer in it."""
    shown = await asyncio.to_thread(_shown, found, staff, settings)
    await audited(staff, "conversation.viewed", found.conversation_id, handover=found.id)
    return page(request, staff, "conversation.html", **shown)


@router.get("/live/events")
async def events(
    staff: DeskDep,
    settings: SettingsDep,
    handover: Annotated[str | None, Query(max_length=32)] = None,
    after: Annotated[str | None, Query(max_length=24)] = None,
    last_event_id: Annotated[str | None, Header()] = None,
) -> EventSourceResponse:
    """Streams the queue, or (``handover``) a conversation and the queue beside it; goes on after Last-Event-ID."""
    if handover is not None:
        found = await seen(handover, staff, settings)
        await audited(staff, "conversation.followed", found.conversation_id, handover=found.id)
    stream = Stream(settings, staff, handover, Mark.read(last_event_id or after))
    return EventSourceResponse(stream.events())


@router.get("/live/colleagues")
async def colleagues(staff: DeskDep, settings: SettingsDep) -> list[dict[str, Any]]:
    """Tells who else is there now, and how many conversations each has."""
    there = await asyncio.to_thread(Presence(settings).available)
    active = await asyncio.to_thread(Desk(settings).handovers.active)
    return [
        {"id": each.id, "name": each.shown_as, "active": sum(served.staff_id == each.id for served in active)}
        for each in there
        if each.id != staff.id
    ]


@router.post("/live/{handover_id}/accept")
async def accept(
    handover_id: Annotated[str, Path(max_length=32)], staff: DeskDep, settings: SettingsDep, naru: AssistantDep
) -> Response:
    """Takes a conversation, or a call to be made; of two at once one gets it, and the other hears who has it."""
    found = await asyncio.to_thread(Desk(settings).handovers.get, handover_id)
    if found is None or not (may_see(staff, found) or found.state in (ACTIVE, CALLBACK)):
        raise Problem(404)
    if not may_see(staff, found):  # a colleague was a moment quicker; the queue showed it to both
        return await _taken(found.id, staff, settings)
    if found.state == CALLBACK:
        got = await asyncio.to_thread(naru.desk.handovers.accept_callback, found.id, staff.id)
    else:
        got = await naru.desk.accept(found.id, staff.id)
    if got:
        await audited(staff, "handover.accepted", found.conversation_id, handover=found.id, state=found.state)
    elif not await _have(found.id, staff, settings):
        return await _taken(found.id, staff, settings)
    return JSONResponse({"address": f"/console/queue/{found.id}"})


@router.post("/live/{handover_id}/messages")
async def say(sent: Sent, found: SeenDep, staff: DeskDep, settings: SettingsDep, naru: AssistantDep) -> Response:
    """Says something to the customer, once however often it is sent under the same key."""
    once = SendingOnce(settings)
    if await asyncio.to_thread(once.known, found.id, staff.id, sent.key):
        return JSONResponse({"turn": None})
    words = Reply(text=_clean(sent.text))
    try:
        first = once.first(found.id, staff.id, sent.key)
        turn = await naru.speak(found.conversation_id, [words], staff.shown_as, staff.id, first)
    except NotTheirs:
        if await asyncio.to_thread(once.known, found.id, staff.id, sent.key):
            return JSONResponse({"turn": None})  # the same was under way twice
        return await _taken(found.id, staff, settings)
    except UnknownConversation as error:
        raise Problem(404) from error
    await audited(staff, "handover.spoke", found.conversation_id, handover=found.id, turn=turn.turn_id)
    return JSONResponse({"turn": turn.turn_id})


@router.post("/live/{handover_id}/notes", status_code=204)
async def note(sent: Sent, found: SeenDep, staff: DeskDep, settings: SettingsDep) -> None:
    """Keeps a private note, once; the customer never sees it."""
    once = SendingOnce(settings)
    if await asyncio.to_thread(once.known, found.id, staff.id, sent.key):
        return
    await asyncio.to_thread(Desk(settings).handovers.add_note, found.id, staff.id, _clean(sent.text))
    await asyncio.to_thread(once.note, found.id, staff.id, sent.key)
    await audited(staff, "handover.noted", found.conversation_id, handover=found.id)


@router.post("/live/{handover_id}/typing", status_code=204)
async def typing(found: SeenDep, staff: DeskDep, settings: SettingsDep) -> None:
    """Tells the customer that their person is typing; to be said again every few seconds while it is so."""
    if found.state == ACTIVE and found.staff_id == staff.id:
        await asyncio.to_thread(Desk(settings).handovers.typing, found.conversation_id, "staff")


@router.post("/live/{handover_id}/transfer")
async def transfer(given: Given, found: SeenDep, staff: DeskDep, settings: SettingsDep, naru: AssistantDep) -> Response:
    """Gives a conversation on to a colleague or the queue; whoever leads may do so for others, and take it."""
    owner = found.staff_id if staff.role in LEADING and found.staff_id else staff.id
    if not await naru.desk.transfer(found.id, owner, given.to):
        return await _taken(found.id, staff, settings)
    await audited(staff, "handover.transferred", found.conversation_id, handover=found.id, to=given.to or "queue")
    return Response(status_code=204)


@router.post("/live/{handover_id}/return")
async def hand_back(found: SeenDep, staff: DeskDep, settings: SettingsDep, naru: AssistantDep) -> Response:
    """Gives a conversation back to Naru."""
    if not await naru.desk.hand_back(found.id, staff.id):
        return await _taken(found.id, staff, settings)
    await audited(staff, "handover.returned", found.conversation_id, handover=found.id)
    return Response(status_code=204)


@router.post("/live/{handover_id}/close")
async def close(ending: Ending, found: SeenDep, staff: DeskDep, settings: SettingsDep, naru: AssistantDep) -> Response:
    """Closes a conversation, one that waits, or a call, with how it ended."""
    if not await naru.desk.close(found.id, staff.id, ending.wrap_up, _clean(ending.note) or None):
        return await _taken(found.id, staff, settings)
    await audited(staff, "handover.closed", found.conversation_id, handover=found.id, wrap_up=ending.wrap_up)
    return Response(status_code=204)


@router.post("/live/{handover_id}/contact")
async def contact(found: SeenDep, staff: DeskDep, settings: SettingsDep) -> dict[str, str]:
    """Tells whom to call, where and when; that somebody looked is noted."""
    told = await asyncio.to_thread(Desk(settings).handovers.contact, found.id)
    if found.state != CALLBACK or not told:
        raise Problem(404)
    await audited(staff, "callback.opened", found.conversation_id, handover=found.id)
    return {"name": told["name"], "phone": spoken(told["phone"]), "time": told["time"]}


@router.get("/live/{handover_id}/files/{file_id}")
async def file(
    found: SeenDep, file_id: Annotated[str, Path(max_length=64)], staff: DeskDep, settings: SettingsDep
) -> Response:
    """Opens a file of the conversation, which is noted, by an address that works for a while."""
    kept = Conversations(settings.database)
    row = await asyncio.to_thread(kept.file, file_id)
    shared = await asyncio.to_thread(kept.shared_by, found.conversation_id)
    if row is None or row.conversation_id not in shared:
        raise Problem(404)
    await audited(staff, "file.opened", found.conversation_id, handover=found.id, file=file_id)
    return RedirectResponse(signed_address(file_id, settings, lasts=60), 303)


def _clean(words: str) -> str:
    """Returns words without what no database keeps."""
    return words.replace("\0", " ").replace("\r\n", "\n").strip()


async def _have(handover_id: str, staff: Staff, settings: Settings) -> bool:
    now = await asyncio.to_thread(Desk(settings).handovers.get, handover_id)
    return now is not None and now.state in (ACTIVE, CALLBACK) and now.staff_id == staff.id


async def _taken(handover_id: str, staff: Staff, settings: Settings) -> JSONResponse:
    """Returns the refusal of something that is no longer theirs to do, with who has the conversation now."""
    desk = Desk(settings)
    found = await asyncio.to_thread(desk.handovers.get, handover_id)
    holder = (await asyncio.to_thread(desk.names)).get((found.staff_id if found else None) or "")
    told = text("console_live_over", staff.language)
    if found is not None and found.state in (ACTIVE, CALLBACK) and holder:
        told = text("console_live_taken", staff.language, name=holder)
    elif found is not None and found.state == WAITING:
        told = text("console_live_waits_again", staff.language)
    body = {"title": "no longer theirs", "status": 409, "told": told, "holder": holder}
    return JSONResponse(body, 409, media_type="application/problem+json")


def _shown(found: Handover, staff: Staff, settings: Settings) -> dict[str, Any]:
    """Returns what the page of a conversation shows."""
    desk = Desk(settings)
    names = desk.names()
    items, mark = Conversation(desk, settings, found, staff.language).after(Mark(), found)
    side, counts = queue_html("live_side.html", desk, staff, found.id)
    canned = sorted(CannedReplies(settings).all(), key=lambda each: each.language != found.language)
    return {
        "handover": found,
        "html": items_html(items, found, staff),
        "side": side,
        "counts": counts,
        "mark": str(mark),
        "state": state_of(found, staff, names),
        "summary": _summary(desk, found, staff),
        "earlier": desk.earlier(found),
        "closing_note": desk.handovers.note(found.id) if found.closed_at else None,
        "canned": [{"language": each.language, "shortcut": each.shortcut, "text": each.text} for each in canned],
        "hours": desk.look(staff).hours,
        "wrap_ups": WRAP_UPS,
        "leads": staff.role in LEADING,
        "assist": ASSIST.exists(),
        "label": label(staff.language),
    }


def _summary(desk: Desk, found: Handover, staff: Staff) -> dict[str, Any]:
    """Returns what was wanted when the customer asked for a person, and what is known of the firm now."""
    kept = desk.handovers.summary(found.id) or {}
    try:
        fresh = summarise(found.conversation_id, staff.language)
    except Exception:  # a summary that can't be made keeps nobody from the conversation
        log.exception("no summary", conversation=found.conversation_id)
        return kept | {name: kept.get(name) or () for name in ("profile", "applications", "simulations", "sources")}
    said = {name: kept[name] if kept else getattr(fresh, name) for name in ("wants", "open_question", "asks")}
    known = {name: getattr(fresh, name) for name in ("topic", "profile", "applications", "files", "simulations")}
    return said | known | {"sources": kept.get("sources") or fresh.sources}
