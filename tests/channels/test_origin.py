"""The origin simulation on the command line and over HTTP: what goes in, what comes out, and what is refused."""

from __future__ import annotations

import json
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest
from fastapi import FastAPI
from fastapi.testclient import TestClient
from typer.testing import CliRunner

from channels import origin_api, problems
from channels.bounds import RateLimits
from channels.origin_commands import app as commands
from knowledge.settings import Settings

EXAMPLE: dict[str, Any] = {
    "agreement": "KR-CN",
    "hs": "330499",
    "price": {"amount": 100, "basis": "FOB", "currency": "USD"},
    "materials": [{"name": "glycerol", "hs": "290545", "originating": False, "origin": "MY", "value": 20}],
    "processes": ["mixing", "filling"],
    "transport": {"direct": True, "via": [], "customs_control": None},
}
SIMULATIONS = "/api/origin/simulations"


@pytest.fixture(scope="module")
def http() -> Iterator[TestClient]:
    """The router by itself: it needs neither the model nor the database."""
    app = FastAPI()
    app.state.settings = Settings(requests_per_minute=100_000)
    app.state.rates = RateLimits(app.state.settings)
    problems.install(app)
    app.include_router(origin_api.router)
    with TestClient(app, raise_server_exceptions=False) as client:
        yield client


def naru(*arguments: str) -> Any:
    return CliRunner().invoke(commands, list(arguments))


def file(folder: Path, data: Any) -> str:
    path = folder / "bill.json"
    path.write_text(json.dumps(data), encoding="utf-8")
    return str(path)


def test_both_ways_give_the_same_result(http: TestClient, tmp_path: Path) -> None:
    printed = naru("simulate", file(tmp_path, EXAMPLE), "--json")
    answered = http.post(SIMULATIONS, json=EXAMPLE)
    assert (printed.exit_code, answered.status_code) == (0, 200)
    assert json.loads(printed.stdout) == answered.json()
    assert answered.json()["verdict"] == "qualifies"


def test_the_command_tells_it_in_words(tmp_path: Path) -> None:
    printed = naru("simulate", file(tmp_path, EXAMPLE))
    assert "원산지 기준을 충족해요" in printed.stdout
    assert "제3.14조" in printed.stdout
    english = naru("simulate", file(tmp_path, EXAMPLE), "--language", "en")
    assert "It meets the rules of origin" in english.stdout


def test_a_product_that_fails_ends_well_and_says_what_to_change(tmp_path: Path) -> None:
    data = EXAMPLE | {"materials": [{"name": "base", "hs": "330499", "originating": False, "value": 12}]}
    printed = naru("simulate", file(tmp_path, data), "--language", "en")
    assert printed.exit_code == 0
    assert "It does not meet the rules of origin" in printed.stdout
    assert "With 2 USD less of ‘base’ the tolerance covers it." in printed.stdout


def test_bad_input_ends_with_2_and_names_the_field(tmp_path: Path) -> None:
    data = EXAMPLE | {"materials": [*EXAMPLE["materials"], {"name": "x", "value": -5}]}
    printed = naru("simulate", file(tmp_path, data), "--json")
    assert printed.exit_code == 2
    assert json.loads(printed.stdout)["verdict"] == "input_error"
    assert "materials[1].value" in printed.stderr


def test_a_bad_cell_ends_with_2_and_names_row_and_column(tmp_path: Path) -> None:
    path = tmp_path / "bill.csv"
    path.write_text("agreement,KR-CN\nhs,330499\n\nname,hs,value\nglycerol,290545,a lot\n", encoding="utf-8")
    printed = naru("simulate", str(path), "--language", "en")
    assert printed.exit_code == 2
    assert "row 5, value (materials[0].value)" in printed.stderr


def test_the_template_is_written_and_read_back_as_unfinished(tmp_path: Path) -> None:
    path = tmp_path / "bill.xlsx"
    assert naru("template", str(path)).exit_code == 0
    printed = naru("simulate", str(path), "--language", "en")
    assert printed.exit_code == 2
    assert "agreement" in printed.stderr


def test_a_rule_is_shown_with_plain_words_and_source() -> None:
    printed = naru("rule", "KR-CN", "330499", "--json")
    rule = json.loads(printed.stdout)["rules"][0]
    assert rule["expression"] == "CTH"
    assert "네 자리" in rule["plain"]
    assert rule["source"]["basis"] == "official"
    assert "네 자리" in naru("rule", "KR-CN", "330499").stdout


@pytest.mark.parametrize(
    ("arguments", "named"), [(("KR-XX", "330499"), "KR-XX"), (("KR-CN", "3304"), "3304"), (("KR-CN", "abc"), "abc")]
)
def test_a_rule_that_can_t_be_looked_up_ends_with_2(arguments: tuple[str, str], named: str) -> None:
    printed = naru("rule", *arguments)
    assert printed.exit_code == 2
    assert named in printed.stderr


def test_agreements_are_listed(http: TestClient) -> None:
    listed = {entry["agreement"]: entry for entry in http.get("/api/agreements?language=en").json()}
    assert {"KR-CN", "KR-US", "KR-VN", "KR-UK", "KR-EU", "RCEP"} <= listed.keys()
    assert listed["KR-VN"]["parties"] == ["VN"]
    assert listed["KR-CN"]["in_force"] == "2015-12-20"
    assert listed["KR-EU"]["inferred_from"] == "KR-UK"


def test_rules_over_http(http: TestClient) -> None:
    found = http.get("/api/origin/rules", params={"agreement": "kr-vn", "hs": "3304.99"})
    assert found.status_code == 200
    assert found.json()["rules"][0]["expression"].startswith("CTH or RVC")


