"""Staff of all roles for the console's tests, and how they sign in: over HTTP or in a browser."""

from __future__ import annotations

import re
import secrets
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from typing import Any

import httpx
from fastapi import FastAPI

from channels.console.accounts import Accounts, Role, Staff

PASSWORD = "고요한 나루터 41"


def employ(settings: Any, role: Role, name: str | None = None, **more: Any) -> Staff:
    """Makes an account with PASSWORD; under a name of its own if none is given."""
    return Accounts(settings).create(name or f"{role}-{secrets.token_hex(3)}", role, PASSWORD, **more)


def forgery_of(html: str) -> str:
    """Returns the forgery token of a page's form."""
    found = re.search(r'name="forgery" value="([^"]+)"', html)
    assert found, html[:500]
    return found[1]


async def sign_in(client: httpx.AsyncClient, name: str, password: str = PASSWORD, **more: str) -> httpx.Response:
    """Signs in by the form and returns the answer, a redirect if all is well."""
    page = await client.get("/console/login", headers={"Accept": "text/html"})
    form = {"name": name, "password": password, "forgery": forgery_of(page.text)} | more
    return await client.post("/console/login", data=form, headers={"Accept": "text/html"})


@asynccontextmanager
async def client_of(app: FastAPI, staff: Staff) -> AsyncIterator[httpx.AsyncClient]:
    """Gives a client that is signed in and sends the forgery token; pages need ``headers={"Accept": "text/html"}``."""
    async with visiting(app) as client:
        answer = await sign_in(client, staff.name)
        assert answer.status_code == 303, answer.text
        page = await client.get("/console/profile", headers={"Accept": "text/html"})
        client.headers["X-Naru-Forgery"] = forgery_of(page.text)
        yield client


def visiting(app: FastAPI) -> httpx.AsyncClient:
    """Returns a client that nobody has signed in with."""
    headers = {"Accept": "application/json"}
    return httpx.AsyncClient(transport=httpx.ASGITransport(app), base_url="http://naru.test", headers=headers)


def enter(page: Any, address: str, name: str, password: str = PASSWORD) -> None:
    """Signs in with a real browser (a playwright page)."""
    page.goto(f"{address}/console/login")
    page.locator("input[name=name]").fill(name)
    page.locator("input[name=password]").fill(password)
    page.locator("form button.main").click()
    page.wait_for_url(lambda url: "/console/login" not in url)
