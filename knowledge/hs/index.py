"""The index of names: built once from the pack, kept in the data folder, loaded in well under a second.

Names are compared in two ways, both prepared here: by their pieces (TF-IDF over hashed grams, sparse) and by their
meaning (USE vectors, shortened to their main directions).
"""

from __future__ import annotations

import json
import os
import tempfile
from collections import defaultdict
from collections.abc import Callable, Sequence
from dataclasses import astuple, dataclass
from functools import cached_property, lru_cache
from pathlib import Path
from typing import Any
from zipfile import BadZipFile

import numpy as np
from numpy.typing import NDArray
from scipy.sparse import csr_matrix
from sklearn.feature_extraction.text import HashingVectorizer

from knowledge.hs.entries import GROUPS, Entry, digest, read_entries
from knowledge.hs.grams import bare, grams, key
from knowledge.language.jamo import jamo
from knowledge.language.vectors import embed_use

FEATURES = 2**19
"""Size of the hashed space; there are about 90 000 different pieces, so that few share a place."""

MEANING_SIZE = 192
"""Numbers kept of USE's 512: the main directions, which hold nearly all of the differences between names."""

MEANING_LENGTH = 64
"""Characters of a name that are embedded; the time grows with the length and the rest is exceptions."""

LONGEST_KEYWORD = 24
"""Letters of a name up to which it is compared letter by letter for misspellings."""

_BATCH = 512
_SEED = 20220101

UNREADABLE = (OSError, ValueError, KeyError, BadZipFile)
"""What reading a file that is no index can raise."""

Progress = Callable[[int, int], None]
"""Called with how many names are embedded and how many there are."""

Floats = NDArray[np.float32]


class IndexMissing(RuntimeError):
    """The index file is missing or was made from other files of the pack; build it again."""


