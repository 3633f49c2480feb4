"""Vectors of meaning that come with a pack, so that a first build does not embed every text anew.

E5's vectors take most of a build's time. Each is kept as 384 signed bytes under the digest of its text; a text that is
not there, or was changed, is embedded as before. The error of rounding is a cosine of 0.00004. ``naru knowledge
vectors`` writes them from the last build. Sixteen files by the digest's first digit, so that a small change of the
pack rewrites little.
"""

from __future__ import annotations

from collections.abc import Mapping
from pathlib import Path

import numpy as np

from knowledge.language.vectors import E5_SIZE, Vectors

FOLDER = "vectors"
_DIGEST_BYTES = 16
_SHARDS = "0123456789abcdef"
_LARGEST = 127

Shipped = Mapping[str, Vectors]
"""E5's vector (unit length, 384 numbers) by the first half of a passage's digest (``key_of``)."""


def key_of(digest: str) -> str:
    """Returns what a passage's vector is shipped under."""
    return digest[: 2 * _DIGEST_BYTES]


def read_shipped(pack: Path) -> Shipped:
    """Returns the vectors that come with a pack; none where it has none, or a file is of another size."""
    found: dict[str, Vectors] = {}
    for path in sorted((pack / FOLDER).glob("*.bin")):
        raw = np.frombuffer(path.read_bytes(), dtype=np.int8)
        if raw.size % (_DIGEST_BYTES + E5_SIZE):
            continue
        rows = raw.reshape(-1, _DIGEST_BYTES + E5_SIZE)
        vectors = rows[:, _DIGEST_BYTES:].astype(np.float32)
        vectors /= np.maximum(np.linalg.norm(vectors, axis=1, keepdims=True), 1e-9)
        found |= {row[:_DIGEST_BYTES].tobytes().hex(): vector for row, vector in zip(rows, vectors, strict=True)}
    return found


def write_shipped(pack: Path, vectors: Mapping[str, Vectors]) -> int:
    """Writes the vectors of a pack's passages, by digest; returns how many."""
    folder = pack / FOLDER
    folder.mkdir(exist_ok=True)
    by_key = {key_of(digest): vector for digest, vector in vectors.items()}
    for shard in _SHARDS:
        rows = [bytes.fromhex(key) + _rounded(by_key[key]) for key in sorted(by_key) if key[0] == shard]
        (folder / f"{shard}.bin").write_bytes(b"".join(rows))
    return len(by_key)


def _rounded(vector: Vectors) -> bytes:
    largest = max(float(np.abs(vector).max()), 1e-9)
    rounded: bytes = np.rint(vector * (_LARGEST / largest)).astype(np.int8).tobytes()
    return rounded
