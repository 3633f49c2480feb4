"""Which language a message is in."""

import pytest

from knowledge.language.detect import detect_language


@pytest.mark.parametrize(
    ("text", "language"),
    [
        ("신용장이 뭐예요", "ko"),
        ("FTA 원산지증명서 발급 어케해요", "ko"),
        ("CIF는?", "ko"),
        ("ㅇㅇ", "ko"),
        ("what is a letter of credit", "en"),
        ("hello", "en"),
        ("FOB", None),
        ("D/P?", None),
        ("😀", None),
        ("123", None),
        ("", None),
    ],
)
def test_language(text: str, language: str | None) -> None:
    assert detect_language(text) == language
