"""Weighs what speaks for each code: names alike in their pieces, in letters, in meaning, and headings as a whole.

Every piece of evidence is a number between 0 and about 1. Shares are over weighed pieces (TF-IDF): ``alike`` is
the cosine, ``held`` how much of the known name is in the text, ``covered`` how much of the text is in the name,
``head`` how much of the part that says what the goods are, ``meaning`` the cosine of USE
vectors. Each is taken for the best name of a code, group by group (``names_``, ``official_``, ``references_``) and
over all groups (``most_``).
"""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray
from rapidfuzz import fuzz, process

from knowledge.hs.grams import bare, cleaned, head, key, tokens
from knowledge.hs.index import LONGEST_KEYWORD, Floats, Index
from knowledge.language.jamo import jamo

SHARES = ("alike", "held", "covered", "head", "meaning")
CODE_GROUPS = ("names", "official", "references")

FEATURES: tuple[str, ...] = (
    *(f"{group}_{share}" for group in CODE_GROUPS for share in SHARES),
    *(f"most_{share}" for share in SHARES),
    "exact",
    "ends_with",
    "contains",
    "spelling",
    "best",
    *(f"heading_{share}" for share in SHARES),
    "siblings_alike",
    "siblings_head",
    "siblings_meaning",
    "siblings_best",
    "siblings_many",
    "usual",
    "usual_heading",
    "catch_all",
)
"""The names of the columns of the evidence, in order."""

CANDIDATES = 120
"""How many codes are weighed against each other."""

LEAST_SPELLING = 72.0
"""Likeness of letters (rapidfuzz ratio, 0 to 100) from which a name counts as a misspelling of another."""

MOST_SPELLINGS = 12
_LONGEST_SPAN = 5
_NO_ROWS: NDArray[np.int64] = np.zeros(0, np.int64)


@dataclass(frozen=True)
class Evidence:
    """What speaks for each code.

    Attributes:
        rows: Places of the codes in ``Index.codes``.
        table: Evidence, (codes, FEATURES).
        likeness: How much each known name is like the text, (names,).
    """

    rows: NDArray[np.int64]
    table: Floats
    likeness: Floats

    def shortlist(self, weights: Floats) -> Evidence:
        """Returns the evidence for the ``CANDIDATES`` most likely codes, under ``weights`` for its columns."""
        size = min(CANDIDATES, len(self.rows))
        chosen = np.sort(np.argpartition(-(self.table @ weights), size - 1)[:size])
        return Evidence(self.rows[chosen], self.table[chosen], self.likeness)

    def nearest(self, index: Index, code: str) -> int:
        """Returns the place of the name of ``code`` that is most like the text."""
        places = index.names_of[code]
        return int(places[int(np.argmax(self.likeness[places]))])

    def column(self, name: str) -> Floats:
        """Returns one kind of evidence for every code."""
        return np.asarray(self.table[:, FEATURES.index(name)])


def gather(index: Index, text: str, hidden: NDArray[np.int64] = _NO_ROWS) -> Evidence:
    """Returns the evidence for every code.

    Args:
        index: The known names.
        text: What somebody calls their goods.
        hidden: Places of names to act as if unknown; learning hides the name it asks for.
    """
    shares = _shares(index, text)
    shares[:, hidden] = 0.0
    columns: dict[str, Floats] = {}
    for group in CODE_GROUPS:
        for share, values in zip(SHARES, _best(index, group, shares, len(index.codes)), strict=True):
            columns[f"{group}_{share}"] = values
    for share in SHARES:
        columns[f"most_{share}"] = np.maximum.reduce([columns[f"{group}_{share}"] for group in CODE_GROUPS])
    columns |= _whole_names(index, text, set(hidden.tolist()))
    columns["best"] = np.maximum.reduce(
        [
            0.5 * columns[f"{group}_alike"] + 0.25 * columns[f"{group}_head"] + 0.25 * columns[f"{group}_meaning"]
            for group in CODE_GROUPS
        ]
    )
    columns |= _heading(index, shares, columns)
    columns |= index.priors
    table = np.stack([columns[name] for name in FEATURES], axis=1)
    return Evidence(np.arange(len(index.codes)), table, 0.5 * shares[0] + 0.25 * shares[3] + 0.25 * shares[4])


def _shares(index: Index, text: str) -> Floats:
    """The shares of every known name, (SHARES, names)."""
    dot, squared = _overlap(index, cleaned(text))
    head_dot, head_squared = _overlap(index, head(text))
    meaning = np.maximum(index.meanings @ index.meaning(cleaned(text) or text), 0.0)
    rows = np.stack(
        [
            dot / (np.sqrt(squared) * index.lengths),
            dot / index.lengths**2,
            dot / squared,
            head_dot / head_squared,
            meaning,
        ]
    )
    return np.asarray(rows, dtype=np.float32)


