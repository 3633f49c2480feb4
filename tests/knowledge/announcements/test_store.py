"""Refreshing keeps what there is, marks what is gone, and never gives out what has expired."""

from __future__ import annotations

from datetime import UTC, date, datetime, timedelta

import pytest
from pydantic import SecretStr
from sqlalchemy import func, select
from sqlalchemy.orm import Session, sessionmaker

from knowledge.announcements import store
from knowledge.announcements.client import Bizinfo
from knowledge.announcements.errors import KeyRefused, ServiceDown, SwitchedOff
from knowledge.announcements.period import korean_day
from knowledge.announcements.reading import Attachment
from knowledge.database.tables import AnnouncementRow, AnnouncementRunRow
from tests.knowledge.announcements.server import QUICK, FakeBizinfo, Fault, json_fault, row

JAN_31 = date(2026, 1, 31)


def numbers(database: sessionmaker[Session], day: date) -> list[int]:
    with database() as session:
        return [int(found.id.removeprefix("PBLN_")) for found in store.open_on(session, day)]


def runs(database: sessionmaker[Session]) -> list[str]:
    with database() as session:
        return list(session.scalars(select(AnnouncementRunRow.outcome).order_by(AnnouncementRunRow.id)))


def test_what_was_read_is_what_is_kept(bizinfo: FakeBizinfo, service: Bizinfo, database: sessionmaker[Session]) -> None:
    bizinfo.rows = [row(1, flpthNm="/f/1@/f/2", fileNm="가.hwp@나.pdf")]
    run = store.refresh(database, service)
    assert (run.outcome, run.fetched, run.added, run.changed, run.ended) == ("refreshed", 1, 1, 0, 0)
    assert run.complete and run.errors == ()
    with database() as session:
        found = store.get(session, "PBLN_000000000001")
        assert found is not None
        assert found.attachments == (
            Attachment("가.hwp", "https://www.bizinfo.go.kr/f/1"),
            Attachment("나.pdf", "https://www.bizinfo.go.kr/f/2"),
        )
        assert found.registered_at == datetime(2026, 1, 2, 0, 0, tzinfo=UTC)
        assert found.fetched_at == run.at
        assert (found.opens, found.closes) == (date(2026, 1, 1), date(2026, 12, 31))
        assert store.last_run(session) == run
        assert store.get(session, "PBLN_2") is None


def test_a_second_refresh_tells_new_changed_and_gone(
    bizinfo: FakeBizinfo, service: Bizinfo, database: sessionmaker[Session]
) -> None:
    bizinfo.rows = [row(1), row(2), row(3)]
    store.refresh(database, service)
    bizinfo.rows = [row(1), row(2, reqstBeginEndDe="20260101 ~ 20260630"), row(4)]
    run = store.refresh(database, service)
    assert (run.added, run.changed, run.ended) == (1, 1, 1)
    assert numbers(database, JAN_31) == [2, 1, 4]  # by deadline
    with database() as session:
        gone = session.get(AnnouncementRow, "PBLN_000000000003")
        assert gone is not None and gone.ended_at is not None and gone.title == "수출 지원사업 3차 모집 공고"


def test_what_comes_back_is_open_again(bizinfo: FakeBizinfo, service: Bizinfo, database: sessionmaker[Session]) -> None:
    for listed in ([row(1), row(2)], [row(1)], [row(1), row(2)]):
        bizinfo.rows = listed
        run = store.refresh(database, service)
    assert (run.added, run.changed) == (0, 1)
    assert numbers(database, JAN_31) == [1, 2]


def test_nothing_changes_when_nothing_changed(
    bizinfo: FakeBizinfo, service: Bizinfo, database: sessionmaker[Session]
) -> None:
    bizinfo.rows = [row(1, flpthNm="/f/1", fileNm="가.hwp"), row(2, creatPnttm=None)]
    first = store.refresh(database, service)
    again = store.refresh(database, service)
    assert (again.added, again.changed, again.ended) == (0, 0, 0)
    with database() as session:
        found = store.get(session, "PBLN_000000000001")
        assert found is not None and found.fetched_at == again.at > first.at


