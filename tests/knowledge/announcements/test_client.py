"""The connector against a real HTTP server: paging, patience, bounds, and errors in every disguise."""

from __future__ import annotations

import json
import logging
import socket
from dataclasses import replace
from typing import Any

import pytest
from pydantic import SecretStr

from knowledge.announcements.client import Bizinfo
from knowledge.announcements.errors import (
    BizinfoError,
    KeyRefused,
    LimitReached,
    Malformed,
    ServiceDown,
    SwitchedOff,
)
from tests.knowledge.announcements.server import KEY, QUICK, FakeBizinfo, Fault, json_fault, row, xml_fault


def ids(rows: tuple[Any, ...]) -> list[int]:
    return [int(entry["pblancId"].removeprefix("PBLN_")) for entry in rows]


def test_asks_in_the_documented_way(bizinfo: FakeBizinfo, service: Bizinfo) -> None:
    bizinfo.rows = [row(1)]
    fetched = service.fetch()
    assert bizinfo.requests == [
        {
            "crtfcKey": KEY,
            "dataType": "json",
            "searchCnt": "0",
            "pageUnit": "3",
            "pageIndex": "1",
            "searchLclasId": "04",
        }
    ]
    assert fetched.complete and ids(fetched.rows) == [1] and fetched.sector_class == "04"


@pytest.mark.parametrize("total", [True, False])
@pytest.mark.parametrize("envelope", ["list", "item"])
def test_pages_to_the_end(bizinfo: FakeBizinfo, service: Bizinfo, total: bool, envelope: str) -> None:
    bizinfo.rows, bizinfo.total, bizinfo.envelope = [row(number) for number in range(1, 9)], total, envelope
    fetched = service.fetch()
    assert ids(fetched.rows) == [1, 2, 3, 4, 5, 6, 7, 8]
    assert fetched.complete
    # With a total, the third page (7, 8) is known to be the last; without one, an empty fourth says so.
    assert len(bizinfo.requests) == (3 if total else 4)


def test_pages_that_overlap_lose_nothing(bizinfo: FakeBizinfo, service: Bizinfo) -> None:
    bizinfo.rows, bizinfo.overlap = [row(number) for number in range(1, 8)], 1
    fetched = service.fetch()
    assert set(ids(fetched.rows)) == {1, 2, 3, 4, 5, 6, 7}
    assert fetched.complete


def test_stops_at_the_bound_and_says_so(bizinfo: FakeBizinfo) -> None:
    bizinfo.rows = [row(number) for number in range(1, 20)]
    fetched = Bizinfo(bizinfo.url, SecretStr(KEY), replace(QUICK, most_pages=2)).fetch()
    assert len(fetched.rows) == 6 and not fetched.complete


@pytest.mark.parametrize("total", [True, False])
def test_a_service_that_turns_no_pages_is_not_taken_for_complete(
    bizinfo: FakeBizinfo, service: Bizinfo, total: bool
) -> None:
    bizinfo.rows, bizinfo.turns_pages, bizinfo.total = [row(number) for number in range(1, 6)], False, total
    fetched = service.fetch()
    assert ids(fetched.rows) == [1, 2, 3] and not fetched.complete
    assert len(bizinfo.requests) == 2


def test_a_service_that_ignores_the_page_size_gives_all_at_once(bizinfo: FakeBizinfo, service: Bizinfo) -> None:
    everything = json_fault({"jsonArray": [row(number) for number in range(1, 6)]})
    bizinfo.faults = [everything, everything]
    fetched = service.fetch()
    assert ids(fetched.rows) == [1, 2, 3, 4, 5] and fetched.complete


def test_fewer_than_the_total_is_not_complete(bizinfo: FakeBizinfo, service: Bizinfo) -> None:
    bizinfo.faults = [json_fault({"jsonArray": [row(1, totCnt="5")]}), json_fault({"jsonArray": []})]
    assert not service.fetch().complete


def test_part_of_a_list_is_never_complete(bizinfo: FakeBizinfo, service: Bizinfo) -> None:
    bizinfo.rows = [row(1), row(2, hashtags="2026,수출,부산")]
    fetched = service.fetch(hashtags="수출,부산")
    assert ids(fetched.rows) == [2] and not fetched.complete


