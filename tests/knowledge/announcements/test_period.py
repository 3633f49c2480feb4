"""Periods as offices write them, and which calendar day it is in Korea."""

from __future__ import annotations

from datetime import UTC, date, datetime, timedelta, timezone

import pytest

from knowledge.announcements.period import korean_day, read_period

JAN_1, JAN_31 = date(2026, 1, 1), date(2026, 1, 31)


@pytest.mark.parametrize(
    ("words", "opens", "closes", "always"),
    [
        ("20260101 ~ 20260131", JAN_1, JAN_31, False),
        ("2026-01-01 ~ 2026-01-31", JAN_1, JAN_31, False),
        ("2026.01.01.~2026.01.31.", JAN_1, JAN_31, False),
        ("2026. 1. 1. ~ 2026. 1. 31.(토) 18:00", JAN_1, JAN_31, False),
        ("2026년 1월 1일 ~ 2026년 1월 31일", JAN_1, JAN_31, False),
        ("2026/01/01 ～ 2026/01/31", JAN_1, JAN_31, False),
        ("20260101 ∼ 20260131", JAN_1, JAN_31, False),
        ("20260101 ~ 20260101", JAN_1, JAN_1, False),
        ("20260101 ~ 예산 소진시까지", JAN_1, None, False),
        ("20260101 ~ 상시", JAN_1, None, True),
        ("~ 20260131", None, JAN_31, False),
        ("2026-01-31까지", None, JAN_31, False),
        ("2026-01-31 마감", None, JAN_31, False),
        ("2026-01-01부터", JAN_1, None, False),
        ("상시 접수", None, None, True),
        ("수시 모집", None, None, True),
        ("상시(20260101 ~ 20260131)", JAN_1, JAN_31, False),
        ("예산 소진시까지", None, None, False),
        ("세부사업별 상이", None, None, False),
        ("", None, None, False),
        # Several rounds: from the first day of the first to the last day of the last.
        ("1차: 20260101 ~ 20260110, 2차: 20260121 ~ 20260131", JAN_1, JAN_31, False),
        # What is not certain stays unknown.
        ("2026-01-31", None, None, False),
        ("20260131 ~ 20260101", None, None, False),
        ("20260101 ~ 20260231", JAN_1, None, False),
        ("20260101 ~ 1.31", JAN_1, None, False),
        ("20260101 ~ 99991231", JAN_1, None, False),
        ("2026010 ~ 202601311", None, None, False),
        ("00000000 ~ 00000000", None, None, False),
        ("1차: 20260101 ~ 20260110, 2차: 20260121 ~ 별도 공고", JAN_1, None, False),
    ],
)
def test_periods(words: str, opens: date | None, closes: date | None, always: bool) -> None:
    read = read_period(words)
    assert (read.opens, read.closes, read.always_open) == (opens, closes, always)
    assert read.words == words


def test_the_day_is_korea_s() -> None:
    # 15:00 in Greenwich is midnight in Korea, which is nine hours ahead and has no summer time.
    assert korean_day(datetime(2026, 1, 31, 14, 59, 59, tzinfo=UTC)) == date(2026, 1, 31)
    assert korean_day(datetime(2026, 1, 31, 15, 0, tzinfo=UTC)) == date(2026, 2, 1)
    assert korean_day(datetime(2026, 7, 1, 8, 0, tzinfo=timezone(timedelta(hours=-7)))) == date(2026, 7, 2)
