"""Looks after the desk in the background of `naru serve`: people who vanished, those who wait in vain, what is old.

Any number of processes may do so at once: each change is made by one of them.
"""

from __future__ import annotations

import asyncio
import time

import structlog
from fastapi import FastAPI

from actions.desk.hours import read_hours
from channels.connection import assistant_of
from channels.delivery import A_DAY

log = structlog.get_logger("naru.desk")

ROUND_SECONDS = 5.0
"""Seconds between two rounds."""


def look_after(app: FastAPI) -> asyncio.Task[None] | None:
    """Begins the rounds where people sit at the desk; their hours must be readable, or Naru does not start.

    Raises:
        WrongHours: NARU_DESK_HOURS can not be read.
    """
    if not app.state.settings.desk:
        return None
    read_hours(app.state.settings.desk_hours)
    return asyncio.create_task(work(app))


async def work(app: FastAPI) -> None:
    """Makes a round every few seconds until it is cancelled; one that breaks is logged, and the next comes."""
    desk, forgot = (await assistant_of(app)).desk, float("-inf")
    while True:
        try:
            await desk.round()
            if time.monotonic() - forgot >= A_DAY:
                forgot = time.monotonic()
                log.info("handovers forgotten", count=await desk.forget())
        except Exception:
            log.exception("round of the desk failed")
        await asyncio.sleep(ROUND_SECONDS)
