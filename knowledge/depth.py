"""Checks of the answers in depth: typed numbers that contradict nothing, whole decisions, enough wordings."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path
from typing import Any

from knowledge.contradictions import contradicting, doubled, doubtful, read_told_apart
from knowledge.deciding import decision_faults, read_conditions
from knowledge.numbers import FOLDER as NUMBERS
from knowledge.numbers import allowed_in, loose
from knowledge.pack import PackError, raw_items, read_numbers, read_yaml
from knowledge.record import LANGUAGES, Record

FEWEST_QUESTIONS = {"ko": 5, "en": 3}
"""Wordings an answer in depth has at least, so that it is found by people who do not know the field's words."""

CHECKED = ("plain", "detail", "exceptions", "todo", "mistakes")
"""Parts of a text whose numbers must be typed; an example is made up, and says so."""


def check_depth(records: list[Record], pack: Path) -> Iterator[tuple[str, str]]:
    """Yields (record id, fault) about the answers in depth of a pack.

    Raises:
        PackError: A file of conditions or numbers is malformed.
    """
    try:
        conditions = read_conditions(pack, read_yaml)
    except ValueError as error:  # also pydantic's
        raise PackError(f"conditions: {error}") from error
    allowed = allowed_in(pack, lambda path: path.read_text(encoding="utf-8").splitlines())
    numbers = read_numbers(pack)
    used = {name for record in records for name in record.numbers} | _in_deadlines(pack)
    yield from ((NUMBERS, f"the number '{name}' is named by no text") for name in numbers if name not in used)
    apart = read_told_apart(pack)
    yield from ((one, f"contradicts the number '{other}'") for one, other in contradicting(numbers, apart))
    yield from ((one, f"is the number '{other}' once more") for one, other in doubled(numbers))
    yield from doubtful(records, numbers)
    for record in records:
        if record.decision:
            yield from ((record.id, f"decision: {fault}") for fault in decision_faults(record.decision, conditions))
        if record.part:
            yield from ((record.id, fault) for fault in _few_questions(record))
    for _, _, item in raw_items(pack):
        if isinstance(item, dict) and item.get("part"):
            for place, text in _texts(item):
                for number in loose(text, allowed):
                    yield str(item.get("id")), f"{place}: '{number}' is no typed number (<<…>>): {text[:60]!r}"


def _in_deadlines(pack: Path) -> set[str]:
    """Returns the numbers that the calendar counts with (``deadlines/rules.yaml``)."""
    path = pack / "deadlines" / "rules.yaml"
    return {str(rule["span"]) for rule in read_yaml(path)} if path.exists() else set()


def _few_questions(record: Record) -> Iterator[str]:
    for language in LANGUAGES:
        count = len(record.text(language).questions)
        if count < FEWEST_QUESTIONS[language]:
            yield f"{language}: {count} wordings, at least {FEWEST_QUESTIONS[language]} are needed"


def _texts(item: dict[str, Any]) -> Iterator[tuple[str, str]]:
    """Yields every text of a record as written whose numbers must be typed."""
    for language in LANGUAGES:
        words = item.get(language) or {}
        for name in CHECKED:
            yield from ((f"{language}.{name}", text) for text in _each(words.get(name)))
        for name in ("premise", "decision"):
            part = item.get(name) or {}
            for place in (part, *(part.get("cases") or ())):
                yield from ((f"{name}.{language}", text) for text in _each(place.get(language)))
                todo = (place.get("todo") or {}).get(language)
                yield from ((f"{name}.todo.{language}", text) for text in _each(todo))


def _each(value: Any) -> Iterator[str]:
    if isinstance(value, str):
        yield value
    elif isinstance(value, list):
        yield from (str(each) for each in value)
