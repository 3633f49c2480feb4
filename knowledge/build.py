"""Builds a pack into the database: checks it, embeds its passages, and replaces what was there."""

from __future__ import annotations

import hashlib
import os
from collections.abc import Callable, Iterator
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path

import numpy as np
from sqlalchemy import delete, select
from sqlalchemy.orm import Session

from knowledge.check import check
from knowledge.database.tables import BuildRow, PassageRow, RecordRow, VectorRow, now
from knowledge.language.vectors import Vectors, embed
from knowledge.library import Passage
from knowledge.numbers import FOLDER as NUMBERS
from knowledge.pack import PackError, read_pack
from knowledge.record import FOLDERS, LANGUAGES, Record

BUILD_FORMAT = "3"
"""Part of the digest; raise it when passages or vectors are made differently."""

_BATCH = 100

MEANING_LENGTH = {"ko": 90, "en": 160}
"""Characters of a passage that are embedded: heading and first sentence. E5's time grows with the length,
and the rest of an answer is found by its words."""

Progress = Callable[[int, int], None]
"""Called with how many passages are embedded and how many there are."""


def pack_digest(folder: Path) -> str:
    """Returns a digest of every file that records and lookups are made from; it changes when any of them does."""
    digest = hashlib.sha256(BUILD_FORMAT.encode())
    places = [folder, *(folder / name for name in (*FOLDERS, NUMBERS))]
    for path in sorted({path for place in places for path in place.glob("*.yaml")}):
        digest.update(str(path.relative_to(folder)).encode())
        digest.update(path.read_bytes())
    return digest.hexdigest()


def is_current(session: Session, folder: Path) -> bool:
    """Tells whether the database holds this pack as it is on disk."""
    row = session.get(BuildRow, folder.name)
    return row is not None and row.digest == pack_digest(folder)


def build(session: Session, folder: Path, progress: Progress = lambda done, total: None) -> int:
    """Replaces the pack in the database with the files of ``folder``; returns the number of records.

    Raises:
        PackError: The files are malformed or the check finds an error; the database is left as it was.
    """
    records = read_pack(folder)
    errors = [finding for finding in check(records) if finding.level == "error"]
    if errors:
        raise PackError("\n".join(map(str, errors)))
    passages = [passage for record in records for passage in passages_of(record)]
    vectors = _vectors(session, passages, progress)
    session.execute(delete(PassageRow))
    session.execute(delete(RecordRow).where(RecordRow.pack == folder.name))
    for position, record in enumerate(records):
        data = record.model_dump(mode="json")
        session.add(RecordRow(id=record.id, kind=record.kind.value, pack=folder.name, position=position, data=data))
    session.flush()
    for passage, vector in zip(passages, vectors, strict=True):
        session.add(
            PassageRow(
                record_id=passage.record,
                language=passage.language,
                part=passage.part,
                text=passage.text,
                vector=vector.astype(np.float16).tobytes(),
            )
        )
    session.merge(BuildRow(pack=folder.name, digest=pack_digest(folder), built_at=now()))
    session.commit()
    return len(records)


def passages_of(record: Record) -> Iterator[Passage]:
    """Yields what can be found of a record: its heading with the plain answer, and each question."""
    for language in LANGUAGES:
        text = record.text(language)
        heading = " ".join([text.name, *text.aliases[:4]])
        yield Passage(record.id, language, "plain", f"{heading}. {text.plain} {' '.join(text.gives)}".strip())
        for question in text.questions:
            yield Passage(record.id, language, "question", question)


def _vectors(session: Session, passages: list[Passage], progress: Progress) -> Vectors:
    """Returns a vector a passage, taking those of unchanged texts from the last build."""
    digests = [_digest(passage) for passage in passages]
    known = {row.digest: row.vector for row in session.scalars(select(VectorRow))}
    missing = [i for i, digest in enumerate(digests) if digest not in known]
    done = 0
    with ThreadPoolExecutor(os.cpu_count()) as pool:  # batch by batch, so that a build cut off goes on where it was
        batches = [missing[start : start + _BATCH] for start in range(0, len(missing), _BATCH)]
        for batch, vectors in zip(batches, pool.map(lambda part: _embedded(passages, part), batches), strict=True):
            known |= {digests[i]: vectors[i] for i in batch}
            for digest in {digests[i] for i in batch}:
                session.merge(VectorRow(digest=digest, vector=known[digest]))
            session.commit()
            done += len(batch)
            progress(done, len(missing))
    stale = set(known) - set(digests)
    for digest in stale:
        session.execute(delete(VectorRow).where(VectorRow.digest == digest))
    return np.vstack([np.frombuffer(known[digest], dtype=np.float16) for digest in digests]).astype(np.float32)


def _embedded(passages: list[Passage], chosen: list[int]) -> dict[int, bytes]:
    """Returns the vectors of the chosen passages by their place."""
    found: dict[int, bytes] = {}
    for role in ("passage", "query"):
        own = [i for i in chosen if (passages[i].part == "plain") == (role == "passage")]
        for i, vector in zip(own, embed([meaning(passages[i]) for i in own], role), strict=True):
            found[i] = vector.astype(np.float16).tobytes()
    return found


def meaning(passage: Passage) -> str:
    """Returns the beginning of a passage, which stands for its meaning, cut at a word's end."""
    text = passage.text
    most = MEANING_LENGTH[passage.language]
    return text if len(text) <= most else text[:most].rsplit(" ", 1)[0]


def _digest(passage: Passage) -> str:
    return hashlib.sha256(f"{BUILD_FORMAT}|{passage.part == 'plain'}|{meaning(passage)}".encode()).hexdigest()
