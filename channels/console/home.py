"""The console's front door and what every page of it calls: where to go first, and who is there."""

from __future__ import annotations

import asyncio
from typing import Any, Literal

from fastapi import APIRouter, Request
from fastapi.responses import RedirectResponse
from pydantic import BaseModel

from actions.desk.presence import Presence
from channels.console.audit import audited
from channels.console.entry import StaffDep, session_of
from channels.console.page import places
from channels.conversations_api import SettingsDep

PROFILE = "/console/profile"
"""Where those go whose role sees no part of the console."""

router = APIRouter(prefix="/console")


class Chosen(BaseModel):
    """What somebody says of themselves."""

    presence: Literal["available", "away"]


@router.get("")
async def front_door(staff: StaffDep) -> RedirectResponse:
    """Goes to the first part of the console that somebody's role sees."""
    found = places(staff)
    return RedirectResponse(found[0].path if found else PROFILE, 303)


@router.get("/presence")
async def presence(request: Request, _: StaffDep) -> dict[str, Any]:
    """Tells what somebody last said of themselves; also asked to see whether a session still holds."""
    session = session_of(request)
    return {"presence": session.presence if session else "away"}


@router.post("/presence", status_code=204)
async def choose(chosen: Chosen, staff: StaffDep, settings: SettingsDep) -> None:
    """Keeps whether somebody takes conversations now."""
    await asyncio.to_thread(Presence(settings).sign_of_life, staff.id, chosen.presence)
    await audited(staff, "presence.changed", staff.id, presence=chosen.presence)


@router.post("/presence/alive", status_code=204)
async def alive(staff: StaffDep, settings: SettingsDep) -> None:
    """Notes that a page of somebody's is open."""
    await asyncio.to_thread(Presence(settings).sign_of_life, staff.id)
