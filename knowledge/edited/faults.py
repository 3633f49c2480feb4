"""Puts what `knowledge/check.py` finds beside the field it is about, so that the console can say it in any language."""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator

from knowledge.check import Finding, check
from knowledge.edited.typed import Fault
from knowledge.record import Record

_LANGUAGE = re.compile(r"^(?P<language>ko|en): (?P<rest>.*)$", re.DOTALL)

_OF_TEXT: tuple[tuple[str, str], ...] = (
    (r"^(?P<part>\w+) is missing$", "missing"),
    (r"^(?P<part>plain) has (?P<count>\d+) characters, more than (?P<most>\d+)$", "too_long"),
    (r"^(?P<part>\w+)(?: (?P<line>\d+))?: markup is not allowed: ", "markup"),
    (r"^(?P<part>\w+)(?: (?P<line>\d+))?: Korean text holds no Korean: ", "not_korean"),
    (r"^(?P<part>\w+)(?: (?P<line>\d+))?: not 해요체: ….(?P<end>.*).$", "not_polite"),
    (r"^(?P<part>\w+)(?: (?P<line>\d+))?: English text is mostly Korean: ", "not_english"),
)
"""Findings about a text in one language; ``part`` names the field."""

_OF_RECORD: tuple[tuple[str, str, str], ...] = (
    (r"must name in confirm_with the organisation to ask$", "confirm_with", "confirm_with"),
    (r"^as_of (?P<day>\S+) lies in the future$", "source.as_of", "future"),
    (r"^points to (?P<link>\S+), which does not exist$", "related", "no_record"),
    (r"^points to itself$", "related", "itself"),
    (r"^the id is used \d+ times$", "id", "taken"),
)


def faults_of(record_id: str, findings: Iterable[Finding], record: Record | None = None) -> list[Fault]:
    """Returns findings as faults of fields; one about another record, or unknown here, is told as it stands."""
    return [fault for finding in findings for fault in _faults(record_id, finding, record)]


def faults_among(record: Record, others: Iterable[Record]) -> list[Fault]:
    """Returns what is wrong with a record among all others."""
    found = check([*(other for other in others if other.id != record.id), record])
    own = [each for each in found if each.level == "error" and each.record == record.id]
    return faults_of(record.id, own, record)


def warnings_among(record: Record, others: Iterable[Record]) -> list[str]:
    """Returns the ids of other records that carry one of the record's names."""
    own = {name.casefold().strip() for text in (record.ko, record.en) for name in (text.name, *text.aliases)}
    return [
        other.id
        for other in others
        if other.id != record.id
        and own & {name.casefold().strip() for text in (other.ko, other.en) for name in (text.name, *text.aliases)}
    ]


def _faults(record_id: str, finding: Finding, record: Record | None) -> Iterator[Fault]:
    if finding.record != record_id:
        yield Fault("", "other_record", {"record": finding.record, "message": finding.message})
        return
    spoken = _LANGUAGE.match(finding.message)
    if spoken and (fault := _of_text(spoken["language"], spoken["rest"])):
        yield fault
        return
    if number := re.match(r"^(?P<part>\w+): Korean and English differ in number$", finding.message):
        yield from (Fault(f"{language}.{number['part']}", "differ") for language in ("ko", "en"))
        return
    yield _of_record(finding.message, record) or Fault("", "other", {"message": finding.message})


def _of_text(language: str, message: str) -> Fault | None:
    for pattern, key in _OF_TEXT:
        if found := re.search(pattern, message, re.DOTALL):
            values = {name: value for name, value in found.groupdict().items() if value and name != "part"}
            part = "steps" if found["part"] == "step" else found["part"]
            return Fault(f"{language}.{part}", key, values)
    return None


def _of_record(message: str, record: Record | None) -> Fault | None:
    for pattern, place, key in _OF_RECORD:
        if found := re.search(pattern, message):
            link = found.groupdict().get("link")
            if record and link and link == record.confirm_with:
                place = "confirm_with"
            return Fault(place, key, found.groupdict())
    return None
