"""Rows become announcements: text without markup, addresses that are safe, files with their names, bad rows told."""

from __future__ import annotations

from datetime import UTC, datetime
from typing import Any

import pytest

from knowledge.announcements.client import Bizinfo, Fetched
from knowledge.announcements.plain import address_of, line_of, text_of
from knowledge.announcements.reading import Announcement, Attachment, read_rows
from tests.knowledge.announcements.server import FakeBizinfo, row

AT = datetime(2026, 1, 5, 18, 0, tzinfo=UTC)


def read(*rows: Any) -> tuple[Announcement, ...]:
    return read_rows(Fetched(rows, True, AT)).announcements


def one(**changes: Any) -> Announcement:
    return read(row(1, **changes))[0]


def test_a_row_as_documented(bizinfo: FakeBizinfo, service: Bizinfo) -> None:
    bizinfo.rows = [
        row(
            120,
            pblancNm="[부산] 2026년 해외전시회 참가 지원 &amp; 통역",
            bsnsSumryCn="<p>전시회&nbsp;참가비를<br/>도와요.</p><p>최대 3회</p>",
            hashtags="2026,수출,부산,#전시회, 수출",
            creatPnttm="2026-01-05 09:30:00",
        )
    ]
    fetched = service.fetch()
    (found,) = read_rows(fetched).announcements
    assert found.id == "PBLN_000000000120"
    assert found.title == "[부산] 2026년 해외전시회 참가 지원 & 통역"
    assert found.summary == "전시회 참가비를\n도와요.\n최대 3회"
    assert found.hashtags == ("2026", "수출", "부산", "전시회")
    assert found.url == "https://www.bizinfo.go.kr/sii/siia/selectSIIA200Detail.do?pblancId=PBLN_000000000120"
    assert found.registered_at == datetime(2026, 1, 5, 0, 30, tzinfo=UTC)  # half past nine in Korea
    assert (found.sector_class, found.sector, found.fetched_at) == ("04", "수출", fetched.at)


def test_the_names_of_the_older_documents_are_read() -> None:
    older = {
        "seq": "PBLN_9",
        "title": "수출 상담회",
        "author": "경기도",
        "reqstDt": "20260101 ~ 20260131",
        "description": "설명",
        "link": "https://www.bizinfo.go.kr/x",
        "hashTags": "2026,경기",
        "lcategory": "수출",
    }
    (found,) = read(older)
    assert (found.id, found.title, found.organisation, found.summary) == ("PBLN_9", "수출 상담회", "경기도", "설명")
    assert (found.url, found.hashtags, found.sector) == ("https://www.bizinfo.go.kr/x", ("2026", "경기"), "수출")
    assert found.closes is not None


def test_scripts_styles_and_attributes_are_not_text() -> None:
    html = (
        '<style>p{color:red}</style><p onclick="steal()">지원</p><script>alert("훔침")</script>'
        '<img src=x onerror=alert(1)><a href="javascript:alert(1)">신청</a><!-- 숨김 --><iframe>틀</iframe>'
    )
    assert text_of(html) == "지원\n신청"
    assert text_of("&lt;p&gt;지원&lt;/p&gt;&lt;script&gt;alert(1)&lt;/script&gt;") == "지원"
    assert text_of("<p>열린 채 <script>alert(1)") == "열린 채"


def test_text_that_only_looks_like_markup_stays() -> None:
    assert text_of("매출 < 30억원 & 수출 > 0") == "매출 < 30억원 & 수출 > 0"
    assert text_of("연 매출 <30억 이하>") == "연 매출 <30억 이하>"


def test_characters_no_database_takes_are_taken_out() -> None:
    assert line_of("수\x00출\ud800 지\u200b원\r\n") == "수 출 지원"


@pytest.mark.parametrize(
    ("raw", "address"),
    [
        ("/sii/a.do?id=1", "https://www.bizinfo.go.kr/sii/a.do?id=1"),
        ("sii/a.do", "https://www.bizinfo.go.kr/sii/a.do"),
        ("?pblancId=1", "https://www.bizinfo.go.kr/?pblancId=1"),
        ("//cdn.bizinfo.go.kr/a.hwp", "https://cdn.bizinfo.go.kr/a.hwp"),
        ("http://www.exportvoucher.com/", "http://www.exportvoucher.com/"),
        ("HTTPS://www.kita.net/a b", "https://www.kita.net/a%20b"),
        ("  https://www.kita.net/\n", "https://www.kita.net/"),
        ("javascript:alert(1)", None),
        ("JaVaScRiPt:alert(1)", None),
        ("java\nscript:alert(1)", None),
        ("\x01javascript:alert(1)", None),
        ("data:text/html,<script>", None),
        ("vbscript:x", None),
        ("file:///etc/passwd", None),
        ("ftp://files.go.kr/a", None),
        ("mailto:a@b.kr", None),
        ("https://www.bizinfo.go.kr@evil.example/", None),
        ("https://", None),
        ("https:/path", None),
        ("https://evil.example\\.bizinfo.go.kr/", None),
        ('https://a.kr/"onclick="x', None),
        ("http://localhost/admin", None),
        ("http://[broken/", None),
        ("http://a.kr:99999999/", None),
        ("www.kita.net", None),
        ("https://a.kr/" + "a" * 3000, None),
        ("", None),
        (None, None),
        (["https://a.kr/"], None),
    ],
)
def test_addresses(raw: Any, address: str | None) -> None:
    assert address_of(raw) == address


