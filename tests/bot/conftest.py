"""The real assistant of a Naru with people at the desk around the clock."""

from __future__ import annotations

import os
from collections.abc import AsyncIterator, Iterator
from typing import Any

import pytest
from sqlalchemy import delete

from actions.desk.tables import HandoverRow, StaffRow
from bot.assistant import Assistant
from bot.training import current_model
from knowledge.database.engine import sessions
from knowledge.database.tables import now
from knowledge.settings import Settings
from knowledge.settings import settings as read_settings
from tests.bot.customers import ALWAYS, JUNHO, MINA, NEVER


@pytest.fixture(scope="package")
def desk(settings: Settings) -> Iterator[Settings]:
    """The settings of a Naru with people at the desk around the clock."""
    os.environ |= {"NARU_DESK": "true", "NARU_DESK_HOURS": ALWAYS}
    read_settings.cache_clear()
    yield read_settings()
    del os.environ["NARU_DESK"], os.environ["NARU_DESK_HOURS"]
    read_settings.cache_clear()


@pytest.fixture(scope="package")
async def naru(desk: Settings, shelf: Any) -> AsyncIterator[Assistant]:
    model = current_model(desk)
    assert model, "there is no model of these files; run: naru train"
    yield await Assistant.load(model, desk)


@pytest.fixture
def staff(desk: Settings) -> Iterator[None]:
    """Two people at the desk and an empty queue."""
    with sessions(desk.database).begin() as session:
        for name, shown in ((MINA, "김미나"), (JUNHO, "박준호")):
            seen = {"presence": "available", "seen_at": now()}
            session.merge(StaffRow(id=name, name=name, shown_as=shown, role="agent", **seen))
    yield
    with sessions(desk.database).begin() as session:
        session.execute(delete(HandoverRow))
        session.execute(delete(StaffRow))


@pytest.fixture
def closed(desk: Settings) -> Iterator[None]:
    """The same desk out of hours."""
    os.environ["NARU_DESK_HOURS"] = NEVER
    read_settings.cache_clear()
    yield
    os.environ["NARU_DESK_HOURS"] = ALWAYS
    read_settings.cache_clear()
