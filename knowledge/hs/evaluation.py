"""Measures the finder on names whose code is known: how often it is right, how sure it is, how fast."""

from __future__ import annotations

import csv
import re
import time
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from functools import cached_property
from pathlib import Path
from typing import Any, Literal, get_args

import numpy as np

from knowledge.hs.finder import Finding, HsFinder
from knowledge.hs.table import normalise
from knowledge.record import LANGUAGES, Language

MOST_QUESTIONS = 2
"""How many questions back are answered before the heading is judged."""

BINS = (0.0, 0.2, 0.4, 0.6, 0.8, 0.9, 1.0)
"""Borders of the confidence groups."""

Judged = Literal["heading", "code"]
"""What a chance is told of: the likeliest heading (``confidence``), or the first candidate's code (``score``)."""

TEXT_COLUMNS = ("text", "description")


class RowsError(ValueError):
    """An evaluation file is not a table of names and codes; the message says where."""


@dataclass(frozen=True)
class Row:
    """A name and every code that is right for it; none where it names no goods."""

    text: str
    right: frozenset[str]
    language: Language


@dataclass(frozen=True)
class Outcome:
    """What the finder made of a row."""

    row: Row
    finding: Finding
    answered: Finding
    questions: int
    seconds: float

    def place(self, digits: int) -> int | None:
        """Returns the place (from 0) of the first right code (6 digits) or heading (4), None if there is none."""
        right = {code[:digits] for code in self.row.right}
        codes = [candidate.hs6 for candidate in self.finding.candidates]
        found = codes if digits == 6 else [heading for heading, _ in self.finding.headings]
        return next((i for i, code in enumerate(found) if code in right), None)

    @property
    def heading_right(self) -> bool:
        """Whether the best candidate's heading is right."""
        return self.place(4) == 0

    @property
    def heading_right_after_questions(self) -> bool:
        """Whether it is after the questions were answered."""
        best = self.answered.candidates[:1]
        return bool(best) and best[0].hs6[:4] in {code[:4] for code in self.row.right}


@dataclass(frozen=True)
class Report:
    """What was measured; shares are between 0 and 1."""

    outcomes: tuple[Outcome, ...]

    @cached_property
    def goods(self) -> list[Outcome]:
        """The rows that name goods."""
        return [one for one in self.outcomes if one.row.right]

    def shares(self, language: Language | None = None) -> dict[str, float]:
        """Returns the shares of rows (of one language, or all) for which the finder was right."""
        chosen = [one for one in self.goods if language in (None, one.row.language)]
        if not chosen:
            return {}
        places = {digits: [one.place(digits) for one in chosen] for digits in (4, 6)}
        return {
            "rows": float(len(chosen)),
            **{
                f"top{top}_at_{digits}": _share(place is not None and place < top for place in places[digits])
                for digits in (6, 4)
                for top in (1, 5)
            },
            "heading_after_questions": _share(one.heading_right_after_questions for one in chosen),
            "questions_asked": sum(one.questions for one in chosen) / len(chosen),
            "sure": _share(one.finding.sure for one in chosen),
            "right_when_sure": _share(one.heading_right for one in chosen if one.finding.sure),
        }

    def calibration(self, of: Judged = "heading", language: Language | None = None) -> list[dict[str, float]]:
        """Returns, for each group of chances, how many rows it has and how often the first answer was right.

        Args:
            of: ``heading``: the confidence, against whether the likeliest heading is right. ``code``: the score of the
                first candidate, against whether its code is.
            language: Of the rows; None for all.
        """
        told = self._told(of, language)
        rows = []
        for low, high in zip(BINS, BINS[1:], strict=False):
            inside = [(chance, right) for chance, right in told if low <= chance < high or high == chance == 1]
            if inside:
                rows.append(
                    {
                        "from": low,
                        "to": high,
                        "rows": float(len(inside)),
                        "confidence": sum(chance for chance, _ in inside) / len(inside),
                        "right": _share(right for _, right in inside),
                    }
                )
        return rows

    def calibration_error(self, of: Judged = "heading", language: Language | None = None) -> float:
        """Returns the expected calibration error, 0 to 1: how far chance and share of right answers are apart.

        The mean over the groups of ``BINS`` of their difference, weighed by rows (Naeini, Cooper and Hauskrecht,
        "Obtaining well calibrated probabilities using Bayesian binning", AAAI 2015).
        """
        groups = self.calibration(of, language)
        total = sum(group["rows"] for group in groups)
        if not total:
            return 0.0
        return sum(group["rows"] * abs(group["confidence"] - group["right"]) for group in groups) / total

    def _told(self, of: Judged, language: Language | None) -> list[tuple[float, bool]]:
        """The chance told of every row and whether it came true; a row that names no goods is never right."""
        chosen = [one for one in self.outcomes if language in (None, one.row.language)]
        if of == "heading":
            return [(one.finding.confidence, one.heading_right) for one in chosen]
        scores = [one.finding.candidates[0].score if one.finding.candidates else 0.0 for one in chosen]
        return [(min(max(score, 0.0), 1.0), one.place(6) == 0) for score, one in zip(scores, chosen, strict=True)]

    @property
    def seconds(self) -> dict[str, float]:
        """Median and 95th percentile of the time of a find."""
        times = [one.seconds for one in self.outcomes]
        return {"p50": float(np.percentile(times, 50)), "p95": float(np.percentile(times, 95))} if times else {}

    def as_data(self) -> dict[str, Any]:
        """Returns the report for a file: a summary, calibration, and the rows that were missed."""
        summary = {f"ko_{key}": value for key, value in self.shares("ko").items()}
        summary |= {f"en_{key}": value for key, value in self.shares("en").items()}
        for language in LANGUAGES:
            if self.shares(language):
                errors = {of: self.calibration_error(of, language) for of in get_args(Judged)}
                summary |= {f"{language}_calibration_error_{of}": error for of, error in errors.items()}
        summary |= {f"seconds_{key}": value for key, value in self.seconds.items()}
        empty = [one for one in self.outcomes if not one.row.right]
        if empty:
            summary["no_goods_but_sure"] = _share(one.finding.sure for one in empty)
        return {
            "summary": {key: round(value, 4) for key, value in summary.items()},
            "calibration": self.calibration(),
            "calibration_of_codes": self.calibration("code"),
            "missed": [
                {
                    "text": one.row.text,
                    "right": sorted(one.row.right),
                    "found": [candidate.hs6 for candidate in one.finding.candidates],
                    "confidence": round(one.finding.confidence, 3),
                }
                for one in self.goods
                if one.place(6) is None
            ],
        }


