"""Hands over applications in the background of `naru serve`, and erases once a day what is kept too long.

Any number of processes may do so at once: a package is claimed before it is handed over (``actions/cases/outbox.py``).
"""

from __future__ import annotations

import asyncio
import time
from dataclasses import asdict

import structlog

from actions.cases.forgetting import purge
from actions.cases.outbox import deliver_due
from knowledge.settings import Settings

log = structlog.get_logger("naru.delivery")

A_DAY = 24 * 60 * 60
"""Seconds between two rounds of erasing."""


async def work(settings: Settings) -> None:
    """Delivers every ``deliver_seconds`` until it is cancelled; a round that breaks is logged, and the next comes."""
    purged = float("-inf")
    while True:
        await asyncio.to_thread(deliver, settings)
        if time.monotonic() - purged >= A_DAY:
            purged = time.monotonic()
            await asyncio.to_thread(forget, settings)
        await asyncio.sleep(settings.deliver_seconds)


def deliver(settings: Settings) -> None:
    """Hands over what is due now."""
    try:
        done = deliver_due(None, settings.database, settings)
    except Exception:
        log.exception("delivery round failed")
        return
    if any(asdict(done).values()):
        log.info("delivery", **asdict(done))


def forget(settings: Settings) -> None:
    """Erases what has not changed for NARU_RETENTION_DAYS, and log lines older than NARU_AUDIT_DAYS."""
    try:
        done = purge(None, settings.database, settings)
    except Exception:
        log.exception("erasing what is old failed")
        return
    log.info("purged", **asdict(done))
