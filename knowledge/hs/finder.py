"""Finds the tariff code of goods from what people call them, says why, and asks where it is not sure."""

from __future__ import annotations

import math
from collections.abc import Sequence
from dataclasses import dataclass, replace
from pathlib import Path

import numpy as np

from knowledge.hs.entries import Entry, read_remarks
from knowledge.hs.evidence import Evidence, gather
from knowledge.hs.grams import key
from knowledge.hs.index import Floats, Index, current_index
from knowledge.hs.questions import Question, best_question, finer_question, load_questions
from knowledge.hs.table import HsTable, load_table
from knowledge.hs.weights import by_heading, load_weights, sureness_of
from knowledge.record import Language

SURE = 0.9
"""Chance of the best heading from which it is taken as found, and only its subheading may be asked for."""

KNOWN = 0.92
"""Chance of the heading where the whole text is an everyday name and every list that has it gives that heading."""

LISTS = ("everyday", "standard_name", "line")
"""Lists of names of goods. A line of the tariff alone does not make a name known: it is read below its heading,
where "case" means the case of a watch."""

LONGEST_TEXT = 200
"""Letters of a text that are read; a product's name is shorter."""

HEADING_LIFT = 0.3
"""How strongly the chance of a heading lifts its codes in the ranking; 0 not at all, 1 as much as their own."""

INDEX_FILE = "hs-index.npz"
"""Name of the index in the data folder."""


@dataclass(frozen=True)
class Reason:
    """What speaks for a candidate.

    Attributes:
        evidence: ``exact`` (a known name as it stands), ``part`` (a known name in the text), ``spelling`` (a known
            name spelt nearly so), ``words`` (alike in words) or ``meaning`` (alike in meaning only).
        name: The known name.
        origin: The list it is from: everyday, standard_name, line, nomenclature, uk_reference, uk_description.
    """

    evidence: str
    name: str
    origin: str


@dataclass(frozen=True)
class Candidate:
    """A six-digit code the goods may belong to.

    Attributes:
        hs6: The code.
        name_ko: Its Korean name.
        name_en: Its English name.
        score: Its chance among the candidates, 0 to 1.
        why: What speaks for it.
        heading: Names of its heading, Korean and English.
        chapter: Names of its chapter, Korean and English.
        remark: What is to be said of the recognised name under this code, Korean and English; often that
            customs decide such goods differently.
    """

    hs6: str
    name_ko: str
    name_en: str
    score: float
    why: Reason
    heading: tuple[str, str]
    chapter: tuple[str, str]
    remark: tuple[str, str] | None = None


@dataclass(frozen=True)
class Answered:
    """A question asked and what its answer leaves: only codes with these prefixes, or all but them."""

    question: str
    only: tuple[str, ...] = ()
    never: tuple[str, ...] = ()


@dataclass(frozen=True)
class Finding:
    """What was found for a text.

    Attributes:
        text: What was asked.
        language: Its language.
        candidates: The likeliest codes, best first; none if nothing is known that is like it.
        confidence: Chance that the first candidate's heading is right, 0 to 1.
        sure: Whether that is enough to go on with the heading.
        question: What to ask to know the heading or, where that is sure, the subheading; None if nothing would tell.
        headings: Chances of the likeliest headings, best first.
        answers: What has been asked and answered so far.
    """

    text: str
    language: Language
    candidates: tuple[Candidate, ...]
    confidence: float
    sure: bool
    question: Question | None
    headings: tuple[tuple[str, float], ...]
    answers: tuple[Answered, ...] = ()


class UnknownOption(ValueError):
    """An answer was given to a question that was not asked, or one that was not on offer."""


