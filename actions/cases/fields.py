"""What can be asked of a firm: the fields of its profile and of the programmes' forms, with their words."""

from __future__ import annotations

import re
from functools import lru_cache
from pathlib import Path
from typing import Annotated, Any, Literal

from pydantic import Field as Part

from knowledge.pack import read_yaml
from knowledge.record import Language, Strict

FILE = Path(__file__).parent / "fields.yaml"

Value = str | int | bool | list[str] | None
"""What is kept of an answer; None: asked, and not known."""

Reads = Literal[
    "text", "person", "number", "money", "choice", "yes_no", "date",
    "business_number", "phone", "email", "hs", "countries", "website",
]  # fmt: skip


class Words(Strict):
    """What a field is called, how it is asked for, and why, in one language."""

    label: str
    question: str
    why: str | None = None


class Option(Strict):
    """One of the answers to choose from; ``aliases`` are other ways to say it, in any language."""

    key: str
    ko: str
    en: str
    aliases: tuple[str, ...] = ()

    def name(self, language: Language) -> str:
        """Returns how the answer is shown."""
        return self.ko if language == "ko" else self.en


class Field(Strict):
    """One thing that is asked.

    Attributes:
        key: Its name in the package.
        reads: How an answer is read.
        required: Whether an application may go without it.
        least: Smallest number, or fewest characters of a text.
        most: Largest number, or most characters of a text.
        currency: ISO 4217 currency of a sum.
        choices: The answers to choose from.
        unclear: Words that hold the name of a choice and yet choose none (중소기업 holds 소기업).
        place: The choices are places, of which an address may name several.
        words: Words that are numbers.
        partial: A year, or a year and month, is a date too.
        past: The date may not lie in the future.
        none_is_zero: "None" means 0.
        lead_in: People say words around it, which are taken away.
        record: The record of the knowledge that explains it.
    """

    key: Annotated[str, Part(pattern=r"^[a-z][a-z0-9_]*$", max_length=40)]
    reads: Reads
    required: bool = False
    least: int | None = None
    most: int | None = None
    currency: str | None = None
    choices: tuple[Option, ...] = ()
    unclear: tuple[str, ...] = ()
    place: bool = False
    words: dict[str, int] = {}
    partial: bool = False
    past: bool = False
    none_is_zero: bool = False
    lead_in: bool = False
    record: str | None = None
    ko: Words
    en: Words

    def text(self, language: Language) -> Words:
        """Returns its words in a language."""
        return self.ko if language == "ko" else self.en

    def label(self, language: Language) -> str:
        """Returns what it is called."""
        return self.text(language).label


@lru_cache(maxsize=1)
def profile_fields() -> dict[str, Field]:
    """Returns the fields of a firm's profile by key, in the order in which they are asked."""
    return {field.key: field for field in map(Field.model_validate, _file()["fields"])}


@lru_cache(maxsize=4)
def patterns(name: Literal["skip", "lead_in", "tail"]) -> tuple[re.Pattern[str], ...]:
    """Returns the patterns of words that people say around an answer, or instead of one."""
    return tuple(re.compile(pattern, re.IGNORECASE) for pattern in _file()[name])


@lru_cache(maxsize=1)
def _file() -> dict[str, Any]:
    loaded: dict[str, Any] = read_yaml(FILE)
    return loaded
