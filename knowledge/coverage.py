"""Counts what the pack covers: records by kind, their basis and wordings, and the product rules of each agreement."""

from __future__ import annotations

from pathlib import Path

from knowledge.origin.agreement import Agreement, agreements_of
from knowledge.origin.rules import FOLDER, RuleDocument, read_documents, read_rows
from knowledge.record import Basis, Kind, Part, Record


def coverage(records: list[Record]) -> list[dict[str, object]]:
    """Returns one row a kind and one for the whole: records, basis of their sources, wordings in both languages."""
    rows = [_row(kind.value, [record for record in records if record.kind is kind]) for kind in Kind]
    return [*rows, _row("all", records)]


def depth_coverage(records: list[Record]) -> list[dict[str, object]]:
    """Returns one row a part of the answers in depth and one for all: how many, their share, and what they carry.

    ``share`` is of all answers in depth (0 to 1); ``decisions`` depend on something, ``premises`` check a belief,
    ``numbers`` name typed numbers of the law, ``official`` rest on a statute or treaty.
    """
    deep = [record for record in records if record.part]
    parts = [(part.value, [record for record in deep if record.part is part]) for part in Part]
    return [_depth_row(name, own, len(deep)) for name, own in [*parts, ("all", deep)]]


def _depth_row(name: str, records: list[Record], of: int) -> dict[str, object]:
    return {
        "part": name,
        "records": len(records),
        "share": round(len(records) / max(of, 1), 3),
        "decisions": sum(record.decision is not None for record in records),
        "premises": sum(record.premise is not None for record in records),
        "numbers": sum(bool(record.numbers) for record in records),
        "official": sum(record.source.basis is Basis.OFFICIAL for record in records),
    }


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


def rule_coverage(folder: Path) -> list[dict[str, object]]:
    """Returns one entry an agreement: its product rules, how many could be expressed, and those that could not.

    Each has ``agreement``, ``edition`` (year of the HS the list is written in, None where there is none), ``rows``,
    ``parsed``, ``share`` (0 to 1, None without rows), ``inferred_from`` (agreement whose list serves), ``gaps``
    (chapters whose rules stand in a document the pack does not have), and ``unparsed``: ``codes``, ``condition`` and
    the official ``words`` of every row that could not be expressed.

    Raises:
        RuleFileError: A file of product rules is malformed.
    """
    documents = read_documents(folder)
    return [_rules(agreement, folder, documents.get(agreement.id)) for agreement in agreements_of(folder).all()]


def _rules(agreement: Agreement, folder: Path, document: RuleDocument | None) -> dict[str, object]:
    rows = read_rows(folder / FOLDER / f"{agreement.id}.csv") if document else []
    unparsed = [row for row in rows if row.rule is None]
    return {
        "agreement": agreement.id,
        "edition": document.hs_edition if document else None,
        "rows": len(rows),
        "parsed": len(rows) - len(unparsed),
        "share": round(1 - len(unparsed) / len(rows), 4) if rows else None,
        "inferred_from": agreement.inferred_from,
        "gaps": [f"{gap.first:02}-{gap.last:02}" for gap in document.gaps] if document else [],
        "unparsed": [
            {
                "codes": row.from_ if row.from_ == row.to else f"{row.from_}-{row.to}",
                "condition": row.condition["en"] if row.condition else None,
                "words": row.words,
            }
            for row in unparsed
        ],
    }
