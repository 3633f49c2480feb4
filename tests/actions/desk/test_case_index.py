"""Staff find a case by the firm's name and the end of its telephone number; the database does not tell either."""

from __future__ import annotations

import json
import sqlite3
from collections.abc import Callable
from datetime import timedelta
from pathlib import Path

import pytest
from pydantic import SecretStr
from sqlalchemy import delete, func, select
from typer.testing import CliRunner

from actions.cases import Application, Cases, State
from actions.cases.forgetting import erase, purge
from actions.cases.letters import letter
from actions.cases.tables import ApplicationRow
from actions.desk.case_index import by_firm, by_phone, make_anew, normal_firm, suffix_of
from actions.desk.tables import CaseIndexRow
from actions.files import folder
from channels import case_commands
from knowledge.database.engine import sessions
from knowledge.database.tables import ConversationRow, FileRow
from knowledge.settings import Settings
from tests.actions.cases.conftest import chosen, filled, submitted
from tests.actions.papers.reading import read

__all__ = ["chosen", "filled", "submitted"]  # fixtures

Make = Callable[..., Application]


@pytest.fixture
def cases(chosen: Settings) -> Cases:
    return Cases(chosen.database, chosen)


def entries(chosen: Settings) -> int:
    with sessions(chosen.database)() as session:
        return session.scalar(select(func.count()).select_from(CaseIndexRow)) or 0


@pytest.mark.parametrize(
    "written",
    ["나루식품", "(주)나루식품", "㈜ 나루식품", "주식회사 나루 식품", "나루식품(주)", "나루식품 주식회사", "나루-식품"],
)
def test_a_korean_firm_is_the_same_however_its_form_is_written(written: str) -> None:
    assert normal_firm(written) == "나루식품"


@pytest.mark.parametrize("written", ["Naru Foods", "NARU FOODS Co., Ltd.", "Naru Foods Inc", "naru-foods"])
def test_an_english_firm_is_the_same_however_its_form_is_written(written: str) -> None:
    assert normal_firm(written) == "narufoods"


def test_other_firms_stay_other_firms() -> None:
    names = ["나루식품", "나루식품산업", "나루", "주식", "Costco", "Co", "Inc Foods", "Company Limited"]
    assert len({normal_firm(name) for name in names}) == len(names)
    assert normal_firm(" - ") == "" and normal_firm("") == ""


def test_the_end_of_a_number_is_its_last_four_digits() -> None:
    assert suffix_of("+821012345678") == suffix_of("010-1234-5678") == "5678"
    assert suffix_of("119") is None


def test_a_submitted_application_is_found_by_name_and_by_the_last_digits_only(
    cases: Cases, chosen: Settings, filled: Make
) -> None:
    begun = filled(cases, "c1")
    assert by_firm(chosen, "나루식품") == () and entries(chosen) == 0, "a draft is the firm's alone"
    cases.submit(begun.id, cases.review(begun.id).digest)
    assert by_firm(chosen, "㈜나루식품") == ("c1",)
    assert by_phone(chosen, "5678") == ("c1",)
    for other in ("1234", "0101", "2345", "4567", "678", "345678", "", "____", "５６７８"):
        assert by_phone(chosen, other) == (), other
    for other in ("나루", "식품", "5678", "", "%"):
        assert by_firm(chosen, other) == (), other


def test_nothing_of_it_can_be_read_and_another_key_finds_nothing(
    cases: Cases, chosen: Settings, submitted: Make
) -> None:
    submitted(cases, "c1")
    with sqlite3.connect(Path(chosen.data_dir) / "naru.db") as database:
        rows = database.execute("select kind, digest from case_index").fetchall()
    assert sorted(kind for kind, _ in rows) == ["firm", "phone"]
    assert all(digest != "5678" and "나루" not in digest and len(digest) == 64 for _, digest in rows)
    other = chosen.model_copy(update={"secret": SecretStr("another")})
    assert by_firm(other, "나루식품") == () and by_phone(other, "5678") == ()


