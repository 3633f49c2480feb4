"""`naru announcements`: off without a key, the refresh against a real server, the list by need and day."""

from __future__ import annotations

import json
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest
from typer.testing import CliRunner

from channels.command_line import app
from knowledge.settings import settings
from tests.knowledge.announcements.server import KEY, FakeBizinfo, Fault, json_fault, row


@pytest.fixture
def bizinfo(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Iterator[FakeBizinfo]:
    with FakeBizinfo() as running:
        monkeypatch.setenv("NARU_DATABASE_URL", f"sqlite:///{tmp_path / 'naru.db'}")
        monkeypatch.setenv("NARU_BIZINFO_URL", running.url)
        monkeypatch.setenv("NARU_BIZINFO_KEY", KEY)
        settings.cache_clear()
        yield running
    monkeypatch.undo()
    settings.cache_clear()


def run(*words: str) -> Any:
    return CliRunner().invoke(app, ["announcements", *words])


def test_off_without_a_key(bizinfo: FakeBizinfo, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("NARU_BIZINFO_KEY", "")
    settings.cache_clear()
    done = run("refresh")
    assert done.exit_code == 1 and "NARU_BIZINFO_KEY" in done.output
    assert json.loads(run("refresh", "--json").stdout)["outcome"] == "off"
    assert bizinfo.requests == []


def test_refresh_and_list(bizinfo: FakeBizinfo) -> None:
    bizinfo.rows = [
        row(1, pblancNm="해외전시회 참가 지원", reqstBeginEndDe="20260101 ~ 20260131"),
        row(2, pblancNm="무역보험료 지원", reqstBeginEndDe="예산 소진시까지"),
        row(3, pblancNm=None),
    ]
    done = run("refresh")
    assert done.exit_code == 0, done.output
    assert "3 rows, 2 new, 0 changed, 0 ended" in done.output
    assert "row 3 (PBLN_000000000003): pblancNm is missing" in done.output
    again = json.loads(run("refresh", "--json").stdout)
    assert (again["outcome"], again["added"], again["complete"]) == ("refreshed", 0, True)
    told = run("list", "--need", "전시회에 나가고 싶어요", "--on", "2026-01-31")
    assert told.exit_code == 0 and "해외전시회 참가 지원" in told.output and "오늘" in told.output
    assert "무역보험료" not in told.output
    after = run("list", "--need", "전시회에 나가고 싶어요", "--on", "2026-02-01")
    assert "해외전시회" not in after.output
    (only,) = json.loads(run("list", "--on", "2026-02-01", "--language", "en", "--json").stdout)
    assert only["title"] == "무역보험료 지원" and only["closes"] is None
    assert only["deadline"] == "Check the deadline in the announcement"


@pytest.mark.parametrize(
    ("fault", "outcome", "words"),
    [
        (json_fault({"reqErr": "인증되지 않은 서비스 키입니다."}), "key_refused", "refuses the key"),
        (Fault(b"<html></html>"), "malformed", "web page"),
        (json_fault({"jsonArray": []}), "empty", "came back empty"),
    ],
)
def test_a_failing_refresh_says_why(bizinfo: FakeBizinfo, fault: Fault, outcome: str, words: str) -> None:
    bizinfo.faults = [fault, fault]
    done = run("refresh")
    assert done.exit_code == 1 and words in done.output and "kept" in done.output and KEY not in done.output
    told = run("refresh", "--json")
    assert told.exit_code == 1 and json.loads(told.stdout)["outcome"] == outcome


def test_bad_input_names_the_field(bizinfo: FakeBizinfo) -> None:
    done = run("list", "--region", "Kyoto")
    assert done.exit_code == 2 and "region" in done.output
    assert run("list", "--on", "31.1.2026").exit_code == 2


def test_settings_do_not_show_the_key(bizinfo: FakeBizinfo) -> None:
    done = CliRunner().invoke(app, ["settings", "--json"])
    assert done.exit_code == 0 and "NARU_BIZINFO_KEY" in done.output and KEY not in done.output
