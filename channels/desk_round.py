"""Looks after the desk in the background of `naru serve`: people who vanished, those who wait in vain, what is old.

Any number of processes may do so at once: each change is made by one of them.
"""

from __future__ import annotations

import asyncio
import time

import structlog
from fastapi import FastAPI

from actions.desk.hours import WrongHours, read_hours
from channels.connection import BadSettings, assistant_of
from channels.delivery import A_DAY
from knowledge.settings import Settings

log = structlog.get_logger("naru.desk")

ROUND_SECONDS = 5.0
"""Seconds between two rounds."""


def check(settings: Settings) -> None:
    """Looks whether the desk's hours can be read.

    Raises:
        BadSettings: They can't.
    """
    try:
        read_hours(settings.desk_hours)
    except WrongHours as error:
        raise BadSettings(str(error)) from error


def look_after(app: FastAPI) -> asyncio.Task[None] | None:
    """Begins the rounds where people sit at the desk."""
    return asyncio.create_task(work(app)) if app.state.settings.desk else None


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
