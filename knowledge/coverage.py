"""Counts what the pack covers: records by kind, their basis, and how many wordings lead to them."""

from __future__ import annotations

from knowledge.record import Basis, Kind, Record


def coverage(records: list[Record]) -> list[dict[str, object]]:
    """Returns one row a kind and one for the whole: records, basis of their sources, wordings in both languages."""
    rows = [_row(kind.value, [record for record in records if record.kind is kind]) for kind in Kind]
    return [*rows, _row("all", records)]


def _row(name: str, records: list[Record]) -> dict[str, object]:
    bases = {basis.value: sum(record.source.basis is basis for record in records) for basis in Basis}
    return {
        "kind": name,
        "records": len(records),
        **bases,
        "questions_ko": sum(len(record.ko.questions) for record in records),
        "questions_en": sum(len(record.en.questions) for record in records),
        "names": sum(1 + len(text.aliases) for record in records for text in (record.ko, record.en)),
    }
