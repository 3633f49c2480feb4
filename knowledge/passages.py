"""The pieces of a record that can be found, and their vectors, computed once a text and kept in the database."""

from __future__ import annotations

import hashlib
from collections.abc import Iterator, Sequence
from typing import Literal

import numpy as np
from sqlalchemy import select
from sqlalchemy.orm import Session

from knowledge.database.tables import VectorRow
from knowledge.language.vectors import E5_SIZE, USE_SIZE, Vectors, embed_e5, embed_use
from knowledge.library import Passage
from knowledge.record import LANGUAGES, Record
from knowledge.shipped import Shipped, key_of

BUILD_FORMAT = "3"
"""Part of the digests; raise it when passages or vectors are made differently."""

MEANING_LENGTH = {"ko": 90, "en": 160}
"""Characters of a passage that are embedded: heading and first sentence. E5's time grows with the length,
and the rest of an answer is found by its words."""

EMPTY: Shipped = {}
ROLES: tuple[Literal["passage", "query"], ...] = ("passage", "query")
_ASKED_AT_ONCE = 500


def passages_of(record: Record) -> Iterator[Passage]:
    """Yields what can be found of a record: its heading with the plain answer, each question, what is believed."""
    for language in LANGUAGES:
        text = record.text(language)
        heading = " ".join([text.name, *text.aliases[:4]])
        yield Passage(record.id, language, "plain", f"{heading}. {text.plain} {' '.join(text.gives)}".strip())
        believed = [record.premise.ko if language == "ko" else record.premise.en] if record.premise else []
        for question in (*text.questions, *believed):
            yield Passage(record.id, language, "question", question)


def vectors_of(session: Session, passages: Sequence[Passage]) -> Vectors:
    """Returns a vector a passage; those of texts that were never embedded are computed and kept, and committed."""
    digests = [digest(passage) for passage in passages]
    if not digests:
        return np.zeros((0, E5_SIZE + USE_SIZE), dtype=np.float32)
    known: dict[str, bytes] = {}
    for start in range(0, len(digests), _ASKED_AT_ONCE):
        asked = select(VectorRow).where(VectorRow.digest.in_(digests[start : start + _ASKED_AT_ONCE]))
        known |= {row.digest: row.vector for row in session.scalars(asked)}
    missing = [i for i, each in enumerate(digests) if each not in known]
    made = {digests[i]: vector for i, vector in embedded(passages, missing).items()}
    for each, vector in made.items():
        session.merge(VectorRow(digest=each, vector=vector))
    session.commit()
    return stacked([(known | made)[each] for each in digests])


def stacked(vectors: Sequence[bytes]) -> Vectors:
    """Returns vectors as they are kept (float16) as rows of numbers."""
    return np.vstack([np.frombuffer(each, dtype=np.float16) for each in vectors]).astype(np.float32)


def embedded(passages: Sequence[Passage], chosen: Sequence[int], shipped: Shipped = EMPTY) -> dict[int, bytes]:
    """Returns the vectors of the chosen passages by their place, as they are kept; E5's are taken from ``shipped``."""
    known = {i: shipped[key] for i in chosen if (key := key_of(digest(passages[i]))) in shipped}
    for role in ROLES:
        own = [i for i in chosen if i not in known and (passages[i].part == "plain") == (role == "passage")]
        known |= dict(zip(own, embed_e5([meaning(passages[i]) for i in own], role), strict=True))
    use = embed_use([meaning(passages[i]) for i in chosen])
    vectors = np.hstack([np.array([known[i] for i in chosen]), use]).astype(np.float16) if chosen else ()
    return {i: vector.tobytes() for i, vector in zip(chosen, vectors, strict=True)}


def meaning(passage: Passage) -> str:
    """Returns the beginning of a passage, which stands for its meaning, cut at a word's end."""
    text = passage.text
    most = MEANING_LENGTH[passage.language]
    return text if len(text) <= most else text[:most].rsplit(" ", 1)[0]


def digest(passage: Passage) -> str:
    """Returns what a passage's vector is kept under: role and text."""
    return hashlib.sha256(f"{BUILD_FORMAT}|{passage.part == 'plain'}|{meaning(passage)}".encode()).hexdigest()
