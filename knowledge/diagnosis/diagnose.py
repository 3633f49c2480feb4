"""Diagnoses what keeps a firm from exporting: which obstacles and why, who shares them, and what to do this week."""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from itertools import zip_longest
from typing import Any, Protocol

from babel.numbers import format_decimal

from knowledge.diagnosis.asking import SKIPPED, UNKNOWN, Facts, checked, document, next_question, questions, value
from knowledge.diagnosis.data import DiagnosisError, language_of, pack_folder, read
from knowledge.diagnosis.hearing import Heard, hear
from knowledge.diagnosis.ranking import SCORING, Ranked, rank, rule
from knowledge.diagnosis.standing import cited, group_of, profile_of
from knowledge.diagnosis.steps import first_steps
from knowledge.programmes.finder import Match, find
from knowledge.programmes.profile import FirmProfile
from knowledge.programmes.reading import source
from knowledge.record import Kind, Language, Record
from knowledge.shelf import Shelf, shelf

USEFUL = (Kind.PROCEDURE, Kind.FAQ, Kind.TERM, Kind.SERVICE, Kind.SYSTEM)
"""Kinds of record named as documents and procedures, in this order."""

LONGEST_WORDS = 2000
"""Characters of what was said that are read."""


class Finder(Protocol):
    """Finds programmes for one need of a firm (knowledge.programmes.finder.find)."""

    def __call__(self, need: str, profile: FirmProfile, *, language: Language, top: int) -> Sequence[Match]:
        """Returns the programmes that help, best first."""
        ...


def diagnose(
    words: str,
    facts: Mapping[str, Any],
    language: str = "ko",
    opened: Shelf | None = None,
    finder: Finder = find,
) -> dict[str, Any]:
    """Returns the diagnosis as plain data.

    Args:
        words: What the person said, however messy; may be empty.
        facts: Answers by question id (``asking.questions``), checked here.
        language: ``ko`` or ``en``, of the words and of the diagnosis.
        opened: The knowledge; that of the settings if not given.
        finder: What finds programmes.

    Raises:
        DiagnosisError: The words, a fact or the language has the wrong form; ``field`` names it.
        NotBuilt: The knowledge is not built.
    """
    spoken, known = language_of(language), checked(_mapping(facts))
    opened = opened or shelf()
    library = opened.library
    heard = hear(_text(words), spoken, opened)
    ranked = tuple(one for one in rank(heard, known, spoken) if one.obstacle in library.records)
    records = [library.records[one.obstacle] for one in ranked]
    asked = next_question(known, {one.obstacle: one.strength for one in heard})
    return {
        "language": spoken,
        "heard": [vars(one) for one in heard],
        "obstacles": [_obstacle(one, library.records, spoken) for one in ranked],
        "steps": [vars(step) for step in first_steps(records, known, spoken)],
        "programmes": list(_programmes(records, known, spoken, finder)),
        "organisations": _linked(records, library.records, (Kind.ORGANISATION,), rule()["organisations"], spoken),
        "records": _linked(records, library.records, USEFUL, rule()["records"], spoken),
        "group": group_of(known.get("export_record"), spoken),
        "facts": known,
        "unknown": _unknown(heard, known, ranked, spoken),
        "next_question": document(asked, spoken) if asked else None,
        "rule": _rule(library.records, spoken),
    }


def shares(obstacle: str, records: Mapping[str, Record], language: Language) -> list[dict[str, Any]]:
    """Returns what share of firms named an obstacle, by every survey row that prints one, the newest first."""
    found = []
    for name in read(pack_folder() / SCORING)["shares"]:
        survey = records.get(name)
        for row in survey.rows if survey else ():
            if survey and row.record == obstacle and row.value is not None:
                percent = format_decimal(row.value, locale=language) + "%"
                row_text = row.ko if language == "ko" else row.en
                sentence = _sentence("share", language, year=row.year, percent=percent)
                found.append(_figure(survey, row.year, language, sentence) | {"percent": row.value, "row": row_text})
    return found


def ranks(obstacle: str, records: Mapping[str, Record], language: Language) -> list[dict[str, Any]]:
    """Returns the obstacle's rank in the last year whose ranking the study prints whole; empty where it has none."""
    chosen = read(pack_folder() / SCORING)["ranks"]
    survey = records.get(chosen["survey"])
    rows = [row for row in survey.rows if (row.record, row.year) == (obstacle, chosen["year"])] if survey else []
    return [
        _figure(survey, row.year, language, _sentence("rank", language, year=row.year, rank=row.rank))
        | {"rank": row.rank}
        for row in rows
        if survey and row.rank is not None
    ]


