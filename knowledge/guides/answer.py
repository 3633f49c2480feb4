"""What somebody told about a shipment, recognised: the answers, their other names, and what follows from them."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from functools import lru_cache
from pathlib import Path
from typing import Any, Literal, get_args

import pycountry
from babel import Locale
from pydantic import ValidationError

from knowledge.guides.fault import bad
from knowledge.guides.place import GuideError, Words
from knowledge.pack import PackError, read_yaml
from knowledge.record import LANGUAGES, Language, Strict

Asked = Literal["incoterm", "payment", "transport", "product_kind", "destination"]
ASKED: tuple[Asked, ...] = get_args(Asked)


class Answer(Strict):
    """One answer to a question about the shipment.

    Attributes:
        name: What it is called, with the jargon explained.
        aliases: Other words for it.
        facts: What follows from it, such as who pays the freight.
        sea_only: The Incoterms rule is made for sea and inland waterway transport.
    """

    name: Words
    aliases: tuple[str, ...] = ()
    facts: dict[str, str | bool] = {}
    sea_only: bool = False


class Choice(Strict):
    """A question about the shipment and its answers by key; no answers where any country may be told."""

    question: Words
    answers: dict[str, Answer]

    def recognise(self, told: str) -> str | None:
        """Returns the key of the answer meant, or None."""
        wanted = pressed(told)
        for key, answer in self.answers.items():
            names = (key, *answer.aliases, *(answer.name[language] for language in LANGUAGES))
            if wanted in map(pressed, names):
                return key
        return None


@dataclass(frozen=True)
class Told:
    """What is known of a shipment.

    Attributes:
        answers: Key of the answer to each question; None where nothing was told.
        facts: The answers and everything that follows from them, as lower-case text where it is yes or no.
        unknown: For every fact not known the question it waits for.
    """

    answers: Mapping[Asked, str | None]
    facts: Mapping[str, str]
    unknown: Mapping[str, Asked]


def pressed(text: str) -> str:
    """Returns a text for comparing: no spaces, no difference of capitals, underscores or full-width letters."""
    return "".join(text.replace("_", " ").split()).casefold()


@lru_cache(maxsize=4)
def choices_of(folder: Path) -> dict[Asked, Choice]:
    """Returns the questions and answers of a pack (``checklists/choices.yaml``).

    Raises:
        GuideError: The file is malformed.
    """
    path = folder / "checklists" / "choices.yaml"
    try:
        raw = read_yaml(path)
        return {name: Choice.model_validate(raw[name]) for name in ASKED}
    except (PackError, ValidationError, KeyError, OSError) as error:
        raise GuideError(f"{path}: {error}") from error


def read_told(told: Mapping[str, str | None], folder: Path, words: Mapping[str, Any]) -> Told:
    """Returns what was told, recognised; ``words`` holds the names of the fields and the faults.

    Raises:
        BadInput: An answer is not known, or a country is none.
    """
    answers: dict[Asked, str | None] = {}
    for name in ASKED:
        answers[name] = _recognised(name, told.get(name), folder, words)
    facts: dict[str, str] = {name: key for name, key in answers.items() if key}
    unknown: dict[str, Asked] = {}
    for name, choice in choices_of(folder).items():
        key = answers[name]
        if key is None:
            unknown |= dict.fromkeys([name, *_follows(choice)], name)
        elif choice.answers:
            facts |= {fact: _plain(value) for fact, value in choice.answers[key].facts.items()}
    return Told(answers, facts, unknown)


def country_code(told: str, folder: Path) -> str | None:
    """Returns the ISO 3166 code of a country named in Korean, English or by code; ``EU`` for Europe as a whole."""
    wanted = told.strip()
    extra: dict[str, list[str]] = read_yaml(folder / "lookups.yaml").get("countries", {})
    for code, names in extra.items():
        if pressed(wanted) in map(pressed, names):
            return code
    if pycountry.countries.get(alpha_2=wanted.upper()) is not None:
        return wanted.upper()
    return _territories().get(pressed(wanted))


def country_name(code: str, language: Language) -> str:
    """Returns the name of a country in a language."""
    return str(Locale(language).territories.get(code, code))


def _recognised(name: Asked, told: Any, folder: Path, words: Mapping[str, Any]) -> str | None:
    if told is None or (isinstance(told, str) and not told.strip()):
        return None
    faults, named = words["faults"], words["fields"][name]
    if not isinstance(told, str):
        raise bad(name, told, faults["not_text"], named=named)
    if name == "destination":
        code = country_code(told, folder)
        if code is None:
            raise bad(name, told, faults["unknown_country"], named=named)
        return code
    choice = choices_of(folder)[name]
    key = choice.recognise(told)
    if key is None:
        raise bad(name, told, faults["unknown_choice"], named=named, choices=_named(choice))
    return key


def _named(choice: Choice) -> Words:
    return {language: ", ".join(a.name[language] for a in choice.answers.values()) for language in LANGUAGES}


def _follows(choice: Choice) -> set[str]:
    return {fact for answer in choice.answers.values() for fact in answer.facts}


def _plain(value: str | bool) -> str:
    return str(value).lower() if isinstance(value, bool) else value


@lru_cache(maxsize=1)
def _territories() -> dict[str, str]:
    found: dict[str, str] = {}
    for language in LANGUAGES:
        for code, name in Locale(language).territories.items():
            if len(code) == 2 and pycountry.countries.get(alpha_2=code):
                found.setdefault(pressed(name), code)
    return found