@pytest.mark.parametrize(
    ("query", "status"),
    [
        ({"agreement": "KR-XX", "hs": "330499"}, 404),
        ({"agreement": "KR-CN", "hs": "33"}, 422),
        ({"agreement": "KR-CN"}, 422),
        ({"agreement": "KR-CN", "hs": "330499", "language": "fr"}, 422),
        ({"agreement": "K" * 50, "hs": "330499"}, 422),
    ],
)
def test_a_rule_that_can_t_be_looked_up_over_http(http: TestClient, query: dict[str, str], status: int) -> None:
    answered = http.get("/api/origin/rules", params=query)
    assert answered.status_code == status
    assert answered.headers["content-type"] == "application/problem+json"


@pytest.mark.parametrize(
    ("body", "field"),
    [
        (json.dumps(EXAMPLE | {"hs": "33"}), "hs"),
        (json.dumps(EXAMPLE | {"price": {"amount": -1, "basis": "FOB"}}), "price.amount"),
        (json.dumps(EXAMPLE | {"materials": [{"value": "x"}]}), "materials[0].value"),
        ("{", "input"),
        ("", "input"),
        ("[]", "input"),
        ("null", "input"),
        ("[" * 100_000, "input"),
        ('{"agreement": "\\ud800", "hs": "330499"}', "agreement"),
        ('{"agreement": "KR-CN", "hs": 1e99999999}', "hs"),
        (json.dumps(EXAMPLE | {"price": {"amount": "1e99999999", "basis": "FOB"}}), "price.amount"),
    ],
)
def test_bad_input_over_http_is_422_and_names_the_field(http: TestClient, body: str, field: str) -> None:
    answered = http.post(SIMULATIONS, content=body)
    assert answered.status_code == 422
    assert answered.json()["verdict"] == "input_error"
    assert answered.json()["errors"][0]["field"] == field


def test_bytes_that_are_no_text_are_refused(http: TestClient) -> None:
    assert http.post(SIMULATIONS, content=b"\xff\xfe\x00").status_code == 422


def test_numbers_are_not_made_binary_on_the_way(http: TestClient) -> None:
    # CTH and RVC 50 at exactly the threshold: 0.1 + 0.2 of 0.6 is one half.
    parts = [
        {"hs": "853649", "originating": False, "value": "V1"},
        {"hs": "853650", "originating": False, "value": "V2"},
    ]
    data = EXAMPLE | {"hs": "853710", "price": {"amount": "P", "basis": "FOB"}, "materials": parts}
    body = json.dumps(data).replace('"V1"', "0.1").replace('"V2"', "0.2").replace('"P"', "0.6")
    assert http.post(SIMULATIONS, content=body).json()["rvc"]["value"] == 50


def test_the_language_can_be_asked_for(http: TestClient) -> None:
    steps = http.post(f"{SIMULATIONS}?language=en", json=EXAMPLE).json()["steps"]
    assert steps[6]["reason"] == "The goods go straight from Korea."


COMPARE = "/api/origin/compare"


def test_agreements_compared_alike_both_ways(http: TestClient) -> None:
    printed = naru("compare", "--hs", "190230", "--country", "VN", "--json")
    answered = http.get(COMPARE, params={"hs": "190230", "country": "VN"})
    assert (printed.exit_code, answered.status_code) == (0, 200)
    assert json.loads(printed.stdout) == answered.json()
    assert {entry["agreement"] for entry in answered.json()["agreements"]} == {"KR-VN", "KR-ASEAN", "RCEP"}


def test_a_comparison_in_words_with_a_bill(tmp_path: Path) -> None:
    given = ("--hs", "330499", "--country", "CN", "--bill", file(tmp_path, EXAMPLE), "--language", "en")
    printed = naru("compare", *given, "--value", "1000", "--currency", "USD")
    assert printed.exit_code == 0
    assert "It meets the rules of origin" in printed.stdout
    assert "Which agreement is better?" in printed.stdout
    assert "Asia-Pacific Trade Agreement" in printed.stdout


@pytest.mark.parametrize(
    ("query", "status", "named"),
    [
        ({"hs": "190230", "country": "BR"}, 404, "브라질"),
        ({"hs": "190230", "country": "XX"}, 422, "country"),
        ({"hs": "1902", "country": "VN"}, 422, "hs"),
        ({"hs": "190230", "country": "VN", "value": "10"}, 422, "currency"),
        ({"hs": "190230", "country": "VN", "value": "-1", "currency": "USD"}, 422, "value"),
        ({"hs": "190230"}, 422, "country"),
    ],
)
def test_a_comparison_that_can_t_be_made(http: TestClient, query: dict[str, str], status: int, named: str) -> None:
    answered = http.get(COMPARE, params=query)
    assert answered.status_code == status
    assert named in answered.text


@pytest.mark.parametrize(("country", "status"), [("BR", 1), ("XX", 2)])
def test_a_comparison_that_can_t_be_made_ends_badly(country: str, status: int) -> None:
    printed = naru("compare", "--hs", "190230", "--country", country)
    assert printed.exit_code == status
    assert printed.stderr


def test_a_bad_bill_in_a_comparison_names_the_cell(tmp_path: Path) -> None:
    path = tmp_path / "bill.csv"
    path.write_text("hs,330499\n\nname,hs,value\nglycerol,29054x,3\n", encoding="utf-8")
    printed = naru("compare", "--hs", "330499", "--country", "CN", "--bill", str(path), "--language", "en")
    assert printed.exit_code == 2
    assert "row 4" in printed.stderr
