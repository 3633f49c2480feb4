"""Signing in with name and password, and signing out."""

from __future__ import annotations

import asyncio
import secrets
from hmac import compare_digest
from typing import Annotated
from urllib.parse import urlsplit

from fastapi import APIRouter, Depends, Form, Query, Request, Response
from fastapi.responses import RedirectResponse

from channels.bounds import address
from channels.console.accounts import Accounts, Staff
from channels.console.audit import audited
from channels.console.entry import StaffDep, not_forged, session_of
from channels.console.gate import CONSOLE, COOKIE, LOGIN
from channels.console.page import render
from channels.console.staff_sessions import StaffSessions
from channels.conversations_api import SettingsDep
from channels.problems import Problem
from knowledge.record import Language
from knowledge.settings import Settings

router = APIRouter(include_in_schema=False)

OWN_FORM = "naru_login"
"""Cookie with the token that the sign-in form repeats: another site can neither read nor choose both."""


def reading_language(
    request: Request, settings: SettingsDep, language: Annotated[str | None, Query(max_length=2)] = None
) -> Language:
    """Returns the language of somebody who is not signed in: chosen, or the browser's, or the service's."""
    wanted = language or request.headers.get("Accept-Language", "")[:2].lower()
    return "ko" if wanted == "ko" else "en" if wanted == "en" or settings.default_language == "en" else "ko"


Reading = Annotated[Language, Depends(reading_language)]
Next = Annotated[str, Query(alias="next", max_length=1000)]


@router.get(LOGIN)
async def sign_in_page(
    request: Request, settings: SettingsDep, language: Reading, wanted: Next = CONSOLE, told: str | None = None
) -> Response:
    """Shows the sign-in form; who is signed in already goes on."""
    if session_of(request):
        return RedirectResponse(inside(wanted), 303)
    return form(request, settings, language, wanted, told if told in TOLD else None)


@router.post(LOGIN)
async def sign_in(
    request: Request,
    settings: SettingsDep,
    language: Reading,
    name: Annotated[str, Form(max_length=200)] = "",
    password: Annotated[str, Form(max_length=1000)] = "",
    forgery: Annotated[str, Form(max_length=200)] = "",
    wanted: Annotated[str, Form(alias="next", max_length=1000)] = CONSOLE,
) -> Response:
    """Lets in whose name and password are right; what is wrong is not told, nor whether the account is locked."""
    if not _own_form(request, settings, forgery):
        return form(request, settings, language, wanted, "stale", 403)
    try:
        request.app.state.rates.may_try(address(request))
    except Problem as error:
        answer = form(request, settings, language, wanted, "often", 429)
        answer.headers.update(error.headers or {})
        return answer
    accounts = Accounts(settings)
    staff = await asyncio.to_thread(accounts.recognise, name, password)
    if staff is None:
        request.app.state.rates.failed(address(request))
        known = await asyncio.to_thread(accounts.find, name)
        await audited(None, "sign_in.failed", known.staff.id if known else None, address=address(request))
        return form(request, settings, language, wanted, "wrong", 401)
    return await let_in(request, settings, staff, wanted, "password")


@router.post(f"{CONSOLE}/sign-out", dependencies=[Depends(not_forged)])
async def sign_out(request: Request, staff: StaffDep, settings: SettingsDep) -> Response:
    """Ends the session."""
    await asyncio.to_thread(StaffSessions(settings).end, request.cookies.get(COOKIE))
    await audited(staff, "signed_out", staff.id)
    answer = RedirectResponse(f"{LOGIN}?told=out", 303)
    answer.delete_cookie(COOKIE, path=CONSOLE)
    answer.headers["Clear-Site-Data"] = '"cache"'
    return answer


TOLD = frozenset({"out", "over", "changed", "sso", "stranger"})
"""What the sign-in page may be asked to say: signed out, session over, password changed, single sign-on failed, …"""


def form(
    request: Request, settings: Settings, language: Language, wanted: str, told: str | None = None, status: int = 200
) -> Response:
    """Returns the sign-in page, and the cookie that goes with its form."""
    token = request.cookies.get(OWN_FORM) or secrets.token_urlsafe(32)
    answer = render(
        request,
        "login.html",
        language,
        status,
        forgery=token,
        wanted=inside(wanted),
        told=told,
        single_sign_on=settings.oidc_issuer is not None,
    )
    answer.set_cookie(
        OWN_FORM, token, path=LOGIN, httponly=True, samesite="strict", secure=is_secure(request, settings)
    )
    return answer


async def let_in(request: Request, settings: Settings, staff: Staff, wanted: str, how: str) -> Response:
    """Begins a session under a new cookie, ends the one the browser had, and goes where somebody wanted to."""
    kept = StaffSessions(settings)
    await asyncio.to_thread(kept.end, request.cookies.get(COOKIE))
    cookie = await asyncio.to_thread(kept.start, staff.id)
    await audited(staff, "signed_in", staff.id, how=how)
    answer = RedirectResponse(inside(wanted), 303)
    answer.set_cookie(COOKIE, cookie, path=CONSOLE, httponly=True, samesite="lax", secure=is_secure(request, settings))
    answer.delete_cookie(OWN_FORM, path=LOGIN)
    return answer


def inside(wanted: str) -> str:
    """Returns an address inside the console: what came from outside must not lead elsewhere."""
    split = urlsplit(wanted)
    within = split.path == CONSOLE or split.path.startswith(f"{CONSOLE}/")
    safe = within and not split.scheme and not split.netloc and "\\" not in wanted and wanted.isprintable()
    return wanted if safe and not split.path.startswith(LOGIN) else CONSOLE


def is_secure(request: Request, settings: Settings) -> bool:
    """Tells whether browsers reach the console by https, so that its cookies never travel otherwise."""
    return request.url.scheme == "https" or (settings.public_url or "").startswith("https:")


def _own_form(request: Request, settings: Settings, forgery: str) -> bool:
    own = request.cookies.get(OWN_FORM, "")
    origin = request.headers.get("Origin")
    hosts = {request.url.netloc, urlsplit(settings.public_url or "").netloc} - {""}  # the origin "null" has no host
    foreign = request.headers.get("Sec-Fetch-Site", "same-origin") not in ("same-origin", "none")
    if foreign or (origin is not None and urlsplit(origin).netloc not in hosts):
        return False
    return bool(own) and compare_digest(own.encode(), forgery.encode())