@pytest.mark.parametrize(
    ("fault", "error", "name"),
    [
        (Fault(status=500), ServiceDown, "service_down"),
        (json_fault({"reqErr": "인증되지 않은 서비스 키입니다."}), KeyRefused, "key_refused"),
    ],
)
def test_a_failed_fetch_keeps_everything_and_is_noted(
    bizinfo: FakeBizinfo,
    service: Bizinfo,
    database: sessionmaker[Session],
    fault: Fault,
    error: type[Exception],
    name: str,
) -> None:
    bizinfo.rows = [row(1), row(2)]
    store.refresh(database, service)
    bizinfo.faults = [fault] * 3
    with pytest.raises(error):
        store.refresh(database, service)
    assert numbers(database, JAN_31) == [1, 2]
    assert runs(database) == ["refreshed", name]
    with database() as session:
        last = store.last_run(session)
        assert last is not None and last.outcome == name and last.errors and not last.complete


@pytest.mark.parametrize("empty", [{"jsonArray": []}, {"jsonArray": ""}, {}])
def test_an_empty_list_keeps_everything(
    bizinfo: FakeBizinfo, service: Bizinfo, database: sessionmaker[Session], empty: object
) -> None:
    bizinfo.rows = [row(1), row(2)]
    store.refresh(database, service)
    bizinfo.faults = [json_fault(empty)]
    run = store.refresh(database, service)
    assert (run.outcome, run.ended) == ("empty", 0)
    assert numbers(database, JAN_31) == [1, 2]


def test_without_a_key_nothing_is_noted(bizinfo: FakeBizinfo, database: sessionmaker[Session]) -> None:
    with pytest.raises(SwitchedOff):
        store.refresh(database, Bizinfo(bizinfo.url, SecretStr(""), QUICK))
    assert runs(database) == []


def test_a_list_not_read_to_its_end_ends_nothing(
    bizinfo: FakeBizinfo, service: Bizinfo, database: sessionmaker[Session]
) -> None:
    bizinfo.rows = [row(number) for number in range(1, 6)]
    store.refresh(database, service)
    bizinfo.turns_pages = False
    run = store.refresh(database, service)
    assert (run.complete, run.fetched, run.ended) == (False, 3, 0)
    assert numbers(database, JAN_31) == [1, 2, 3, 4, 5]


def test_a_row_that_cannot_be_read_any_more_is_not_taken_for_gone(
    bizinfo: FakeBizinfo, service: Bizinfo, database: sessionmaker[Session]
) -> None:
    bizinfo.rows = [row(1), row(2), row(3)]
    store.refresh(database, service)
    bizinfo.rows = [row(1), row(2, pblancNm="")]
    run = store.refresh(database, service)
    assert run.errors == ("row 2 (PBLN_000000000002): pblancNm is missing",)
    assert run.ended == 1 and numbers(database, JAN_31) == [1, 2]
    bizinfo.rows = [row(2), row(3, pblancId=None)]  # the row without number may be 1 or 3
    run = store.refresh(database, service)
    assert run.ended == 0 and numbers(database, JAN_31) == [1, 2]


def test_no_readable_row_is_told_and_keeps_everything(
    bizinfo: FakeBizinfo, service: Bizinfo, database: sessionmaker[Session]
) -> None:
    bizinfo.rows = [row(1)]
    store.refresh(database, service)
    bizinfo.rows = [row(9, pblancNm=None)]
    assert store.refresh(database, service).outcome == "unreadable"
    assert numbers(database, JAN_31) == [1]


def test_another_class_is_left_alone(bizinfo: FakeBizinfo, service: Bizinfo, database: sessionmaker[Session]) -> None:
    bizinfo.rows = [row(1)]
    store.refresh(database, service, "04")
    bizinfo.rows = [row(2)]
    assert store.refresh(database, service, "07").ended == 0
    assert numbers(database, JAN_31) == [1, 2]


