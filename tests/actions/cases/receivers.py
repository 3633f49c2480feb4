"""Receivers as an office would run them: an HTTP server that checks signatures and knows keys it has seen."""

from __future__ import annotations

import hashlib
import hmac
import json
import threading
import time
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from typing import Any

SECRET = "a secret of more than sixteen"

Answer = tuple[int, dict[str, str]]


class Office:
    """What the office received. ``answer`` decides what it says; packages count once for each Idempotency-Key."""

    def __init__(self, answer: Callable[[int], Answer] = lambda _: (200, {}), delay: float = 0.0) -> None:
        self.answer, self.delay = answer, delay
        self.requests: list[dict[str, Any]] = []
        self.handled: dict[str, dict[str, Any]] = {}
        self.lock = threading.Lock()

    def take(self, headers: Any, body: bytes) -> Answer:
        stated = dict(part.split("=", 1) for part in headers["Naru-Signature"].split(","))
        right = hmac.new(SECRET.encode(), stated["t"].encode() + b"." + body, hashlib.sha256).hexdigest()
        assert hmac.compare_digest(stated["v1"], right), "signature"
        assert abs(time.time() - int(stated["t"])) < 60
        with self.lock:
            self.requests.append({"key": headers["Idempotency-Key"], "body": body, "type": headers["Content-Type"]})
            status, more = self.answer(len(self.requests))
            if 200 <= status < 300:
                self.handled.setdefault(headers["Idempotency-Key"], json.loads(body))
        time.sleep(self.delay)
        return status, more


@contextmanager
def serving(office: Office, port: int = 0) -> Iterator[str]:
    """Runs the office; yields its address."""

    class Desk(BaseHTTPRequestHandler):
        def do_POST(self) -> None:
            try:
                status, more = office.take(self.headers, self.rfile.read(int(self.headers["Content-Length"])))
            except AssertionError:
                status, more = 401, {}
            self.send_response(status)
            for name, value in more.items():
                self.send_header(name, value)
            self.send_header("Content-Length", "0")
            self.end_headers()

        def log_message(self, *_: Any) -> None:
            pass

    server = ThreadingHTTPServer(("127.0.0.1", port), Desk)
    thread = threading.Thread(target=server.serve_forever, kwargs={"poll_interval": 0.02})
    thread.start()
    try:
        yield f"http://127.0.0.1:{server.server_port}/packages"
    finally:
        server.shutdown()
        server.server_close()
        thread.join()
