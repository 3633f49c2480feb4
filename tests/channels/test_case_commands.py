"""`naru cases` as the receiving desk uses it."""

from __future__ import annotations

import json
from collections.abc import Iterator
from datetime import timedelta
from pathlib import Path
from typing import Any

import pytest
from pydantic import ValidationError
from sqlalchemy import select
from typer.testing import CliRunner, Result

from actions.cases import Application, Cases
from actions.desk.tables import AuditRow
from channels.case_commands import app
from knowledge.database.engine import sessions
from knowledge.database.tables import now
from knowledge.settings import Settings
from knowledge.settings import settings as read_settings
from tests.actions.cases.conftest import FIRM, VOUCHER, add_file


@pytest.fixture
def desk(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Iterator[Settings]:
    monkeypatch.setenv("NARU_DATA_DIR", str(tmp_path))
    read_settings.cache_clear()
    assert run("list").exit_code == 0  # makes the tables
    yield read_settings()
    monkeypatch.undo()
    read_settings.cache_clear()


def run(*words: str) -> Result:
    return CliRunner().invoke(app, words)


def answer(*words: str) -> Any:
    result = run(*words, "--json")
    assert result.exit_code == 0, result.output
    return json.loads(result.stdout)


def application() -> Application:
    cases = Cases()
    begun = cases.start("c1", "programme.export-voucher")
    for key, said in (FIRM | VOUCHER).items():
        cases.answer(begun.id, key, said)
    cases.attach(begun.id, "business_registration", add_file(cases._settings, "c1", "f1"))
    return cases.submit(begun.id, cases.review(begun.id).digest)


def test_a_day_at_the_desk(desk: Settings, tmp_path: Path) -> None:
    sent = application()
    assert sent.number is not None
    (row,) = answer("list")
    assert (row["number"], row["state"], row["handed_over"]) == (sent.number, "submitted", "waiting: not tried yet")
    assert answer("deliver") == {"delivered": 1, "postponed": 0, "failed": 0}
    shown = answer("show", sent.number.lower())
    assert shown["package"]["firm"]["firm_name"]["value"] == "나루식품"
    assert shown["handed_over"].startswith("delivered")
    assert "나루식품" in run("show", sent.number).stdout
    files = answer("export", sent.number, "--out", str(tmp_path / "given"))
    assert [Path(file).name for file in files] == [
        "application-1.pdf", "application-1.json", "application-1-business_registration.pdf",
    ]  # fmt: skip
    assert answer("purge") == {"applications": 0, "firms": 0, "folders": 0, "audit_lines": 0}
    assert answer("list", "--state", "accepted") == []


def test_a_wrong_number_is_named(desk: Settings) -> None:
    for words in (("show", "N-7F3K-0000"), ("export", "nothing", "--out", "x"), ("deliver", "--again", "N-7F3K-0000")):
        result = run(*words)
        assert result.exit_code == 2
        assert "receipt number" in result.output


def test_lines_of_the_log_go_only_where_it_is_set_and_only_old_ones(
    desk: Settings, monkeypatch: pytest.MonkeyPatch
) -> None:
    with sessions(desk.database).begin() as session:
        for days in (29, 31, 4000):
            session.add(AuditRow(what=f"{days} days old", detail={}, at=now() - timedelta(days=days)))
    for kept in (None, ""):  # not set, and set to nothing
        if kept is not None:
            monkeypatch.setenv("NARU_AUDIT_DAYS", kept)
        read_settings.cache_clear()
        assert answer("purge")["audit_lines"] == 0
    monkeypatch.setenv("NARU_AUDIT_DAYS", "30")
    read_settings.cache_clear()
    assert "2 log lines erased" in run("purge").stdout
    with sessions(desk.database)() as session:
        assert list(session.scalars(select(AuditRow.what))) == ["29 days old"]
    for wrong in ("0", "-1", "soon"):
        monkeypatch.setenv("NARU_AUDIT_DAYS", wrong)
        read_settings.cache_clear()
        with pytest.raises(ValidationError):
            read_settings()
