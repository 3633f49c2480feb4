"""Counts what the pack covers: records by kind, their basis and wordings, and the product rules of each agreement."""

from __future__ import annotations

from pathlib import Path

from knowledge.origin.agreement import Agreement, agreements_of
from knowledge.origin.rules import FOLDER, RuleDocument, read_documents, read_rows
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
