"""Signing in and out: cookies, forged forms, sessions that end, and what a stranger can learn (nothing)."""

from __future__ import annotations

import asyncio
from datetime import timedelta
from typing import Any

import httpx
import pytest
from fastapi import FastAPI
from sqlalchemy import select

from actions.desk.tables import StaffSessionRow
from channels.app import create_app
from channels.console import staff_sessions
from channels.console.accounts import Accounts, Role
from channels.console.gate import COOKIE
from channels.console.staff_sessions import digest
from knowledge.database.engine import sessions
from knowledge.database.tables import now
from tests.channels.console.entering import PASSWORD, client_of, employ, forgery_of, sign_in, visiting

PAGE = {"Accept": "text/html"}


def cookie_line(answer: httpx.Response, name: str) -> str:
    return next(line for line in answer.headers.get_list("set-cookie") if line.startswith(f"{name}="))


async def holds(client: httpx.AsyncClient) -> bool:
    return (await client.get("/console/presence")).status_code == 200


async def test_the_right_password_opens_a_session_whose_digest_alone_is_kept(app: FastAPI, settings: Any) -> None:
    staff = employ(settings, Role.AGENT)
    async with visiting(app) as client:
        answer = await sign_in(client, staff.name)
        assert (answer.status_code, answer.headers["location"]) == (303, "/console")
        line = cookie_line(answer, COOKIE)
        assert "HttpOnly" in line and "SameSite=lax" in line and "Path=/console" in line
        assert "Secure" not in line and "Domain" not in line and "Max-Age" not in line
        cookie = client.cookies[COOKIE]
        assert len(cookie) == 43, "32 random bytes in base64"
        with sessions(settings.database)() as session:
            kept = session.scalars(select(StaffSessionRow).where(StaffSessionRow.staff_id == staff.id)).one()
            assert kept.digest == digest(cookie) != cookie
        assert (await client.get("/console", headers=PAGE)).headers["location"] == "/console/queue"


@pytest.mark.parametrize(
    ("base", "public"), [("https://naru.test", None), ("http://naru.test", "https://naru.example.kr")]
)
async def test_over_https_cookies_are_secure(settings: Any, base: str, public: str | None) -> None:
    app = create_app(settings.model_copy(update={"public_url": public}))
    staff = employ(settings, Role.AGENT)
    async with visiting(app) as client:
        client.base_url = httpx.URL(base)
        page = await client.get("/console/login", headers=PAGE)
        own = cookie_line(page, "naru_login")
        assert "Secure" in own
        client.cookies.clear()
        form = {"name": staff.name, "password": PASSWORD, "forgery": forgery_of(page.text)}
        sent = {**PAGE, "Cookie": own.partition(";")[0]}
        answer = await client.post("/console/login", data=form, headers=sent)
        assert "Secure" in cookie_line(answer, COOKIE)


async def test_a_stranger_learns_nothing_from_what_is_wrong(app: FastAPI, settings: Any) -> None:
    known, closed, locked = (employ(settings, Role.AGENT) for _ in range(3))
    accounts = Accounts(settings)
    accounts.deactivate(closed.id)
    for _ in range(5):
        accounts.recognise(locked.name, "wrong")
    async with visiting(app) as client:
        answers = [
            await sign_in(client, known.name, "a wrong password"),
            await sign_in(client, "there-is-nobody", "a wrong password"),
            await sign_in(client, closed.name, PASSWORD),
            await sign_in(client, locked.name, PASSWORD),
            await sign_in(client, "", ""),
            await sign_in(client, "' or 1=1 --", "x' or '1'='1"),
        ]
        assert {answer.status_code for answer in answers} == {401}
        assert len({answer.text for answer in answers}) == 1
        assert all(COOKIE not in answer.headers.get("set-cookie", "") for answer in answers)


async def test_an_address_that_tries_too_often_waits(app: FastAPI, settings: Any) -> None:
    staff = employ(settings, Role.AGENT)
    async with visiting(app) as client:
        tries = [await sign_in(client, f"nobody-{number}", "wrong") for number in range(20)]
        assert {answer.status_code for answer in tries} == {401}
        refused = await sign_in(client, staff.name)
        assert refused.status_code == 429 and 1 <= int(refused.headers["Retry-After"]) <= 60
        assert not await holds(client)