def test_sent_again_it_is_indexed_once(cases: Cases, chosen: Settings, submitted: Make) -> None:
    sent = submitted(cases, "c1")
    cases.move(sent.id, State.IN_REVIEW, "desk")
    cases.move(sent.id, State.RETURNED, "desk", "전화번호를 확인해 주세요")
    cases.answer(sent.id, "phone", "010-2222-9999")
    cases.submit(sent.id, cases.review(sent.id).digest)
    assert entries(chosen) == 3, "the name once, the old number and the new one"
    assert by_phone(chosen, "9999") == by_phone(chosen, "5678") == ("c1",)


def test_old_cases_are_indexed_anew(cases: Cases, chosen: Settings, submitted: Make) -> None:
    sent = [submitted(cases, "c1"), submitted(cases, "c2")]
    made = make_anew(chosen, ((each.conversation_id, cases.values(each.id)) for each in sent))
    assert made == entries(chosen) == 4
    assert set(by_phone(chosen, "5678")) == {"c1", "c2"}


def test_the_command_makes_it_anew(chosen: Settings, submitted: Make, monkeypatch: pytest.MonkeyPatch) -> None:
    submitted(Cases(chosen.database, chosen), "c1")
    with sessions(chosen.database).begin() as session:
        session.execute(delete(CaseIndexRow))
    assert by_firm(chosen, "나루식품") == ()
    monkeypatch.setattr(case_commands, "settings", lambda: chosen)
    monkeypatch.setattr(case_commands, "Cases", lambda: Cases(chosen.database, chosen))
    result = CliRunner().invoke(case_commands.app, ["index", "--json"])
    assert result.exit_code == 0 and json.loads(result.stdout) == {"entries": 2}
    assert by_firm(chosen, "나루식품") == by_phone(chosen, "5678") == ("c1",)


@pytest.mark.parametrize("how", ["erase", "conversation", "old"])
def test_what_is_forgotten_is_not_found(cases: Cases, chosen: Settings, submitted: Make, how: str) -> None:
    mine, theirs = submitted(cases, "c1"), submitted(cases, "c2")
    for each in (mine, theirs):
        cases.move(each.id, State.IN_REVIEW, "desk")
        cases.move(each.id, State.DECLINED, "desk", "예산이 다 쓰였어요")
    gone, stays = letter(mine.id, chosen), letter(theirs.id, chosen)
    assert gone is not None and stays is not None
    with sessions(chosen.database).begin() as session:
        if how == "conversation":
            session.delete(session.get(ConversationRow, "c1"))
        if how == "old":
            row = session.get(ApplicationRow, mine.id)
            assert row is not None
            row.changed_at -= timedelta(days=chosen.retention_days + 1)
    if how == "erase":
        erase("c1", chosen.database, chosen)
    if how == "old":
        purge(None, chosen.database, chosen)
    assert by_firm(chosen, "나루식품") == by_phone(chosen, "5678") == ("c2",)
    assert entries(chosen) == 2
    with sessions(chosen.database)() as session:
        assert session.get(FileRow, gone.url.removeprefix("/files/")) is None
        assert session.get(FileRow, stays.url.removeprefix("/files/")) is not None
    if how != "conversation":  # there the caller removes the files: channels/files_api.erase
        assert not (folder(chosen) / gone.url.removeprefix("/files/")).exists()


@pytest.mark.parametrize(
    ("state", "title"),
    [(State.RETURNED, "고쳐"), (State.ACCEPTED, "받아들여졌어요"), (State.DECLINED, "받아들여지지 않았어요")],
)
def test_a_decision_has_one_letter_with_what_the_desk_noted(
    cases: Cases, chosen: Settings, submitted: Make, state: State, title: str
) -> None:
    sent = submitted(cases, "c1")
    assert letter(sent.id, chosen) is None
    cases.move(sent.id, State.IN_REVIEW, "desk")
    assert letter(sent.id, chosen) is None, "a review that begins is no decision"
    cases.move(sent.id, state, "desk", "도장이 보이지 않아요 <b>")
    made = letter(sent.id, chosen)
    assert made is not None and made == letter(sent.id, chosen), "the same one again"
    assert sent.number is not None and sent.number in made.name
    words = read((folder(chosen) / made.url.removeprefix("/files/")).read_bytes())
    for expected in (title, sent.number, "나루식품", "도장이 보이지 않아요 <b>"):
        assert expected in words, expected
