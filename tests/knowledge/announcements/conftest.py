"""A running stand-in for 기업마당, Naru's connector to it, and an empty database."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path

import pytest
from pydantic import SecretStr
from sqlalchemy.orm import Session, sessionmaker

from knowledge.announcements.client import Bizinfo
from knowledge.database.engine import migrate, sessions
from tests.knowledge.announcements.server import KEY, QUICK, FakeBizinfo


@pytest.fixture
def bizinfo() -> Iterator[FakeBizinfo]:
    with FakeBizinfo() as running:
        yield running


@pytest.fixture
def service(bizinfo: FakeBizinfo) -> Bizinfo:
    return Bizinfo(bizinfo.url, SecretStr(KEY), QUICK)


@pytest.fixture
def database(tmp_path: Path) -> sessionmaker[Session]:
    url = f"sqlite:///{tmp_path / 'naru.db'}"
    migrate(url)
    return sessions(url)
