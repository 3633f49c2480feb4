"""A text explained over HTTP and on the command line."""

from __future__ import annotations

import json
from pathlib import Path
from typing import Any

import pytest
from fastapi import FastAPI
from fastapi.testclient import TestClient
from typer.testing import CliRunner

from channels import explain_api, problems
from channels.bounds import RateLimits
from channels.command_line import app
from knowledge.settings import Settings

RUNNER = CliRunner()
NOTICE = "귀사의 적하목록과 B/L 번호를 2026년 12월 5일까지 부산세관으로 제출하시기 바랍니다."
CREDIT = """:40A: IRREVOCABLE
:20: LC-1
:31D: 270215 KOREA
:32B: USD1000,00
:44C: 270131
:46A: + COMMERCIAL INVOICE IN 3 COPIES
:47A: + PAYMENT ONLY AFTER APPLICANT'S APPROVAL
"""


def served(settings: Settings | None = None) -> TestClient:
    service = FastAPI()
    problems.install(service)
    service.include_router(explain_api.router)
    service.state.rates = RateLimits(settings or Settings(requests_per_minute=1000))
    return TestClient(service, raise_server_exceptions=False)


@pytest.fixture(scope="module")
def client() -> TestClient:
    return served()


def test_a_notice(client: TestClient) -> None:
    answer = client.post("/api/explain", json={"text": NOTICE})
    assert answer.status_code == 200
    told = answer.json()
    assert told["language"] == "ko"
    assert [term["record"] for term in told["terms"]] == ["term.cargo-manifest", "term.bl", "organisation.kcs"]
    for term in told["terms"]:
        assert NOTICE[term["start"] : term["end"]] == term["term"]
        assert term["plain"] and term["meaning"]["en"] and term["source"]["as_of"]
    assert "2026년 12월 5일까지" in told["plain_text"] and "제출해 주세요" in told["plain_text"]
    assert told["demands"][0]["by"] == ["2026년 12월 5일까지"]
    assert told["demands"][0]["to"] == ["부산세관"]
    assert "letter_of_credit" not in told


def test_a_letter_of_credit_in_the_language_asked_for(client: TestClient) -> None:
    told = client.post("/api/explain", json={"text": CREDIT, "language": "ko"}).json()
    letter = told["letter_of_credit"]
    assert letter["form"] == "MT700"
    assert letter["dates"]["latest_shipment"] == "2027-01-31"
    assert [danger["id"] for danger in letter["dangers"]] == ["payment_after_event", "no_ucp"]
    assert "늦어도 2027년 1월 31일" in told["plain_text"]


@pytest.mark.parametrize(
    "body", [{}, {"text": ""}, {"text": "  \n"}, {"text": 5}, {"text": NOTICE, "language": "fr"}, []]
)
def test_malformed(client: TestClient, body: Any) -> None:
    answer = client.post("/api/explain", json=body)
    assert answer.status_code == 422
    assert answer.headers["content-type"] == "application/problem+json"


def test_no_json(client: TestClient) -> None:
    assert (
        client.post("/api/explain", content=b"\xff\xfe", headers={"Content-Type": "application/json"}).status_code
        == 422
    )


def test_the_longest_and_one_more(client: TestClient) -> None:
    assert client.post("/api/explain", json={"text": "a " * 10_000}).status_code == 200
    assert client.post("/api/explain", json={"text": "a " * 10_000 + "a"}).status_code == 413


@pytest.mark.parametrize(
    "text", ["\x00", "😀" * 100, "' OR 1=1 --", "<script>alert(1)</script>", "{0} %s {text}", "../etc/passwd"]
)
def test_odd_texts_are_answered(client: TestClient, text: str) -> None:
    assert client.post("/api/explain", json={"text": text}).status_code == 200


def test_half_a_surrogate_pair_is_refused(client: TestClient) -> None:
    content = b'{"text": "\\ud800 B/L"}'
    answer = client.post("/api/explain", content=content, headers={"Content-Type": "application/json"})
    assert answer.status_code == 422


def test_too_often() -> None:
    few = served(Settings(requests_per_minute=2))
    statuses = [few.post("/api/explain", json={"text": "B/L"}) for _ in range(3)]
    assert [answer.status_code for answer in statuses] == [200, 200, 429]
    assert int(statuses[2].headers["Retry-After"]) > 0


def test_nothing_is_logged(
    client: TestClient, capfd: pytest.CaptureFixture[str], caplog: pytest.LogCaptureFixture
) -> None:
    client.post("/api/explain", json={"text": "비밀회사 B/L 990101-1234567"})
    written = capfd.readouterr()
    assert "비밀회사" not in written.out + written.err + caplog.text


def test_a_file(tmp_path: Path) -> None:
    file = tmp_path / "notice.txt"
    file.write_text(NOTICE, encoding="utf-8")
    done = RUNNER.invoke(app, ["explain", str(file), "--json"])
    assert done.exit_code == 0, done.output
    told = json.loads(done.output)
    assert told["terms"][0]["term"] == "적하목록"
    readable = RUNNER.invoke(app, ["explain", str(file)])
    assert readable.exit_code == 0
    assert "제출해 주세요" in readable.output and "어려운 말" in readable.output


@pytest.mark.parametrize("encoding", ["utf-8", "utf-8-sig", "cp949", "utf-16"])
def test_encodings(tmp_path: Path, encoding: str) -> None:
    file = tmp_path / "notice.txt"
    file.write_bytes(NOTICE.encode(encoding))
    told = json.loads(RUNNER.invoke(app, ["explain", str(file), "--json"]).output)
    assert [term["term"] for term in told["terms"]] == ["적하목록", "B/L", "세관"]


def test_standard_input() -> None:
    done = RUNNER.invoke(app, ["explain", "-", "--json", "--language", "en"], input=CREDIT.encode())
    assert done.exit_code == 0, done.output
    told = json.loads(done.output)
    assert told["letter_of_credit"]["amount"]["amount"] == "1000"
    assert "January 31, 2027" in told["plain_text"]


@pytest.mark.parametrize(
    ("content", "says"),
    [
        (b"%PDF-1.7 ...", "PDFs cannot be read yet"),
        (b"\x89PNG\r\n\x1a\n\x00\x00", "This is no text"),
        (b"\x81\xff\x81", "This is no text"),
        (b"", "no words"),
        (b" \n ", "no words"),
        (b"a " * 10_001, "too long"),
    ],
)
def test_files_that_are_no_text(tmp_path: Path, content: bytes, says: str) -> None:
    file = tmp_path / "what.txt"
    file.write_bytes(content)
    done = RUNNER.invoke(app, ["explain", str(file)])
    assert done.exit_code == 2
    assert says in " ".join(done.output.split())


def test_a_file_that_is_not_there(tmp_path: Path) -> None:
    assert RUNNER.invoke(app, ["explain", str(tmp_path / "none.txt")]).exit_code == 2
    assert RUNNER.invoke(app, ["explain", str(tmp_path)]).exit_code == 2
