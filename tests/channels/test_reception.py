"""Messages that channels deliver: kept before they are acknowledged, answered once and in order, also after a crash."""

from __future__ import annotations

import asyncio
from collections.abc import Iterator
from datetime import timedelta
from pathlib import Path
from typing import Any

import pytest
from sqlalchemy import update

from channels import reception as module
from channels.reception import ATTEMPTS, Reception
from knowledge.database.engine import engine, migrate, sessions
from knowledge.database.tables import LetterRow, now
from knowledge.settings import Settings


@pytest.fixture
def chosen(tmp_path: Path) -> Iterator[Settings]:
    settings = Settings(data_dir=tmp_path, _env_file=None, database_url=f"sqlite:///{tmp_path / 'letters.db'}")  # type: ignore[call-arg]
    migrate(settings.database)
    yield settings
    engine(settings.database).dispose()


class Answers:
    """Notes what it is given; can be slow, and can break."""

    def __init__(self, breaks: int = 0, pause: float = 0.0) -> None:
        self.breaks, self.pause = breaks, pause
        self.seen: list[tuple[Any, bool]] = []

    async def __call__(self, body: dict[str, Any], again: bool) -> None:
        await asyncio.sleep(self.pause)
        self.seen.append((body["n"], again))
        if self.breaks:
            self.breaks -= 1
            raise ConnectionError("the outside is down")


def let_go(chosen: Settings) -> None:
    """Makes time pass: whoever held the messages is given up."""
    with sessions(chosen.database).begin() as session:
        session.execute(update(LetterRow).values(held_until=now() - timedelta(seconds=1)))


def rows(chosen: Settings) -> list[LetterRow]:
    with sessions(chosen.database)() as session:
        return list(session.query(LetterRow))


async def test_a_message_delivered_twice_is_answered_once(chosen: Settings) -> None:
    work = Answers()
    taken = Reception("telegram", work, chosen)
    assert await taken.take("1", "a", {"n": 1})
    assert not await taken.take("1", "a", {"n": 1})
    await taken.idle()
    assert not await taken.take("1", "a", {"n": 1}), "also after it was answered"
    assert work.seen == [(1, False)]


async def test_taking_in_does_not_wait_for_the_answer(chosen: Settings) -> None:
    taken = Reception("telegram", Answers(pause=30), chosen)
    await asyncio.wait_for(taken.take("1", "a", {"n": 1}), 5)
    await taken.stop()


async def test_one_persons_messages_are_answered_in_order_and_others_do_not_wait(chosen: Settings) -> None:
    work = Answers(pause=0.05)
    taken = Reception("telegram", work, chosen)
    for n in range(4):
        await taken.take(str(n), "slow", {"n": n})
    await taken.take("other", "quick", {"n": "other"})
    await taken.idle()
    order = [n for n, _again in work.seen]
    assert [n for n in order if n != "other"] == [0, 1, 2, 3]
    assert order.index("other") < 3


async def test_the_message_is_sealed_and_gone_once_answered(chosen: Settings) -> None:
    taken = Reception("telegram", Answers(pause=0.2), chosen)
    await taken.take("1", "a", {"n": "김나루의 주소"})
    [row] = rows(chosen)
    assert row.sealed is not None
    assert "김나루".encode() not in row.sealed
    await taken.idle()
    [row] = rows(chosen)
    assert row.sealed is None
    assert row.done_at is not None


async def test_what_a_dead_process_left_is_taken_up(chosen: Settings) -> None:
    died = Reception("telegram", Answers(pause=30), chosen)
    await died.take("1", "a", {"n": 1})
    await died.stop()
    work = Answers()
    alive = Reception("telegram", work, chosen)
    await alive.start()
    await asyncio.sleep(0.2)
    assert work.seen == [], "another process may still be at work on it"
    await alive.stop()
    let_go(chosen)
    await alive.start()
    await asyncio.sleep(0.2)
    await alive.idle()
    await alive.stop()
    assert work.seen == [(1, True)]


async def test_a_broken_answer_is_tried_again_but_not_for_ever(
    chosen: Settings, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(module, "LOOK_SECONDS", 0.02)
    work = Answers(breaks=100)
    taken = Reception("telegram", work, chosen)
    await taken.start()
    await taken.take("1", "a", {"n": 1})
    for _ in range(40):
        await asyncio.sleep(0.03)
        let_go(chosen)
    await taken.stop()
    assert work.seen == [(1, False)] + [(1, True)] * (ATTEMPTS - 1)
    [row] = rows(chosen)
    assert row.sealed is None, "what is given up is not kept either"


async def test_one_message_that_breaks_does_not_stop_the_next(chosen: Settings) -> None:
    work = Answers(breaks=1)
    taken = Reception("telegram", work, chosen)
    await taken.take("1", "a", {"n": 1})
    await taken.take("2", "a", {"n": 2})
    await taken.idle()
    assert work.seen == [(1, False), (2, False)]


async def test_what_waits_behind_a_slow_answer_is_not_taken_for_lost(
    chosen: Settings, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(module, "LOOK_SECONDS", 0.02)
    work = Answers(pause=0.15)
    taken = Reception("telegram", work, chosen)
    await taken.start()
    for n in range(4):
        await taken.take(str(n), "a", {"n": n})
    for _ in range(8):
        await asyncio.sleep(0.05)
        let_go(chosen)
    await taken.idle()
    await taken.stop()
    assert work.seen == [(0, False), (1, False), (2, False), (3, False)]
