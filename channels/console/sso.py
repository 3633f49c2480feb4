"""Single sign-on: to the OpenID Connect service and back. Only staff who have an account here come in."""

from __future__ import annotations

import asyncio
import json
import secrets
from base64 import urlsafe_b64encode
from dataclasses import asdict
from hashlib import sha256
from hmac import compare_digest
from typing import Annotated

import structlog
from cryptography.fernet import Fernet, InvalidToken
from fastapi import APIRouter, Query, Request, Response
from fastapi.responses import RedirectResponse

from channels.bounds import address
from channels.console.accounts import Accounts
from channels.console.audit import audited
from channels.console.gate import CONSOLE, LOGIN
from channels.console.login import inside, is_secure, let_in
from channels.console.oidc import Attempt, NotBelieved, Provider
from channels.conversations_api import SettingsDep
from channels.problems import Problem
from knowledge.settings import Settings

router = APIRouter(prefix=f"{LOGIN}/sso", include_in_schema=False)
log = structlog.get_logger("naru.console")

BEGUN = "naru_sso"
"""Cookie that holds, sealed, what a sign-in that has begun must come back with."""

MINUTES = 10
"""How long a person may take to sign in at the service."""

Next = Annotated[str, Query(alias="next", max_length=1000)]


@router.get("")
async def begin(request: Request, settings: SettingsDep, wanted: Next = CONSOLE) -> Response:
    """Sends the browser to the service."""
    provider = _provider(request, settings)
    attempt = Attempt(*(secrets.token_urlsafe(48) for _ in range(3)))
    try:
        answer = RedirectResponse(await provider.address(attempt), 303)
    except NotBelieved as error:
        log.warning("single sign-on is out of order", reason=str(error))
        return RedirectResponse(f"{LOGIN}?told=sso", 303)
    sealed = _seal(settings).encrypt(json.dumps(asdict(attempt) | {"next": inside(wanted)}).encode()).decode()
    answer.set_cookie(
        BEGUN,
        sealed,
        max_age=MINUTES * 60,
        path=LOGIN,
        httponly=True,
        samesite="lax",
        secure=is_secure(request, settings),
    )
    return answer


@router.get("/back")
async def come_back(
    request: Request,
    settings: SettingsDep,
    code: Annotated[str, Query(max_length=4000)] = "",
    state: Annotated[str, Query(max_length=400)] = "",
) -> Response:
    """Lets in whom the service names, if they have an account here and this browser began the sign-in."""
    provider = _provider(request, settings)
    begun = _begun(request, settings)
    if begun is None or not code or not compare_digest(begun["state"].encode(), state.encode()):
        return await _refused(request, "sso", "state")
    if not request.app.state.rates.first_time("sso-state", state):
        return await _refused(request, "sso", "replayed")
    try:
        person = await provider.person(code, Attempt(begun["state"], begun["nonce"], begun["verifier"]))
    except NotBelieved as error:
        log.warning("single sign-on was refused", reason=str(error))
        return await _refused(request, "sso", "token")
    subject = _kept_subject(settings, person.subject)
    staff = await asyncio.to_thread(Accounts(settings).link, subject, person.email)
    if staff is None:
        return await _refused(request, "stranger", "unknown")
    answer = await let_in(request, settings, staff, begun["next"], "single sign-on")
    answer.delete_cookie(BEGUN, path=LOGIN)
    return answer


def _provider(request: Request, settings: Settings) -> Provider:
    if not settings.oidc_issuer or not settings.oidc_client_id:
        raise Problem(404)
    base = settings.public_url or str(request.base_url).rstrip("/")
    return Provider(settings, f"{base}{LOGIN}/sso/back")


async def _refused(request: Request, told: str, why: str) -> Response:
    await audited(None, "sign_in.failed", how="single sign-on", why=why, address=address(request))
    answer = RedirectResponse(f"{LOGIN}?told={told}", 303)
    answer.delete_cookie(BEGUN, path=LOGIN)
    return answer


def _begun(request: Request, settings: Settings) -> dict[str, str] | None:
    try:
        opened = _seal(settings).decrypt(request.cookies.get(BEGUN, "").encode(), ttl=MINUTES * 60)
    except InvalidToken:
        return None
    return json.loads(opened)  # type: ignore[no-any-return]


def _seal(settings: Settings) -> Fernet:
    return Fernet(urlsafe_b64encode(sha256(f"{BEGUN} {settings.signing_key()}".encode()).digest()))


def _kept_subject(settings: Settings, subject: str) -> str:
    """Returns a subject's name with its issuer, at one length: another issuer's same name is somebody else."""
    return sha256(f"{settings.oidc_issuer}\n{subject}".encode()).hexdigest()
