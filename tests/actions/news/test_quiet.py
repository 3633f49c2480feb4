"""The night in Korea begins at nine in the evening and ends at eight in the morning, to the second."""

from __future__ import annotations

from datetime import UTC, datetime, timedelta, timezone
from zoneinfo import ZoneInfo

import pytest

from actions.news.quiet import after_the_night, is_night

SEOUL = ZoneInfo("Asia/Seoul")


def seoul(day: int, hour: int, minute: int = 0, second: int = 0) -> datetime:
    return datetime(2026, 3, day, hour, minute, second, tzinfo=SEOUL)


@pytest.mark.parametrize(
    ("moment", "told"),
    [
        (seoul(2, 20, 59), seoul(2, 20, 59)),
        (seoul(2, 20, 59, 59), seoul(2, 20, 59, 59)),
        (seoul(2, 21), seoul(3, 8)),
        (seoul(2, 21, 0, 1), seoul(3, 8)),
        (seoul(2, 23, 59, 59), seoul(3, 8)),
        (seoul(3, 0), seoul(3, 8)),
        (seoul(3, 7, 59), seoul(3, 8)),
        (seoul(3, 7, 59, 59), seoul(3, 8)),
        (seoul(3, 8), seoul(3, 8)),
        (seoul(3, 12), seoul(3, 12)),
        (seoul(31, 22), datetime(2026, 4, 1, 8, tzinfo=SEOUL)),
        (datetime(2026, 12, 31, 21, tzinfo=SEOUL), datetime(2027, 1, 1, 8, tzinfo=SEOUL)),
        (datetime(2028, 2, 28, 23, tzinfo=SEOUL), datetime(2028, 2, 29, 8, tzinfo=SEOUL)),
    ],
)
def test_what_comes_at_night_waits_for_the_morning(moment: datetime, told: datetime) -> None:
    assert after_the_night(moment) == told
    assert is_night(moment) is (moment != told)


@pytest.mark.parametrize(
    ("moment", "told"),
    [
        (datetime(2026, 3, 2, 11, 59, tzinfo=UTC), datetime(2026, 3, 2, 11, 59, tzinfo=UTC)),  # 20:59 in Seoul
        (datetime(2026, 3, 2, 12, 0, tzinfo=UTC), datetime(2026, 3, 2, 23, 0, tzinfo=UTC)),  # 21:00 → 8:00 on the 3rd
        (datetime(2026, 3, 2, 22, 59, tzinfo=UTC), datetime(2026, 3, 2, 23, 0, tzinfo=UTC)),  # 7:59 on the 3rd
        (datetime(2026, 3, 2, 23, 0, tzinfo=UTC), datetime(2026, 3, 2, 23, 0, tzinfo=UTC)),  # 8:00 on the 3rd
    ],
)
def test_the_clock_that_counts_is_korea_s(moment: datetime, told: datetime) -> None:
    assert after_the_night(moment) == told
    assert after_the_night(moment).tzinfo is moment.tzinfo
    elsewhere = moment.astimezone(timezone(timedelta(hours=-8)))
    assert after_the_night(elsewhere) == told
