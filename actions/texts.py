"""Reads the fixed sentences of Naru, one set a language, from bot/domain/responses."""

from __future__ import annotations

from functools import lru_cache
from pathlib import Path

import yaml

from knowledge.record import Language

RESPONSES = Path(__file__).resolve().parent.parent / "bot" / "domain" / "responses"


class MissingText(KeyError):
    """A sentence is used that no response file holds."""


class Word:
    """A value put into a Korean sentence, which chooses the particle: ``{name:은는}`` gives 김은, 배는."""

    def __init__(self, value: object) -> None:
        self.value = str(value)

    def __format__(self, spec: str) -> str:
        if len(spec) < 2:
            return self.value
        with_final, without = spec[: (len(spec) + 1) // 2], spec[(len(spec) + 1) // 2 :]
        final = ends_in_consonant(self.value) and not (with_final == "으로" and ends_in_l(self.value))
        return self.value + (with_final if final else without)


def ends_in_consonant(word: str) -> bool:
    """Tells whether a word, read aloud in Korean, ends in a consonant; Latin letters are read by name."""
    last = next((letter for letter in reversed(word) if letter.isalnum()), "")
    if "가" <= last <= "힣":
        return (ord(last) - ord("가")) % 28 != 0
    return last.lower() in "lmnr136780"


def ends_in_l(word: str) -> bool:
    """Tells whether a word ends in the sound ㄹ, after which 로 stands as after a vowel (서울로, 8로)."""
    last = next((letter for letter in reversed(word) if letter.isalnum()), "")
    if "가" <= last <= "힣":
        return (ord(last) - ord("가")) % 28 == 8
    return last.lower() in "lr178"


@lru_cache(maxsize=2)
def _texts(language: Language) -> dict[str, str]:
    found: dict[str, str] = {}
    for path in sorted((RESPONSES / language).glob("*.yml")):
        told = yaml.safe_load(path.read_text(encoding="utf-8"))
        if twice := found.keys() & told.keys():
            raise ValueError(f"{path.name} says again what another file says: {', '.join(sorted(twice))}")
        found |= told
    return found


def text(key: str, language: Language, **values: object) -> str:
    """Returns the sentence ``key`` in ``language`` with ``{values}`` filled in.

    Raises:
        MissingText: There is no such sentence in that language.
    """
    try:
        template = _texts(language)[key]
    except KeyError as error:
        raise MissingText(f"{key} is in no file of {RESPONSES / language}") from error
    return template.format(**{name: Word(value) for name, value in values.items()}) if values else template


def keys(language: Language) -> set[str]:
    """Returns the keys of every sentence there is in ``language``."""
    return set(_texts(language))
