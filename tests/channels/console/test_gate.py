"""Every door of the console is tried: without a session, with a role it is not for, and with a forged request."""

from __future__ import annotations

import re
from collections.abc import Iterator
from typing import Any

import httpx
import pytest
from fastapi import FastAPI
from fastapi.routing import APIRoute
from starlette.routing import BaseRoute

from channels.app import create_app
from channels.console.accounts import Role, Staff
from channels.console.page import places
from tests.channels.console.entering import client_of, employ, visiting

PAGE = {"Accept": "text/html"}
OPEN = ("/console/login", "/console/login/sso", "/console/login/sso/back")

DESK = {Role.AGENT, Role.SUPERVISOR}
ALL = set(Role)
WHO = {
    "/console": ALL,
    "/console/presence": ALL,
    "/console/presence/alive": ALL,
    "/console/sign-out": ALL,
    "/console/profile": ALL,
    "/console/queue": DESK,
    "/console/live": DESK,
    "/console/canned": {Role.SUPERVISOR},
    "/console/assist": DESK,
    "/console/cases": DESK,
    "/console/cases/1/erase": {Role.SUPERVISOR},
    "/console/applications": DESK,
    "/console/applications/1/accept": {Role.SUPERVISOR},
    "/console/applications/1/decline": {Role.SUPERVISOR},
    "/console/applications/applications.csv": {Role.SUPERVISOR},
    "/console/knowledge": {Role.EDITOR},
    "/console/insight": {Role.SUPERVISOR},
    "/console/audit": {Role.SUPERVISOR},
    "/console/staff": set(),
}
"""Who may open what, besides admins: by the longest address that a route's begins with."""


def routes(found: list[BaseRoute]) -> Iterator[APIRoute]:
    """All routes, also those of routers that a router includes."""
    for route in found:
        if isinstance(route, APIRoute):
            yield route
        elif hasattr(route, "original_router"):
            yield from routes(route.original_router.routes)


def doors(app: FastAPI) -> list[tuple[str, str]]:
    """Method and address of every route of the console, with something in place of its parameters."""
    found = set()
    for route in routes(app.routes):
        if route.path.startswith("/console"):
            address = re.sub(r"\{[^}]+\}", "1", route.path)
            found |= {(method, address) for method in route.methods}
    return sorted(found)


def allowed(address: str) -> set[Role]:
    """Roles besides admin that may open an address; every address must be in the table."""
    for length in range(len(address.split("/")), 1, -1):
        known = WHO.get("/".join(address.split("/")[:length]))
        if known is not None and (length > 2 or address == "/console"):
            return known
    raise AssertionError(f"say in WHO who may open {address}")


@pytest.fixture(scope="module")
def app(settings: Any) -> FastAPI:
    # An assistant that can do nothing: a route that used it before it asks who is there would break.
    return create_app(settings, assistant=object())  # type: ignore[arg-type]


@pytest.fixture(scope="module")
def staff(settings: Any) -> dict[Role, Staff]:
    return {role: employ(settings, role) for role in Role}


def test_the_walk_finds_the_doors(app: FastAPI) -> None:
    found = doors(app)
    for door in [
        ("GET", "/console"),
        ("POST", "/console/sign-out"),
        ("POST", "/console/staff/1/role"),
        ("GET", "/console/audit/lines.csv"),
    ]:
        assert door in found


async def test_without_a_session_nothing_answers(app: FastAPI) -> None:
    async with visiting(app) as client:
        for method, address in doors(app):
            if address in OPEN:
                continue
            asked = await client.request(method, address)
            assert asked.status_code == 401, (method, address)
            assert asked.headers["content-type"] == "application/problem+json"
            shown = await client.request(method, address, headers=PAGE)
            assert shown.status_code == 303 and shown.headers["location"].startswith("/console/login"), (
                method,
                address,
            )
            assert shown.content == b""


@pytest.mark.parametrize(
    "address",
    [
        "/console/",
        "/console/there-is-no-such-page",
        "/console//queue",
        "/console/queue/../staff",
        "/console/login/../staff",
        "/console/static/../staff",
        "/console/static/..%2f..%2f__init__.py",
        "/console/static/%2e%2e/staff",
    ],
)
async def test_odd_addresses_lead_nowhere(app: FastAPI, address: str) -> None:
    async with visiting(app) as client:
        answer = await client.get(httpx.URL(f"http://naru.test{address}"))
        assert answer.status_code in (401, 404) and len(answer.content) < 500
        assert "naru" not in answer.text.lower().replace("sign in at /console/login", "")


@pytest.mark.parametrize("cookie", ["", "x", "'; drop table staff", "a" * 5000, "\u00e9"])
async def test_made_up_cookies_are_no_session(app: FastAPI, cookie: str) -> None:
    async with visiting(app) as client:
        sent = [(b"cookie", f"naru_session={cookie}".encode("latin-1"))]
        answer = await client.get("/console/presence", headers=sent)  # type: ignore[arg-type]
        assert answer.status_code == 401


