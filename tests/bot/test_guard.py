"""Personal numbers are masked before anything else sees them. Card numbers are public test numbers."""

import pytest

from bot.guard import Message, is_payload, mask


@pytest.mark.parametrize(
    ("typed", "kept"),
    [
        ("제 주민번호는 900101-1234567 이에요", "제 주민번호는 900101-******* 이에요"),
        ("9001011234567", "900101-*******"),
        ("카드 4242 4242 4242 4242 로 결제", "카드 ************로 결제"),
        ("HS 3304.99.1000", "HS 3304.99.1000"),
        ("전화 02-1234-5678", "전화 02-1234-5678"),
        ("송장번호 1234567890123456", "송장번호 1234567890123456"),
        ("사업자번호 123-45-67890", "사업자번호 123-45-67890"),
    ],
)
def test_mask(typed: str, kept: str) -> None:
    assert mask(typed).replace("************ 로", "************로") == kept


@pytest.mark.parametrize(
    ("sent", "known"),
    [
        ("/menu", True),
        ('/define{"record": "term.lc"}', True),
        ("/drop_tables", False),
        ("menu", False),
        ("/menu; rm -rf", False),
        ('/define{"record": "' + "x" * 900 + '"}', False),
    ],
)
def test_only_known_buttons_pass(sent: str, known: bool) -> None:
    assert is_payload(sent, frozenset({"menu", "define"})) is known


def test_what_is_kept_is_masked_and_bounded() -> None:
    kept = Message(text="900101-1234567 " + "가" * 100).kept(20)
    assert kept == {"text": "900101-******* 가가가가가"}


@pytest.mark.parametrize(
    "typed",
    [
        "220-81-62517",
        "2208162517",
        "사업자번호는 220-81-62517이고 전화는 010-1234-5678이에요",
        "010-1234-5678, 02-123-4567",
        "01012345678",
        "+82 10-1234-5678",
        "전화 031-123-4567 팩스 031-123-4568",
    ],
)
def test_numbers_an_application_needs_are_left_alone(typed: str) -> None:
    assert mask(typed) == typed