def test_an_unsafe_address_leaves_the_announcement() -> None:
    assert one(pblancUrl="javascript:alert(1)").url is None


@pytest.mark.parametrize(
    ("addresses", "names", "pairs"),
    [
        ("/f/1@/f/2", "가.hwp@나.pdf", [("가.hwp", "/f/1"), ("나.pdf", "/f/2")]),
        ("/f/1@/f/2@", "가.hwp@나.pdf", [("가.hwp", "/f/1"), ("나.pdf", "/f/2")]),
        # A name may hold an @ itself: with unequal counts no name is certain, with one address the whole is its name.
        ("/f/1@/f/2", "가@나.hwp@다.pdf", [("", "/f/1"), ("", "/f/2")]),
        ("/f/1@/f/2", "가.hwp", [("", "/f/1"), ("", "/f/2")]),
        ("/f/1", "문의@수출.hwp", [("문의@수출.hwp", "/f/1")]),
        ("/f/1", "", [("", "/f/1")]),
        ("", "가.hwp@나.pdf", []),
        ("/f/1@/f/1", "가.hwp@나.pdf", [("가.hwp", "/f/1")]),
        ("javascript:alert(1)@/f/2", "가.hwp@나.pdf", [("나.pdf", "/f/2")]),
    ],
)
def test_files_and_their_names(addresses: str, names: str, pairs: list[tuple[str, str]]) -> None:
    expected = tuple(Attachment(name, "https://www.bizinfo.go.kr" + path) for name, path in pairs)
    assert one(flpthNm=addresses, fileNm=names).attachments == expected


def test_the_announcement_s_own_paper_comes_first() -> None:
    found = one(flpthNm="/f/1", fileNm="서식.hwp", printFlpthNm="/p/1", printFileNm="공고문.pdf")
    assert [file.name for file in found.attachments] == ["공고문.pdf", "서식.hwp"]


def test_bad_rows_are_told_and_the_rest_are_read() -> None:
    rows = (row(1), row(2, pblancId=None), "줄", row(3, pblancNm="  "), None, row(4, pblancId="P" * 65), row(5))
    reading = read_rows(Fetched(rows, True, AT))
    assert [found.id for found in reading.announcements] == ["PBLN_000000000001", "PBLN_000000000005"]
    assert [(bad.position, bad.id, bad.reason) for bad in reading.unread] == [
        (1, None, "pblancId is missing"),
        (2, None, "the row is no object"),
        (3, "PBLN_000000000003", "pblancNm is missing"),
        (4, None, "the row is no object"),
        (5, "P" * 64, "pblancId is too long"),
    ]


def test_fields_of_the_wrong_kind_do_not_sink_a_row() -> None:
    found = one(trgetNm=["중소기업"], bsnsSumryCn={"a": 1}, hashtags=None, reqstBeginEndDe=20260101, creatPnttm="어제")
    assert (found.audience, found.summary, found.hashtags, found.period) == ("", "", (), "20260101")
    assert found.registered_at is None and found.closes is None


@pytest.mark.parametrize("newer_first", [True, False])
def test_of_two_with_one_number_the_newer_stays(newer_first: bool) -> None:
    older = row(1, pblancNm="옛 제목", creatPnttm="2026-01-02 09:00:00")
    newer = row(1, pblancNm="새 제목", creatPnttm="2026-01-03 09:00:00")
    found = read(newer, older) if newer_first else read(older, newer)
    assert [entry.title for entry in found] == ["새 제목"]


def test_of_two_entered_at_once_the_one_sent_later_stays() -> None:
    assert [entry.title for entry in read(row(1, pblancNm="가"), row(1, pblancNm="나"))] == ["나"]


def test_a_change_counts_as_newer_than_the_entry() -> None:
    changed = row(1, pblancNm="연장", updtPnttm="2026-01-09 10:00:00")
    assert [entry.title for entry in read(changed, row(1, creatPnttm="2026-01-08 10:00:00"))] == ["연장"]
