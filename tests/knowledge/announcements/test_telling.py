"""Announcements in words: dates for the language, deadlines never guessed, whose words they are, and the source."""

from __future__ import annotations

from datetime import UTC, date, datetime

import pytest

from knowledge.announcements import telling
from knowledge.announcements.client import Fetched
from knowledge.announcements.reading import Announcement, read_rows
from knowledge.record import Basis, Language
from tests.knowledge.announcements.server import row

DAY = date(2026, 1, 31)


def announcement(fetched_at: datetime = datetime(2026, 1, 30, 18, 0, tzinfo=UTC), **changes: object) -> Announcement:
    return read_rows(Fetched((row(1, **changes),), True, fetched_at)).announcements[0]


def test_rows_in_korean() -> None:
    found = announcement(reqstBeginEndDe="20260101 ~ 20260207", flpthNm="/f/1@/f/2", fileNm="가.hwp")
    assert dict(telling.rows(found, "ko", DAY)) == {
        "공고": "수출 지원사업 1차 모집 공고",
        "소관기관(맡은 기관)": "중소벤처기업부",
        "수행기관(실제로 진행하는 기관)": "중소벤처기업진흥공단",
        "대상": "중소기업",
        "신청 기간": "2026년 1월 1일부터 2026년 2월 7일까지",
        "마감": "2026년 2월 7일, 7일 남았어요",
        "내용": "수출을 준비하는 기업을 도와요.",
        "첨부 파일": "첨부 1, 첨부 2",
        "공고 주소": "https://www.bizinfo.go.kr/sii/siia/selectSIIA200Detail.do?pblancId=PBLN_000000000001",
    }


def test_rows_in_english_keep_the_korean_title_and_say_so() -> None:
    told = dict(telling.rows(announcement(reqstBeginEndDe="20260101 ~ 20260201"), "en", DAY))
    assert told["Announcement"] == "수출 지원사업 1차 모집 공고"
    assert told["Application period"] == "January 1, 2026 to February 1, 2026"
    assert told["Deadline"] == "February 1, 2026, one day left"
    assert "Korean only" in telling.note("en")


def test_what_is_not_named_has_no_row() -> None:
    found = announcement(excInsttNm="", trgetNm="", pblancUrl="javascript:alert(1)", bsnsSumryCn="", reqstBeginEndDe="")
    assert [label for label, _ in telling.rows(found, "en", DAY)] == ["Announcement", "Office in charge", "Deadline"]


@pytest.mark.parametrize(
    ("period", "language", "told"),
    [
        ("20260101 ~ 20260131", "ko", "오늘(2026년 1월 31일) 마감이에요. 마감 시각은 공고에서 확인하세요."),
        ("20260101 ~ 20260131", "en", "Closes today (January 31, 2026). Check the hour in the announcement."),
        ("20260101 ~ 20260201", "ko", "2026년 2월 1일, 하루 남았어요"),
        ("20260101 ~ 20260130", "ko", "2026년 1월 30일에 끝났어요"),
        ("20260201 ~ 20260228", "ko", "2026년 2월 1일부터 신청할 수 있어요"),
        ("20260201 ~ 예산 소진시까지", "en", "Applications start on February 1, 2026"),
        ("예산 소진시까지", "ko", "기한은 공고에서 확인"),
        ("세부사업별 상이", "en", "Check the deadline in the announcement"),
        ("", "ko", "기한은 공고에서 확인"),
    ],
)
def test_deadlines(period: str, language: Language, told: str) -> None:
    assert telling.deadline(announcement(reqstBeginEndDe=period), language, DAY) == told


def test_always_open_is_no_promise() -> None:
    told = telling.deadline(announcement(reqstBeginEndDe="상시 접수"), "ko", DAY)
    assert told.startswith("상시 접수") and "공고에서 확인" in told


@pytest.mark.parametrize(
    ("period", "language", "told"),
    [
        ("예산 소진시까지", "ko", "예산 소진시까지"),
        ("예산 소진시까지", "en", "예산 소진시까지 (as written in the announcement)"),
        ("20260101 ~ 예산 소진시까지", "ko", "2026년 1월 1일부터 (20260101 ~ 예산 소진시까지)"),
        ("2026-01-31까지", "en", "Until January 31, 2026 (as written: 2026-01-31까지)"),
        ("", "ko", ""),
    ],
)
def test_the_office_s_own_words_are_kept(period: str, language: Language, told: str) -> None:
    assert telling.period(announcement(reqstBeginEndDe=period), language) == told


def test_braces_in_an_announcement_are_just_letters() -> None:
    assert telling.period(announcement(reqstBeginEndDe="{days} 상시 {0}"), "ko") == "{days} 상시 {0}"


def test_a_long_summary_is_cut_between_words() -> None:
    told = telling.summary(announcement(bsnsSumryCn="수출 지원 " * 100))
    assert len(told) <= 302 and told.endswith("지원 …") or told.endswith("수출 …")


def test_the_source_is_the_ministry_s_list_on_the_day_it_was_fetched() -> None:
    source = telling.source(announcement())
    assert "기업마당" in source.title["ko"] and "기업마당" in source.title["en"]
    assert source.url == "https://www.bizinfo.go.kr/sii/siia/selectSIIA200Detail.do?pblancId=PBLN_000000000001"
    assert source.as_of == "2026-01-31"  # 18:00 on the 30th in Greenwich is the 31st in Korea
    assert source.basis is Basis.OFFICIAL and source.locator == "PBLN_000000000001"
    assert telling.source(announcement(pblancUrl="javascript:x")).url == "https://www.bizinfo.go.kr/"


def test_a_document_for_machines() -> None:
    told = telling.document(announcement(reqstBeginEndDe="20260101 ~ 상시", excInsttNm=""), "en", DAY)
    assert (told["opens"], told["closes"], told["always_open"], told["executing"]) == ("2026-01-01", None, True, None)
    assert told["source"]["basis"] == "official"
