"""The built knowledge in memory: records by id and kind, and the passages that can be found."""

from __future__ import annotations

from collections.abc import Collection, Iterable, Mapping
from dataclasses import dataclass
from functools import cached_property

import numpy as np
from sqlalchemy import select
from sqlalchemy.orm import Session

from knowledge.database.tables import BuildRow, PassageRow, RecordRow
from knowledge.language.korean import CUT_BY
from knowledge.language.vectors import Vectors
from knowledge.record import LANGUAGES, Kind, Language, Record


class NotBuilt(RuntimeError):
    """The database holds no knowledge yet: `naru knowledge build` has not run."""


@dataclass(frozen=True)
class Passage:
    """A piece of a record's text; ``part`` is ``plain`` or ``question``."""

    record: str
    language: Language
    part: str
    text: str


class Library:
    """All records of a pack. Read-only once made; safe to share between threads.

    ``words`` are those of the passages' texts that the build has cut already, which takes a start's time otherwise.
    """

    def __init__(
        self,
        records: Iterable[Record],
        passages: list[Passage],
        vectors: Vectors,
        words: Mapping[str, list[str]] | None = None,
    ) -> None:
        self.records: dict[str, Record] = {record.id: record for record in records}
        self.passages = passages
        self.vectors = vectors
        self.words = words or {}

    @classmethod
    def load(cls, session: Session, pack: str) -> Library:
        """Reads the library of ``pack`` from the database, as it was built.

        Raises:
            NotBuilt: The pack was never built into this database.
        """
        build = session.get(BuildRow, pack)
        if build is None:
            raise NotBuilt(f"pack '{pack}' is not built; run: naru knowledge build")
        rows = session.scalars(select(RecordRow).where(RecordRow.pack == pack).order_by(RecordRow.position))
        records = [Record.model_validate(row.data) for row in rows]
        pieces = session.scalars(select(PassageRow).order_by(PassageRow.id)).all()
        passages = [Passage(row.record_id, row.language, row.part, row.text) for row in pieces]  # type: ignore[arg-type]
        vectors = np.vstack([np.frombuffer(row.vector, dtype=np.float16) for row in pieces]).astype(np.float32)
        cut = (row for row in pieces if row.words is not None and build.cut_by == CUT_BY)
        return cls(records, passages, vectors, {row.text: row.words.split("\n") if row.words else [] for row in cut})

    def with_records(self, written: Mapping[str, Record], passages: list[Passage], vectors: Vectors) -> Library:
        """Returns a library with other records in place of those of the same id, and new ones behind them.

        Args:
            written: The other records by their id.
            passages: What can be found of them.
            vectors: A vector for each of these passages.
        """
        kept = [i for i, passage in enumerate(self.passages) if passage.record not in written]
        records = {**self.records, **written}.values()
        pieces = [*(self.passages[i] for i in kept), *passages]
        return Library(records, pieces, np.vstack([self.vectors[kept], vectors]), self.words)

    def without(self, hidden: Collection[str]) -> Library:
        """Returns the library as if it did not have these records; passages stay, since what is found is filtered."""
        kept = (record for record in self.records.values() if record.id not in hidden)
        return Library(kept, self.passages, self.vectors, self.words)

    def of_kind(self, kind: Kind) -> list[Record]:
        """Returns the records of one kind, in the pack's order."""
        return [record for record in self.records.values() if record.kind is kind]

    def get(self, record_id: str) -> Record | None:
        """Returns the record, or None where there is none of that id."""
        return self.records.get(record_id)

    def comparison(self, one: str, other: str) -> Record | None:
        """Returns the comparison written for these two records, whatever their order."""
        return self._pairs.get(frozenset((one, other)))

    @cached_property
    def _pairs(self) -> dict[frozenset[str], Record]:
        return {frozenset(r.pair): r for r in self.records.values() if r.pair}

    @cached_property
    def names(self) -> list[tuple[str, Language, str]]:
        """Every (name, language, record id): headings, aliases and abbreviations."""
        found: dict[tuple[str, str], tuple[str, Language, str]] = {}
        for record in self.records.values():
            if record.kind in NAMELESS:
                continue
            for language in LANGUAGES:
                text = record.text(language)
                for name in _spellings(text.name, text.aliases):
                    found.setdefault((name.casefold(), record.id), (name, language, record.id))
        return list(found.values())


NAMELESS = frozenset({Kind.FAQ, Kind.SURVEY, Kind.COMPARISON, Kind.PROCEDURE, Kind.OBSTACLE, Kind.FACT})
"""Kinds whose headings are sentences, not names that turn up inside a question."""


def _spellings(name: str, aliases: Iterable[str]) -> list[str]:
    """A heading 'FOB (본선인도조건)' is two names; aliases are names as they stand."""
    outside, _, inside = name.partition("(")
    parts = [outside.strip(), inside.rstrip(") ").strip(), *aliases]
    return [part for part in parts if len(part) >= 2]
