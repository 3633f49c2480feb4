"""Finds the records that answer a question, weighing names, words and meaning together.

Four kinds of evidence are computed for every passage and added up per record:
names in the question (gazetteer), words (BM25 on Kiwi morphemes), meaning (E5 and USE vectors,
centred on the mean passage of their language, because raw E5 cosines all lie close to 0.85).
"""

from __future__ import annotations

import copy
import logging
import math
from collections import Counter
from collections.abc import Collection, Mapping, Sequence
from dataclasses import dataclass

import bm25s
import numpy as np
from numpy.typing import NDArray

from knowledge.gazetteer import Gazetteer, Mention, Name
from knowledge.language.korean import content_words
from knowledge.language.vectors import E5_SIZE, Vectors, embed
from knowledge.library import Library
from knowledge.profiles import Profiles
from knowledge.record import Kind, Language

Scores = NDArray[np.float32]

logging.getLogger("bm25s").setLevel(logging.WARNING)  # it announces every index on the terminal


@dataclass(frozen=True)
class Weights:
    """How much each kind of evidence counts; tuned on tests/evaluation/{answers,depth}_dev.yaml, and wordings left out.

    ``support`` is the share, in the order of answers to questions (kind faq), of a record's best three passages beside
    its best one: of many that are alike, the one that several wordings speak for is surer. ``answer`` is added to them.
    ``letters`` and ``meaning`` are those of a whole record's profile (``knowledge/profiles.py``), in the order only.
    """

    words: float = 1.2
    e5: float = 1.0
    use: float = 0.8
    name: float = 0.35
    own_language: float = 0.05
    support: float = 0.75
    answer: float = 0.15
    letters: float = 5.0
    meaning: float = 60.0


SUPPORTING = 3
"""Passages of a record that its order is taken from."""


@dataclass(frozen=True)
class Hit:
    """A record found, the weighed evidence (about 0 to 3), and the parts of it for those who ask why."""

    record: str
    score: float
    why: Mapping[str, float]


