"""Announcements beside the pack's programmes: they are found by need, never simply fit, and keep to their region."""

from __future__ import annotations

from datetime import UTC, date, datetime

import pytest
import yaml
from sqlalchemy.orm import Session, sessionmaker

from knowledge.announcements.client import Bizinfo, Fetched
from knowledge.announcements.offers import WORDS, offer_of, open_offers, serves
from knowledge.announcements.reading import Announcement, read_rows
from knowledge.announcements.store import refresh
from knowledge.pack import read_pack
from knowledge.programmes.finder import Match, Verdict, find
from knowledge.programmes.profile import FirmProfile
from knowledge.settings import settings
from tests.knowledge.announcements.server import FakeBizinfo, row

DAY = date(2026, 6, 1)
BUYERS = "obstacle.finding-buyers"


def announcement(**changes: object) -> Announcement:
    return read_rows(Fetched((row(1, **changes),), True, datetime(2026, 1, 1, tzinfo=UTC))).announcements[0]


def only(profile: FirmProfile | None = None, language: str = "ko", **changes: object) -> Match:
    """The announcement among everything found for a firm that looks for buyers."""
    offered = offer_of(announcement(**{"pblancNm": "해외전시회 참가 지원", **changes}), DAY)
    found = find(BUYERS, profile, language=language, top=100, extra=[offered])
    return next(match for match in found if match.id == "announcement.PBLN_000000000001")


def test_open_announcements_are_found_beside_programmes(
    bizinfo: FakeBizinfo, service: Bizinfo, database: sessionmaker[Session]
) -> None:
    bizinfo.rows = [
        row(1, pblancNm="해외전시회 참가 지원"),
        row(2, pblancNm="무역보험료 지원"),
        row(3, pblancNm="수출상담회 참가기업 모집", reqstBeginEndDe="20260101 ~ 20260531"),
    ]
    refresh(database, service)
    with database() as session:
        offers = open_offers(session, DAY)
    assert [offered.id[-1] for offered in offers] == ["1", "2"]  # 3 closed the day before
    ids = [match.id for match in find(BUYERS, top=100, extra=offers)]
    assert "announcement.PBLN_000000000001" in ids and "announcement.PBLN_000000000002" not in ids
    assert "programme.kotra-overseas-meetings" in ids


def test_an_announcement_never_simply_fits() -> None:
    found = only(FirmProfile(size="small", region="부산", exports_usd_last_year=0))
    assert found.verdict is Verdict.FITS_IF
    assert [entry["text"] for entry in found.missing] == ["신청할 수 있는 회사인지는 공고문에서 확인해야 해요."]
    assert found.missing[0]["field"] is None


@pytest.mark.parametrize(
    ("region", "verdict"), [("부산", Verdict.FITS_IF), ("KR-11", Verdict.NOT_FOR_YOU), (None, Verdict.FITS_IF)]
)
def test_a_region_that_calls_is_a_condition(region: str | None, verdict: Verdict) -> None:
    found = only(FirmProfile(region=region), pblancNm="[부산] 해외전시회 참가 지원", hashtags="2026,수출,부산")
    assert found.verdict is verdict
    asked = [entry["field"] for entry in found.missing]
    assert ("region" in asked) == (region is None)
    if verdict is Verdict.NOT_FOR_YOU:
        assert found.why == ("부산에 있는 회사를 위한 공고예요.",)


def test_a_region_that_is_only_a_tag_is_to_be_checked() -> None:
    found = only(FirmProfile(region="서울"), hashtags="2026,수출,부산", language="en")
    assert found.verdict is Verdict.FITS_IF
    told = [entry["text"] for entry in found.missing]
    assert "The announcement is marked for Busan. Check there whether your firm may apply." in told


def test_the_whole_country_has_no_region() -> None:
    found = only(FirmProfile(region="서울"), hashtags="2026,수출,전국", jrsdInsttNm="부산광역시")
    assert found.verdict is Verdict.FITS_IF and len(found.missing) == 1


def test_what_is_told_is_the_announcement_s() -> None:
    found = only(language="en", reqstBeginEndDe="예산 소진시까지", bsnsSumryCn="", trgetNm="")
    assert found.name == "해외전시회 참가 지원"
    assert found.plain == "The announcement has no summary. See the announcement itself."
    assert found.period == "Check the deadline in the announcement"
    assert (
        found.ask == "중소벤처기업진흥공단" and found.website and found.website.startswith("https://www.bizinfo.go.kr/")
    )
    assert found.note is None and found.cost is None and found.documents is None
    assert found.sources[0]["basis"] == "official" and found.sources[0]["as_of"] == "2026-01-01"
    assert "Korean only" in only(language="en").plain


@pytest.mark.parametrize(
    ("title", "first"),
    [
        ("해외규격인증 획득 지원", "obstacle.standards-certificates"),
        ("무역보험료 지원", "obstacle.not-paid"),
        ("수출기업 물류비 지원", "obstacle.shipping-cost"),
        ("수출 초보기업 무역 교육", "obstacle.trade-knowledge"),
        ("FTA 원산지 관리", "obstacle.export-procedures"),
    ],
)
def test_what_it_helps_with(title: str, first: str) -> None:
    assert serves(announcement(pblancNm=title, bsnsSumryCn="")).obstacles[0] == first


def test_words_of_the_title_go_before_those_of_the_summary() -> None:
    found = serves(announcement(pblancNm="물류비 지원", bsnsSumryCn="전시회에 보내는 물건의 운송비"))
    assert found.obstacles[0] == "obstacle.shipping-cost" and BUYERS in found.obstacles


def test_no_telling_word_serves_nothing() -> None:
    assert serves(announcement(pblancNm="수출 지원사업", bsnsSumryCn="")).obstacles == ()


def test_every_trouble_named_exists() -> None:
    known = {record.id for record in read_pack(settings().packs_dir / settings().pack)}
    for rule in yaml.safe_load(WORDS.read_text(encoding="utf-8"))["serves"]:
        assert known.issuperset(rule["obstacles"]) and known.issuperset(rule["categories"]), rule
