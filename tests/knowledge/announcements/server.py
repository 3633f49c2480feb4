"""A stand-in for 기업마당 that listens on a real port and speaks the documented format, faults included.

    with FakeBizinfo([row(1), row(2)]) as bizinfo:
        bizinfo.faults += [Fault(status=503), xml_fault("30", "SERVICE_KEY_IS_NOT_REGISTERED_ERROR")]
        service = Bizinfo(bizinfo.url, SecretStr(bizinfo.key), QUICK)

Faults are answered first, one a request; then the list, page by page.
"""

from __future__ import annotations

import contextlib
import json
import socket
import threading
import time
from dataclasses import dataclass
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from typing import Any
from urllib.parse import parse_qsl, urlsplit

from knowledge.announcements.client import Patience

KEY = "tEsTkEy123"
QUICK = Patience(connect=2, read=0.4, answer=3, attempts=3, first_wait=0.01, longest_wait=0.02, page_size=3)


def row(number: int, **changes: Any) -> dict[str, Any]:
    """Returns a row of the export list as the service documents it; ``None`` takes a field out."""
    made: dict[str, Any] = {
        "pblancId": f"PBLN_{number:012d}",
        "pblancNm": f"수출 지원사업 {number}차 모집 공고",
        "jrsdInsttNm": "중소벤처기업부",
        "excInsttNm": "중소벤처기업진흥공단",
        "reqstBeginEndDe": "20260101 ~ 20261231",
        "trgetNm": "중소기업",
        "bsnsSumryCn": "<p>수출을 준비하는 기업을 도와요.</p>",
        "pblancUrl": f"/sii/siia/selectSIIA200Detail.do?pblancId=PBLN_{number:012d}",
        "flpthNm": "",
        "fileNm": "",
        "creatPnttm": "2026-01-02 09:00:00",
        "hashtags": "2026,수출,중소벤처기업부",
        "pldirSportRealmLclasCodeNm": "수출",
    }
    made |= changes
    return {name: value for name, value in made.items() if value is not None}


@dataclass(frozen=True)
class Fault:
    """One answer that is not the list.

    Attributes:
        body: What is sent.
        status: HTTP status.
        content_type: What the answer says it is.
        wait: Seconds before anything is sent.
        cut: True to promise more bytes than are sent, and hang up.
        drop: True to hang up without any answer.
        headers: More headers.
    """

    body: bytes = b""
    status: int = 200
    content_type: str = "application/json;charset=UTF-8"
    wait: float = 0.0
    cut: bool = False
    drop: bool = False
    headers: tuple[tuple[str, str], ...] = ()


def json_fault(data: Any, status: int = 200) -> Fault:
    """Returns an answer in JSON."""
    return Fault(json.dumps(data, ensure_ascii=False).encode(), status)


def xml_fault(code: str, message: str, status: int = 200) -> Fault:
    """Returns the error as the gateway of data.go.kr writes it, in XML whatever was asked for."""
    body = (
        "<OpenAPI_ServiceResponse><cmmMsgHeader><errMsg>SERVICE ERROR</errMsg>"
        f"<returnAuthMsg>{message}</returnAuthMsg><returnReasonCode>{code}</returnReasonCode>"
        "</cmmMsgHeader></OpenAPI_ServiceResponse>"
    )
    return Fault(body.encode(), status, "text/xml;charset=UTF-8")


class FakeBizinfo:
    """The service; a context manager.

    Attributes:
        rows: The list.
        faults: Answers given before the list, in their order.
        requests: The parameters of every request so far.
        key: The key that is accepted.
        charset: What the answers are encoded in; they say UTF-8 all the same.
        envelope: Puts the rows under jsonArray as they are, or one level down as ``item``.
        total: Whether every row carries totCnt.
        overlap: How many rows of a page are sent again on the next.
        turns_pages: False for a service that sends the first page whatever is asked.
    """

    def __init__(self, rows: list[Any] | None = None) -> None:
        self.rows = rows if rows is not None else []
        self.faults: list[Fault] = []
        self.requests: list[dict[str, str]] = []
        self.key = KEY
        self.charset = "utf-8"
        self.envelope = "list"
        self.total = True
        self.overlap = 0
        self.turns_pages = True
        self._server = ThreadingHTTPServer(("127.0.0.1", 0), self._handler())
        self._server.daemon_threads = True
        self._thread = threading.Thread(target=self._server.serve_forever, kwargs={"poll_interval": 0.02}, daemon=True)

    @property
    def url(self) -> str:
        """The address of the service."""
        return f"http://127.0.0.1:{self._server.server_address[1]}/uss/rss/bizinfoApi.do"

    def __enter__(self) -> FakeBizinfo:
        self._thread.start()
        return self

    def __exit__(self, *_: object) -> None:
        self._server.shutdown()
        self._server.server_close()

    def answer(self, asked: dict[str, str]) -> Fault:
        """Returns what the service says to a request."""
        if self.faults:
            return self.faults.pop(0)
        if asked.get("crtfcKey") != self.key:
            return json_fault({"reqErr": "인증되지 않은 서비스 키입니다."})
        if asked.get("dataType") != "json":
            return Fault(b"<?xml version='1.0'?><rss><channel></channel></rss>", content_type="text/xml")
        page = self._page(asked)
        listed: Any = {"item": page} if self.envelope == "item" else page
        return Fault(json.dumps({"jsonArray": listed}, ensure_ascii=False).encode(self.charset))

    def _page(self, asked: dict[str, str]) -> list[Any]:
        rows = self.rows[: int(asked.get("searchCnt") or 0) or None]
        if tags := asked.get("hashtags"):
            rows = [entry for entry in rows if set(tags.split(",")) <= set(entry["hashtags"].split(","))]
        size, number = int(asked["pageUnit"]), int(asked["pageIndex"]) if self.turns_pages else 1
        start = (number - 1) * (size - self.overlap)
        page = rows[start : start + size]
        if not self.total:
            return page
        return [entry | {"totCnt": len(rows)} if isinstance(entry, dict) else entry for entry in page]

    def _handler(self) -> type[BaseHTTPRequestHandler]:
        fake = self

        class Handler(BaseHTTPRequestHandler):
            def do_GET(self) -> None:
                asked = dict(parse_qsl(urlsplit(self.path).query, keep_blank_values=True))
                fake.requests.append(asked)
                with contextlib.suppress(OSError):  # the asker gave up waiting
                    self._send(fake.answer(asked))

            def _send(self, answer: Fault) -> None:
                time.sleep(answer.wait)
                if answer.drop:
                    self.connection.shutdown(socket.SHUT_RDWR)
                    return
                self.send_response(answer.status)
                self.send_header("Content-Type", answer.content_type)
                self.send_header("Content-Length", str(len(answer.body) + (50 if answer.cut else 0)))
                for name, value in answer.headers:
                    self.send_header(name, value)
                self.end_headers()
                self.wfile.write(answer.body)

            def log_message(self, *_: object) -> None:
                pass

        return Handler
