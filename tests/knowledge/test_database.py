"""The database knows whether its tables are those of this version."""

from pathlib import Path

from alembic import command

from knowledge.database import engine as module
from knowledge.database.engine import is_current, migrate


def test_an_older_database_is_told_from_a_current_one(tmp_path: Path) -> None:
    url = f"sqlite:///{tmp_path / 'a.db'}"
    assert not is_current(url)
    migrate(url)
    assert is_current(url)
    command.downgrade(module._config(url), "0005")
    assert not is_current(url)
