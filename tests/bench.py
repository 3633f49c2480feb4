"""`make bench`: Naru beside stock Rasa (`rasa run` with an action server) on this machine, in this run.

Both serve the same model and the same actions. Printed are times and, because machines differ, their
ratios; and whether a turn gets slower as the conversation grows.
"""

from __future__ import annotations

import asyncio
import json
import os
import shutil
import statistics
import subprocess
import sys
import tempfile
import time
from collections.abc import Awaitable, Callable
from pathlib import Path

import httpx

from bot.training import current_model
from knowledge.settings import settings
from tests.conftest import free_port, start_service

QUESTIONS = [
    "신용장이 뭐예요?",
    "바이어를 못 찾겠어요",
    "수출 순서 알려줘",
    "FOB랑 CIF 차이",
    "고마워요",
    "what is a bill of lading?",
    "수출바우처 신청하려면",
    "더 쉽게 설명해줘",
    "how do I get paid?",
]
"""Nine, so that turns 190 to 199 ask what turns 1 to 10 asked."""
ALONE = 60
CROWD = 16
EACH = 6
LONG = 200

Send = Callable[[httpx.AsyncClient, str, str], Awaitable[None]]


async def rasa_send(client: httpx.AsyncClient, sender: str, text: str) -> None:
    """Sends Rasa's conventional message; Naru takes the same one."""
    answer = await client.post("/webhooks/rest/webhook", json={"sender": sender, "message": text})
    answer.raise_for_status()
    assert answer.json(), "no answer"


async def measure(address: str) -> dict[str, float]:
    """Returns seconds a turn for one sender, and turns a second for many."""
    async with httpx.AsyncClient(base_url=address, timeout=120) as client:
        for text in QUESTIONS:
            await rasa_send(client, "warm", text)
        times = []
        for number in range(ALONE):
            started = time.perf_counter()
            await rasa_send(client, f"alone-{number % len(QUESTIONS)}", QUESTIONS[number % len(QUESTIONS)])
            times.append(time.perf_counter() - started)
        started = time.perf_counter()
        await asyncio.gather(*(_one_of_many(client, number) for number in range(CROWD)))
        crowd = time.perf_counter() - started
    return {"p50": statistics.median(times), "p95": sorted(times)[int(len(times) * 0.95)], "rate": CROWD * EACH / crowd}


async def _one_of_many(client: httpx.AsyncClient, number: int) -> None:
    for turn in range(EACH):
        await rasa_send(client, f"crowd-{number}", QUESTIONS[(number + turn) % len(QUESTIONS)])


async def growth(address: str) -> tuple[float, float]:
    """Returns the median seconds of turns 1 to 10 and of turns 190 to 199 of one conversation."""
    times = []
    async with httpx.AsyncClient(base_url=address, timeout=120) as client:
        for number in range(LONG):
            started = time.perf_counter()
            await rasa_send(client, "long", QUESTIONS[number % len(QUESTIONS)])
            times.append(time.perf_counter() - started)
    return statistics.median(times[:10]), statistics.median(times[189:199])


def stock(folder: Path) -> tuple[list[subprocess.Popen[bytes]], str]:
    """Starts Rasa's own server and action server; returns them and the address."""
    server, actions = free_port(), free_port()
    endpoints = folder / "endpoints.yml"
    endpoints.write_text(f"action_endpoint:\n  url: http://localhost:{actions}/webhook\n")
    rasa = [sys.executable, "-m", "rasa"]
    commands = [
        [*rasa, "run", "actions", "--actions", "actions", "--port", str(actions)],
        [*rasa, "run", "--model", str(current_model(settings())), "--endpoints", str(endpoints)]
        + ["--credentials", "credentials.yml", "--port", str(server)],
    ]
    env = os.environ | {"RASA_TELEMETRY_ENABLED": "false"}
    log = (folder / "stock.log").open("wb")
    started = [subprocess.Popen(command, env=env, stdout=log, stderr=log) for command in commands]
    address = f"http://127.0.0.1:{server}"
    for _ in range(180):
        try:
            httpx.post(f"{address}/webhooks/rest/webhook", json={"sender": "x", "message": "/menu"}, timeout=20)
            answer = httpx.post(
                f"{address}/webhooks/rest/webhook", json={"sender": "x", "message": "/menu"}, timeout=20
            )
            if answer.status_code == 200 and answer.json():
                return started, address
        except (httpx.TransportError, json.JSONDecodeError):
            pass
        time.sleep(1)
    raise RuntimeError((folder / "stock.log").read_text())


def main() -> None:
    """Measures both and prints the table."""
    with tempfile.TemporaryDirectory() as name:
        folder = Path(name)
        shutil.copy(settings().data_dir / "naru.db", folder / "naru.db")
        shutil.copytree(settings().models_dir, folder / "models")
        shutil.copy(settings().data_dir / "hs-index.npz", folder / "hs-index.npz")
        print("Naru …", flush=True)
        naru = start_service(folder)
        try:
            own = asyncio.run(measure(naru.address))
            first, last = asyncio.run(growth(naru.address))
        finally:
            naru.stop()
        print("stock Rasa …", flush=True)
        processes, address = stock(folder)
        try:
            theirs = asyncio.run(measure(address))
            their_first, their_last = asyncio.run(growth(address))
        finally:
            for process in processes:
                process.terminate()
    _print(own, theirs, (first, last), (their_first, their_last))


def _print(
    own: dict[str, float], theirs: dict[str, float], grown: tuple[float, float], their_grown: tuple[float, float]
) -> None:
    rows = [
        ("one sender, median a turn (ms)", own["p50"] * 1000, theirs["p50"] * 1000, theirs["p50"] / own["p50"]),
        ("one sender, 95th percentile (ms)", own["p95"] * 1000, theirs["p95"] * 1000, theirs["p95"] / own["p95"]),
        (f"{CROWD} senders, turns a second", own["rate"], theirs["rate"], own["rate"] / theirs["rate"]),
        ("turns 1-10, median (ms)", grown[0] * 1000, their_grown[0] * 1000, their_grown[0] / grown[0]),
        ("turns 190-199, median (ms)", grown[1] * 1000, their_grown[1] * 1000, their_grown[1] / grown[1]),
    ]
    print(f"{'':36}{'Naru':>10}{'stock Rasa':>12}{'Naru is … times better':>26}")
    for name, mine, other, ratio in rows:
        print(f"{name:36}{mine:10.1f}{other:12.1f}{ratio:26.2f}")
    print(
        f"growth from turns 1-10 to 190-199:  Naru x{grown[1] / grown[0]:.2f}, stock Rasa x{their_grown[1] / their_grown[0]:.2f}"
    )


if __name__ == "__main__":
    main()
