"""Finding: rare words count, slips are read, regions and audiences filter, and nothing expired comes up."""

from __future__ import annotations

from datetime import UTC, date, datetime

import pytest
from sqlalchemy.orm import Session, sessionmaker

from knowledge.announcements.client import Bizinfo, Fetched
from knowledge.announcements.finding import UnknownRegion, rank, region_of, regions_of, search
from knowledge.announcements.reading import Announcement, read_rows
from knowledge.announcements.store import refresh
from tests.knowledge.announcements.server import FakeBizinfo, row

DAY = date(2026, 6, 1)
ROWS = [
    row(
        1,
        pblancNm="[부산] 해외전시회 참가 지원사업 공고",
        bsnsSumryCn="해외에서 열리는 전시회의 부스 임차료를 지원합니다.",
        hashtags="2026,수출,부산,부산광역시",
        jrsdInsttNm="부산광역시",
        trgetNm="중소기업",
    ),
    row(
        2,
        pblancNm="수출바우처 참여기업 모집 공고",
        bsnsSumryCn="수출에 필요한 서비스를 골라 쓰는 바우처를 드립니다.",
        hashtags="2026,수출,전국",
        trgetNm="중소기업,중견기업",
    ),
    row(
        3,
        pblancNm="[경기] 해외규격인증 획득 지원",
        bsnsSumryCn="인증 비용을 지원합니다.",
        hashtags="2026,수출,경기",
        jrsdInsttNm="경기도",
        trgetNm="소상공인",
    ),
    row(
        4,
        pblancNm="해외전시회 참가 지원 (지난해)",
        reqstBeginEndDe="20250101 ~ 20251231",
        hashtags="2025,수출",
    ),
    row(5, pblancNm="무역보험료 지원", bsnsSumryCn="수출대금 미회수에 대비해요.", trgetNm="", hashtags="2026,수출"),
]


@pytest.fixture
def kept(bizinfo: FakeBizinfo, service: Bizinfo, database: sessionmaker[Session]) -> sessionmaker[Session]:
    bizinfo.rows = ROWS
    refresh(database, service)
    return database


def found(database: sessionmaker[Session], need: str | list[str], **wanted: str) -> list[int]:
    with database() as session:
        return [int(entry.announcement.id[-1]) for entry in search(session, need, DAY, **wanted)]


def announcement(**changes: object) -> Announcement:
    return read_rows(Fetched((row(1, **changes),), True, datetime(2026, 1, 1, tzinfo=UTC))).announcements[0]


@pytest.mark.parametrize(
    ("need", "first"),
    [
        ("해외 전시회에 나가고 싶은데 부스 비용을 지원받을 수 있나요?", 1),
        ("수출바우처", 2),
        ("수출 바우처 받고 싶어요", 2),
        ("인증 비용이 부담돼요", 3),
        ("무역 보험", 5),
        ("수출바우쳐", 2),  # a slip of 바우처
        ("바우쳐", 2),
        (["전시회", "부스"], 1),
    ],
)
def test_the_fitting_one_comes_first(kept: sessionmaker[Session], need: str | list[str], first: int) -> None:
    assert found(kept, need)[0] == first


def test_the_expired_never_comes_up(kept: sessionmaker[Session]) -> None:
    assert 4 not in found(kept, "해외전시회 참가 지원")
    assert 4 not in found(kept, "")


def test_words_nobody_uses_find_nothing(kept: sessionmaker[Session]) -> None:
    assert found(kept, "점심 메뉴 추천") == []


def test_without_words_all_that_is_open_comes_by_deadline(kept: sessionmaker[Session]) -> None:
    assert found(kept, "") == [1, 2, 3, 5]
    assert found(kept, []) == [1, 2, 3, 5]


def test_another_word_is_no_slip() -> None:
    assert rank([announcement(pblancNm="축산물 해외 판촉", hashtags="", bsnsSumryCn="")], "수산물") == []


def test_a_short_word_is_not_looked_for_inside_others() -> None:
    laver = announcement(pblancNm="김 가공품", hashtags="", bsnsSumryCn="")
    kimchi = announcement(pblancNm="김치 축제", hashtags="", bsnsSumryCn="")
    assert [entry.announcement for entry in rank([kimchi, laver], ["김"])] == [laver]


def test_the_limit(kept: sessionmaker[Session]) -> None:
    with kept() as session:
        assert len(search(session, "", DAY, limit=2)) == 2


@pytest.mark.parametrize(
    ("region", "numbers"),
    [("부산", [1, 2, 5]), ("부산광역시", [1, 2, 5]), ("Gyeonggi-do", [2, 3, 5]), ("제주", [2, 5])],
)
def test_a_region_keeps_its_own_and_the_nationwide(
    kept: sessionmaker[Session], region: str, numbers: list[int]
) -> None:
    assert found(kept, "", region=region) == numbers


def test_an_unknown_region_is_told(kept: sessionmaker[Session]) -> None:
    with pytest.raises(UnknownRegion, match="region: 'Kyoto'"):
        found(kept, "", region="Kyoto")


@pytest.mark.parametrize(
    ("audience", "numbers"),
    [
        # 소상공인 are 중소기업 by law and may look at what is for these; the other way round it is not so.
        ("소상공인", [1, 2, 3, 5]),
        ("중소기업", [1, 2, 5]),
        ("중견기업", [2, 5]),
        ("여성기업", [5]),  # 5 names nobody: not determined, so it stays
    ],
)
def test_an_audience(kept: sessionmaker[Session], audience: str, numbers: list[int]) -> None:
    assert found(kept, "", audience=audience) == numbers


def test_share_and_words_tell_why() -> None:
    one = announcement(pblancNm="해외전시회 참가 지원", hashtags="", bsnsSumryCn="")
    other = announcement(pblancNm="무역보험 가입", hashtags="", bsnsSumryCn="")
    (best,) = rank([one, other], "전시회 참가")
    assert best.announcement is one and set(best.words) == {"전시회", "참가"}
    # 참가 stands by itself (1.0) and 전시회 either so or inside 해외전시회 (0.7).
    assert 0.7 <= best.share <= 1.0


@pytest.mark.parametrize(
    ("changes", "regions"),
    [
        ({"hashtags": "2026,수출,서울,부산"}, {"서울", "부산"}),
        ({"hashtags": "2026,수출", "pblancNm": "[경상남도] 수출 지원"}, {"경남"}),
        ({"hashtags": "2026,수출", "jrsdInsttNm": "제주특별자치도"}, {"제주"}),
        ({"hashtags": "2026,수출,전남광주"}, {"전남", "광주"}),
        ({"hashtags": "2026,수출"}, set()),
        ({"hashtags": "2026,서울,전국"}, set()),
        (
            {"hashtags": "서울,부산,대구,인천,광주,대전,울산,세종,경기,강원,충북,충남,전북,전남,경북,경남,제주"},
            set(),
        ),
        # 경기 광주 is a town of another province, and a word in a title is no region.
        ({"hashtags": "2026,수출", "pblancNm": "경기 활성화 수출 지원"}, set()),
    ],
)
def test_regions_of_an_announcement(changes: dict[str, str], regions: set[str]) -> None:
    assert regions_of(announcement(**changes)) == regions


def test_every_region_by_its_official_name() -> None:
    official = (
        "서울특별시 부산광역시 대구광역시 인천광역시 광주광역시 대전광역시 울산광역시 세종특별자치시 경기도 강원특별자치도 "
        "충청북도 충청남도 전북특별자치도 전라남도 경상북도 경상남도 제주특별자치도"
    ).split()
    assert len({region_of(name) for name in official}) == 17
