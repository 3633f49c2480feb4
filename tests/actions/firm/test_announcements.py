"""Announcements in conversation: honest where nothing is connected; by need, region and deadline where something is."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import UTC, datetime, timedelta
from typing import Any

import pytest
from sqlalchemy import delete

from actions.firm.announcements import Announcements
from actions.firm.matching import MATCHING, MatchingStart
from knowledge.announcements.client import Fetched
from knowledge.announcements.period import korean_day
from knowledge.announcements.reading import read_rows
from knowledge.announcements.store import keep
from knowledge.database.engine import sessions
from knowledge.database.tables import AnnouncementRow, AnnouncementRunRow
from tests.actions.firm.driving import Driver
from tests.knowledge.announcements.server import row


@pytest.fixture(autouse=True)
def unlisted(settings: Any) -> None:
    """What other tests fetched is not there."""
    _forget(settings)


def _forget(settings: Any) -> None:
    with sessions(settings.database).begin() as session:
        session.execute(delete(AnnouncementRow))
        session.execute(delete(AnnouncementRunRow))


@pytest.fixture
def listed(settings: Any, unlisted: None) -> Iterator[None]:
    """Three announcements open today: one of Busan closing first, one for certificates, one closing late."""
    day = korean_day()

    def until(days: int) -> str:
        return f"{day - timedelta(days=3):%Y%m%d} ~ {day + timedelta(days=days):%Y%m%d}"

    rows = (
        row(1, pblancNm="[부산] 해외전시회 참가기업 모집", reqstBeginEndDe=until(2), hashtags="수출,부산"),
        row(2, pblancNm="해외인증 취득 비용 지원", reqstBeginEndDe=until(9)),
        row(3, pblancNm="무역보험료 지원", reqstBeginEndDe=until(60)),
    )
    fetched = Fetched(rows, True, datetime.now(UTC))
    with sessions(settings.database).begin() as session:
        keep(session, fetched, read_rows(fetched))
    yield
    _forget(settings)


def test_without_a_list_it_says_so_and_shows_another_way() -> None:
    talk = Driver(MATCHING).act(Announcements(), "/my_announcements")
    assert "연결되어 있지 않아요" in talk.text and "bizinfo.go.kr" in talk.text
    assert "/match_programmes" in talk.payloads and talk.outcomes == ["answered"]


def test_what_closes_soon_comes_first(listed: None) -> None:
    talk = Driver(MATCHING).act(Announcements(), "/my_announcements")
    rows = [title for title, _ in talk.replies[0]["card"]["rows"]]
    assert rows == ["[부산] 해외전시회 참가기업 모집", "해외인증 취득 비용 지원"]  # the third closes in 60 days
    assert "2일 남았어요" in talk.text and talk.replies[0]["sources"][0]["basis"] == "official"


def test_the_words_choose(listed: None) -> None:
    talk = Driver(MATCHING).act(Announcements(), "인증 지원 공고 있어요?")
    assert [title for title, _ in talk.replies[0]["card"]["rows"]] == ["해외인증 취득 비용 지원"]


def test_another_region_s_announcement_is_left_out(listed: None) -> None:
    talk = Driver(MATCHING, firm={"region": "KR-11"}).act(Announcements(), "전시회 공고 있어요?")
    assert "[부산]" not in talk.replies[0]["card"]["rows"][0][0]


def test_open_announcements_stand_among_the_programmes(listed: None) -> None:
    slots = {"firm": {"region": "KR-26", "size": "small"}}
    talk = Driver(MATCHING, **slots).begin(MatchingStart(), "/match_programmes", record="obstacle.finding-buyers")
    while talk.step:
        talk.press("unknown")
    line = next(reply["text"] for reply in talk.replies if "[부산]" in (reply["text"] or ""))
    assert "지금 열려 있는 공고예요" in line and "확인할 것이 남았어요" in line  # it never simply fits
