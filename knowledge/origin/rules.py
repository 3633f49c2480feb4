"""The product rules of a pack: reads ``origin_rules/*.csv`` and finds the rows that bind one product.

One file an agreement, ``origin_rules/<AGREEMENT>.csv``, with the columns of ``COLUMNS``; the documents they were
taken from are in ``origin_rules/sources.yaml``. Codes are those of the HS edition the agreement is written in.
"""

from __future__ import annotations

import csv
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, replace
from pathlib import Path

import yaml
from pydantic import BaseModel, ConfigDict, ValidationError

from knowledge.origin.agreement import Agreement
from knowledge.origin.editions import CURRENT_EDITION, Editions, goods_then
from knowledge.origin.lookup import Lookup, Mapped, RuleRow
from knowledge.origin.rule import BadRule, CodeRange, parse_rule
from knowledge.record import Basis, Language, Source

COLUMNS = ("from", "to", "rule", "condition_ko", "condition_en", "words", "locator")
FOLDER = "origin_rules"


class RuleFileError(ValueError):
    """A file of product rules can't be read; the message names file, line and fault."""


class Remark(BaseModel):
    """Chapters of an agreement and the note to give with what is found, or not found, there."""

    model_config = ConfigDict(frozen=True, extra="forbid")

    first: int
    last: int
    note: str


class RuleDocument(BaseModel):
    """The document an agreement's product rules were taken from.

    Attributes:
        hs_edition: Year of the HS edition its codes belong to.
        every_subheading: Whether it has a row for every subheading of that edition, so that it tells which there are.
        codes_of_today: Whether it was published with codes of HS 2022, whatever edition the agreement is written in.
        gaps: Chapters whose rules stand in another document, which the pack does not have.
        remarks: Chapters of which more must be said than their rules do.
    """

    model_config = ConfigDict(frozen=True, extra="forbid")

    title: dict[Language, str]
    url: str | None = None
    as_of: str
    basis: Basis
    hs_edition: int
    every_subheading: bool = False
    codes_of_today: bool = False
    gaps: tuple[Remark, ...] = ()
    remarks: tuple[Remark, ...] = ()

    @property
    def source(self) -> Source:
        """Returns the document as the source of a fact, without a place in it."""
        return Source(title=self.title, url=self.url, as_of=self.as_of, basis=self.basis)


@dataclass(frozen=True)
class Coverage:
    """How much of an agreement's list is in the expression language.

    Attributes:
        codes: Different ranges of codes that have a row.
        parsed, unparsed: Rows with an expression, and rows of which only the official words are known.
    """

    codes: int
    parsed: int
    unparsed: int

    @property
    def share(self) -> float:
        """Returns the part of the rows that has an expression, 0 to 1."""
        return self.parsed / max(self.parsed + self.unparsed, 1)


class RuleBook:
    """The product rules of every agreement of a pack. Read-only once made."""

    def __init__(
        self,
        rows: Mapping[str, Sequence[RuleRow]],
        documents: Mapping[str, RuleDocument],
        editions: Editions | None = None,
    ) -> None:
        self._editions = editions or Editions()
        self._chapters = {agreement: _by_chapter(listed) for agreement, listed in rows.items()}
        self._documents = dict(documents)
        self._subheadings = {
            document.hs_edition: {row.from_ for row in rows[agreement]}
            for agreement, document in documents.items()
            if document.every_subheading and agreement in rows
        }

    @classmethod
    def read(cls, folder: Path) -> RuleBook:
        """Reads ``origin_rules/`` of a pack.

        Raises:
            RuleFileError: A file is malformed, a rule is not in the language, or a document is missing.
        """
        documents = read_documents(folder)
        files = sorted((folder / FOLDER).glob("*.csv"))
        missing = {file.stem for file in files} - documents.keys()
        if missing:
            raise RuleFileError(f"{folder / FOLDER}: sources.yaml has no entry for {', '.join(sorted(missing))}")
        return cls({file.stem: read_rows(file) for file in files}, documents, Editions.read(folder))

    def lookup(self, agreement: Agreement, hs6: str) -> Lookup:
        """Finds the candidate rows for a product, most specific first.

        Rows for goods of a described kind come before the narrowest row for all other goods of the code. Where the
        code is younger than the list, the rules of the codes its goods stood under then are taken (``editions.py``);
        where that is not known, the rule of its heading if all rows of the heading have one and the same rule. A
        heading younger than the list has no rows, even if its number meant other goods then.

        Args:
            agreement: The agreement; rules of ``inferred_from`` serve where it has no list of its own.
            hs6: Six-digit code of the product.

        Raises:
            ValueError: ``hs6`` is not six digits.
        """
        if len(hs6) != 6 or not hs6.isdecimal():
            raise ValueError(f"'{hs6}' is not a six-digit code")
        listed = agreement.inferred_from or agreement.id
        document = self._documents.get(listed)
        if document is None or listed not in self._chapters:
            return Lookup(rows=(), edition=agreement.hs_edition)
        notes: tuple[str, ...] = ("inferred",) if agreement.inferred_from else ()
        rows, mapped, seen = self._rows(listed, document, hs6)
        notes += (*seen, *_notes(document.remarks if rows else document.gaps, hs6))
        return Lookup(rows, document.hs_edition, mapped if rows else None, notes, document.source)

    def _rows(
        self, listed: str, document: RuleDocument, hs6: str
    ) -> tuple[tuple[RuleRow, ...], Mapped, tuple[str, ...]]:
        """Returns the candidates, how they were found, and notes on the way of the code through the editions."""
        near = self._chapters[listed].get(hs6[:2], [])
        edition = document.hs_edition
        trace = self._editions.trace(hs6, CURRENT_EDITION if document.codes_of_today else edition)
        if "new_heading" in trace.hows:
            return (), "same_code", ("edition_new_heading",)
        if trace.hows <= {"new_in_heading"}:
            listed_then = document.codes_of_today or self._may_be_in(hs6, edition)
            rows = candidates(near, hs6) if listed_then else ()
            if not rows and (heading := _heading_row(near, hs6[:4])):
                return (heading,), "heading", ()
            return rows, "same_code", ()
        found = {code: _covering(self._chapters[listed].get(code[:2], []), code) for code in trace.was}
        rows, agree = one_of(found, edition)
        if hs6 in trace.was:
            return rows, "same_code", () if agree else ("edition_shifted",)
        return rows, "old_code", ("edition_old_code" if agree else "edition_shifted",)

    def _may_be_in(self, hs6: str, edition: int) -> bool:
        """Tells whether an edition can have a code; the next later edition whose codes are known decides.

        A code of that later edition need not have been in the earlier one, so True is no proof. A code of today that
        is missing from it was given out since: if the earlier edition had one of that number, it was another.
        """
        later = [year for year in self._subheadings if year >= edition]
        return not later or hs6 in self._subheadings[min(later)]


