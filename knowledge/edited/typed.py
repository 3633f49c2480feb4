"""The form a record is written in: what editors type, the record it makes, and what is wrong with it, field by field.

A field is called as on the page: ``ko.plain``, ``source.url``, ``related``. Lists stand one a line; a step is a line
with its title before a bar.
"""

from __future__ import annotations

import re
from collections.abc import Iterator, Mapping
from dataclasses import dataclass, field
from datetime import date
from typing import Any

from pydantic import ValidationError

from knowledge.record import LANGUAGES, Basis, Kind, Record

WORDS = ("name", "plain", "simple", "detail", "example", "where", "for_whom")
LISTS = ("aliases", "exceptions", "todo", "mistakes", "gives", "steps", "questions")
"""Parts of a text with one entry a line."""

NEW_KINDS = (Kind.FAQ, Kind.TERM, Kind.ORGANISATION, Kind.PROGRAMME, Kind.PROCEDURE, Kind.OBSTACLE, Kind.FACT)
"""Kinds a new record may be of: those that are made of words alone."""

OWN = ""
"""The source key of a document that is not among the pack's sources."""

LONGEST = {"name": 120, "aliases": 80, "questions": 200}
LONGEST_TEXT = 4000
"""Characters of a field, and of each line of a list."""

Typed = Mapping[str, str]

_ID = re.compile(r"^[a-z_]+\.[a-z0-9][a-z0-9_-]*(\.[a-z0-9][a-z0-9_-]*)*$")
_DATE = re.compile(r"^\d{4}(-\d{2}(-\d{2})?)?$")
_SEPARATORS = re.compile(r"[\s,]+")


@dataclass(frozen=True)
class Fault:
    """What is wrong with one field; ``key`` and ``values`` make the sentence (``console_record_fault_…``)."""

    place: str
    key: str
    values: Mapping[str, object] = field(default_factory=dict)


class Faulty(ValueError):
    """What was typed makes no record; ``faults`` says why."""

    def __init__(self, faults: list[Fault]) -> None:
        self.faults = faults
        super().__init__(", ".join(f"{each.place}: {each.key}" for each in faults))


def fields() -> Iterator[str]:
    """Yields the name of every field of the form."""
    yield from (f"{language}.{part}" for language in LANGUAGES for part in (*WORDS, *LISTS))
    yield from ("source.of", "source.locator", "source.title.ko", "source.title.en")
    yield from ("source.url", "source.as_of", "source.basis", "confirm_with", "related", "review_on")


def typed_of(data: Mapping[str, Any], sources: Mapping[str, Any], review_on: str | None = None) -> dict[str, str]:
    """Returns a record, or a draft of one, as it stands in the form."""
    found = dict.fromkeys(fields(), "")
    for language in LANGUAGES:
        text = data.get(language) or {}
        found |= {f"{language}.{part}": text.get(part) or "" for part in WORDS}
        for part in LISTS:
            found[f"{language}.{part}"] = "\n".join(_line(each) for each in text.get(part) or ())
    source = dict(data.get("source") or {})
    source["of"] = source["of"] if "of" in source else _key_of(source, sources)
    title = source.pop("title", None) or {}
    found |= {f"source.title.{language}": title.get(language) or "" for language in LANGUAGES}
    found |= {f"source.{name}": str(source.get(name) or "") for name in ("of", "locator", "url", "as_of", "basis")}
    found["confirm_with"] = data.get("confirm_with") or ""
    found["related"] = "\n".join(data.get("related") or ())
    found["review_on"] = review_on or ""
    return found


def data_of(record_id: str, kind: Kind, typed: Typed) -> dict[str, Any]:
    """Returns what was typed in the form of a pack's file, however faulty."""
    get = _reading(typed)
    data: dict[str, Any] = {"id": record_id, "kind": kind.value}
    for language in LANGUAGES:
        words: dict[str, Any] = {part: get(f"{language}.{part}") or None for part in WORDS}
        words |= {"name": words["name"] or "", "plain": words["plain"] or ""}
        lists: dict[str, Any] = {part: _lines(get(f"{language}.{part}")) for part in LISTS}
        lists["steps"] = [_step(line) for line in lists["steps"]]
        data[language] = words | lists
    data["source"] = {
        "of": get("source.of"),
        "locator": get("source.locator") or None,
        "title": {language: get(f"source.title.{language}") for language in LANGUAGES},
        "url": get("source.url") or None,
        "as_of": get("source.as_of"),
        "basis": get("source.basis"),
    }
    data["confirm_with"] = get("confirm_with") or None
    data["related"] = [each for each in _SEPARATORS.split(get("related")) if each]
    return data


