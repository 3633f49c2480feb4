"""Weights are learnt from what is right, and kept in a file that is refused when it does not fit."""

from __future__ import annotations

import random
from pathlib import Path

import numpy as np
import pytest
import yaml

from knowledge.hs.evidence import FEATURES
from knowledge.hs.finder import HsFinder
from knowledge.hs.learning import Example, learn, misspell, save_weights
from knowledge.hs.ready import hs_folder
from knowledge.hs.weights import SURENESS, Weights, load_weights
from knowledge.pack import PackError


def test_likeness_speaks_for_a_code(hs_finder: HsFinder) -> None:
    rows = [
        Example("립스틱", frozenset({"330410"}), 1.0, False),
        Example("라면", frozenset({"190230"}), 1.0, False),
        Example("golf ball", frozenset({"950632"}), 1.0, False),
        Example("zxqv", frozenset(), 1.0, False),
    ]
    weights = learn(hs_finder.index, rows)
    learnt = dict(zip(FEATURES, weights.evidence.tolist(), strict=True))
    assert learnt["most_alike"] > 0 and learnt["exact"] > 0


def test_nothing_to_learn_from_is_refused(hs_finder: HsFinder) -> None:
    with pytest.raises(ValueError, match="nothing"):
        learn(hs_finder.index, [])


def test_weights_are_kept(tmp_path: Path) -> None:
    path = tmp_path / "weights.yaml"
    kept = Weights(
        np.arange(len(FEATURES), dtype=np.float32), np.ones(len(SURENESS), dtype=np.float32), -0.5, "by hand"
    )
    save_weights(kept, path)
    read = load_weights(path)
    assert np.allclose(read.evidence, kept.evidence) and np.allclose(read.sureness, kept.sureness)
    assert (read.bias, read.note) == (-0.5, "by hand")


def test_other_weights_are_refused(tmp_path: Path) -> None:
    content = yaml.safe_load((hs_folder() / "weights.yaml").read_text(encoding="utf-8"))
    del content["evidence"]["exact"]
    path = tmp_path / "weights.yaml"
    path.write_text(yaml.safe_dump(content), encoding="utf-8")
    with pytest.raises(PackError, match="other weights"):
        load_weights(path)


def test_confidence_grows_with_the_odds() -> None:
    weights = load_weights(hs_folder() / "weights.yaml")
    low, high = (np.array([odds, 0.5, 0.5, 0.5, 0, 0], dtype=np.float32) for odds in (-2.0, 3.0))
    assert 0 < weights.confidence(low) < weights.confidence(high) < 1


def test_slips_of_the_fingers() -> None:
    assert misspell("푸", random.Random(1)) == "프"  # ㅜ for ㅡ
    assert misspell("개", random.Random(1)) == "게"  # ㅐ for ㅔ
    assert misspell("강", random.Random(1)) == "걍"  # the final stays
    assert len(misspell("toothbrush", random.Random(1))) == 9
    assert misspell("abc", random.Random(1)) == "abc"
