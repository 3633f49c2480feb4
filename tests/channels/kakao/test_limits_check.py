"""The validator itself: what the documentation shows passes, what it forbids does not."""

from __future__ import annotations

from typing import Any

import pytest

from tests.channels.kakao.limits_check import Broken, check_response

LINK = {"label": "구경하기", "action": "webLink", "webLinkUrl": "https://e.kakao.com/t/hello-ryan"}
SAY = {"label": "열어보기", "action": "message", "messageText": "짜잔!"}
PICTURE = {"imageUrl": "https://t1.kakaocdn.net/a.jpg"}


def whole(*outputs: dict[str, Any], **template: Any) -> dict[str, Any]:
    return {"version": "2.0", "template": {"outputs": list(outputs), **template}}


def card(**body: Any) -> dict[str, Any]:
    return whole({"textCard": body})


def text(words: str) -> dict[str, Any]:
    return {"simpleText": {"text": words}}


@pytest.mark.parametrize(
    "response",
    [
        whole(text("간단한 텍스트 요소입니다.")),
        whole(text("가"), text("나"), text("다"), quickReplies=[SAY] * 1),
        card(title="제목", description="설명", buttons=[LINK, SAY]),
        whole({"basicCard": {"title": "보물상자", "thumbnail": PICTURE, "buttons": [SAY, LINK]}}),
        whole({"listCard": {"header": {"title": "샌드위치"}, "items": [{"title": "햄치즈"}]}}),
        whole({"itemCard": {"head": {"title": "좌석"}, "itemList": [{"title": "Flight", "description": "KE0605"}]}}),
        whole({"carousel": {"type": "textCard", "items": [{"title": "가"}, {"description": "나"}]}}),
        {"version": "2.0", "useCallback": True, "data": {"text": "잠시만요"}},
    ],
)
def test_what_the_documentation_shows_passes(response: dict[str, Any]) -> None:
    check_response(response)


@pytest.mark.parametrize(
    "response",
    [
        {"template": {"outputs": [text("가")]}},
        whole(),
        whole(text("가"), text("나"), text("다"), text("라")),
        whole(text("")),
        whole(text(" \n ")),
        whole(text("가" * 1001)),
        whole(text("😀" * 501)),
        whole(text("**굵게**")),
        whole({"simpleText": {"text": "가", "more": 1}}),
        whole({"speech": {"text": "가"}}),
        whole({"simpleText": {"text": "가"}, "textCard": {"title": "나"}}),
        whole(text("가"), quickReplies=[]),
        whole(text("가"), quickReplies=[SAY | {"label": "1", "messageText": str(n)} for n in range(11)]),
        whole(text("가"), quickReplies=[SAY, SAY]),
        whole(text("가"), quickReplies=[{**SAY, "label": "가" * 15}]),
        whole(text("가"), quickReplies=[LINK]),
        card(),
        card(title="가" * 51),
        card(title="가" * 50, description="나" * 351),
        card(title="가", buttons=[]),
        card(title="가", buttons=[LINK] * 4),
        card(title="가", buttons=[{**LINK, "label": "가" * 15}]),
        card(title="가", buttons=[{**LINK, "webLinkUrl": "http://e.kakao.com"}]),
        card(title="가", buttons=[{**LINK, "webLinkUrl": "https://e.kakao.com/한글"}]),
        card(title="가", buttons=[{**SAY, "action": "osLink"}]),
        card(title="가", buttons=[{"label": "가", "action": "message"}]),
        whole({"basicCard": {"title": "가"}}),
        whole({"basicCard": {"thumbnail": PICTURE | {"fixedRatio": True}, "buttons": [SAY] * 3}}),
        whole({"basicCard": {"description": "가" * 231, "thumbnail": PICTURE}}),
        whole({"listCard": {"header": {"title": "가"}, "items": []}}),
        whole({"listCard": {"header": {"title": "가"}, "items": [{"title": "나"}] * 6}}),
        whole({"listCard": {"header": {"title": "가" * 16}, "items": [{"title": "나"}]}}),
        whole({"itemCard": {"itemList": [{"title": "사업자등록번호", "description": "1"}]}}),
        whole({"itemCard": {"itemList": [{"title": "가", "description": "1"}] * 11}}),
        whole({"itemCard": {"itemList": [{"title": "가", "description": "1"}], "description": "제목이 없음"}}),
        whole({"carousel": {"type": "textCard", "items": [{"description": "가" * 129}]}}),
        whole({"carousel": {"type": "textCard", "items": [{"title": "가"}] * 11}}),
        whole({"carousel": {"type": "simpleText", "items": [{"text": "가"}]}}),
        whole({"carousel": {"type": "textCard", "items": [{"title": "가"}], "header": {"title": "나"}}}),
        {"version": "2.0", "useCallback": True, "template": {"outputs": [text("가")]}},
    ],
)
def test_what_it_forbids_does_not(response: dict[str, Any]) -> None:
    with pytest.raises(Broken):
        check_response(response)