async def test_a_forged_sign_in_form_is_refused(app: FastAPI, settings: Any) -> None:
    staff = employ(settings, Role.AGENT)
    form = {"name": staff.name, "password": PASSWORD}
    async with visiting(app) as client:
        page = await client.get("/console/login", headers=PAGE)
        good = form | {"forgery": forgery_of(page.text)}
        for data, headers in (
            (form, {}),
            (form | {"forgery": "guessed"}, {}),
            (good, {"Origin": "https://evil.example"}),
            (good, {"Origin": "null"}),
            (good, {"Sec-Fetch-Site": "cross-site"}),
        ):
            answer = await client.post("/console/login", data=data, headers=PAGE | headers)
            assert answer.status_code == 403 and COOKIE not in client.cookies, (data, headers)
        cookieless = await client.post("/console/login", data=good, headers=PAGE | {"Cookie": "naru_login=other"})
        assert cookieless.status_code == 403
        client.cookies.clear()
        page = await client.get("/console/login", headers=PAGE)
        good = form | {"forgery": forgery_of(page.text)}
        answer = await client.post("/console/login", data=good, headers=PAGE | {"Origin": "http://naru.test"})
        assert answer.status_code == 303


async def test_signing_in_takes_no_cookie_from_elsewhere_and_ends_the_old_session(app: FastAPI, settings: Any) -> None:
    staff = employ(settings, Role.AGENT)
    async with visiting(app) as client:
        client.cookies.set(COOKIE, "chosen-by-somebody-else", domain="naru.test", path="/console")
        await sign_in(client, staff.name)
        first = client.cookies[COOKIE]
        assert first != "chosen-by-somebody-else"
        client.cookies.set(COOKIE, first, domain="naru.test", path="/console/login")
        page = await client.get("/console/login", headers=PAGE)
        assert page.status_code == 303, "who is signed in needs no form"
        client.cookies.clear()
        page = await client.get("/console/login", headers=PAGE)
        form = {"name": staff.name, "password": PASSWORD, "forgery": forgery_of(page.text)}
        own = cookie_line(page, "naru_login").partition(";")[0]
        sent = PAGE | {"Cookie": f"{own}; {COOKIE}={first}"}
        answer = await client.post("/console/login", data=form, headers=sent)
        second = cookie_line(answer, COOKIE).partition(";")[0].partition("=")[2]
        assert second != first
        for cookie, status in ((first, 401), (second, 200)):
            client.cookies.clear()
            answer = await client.get("/console/presence", headers={"Cookie": f"{COOKIE}={cookie}"})
            assert answer.status_code == status


async def test_signing_out_ends_the_session_in_the_database(app: FastAPI, settings: Any) -> None:
    async with client_of(app, employ(settings, Role.AGENT)) as client:
        cookie = client.cookies[COOKIE]
        answer = await client.post("/console/sign-out")
        assert (answer.status_code, answer.headers["location"]) == (303, "/console/login?told=out")
        assert COOKIE not in client.cookies
        answer = await client.get("/console/presence", headers={"Cookie": f"{COOKIE}={cookie}"})
        assert answer.status_code == 401


async def test_a_session_ends_after_two_idle_hours(
    app: FastAPI, settings: Any, monkeypatch: pytest.MonkeyPatch
) -> None:
    clock = now()
    async with client_of(app, employ(settings, Role.AGENT)) as client:
        monkeypatch.setattr(staff_sessions, "now", lambda: clock)
        for _ in range(2):
            clock += timedelta(minutes=110)
            assert await holds(client), "a click keeps it"
        clock += timedelta(minutes=110)
        assert (await client.post("/console/presence/alive")).status_code == 204
        clock += timedelta(minutes=15)
        assert not await holds(client), "a page's own sign of life is no click"


async def test_a_session_ends_after_the_hours_that_are_set(
    app: FastAPI, settings: Any, monkeypatch: pytest.MonkeyPatch
) -> None:
    clock = now()
    async with client_of(app, employ(settings, Role.AGENT)) as client:
        monkeypatch.setattr(staff_sessions, "now", lambda: clock)
        for _ in range(9):
            clock += timedelta(hours=1)
            assert await holds(client)
        clock += timedelta(minutes=61)
        assert settings.session_hours == 10
        assert not await holds(client)