@dataclass(frozen=True)
class Index:
    """The names in a form that can be searched.

    Attributes:
        digest: Of the files it was made from.
        entries: The names.
        rarity: How rare each hashed piece is, (FEATURES,).
        pieces: Rarities of the pieces of every name, transposed: (FEATURES, names).
        lengths: Euclidean length of each name's pieces.
        centre: The mean meaning, taken away before comparing.
        directions: The main directions of meaning, (512, MEANING_SIZE).
        meanings: Unit vectors, (names, MEANING_SIZE).
    """

    digest: str
    entries: tuple[Entry, ...]
    rarity: Floats
    pieces: csr_matrix
    lengths: Floats
    centre: Floats
    directions: Floats
    meanings: Floats

    @cached_property
    def codes(self) -> tuple[str, ...]:
        """The six-digit codes that have names, in order."""
        return tuple(sorted({entry.code for entry in self.entries if len(entry.code) == 6}))

    @cached_property
    def place(self) -> dict[str, int]:
        """The place of every code in ``codes``."""
        return {code: i for i, code in enumerate(self.codes)}

    @cached_property
    def headings(self) -> tuple[str, ...]:
        """The headings of those codes, in order."""
        return tuple(sorted({code[:4] for code in self.codes}))

    @cached_property
    def heading_of(self) -> NDArray[np.int64]:
        """For every code, the place of its heading."""
        place = {heading: i for i, heading in enumerate(self.headings)}
        return np.array([place[code[:4]] for code in self.codes], dtype=np.int64)

    @cached_property
    def owners(self) -> dict[str, tuple[NDArray[np.int64], NDArray[np.int64], NDArray[np.int64]]]:
        """For every group, in the order of the codes (or headings): the places of its names, where each code's
        names begin among them, and the places of those codes."""
        code = {code: i for i, code in enumerate(self.codes)} | {head: i for i, head in enumerate(self.headings)}
        found: dict[str, tuple[list[int], list[int]]] = {group: ([], []) for group in GROUPS}
        for i, entry in enumerate(self.entries):
            if entry.code in code:
                found[entry.group][0].append(i)
                found[entry.group][1].append(code[entry.code])
        return {
            group: _runs(np.array(rows, np.int64), np.array(owner, np.int64)) for group, (rows, owner) in found.items()
        }

    @cached_property
    def names_of(self) -> dict[str, NDArray[np.int64]]:
        """For every six-digit code, the places of its names."""
        found: dict[str, list[int]] = defaultdict(list)
        for i, entry in enumerate(self.entries):
            found[entry.code].append(i)
        return {code: np.array(found[code], np.int64) for code in self.codes}

    @cached_property
    def priors(self) -> dict[str, Floats]:
        """What is known of every code before any question: how many product names it and its heading have, and
        whether it is for what has no other place."""
        count = np.zeros(len(self.codes), dtype=np.float32)
        rows, starts, codes = self.owners["names"]
        count[codes] = np.diff(np.r_[starts, len(rows)])
        total = np.bincount(self.heading_of, weights=count, minlength=len(self.headings))[self.heading_of]
        return {
            "usual": np.log1p(count) / np.float32(4.0),
            "usual_heading": np.asarray(np.log1p(total) / 5.0, dtype=np.float32),
            "catch_all": np.array([code.endswith(("9", "90")) for code in self.codes], np.float32),
        }

    @cached_property
    def by_name(self) -> dict[str, list[int]]:
        """The places of the names of subheadings that are written alike but for spaces, signs and plural."""
        places: dict[str, list[int]] = defaultdict(list)
        for i, entry in enumerate(self.entries):
            if entry.group != "heading":
                places[key(entry.text)].append(i)
        return dict(places)

    @cached_property
    def spellings(self) -> tuple[NDArray[np.int64], list[str]]:
        """Short names taken apart into letters, and their places, for finding misspellings."""
        chosen = [
            i
            for i, entry in enumerate(self.entries)
            if entry.group in ("names", "references") and len(bare(entry.text)) <= LONGEST_KEYWORD
        ]
        return np.array(chosen, np.int64), [jamo(bare(self.entries[i].text)) for i in chosen]

    def weigh(self, text: str) -> csr_matrix:
        """Returns the rarities of the pieces of ``text``, (1, FEATURES)."""
        found = _vectorizer().transform([text])
        found.data = self.rarity[found.indices]
        return found

    def meaning(self, text: str) -> Floats:
        """Returns the unit vector of ``text``, (MEANING_SIZE,)."""
        return np.asarray(_unit((embed_use([text[:MEANING_LENGTH]]) - self.centre) @ self.directions)[0])


def build_index(folder: Path, target: Path, progress: Progress = lambda done, total: None) -> Index:
    """Builds the index of a pack's ``hs`` folder and writes it to ``target`` in one step.

    Raises:
        TableError: One of the pack's files is missing or has other columns than it should.
    """
    entries = read_entries(folder)
    counts = _vectorizer().transform([entry.text for entry in entries])
    rarity = _rarity(counts)
    meanings, centre, directions = _meanings([entry.text for entry in entries], progress)
    parts: dict[str, Any] = {
        "digest": np.array(digest(folder)),
        "entries": np.frombuffer(json.dumps([astuple(entry) for entry in entries]).encode(), dtype=np.uint8),
        "rarity": rarity.astype(np.float16),
        "indices": counts.indices.astype(np.int32),
        "indptr": counts.indptr.astype(np.int32),
        "centre": centre,
        "directions": directions,
        "meanings": meanings.astype(np.float16),
    }
    _write(target, parts)
    return load_index(target)


def load_index(path: Path) -> Index:
    """Reads an index.

    Raises:
        IndexMissing: There is no readable index at ``path``.
    """
    try:
        with np.load(path, allow_pickle=False) as file:
            parts = {name: file[name] for name in file.files}
        return _assembled(parts)
    except UNREADABLE as error:
        raise IndexMissing(f"{path}: no index of tariff names; run `naru knowledge build`") from error