def _overlap(index: Index, text: str) -> tuple[Floats, float]:
    """The weight of the pieces each known name shares with ``text``, and the weight of all pieces of ``text``."""
    weighed = index.weigh(text)
    squared = max(float(weighed.multiply(weighed).sum()), 1e-6)
    return np.asarray((weighed @ index.pieces).toarray()[0], dtype=np.float32), squared


def _best(index: Index, group: str, shares: Floats, size: int) -> Floats:
    """The best share of any name of each code, (SHARES, codes)."""
    rows, starts, codes = index.owners[group]
    best = np.zeros((len(SHARES), size), dtype=np.float32)
    if len(rows):
        best[:, codes] = np.maximum.reduceat(shares[:, rows], starts, axis=1)
    return best


def _whole_names(index: Index, text: str, hidden: set[int]) -> dict[str, Floats]:
    """Known names that are the whole text, its end or a part of it, or are spelt nearly like it."""
    found = {
        name: np.zeros(len(index.codes), dtype=np.float32) for name in ("exact", "ends_with", "contains", "spelling")
    }
    place = index.place

    def note(kind: str, entry: int, value: float) -> None:
        code = place.get(index.entries[entry].code)
        if code is not None and entry not in hidden:
            found[kind][code] = max(found[kind][code], value)

    whole = key(text)
    for span, at_end in _spans(text):
        for entry in index.by_name.get(span, ()):
            share = min(1.0, len(span) / max(len(whole), 1))
            note("contains", entry, share)
            if at_end:
                note("ends_with", entry, share)
            if span == whole:
                note("exact", entry, 1.0)
    for entry, likeness in _misspelt(index, text):
        note("spelling", entry, (likeness - LEAST_SPELLING) / (100.0 - LEAST_SPELLING))
    return found


def _spans(text: str) -> set[tuple[str, bool]]:
    """Runs of words, and of syllables inside Korean words, with whether they end the text or its head."""
    words = tokens(cleaned(text))
    ends = {len(words)} | ({len(tokens(head(text)))} if cleaned(text).startswith(head(text)) else set())
    spans = {
        ("".join(words[start:stop]), stop in ends)
        for start in range(len(words))
        for stop in range(start + 1, min(start + _LONGEST_SPAN, len(words)) + 1)
    }
    for i, word in enumerate(words):
        if not word.isascii():
            spans |= {
                (word[start:stop], stop == len(word) and i + 1 in ends)
                for start in range(len(word))
                for stop in range(start + 2, len(word) + 1)
            }
    return spans


def _misspelt(index: Index, text: str) -> list[tuple[int, float]]:
    letters = jamo(bare(cleaned(text)))
    if not 3 <= len(letters) <= 3 * LONGEST_KEYWORD:
        return []
    rows, spellings = index.spellings
    alike = process.extract(
        letters, spellings, scorer=fuzz.ratio, score_cutoff=LEAST_SPELLING, limit=MOST_SPELLINGS, processor=None
    )
    return [(int(rows[i]), float(score)) for _, score, i in alike]


def _heading(index: Index, shares: Floats, columns: dict[str, Floats]) -> dict[str, Floats]:
    """Evidence for the heading as a whole: its own names, and its subheadings taken together."""
    of, size = index.heading_of, len(index.headings)
    own = dict(zip(SHARES, _best(index, "heading", shares, size), strict=True))
    found = {f"heading_{share}": own[share][of] for share in SHARES}
    begins = np.flatnonzero(np.r_[True, of[1:] != of[:-1]])  # codes are sorted, so that siblings stand together
    for share in ("alike", "head", "meaning"):
        found[f"siblings_{share}"] = np.maximum.reduceat(columns[f"most_{share}"], begins)[of]
    found["siblings_best"] = np.maximum.reduceat(columns["best"], begins)[of]
    found["siblings_many"] = np.log1p(np.add.reduceat(np.maximum(columns["best"] - 0.3, 0.0), begins))[of]
    return found


def first_guess() -> Floats:
    """Returns rough weights, for choosing candidates before any are learnt."""
    rough = {"best": 1.0, "exact": 0.5, "spelling": 0.3, "ends_with": 0.3, "contains": 0.15, "heading_meaning": 0.15}
    return np.array([rough.get(name, 0.0) for name in FEATURES], dtype=np.float32)