def test_a_run_that_breaks_off_leaves_nothing_half_done(
    bizinfo: FakeBizinfo, service: Bizinfo, database: sessionmaker[Session], monkeypatch: pytest.MonkeyPatch
) -> None:
    bizinfo.rows = [row(1), row(2)]
    store.refresh(database, service)
    bizinfo.rows = [row(1, pblancNm="새 제목"), row(3)]

    def break_off(*_: object) -> None:
        raise RuntimeError("the power fails")

    monkeypatch.setattr(store, "_note", break_off)  # the last step of a run
    with pytest.raises(RuntimeError):
        store.refresh(database, service)
    assert numbers(database, JAN_31) == [1, 2]
    with database() as session:
        assert session.scalar(select(func.count()).select_from(AnnouncementRow)) == 2
        found = store.get(session, "PBLN_000000000001")
        assert found is not None and found.title == "수출 지원사업 1차 모집 공고"


def test_many_errors_are_kept_in_part(bizinfo: FakeBizinfo, service: Bizinfo, database: sessionmaker[Session]) -> None:
    bizinfo.rows = [row(1), *(row(number, pblancNm=None) for number in range(2, 80))]
    assert len(store.refresh(database, service).errors) == 78
    with database() as session:
        last = store.last_run(session)
        assert last is not None and len(last.errors) == 50


@pytest.mark.parametrize(
    ("period", "day", "is_open"),
    [
        ("20260101 ~ 20260131", date(2026, 1, 30), True),
        ("20260101 ~ 20260131", date(2026, 1, 31), True),  # the last day is included
        ("20260101 ~ 20260131", date(2026, 2, 1), False),
        ("20260101 ~ 20260131", date(2026, 1, 1), True),
        ("20260101 ~ 20260131", date(2025, 12, 31), False),
        ("20260101 ~ 예산 소진시까지", date(2027, 5, 1), True),
        ("상시 접수", date(2026, 5, 1), True),
        ("세부사업별 상이", date(2026, 5, 1), True),
        # The deadline is a day in Korea: at 14:59 in Greenwich it is still the 31st there, at 15:00 no more.
        ("20260101 ~ 20260131", datetime(2026, 1, 31, 14, 59, tzinfo=UTC), True),
        ("20260101 ~ 20260131", datetime(2026, 1, 31, 15, 0, tzinfo=UTC), False),
    ],
)
def test_open_on_a_day(
    bizinfo: FakeBizinfo,
    service: Bizinfo,
    database: sessionmaker[Session],
    period: str,
    day: date,
    is_open: bool,
) -> None:
    bizinfo.rows = [row(1, reqstBeginEndDe=period)]
    store.refresh(database, service)
    assert numbers(database, day) == ([1] if is_open else [])


def test_today_and_yesterday_in_korea(bizinfo: FakeBizinfo, service: Bizinfo, database: sessionmaker[Session]) -> None:
    today = korean_day()
    yesterday = today - timedelta(days=1)
    bizinfo.rows = [
        row(1, reqstBeginEndDe=f"20260101 ~ {today:%Y%m%d}"),
        row(2, reqstBeginEndDe=f"20260101 ~ {yesterday:%Y%m%d}"),
    ]
    store.refresh(database, service)
    assert numbers(database, today) == [1]
    assert numbers(database, datetime.now(UTC)) == [1]


def test_closing_soon(bizinfo: FakeBizinfo, service: Bizinfo, database: sessionmaker[Session]) -> None:
    bizinfo.rows = [
        row(1, reqstBeginEndDe="20260101 ~ 20260207"),
        row(2, reqstBeginEndDe="20260101 ~ 20260131"),
        row(3, reqstBeginEndDe="20260101 ~ 20260208"),
        row(4, reqstBeginEndDe="20260101 ~ 20260130"),
        row(5, reqstBeginEndDe="상시"),
        row(6, reqstBeginEndDe="20260202 ~ 20260205"),
    ]
    store.refresh(database, service)
    with database() as session:
        soon = store.closing_soon(session, JAN_31, 7)
        assert [found.id[-1] for found in soon] == ["2", "1"]
        assert [found.id[-1] for found in store.closing_soon(session, JAN_31, 0)] == ["2"]
        with pytest.raises(ValueError, match="within_days"):
            store.closing_soon(session, JAN_31, -1)


def test_no_run_yet(database: sessionmaker[Session]) -> None:
    with database() as session:
        assert store.last_run(session) is None
