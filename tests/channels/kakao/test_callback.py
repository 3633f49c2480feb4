"""Where a late answer may be posted to: KakaoTalk's own hosts, however an address is dressed up."""

from __future__ import annotations

import socket
from typing import Any

import httpx
import pytest

from channels.kakao import callback

HOSTS = "kakao.com, kakaocdn.net,kakaoenterprise.com"


@pytest.mark.parametrize(
    "address",
    [
        "https://bot-api.kakao.com/v1/callback/abc?x=1",
        "https://kakao.com/c",
        "https://KAKAO.com/c",
        "https://a.b.kakaoenterprise.com:443/c",
    ],
)
def test_kakaotalk_is_allowed(address: str) -> None:
    assert callback.allowed(address, HOSTS)


@pytest.mark.parametrize(
    "address",
    [
        "",
        "kakao.com/c",
        "//kakao.com/c",
        "http://kakao.com/c",
        "ftp://kakao.com/c",
        "file:///etc/passwd",
        "https:///c",
        "https://evil.test/c",
        "https://kakao.com.evil.test/c",
        "https://evilkakao.com/c",
        "https://kakao.com@evil.test/c",
        "https://user@kakao.com/c",
        "https://user@kakao.com@evil.test/c",
        "https://user:word@kakao.com/c",
        "https://evil.test#@kakao.com/c",
        "https://evil.test?@kakao.com/c",
        "https://evil.test/kakao.com",
        "https://evil.test\\@kakao.com/c",
        "https://evil.test\\.kakao.com/c",
        "https://kakao.com%2eevil.test/c",
        "https://kakao.com%00.evil.test/c",
        "https://kakao.com:8443/c",
        "https://kakao.com:80/c",
        "https://kakao.com./c",
        "https://kakao.com\n.evil.test/c",
        "https://kakao.com\t/c",
        " https://kakao.com/c",
        "https://ｋakao.com/c",
        "https://kakao。com/c",
        "https://카카오.com/c",
        "https://127.0.0.1/c",
        "https://127.1/c",
        "https://2130706433/c",
        "https://0x7f000001/c",
        "https://[::1]/c",
        "https://[::ffff:127.0.0.1]/c",
        "https://169.254.169.254/latest/meta-data",
        "https://localhost/c",
        "https://.kakao.com/c",
        "https://kakao.com/" + "a" * 3000,
    ],
)
def test_nobody_else_is(address: str) -> None:
    assert not callback.allowed(address, HOSTS)


@pytest.mark.parametrize(
    "address", ["http://127.0.0.1:8081/c", "https://127.0.0.1:8080/c", "http://127.0.0.1/c", "http://127.0.0.2:8080/c"]
)
def test_what_is_allowed_for_trying_is_exactly_that(address: str) -> None:
    assert callback.allowed("http://127.0.0.1:8080/c", "kakao.com,http://127.0.0.1:8080")
    assert not callback.allowed(address, "kakao.com,http://127.0.0.1:8080")


def test_a_number_in_the_list_allows_no_https_to_it() -> None:
    assert not callback.allowed("https://127.0.0.1/c", "127.0.0.1")


@pytest.mark.parametrize("inside", ["127.0.0.1", "10.0.0.5", "192.168.1.1", "169.254.169.254", "::1", "fd00::1"])
async def test_a_name_that_leads_inside_is_not_posted_to(inside: str, monkeypatch: pytest.MonkeyPatch) -> None:
    def resolved(*_: Any, **__: Any) -> list[Any]:
        family = socket.AF_INET6 if ":" in inside else socket.AF_INET
        return [(family, socket.SOCK_STREAM, 6, "", (inside, 443))]

    def never(*_: Any, **__: Any) -> None:
        raise AssertionError("posted")

    monkeypatch.setattr(socket, "getaddrinfo", resolved)
    monkeypatch.setattr(httpx.AsyncClient, "post", never)
    assert await callback.post("https://bot.kakao.com/c", {"version": "2.0"}, HOSTS) is False
