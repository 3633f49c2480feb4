"""Words typed on the wrong keyboard layout. Expectations come from the layout of a Korean keyboard (두벌식)."""

import pytest

from knowledge.language.keyboard import mend_keyboard

KNOWN = frozenset({"fob", "utradehub", "kotra", "cif"})


@pytest.mark.parametrize(
    ("typed", "meant"),
    [
        ("dnjstkswl", "원산지"),
        ("tlsdydwkddl anjdpdy", "신용장이 뭐에요"),
        ("tncnfqkdncj 신청", "수출바우처 신청"),
        ("DNJSTKSWL", "원산지"),
        ("래ㅠ랑 CIF", "fob랑 CIF"),
    ],
)
def test_mends_the_wrong_layout(typed: str, meant: str) -> None:
    assert mend_keyboard(typed, KNOWN) == meant


@pytest.mark.parametrize(
    "right",
    [
        "UtradeHub 로그인",
        "KOTRA에 문의",
        "export voucher please",
        "ㅋㅋㅋ 고마워요",
        "ㅠㅠ 어려워요",
        "incoterms",
        "FOB",
        "뭐ㅋㅋ",
        "",
    ],
)
def test_leaves_right_words_alone(right: str) -> None:
    assert mend_keyboard(right, KNOWN) == right