def current_index(folder: Path, path: Path) -> Index:
    """Reads the index and makes sure that it was made from the pack as it is now.

    Raises:
        IndexMissing: There is none, or the pack has changed since.
    """
    index = load_index(path)
    if index.digest != digest(folder):
        raise IndexMissing(f"{path}: made from other files; run `naru knowledge build`")
    return index


def is_current(folder: Path, path: Path) -> bool:
    """Tells whether the index at ``path`` was made from the pack as it is now."""
    try:
        with np.load(path, allow_pickle=False) as file:
            return str(file["digest"]) == digest(folder)
    except UNREADABLE:
        return False


def _assembled(parts: dict[str, Any]) -> Index:
    entries = tuple(Entry(*row) for row in json.loads(parts["entries"].tobytes()))
    rarity = parts["rarity"].astype(np.float32)
    shape = (len(entries), FEATURES)
    pieces = csr_matrix((rarity[parts["indices"]], parts["indices"], parts["indptr"]), shape=shape)
    lengths = np.sqrt(np.asarray(pieces.multiply(pieces).sum(axis=1)).ravel()).astype(np.float32)
    return Index(
        digest=str(parts["digest"]),
        entries=entries,
        rarity=rarity,
        pieces=pieces.T.tocsr(),
        lengths=np.maximum(lengths, np.float32(1e-6)),
        centre=parts["centre"],
        directions=parts["directions"],
        meanings=_unit(parts["meanings"].astype(np.float32)),
    )


@lru_cache(maxsize=1)
def _vectorizer() -> HashingVectorizer:
    return HashingVectorizer(
        analyzer=grams, n_features=FEATURES, binary=True, norm=None, alternate_sign=False, dtype=np.float32
    )


def _rarity(counts: csr_matrix) -> Floats:
    """Smoothed inverse document frequency, as in scikit-learn's TfidfTransformer."""
    names = counts.shape[0]
    seen = np.bincount(counts.indices, minlength=FEATURES)
    return np.asarray(np.log((1 + names) / (1 + seen)) + 1, dtype=np.float32)


def _meanings(texts: Sequence[str], progress: Progress) -> tuple[Floats, Floats, Floats]:
    """Embeds every different text once and keeps the main directions."""
    different = sorted(
        {text[:MEANING_LENGTH] for text in texts}, key=lambda text: (len(text), text)
    )  # like lengths batch well
    parts = []
    for start in range(0, len(different), _BATCH):
        parts.append(embed_use(different[start : start + _BATCH]))
        progress(min(start + _BATCH, len(different)), len(different))
    vectors = np.vstack(parts)
    centre = vectors.mean(axis=0, keepdims=True)
    _, strengths = np.linalg.eigh(np.cov((vectors - centre).T.astype(np.float64)))
    directions = strengths[:, ::-1][:, :MEANING_SIZE].astype(np.float32)
    short = _unit((vectors - centre) @ directions)
    place = {text: i for i, text in enumerate(different)}
    return short[[place[text[:MEANING_LENGTH]] for text in texts]], centre, directions


def _write(target: Path, parts: dict[str, Any]) -> None:
    target.parent.mkdir(parents=True, exist_ok=True)
    handle, name = tempfile.mkstemp(dir=target.parent, prefix=target.name, suffix=".part")
    try:
        with os.fdopen(handle, "wb") as file:
            np.savez(file, **parts)
        Path(name).chmod(0o644)  # mkstemp lets only its own user read
        Path(name).replace(target)
    except BaseException:
        Path(name).unlink(missing_ok=True)
        raise


def _runs(
    rows: NDArray[np.int64], owner: NDArray[np.int64]
) -> tuple[NDArray[np.int64], NDArray[np.int64], NDArray[np.int64]]:
    order = np.argsort(owner, kind="stable")
    codes, starts = np.unique(owner[order], return_index=True)
    return rows[order], starts.astype(np.int64), codes


def _unit(rows: Floats) -> Floats:
    return np.asarray(rows / np.maximum(np.linalg.norm(rows, axis=1, keepdims=True), 1e-9), dtype=np.float32)
