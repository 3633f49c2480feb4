"""Puts questions together that ask the same: first the same words, then the same meaning, in both languages.

Meaning is the Universal Sentence Encoder's vectors alone: E5 would tell questions apart a little better, but takes ten
times as long, and thousands of questions have to be read while an editor waits. Vectors are centred on the mean passage
of their language as the search does; letters in common count a little besides, so that product names weigh. Questions
that name different countries never fall together, however alike they sound. Every question of a cluster is as close to
every other as ``FARTHEST`` (complete linkage): an average would let two neighbouring needs flow into one.
"""

from __future__ import annotations

import itertools
import re
from collections import Counter, defaultdict
from collections.abc import Iterable, Sequence
from concurrent.futures import ThreadPoolExecutor
from dataclasses import dataclass
from datetime import datetime
from functools import cached_property, lru_cache
from pathlib import Path

import numpy as np
from numpy.typing import NDArray
from scipy.cluster.hierarchy import fcluster, linkage
from scipy.spatial.distance import squareform
from sklearn.feature_extraction.text import TfidfVectorizer

from actions.desk.unanswered import Question
from knowledge.language.vectors import E5_SIZE, Vectors, embed_use
from knowledge.library import Library
from knowledge.lookups import read_lookups
from knowledge.record import LANGUAGES, Language

FARTHEST = 0.72
"""Distance up to which two wordings are the same question.

Chosen on 22 needs in 66 wordings of both languages (not those of the tests): here 55 of 69 pairs that ask the same
fall together, and one pair that does not ("is there support for interpreters", "for warehouses"); from 0.76 on whole
needs mix. A split costs the editor a second look, a mixture hides a question, so the smaller distance is taken.
"""

LETTERS = 0.2
"""How far letters in common (cosine of their pairs and threes) close what is left of the distance."""

APART = 2.0
"""Distance of wordings that name different countries: more than any other."""

READ = 200
"""Letters of a wording that are read; what follows is a story around the question."""

_TOO_COMMON = frozenset("가나 이란 수단 오만 말리 차드 가봉 us".split())
"""Names of countries that are also endings and words (어디로 가나요, 이란 게 뭐예요)."""

_BATCH = 64
_BLOCK = 500
_pool = ThreadPoolExecutor(2, "naru-questions")
"""Threads of their own, since the encoder is loaded once a thread and should not be loaded again."""


@dataclass(frozen=True)
class Wording:
    """One way to ask, and everybody who asked so, the newest first."""

    questions: tuple[Question, ...]

    @property
    def key(self) -> str:
        """Its digest."""
        return self.questions[0].key

    @property
    def words(self) -> str:
        """The words, as the newest question has them."""
        return self.questions[0].words

    @property
    def language(self) -> Language:
        """The language they are in."""
        return self.questions[0].language

    @property
    def people(self) -> int:
        """How many asked so."""
        return len({question.person for question in self.questions})


@dataclass(frozen=True)
class Cluster:
    """Questions that ask the same. The first wording stands for all: the one closest to all others."""

    wordings: tuple[Wording, ...]

    @property
    def key(self) -> str:
        """The digest of the wording that stands for all."""
        return self.wordings[0].key

    @cached_property
    def keys(self) -> frozenset[str]:
        """The digests of all its wordings: any of them leads to it."""
        return frozenset(wording.key for wording in self.wordings)

    @cached_property
    def questions(self) -> tuple[Question, ...]:
        """All questions, the newest first."""
        every = (question for wording in self.wordings for question in wording.questions)
        return tuple(sorted(every, key=lambda question: question.at, reverse=True))

    @property
    def size(self) -> int:
        """How often it was asked."""
        return len(self.questions)

    @cached_property
    def people(self) -> int:
        """How many asked it."""
        return len({question.person for question in self.questions})

    @property
    def last(self) -> datetime:
        """When it was asked last."""
        return self.questions[0].at

    @cached_property
    def languages(self) -> Counter[str]:
        """How often in which language."""
        return Counter(question.language for question in self.questions)

    @cached_property
    def outcomes(self) -> Counter[str]:
        """How often its turns ended how."""
        return Counter(question.outcome for question in self.questions)

    @cached_property
    def intents(self) -> Counter[str]:
        """What it was understood as."""
        return Counter(question.intent for question in self.questions)

    @cached_property
    def offered(self) -> Counter[str]:
        """Which records stood on buttons, how often."""
        return Counter(record for question in self.questions for record in question.offered)

    @cached_property
    def taken(self) -> Counter[str]:
        """Which of them were pressed next: there the right one may have been offered."""
        return Counter(question.taken for question in self.questions if question.taken)

    @property
    def thumbs_down(self) -> int:
        """How many thumbs down."""
        return sum(question.thumb_down for question in self.questions)

    @property
    def disputed(self) -> int:
        """How often the next words said that the answer was wrong."""
        return sum(question.disputed for question in self.questions)


Distances = NDArray[np.float32]