def evaluate(finder: HsFinder, rows: Sequence[Row]) -> Report:
    """Asks the finder for every row, answers its questions from the right code, and reports how it did."""
    return Report(tuple(_outcome(finder, row) for row in rows))


def read_rows(path: Path) -> list[Row]:
    """Reads a tab-separated file with the columns text (or description), hs6, and if it has them, alternatives
    (codes divided by ``|``) and language.

    Raises:
        RowsError: A column is missing, or a code is none.
    """
    with path.open(encoding="utf-8-sig", newline="") as file:
        reader = csv.DictReader(file, delimiter="\t", quoting=csv.QUOTE_NONE)
        fields = reader.fieldnames or ()
        column = next((name for name in TEXT_COLUMNS if name in fields), None)
        if column is None or "hs6" not in fields:
            raise RowsError(f"{path}: needs the columns text (or description) and hs6, divided by tabs")
        return [_row(line, column, f"{path}:{number}") for number, line in enumerate(reader, 2)]


def _row(line: dict[str, str | None], column: str, where: str) -> Row:
    text = (line[column] or "").strip()
    codes = [line["hs6"] or "", *(line.get("alternatives") or "").split("|")]
    try:
        right = frozenset(normalise(code) for code in codes if code.strip())
    except ValueError as error:
        raise RowsError(f"{where}: {error}") from error
    if not text or any(len(code) != 6 for code in right):
        raise RowsError(f"{where}: needs a text and codes of six digits")
    korean = line.get("language") == "ko" or (not line.get("language") and re.search(r"[ㄱ-ㅎ가-힣]", text))
    return Row(text, right, "ko" if korean else "en")


def _outcome(finder: HsFinder, row: Row) -> Outcome:
    started = time.perf_counter()
    finding = finder.find(row.text, row.language)
    seconds = time.perf_counter() - started
    answered, asked = finding, 0
    while answered.question and not answered.sure and asked < MOST_QUESTIONS:
        answered = finder.refine(answered, answered.question.id, _answer(answered, row))
        asked += 1
    return Outcome(row, finding, answered, asked, seconds)


def _answer(finding: Finding, row: Row) -> int:
    """The option that holds a right code; else "none of these", or the last where that is not on offer."""
    assert finding.question
    options = finding.question.options
    fitting = [
        i
        for i, option in enumerate(options)
        if option.codes and any(code.startswith(option.codes) for code in row.right)
    ]
    none = [i for i, option in enumerate(options) if not option.codes]
    return next(iter([*fitting, *none]), len(options) - 1)


def _share(values: Iterable[bool]) -> float:
    listed = list(values)
    return sum(listed) / len(listed) if listed else 0.0