def _figure(survey: Record, year: int | None, language: Language, sentence: str) -> dict[str, Any]:
    return {
        "year": year,
        "survey": survey.id,
        "survey_name": survey.text(language).name,
        "text": sentence,
        "source": cited(survey.source, language),
    }


def _sentence(name: str, language: Language, **values: object) -> str:
    return str(read(pack_folder() / SCORING)["reasons"][language][name].format(**values))


def _text(words: object) -> str:
    if not isinstance(words, str):
        raise DiagnosisError("words", f"must be a text, not {words!r}")
    return words[:LONGEST_WORDS]


def _mapping(facts: object) -> Mapping[str, Any]:
    if not isinstance(facts, Mapping):
        raise DiagnosisError("facts", f"must be a mapping of question to answer, not {facts!r}")
    return facts


def _obstacle(one: Ranked, records: Mapping[str, Record], language: Language) -> dict[str, Any]:
    record = records[one.obstacle]
    return {
        "id": one.obstacle,
        "name": record.text(language).name,
        "plain": record.text(language).plain,
        "score": one.score,
        "reasons": [vars(reason) for reason in one.reasons],
        "shares": shares(one.obstacle, records, language),
        "ranks": ranks(one.obstacle, records, language),
        "confirm_with": record.confirm_with,
        "sources": [cited(given, language) for given in record.sources],
    }


def _programmes(
    obstacles: Sequence[Record], facts: Facts, language: Language, finder: Finder
) -> Iterator[dict[str, Any]]:
    """Yields programmes, those of the weightiest obstacle first, each with the obstacles it helps against."""
    profile, numbers = profile_of(facts), rule()
    helps: dict[str, list[str]] = {}
    matches: dict[str, Match] = {}
    lists = [finder(record.id, profile, language=language, top=numbers["per_obstacle"]) for record in obstacles]
    for turn in zip_longest(*lists):
        for record, match in zip(obstacles, turn, strict=False):
            if match is not None:
                matches.setdefault(match.id, match)
                helps.setdefault(match.id, []).append(record.id)
    for match in list(matches.values())[: numbers["programmes"]]:
        yield {
            "id": match.id,
            "name": match.name,
            "helps": helps[match.id],
            "verdict": match.verdict.value,
            "verdict_text": match.verdict_text,
            "why": list(match.why),
            "note": match.note,
        }


def _linked(
    obstacles: Sequence[Record], records: Mapping[str, Record], kinds: tuple[Kind, ...], most: int, language: Language
) -> list[dict[str, Any]]:
    """Returns records of some kinds that the obstacles point to or that point to them, by the obstacles' order."""
    lists = [_neighbours(one, records, kinds) for one in obstacles]
    in_turn = dict.fromkeys(name for turn in zip_longest(*lists) for name in turn if name)
    return [{"id": name, "name": records[name].text(language).name} for name in list(in_turn)[:most]]


def _neighbours(obstacle: Record, records: Mapping[str, Record], kinds: tuple[Kind, ...]) -> list[str]:
    pointed = [name for name in (obstacle.confirm_with, *obstacle.related) if name in records]
    back = [record.id for record in records.values() if obstacle.id in record.related]
    fitting = [name for name in dict.fromkeys([*pointed, *back]) if name and records[name].kind in kinds]
    return sorted(fitting, key=lambda name: (name not in pointed, kinds.index(records[name].kind)))


def _unknown(
    heard: Sequence[Heard], facts: Facts, ranked: Sequence[Ranked], language: Language
) -> list[dict[str, Any]]:
    """Returns what could not be told: nothing heard, questions not answered, the most valuable first."""
    said = read(pack_folder() / SCORING)["unknown"][language]
    strengths = {one.obstacle: one.strength for one in heard}
    listed = {one.obstacle for one in ranked}
    missing = [one for one in questions() if facts.get(one.id, UNKNOWN) in (UNKNOWN, SKIPPED)]
    mattering = [one for one in missing if one.free or not listed or listed & set(one.matters_for)]
    mattering.sort(key=lambda one: -value(one, strengths))
    found = [] if heard else [{"what": "words", "text": said["nothing_heard"]}]
    found += [{"what": one.id, "text": said["question"].format(ask=one.ask[language])} for one in mattering]
    return [*found, {"what": "facts", "text": said["few_facts"]}] if mattering else found


def _rule(records: Mapping[str, Record], language: Language) -> dict[str, Any]:
    numbers = rule()
    organisation = records.get(numbers["confirm_with"])
    return {
        "explanation": numbers["explanation"][language],
        "source": cited(source(numbers["source"], pack_folder()), language),
        "confirm_with": numbers["confirm_with"],
        "confirm_with_name": organisation.text(language).name if organisation else None,
    }