@pytest.mark.parametrize("empty", [{"jsonArray": ""}, {"jsonArray": []}, {"jsonArray": None}, {}, {"jsonArray": {}}])
def test_every_way_of_writing_an_empty_list(bizinfo: FakeBizinfo, service: Bizinfo, empty: Any) -> None:
    bizinfo.faults = [json_fault(empty)]
    assert service.fetch().rows == ()


def test_a_list_of_one_may_be_the_bare_object(bizinfo: FakeBizinfo, service: Bizinfo) -> None:
    bizinfo.faults = [json_fault({"jsonArray": row(7)})]
    assert ids(service.fetch().rows) == [7]


@pytest.mark.parametrize("key", [None, SecretStr(""), SecretStr("  ")])
def test_without_a_key_nothing_is_asked(bizinfo: FakeBizinfo, key: SecretStr | None) -> None:
    with pytest.raises(SwitchedOff, match="NARU_BIZINFO_KEY"):
        Bizinfo(bizinfo.url, key, QUICK).fetch()
    assert bizinfo.requests == []


@pytest.mark.parametrize(
    ("fault", "error", "asked"),
    [
        # Codes and names of data.go.kr's 에러코드 table.
        (xml_fault("30", "SERVICE_KEY_IS_NOT_REGISTERED_ERROR"), KeyRefused, 1),
        (xml_fault("31", "DEADLINE_HAS_EXPIRED_ERROR"), KeyRefused, 1),
        (xml_fault("32", "UNREGISTERED_IP_ERROR"), KeyRefused, 1),
        (xml_fault("20", "SERVICE_ACCESS_DENIED_ERROR"), KeyRefused, 1),
        (xml_fault("22", "LIMITED_NUMBER_OF_SERVICE_REQUESTS_EXCEEDS_ERROR"), LimitReached, 1),
        (xml_fault("12", "NO_OPENAPI_SERVICE_ERROR"), ServiceDown, 1),
        (xml_fault("4", "HTTP_ERROR"), ServiceDown, 3),
        (xml_fault("04", "HTTP_ERROR"), ServiceDown, 3),
        (xml_fault("99", "UNKNOWN_ERROR"), ServiceDown, 3),
        (xml_fault("10", "INVALID_REQUEST_PARAMETER_ERROR"), Malformed, 1),
        (xml_fault("30", "SERVICE_KEY_IS_NOT_REGISTERED_ERROR", status=500), KeyRefused, 1),
        # The same in JSON, with status 200.
        (json_fault({"reqErr": "인증되지 않은 서비스 키입니다."}), KeyRefused, 1),
        (json_fault({"reqErr": "일일 요청 횟수를 초과했습니다."}), LimitReached, 1),
        (json_fault({"response": {"header": {"resultCode": "22", "resultMsg": "LIMITED"}}}), LimitReached, 1),
        (json_fault({"OpenAPI_ServiceResponse": {"cmmMsgHeader": {"returnReasonCode": "30"}}}), KeyRefused, 1),
        (json_fault({"code": -401, "msg": "인증키는 필수 항목 입니다."}), KeyRefused, 1),
        (json_fault({"jsonArray": {"reqErr": "인증되지 않은 서비스 키입니다."}}), KeyRefused, 1),
        # By status.
        (Fault(status=401), KeyRefused, 1),
        (Fault(status=403), KeyRefused, 1),
        (Fault(status=429), LimitReached, 1),
        (Fault(status=404), ServiceDown, 1),
        (Fault(status=302, headers=(("Location", "http://127.0.0.1:9/"),)), ServiceDown, 1),
        (Fault(status=500), ServiceDown, 3),
        (Fault(status=503), ServiceDown, 3),
        # No answer at all, or half of one.
        (Fault(drop=True), ServiceDown, 3),
        (Fault(b'{"jsonArray":[]}', cut=True), ServiceDown, 3),
        (Fault(json.dumps({"jsonArray": [row(1)]}).encode()[:-20]), Malformed, 3),
        (Fault(b"\xff\xfe\xfd{"), Malformed, 3),
        (Fault(b"[" * 100_000), Malformed, 3),
        (Fault(b""), Malformed, 3),
        # Something else altogether.
        (Fault("<html><body>시스템 점검 중입니다.</body></html>".encode(), content_type="text/html"), Malformed, 1),
        (Fault(b"<?xml version='1.0'?><rss><channel/></rss>", content_type="text/xml"), Malformed, 1),
        (json_fault({"jsonArray": "soon"}), Malformed, 1),
        (json_fault({"result": {"list": []}}), Malformed, 1),
        (json_fault("good morning"), Malformed, 1),
    ],
)
def test_errors_by_their_kind(
    bizinfo: FakeBizinfo, service: Bizinfo, fault: Fault, error: type[BizinfoError], asked: int
) -> None:
    bizinfo.rows, bizinfo.faults = [row(1)], [fault] * 3
    with pytest.raises(BizinfoError) as told:
        service.fetch()
    assert type(told.value) is error, told.value
    assert len(bizinfo.requests) == asked  # what may pass is asked again, up to three times; the rest is not