class Search:
    """Hybrid search over a library. Made once; safe to share between threads."""

    def __init__(
        self, library: Library, gazetteer: Gazetteer, weights: Weights | None = None, before: Search | None = None
    ) -> None:
        """Indexes a library; texts that the build or the index ``before`` has cut into words are not cut again."""
        self.library = library
        self.gazetteer = gazetteer
        self.weights = weights or Weights()
        self._shown: NDArray[np.bool_] | None = None
        self._ids = list(library.records)
        self._order = {record: i for i, record in enumerate(library.records)}
        self._owner = np.array([self._order[p.record] for p in library.passages], dtype=np.int64)
        self._language = np.array([p.language for p in library.passages])
        self._kinds = np.array([record.kind.value for record in library.records.values()])
        self._centres = {lang: library.vectors[self._language == lang].mean(axis=0) for lang in ("ko", "en")}
        self._e5, self._use = self._centred(library.vectors)
        self._profiles: Profiles = Profiles(
            [passage.text for passage in library.passages],
            self._owner,
            len(self._ids),
            np.hstack([self._e5, self._use]),
            before._profiles if before else None,
        )
        self._words = self._words_of(before)
        self._tokens = [self._words[passage.text] for passage in library.passages]
        self._frequency = Counter(token for tokens in self._tokens for token in set(tokens))
        self._mean_length = sum(map(len, self._tokens)) / max(len(self._tokens), 1)
        self._bm25 = bm25s.BM25(method="lucene")
        self._bm25.index(self._tokens, show_progress=False)

    def _words_of(self, before: Search | None) -> dict[str, list[str]]:
        known = {**self.library.words, **(before._words if before else {})}
        texts = dict.fromkeys(passage.text for passage in self.library.passages)
        return {text: known[text] if text in known else content_words(text) for text in texts}

    def hiding(self, hidden: Collection[str], library: Library, gazetteer: Gazetteer) -> Search:
        """Returns a search that shares this index and never finds the records ``hidden``.

        Args:
            hidden: Ids.
            library: The library without them.
            gazetteer: The names without theirs.
        """
        made = copy.copy(self)
        made.library, made.gazetteer = library, gazetteer
        made._shown = ~np.isin(self._ids, list(hidden))
        return made

    def find(
        self,
        question: str,
        language: Language,
        kinds: Mapping[Kind, float] | None = None,
        mentions: Collection[Mention] | None = None,
        top: int = 10,
        among: Collection[str] | None = None,
        name_weight: float | None = None,
    ) -> list[Hit]:
        """Returns the best records for ``question``, best first; a hit's score is that of its best passage.

        Args:
            question: What was asked, mended.
            language: Its language; passages of the other language count nearly as much.
            kinds: What to add to the score of records of a kind the question is likely about.
            mentions: Names found in the question, if already known.
            top: How many records at most.
            among: Ids of the only records to consider; all when None.
            name_weight: How much a name in the question counts, when not as usual.
        """
        if mentions is None:
            mentions = self.gazetteer.find(question)
        evidence = self._evidence(question, language)
        names = self._name_scores(question, mentions)
        total = evidence["total"] + (self.weights.name if name_weight is None else name_weight) * names
        for kind, bonus in (kinds or {}).items():
            total = total + bonus * (self._kinds == kind.value)
        ids = self._ids
        if among is not None:  # few that were named: the one wording that says it decides
            order = np.where(np.isin(ids, list(among)), total, -np.inf)
        else:
            answers = self._kinds == Kind.FAQ.value
            order = total + (self.weights.support * evidence["support"] + self.weights.answer) * answers
            order = order + self._likeness(question, language)
        if self._shown is not None:
            order = np.where(self._shown, order, -np.inf)
        best = [i for i in np.argsort(-order)[:top] if order[i] > -np.inf]
        return [
            Hit(
                ids[i],
                float(total[i]),
                {key: float(values[i]) for key, values in evidence.items() if key not in ("total", "support")}
                | {"name": float(names[i])},
            )
            for i in best
        ]

    def _evidence(self, question: str, language: Language) -> dict[str, Scores]:
        """Scores of every record: the best passage counts, its kinds of evidence taken together."""
        words = self._word_scores(question)
        e5, use = self._vector_scores(question, language)
        own = (self._language == language).astype(np.float32)
        weights = self.weights
        total = weights.words * words + weights.e5 * e5 + weights.use * use + weights.own_language * own
        size = len(self._ids)
        best = np.full(size, -9.0, dtype=np.float32)
        np.maximum.at(best, self._owner, total)
        winner = np.zeros(size, dtype=np.int64)
        at_best = np.flatnonzero(total >= best[self._owner])
        winner[self._owner[at_best]] = at_best
        support = self._supported(total) - best
        return {"words": words[winner], "e5": e5[winner], "use": use[winner], "total": best, "support": support}

    def _supported(self, total: Scores) -> Scores:
        """The mean of every record's best passages (``SUPPORTING``, or as many as it has)."""
        order = np.lexsort((-total, self._owner))
        owner = self._owner[order]
        place = np.arange(len(owner)) - np.searchsorted(owner, owner)
        kept = place < SUPPORTING
        size = len(self._ids)
        counts = np.maximum(np.bincount(owner[kept], minlength=size), 1)
        sums = np.bincount(owner[kept], weights=total[order][kept], minlength=size)
        return np.asarray(sums / counts, dtype=np.float32)

    def _word_scores(self, question: str) -> Scores:
        """BM25 of every passage, as a share of what a passage made of the question's own words would get.

        A word that no passage has counts as the rarest, so that a question full of unknown words
        scores low whatever it finds.
        """
        tokens = content_words(question)
        known = [token for token in tokens if token in self._bm25.vocab_dict]
        if not known:
            return np.zeros(len(self._tokens), dtype=np.float32)
        size = len(self._tokens)
        rarity = [math.log(1 + (size - (n := self._frequency[token]) + 0.5) / (n + 0.5)) for token in tokens]
        length = 1 - self._bm25.b + self._bm25.b * len(tokens) / self._mean_length
        full = sum(rarity) / (1 + self._bm25.k1 * length)
        scores = np.asarray(self._bm25.get_scores(known), dtype=np.float32)
        return np.minimum(scores / np.float32(full), np.float32(1.0))

    def _vector_scores(self, question: str, language: Language) -> tuple[Scores, Scores]:
        e5, use = self._question(question, language)
        return self._e5 @ e5, self._use @ use

    def _question(self, question: str, language: Language) -> tuple[Scores, Scores]:
        """The vectors of a question, centred like the passages', of unit length."""
        vector = embed([question], "query") - self._centres[language]
        return _unit(vector[:, :E5_SIZE])[0], _unit(vector[:, E5_SIZE:])[0]

    def _likeness(self, question: str, language: Language) -> Scores:
        """How much a question is like all wordings of each record together."""
        asked = np.hstack(self._question(question, language))
        weights = self.weights
        return weights.letters * self._profiles.letters(question) + weights.meaning * self._profiles.meaning(asked)

    def _centred(self, vectors: Vectors) -> tuple[Vectors, Vectors]:
        centred = np.array(vectors)
        for language, centre in self._centres.items():
            centred[self._language == language] -= centre
        return _unit(centred[:, :E5_SIZE]), _unit(centred[:, E5_SIZE:])

    def _name_scores(self, question: str, mentions: Collection[Mention]) -> Scores:
        """How much of the question is the record's own name (0 to 1)."""
        scores = np.zeros(len(self._order), dtype=np.float32)
        length = max(len(question.replace(" ", "")), 1)
        for mention in mentions:
            share = 0.25 + 0.75 * min(1.0, (mention.end - mention.start) / length)
            for record in (mention.value, *mention.rivals):
                if record in self._order:
                    scores[self._order[record]] = max(scores[self._order[record]], share * mention.score)
        return scores


def gazetteer_of(library: Library, extra: Sequence[Name] = (), before: Gazetteer | None = None) -> Gazetteer:
    """Returns the gazetteer of every name in the library, and of ``extra`` ones; made over one ``before`` it is quick.

    See ``Gazetteer`` for what the latter leaves out.
    """
    names = [Name(name, library.records[record].kind.value, record) for name, _, record in library.names]
    return Gazetteer([*names, *extra], before)


def _unit(rows: Vectors) -> Vectors:
    return np.asarray(rows / np.maximum(np.linalg.norm(rows, axis=1, keepdims=True), 1e-9), dtype=np.float32)
