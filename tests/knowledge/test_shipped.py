"""Vectors that come with the pack: they are what embedding gives, and only what they are of takes them."""

from __future__ import annotations

from pathlib import Path

import numpy as np

from knowledge.language.vectors import E5_SIZE, embed_e5
from knowledge.library import Passage
from knowledge.pack import read_pack
from knowledge.passages import digest, embedded, meaning, passages_of
from knowledge.settings import settings
from knowledge.shipped import key_of, read_shipped, write_shipped

EVERY = 997
"""One passage in so many is embedded again and compared."""


def unit(seed: int) -> np.ndarray:
    vector = np.random.default_rng(seed).normal(size=E5_SIZE).astype(np.float32)
    return vector / np.linalg.norm(vector)


def test_what_is_written_is_read_to_within_rounding(tmp_path: Path) -> None:
    vectors = {f"{i:064x}"[::-1]: unit(i) for i in range(40)}
    assert write_shipped(tmp_path, vectors) == 40
    read = read_shipped(tmp_path)
    assert set(read) == {key_of(each) for each in vectors}
    assert min(float(read[key_of(each)] @ vectors[each]) for each in vectors) > 0.9999


def test_a_broken_file_and_a_missing_folder_are_only_slow(tmp_path: Path) -> None:
    assert dict(read_shipped(tmp_path)) == {}
    write_shipped(tmp_path, {"ab" * 32: unit(1)})
    (tmp_path / "vectors" / "a.bin").write_bytes(b"torn")
    assert dict(read_shipped(tmp_path)) == {}


def test_a_shipped_vector_serves_its_own_text_only() -> None:
    asked = Passage("faq.a", "ko", "question", "원산지증명서 어디서 떼요")
    other = Passage("faq.a", "ko", "question", "수출신고 언제 해요")
    shipped = {key_of(digest(asked)): unit(7)}
    found = embedded([asked, other], [0, 1], shipped)
    first, second = (np.frombuffer(found[i], dtype=np.float16)[:E5_SIZE] for i in (0, 1))
    assert np.allclose(first, unit(7), atol=1e-3)
    assert float(second @ embed_e5([other.text], "query")[0]) > 0.999
    assert digest(asked) != digest(Passage("faq.a", "ko", "plain", asked.text)), "an answer is embedded otherwise"


def test_the_vectors_of_the_pack_are_those_of_its_texts() -> None:
    folder = settings().packs_dir / "korea"
    passages = [passage for record in read_pack(folder) for passage in passages_of(record)]
    shipped = read_shipped(folder)
    here = [passage for passage in passages if key_of(digest(passage)) in shipped]
    assert len(here) > 0.95 * len(passages), "run: naru knowledge build && naru knowledge vectors"
    for role, part in (("query", "question"), ("passage", "plain")):
        some = [passage for passage in here if passage.part == part][::EVERY]
        again = embed_e5([meaning(passage) for passage in some], role)  # type: ignore[arg-type]
        like = [float(shipped[key_of(digest(p))] @ vector) for p, vector in zip(some, again, strict=True)]
        assert len(like) >= 3 and min(like) > 0.995
