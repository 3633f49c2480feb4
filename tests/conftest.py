"""What the tests share: one data folder with the built knowledge and the trained model, one running service.

`make test` builds and trains before it calls pytest; here both are copied, so that tests write into a
folder of their own and the small model is trained once.
"""

from __future__ import annotations

import os
import shutil
import socket
import sqlite3
import subprocess
import sys
import time
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import httpx
import pytest

ROOT = Path(__file__).resolve().parent.parent
BUILT = Path(os.environ.get("NARU_DATA_DIR", ROOT / "var"))

os.environ.setdefault("RASA_TELEMETRY_ENABLED", "false")
os.environ.setdefault("TF_CPP_MIN_LOG_LEVEL", "3")
os.environ.setdefault("OMP_NUM_THREADS", "1")


@pytest.fixture(scope="session")
def data_dir(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A data folder like the one `make test` made, to be written to at will."""
    if not (BUILT / "naru.db").exists() or not list((BUILT / "models").glob("naru-*.tar.gz")):
        pytest.exit("run `make test`, or first: naru knowledge build && naru train", returncode=2)
    folder = tmp_path_factory.mktemp("data")
    with sqlite3.connect(BUILT / "naru.db") as source, sqlite3.connect(folder / "naru.db") as copy:
        source.backup(copy)
    shutil.copytree(BUILT / "models", folder / "models")
    shutil.copy(BUILT / "hs-index.npz", folder / "hs-index.npz")
    return folder


@pytest.fixture(scope="session", autouse=True)
def settings(data_dir: Path) -> Any:
    """The settings of the test process: the embedded defaults on the copied folder."""
    os.environ["NARU_DATA_DIR"] = str(data_dir)
    from knowledge.database.engine import migrate
    from knowledge.settings import settings as read

    read.cache_clear()
    migrate(read().database)
    return read()


@contextmanager
def own_database(folder: Path) -> Iterator[Any]:
    """Has the test process and what it starts work on a fresh database: what other tests left is not in it."""
    from knowledge.settings import settings as read

    address = f"sqlite:///{folder / 'naru.db'}"
    with sqlite3.connect(BUILT / "naru.db") as source, sqlite3.connect(folder / "naru.db") as copy:
        source.backup(copy)
    with pytest.MonkeyPatch.context() as patched:
        patched.setenv("NARU_DATABASE_URL", address)
        read.cache_clear()
        yield read()
    read.cache_clear()


@pytest.fixture(scope="session")
def shelf(settings: Any) -> Any:
    """The knowledge, opened once."""
    from knowledge.shelf import shelf as opened

    return opened()


@dataclass
class Service:
    """A running `naru serve`."""

    process: subprocess.Popen[bytes]
    address: str
    data_dir: Path

    def stop(self) -> None:
        """Ends the process and waits for it."""
        self.process.terminate()
        self.process.wait(timeout=20)


def free_port() -> int:
    """Returns a port nobody listens on."""
    with socket.socket() as listening:
        listening.bind(("127.0.0.1", 0))
        return int(listening.getsockname()[1])


def start_service(data_dir: Path, **environment: str) -> Service:
    """Starts `naru serve` and waits until it is ready."""
    port = int(environment.pop("NARU_PORT", 0)) or free_port()
    limits = {"NARU_MESSAGES_PER_MINUTE": "100000", "NARU_REQUESTS_PER_MINUTE": "100000"}
    env = os.environ | limits | {"NARU_DATA_DIR": str(data_dir), "NARU_PORT": str(port)} | environment
    log = open(data_dir / f"serve-{port}.log", "wb")  # noqa: SIM115 - belongs to the process
    command = [sys.executable, "-c", "from channels.command_line import main; main()", "serve"]
    process = subprocess.Popen(command, env=env, cwd=ROOT, stdout=log, stderr=log)
    address = f"http://127.0.0.1:{port}"
    for _ in range(240):
        if process.poll() is not None:
            raise RuntimeError(Path(log.name).read_text())
        try:
            if httpx.get(f"{address}/readyz", timeout=2).status_code == 200:
                return Service(process, address, data_dir)
        except httpx.TransportError:
            pass
        time.sleep(0.5)
    process.kill()
    raise RuntimeError("the service did not get ready: " + Path(log.name).read_text())


@pytest.fixture(scope="session")
def service(data_dir: Path, settings: Any) -> Iterator[Service]:
    """The service that most tests talk to."""
    running = start_service(data_dir)
    yield running
    running.stop()


class Visitor:
    """Somebody who talks to Naru over HTTP."""

    def __init__(self, address: str, language: str = "ko") -> None:
        self.http = httpx.Client(base_url=address, timeout=30)
        opened = self.http.post("/api/conversations", json={"language": language})
        assert opened.status_code == 201, opened.text
        self.greeting = opened.json()
        self.id, self.token = self.greeting["conversation_id"], self.greeting["token"]
        self.http.headers["Authorization"] = f"Bearer {self.token}"

    def post(self, message: dict[str, Any]) -> httpx.Response:
        """Sends a message and returns the bare response."""
        return self.http.post(f"/api/conversations/{self.id}/messages", json=message)

    def say(self, text: str) -> dict[str, Any]:
        """Says something and returns the turn."""
        response = self.post({"text": text})
        assert response.status_code == 200, response.text
        return response.json()  # type: ignore[no-any-return]

    def press(self, payload: str) -> dict[str, Any]:
        """Presses a button and returns the turn."""
        response = self.post({"payload": payload})
        assert response.status_code == 200, response.text
        return response.json()  # type: ignore[no-any-return]


@pytest.fixture
def visitor(service: Service) -> Callable[..., Visitor]:
    """Opens conversations with the running service."""
    return lambda language="ko": Visitor(service.address, language)


def words_of(turn: dict[str, Any]) -> str:
    """Returns everything a turn says, cards included."""
    parts = []
    for reply in turn["replies"]:
        parts.append(reply["text"] or "")
        if reply["card"]:
            parts += [reply["card"]["title"], *(cell for row in reply["card"]["rows"] for cell in row)]
    return "\n".join(parts)
