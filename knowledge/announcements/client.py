"""Fetches the list of 기업마당 page by page, patiently and within bounds; the key appears in no log and no message.

Format: GET with crtfcKey, dataType=json, searchCnt (0: all), pageUnit, pageIndex, searchLclasId, hashtags
(https://www.bizinfo.go.kr/apiDetail.do?id=bizinfoApi).
"""

from __future__ import annotations

import json
import logging
import re
import time
from dataclasses import dataclass, field
from datetime import UTC, datetime
from typing import Any

import httpx
from pydantic import SecretStr
from tenacity import Retrying, retry_if_exception, stop_after_attempt, wait_exponential_jitter

from knowledge.announcements.answer import Page, read_answer
from knowledge.announcements.errors import BizinfoError, KeyRefused, LimitReached, Malformed, ServiceDown, SwitchedOff

EXPORT = "04"
"""Class 수출 of the service's 지원분야."""

_KEY = re.compile(r"(crtfcKey=)[^&\s\"']+", re.I)
_HIDDEN = "…"


class _WithoutKey(logging.Filter):
    """Takes the key out of the addresses that httpx logs."""

    def filter(self, record: logging.LogRecord) -> bool:
        record.msg, record.args = _KEY.sub(rf"\1{_HIDDEN}", record.getMessage()), ()
        return True


logging.getLogger("httpx").addFilter(_WithoutKey())


@dataclass(frozen=True)
class Patience:
    """How long to wait, how often to ask again, and how much to take.

    Attributes:
        connect: Seconds to wait for a connection.
        read: Seconds to wait for the next bytes.
        answer: Seconds one answer may take in all.
        attempts: How often a page is asked for before giving up.
        first_wait: Seconds before the second attempt; doubled with each, with some chance added.
        longest_wait: Seconds between two attempts at most.
        page_size: Announcements a page.
        most_pages: Pages of one fetch at most.
        largest: Bytes of one answer at most.
    """

    connect: float = 10.0
    read: float = 30.0
    answer: float = 120.0
    attempts: int = 4
    first_wait: float = 1.0
    longest_wait: float = 30.0
    page_size: int = 100
    most_pages: int = 50
    largest: int = 30_000_000


@dataclass(frozen=True)
class Fetched:
    """What a fetch brought.

    Attributes:
        rows: The rows as they came, in the order of the pages; the same announcement may be there twice.
        complete: True where the whole class was asked for, its end was reached and nothing is known to be missing.
        at: When the fetch began.
        sector_class: The class of the list that was asked for.
    """

    rows: tuple[Any, ...]
    complete: bool
    at: datetime
    sector_class: str = EXPORT