def record_of(data: Mapping[str, Any], sources: Mapping[str, Any], base: Record | None = None) -> Record:
    """Returns the record that was typed; what the form has no field for is taken from ``base``.

    Raises:
        Faulty: It is none yet.
    """
    faults = list(_form_faults(data, sources))
    if faults:
        raise Faulty(faults)
    kept: dict[str, Any] = base.model_dump(mode="json") if base else {}
    source = dict(data["source"])
    document = sources.get(source.pop("of"))
    if document:
        source = {**document, "as_of": str(document["as_of"]), "locator": source["locator"]}
    written = {key: data[key] for key in ("id", "kind", "ko", "en", "confirm_with", "related")}
    try:
        return Record.model_validate(kept | written | {"source": source})
    except ValidationError as error:
        told = [".".join(map(str, each["loc"])) for each in error.errors()]
        raise Faulty([Fault(name, "wrong") for name in told]) from error


def review_fault(typed: str, today: date) -> Fault | None:
    """Returns what is wrong with a day of review: it must be one, and lie ahead."""
    try:
        return None if date.fromisoformat(typed) > today else Fault("review_on", "review_past")
    except ValueError:
        return Fault("review_on", "no_date")


def new_id(kind: Kind, english_name: str, taken: Mapping[str, Any]) -> str:
    """Returns a free id for a record written at the desk, from its English name."""
    words = re.sub(r"[^a-z0-9]+", "-", english_name.lower()).strip("-")[:48].strip("-")
    stem = f"{kind.value}.desk-{words or 'record'}"
    number, found = 1, stem
    while found in taken:
        number, found = number + 1, f"{stem}-{number + 1}"
    return found


def is_id(name: str, kind: Kind) -> bool:
    """Tells whether a name can be the id of a record of that kind."""
    return len(name) <= 120 and bool(_ID.match(name)) and name.startswith(f"{kind.value}.")


def _form_faults(data: Mapping[str, Any], sources: Mapping[str, Any]) -> Iterator[Fault]:
    for language in LANGUAGES:
        for part in ("name", "plain"):
            if not data[language][part]:
                yield Fault(f"{language}.{part}", "missing")
        yield from _too_long(language, data[language])
    for part in ("simple", "detail", "example", "where", "for_whom"):
        yield from _in_one_language(data, part)
    yield from _source_faults(data["source"], sources)


def _in_one_language(data: Mapping[str, Any], part: str) -> Iterator[Fault]:
    """A part must be there in both languages or in none, so that both readers are told the same."""
    there = [language for language in LANGUAGES if data[language][part]]
    if len(there) == 1:
        missing = next(language for language in LANGUAGES if language not in there)
        yield Fault(f"{missing}.{part}", "other_language")


def _too_long(language: str, text: Mapping[str, Any]) -> Iterator[Fault]:
    for part in WORDS:
        most = LONGEST.get(part, LONGEST_TEXT)
        if len(text[part] or "") > most:
            yield Fault(f"{language}.{part}", "too_long", {"count": len(text[part]), "most": most})
    for part in LISTS:
        most = LONGEST.get(part, LONGEST_TEXT)
        longest = max((len(_line(each)) for each in text[part]), default=0)
        if longest > most:
            yield Fault(f"{language}.{part}", "too_long", {"count": longest, "most": most})
    if any(not (step["title"] and step["text"]) for step in text["steps"]):
        yield Fault(f"{language}.steps", "no_step")


def _source_faults(source: Mapping[str, Any], sources: Mapping[str, Any]) -> Iterator[Fault]:
    if source["of"] != OWN:
        if source["of"] not in sources:
            yield Fault("source.of", "unknown_source")
        if not source["locator"]:
            yield Fault("source.locator", "missing")
        return
    for language in LANGUAGES:
        if not source["title"][language]:
            yield Fault(f"source.title.{language}", "missing")
    if source["basis"] not in {basis.value for basis in Basis}:
        yield Fault("source.basis", "missing")
    if not _is_day(source["as_of"]):
        yield Fault("source.as_of", "no_date")
    if source["url"] and not _is_address(source["url"]):
        yield Fault("source.url", "no_address")


def _is_day(written: str) -> bool:
    """Tells whether something is a year, a month or a day as ISO 8601 writes it."""
    if not _DATE.match(written):
        return False
    try:
        date.fromisoformat((written + "-01-01")[:10])
    except ValueError:
        return False
    return True


def _is_address(written: str) -> bool:
    return bool(re.fullmatch(r"https://[^\s/?#<>\"'@]+\.[^\s<>\"']+", written)) and len(written) <= 500


def _key_of(source: Mapping[str, Any], sources: Mapping[str, Any]) -> str:
    """Returns the key of the pack's document a whole source was made from; none if it is not just that document."""
    parts = ("title", "url", "basis")
    same = (key for key, each in sources.items() if all(each.get(name) == source.get(name) for name in parts))
    return next((key for key in same if str(sources[key]["as_of"]) == source.get("as_of")), OWN)


def _reading(typed: Typed) -> Any:
    return lambda name: (typed.get(name) or "").replace("\r\n", "\n").strip()


def _lines(text: str) -> list[str]:
    return [line.strip() for line in text.split("\n") if line.strip()]


def _step(line: str) -> dict[str, str]:
    title, _, text = line.partition("|")
    return {"title": title.strip(), "text": text.strip()}


def _line(entry: Any) -> str:
    return f"{entry['title']} | {entry['text']}" if isinstance(entry, Mapping) else str(entry)
