"""Programmes on the command line and over HTTP: the same answers, and clear words about what can't be read."""

from __future__ import annotations

import json
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest
from fastapi import FastAPI
from fastapi.testclient import TestClient
from typer.testing import CliRunner

from channels import problems, programmes_api
from channels.bounds import RateLimits
from channels.programme_commands import app as commands
from knowledge.settings import Settings

ADDRESS = "/api/programmes"


@pytest.fixture(scope="module")
def http() -> Iterator[TestClient]:
    """The router by itself: a need by id takes neither the model nor the database."""
    app = FastAPI()
    app.state.settings = Settings(requests_per_minute=100_000)
    app.state.rates = RateLimits(app.state.settings)
    problems.install(app)
    app.include_router(programmes_api.router)
    with TestClient(app, raise_server_exceptions=False) as client:
        yield client


def naru(*arguments: str) -> Any:
    return CliRunner().invoke(commands, list(arguments))


def test_both_ways_give_the_same_result(http: TestClient) -> None:
    printed = naru(
        *"find --need obstacle.trade-knowledge --size small --region 충남 --exports-usd 0 --no-women-owned --top 7 --json".split()
    )
    asked = {
        "need": "obstacle.trade-knowledge",
        "size": "small",
        "region": "충남",
        "exports_usd": "0",
        "women_owned": "false",
        "top": "7",
    }
    answered = http.get(ADDRESS, params=asked)
    assert (printed.exit_code, answered.status_code) == (0, 200)
    assert json.loads(printed.stdout) == answered.json()
    assert len(answered.json()) == 7
    verdicts = {each["id"]: each["verdict"] for each in answered.json()}
    assert verdicts["programme.export-capacity-building"] == "fits"


def test_an_answer_carries_reasons_questions_and_sources(http: TestClient) -> None:
    (first, *_) = http.get(ADDRESS, params={"need": "obstacle.standards-certificates", "language": "en"}).json()
    assert first["id"] == "programme.overseas-certification"
    assert first["verdict"] == "fits_if"
    assert first["missing"][0]["field"] == "size" and first["missing"][0]["question"].startswith("How large")
    assert first["sources"][0]["basis"] == "report" and "Table 2" in first["sources"][0]["locator"]
    assert set(first["score"]) == {"total", "need", "conditions", "specific"}


def test_words_are_understood_over_http(http: TestClient, shelf: Any) -> None:
    answered = http.get(ADDRESS, params={"need": "해외 인증 비용 지원", "size": "small"})
    assert answered.json()[0]["id"] == "programme.overseas-certification"
    assert http.get(ADDRESS, params={"need": "점심 뭐 먹지"}).json() == []


@pytest.mark.parametrize(
    ("asked", "field"),
    [
        ({"size": "huge"}, "size"),
        ({"sector": "cheese"}, "sector"),
        ({"region": "달나라"}, "region"),
        ({"exports_usd": "-5"}, "exports_usd_last_year"),
        ({"exports_usd": "lots"}, "exports_usd_last_year"),
        ({"exports_usd": "inf"}, "exports_usd_last_year"),
        ({"women_owned": "maybe"}, "women_owned"),
        ({"top": "0"}, "top"),
        ({"top": "101"}, "top"),
        ({"top": "many"}, "top"),
        ({"top": "²"}, "top"),
        ({"need": "obstacle.cats"}, "need"),
        ({"language": "fr"}, "language"),
        ({"need": "a" * 1001}, "need"),
    ],
)
def test_a_problem_names_its_field(http: TestClient, asked: dict[str, str], field: str) -> None:
    answered = http.get(ADDRESS, params=asked)
    assert answered.status_code == 422
    assert answered.headers["content-type"] == "application/problem+json"
    assert field in answered.json()["detail"]


def test_blank_parts_count_as_not_told(http: TestClient) -> None:
    blank = http.get(ADDRESS, params={"size": " ", "exports_usd": "", "region": "", "need": "", "top": ""})
    assert blank.status_code == 200
    assert blank.json() == http.get(ADDRESS).json()


def test_the_service_has_the_route() -> None:
    from channels.app import create_app

    assert ADDRESS in create_app().openapi()["paths"]


def test_a_profile_file_is_read_and_options_count_more(tmp_path: Path) -> None:
    file = tmp_path / "firm.json"
    file.write_text(json.dumps({"size": "large", "women_owned": True}), encoding="utf-8-sig")
    arguments = ("--need", "obstacle.which-programme", "--profile", str(file), "--top", "100", "--json")

    def women(*more: str) -> str:
        found = json.loads(naru("find", *arguments, *more).stdout)
        return next(each["verdict"] for each in found if each["id"] == "programme.women-exporters")

    assert women() == "not_for_you"
    assert women("--size", "small") == "fits"


@pytest.mark.parametrize("content", ["{", "[1]", '{"size": "huge"}', '{"cats": 3}', "\ufffd" * 3])
def test_a_profile_that_can_not_be_read_is_refused(tmp_path: Path, content: str) -> None:
    file = tmp_path / "firm.json"
    file.write_text(content, encoding="utf-8")
    result = naru("find", "--profile", str(file), "--json")
    assert result.exit_code == 2
    assert json.loads(result.stdout)["errors"][0]["field"] in {"profile", "size", "cats"}


@pytest.mark.parametrize(
    "arguments",
    [
        ("find", "--profile", "/no/such/file.json"),
        ("find", "--size", "huge"),
        ("find", "--need", "obstacle.cats"),
        ("find", "--top", "0"),
        ("show", "programme.nothing"),
        ("compare", "vap"),
        ("compare", "vap", "nothing"),
    ],
)
def test_what_can_not_be_answered_ends_with_2(arguments: tuple[str, ...]) -> None:
    result = naru(*arguments)
    assert result.exit_code == 2
    assert result.stderr.strip()


def test_show_tells_what_is_not_known() -> None:
    shown = naru("show", "vap", "--language", "en").stdout
    assert "Visitor Assistance Program" in shown
    assert "When to apply is not known here. Ask KOSME" in shown
    assert "Table 10" in shown


def test_compare_prints_every_programme() -> None:
    found = json.loads(naru("compare", "vap", "programme.bms", "own-mall", "--json").stdout)
    assert [each["id"] for each in found["programmes"]] == ["programme.vap", "programme.bms", "programme.own-mall"]
    assert all(len(row["cells"]) == 3 for row in found["rows"])
    assert "70%" in naru("compare", "vap", "own-mall").stdout
