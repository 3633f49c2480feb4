"""Tariff classification on the command line and over HTTP."""

from __future__ import annotations

import json
from pathlib import Path

import pytest
import typer
from fastapi import FastAPI
from fastapi.testclient import TestClient
from typer.testing import CliRunner

from channels import hs_api, problems
from channels.bounds import RateLimits
from channels.hs_commands import app, evaluate_hs, import_hs
from knowledge.hs import ready
from knowledge.hs.index import IndexMissing
from knowledge.settings import Settings

RUNNER = CliRunner()


@pytest.fixture(scope="module")
def client() -> TestClient:
    ready.build_if_changed()
    service = FastAPI()
    problems.install(service)
    service.include_router(hs_api.router)
    service.state.rates = RateLimits(Settings())
    return TestClient(service, raise_server_exceptions=False)


def test_search(client: TestClient) -> None:
    answer = client.get("/api/hs/search", params={"q": "라면", "top": 3})
    assert answer.status_code == 200
    found = answer.json()
    assert len(found) == 3
    assert found[0]["hs6"] == "190230"
    assert found[0].keys() >= {"hs6", "name_ko", "name_en", "score", "why"}
    assert found[0]["why"] == {"evidence": "exact", "name": "라면", "origin": "everyday"}
    assert [one["score"] for one in found] == sorted((one["score"] for one in found), reverse=True)


@pytest.mark.parametrize(
    "params",
    [{}, {"q": ""}, {"q": "x" * 201}, {"q": "x", "top": 0}, {"q": "x", "top": 21}, {"q": "x", "language": "fr"}],
)
def test_malformed_search(client: TestClient, params: dict[str, str]) -> None:
    answer = client.get("/api/hs/search", params=params)
    assert answer.status_code == 422
    assert answer.headers["content-type"] == "application/problem+json"


@pytest.mark.parametrize("q", ["   ", "\x00", "😀", "a" * 200, "' OR 1=1 --", "%"])
def test_odd_searches_are_answered(client: TestClient, q: str) -> None:
    assert client.get("/api/hs/search", params={"q": q}).status_code == 200


def test_one_code(client: TestClient) -> None:
    answer = client.get("/api/hs/3307.90")
    assert answer.status_code == 200
    card = answer.json()
    assert card["code"] == "330790"
    assert "3307904000" in [line["code"] for line in card["national"]]
    assert card["sources"] and card["notes"]
    assert client.get("/api/hs/33").json()["below"][0]["code"] == "3301"


@pytest.mark.parametrize(
    ("code", "status"), [("330498", 404), ("9999", 404), ("33049", 422), ("abc", 422), ("3" * 21, 422)]
)
def test_codes_that_are_none(client: TestClient, code: str, status: int) -> None:
    answer = client.get(f"/api/hs/{code}")
    assert answer.status_code == status
    assert answer.json()["status"] == status


def test_search_without_index_says_so(client: TestClient, monkeypatch: pytest.MonkeyPatch) -> None:
    def missing() -> None:
        raise IndexMissing("none")

    monkeypatch.setattr(hs_api, "finder", missing)
    answer = client.get("/api/hs/search", params={"q": "라면"})
    assert answer.status_code == 503 and answer.headers["retry-after"]


def test_find_command(client: TestClient) -> None:
    result = RUNNER.invoke(app, ["find", "brake pads", "--top", "2", "--json"])
    assert result.exit_code == 0
    found = json.loads(result.stdout)
    assert [one["hs6"] for one in found][0] == "870830" and len(found) == 2
    whole = json.loads(RUNNER.invoke(app, ["find", "케이스", "--json", "--question"]).stdout)
    assert not whole["sure"] and whole["question"]["options"]
    shown = RUNNER.invoke(app, ["find", "라면"])
    assert shown.exit_code == 0 and "190230" in shown.stdout
    assert RUNNER.invoke(app, ["find", "라면", "--language", "fr"]).exit_code == 2


def test_show_command() -> None:
    assert json.loads(RUNNER.invoke(app, ["show", "1902.30", "--json"]).stdout)["code"] == "190230"
    assert "라면" in RUNNER.invoke(app, ["show", "190230"]).stdout
    assert RUNNER.invoke(app, ["show", "330498"]).exit_code == 1
    assert RUNNER.invoke(app, ["show", "33049"]).exit_code == 2


def test_evaluate_reads_a_file(client: TestClient, tmp_path: Path) -> None:
    path = tmp_path / "rows.tsv"
    path.write_text("text\ths6\n라면\t190230\nbrake pads\t870830\n", encoding="utf-8")
    summary = evaluate_hs(path)["summary"]
    assert summary["ko_top1_at_6"] == summary["en_top1_at_6"] == 1.0
    path.write_text("a,b\n", encoding="utf-8")
    with pytest.raises(typer.Exit) as refused:
        evaluate_hs(path)
    assert refused.value.exit_code == 2
    with pytest.raises(typer.Exit):
        evaluate_hs(tmp_path / "none.tsv")


def test_import_refuses_other_files(tmp_path: Path) -> None:
    path = tmp_path / "list.csv"
    path.write_text("a,b\n1,2\n", encoding="utf-8")
    with pytest.raises(typer.Exit) as refused:
        import_hs(path, path)
    assert refused.value.exit_code == 2
