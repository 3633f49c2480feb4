"""What a record is asked like as a whole: its letters and its place in the space of meaning."""

from __future__ import annotations

import numpy as np
import pytest

from knowledge.profiles import Profiles

TEXTS = ["반품 관세", "돌아온 물건 세금", "원산지증명서 발급", "씨오 어디서 받아요"]
OWNER = np.array([0, 0, 1, 1])
VECTORS = np.array([[1, 0, 0], [0.8, 0.6, 0], [0, 0, 1], [0, 0.6, 0.8]], dtype=np.float32)


@pytest.fixture
def profiles() -> Profiles:
    return Profiles(TEXTS, OWNER, 2, VECTORS)


@pytest.mark.parametrize(
    ("question", "record"),
    [
        ("반품관세", 0),  # without the space
        ("원산지 증명서 발급은요?", 1),  # with another one, and a question mark
        ("원산지증명 발급", 1),  # a letter short
        ("돌아온 물껀 세금", 0),  # a letter wrong
    ],
)
def test_letters_forgive_spaces_and_errors(profiles: Profiles, question: str, record: int) -> None:
    alike = profiles.letters(question)
    assert alike[record] > 0.3 and alike[1 - record] < 0.05


def test_the_only_wording_of_a_record_is_wholly_alike_and_strangers_are_not() -> None:
    alone = Profiles(["abcd", "wxyz"], np.array([0, 1]), 2, np.eye(2, dtype=np.float32))
    assert alone.letters("A b, C d!") == pytest.approx([1.0, 0.0], abs=1e-6)
    assert alone.letters("ㅁㅁㅁ") == pytest.approx([0.0, 0.0])


def test_meaning_speaks_for_the_record_whose_wordings_lie_there(profiles: Profiles) -> None:
    first = profiles.meaning(np.array([0.9, 0.4, 0.1], dtype=np.float32))
    second = profiles.meaning(np.array([0.1, 0.4, 0.9], dtype=np.float32))
    assert first[0] > first[1] and second[1] > second[0]


def test_the_weights_are_those_of_least_squares() -> None:
    # One passage along one axis a record: (XᵀX + 30 I)⁻¹ Xᵀ Y = 1/31 on the axis, 0 elsewhere.
    made = Profiles(["가나다", "라마바"], np.array([0, 1]), 2, np.eye(2, dtype=np.float32))
    assert made.meaning(np.array([1, 0], dtype=np.float32)) == pytest.approx([1 / 31, 0.0], abs=1e-6)


def test_made_over_older_ones_they_are_the_same_but_for_letters_nobody_had(profiles: Profiles) -> None:
    texts = [*TEXTS, "원산지 물건 관세"]  # pairs and triples within the older words only
    owner, vectors = np.array([0, 0, 1, 1, 2]), np.vstack([VECTORS, [[0.0, 1.0, 0.0]]]).astype(np.float32)
    over = Profiles(texts, owner, 3, vectors, before=profiles)
    assert over.letters("원산지 물건 관세")[2] > 0.9
    assert over.letters("반품 관세")[0] > over.letters("반품 관세")[2]
    strange = Profiles([*TEXTS, "쿼츠젬"], owner, 3, vectors, before=profiles)
    assert strange.letters("쿼츠젬") == pytest.approx([0, 0, 0])
