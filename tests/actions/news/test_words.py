"""Words that end everything, words that only say stop, and topics that are named."""

from __future__ import annotations

import pytest

from actions.news.words import APPLICATION, PROGRAMMES, REMINDERS, refuses, says_stop, topic_named, unsubscribes, wishes


@pytest.mark.parametrize(
    "words",
    [
        "수신거부", "수신 거부", "수신거부요", "수신거부!", "  수신거부  ", "수신거부할게요", "수신거부 해주세요", "무료수신거부",
        "‘수신거부’", "알림 그만", "알림 그만 받을래요", "알림 꺼줘", "알림 꺼 주세요", "알림을 모두 꺼 줘", "알림 해지해 주세요",
        "소식 그만", "unsubscribe", "Unsubscribe.", "UNSUBSCRIBE ME", "unsubscribe please", "opt out", "opt-out",
        "stop the news", "no more messages", "turn off notifications",
    ],
)  # fmt: skip
def test_these_end_everything_wherever_they_are_said(words: str) -> None:
    assert unsubscribes(words)


@pytest.mark.parametrize(
    "words",
    [
        "", "그만", "stop", "그만 보내", "보내지 마세요", "수신", "거부", "수신거부가 무슨 뜻이에요?", "알림", "알림 켜줘",
        "알림 그만 받는 방법은?", "신용장 수신거부 통지", "바이어가 수신거부했어요", "주식회사 수신거부", "how do i unsubscribe from kakao",
        "소식 알려 줘", "기한 알림 꺼줘", "공고 알림 꺼줘", "no more news is good news",
    ],
)  # fmt: skip
def test_these_do_not(words: str) -> None:
    assert not unsubscribes(words)


def test_stop_alone_says_not_of_what() -> None:
    for words in (
        "그만",
        "그만!",
        "그만해",
        "그만할래요",
        "그만 보내",
        "그만 보내세요",
        "스톱",
        "stop",
        "STOP",
        "stop it",
        "please stop",
    ):
        assert says_stop(words), words
    for words in ("그만큼 필요해요", "진단 그만", "stop loss", "", "그만두면 어떻게 돼요?", "stop over in Dubai"):
        assert not says_stop(words), words


def test_a_no_is_known_in_a_sentence() -> None:
    for words in (
        "진행 상황 연락 그만 줘도 됩니다",
        "새로 뜬 사업 안내는 이제 됐으니 꺼주세요",
        "소식 안 알려줘도 돼요",
        "알림 보내지 마세요",
        "don't tell me about new programmes",
        "no more news please",
    ):
        assert refuses(words), words
    for words in (
        "신청 결과 나오면 알려줘",
        "새 공고 뜨면 알려줘",
        "꺼 둔 알림 다시 켜 주세요",
        "keep me posted",
        "네, 알려 주세요",
    ):
        assert not refuses(words), words


@pytest.mark.parametrize(
    ("words", "topic"),
    [
        ("신청 결과 나오면 알려줘", APPLICATION),
        ("심사 끝나면 연락 주세요", APPLICATION),
        ("let me know when my application moves", APPLICATION),
        ("새 공고 뜨면 알려줘", PROGRAMMES),
        ("신청할 수 있는 사업이 뜨면 알려줘", PROGRAMMES),
        ("지원사업 소식 그만", PROGRAMMES),
        ("지원사업 신청 결과 알려줘", APPLICATION),
        ("notify me of new announcements", PROGRAMMES),
        ("기한 알림 꺼줘", REMINDERS),
        ("소식 알려 줘", None),
        ("수신거부", None),
        ("turn notifications on", None),
    ],
)
def test_the_topic_is_the_one_named(words: str, topic: str | None) -> None:
    assert topic_named(words) == topic


@pytest.mark.parametrize("words", ["알림 받을래", "알림 받고싶어요", "다시 켜 주세요", "please turn it on again"])
def test_a_wish_never_ends_news(words: str) -> None:
    assert wishes(words)


@pytest.mark.parametrize("words", ["수신거부 할래요", "알림 안 받을래", "켜 둔 거 꺼줘", "그만 받고 싶어요", "알림"])
def test_no_wish(words: str) -> None:
    assert not wishes(words)
