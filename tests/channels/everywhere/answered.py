"""Knows when a message that a channel only delivered has been answered: the service notes it in its database."""

from __future__ import annotations

import sqlite3
import time
from contextlib import closing
from pathlib import Path

WITHIN = 120.0
"""Seconds an answer may take on a busy machine."""


def wait_until_answered(database: Path, channel: str, lane: str) -> None:
    """Waits until no message of somebody's waits for an answer (all its parts were sent)."""
    until = time.monotonic() + WITHIN
    while _waiting(database, channel, lane):
        assert time.monotonic() < until, f"{channel} gave no answer within {WITHIN} s"
        time.sleep(0.03)


def _waiting(database: Path, channel: str, lane: str) -> bool:
    query = "SELECT count(*) FROM letters WHERE channel = ? AND lane = ? AND done_at IS NULL"
    with closing(sqlite3.connect(f"file:{database}?mode=ro", uri=True, timeout=10)) as opened:
        return bool(opened.execute(query, (channel, lane)).fetchone()[0])
