"""The fixed sentences: both languages have the same ones, and Korean particles follow the word before them."""

import re
from collections import Counter

import pytest

from actions.texts import RESPONSES, MissingText, Word, keys, text


def test_both_languages_have_the_same_sentences() -> None:
    assert keys("ko") == keys("en")
    assert len(keys("ko")) > 40


@pytest.mark.parametrize("language", ["ko", "en"])
def test_no_sentence_is_written_twice(language: str) -> None:
    """YAML and the merging of files would both silently keep the later one."""
    files = (RESPONSES / language).glob("*.yml")
    found = Counter(key for path in files for key in re.findall(r"^(\w+):", path.read_text(encoding="utf-8"), re.M))
    assert [key for key, times in found.items() if times > 1] == []


def test_a_missing_sentence_is_an_error() -> None:
    with pytest.raises(MissingText):
        text("there_is_no_such_sentence", "ko")


@pytest.mark.parametrize(
    ("word", "spec", "spoken"),
    [
        ("신용장", "은는", "신용장은"),
        ("관세", "은는", "관세는"),
        ("FOB (본선인도조건)", "을를", "FOB (본선인도조건)을"),
        ("CIF", "과와", "CIF와"),
        ("B/L", "은는", "B/L은"),
        ("2020", "이가", "2020이"),
        ("서울", "으로로", "서울로"),
        ("베트남", "으로로", "베트남으로"),
        ("7AV8", "으로로", "7AV8로"),
        ("FTA", "으로로", "FTA로"),
    ],
)
def test_particles(word: str, spec: str, spoken: str) -> None:
    assert format(Word(word), spec) == spoken