class Clustering:
    """Makes clusters. Vectors of the last questions stay in memory until the next ones are clustered, nowhere else."""

    def __init__(self, library: Library, pack: Path) -> None:
        language = np.array([passage.language for passage in library.passages])
        self._centres = {each: library.vectors[language == each, E5_SIZE:].mean(axis=0) for each in LANGUAGES}
        self._pack = pack
        self._vectors: dict[str, Vectors] = {}

    def clusters(self, questions: Iterable[Question]) -> list[Cluster]:
        """Returns the clusters of questions, the most asked first, then the newest."""
        wordings = same_words(questions)
        if not wordings:
            return []
        distances = self._distances(wordings)
        made = [_cluster(wordings, members, distances) for members in _grouped(distances)]
        return sorted(made, key=lambda cluster: (-cluster.size, -cluster.people, -cluster.last.timestamp()))

    def _distances(self, wordings: Sequence[Wording]) -> Distances:
        """Returns the distance of every two wordings, in one table that is changed in place: it may be large."""
        meaning = self._meaning(wordings)
        texts = [wording.words[:READ] for wording in wordings]
        spelt = TfidfVectorizer(analyzer="char_wb", ngram_range=(2, 3), sublinear_tf=True, dtype=np.float32)
        letters = spelt.fit_transform(texts)
        named = _named(texts, self._pack)
        some = named.any(axis=1)
        distances: Distances = meaning @ meaning.T
        np.subtract(1, distances, out=distances)
        np.maximum(distances, 0, out=distances)
        for start in range(0, len(texts), _BLOCK):
            part = slice(start, start + _BLOCK)
            distances[part] *= 1 - LETTERS * (letters[part] @ letters.T).toarray()
            distances[part][(named[part] @ named.T == 0) & some[part, None] & some[None, :]] = APART
        np.fill_diagonal(distances, 0)
        return distances

    def _meaning(self, wordings: Sequence[Wording]) -> Vectors:
        new = [wording for wording in wordings if wording.key not in self._vectors]
        texts = [wording.words[:READ] for wording in new]
        batches = [texts[start : start + _BATCH] for start in range(0, len(texts), _BATCH)]
        read = itertools.chain.from_iterable(_pool.map(embed_use, batches))
        known = self._vectors | {wording.key: vector for wording, vector in zip(new, read, strict=True)}
        self._vectors = {wording.key: known[wording.key] for wording in wordings}
        rows = np.vstack([known[wording.key] - self._centres[wording.language] for wording in wordings])
        return np.asarray(rows / np.maximum(np.linalg.norm(rows, axis=1, keepdims=True), 1e-9), dtype=np.float32)


def same_words(questions: Iterable[Question]) -> list[Wording]:
    """Returns the questions put together by wording; those of one wording the newest first."""
    found: dict[str, list[Question]] = defaultdict(list)
    for question in sorted(questions, key=lambda question: question.at, reverse=True):
        found[question.key].append(question)
    return [Wording(tuple(same)) for same in found.values()]


def _grouped(distances: Distances) -> list[list[int]]:
    if len(distances) == 1:
        return [[0]]
    # scikit-learn calls the same, but first lists the places of all pairs, which takes twice the memory of the table
    tree = linkage(squareform(distances, checks=False), "complete")
    groups: dict[int, list[int]] = defaultdict(list)
    for number, label in enumerate(fcluster(tree, FARTHEST, "distance")):
        groups[label].append(number)
    return list(groups.values())


def _cluster(wordings: Sequence[Wording], members: list[int], distances: Distances) -> Cluster:
    """Returns a cluster whose wordings are in order of how close they are to all that was asked in it."""
    weight = np.array([len(wordings[member].questions) for member in members])
    far = distances[np.ix_(members, members)] @ weight
    order = sorted(range(len(members)), key=lambda place: (round(float(far[place]), 5), wordings[members[place]].key))
    return Cluster(tuple(wordings[members[place]] for place in order))


def _named(texts: Sequence[str], pack: Path) -> NDArray[np.float32]:
    """Returns which countries and agreements each text names: a row a text."""
    small = [each.casefold() for each in texts]
    together, codes = "\n".join(small), _countries(pack)
    # most names are in no text at all, and a pattern of a few is much faster than one of all
    there = sorted((name for name in codes if name in together), key=len, reverse=True)
    pattern = re.compile("|".join(map(_whole, there)) or r"(?!)")
    named = [{codes[name] for name in pattern.findall(each)} for each in small]
    every = sorted(set().union(*named)) or [""]
    return np.array([[code in each for code in every] for each in named], dtype=np.float32)


@lru_cache(maxsize=2)
def _countries(pack: Path) -> dict[str, str]:
    """Returns the names of countries and agreements, and what each stands for."""
    codes: dict[str, str] = {}
    for name in read_lookups(pack):
        spelling = name.spelling.casefold()
        if name.entity in ("country", "agreement") and len(spelling) >= 2 and spelling not in _TOO_COMMON:
            codes.setdefault(spelling, name.value)
    return codes


def _whole(spelling: str) -> str:
    """Returns the pattern of a name: Korean ones carry particles, others stand alone."""
    escaped = re.escape(spelling)
    return escaped if "가" <= spelling[-1] <= "힣" else rf"(?<![a-z]){escaped}(?![a-z])"
