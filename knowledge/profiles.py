"""What each record is asked like, taken from all its wordings together.

A search for the one wording nearest to a question overlooks what several of them have in common. Two views of a whole
record stand beside it:

* its letters, in twos and threes without spaces, so that typing errors and missing spaces hardly matter, weighed by
  how few records have them (cosine of tf-idf profiles);
* its place among all others in the space of meaning: regularised least squares from vectors to records, which learns
  what tells neighbours apart (Rifkin, Yeo and Poggio 2003, "Regularized least-squares classification").
"""

from __future__ import annotations

import re
from collections.abc import Sequence

import numpy as np
from numpy.typing import NDArray
from scipy import sparse
from sklearn.feature_extraction.text import CountVectorizer
from sklearn.preprocessing import normalize

from knowledge.language.vectors import Vectors

Scores = NDArray[np.float32]

LETTERS = (2, 3)
"""Lengths of the runs of letters."""

EVERYWHERE = 0.1
"""Least weight of letters that nearly every record has."""

RIDGE = 30.0
"""How strongly the weights of meaning are held back; tuned on tests/evaluation/{answers,depth}_dev.yaml."""

_NO_LETTER = re.compile(r"[\W_]+")


def _bare(text: str) -> str:
    return _NO_LETTER.sub("", text).casefold()


class Profiles:
    """The profiles of all records. Made once; safe to share between threads.

    Args:
        texts: The passages.
        owner: The record of each passage, as a number from 0.
        size: How many records there are.
        vectors: The passages' vectors, shape (n, d).
        before: Profiles of most of these passages; letters that none of them had do not count until the next start.
    """

    def __init__(
        self,
        texts: Sequence[str],
        owner: NDArray[np.int64],
        size: int,
        vectors: Vectors,
        before: Profiles | None = None,
    ) -> None:
        self._rows, self._counted = self._counts(texts, before)
        counts = np.bincount(owner, minlength=size)
        members = sparse.csr_matrix(
            (np.ones(len(owner), dtype=np.float32), (owner, np.arange(len(owner)))), shape=(size, len(owner))
        )
        held = (members @ self._counted[[self._rows[text] for text in texts]]).tocsr()
        holders = np.bincount(held.indices, minlength=held.shape[1])
        self._rarity = np.maximum(np.log(size / (1 + holders)), EVERYWHERE).astype(np.float32)
        held.data = np.log1p(held.data)
        self._letters = normalize(held @ sparse.diags(self._rarity)).tocsr()
        self._meaning = _least_squares(members, counts, vectors)

    def _counts(self, texts: Sequence[str], before: Profiles | None) -> tuple[dict[str, int], sparse.csr_matrix]:
        """Returns which letters each text has, a row a text, and the row of every text."""
        if before is None:
            self._vectorizer = CountVectorizer(
                analyzer="char", ngram_range=LETTERS, preprocessor=_bare, binary=True, dtype=np.float32
            )
            known = list(dict.fromkeys(texts))
            return {text: row for row, text in enumerate(known)}, self._vectorizer.fit_transform(known).tocsr()
        self._vectorizer = before._vectorizer
        new = [text for text in dict.fromkeys(texts) if text not in before._rows]
        if not new:
            return before._rows, before._counted
        rows = before._rows | {text: len(before._rows) + i for i, text in enumerate(new)}
        return rows, sparse.vstack([before._counted, self._vectorizer.transform(new)]).tocsr()

    def letters(self, question: str) -> Scores:
        """Returns how alike a question's letters are to those of each record (0 to 1)."""
        asked = normalize(self._vectorizer.transform([question]) @ sparse.diags(self._rarity))
        return np.asarray((self._letters @ asked.T).toarray()[:, 0], dtype=np.float32)

    def meaning(self, vector: NDArray[np.float32]) -> Scores:
        """Returns how much a question's vector, shape (d,), speaks for each record (about 0 to 0.02)."""
        return np.asarray(vector @ self._meaning, dtype=np.float32)


def _least_squares(members: sparse.csr_matrix, counts: NDArray[np.int64], vectors: Vectors) -> Vectors:
    """Returns the weights W, shape (d, records), that minimise |XW - Y|² + RIDGE |W|².

    Y tells which record a passage belongs to; records with many wordings count no more for it than by their root.
    """
    gram = vectors.T @ vectors + RIDGE * np.eye(vectors.shape[1], dtype=vectors.dtype)
    wanted = (members @ vectors) / np.sqrt(np.maximum(counts, 1))[:, np.newaxis]
    return np.asarray(np.linalg.solve(gram.astype(np.float64), wanted.T.astype(np.float64)), dtype=np.float32)