def candidates(rows: Iterable[RuleRow], hs6: str) -> tuple[RuleRow, ...]:
    """Returns the rows that may bind ``hs6``: described goods first, then the narrowest row for all other goods.

    A described row wider than the narrowest general one is passed over, because the narrower entry of a list
    takes its codes out of the wider one. Where only described goods have a row, a row without a rule stands for
    the others, so that nobody takes the described rule for theirs.
    """
    covering = sorted((row for row in rows if _range(row).covers(hs6)), key=_width)
    general = next((row for row in covering if row.condition is None), None)
    described = [row for row in covering if row.condition and (general is None or _width(row) <= _width(general))]
    if not covering:
        return ()
    return (*described, general or RuleRow(hs6, hs6, None, "", None, "", covering[0].locator))


def one_of(found: Mapping[str, Sequence[RuleRow]], edition: int) -> tuple[tuple[RuleRow, ...], bool]:
    """Returns the candidates for goods that stood under one of several codes, and whether all of them say the same.

    Where they do not, every rule is for the goods of the codes that have it, so that the answer is certain only where
    all come to the same. A code without a rule gives one that is not known.
    """
    rules: dict[tuple[str, str, str], list[str]] = {}
    for code, rows in found.items():
        for row in rows or [RuleRow(code, code, None, "", None, "", "")]:
            rules.setdefault((row.expression, row.words, (row.condition or {}).get("en", "")), []).append(code)
    first = {
        key: _first(found[codes[0]], key) or RuleRow(codes[0], codes[0], None, "", None, "", "")
        for key, codes in rules.items()
    }
    if all(row.rule is None and not row.words for row in first.values()):
        return (), False
    alike = all(list(rows) == list(next(iter(found.values()))) for rows in found.values())
    if len(first) == 1 or (alike and sum(row.condition is None for row in first.values()) <= 1):
        return tuple(first.values()), True
    return tuple(
        replace(row, condition=goods_then(rules[key], edition, row.condition)) for key, row in first.items()
    ), False


def _first(rows: Sequence[RuleRow], key: tuple[str, str, str]) -> RuleRow | None:
    return next((row for row in rows if (row.expression, row.words, (row.condition or {}).get("en", "")) == key), None)


def _covering(rows: Sequence[RuleRow], code: str) -> Sequence[RuleRow]:
    """Returns the rows for an old code: its candidates or, for a heading, every row that touches it."""
    if len(code) == 6:
        return candidates(rows, code)
    return [row for row in rows if row.from_[:4] <= code <= row.to[:4].ljust(4, "9")]