class HsFinder:
    """Leads names of goods to codes. Made once; safe to share between threads.

    Args:
        folder: The pack's ``hs`` folder.
        index_path: The index of its names; see ``build_index``.

    Raises:
        IndexMissing: The index is missing or older than the pack.
        TableError, PackError: A file of the pack is malformed.
    """

    def __init__(self, folder: Path, index_path: Path) -> None:
        self.table: HsTable = load_table(folder)
        self.index: Index = current_index(folder, index_path)
        self._weights = load_weights(folder / "weights.yaml")
        self._remarks = read_remarks(folder)
        self._questions = load_questions(folder / "questions.yaml")

    def find(self, text: str, language: Language, top: int = 5) -> Finding:
        """Returns the likeliest codes of what ``text`` calls the goods.

        Args:
            text: A product's name or a short description; longer text than ``LONGEST_TEXT`` is cut.
            language: Language of the question back.
            top: How many candidates are given.
        """
        return self._find(text, language, top, ())

    def refine(self, finding: Finding, question_id: str, option: int, top: int = 5) -> Finding:
        """Returns what is left after an answer to ``finding.question``.

        Args:
            finding: What was found before.
            question_id: The id of the question that was asked.
            option: The place of the answer among its options, from 0.
            top: How many candidates are given.

        Raises:
            UnknownOption: The finding asked no such question or offered no such answer.
        """
        question = finding.question
        if question is None or question.id != question_id:
            raise UnknownOption(f"no question {question_id!r} was asked")
        if not 0 <= option < len(question.options):
            raise UnknownOption(f"question {question_id!r} has no option {option}")
        chosen = question.options[option].codes
        offered = tuple(code for one in question.options for code in one.codes)
        answer = Answered(question.id, only=chosen, never=() if chosen else offered)
        return self._find(finding.text, finding.language, top, (*finding.answers, answer))

    def _find(self, text: str, language: Language, top: int, answers: tuple[Answered, ...]) -> Finding:
        text = text.strip()[:LONGEST_TEXT]
        nothing = Finding(text, language, (), 0.0, False, None, (), answers)
        if not key(text):
            return nothing
        evidence = self._left(gather(self.index, text), answers)
        if not len(evidence.rows):
            return nothing
        evidence = evidence.shortlist(self._weights.evidence)
        chances = self._weights.chances(evidence)
        headings = by_heading(self.index, evidence, chances)
        confidence = self._weights.confidence(sureness_of(evidence, chances, headings))
        if self._is_known(text, next(iter(headings))):
            confidence = max(confidence, KNOWN)
        if answers and len(headings) == 1:
            confidence = max(confidence, SURE)
        order = _order(self.index, evidence, chances, headings)
        finding = replace(
            nothing,
            candidates=tuple(self._candidate(text, evidence, i, chances[i]) for i in order[:top]),
            confidence=confidence,
            sure=confidence >= SURE,
            headings=tuple(headings.items())[:top],
        )
        codes = {self.index.codes[row]: float(chance) for row, chance in zip(evidence.rows, chances, strict=True)}
        return replace(finding, question=self._question(finding, codes, headings))

    def _question(self, finding: Finding, codes: dict[str, float], headings: dict[str, float]) -> Question | None:
        """What to ask: which heading it is or, where that is sure, which subheading."""
        asked = [answer.question for answer in finding.answers]
        if not finding.sure:
            return best_question(codes, self._questions, self.table, finding.language, asked)
        best, share = next(iter(headings.items()))
        inside = {code: math.sqrt(chance / share) for code, chance in codes.items() if code.startswith(best)}
        total = sum(inside.values())  # the root softens: a name alone seldom tells fibre, size or material
        softened = {code: chance / total for code, chance in inside.items()}
        return finer_question(softened, self._questions, finding.language, asked)

    def _is_known(self, text: str, heading: str) -> bool:
        """Whether the whole text is an everyday name that stands for goods of ``heading`` only."""
        entries = [self.index.entries[place] for place in self.index.by_name.get(key(text), ())]
        listed = [entry for entry in entries if entry.origin in LISTS]
        return any(one.origin == "everyday" for one in listed) and {one.code[:4] for one in listed} == {heading}

    def _left(self, evidence: Evidence, answers: Sequence[Answered]) -> Evidence:
        """The evidence for the codes the answers leave."""
        if not answers:
            return evidence
        kept = [i for i in range(len(evidence.rows)) if _fits(self.index.codes[evidence.rows[i]], answers)]
        return Evidence(evidence.rows[kept], evidence.table[kept], evidence.likeness)

    def _candidate(self, text: str, evidence: Evidence, place: int, chance: float) -> Candidate:
        code = self.index.codes[evidence.rows[place]]
        found, heading, chapter = self.table.get(code), self.table.heading(code), self.table.chapter(code)
        assert found and heading and chapter
        why = self._reason(text, evidence, place, code)
        return Candidate(
            hs6=code,
            name_ko=found.name_ko,
            name_en=found.name_en,
            score=round(float(chance), 4),
            why=why,
            heading=(heading.name_ko, heading.name_en),
            chapter=(chapter.name_ko, chapter.name_en),
            remark=self._remarks.get((code, why.name)),
        )

    def _reason(self, text: str, evidence: Evidence, place: int, code: str) -> Reason:
        entry = self.index.entries[evidence.nearest(self.index, code)]
        return Reason(_kind(text, entry, evidence, place), entry.text, entry.origin)


def _kind(text: str, entry: Entry, evidence: Evidence, place: int) -> str:
    whole, name = key(text), key(entry.text)
    if whole == name:
        return "exact"
    if name in whole:
        return "part"
    if evidence.column("spelling")[place] > 0:
        return "spelling"
    return "words" if evidence.column("most_covered")[place] > 0 else "meaning"


def _fits(code: str, answers: Sequence[Answered]) -> bool:
    return all(
        (not answer.only or code.startswith(answer.only)) and not (answer.never and code.startswith(answer.never))
        for answer in answers
    )


def _order(index: Index, evidence: Evidence, chances: Floats, headings: dict[str, float]) -> list[int]:
    """Candidates by their chance, lifted a little by that of their heading."""
    lift = np.array([headings[index.codes[row][:4]] for row in evidence.rows]) ** HEADING_LIFT
    return [int(i) for i in np.argsort(-(chances * lift), kind="stable")]
