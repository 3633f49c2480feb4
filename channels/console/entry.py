"""Who may do what in the console: ``StaffDep`` for anybody signed in, ``need(Role…)`` for some, no forged requests.

``gate.py`` has looked the session up before any of this runs, and has turned away who has none.
"""

from __future__ import annotations

from hmac import compare_digest
from typing import Annotated, Any

from fastapi import Depends, Request

from channels.console.accounts import Role, Staff
from channels.console.staff_sessions import Session
from channels.problems import Problem

__all__ = ["Role", "Staff", "StaffDep", "need", "not_forged", "session_of", "signed_in"]

SAFE = frozenset({"GET", "HEAD", "OPTIONS"})
FORGERY_HEADER = "X-Naru-Forgery"
FORGERY_FIELD = "forgery"
FORMS = ("application/x-www-form-urlencoded", "multipart/form-data")


def session_of(request: Request) -> Session | None:
    """Returns the session a request came with, or None."""
    return getattr(request.state, "console_session", None)


def signed_in(request: Request) -> Staff:
    """Returns who is signed in.

    Raises:
        Problem: 401; the gate turns people away before, so this is the second door.
    """
    session = session_of(request)
    if session is None:
        raise Problem(401)
    return session.staff


StaffDep = Annotated[Staff, Depends(signed_in)]


def need(*roles: Role) -> Any:
    """Returns a dependency that lets only these roles pass, and admins: ``Annotated[Staff, need(Role.EDITOR)]``.

    It fits as well into ``APIRouter(dependencies=[need(Role.SUPERVISOR)])``.
    """

    def of_role(staff: StaffDep) -> Staff:
        if staff.role not in {*roles, Role.ADMIN}:
            raise Problem(403)
        return staff

    of_role.roles = frozenset(roles)  # type: ignore[attr-defined]  # read by the test that knocks at every door
    return Depends(of_role)


async def not_forged(request: Request) -> None:
    """Refuses what another site made a browser send: whatever changes something carries the session's token.

    Raises:
        Problem: 403.
    """
    if request.method in SAFE:
        return
    session = session_of(request)
    given = request.headers.get(FORGERY_HEADER) or await _field(request)
    foreign = request.headers.get("Sec-Fetch-Site", "same-origin") not in ("same-origin", "none")
    if session is None or foreign or not compare_digest(given.encode(), session.forgery.encode()):
        raise Problem(403, "the forgery token is missing or wrong")


async def _field(request: Request) -> str:
    if not request.headers.get("Content-Type", "").startswith(FORMS):
        return ""
    value = (await request.form()).get(FORGERY_FIELD)
    return value if isinstance(value, str) else ""
