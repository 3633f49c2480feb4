"""Questions that tell the likely codes of a product apart: written ones, and which of the groups it belongs to."""

from __future__ import annotations

import math
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from functools import lru_cache
from pathlib import Path

from pydantic import ValidationError

from knowledge.hs.table import HsTable
from knowledge.pack import PackError, read_yaml
from knowledge.record import Language, Strict

MOST_OPTIONS = 6
"""How many groups a question of the finder's own names at most, "none of these" not counted."""

LEAST_SHARE = 0.5
"""How much of the chance a written question's codes must have together to be worth asking."""

CLEAR_SHARE = 0.8
"""How much of the chance the likeliest headings must have for them to be offered; below, the chapter is asked first."""

LEAST_BITS = 0.7
"""How much a question between the subheadings of a heading must tell; one bit parts two equally likely halves."""

WRITTEN_BONUS = 1.15
"""A written question is asked before one of the finder's own that would tell little more."""


class Texts(Strict):
    """One sentence in both languages."""

    ko: str
    en: str

    def text(self, language: Language) -> str:
        """Returns the sentence in ``language``."""
        return self.ko if language == "ko" else self.en


class WrittenOption(Texts):
    """An answer and the codes (prefixes of two to six digits) it leaves."""

    codes: tuple[str, ...]


class Written(Strict):
    """A question of the pack.

    Attributes:
        id: Names it.
        applies: The headings or codes it tells apart.
        question: What is asked.
        options: The answers.
    """

    id: str
    applies: tuple[str, ...]
    question: Texts
    options: tuple[WrittenOption, ...]


class QuestionFile(Strict):
    """``questions.yaml``: the words of the finder's own questions, and the written ones."""

    own_heading: Texts
    own_chapter: Texts
    none_of_these: Texts
    questions: tuple[Written, ...]


@dataclass(frozen=True)
class Option:
    """An answer on offer.

    Attributes:
        text: What the person reads.
        codes: Prefixes of the codes it leaves; empty for "none of these".
    """

    text: str
    codes: tuple[str, ...]


@dataclass(frozen=True)
class Question:
    """A question to the person whose goods they are.

    Attributes:
        id: Names a written question; ``heading`` or ``chapter`` for one of the finder's own.
        text: What is asked.
        options: The answers, in order.
        bits: How much it is expected to tell about the heading or code, in bits.
    """

    id: str
    text: str
    options: tuple[Option, ...]
    bits: float


@lru_cache(maxsize=4)
def load_questions(path: Path) -> QuestionFile:
    """Reads the questions of a pack.

    Raises:
        PackError: The file is malformed.
    """
    try:
        return QuestionFile.model_validate(read_yaml(path))
    except ValidationError as error:
        raise PackError(f"{path}: {error}") from error


def best_question(
    chances: Mapping[str, float], file: QuestionFile, table: HsTable, language: Language, asked: Sequence[str] = ()
) -> Question | None:
    """Returns the question that is expected to tell most, or None if none tells anything.

    Args:
        chances: Chances of the six-digit codes left.
        file: The pack's questions.
        table: For the names of headings and chapters.
        language: Language of the question.
        asked: Ids of written questions asked before.
    """
    written = [_written(one, chances, file, language) for one in file.questions if one.id not in asked]
    headings = sorted(_shares(chances, 4).values(), reverse=True)
    clear = sum(headings[:MOST_OPTIONS]) >= CLEAR_SHARE or len(_shares(chances, 2)) == 1
    own = _own(4 if clear else 2, chances, file, table, language)
    worth = [(one.bits * WRITTEN_BONUS, one) for one in written if one] + ([(own.bits, own)] if own else [])
    return max(worth, key=lambda pair: pair[0])[1] if worth else None


def finer_question(
    chances: Mapping[str, float], file: QuestionFile, language: Language, asked: Sequence[str] = ()
) -> Question | None:
    """Returns the written question that parts the subheadings of one heading best, None if none tells enough.

    Args:
        chances: Chances of the subheadings of the heading, adding up to 1.
        file: The pack's questions.
        language: Language of the question.
        asked: Ids of written questions asked before.
    """
    written = [_written(one, chances, file, language) for one in file.questions if one.id not in asked]
    worth = [one for one in written if one and one.bits >= LEAST_BITS]
    return max(worth, key=lambda one: one.bits) if worth else None


def _written(one: Written, chances: Mapping[str, float], file: QuestionFile, language: Language) -> Question | None:
    shares = [_share(chances, option.codes) for option in one.options]
    total = _share(chances, [code for option in one.options for code in option.codes])
    if total < LEAST_SHARE or sum(share > 0 for share in shares) < 2:
        return None
    options = [Option(option.text(language), option.codes) for option in one.options]
    options.append(Option(file.none_of_these.text(language), ()))
    return Question(one.id, one.question.text(language), tuple(options), _bits([*shares, 1.0 - total]))


def _own(
    size: int, chances: Mapping[str, float], file: QuestionFile, table: HsTable, language: Language
) -> Question | None:
    """Which of the likeliest headings (size 4) or chapters (size 2) is it?"""
    shares = _shares(chances, size)
    likeliest = sorted(shares.items(), key=lambda pair: -pair[1])[:MOST_OPTIONS]
    if len(shares) < 2:
        return None
    options = [Option(found.name(language) if (found := table.get(code)) else code, (code,)) for code, _ in likeliest]
    if len(shares) > len(likeliest):
        options.append(Option(file.none_of_these.text(language), ()))
    bits = _bits([*(share for _, share in likeliest), max(0.0, 1.0 - sum(share for _, share in likeliest))])
    text = file.own_heading if size == 4 else file.own_chapter
    return Question("heading" if size == 4 else "chapter", text.text(language), tuple(options), bits)


def _shares(chances: Mapping[str, float], size: int) -> dict[str, float]:
    """The chances of the headings (size 4) or chapters (size 2)."""
    shares: dict[str, float] = {}
    for code, chance in chances.items():
        shares[code[:size]] = shares.get(code[:size], 0.0) + chance
    return shares


def _share(chances: Mapping[str, float], prefixes: Sequence[str]) -> float:
    return sum(chance for code, chance in chances.items() if code.startswith(tuple(prefixes)))


def _bits(shares: Sequence[float]) -> float:
    """The expected information of an answer, in bits (Shannon)."""
    return -sum(share * math.log2(share) for share in shares if share > 0)
