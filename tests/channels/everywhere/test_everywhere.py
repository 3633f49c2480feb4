"""A firm's whole way, from the first foreign word to a person, on every channel: the same facts everywhere."""

from __future__ import annotations

import shutil
import sqlite3
from collections.abc import Iterator
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path

import pytest

from tests.channels.everywhere.judging import Story, held, script
from tests.channels.everywhere.players import Web
from tests.conftest import Service, start_service

SCRIPTS = {name: script(name) for name in ("korean", "english")}
CHANNELS = ("web",)


@pytest.fixture(scope="module")
def everywhere(data_dir: Path, tmp_path_factory: pytest.TempPathFactory) -> Iterator[Service]:
    """One service with every channel switched on, on data of its own; applications stay where they are."""
    folder = tmp_path_factory.mktemp("everywhere")
    with sqlite3.connect(data_dir / "naru.db") as source, sqlite3.connect(folder / "naru.db") as copy:
        source.backup(copy)
    shutil.copytree(data_dir / "models", folder / "models")
    shutil.copy(data_dir / "hs-index.npz", folder / "hs-index.npz")
    service = start_service(folder, NARU_DELIVER_SECONDS="0")
    yield service
    service.stop()


@pytest.fixture(scope="module")
def stories(everywhere: Service) -> dict[tuple[str, str], Story]:
    """Every script held on every channel, all at once."""
    players = {(name, "web"): Web(everywhere.address, told.language) for name, told in SCRIPTS.items()}
    with ThreadPoolExecutor(len(players)) as threads:
        told = {key: threads.submit(held, player, SCRIPTS[key[0]]) for key, player in players.items()}
        return {key: story.result() for key, story in told.items()}


@pytest.mark.parametrize("name", SCRIPTS)
@pytest.mark.parametrize("channel", CHANNELS)
def test_every_fact_is_seen(name: str, channel: str, stories: dict[tuple[str, str], Story]) -> None:
    story = stories[name, channel]
    assert not story.faults, "\n\n".join(story.faults)
    assert len(story.seen) == len(SCRIPTS[name].turns) >= 25
