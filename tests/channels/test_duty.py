"""The duty estimate over HTTP and on the command line, and the import command."""

from __future__ import annotations

import json
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest
import typer
from fastapi import FastAPI
from fastapi.testclient import TestClient
from typer.testing import CliRunner

from channels import duty_api, problems
from channels.bounds import RateLimits
from channels.duty_commands import app as duty
from channels.duty_commands import import_tariffs
from knowledge.settings import Settings

ASKED = {"agreement": "KR-CN", "hs": "330499", "value": "10000", "currency": "USD", "year": "2026"}


@pytest.fixture(scope="module")
def http() -> Iterator[TestClient]:
    web = FastAPI()
    web.state.rates = RateLimits(Settings(requests_per_minute=500))
    problems.install(web)
    web.include_router(duty_api.router)
    with TestClient(web, raise_server_exceptions=False) as client:
        yield client


def run(**asked: str) -> Any:
    options = [part for name, value in asked.items() for part in (f"--{name.replace('_', '-')}", value)]
    return CliRunner().invoke(duty, ["estimate", *options])


def test_http_gives_the_estimate(http: TestClient) -> None:
    """6.5% and 5.2% of 10,000."""
    response = http.get("/api/duty", params=ASKED)
    assert response.status_code == 200
    found = response.json()
    assert (found["status"], found["market"], found["hs"]) == ("estimated", "CN", "330499")
    assert found["base_duty"]["low"] == 650
    assert found["preferential_duty"] == {"low": 520, "high": 520, "currency": "USD"}
    assert found["saving"]["high"] == 130
    assert all(source["title"] and source["as_of"] and source["basis"] for source in found["sources"])


def test_http_takes_the_askers_rates(http: TestClient) -> None:
    found = http.get("/api/duty", params=ASKED | {"rate": "1300", "normal_rate": "8", "language": "en"}).json()
    assert found["saving"]["low"] == 280  # 8% - 5.2%
    assert found["won"]["saving"]["low"] == 364000
    assert found["summary"][0].startswith("Korea")


def test_http_says_where_it_has_no_data(http: TestClient) -> None:
    found = http.get("/api/duty", params=ASKED | {"agreement": "KR-EU"}).json()
    assert found["status"] == "no_data" and found["saving"] is None
    assert found["look_at"]["records"] == ["system.tradenavi", "system.yesfta"]


@pytest.mark.parametrize(
    ("field", "given"),
    [
        ("agreement", "KR-ZZ"),
        ("hs", "33.04"),
        ("value", "-1"),
        ("value", "1e999999999"),
        ("value", "\x00"),
        ("currency", "???"),
        ("year", "20260"),
        ("rate", "0"),
        ("normal_rate", "free"),
        ("hs", "3" * 5000),
    ],
)
def test_http_names_the_field_that_is_wrong(http: TestClient, field: str, given: str) -> None:
    response = http.get("/api/duty", params=ASKED | {field: given})
    assert response.status_code == 422
    assert response.headers["content-type"] == "application/problem+json"
    assert field in response.json()["detail"]


@pytest.mark.parametrize("field", ["agreement", "hs", "value", "currency"])
def test_http_names_the_field_that_is_missing(http: TestClient, field: str) -> None:
    response = http.get("/api/duty", params={name: value for name, value in ASKED.items() if name != field})
    assert response.status_code == 422
    assert field in response.json()["detail"]


def test_http_counts_requests() -> None:
    web = FastAPI()
    web.state.rates = RateLimits(Settings(requests_per_minute=1))
    problems.install(web)
    web.include_router(duty_api.router)
    with TestClient(web) as client:
        assert [client.get("/api/duty", params=ASKED).status_code for _ in range(2)] == [200, 429]


def test_command_line_prints_words() -> None:
    done = run(**ASKED, rate="1300")
    assert done.exit_code == 0
    assert "US$130.00" in done.output and "₩169,000" in done.output


def test_command_line_prints_json() -> None:
    done = CliRunner().invoke(
        duty, ["estimate", *(part for name, value in ASKED.items() for part in (f"--{name}", value)), "--json"]
    )
    assert done.exit_code == 0
    assert json.loads(done.output)["saving"]["low"] == 130


@pytest.mark.parametrize(
    ("field", "given"),
    [("agreement", "KR-ZZ"), ("hs", "33"), ("value", "-5"), ("currency", "DOLLAR"), ("year", "soon"), ("rate", "none")],
)
def test_command_line_refuses_and_names_the_field(field: str, given: str) -> None:
    done = run(**(ASKED | {field: given}))
    assert done.exit_code == 2
    assert field in done.output


def test_command_line_refuses_in_json_too() -> None:
    done = CliRunner().invoke(
        duty,
        ["estimate", "--agreement", "KR-CN", "--hs", "330499", "--value", "-5", "--currency", "USD", "--json"],
    )
    assert done.exit_code == 2
    said = json.loads(done.output)
    assert (said["status"], said["field"]) == ("input_error", "value")


def test_command_line_knows_two_languages() -> None:
    assert "Duty with the agreement" in run(**ASKED, language="en").output
    assert run(**ASKED, language="fr").exit_code == 2


@pytest.fixture
def importing(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> typer.Typer:
    monkeypatch.setattr("channels.duty_commands.tariffs_folder", lambda: tmp_path / "tariffs")
    commands = typer.Typer()
    commands.command("tariffs")(import_tariffs)
    return commands


def test_import_writes_the_market(importing: typer.Typer, tmp_path: Path) -> None:
    text = tmp_path / "vn.txt"
    text.write_text("Section A\n02071100 - - Not cut in pieces 40 Y-8\n", encoding="utf-8")
    done = CliRunner().invoke(importing, ["VN", str(text), "--json"])
    assert done.exit_code == 0, done.output
    assert (tmp_path / "tariffs" / "VN.csv").read_text(encoding="utf-8").splitlines()[1].startswith("02071100,")


def test_import_refuses_what_it_can_not_read(importing: typer.Typer, tmp_path: Path) -> None:
    text = tmp_path / "nothing.txt"
    text.write_text("nothing", encoding="utf-8")
    done = CliRunner().invoke(importing, ["US", str(text)])
    assert done.exit_code == 2
    assert "HTS Number" in done.output