@dataclass(frozen=True)
class Bizinfo:
    """The service: where it is and how Naru asks it.

    Attributes:
        url: Address of the service.
        key: Key of the service (crtfcKey); None or empty: the connector is off.
        patience: Waiting times and bounds.
    """

    url: str
    key: SecretStr | None
    patience: Patience = field(default_factory=Patience)

    def fetch(self, sector_class: str = EXPORT, hashtags: str = "") -> Fetched:
        """Returns the whole list of one class, optionally only what carries certain hashtags (separated by commas).

        Raises:
            SwitchedOff: No key is set.
            KeyRefused: The service does not accept the key.
            LimitReached: The key has been used up for now.
            ServiceDown: The service could not be reached, or failed, in every attempt.
            Malformed: The answers were not what is documented, in every attempt.
        """
        if not self.key or not self.key.get_secret_value().strip():
            raise SwitchedOff("Announcements are off: no key for 기업마당 is set (NARU_BIZINFO_KEY).")
        at = datetime.now(UTC)
        timeout = httpx.Timeout(self.patience.read, connect=self.patience.connect)
        with httpx.Client(timeout=timeout, headers={"Accept": "application/json"}) as http:
            rows, complete = self._pages(http, {"searchLclasId": sector_class, "hashtags": hashtags})
        return Fetched(tuple(rows), complete and not hashtags, at, sector_class)

    def _pages(self, http: httpx.Client, wanted: dict[str, str]) -> tuple[list[Any], bool]:
        """All rows, and whether the list's end was reached: an empty page, one that only repeats, or the total."""
        rows: list[Any] = []
        seen: set[str] = set()
        total: int | None = None
        for number in range(1, self.patience.most_pages + 1):
            page = self._page(http, wanted, number)
            total = max((count for count in (total, page.total) if count is not None), default=None)
            fresh = {_identity(row) for row in page.rows} - seen
            rows += page.rows if fresh else ()
            seen |= fresh
            if total is not None and len(seen) >= total:
                return rows, True
            if not fresh:
                return rows, self._is_all(len(rows), total, page)
        return rows, False

    def _is_all(self, received: int, total: int | None, last: Page) -> bool:
        if total is not None:
            return received >= total
        # A full page that only repeats comes from a service that does not turn pages: more may lie behind it.
        return len(last.rows) != self.patience.page_size

    def _page(self, http: httpx.Client, wanted: dict[str, str], number: int) -> Page:
        retrying = Retrying(
            stop=stop_after_attempt(self.patience.attempts),
            wait=wait_exponential_jitter(
                initial=self.patience.first_wait, max=self.patience.longest_wait, jitter=self.patience.first_wait
            ),
            retry=retry_if_exception(lambda error: isinstance(error, BizinfoError) and error.passing),
            reraise=True,
        )
        for attempt in retrying:
            with attempt:
                return self._ask(http, wanted, number)
        raise ServiceDown("기업마당 was not asked at all.")  # never: there is at least one attempt

    def _ask(self, http: httpx.Client, wanted: dict[str, str], number: int) -> Page:
        assert self.key is not None
        key = self.key.get_secret_value().strip()
        asked = {name: value for name, value in wanted.items() if value}
        asked |= {"dataType": "json", "searchCnt": "0", "pageUnit": str(self.patience.page_size)}
        asked |= {"pageIndex": str(number), "crtfcKey": key}
        try:
            with http.stream("GET", self.url, params=asked) as response:
                body = self._body(response)
                status = response.status_code
        except httpx.TimeoutException as error:
            raise ServiceDown("기업마당 did not answer in time.", passing=True) from error
        except httpx.TransportError as error:
            raise ServiceDown(f"기업마당 could not be reached ({type(error).__name__}).", passing=True) from error
        except httpx.HTTPError as error:
            raise Malformed(f"The answer of 기업마당 could not be unpacked ({type(error).__name__}).") from error
        except httpx.InvalidURL as error:
            raise ServiceDown("NARU_BIZINFO_URL is no web address.") from error
        if b"<returnReasonCode>" not in body:  # an error with a reason of its own says more than the status
            _check_status(status)
        try:
            return read_answer(body)
        except BizinfoError as error:
            # Some services repeat the request, key and all, in what they say of it.
            raise type(error)(str(error).replace(key, _HIDDEN), passing=error.passing) from None

    def _body(self, response: httpx.Response) -> bytes:
        began, body = time.monotonic(), bytearray()
        for part in response.iter_bytes():
            body += part
            if len(body) > self.patience.largest:
                raise Malformed(f"The answer of 기업마당 is larger than {self.patience.largest} bytes.")
            if time.monotonic() - began > self.patience.answer:
                raise ServiceDown("기업마당 did not finish its answer in time.", passing=True)
        return bytes(body)


def _check_status(status: int) -> None:
    if status in (401, 403):
        raise KeyRefused(f"기업마당 refuses the key (HTTP {status}).")
    if status == 429:
        raise LimitReached("기업마당: too many requests for now (HTTP 429).")
    if status >= 500:
        raise ServiceDown(f"기업마당 answers with an error of its own (HTTP {status}).", passing=True)
    if status != 200:
        raise ServiceDown(f"기업마당 answers with HTTP {status}; is NARU_BIZINFO_URL still right?")


def _identity(row: Any) -> str:
    if isinstance(row, dict) and (number := row.get("pblancId") or row.get("seq")):
        return str(number)
    return json.dumps(row, sort_keys=True, ensure_ascii=False)
