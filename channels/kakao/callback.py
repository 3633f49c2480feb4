"""A late answer is posted to the address KakaoTalk gave for it: once, in time, and to KakaoTalk only.

The address comes with a request, so that it is checked as if a stranger had written it: otherwise Naru could be made to
send what people are told anywhere, or to knock at doors inside.
"""

from __future__ import annotations

import asyncio
import ipaddress
import re
import socket
from typing import Any

import httpx
import structlog

from channels.limits import KAKAO

log = structlog.get_logger("naru.kakao")

IN_TIME = KAKAO.callback_seconds - 5
"""Seconds after the request until which posting is begun."""

PATIENCE = httpx.Timeout(8.0, connect=4.0)

_NAME = re.compile(r"[a-z0-9](?:[a-z0-9.-]*[a-z0-9])?")
_SUSPICIOUS = re.compile(r"[\s\\@\x00-\x1f\x7f]")


def allowed(address: str, hosts: str) -> bool:
    """Tells whether an answer may be posted to an address.

    Args:
        address: The address from the request.
        hosts: Host names, separated by commas: https on the usual port to them or below is allowed. One written with
            its scheme (``http://127.0.0.1:8080``) allows exactly that, for trying things out.
    """
    url = _parsed(address)
    if url is None:
        return False
    entries = [entry.strip().lower().rstrip("/") for entry in hosts.split(",") if entry.strip()]
    if _origin(url) in entries:
        return True
    if url.scheme != "https" or url.port not in (None, 443) or not _NAME.fullmatch(url.host) or _is_number(url.host):
        return False
    return any(url.host == entry or url.host.endswith(f".{entry}") for entry in entries if "/" not in entry)


async def post(address: str, response: dict[str, Any], hosts: str) -> bool:
    """Posts an answer, never twice; tells whether KakaoTalk took it."""
    url = _parsed(address)
    if url is None or not allowed(address, hosts) or not await _is_outside(url, hosts):
        return False
    try:
        async with httpx.AsyncClient(timeout=PATIENCE, follow_redirects=False, trust_env=False) as client:
            answered = await client.post(url, json=response)
        taken = answered.is_success and _status(answered) not in ("FAIL", "ERROR")
    except (httpx.HTTPError, httpx.InvalidURL, UnicodeError) as error:
        log.warning("late answer not posted", error=type(error).__name__)
        return False
    if not taken:
        log.warning("late answer not taken", status=answered.status_code)
    return taken


def _parsed(address: str) -> httpx.URL | None:
    """Returns the address as the client that posts will read it; None for one written to be misread."""
    if len(address) > 2000 or not address.isascii() or _SUSPICIOUS.search(address):
        return None
    try:
        url = httpx.URL(address)
    except (httpx.InvalidURL, ValueError):
        return None
    return url if url.host and not url.userinfo and url.scheme in ("http", "https") else None


def _origin(url: httpx.URL) -> str:
    return f"{url.scheme}://{url.host}" + (f":{url.port}" if url.port else "")


def _is_number(host: str) -> bool:
    """Tells whether a host is an address in numbers, in any of the ways browsers and systems read them."""
    return host.replace(".", "").isdigit() or host.startswith("0x")


async def _is_outside(url: httpx.URL, hosts: str) -> bool:
    """Tells whether a host's addresses lie in the public net (or it was allowed as it is)."""
    if _origin(url) in [entry.strip().lower().rstrip("/") for entry in hosts.split(",")]:
        return True
    try:
        found = await asyncio.get_running_loop().getaddrinfo(url.host, 443, type=socket.SOCK_STREAM)
    except OSError:
        return False
    return bool(found) and all(ipaddress.ip_address(each[4][0]).is_global for each in found)


def _status(answered: httpx.Response) -> str | None:
    """Returns what KakaoTalk says became of the answer, if it says so."""
    try:
        said = answered.json()
    except ValueError:
        return None
    return str(said.get("status")) if isinstance(said, dict) else None
