"""Builds a pack into the database: checks it, embeds its passages, and replaces what was there."""

from __future__ import annotations

import hashlib
import os
from collections.abc import Callable, Mapping
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path

import numpy as np
from sqlalchemy import delete, select
from sqlalchemy.orm import Session

from knowledge.check import check
from knowledge.database.tables import BuildRow, PassageRow, RecordRow, VectorRow, now
from knowledge.edited.editions import raise_edition
from knowledge.edited.served import read_written
from knowledge.language.korean import CUT_BY, content_words
from knowledge.language.vectors import E5_SIZE, Vectors
from knowledge.library import Library, Passage
from knowledge.lookups import read_lookups
from knowledge.numbers import FOLDER as NUMBERS
from knowledge.pack import WORDINGS, PackError, read_pack
from knowledge.passages import BUILD_FORMAT, digest, embedded, passages_of, stacked, vectors_of
from knowledge.record import FOLDERS, Record
from knowledge.search import gazetteer_of
from knowledge.shipped import Shipped, read_shipped, write_shipped

_BATCH = 100

Progress = Callable[[int, int], None]
"""Called with how many passages are embedded and how many there are."""


def pack_digest(folder: Path) -> str:
    """Returns a digest of every file that records and lookups are made from, and of what cuts them into words."""
    found = hashlib.sha256(f"{BUILD_FORMAT}|{CUT_BY}".encode())
    places = [folder, *(folder / name for name in (*FOLDERS, NUMBERS, WORDINGS))]
    for path in sorted({path for place in places for path in place.glob("*.yaml")}):
        found.update(str(path.relative_to(folder)).encode())
        found.update(path.read_bytes())
    return found.hexdigest()


def is_current(session: Session, folder: Path) -> bool:
    """Tells whether the database holds this pack as it is on disk."""
    row = session.get(BuildRow, folder.name)
    return row is not None and row.digest == pack_digest(folder)


def build(session: Session, folder: Path, progress: Progress = lambda done, total: None) -> int:
    """Replaces the pack in the database with the files of ``folder``; returns the number of records.

    What editors wrote stays as it is, goes on being served instead of the pack's, and keeps its vectors.

    Raises:
        PackError: The files are malformed or the check finds an error; the database is left as it was.
    """
    records = read_pack(folder)
    errors = [finding for finding in check(records) if finding.level == "error"]
    if errors:
        raise PackError("\n".join(map(str, errors)))
    passages = [passage for record in records for passage in passages_of(record)]
    desk = read_written(session, folder.name).published.values()
    kept = {digest(passage) for record in desk for passage in passages_of(record)}
    vectors = _vectors(session, passages, kept, read_shipped(folder), progress)
    words = _words(records, passages, vectors, folder)
    raise_edition(session)
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
                words="\n".join(words[passage.text]),
            )
        )
    session.merge(BuildRow(pack=folder.name, digest=pack_digest(folder), built_at=now(), cut_by=CUT_BY))
    session.commit()
    return len(records)


def _words(records: list[Record], passages: list[Passage], vectors: Vectors, folder: Path) -> Mapping[str, list[str]]:
    """Cuts every passage into words, once the names are known that stay whole."""
    gazetteer_of(Library(records, passages, vectors), read_lookups(folder))
    return {text: content_words(text) for text in {passage.text for passage in passages}}


def _vectors(
    session: Session, passages: list[Passage], kept: set[str], shipped: Shipped, progress: Progress
) -> Vectors:
    """Returns a vector a passage, taking those of unchanged texts from the last build; ``kept`` ones stay as well."""
    digests = [digest(passage) for passage in passages]
    known = {row.digest: row.vector for row in session.scalars(select(VectorRow))}
    missing = [i for i, each in enumerate(digests) if each not in known]
    done = 0
    with ThreadPoolExecutor(os.cpu_count()) as pool:  # batch by batch, so that a build cut off goes on where it was
        batches = [missing[start : start + _BATCH] for start in range(0, len(missing), _BATCH)]
        made = pool.map(lambda part: embedded(passages, part, shipped), batches)
        for batch, vectors in zip(batches, made, strict=True):
            known |= {digests[i]: vectors[i] for i in batch}
            for each in {digests[i] for i in batch}:
                session.merge(VectorRow(digest=each, vector=known[each]))
            session.commit()
            done += len(batch)
            progress(done, len(missing))
    for each in set(known) - set(digests) - kept:
        session.execute(delete(VectorRow).where(VectorRow.digest == each))
    return stacked([known[each] for each in digests])


def ship(session: Session, folder: Path) -> int:
    """Writes E5's vectors of the pack's passages, as built last, into the pack; returns how many.

    Vectors that came with the pack are written again as they were.
    """
    passages = [passage for record in read_pack(folder) for passage in passages_of(record)]
    digests = [digest(passage) for passage in passages]
    return write_shipped(folder, dict(zip(digests, vectors_of(session, passages)[:, :E5_SIZE], strict=True)))
