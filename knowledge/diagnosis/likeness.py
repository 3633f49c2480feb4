"""Learns from the library what each obstacle sounds like, and how much a sentence sounds like each.

A ridge regression over the vectors of meaning of every passage in the library: the passages of an obstacle are
its examples, all others (terms, programmes, questions …) the counter-examples, so that "what is a letter of
credit" sounds like no trouble. The many answers in depth are left out. On
tests/evaluation/obstacles_dev.yaml it hears more and errs less than the search alone; learning takes about a second.
"""

from __future__ import annotations

from collections.abc import Mapping

import numpy as np
from sklearn.linear_model import Ridge

from knowledge.language.vectors import E5_SIZE, Vectors, embed
from knowledge.library import Library
from knowledge.record import LANGUAGES, Kind, Language

STIFFNESS = 3.0
"""Ridge penalty; between 1 and 10 the development set knows no difference."""

EXAMPLE_WEIGHT = 4.0
"""How much an obstacle's passage counts beside another: there are about 25 others to each."""


class Likeness:
    """How much a sentence sounds like each obstacle. Made once a library; safe to share between threads."""

    def __init__(self, library: Library) -> None:
        known = [number for number, passage in enumerate(library.passages) if not in_depth(library, passage.record)]
        passages = [library.passages[number] for number in known]
        spoken = np.array([passage.language for passage in passages])
        vectors = np.array(library.vectors[known])
        self._centres = {language: vectors[spoken == language].mean(axis=0) for language in LANGUAGES}
        for language, centre in self._centres.items():
            vectors[spoken == language] -= centre
        self.obstacles = [record.id for record in library.of_kind(Kind.OBSTACLE)]
        place = {obstacle: number for number, obstacle in enumerate(self.obstacles)}
        owners = np.array([place.get(passage.record, -1) for passage in passages])
        wanted = (owners[:, np.newaxis] == np.arange(len(self.obstacles))).astype(np.float32)
        weights = np.where(owners >= 0, EXAMPLE_WEIGHT, 1.0)
        self._model = Ridge(alpha=STIFFNESS, solver="cholesky").fit(_unit(vectors), wanted, sample_weight=weights)

    def of(self, sentence: str, language: Language) -> Mapping[str, float]:
        """Returns how much ``sentence`` sounds like each obstacle: about 0 for not at all, 1 for its own wording."""
        vector = embed([sentence], "query") - self._centres[language]
        scores = self._model.predict(_unit(vector))[0]
        return dict(zip(self.obstacles, map(float, scores), strict=True))


def in_depth(library: Library, record: str) -> bool:
    """Tells whether a record is one of the many answers to special questions, which say nothing of troubles."""
    found = library.get(record)
    return found is not None and found.part is not None


def _unit(vectors: Vectors) -> Vectors:
    """Makes both models' halves of every vector one long."""
    halves = (vectors[:, :E5_SIZE], vectors[:, E5_SIZE:])
    return np.hstack([half / np.maximum(np.linalg.norm(half, axis=1, keepdims=True), 1e-9) for half in halves])
