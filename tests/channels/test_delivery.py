"""The background worker of `naru serve`: it goes on after a round that breaks, and can be switched off."""

from __future__ import annotations

import asyncio
from pathlib import Path

from channels import delivery
from knowledge.database.engine import migrate
from knowledge.settings import Settings


async def test_a_round_that_breaks_does_not_end_the_worker(tmp_path: Path) -> None:
    chosen = Settings(data_dir=tmp_path, deliver_seconds=1, _env_file=None)  # type: ignore[call-arg]
    working = asyncio.create_task(delivery.work(chosen))  # there is no table yet
    await asyncio.sleep(1.5)
    assert not working.done()
    migrate(chosen.database)
    await asyncio.to_thread(delivery.deliver, chosen)
    working.cancel()