@pytest.mark.parametrize(
    "fault",
    [Fault(wait=0.8), Fault(status=503), Fault(drop=True), Fault(b'{"jsonArray":[{"pbl'), xml_fault("99", "UNKNOWN")],
)
def test_a_fault_that_passes_is_waited_out(bizinfo: FakeBizinfo, service: Bizinfo, fault: Fault) -> None:
    bizinfo.rows, bizinfo.faults = [row(1), row(2)], [fault, fault]
    assert ids(service.fetch().rows) == [1, 2]
    assert len(bizinfo.requests) == 3


def test_a_fault_on_a_later_page_fails_the_fetch(bizinfo: FakeBizinfo, service: Bizinfo) -> None:
    bizinfo.faults = [json_fault({"jsonArray": [row(1), row(2), row(3)]}), *[Fault(status=500)] * 3]
    with pytest.raises(ServiceDown):
        service.fetch()


def test_a_service_that_never_answers_is_given_up(bizinfo: FakeBizinfo, service: Bizinfo) -> None:
    bizinfo.faults = [Fault(wait=0.8)] * 3
    with pytest.raises(ServiceDown, match="in time"):
        service.fetch()


def test_nobody_listens() -> None:
    with socket.socket() as taken:
        taken.bind(("127.0.0.1", 0))
        url = f"http://127.0.0.1:{taken.getsockname()[1]}/"
        with pytest.raises(ServiceDown, match="could not be reached"):
            Bizinfo(url, SecretStr(KEY), QUICK).fetch()


def test_an_answer_without_end_is_refused(bizinfo: FakeBizinfo) -> None:
    bizinfo.rows = [row(1, bsnsSumryCn="가" * 5000)]
    with pytest.raises(Malformed, match="larger than 1000 bytes"):
        Bizinfo(bizinfo.url, SecretStr(KEY), replace(QUICK, largest=1000)).fetch()


@pytest.mark.parametrize("charset", ["euc-kr", "utf-8", "utf-8-sig"])
def test_the_bytes_decide_the_charset(bizinfo: FakeBizinfo, service: Bizinfo, charset: str) -> None:
    bizinfo.rows, bizinfo.charset = [row(1, pblancNm="해외전시회 참가 지원")], charset
    assert service.fetch().rows[0]["pblancNm"] == "해외전시회 참가 지원"


def test_bare_line_ends_inside_strings_are_read(bizinfo: FakeBizinfo, service: Bizinfo) -> None:
    bizinfo.faults = [Fault('{"jsonArray":[{"pblancId":"A","pblancNm":"가\n나\t다"}]}'.encode())]
    assert service.fetch().rows[0]["pblancNm"] == "가\n나\t다"


def test_the_key_is_in_no_log_and_no_message(
    bizinfo: FakeBizinfo, service: Bizinfo, caplog: pytest.LogCaptureFixture
) -> None:
    caplog.set_level(logging.DEBUG)
    bizinfo.faults = [Fault(status=500), json_fault({"reqErr": f"crtfcKey={KEY} 인증 실패: {KEY}"})]
    with pytest.raises(KeyRefused) as told:
        service.fetch()
    assert "HTTP Request: GET" in caplog.text  # httpx did log the address
    assert KEY not in caplog.text
    assert KEY not in str(told.value) and "인증 실패" in str(told.value)
    assert KEY not in repr(service)
