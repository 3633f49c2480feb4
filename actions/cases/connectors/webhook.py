"""Posts a package to the receiver's address, signed, so that the receiver knows who sent it and handles it once.

``Naru-Signature: t=UNIX_SECONDS,v1=HEX`` with HEX = HMAC-SHA256(secret, "t.body"); the receiver refuses old times.
``Idempotency-Key`` is the same at every try of the same package (IETF draft-ietf-httpapi-idempotency-key-header).
"""

from __future__ import annotations

import base64
import hashlib
import hmac
import json
import time
from datetime import UTC, datetime, timedelta
from email.utils import parsedate_to_datetime

import httpx

from actions.cases.connectors.parcel import Parcel, Refused, Unreachable
from actions.cases.routes import Route
from knowledge.settings import Settings

TIMEOUT = httpx.Timeout(10.0, connect=5.0)
"""Seconds without a sign of life after which a receiver counts as down."""

TRY_AGAIN = frozenset({408, 425, 429})
"""Client errors that say "not now": Request Timeout, Too Early, Too Many Requests (RFC 9110, 8470, 6585)."""


def send(parcel: Parcel, route: Route, _chosen: Settings) -> None:
    """Posts the package; only a 2xx counts as handed over. Redirects are not followed: the data goes nowhere else.

    Raises:
        Refused: 3xx, or 4xx other than 408, 425, 429.
        Unreachable: No connection, no answer in time, 5xx, 408, 425, 429; Retry-After is heeded.
    """
    body = _body(parcel)
    headers = {
        "Content-Type": "application/json",
        "Idempotency-Key": parcel.key,
        "Naru-Signature": signature(route.secret.get_secret_value(), int(time.time()), body),
        "User-Agent": "Naru",
    }
    try:
        with (
            httpx.Client(timeout=TIMEOUT, follow_redirects=False, trust_env=False) as client,
            client.stream("POST", route.address, content=body, headers=headers) as response,
        ):
            _judge(response)
    except httpx.HTTPError as error:
        raise Unreachable(f"{type(error).__name__}: {error}") from error


def signature(secret: str, at: int, body: bytes) -> str:
    """Returns the value of Naru-Signature for a body sent at a Unix time."""
    digest = hmac.new(secret.encode(), f"{at}.".encode() + body, hashlib.sha256).hexdigest()
    return f"t={at},v1={digest}"


def _body(parcel: Parcel) -> bytes:
    contents = {each.kind: base64.b64encode(each.content).decode() for each in parcel.enclosures}
    documents = [{**one, "content_base64": contents[one["kind"]]} for one in parcel.package["documents"]]
    return json.dumps({**parcel.package, "documents": documents}, ensure_ascii=False).encode()


def _judge(response: httpx.Response) -> None:
    status = response.status_code
    if 200 <= status < 300:
        return
    if status >= 500 or status in TRY_AGAIN:
        raise Unreachable(f"HTTP {status}", _asked_to_wait(response.headers.get("Retry-After")))
    raise Refused(f"HTTP {status}")


def _asked_to_wait(header: str | None) -> timedelta | None:
    """Reads Retry-After: seconds, or a date (RFC 9110, 10.2.3)."""
    if header is None:
        return None
    if header.strip().isdigit():
        return timedelta(seconds=min(int(header), 86400))
    try:
        until = parsedate_to_datetime(header)
    except ValueError:
        return None
    return max(until.astimezone(UTC) - datetime.now(UTC), timedelta(0))
