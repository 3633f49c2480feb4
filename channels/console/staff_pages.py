"""Pages about the staff themselves: accounts for admins, and everybody's own profile."""

from __future__ import annotations

import asyncio
from collections.abc import Callable
from typing import Annotated
from urllib.parse import quote

from fastapi import APIRouter, Form, Path, Query, Request, Response
from fastapi.responses import RedirectResponse

from channels.console.accounts import Accounts, NotAllowed, Role, Staff
from channels.console.audit import audited
from channels.console.entry import StaffDep, need
from channels.console.gate import CONSOLE, COOKIE, LOGIN
from channels.console.login import inside
from channels.console.page import page
from channels.conversations_api import SettingsDep
from channels.problems import Problem
from knowledge.record import Language
from knowledge.settings import Settings

router = APIRouter(prefix=CONSOLE)

AdminDep = Annotated[Staff, need()]
StaffId = Annotated[str, Path(max_length=32)]
Told = Annotated[str | None, Query(max_length=80)]
Name = Annotated[str, Form(max_length=200)]
Secret = Annotated[str, Form(max_length=1000)]


@router.get("/staff")
async def staff_page(request: Request, admin: AdminDep, settings: SettingsDep, added: Told = None) -> Response:
    """Lists the accounts, with what an admin may do about them."""
    return await _staff_page(request, admin, settings, added=added)


@router.post("/staff")
async def add(
    request: Request,
    admin: AdminDep,
    settings: SettingsDep,
    name: Name,
    role: Annotated[Role, Form()],
    shown_as: Name = "",
    password: Secret = "",
    language: Annotated[Language, Form()] = "ko",
) -> Response:
    """Makes an account; without a password only single sign-on opens it."""
    accounts = Accounts(settings)
    try:
        made = await asyncio.to_thread(accounts.create, name, role, password or None, shown_as, language)
    except NotAllowed as error:
        entered = {"name": name, "shown_as": shown_as, "role": role, "language": language}
        return await _staff_page(request, admin, settings, fault=error.reason, entered=entered)
    await audited(admin, "staff.created", made.id, role=role.value)
    return RedirectResponse(f"{CONSOLE}/staff?added={quote(made.name, safe='')}", 303)


@router.post("/staff/{staff_id}/role")
async def change_role(
    request: Request, staff_id: StaffId, admin: AdminDep, settings: SettingsDep, role: Annotated[Role, Form()]
) -> Response:
    """Gives somebody another role."""
    accounts = Accounts(settings)
    return await _change(
        request, admin, settings, staff_id, "staff.role_changed", lambda: accounts.change_role(staff_id, role), role
    )


@router.post("/staff/{staff_id}/password")
async def reset_password(
    request: Request, staff_id: StaffId, admin: AdminDep, settings: SettingsDep, password: Secret
) -> Response:
    """Gives somebody a new password, which ends all their sessions."""
    accounts = Accounts(settings)
    return await _change(
        request, admin, settings, staff_id, "staff.password_set", lambda: accounts.set_password(staff_id, password)
    )


@router.post("/staff/{staff_id}/closed")
async def close(request: Request, staff_id: StaffId, admin: AdminDep, settings: SettingsDep) -> Response:
    """Closes an account, which ends all its sessions."""
    accounts = Accounts(settings)
    return await _change(request, admin, settings, staff_id, "staff.deactivated", lambda: accounts.deactivate(staff_id))


@router.post("/staff/{staff_id}/opened")
async def open_again(request: Request, staff_id: StaffId, admin: AdminDep, settings: SettingsDep) -> Response:
    """Opens an account again, or its lock."""
    accounts = Accounts(settings)
    return await _change(request, admin, settings, staff_id, "staff.activated", lambda: accounts.activate(staff_id))


@router.get("/profile")
async def profile(request: Request, staff: StaffDep, settings: SettingsDep, saved: bool = False) -> Response:
    """Shows somebody what is kept of them."""
    return await _profile(request, staff, settings, saved=saved)


@router.post("/profile")
async def describe(
    request: Request, staff: StaffDep, settings: SettingsDep, shown_as: Name, language: Annotated[Language, Form()]
) -> Response:
    """Changes the name customers see and the language of the console."""
    try:
        await asyncio.to_thread(Accounts(settings).describe, staff.id, shown_as, language)
    except NotAllowed as error:
        return await _profile(request, staff, settings, fault=error.reason)
    await audited(staff, "profile.changed", staff.id)
    return RedirectResponse(f"{CONSOLE}/profile?saved=true", 303)


@router.post("/profile/language")
async def change_language(
    staff: StaffDep,
    settings: SettingsDep,
    language: Annotated[Language, Form()],
    back: Annotated[str, Form(alias="next", max_length=1000)] = CONSOLE,
) -> Response:
    """Changes the language and stays on the page."""
    await asyncio.to_thread(Accounts(settings).describe, staff.id, staff.shown_as, language)
    await audited(staff, "profile.changed", staff.id)
    return RedirectResponse(inside(back), 303)


@router.post("/profile/password")
async def change_password(
    request: Request, staff: StaffDep, settings: SettingsDep, present: Secret, password: Secret, again: Secret
) -> Response:
    """Changes the own password for who knows the present one; all sessions end, this one too."""
    accounts, rates = Accounts(settings), request.app.state.rates
    rates.may_try(staff.id)
    fault = None if password == again else "console_account_password_differs"
    if not await asyncio.to_thread(accounts.password_fits, staff.id, present):
        rates.failed(staff.id)
        fault = "console_account_password_wrong"
    try:
        if fault is None:
            await asyncio.to_thread(accounts.set_password, staff.id, password)
    except NotAllowed as error:
        fault = error.reason
    if fault:
        return await _profile(request, staff, settings, fault=fault)
    await audited(staff, "password.changed", staff.id)
    answer = RedirectResponse(f"{LOGIN}?told=changed", 303)
    answer.delete_cookie(COOKIE, path=CONSOLE)
    return answer


async def _staff_page(
    request: Request,
    admin: Staff,
    settings: Settings,
    added: str | None = None,
    fault: str | None = None,
    entered: dict[str, str] | None = None,
) -> Response:
    every = await asyncio.to_thread(Accounts(settings).every)
    await audited(admin, "staff.viewed")
    shown = {"accounts": every, "roles": list(Role), "added": added, "fault": fault, "entered": entered or {}}
    return page(
        request,
        admin,
        "staff.html",
        status=422 if fault else 200,
        single_sign_on=settings.oidc_issuer is not None,
        **shown,
    )


async def _profile(
    request: Request, staff: Staff, settings: Settings, saved: bool = False, fault: str | None = None
) -> Response:
    account = await asyncio.to_thread(Accounts(settings).named, staff.id)
    status = 422 if fault else 200
    return page(request, staff, "profile.html", status=status, account=account, saved=saved, fault=fault)


async def _change(
    request: Request,
    admin: Staff,
    settings: Settings,
    staff_id: str,
    what: str,
    change: Callable[[], None],
    role: Role | None = None,
) -> Response:
    """Carries a change out, notes it, and shows the accounts again."""
    try:
        await asyncio.to_thread(change)
    except NotAllowed as error:
        if error.reason == "console_account_unknown":
            raise Problem(404) from error
        return await _staff_page(request, admin, settings, fault=error.reason)
    await audited(admin, what, staff_id, **({"role": role.value} if role else {}))
    return RedirectResponse(f"{CONSOLE}/staff?added=", 303)