@pytest.mark.parametrize("role", [Role.AGENT, Role.SUPERVISOR, Role.EDITOR])
async def test_a_wrong_role_is_refused(app: FastAPI, staff: dict[Role, Staff], role: Role) -> None:
    tried = 0
    async with client_of(app, staff[role]) as client:
        for method, address in doors(app):
            if address in OPEN or role in allowed(address):
                continue
            answer = await client.request(method, address)
            assert answer.status_code == 403, (role, method, address, answer.text)
            tried += 1
    assert tried > 5


async def test_whatever_changes_something_needs_the_forgery_token(app: FastAPI, staff: dict[Role, Staff]) -> None:
    async with client_of(app, staff[Role.ADMIN]) as client:
        good = client.headers.pop("X-Naru-Forgery")
        for method, address in doors(app):
            if method in ("GET", "HEAD") or address in OPEN:
                continue
            for headers in (
                {},
                {"X-Naru-Forgery": "guessed"},
                {"X-Naru-Forgery": good[:-1]},
                {"X-Naru-Forgery": good, "Sec-Fetch-Site": "cross-site"},
                {"X-Naru-Forgery": good, "Sec-Fetch-Site": "same-site"},
            ):
                answer = await client.request(method, address, headers=headers)
                assert answer.status_code == 403, (method, address, headers)
                answer = await client.request(method, address, headers=headers, data={"forgery": "guessed"})
                assert answer.status_code == 403, (method, address, headers)
        assert (await client.get("/console/presence")).status_code == 200, "and the session is still there"


async def test_another_sessions_token_is_no_good(app: FastAPI, staff: dict[Role, Staff]) -> None:
    async with client_of(app, staff[Role.ADMIN]) as one, client_of(app, staff[Role.ADMIN]) as other:
        headers = {"X-Naru-Forgery": other.headers["X-Naru-Forgery"]}
        assert (await one.post("/console/presence", json={"presence": "away"}, headers=headers)).status_code == 403
        assert (await one.post("/console/presence", json={"presence": "away"})).status_code == 204


@pytest.mark.parametrize("address", ["/console/login", "/console/profile", "/console/nothing", "/console/presence"])
async def test_every_answer_is_guarded_by_its_headers(app: FastAPI, staff: dict[Role, Staff], address: str) -> None:
    async with client_of(app, staff[Role.AGENT]) as client:
        headers = (await client.get(address, headers=PAGE)).headers
    policy = dict(part.strip().split(" ", 1) for part in headers["Content-Security-Policy"].split(";"))
    assert policy["default-src"] == "'self'" and policy["frame-ancestors"] == "'none'"
    assert policy["object-src"] == policy["base-uri"] == "'none'" and policy["form-action"] == "'self'"
    assert "unsafe" not in headers["Content-Security-Policy"]
    assert headers.get_list("Cache-Control") == ["no-store"]
    assert headers["X-Frame-Options"] == "DENY" and headers["X-Content-Type-Options"] == "nosniff"
    assert "Access-Control-Allow-Credentials" not in headers


async def test_another_site_may_not_read_the_console(app: FastAPI, staff: dict[Role, Staff]) -> None:
    async with client_of(app, staff[Role.AGENT]) as client:
        asked = {"Origin": "https://evil.example", "Access-Control-Request-Method": "POST"}
        answer = await client.options("/console/presence", headers=asked)
        assert "Access-Control-Allow-Credentials" not in answer.headers


async def test_static_files_are_asked_for_again_but_not_sent_again(app: FastAPI) -> None:
    async with visiting(app) as client:
        for name in ("console.css", "api.js", "shell.js", "theme.js", "icon.svg"):
            first = await client.get(f"/console/static/{name}")
            assert first.status_code == 200 and first.headers["Cache-Control"] == "no-cache"
            again = await client.get(f"/console/static/{name}", headers={"If-None-Match": first.headers["ETag"]})
            assert again.status_code == 304


async def test_errors_are_pages_for_people_and_problems_for_scripts(app: FastAPI, staff: dict[Role, Staff]) -> None:
    async with client_of(app, staff[Role.AGENT]) as client:
        page = await client.get("/console/staff", headers=PAGE)
        assert page.status_code == 403 and "볼 수 없는 화면이에요" in page.text and "대기열" in page.text
        assert (await client.get("/console/staff")).json()["status"] == 403
        missing = await client.get("/console/nothing", headers=PAGE)
        assert missing.status_code == 404 and "없는 화면이에요" in missing.text


@pytest.mark.parametrize("role", list(Role))
async def test_the_navigation_shows_what_a_role_may_open(app: FastAPI, staff: dict[Role, Staff], role: Role) -> None:
    async with client_of(app, staff[role]) as client:
        page = await client.get("/console/profile", headers=PAGE)
        shown = set(re.findall(r'<a href="(/console/\w+)" data-go', page.text)) - {"/console/profile"}
        canned = {"/console/canned"} & shown
        assert bool(canned) == (role in (Role.SUPERVISOR, Role.ADMIN)), "replies used often are theirs to write"
        shown -= canned
        assert shown == {place.path for place in places(staff[role])}
        roles = {path for path, who in WHO.items() if path in shown and (role in who or role is Role.ADMIN)}
        assert roles == shown