def make_row(
    codes: tuple[str, str],
    expression: str,
    locator: str,
    condition: Mapping[Language, str] | None = None,
    words: str = "",
) -> RuleRow:
    """Returns a row with its rule parsed and its expression in normal form.

    Args:
        codes: First and last code, both included, digits only.
        expression: The rule in the expression language, '' where the wording could not be expressed.
        locator: Where in the document the row stands.
        condition: The goods it is for, in both languages; None for all other goods.
        words: The official wording; kept only where there is no expression.

    Raises:
        BadRule: The expression is not in the language or a code is no code.
    """
    first, last = codes
    if (
        not all(code.isdecimal() and len(code) in (2, 4, 6) for code in codes)
        or last[: len(first)] < first[: len(last)]
    ):
        raise BadRule(f"{first}-{last} is no range of codes of 2, 4 or 6 digits")
    rule = parse_rule(expression) if expression else None
    if rule is None and not words:
        raise BadRule(f"{first}-{last} has neither a rule nor official words")
    kind = dict(condition) if condition else None
    return RuleRow(first, last, rule, str(rule) if rule else "", kind, "" if rule else words, locator)


def read_rows(path: Path) -> list[RuleRow]:
    """Reads one agreement's file of product rules.

    Raises:
        RuleFileError: Columns are missing or a line is malformed.
    """
    rows = []
    with path.open(encoding="utf-8", newline="") as file:
        reader = csv.DictReader(file, strict=True)
        if tuple(reader.fieldnames or ()) != COLUMNS:
            raise RuleFileError(f"{path.name}: the columns must be {','.join(COLUMNS)}")
        for line in reader:
            try:
                rows.append(_row(line))
            except (BadRule, TypeError, AttributeError) as error:
                raise RuleFileError(f"{path.name}, line {reader.line_num}: {error}") from error
    return rows


def write_rows(path: Path, rows: Iterable[RuleRow]) -> None:
    """Writes one agreement's file of product rules, sorted by code."""
    with path.open("w", encoding="utf-8", newline="") as file:
        writer = csv.writer(file, lineterminator="\n")
        writer.writerow(COLUMNS)
        for row in sorted(rows, key=lambda row: (row.from_.ljust(6, "0"), _width(row), row.condition is None)):
            condition = row.condition or {"ko": "", "en": ""}
            writer.writerow(
                [row.from_, row.to, row.expression, condition["ko"], condition["en"], row.words, row.locator]
            )


def read_documents(folder: Path) -> dict[str, RuleDocument]:
    """Reads ``origin_rules/sources.yaml`` of a pack: the document of every agreement's list.

    Raises:
        RuleFileError: The file is missing or malformed.
    """
    path = folder / FOLDER / "sources.yaml"
    try:
        raw = yaml.safe_load(path.read_text(encoding="utf-8"))
        return {name: RuleDocument.model_validate(entry) for name, entry in raw.items()}
    except (OSError, yaml.YAMLError, ValidationError, AttributeError) as error:
        raise RuleFileError(f"{path}: {error}") from error


def coverage(folder: Path) -> dict[str, Coverage]:
    """Returns for each agreement with a list how many of its rows have an expression."""
    result = {}
    for path in sorted((folder / FOLDER).glob("*.csv")):
        rows = read_rows(path)
        parsed = sum(row.rule is not None for row in rows)
        result[path.stem] = Coverage(len({(row.from_, row.to) for row in rows}), parsed, len(rows) - parsed)
    return result


def _notes(remarks: Iterable[Remark], hs6: str) -> tuple[str, ...]:
    return tuple(remark.note for remark in remarks if remark.first <= int(hs6[:2]) <= remark.last)


def _row(line: dict[str, str]) -> RuleRow:
    condition: dict[Language, str] = {"ko": line["condition_ko"].strip(), "en": line["condition_en"].strip()}
    if bool(condition["ko"]) != bool(condition["en"]):
        raise BadRule("a condition needs both languages")
    return make_row(
        (line["from"], line["to"]),
        line["rule"].strip(),
        line["locator"].strip(),
        condition if condition["ko"] else None,
        line["words"].strip(),
    )


def _range(row: RuleRow) -> CodeRange:
    return CodeRange(row.from_, row.to)


def _width(row: RuleRow) -> tuple[int, int]:
    """Narrowness of a row: fewer digits are wider, then the longer range is."""
    return -max(len(row.from_), len(row.to)), int(row.to.ljust(6, "9")) - int(row.from_.ljust(6, "0"))


def _by_chapter(rows: Sequence[RuleRow]) -> dict[str, list[RuleRow]]:
    chapters: dict[str, list[RuleRow]] = {}
    for row in rows:
        for chapter in range(int(row.from_[:2]), int(row.to[:2]) + 1):
            chapters.setdefault(f"{chapter:02}", []).append(row)
    return chapters


def _heading_row(rows: list[RuleRow], heading: str) -> RuleRow | None:
    """Returns the one rule of a heading, or None where its rows differ, are for described goods, or have no rule."""
    listed = [row for row in rows if row.from_[:4] <= heading <= row.to[:4]]
    expressions = {row.expression for row in listed}
    if len(expressions) != 1 or any(row.condition or row.rule is None for row in listed):
        return None
    first = listed[0]
    return RuleRow(heading, heading, first.rule, first.expression, None, "", first.locator)
