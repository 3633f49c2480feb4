"""Fetches the files customers send, from where Chatwoot keeps them and from nowhere inside this network.

Chatwoot tells an address of its own that redirects to its store, which may be another host (S3 and the like). Its own
host may be private; every other must be public, is reached by https, and at the very address that was looked at.
"""

from __future__ import annotations

import asyncio
import ipaddress
import socket
from collections.abc import Awaitable, Callable
from dataclasses import dataclass
from pathlib import PurePosixPath
from urllib.parse import unquote, urljoin, urlsplit

import httpx

MOST_REDIRECTS = 3
SECONDS = 20.0
"""Within which a file must have come, whole."""

Resolver = Callable[[str, int], Awaitable[list[str]]]


class NotFetched(Exception):
    """A file could not be fetched, or must not be."""


class TooLarge(NotFetched):
    """A file is larger than Naru takes."""


@dataclass(frozen=True)
class Fetched:
    """A file that came."""

    name: str
    content: bytes


class Attachments:
    """Fetches for one Chatwoot.

    Args:
        url: The address of Chatwoot.
        largest: Bytes of the largest file that is taken.
        resolve: Finds the network addresses of a host.
    """

    def __init__(self, url: str, largest: int, resolve: Resolver | None = None) -> None:
        self._home = _origin(url)
        self._largest = largest
        self._resolve = resolve or _resolved

    async def fetch(self, url: str) -> Fetched:
        """Fetches a file.

        Raises:
            TooLarge: It has more bytes than are taken.
            NotFetched: It can't be reached, or lies where Naru must not look.
        """
        try:
            async with asyncio.timeout(SECONDS):
                return await self._fetch(url)
        except (TimeoutError, httpx.HTTPError, httpx.InvalidURL, OSError, ValueError) as error:
            raise NotFetched(type(error).__name__) from error

    async def _fetch(self, url: str) -> Fetched:
        name = _name(url)
        async with httpx.AsyncClient(timeout=SECONDS, trust_env=False) as http:
            for _ in range(MOST_REDIRECTS + 1):
                request = await self._request(http, url)
                response = await http.send(request, stream=True)
                try:
                    if not response.has_redirect_location:
                        return Fetched(name, await self._content(response))
                    url = urljoin(url, response.headers["Location"])
                finally:
                    await response.aclose()
        raise NotFetched("too many redirects")

    async def _content(self, response: httpx.Response) -> bytes:
        if not response.is_success:
            raise NotFetched(str(response.status_code))
        content = bytearray()
        async for chunk in response.aiter_bytes():
            content += chunk
            if len(content) > self._largest:
                raise TooLarge
        return bytes(content)

    async def _request(self, http: httpx.AsyncClient, url: str) -> httpx.Request:
        """Returns the request for an address that may be looked at, to the very host that was looked at."""
        if _origin(url) == self._home:
            return http.build_request("GET", url)
        address = await self.public(url)
        host = urlsplit(url).hostname or ""
        pinned = httpx.URL(url).copy_with(host=address)
        sent = http.build_request("GET", pinned, headers={"Host": httpx.URL(url).netloc.decode()})
        sent.extensions["sni_hostname"] = host
        return sent

    async def public(self, url: str) -> str:
        """Returns the network address of a public host.

        Raises:
            NotFetched: It is not reached by https, or one of its addresses is not public.
        """
        parts = urlsplit(url)
        if parts.scheme != "https" or not parts.hostname or parts.username:
            raise NotFetched("not an https address")
        found = await self._resolve(parts.hostname, parts.port or 443)
        if not found or not all(_is_public(each) for each in found):
            raise NotFetched("not a public host")
        return found[0]


def _is_public(address: str) -> bool:
    parsed = ipaddress.ip_address(address.partition("%")[0])
    inner = getattr(parsed, "ipv4_mapped", None) or getattr(parsed, "sixtofour", None)
    return parsed.is_global and not parsed.is_multicast and (inner is None or inner.is_global)


def _origin(url: str) -> tuple[str, str, int]:
    parts = urlsplit(url)
    return parts.scheme, (parts.hostname or "").lower(), parts.port or (443 if parts.scheme == "https" else 80)


def _name(url: str) -> str:
    """Returns the file's name: the end of the address."""
    return PurePosixPath(unquote(urlsplit(url).path)).name[-200:] or "file"


async def _resolved(host: str, port: int) -> list[str]:
    found = await asyncio.get_running_loop().getaddrinfo(host, port, type=socket.SOCK_STREAM)
    return [str(each[4][0]) for each in found]
