"""A call without a chat: the agent types what the caller says, the panel helps, and the protocol is kept as a case.

A call is a conversation of the channel ``phone`` that its agent has from the beginning. Naru keeps what is typed
unanswered, as it does in every conversation a person has; what is read out is kept as said by the agent; the wrap-up
closes it. So simulations and files belong to it, and it can be found, shown and erased like any other.
"""

from __future__ import annotations

import asyncio
from typing import Annotated, Literal

from fastapi import APIRouter, Form, Request, Response
from fastapi.responses import JSONResponse, RedirectResponse
from pydantic import BaseModel, StringConstraints

from actions.desk.handovers import ACTIVE, Handover, Handovers
from bot.assistant import Assistant
from bot.guard import Message
from channels.console.audit import audited
from channels.console.entry import Role, Staff, need
from channels.console.live import WRAP_UPS, DeskDep, Key, SeenDep
from channels.console.live_events import Conversation, Mark, items_html
from channels.console.live_queue import Desk
from channels.console.page import page
from channels.console.sending_once import SendingOnce
from channels.console.words import label
from channels.conversations_api import AssistantDep, SettingsDep
from channels.problems import Problem
from knowledge.record import Language
from knowledge.settings import Settings

router = APIRouter(prefix="/console/assist", dependencies=[need(Role.AGENT, Role.SUPERVISOR)])

PHONE = "phone"
"""The channel of calls."""
CALLING = "call"
"""Why a call is in somebody's hands."""

Words = Annotated[str, StringConstraints(strip_whitespace=True, min_length=1, max_length=2000)]


class Caller(BaseModel):
    """What the caller said, with a key of its own by which a second delivery is known."""

    key: Key
    text: Words


@router.get("")
async def start_page(request: Request, staff: DeskDep, settings: SettingsDep) -> Response:
    """Shows the calls somebody has open, and begins another."""
    active = await asyncio.to_thread(Handovers(settings).active)
    calls = [each for each in active if each.channel == PHONE and each.staff_id == staff.id]
    return page(request, staff, "phone_start.html", calls=calls, is_on=settings.desk)


@router.post("/calls")
async def begin_call(
    staff: DeskDep, settings: SettingsDep, naru: AssistantDep, language: Annotated[Literal["ko", "en"], Form()] = "ko"
) -> Response:
    """Begins a call in the hands of whoever takes it."""
    _require_desk(settings)
    begun = await asyncio.to_thread(_begun, naru, staff, language)
    await audited(staff, "call.begun", begun.conversation_id, handover=begun.id)
    return RedirectResponse(f"/console/assist/calls/{begun.id}", 303)


@router.get("/calls/{handover_id}")
async def call(request: Request, found: SeenDep, staff: DeskDep, settings: SettingsDep) -> Response:
    """Shows a call: its protocol, where to type, and the panel."""
    if found.channel != PHONE:
        raise Problem(404)
    desk = Desk(settings)
    told = Conversation(desk, settings, found, staff.language)
    items, mark = await asyncio.to_thread(told.after, Mark(), found)
    await audited(staff, "conversation.viewed", found.conversation_id, handover=found.id)
    return page(
        request,
        staff,
        "phone.html",
        handover=found,
        html=items_html([item for item in items if item.what != "asked"], found, staff),
        mark=str(mark),
        mine=found.state == ACTIVE and found.staff_id == staff.id,
        wrap_ups=WRAP_UPS,
        label=label(staff.language),
    )


@router.post("/calls/{handover_id}/said")
async def said(caller: Caller, found: SeenDep, staff: DeskDep, settings: SettingsDep, naru: AssistantDep) -> Response:
    """Keeps what the caller said, once; Naru keeps quiet."""
    _require_desk(settings)
    if found.channel != PHONE or found.state != ACTIVE or found.staff_id != staff.id:
        raise Problem(409, "the call is over, or not yours")
    once = SendingOnce(settings)
    if await asyncio.to_thread(once.known, found.id, staff.id, caller.key):
        return JSONResponse({"turn": None})
    await asyncio.to_thread(once.note, found.id, staff.id, caller.key)
    turn = await naru.turn(found.conversation_id, Message(text=caller.text))
    await audited(staff, "call.noted", found.conversation_id, handover=found.id, turn=turn.turn_id)
    return JSONResponse({"turn": turn.turn_id})


def _require_desk(settings: Settings) -> None:
    """Lets nothing be typed where Naru would answer it.

    Raises:
        Problem: 409.
    """
    if not settings.desk:
        raise Problem(409, "set NARU_DESK to keep calls")


def _begun(naru: Assistant, staff: Staff, language: Language) -> Handover:
    """Returns a new call that its agent has; nobody is introduced, since both are speaking already."""
    handovers = naru.desk.handovers
    opened = naru.conversations.open(language, PHONE)
    asked = handovers.ask(opened.id, CALLING, language, PHONE)
    if not handovers.accept(asked.id, staff.id):
        raise Problem(409, "a colleague has taken the call")
    handovers.introduce(asked.id, staff.id)
    begun = handovers.get(asked.id)
    assert begun is not None
    return begun