async def test_a_new_password_ends_every_session(app: FastAPI, settings: Any) -> None:
    staff = employ(settings, Role.EDITOR)
    fresh = "새로운 나루터 바람 7"
    async with client_of(app, staff) as here, client_of(app, staff) as there:
        form = {"present": PASSWORD, "password": fresh, "again": fresh}
        wrong = await here.post("/console/profile/password", data=form | {"present": "not mine"}, headers=PAGE)
        differs = await here.post("/console/profile/password", data=form | {"again": "x"}, headers=PAGE)
        easy = {"present": PASSWORD, "password": "password123", "again": "password123"}
        common = await here.post("/console/profile/password", data=easy, headers=PAGE)
        assert {answer.status_code for answer in (wrong, differs, common)} == {422}
        assert await holds(here) and await holds(there)

        changed = await here.post("/console/profile/password", data=form, headers=PAGE)
        assert changed.headers["location"] == "/console/login?told=changed"
        assert not await holds(here) and not await holds(there)
        assert (await sign_in(here, staff.name)).status_code == 401
        assert (await sign_in(here, staff.name, fresh)).status_code == 303


async def test_a_closed_account_is_out_at_once(app: FastAPI, settings: Any) -> None:
    staff = employ(settings, Role.AGENT)
    async with client_of(app, staff) as client:
        assert await holds(client)
        Accounts(settings).deactivate(staff.id)
        assert not await holds(client)


@pytest.mark.parametrize(
    ("wanted", "reached"),
    [
        ("/console/cases?q=1", "/console/cases?q=1"),
        ("https://evil.example/console", "/console"),
        ("//evil.example/console", "/console"),
        ("/\\evil.example", "/console"),
        ("/console\\@evil.example", "/console"),
        ("/consolevil", "/console"),
        ("/api/conversations", "/console"),
        ("javascript:alert(1)", "/console"),
        ("/console/login", "/console"),
        ("/console/x\r\nSet-Cookie: a=b", "/console"),
    ],
)
async def test_after_signing_in_one_gets_where_one_wanted_inside_the_console(
    app: FastAPI, settings: Any, wanted: str, reached: str
) -> None:
    staff = employ(settings, Role.AGENT)
    async with visiting(app) as client:
        answer = await sign_in(client, staff.name, next=wanted)
        assert (answer.status_code, answer.headers["location"]) == (303, reached)


async def test_the_sign_in_page_speaks_both_languages(app: FastAPI) -> None:
    async with visiting(app) as client:
        korean = await client.get("/console/login", headers=PAGE | {"Accept-Language": "ko-KR,ko;q=0.9"})
        english = await client.get("/console/login", headers=PAGE | {"Accept-Language": "en-GB"})
        chosen = await client.get("/console/login?language=en", headers=PAGE | {"Accept-Language": "ko-KR"})
        assert '<html lang="ko">' in korean.text and "비밀번호" in korean.text
        assert '<html lang="en">' in english.text and "Password" in english.text
        assert '<html lang="en">' in chosen.text


async def test_a_script_as_a_name_stays_text(app: FastAPI, settings: Any) -> None:
    shown = "<script>alert(1)</script>"
    staff = employ(settings, Role.ADMIN, shown_as=shown)
    async with client_of(app, staff) as client:
        page = await client.get("/console/staff?added=%3Cimg%20src%3Dx%3E", headers=PAGE)
        assert page.status_code == 200
        assert shown not in page.text and "&lt;script&gt;alert(1)&lt;/script&gt;" in page.text
        assert "<img" not in page.text


async def test_a_stream_ends_when_its_session_does(
    app: FastAPI, settings: Any, monkeypatch: pytest.MonkeyPatch
) -> None:
    from collections.abc import AsyncIterator

    from sse_starlette import EventSourceResponse

    from channels.console import gate

    monkeypatch.setattr(gate, "LOOK_SECONDS", 0.1)
    told: list[int] = []

    async def ticking() -> AsyncIterator[dict[str, str]]:
        for number in range(1000):
            told.append(number)
            yield {"data": str(number)}
            await asyncio.sleep(0.05)

    @app.get("/console/ticking")
    async def stream() -> EventSourceResponse:
        return EventSourceResponse(ticking())

    staff = employ(settings, Role.AGENT)
    async with client_of(app, staff) as client:
        listening = asyncio.create_task(client.get("/console/ticking", headers={"Accept": "text/event-stream"}))
        await asyncio.sleep(1)
        assert not listening.done() and len(told) > 5
        Accounts(settings).deactivate(staff.id)
        await asyncio.wait_for(listening, 3)
        heard = len(told)
        await asyncio.sleep(0.3)
        assert len(told) == heard < 100
