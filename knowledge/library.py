"""The built knowledge in memory: records by id and kind, and the passages that can be found."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass
from functools import cached_property

import numpy as np
from sqlalchemy import select
from sqlalchemy.orm import Session

from knowledge.database.tables import BuildRow, PassageRow, RecordRow
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
    """All records of a pack. Read-only once made; safe to share between threads."""

    def __init__(self, records: Iterable[Record], passages: list[Passage], vectors: Vectors) -> None:
        self.records: dict[str, Record] = {record.id: record for record in records}
        self.passages = passages
        self.vectors = vectors

    @classmethod
    def load(cls, session: Session, pack: str, switched_off: Iterable[str] = ()) -> Library:
        """Reads the library of ``pack`` from the database, without the records switched off.

        Raises:
            NotBuilt: The pack was never built into this database.
        """
        if session.get(BuildRow, pack) is None:
            raise NotBuilt(f"pack '{pack}' is not built; run: naru knowledge build")
        hidden = set(switched_off)
        rows = session.scalars(select(RecordRow).where(RecordRow.pack == pack).order_by(RecordRow.position))
        records = [Record.model_validate(row.data) for row in rows if row.id not in hidden]
        kept = {record.id for record in records}
        found = session.scalars(select(PassageRow).order_by(PassageRow.id))
        pieces = [row for row in found if row.record_id in kept]
        passages = [Passage(row.record_id, row.language, row.part, row.text) for row in pieces]  # type: ignore[arg-type]
        vectors = np.vstack([np.frombuffer(row.vector, dtype=np.float16) for row in pieces]).astype(np.float32)
        return cls(records, passages, vectors)

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
