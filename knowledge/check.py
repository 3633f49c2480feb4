"""Finds what is wrong with a pack: broken references, missing translations, wrong language, rude endings."""

from __future__ import annotations

import re
from collections import Counter, defaultdict
from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from datetime import date
from pathlib import Path

from knowledge.depth import check_depth
from knowledge.guides.checking import check_guides
from knowledge.laws.articles import read_articles
from knowledge.laws.citing import citations, unknown_articles
from knowledge.programmes.checking import check_facts
from knowledge.record import LANGUAGES, Basis, Kind, Language, Record, Text
from knowledge.roles import FILE, read_askers

REQUIRED: dict[Kind, tuple[str, ...]] = {
    Kind.TERM: ("simple", "example", "where", "todo"),
    Kind.SYSTEM: ("gives",),
    Kind.PROGRAMME: ("gives", "for_whom", "questions"),
    Kind.PROCEDURE: ("steps", "questions"),
    Kind.OBSTACLE: ("todo", "questions"),
    Kind.FAQ: ("todo", "questions"),
    Kind.COMPARISON: ("example",),
}
"""Parts of a text that a kind cannot do without."""

LONGEST_PLAIN: dict[Language, int] = {"ko": 330, "en": 600}
"""Characters of the plain answer beyond which a tired person stops reading."""

_HANGUL = re.compile(r"[가-힣]")
_POLITE_END = re.compile(r"(요|죠|까)[.!?…]*[\"'”’)」]*$")
_SENTENCE = re.compile(r"(?<=[.!?])\s+")
_MARKUP = re.compile(r"\*\*|__|</?[a-z]+>|\]\(|^#", re.MULTILINE)


@dataclass(frozen=True)
class Finding:
    """Something wrong (``error``) or doubtful (``warning``) about one record."""

    level: str
    record: str
    message: str

    def __str__(self) -> str:
        return f"{self.level}: {self.record}: {self.message}"


def check(records: list[Record], pack: Path | None = None) -> list[Finding]:
    """Returns every finding about ``records``, and about programme facts and guides in ``pack``, errors first."""
    findings: list[Finding] = []
    if pack:
        facts = check_facts({record.id: record for record in records}, pack)
        findings += [Finding("error", name, message) for name, message in facts]
        guides = check_guides({record.id for record in records}, pack, _korean_faults)
        findings += [Finding("error", name, message) for name, message in guides]
        findings += [Finding("error", name, message) for name, message in check_depth(records, pack)]
        roles = {record.id: record.role for record in records}
        findings += [
            Finding("error", each.record, f"{FILE} sends people there, so its role must be {each.role}")
            for each in read_askers(pack)
            if roles.get(each.record) != each.role
        ]
        unknown = unknown_articles(citations(pack), read_articles(pack))
        findings += [Finding("error", each.record, f"cites {each.law} {each.article}, not there") for each in unknown]
    findings += _references(records)
    findings += _ambiguous_names(records)
    for record in records:
        findings += [Finding("error", record.id, m) for m in _record_faults(record)]
    return sorted(findings, key=lambda f: (f.level, f.record))


def _references(records: list[Record]) -> Iterator[Finding]:
    counts = Counter(record.id for record in records)
    for name, count in counts.items():
        if count > 1:
            yield Finding("error", name, f"the id is used {count} times")
    for record in records:
        for link in record.links:
            if link not in counts:
                yield Finding("error", record.id, f"points to {link}, which does not exist")
            if link == record.id:
                yield Finding("error", record.id, "points to itself")


def _ambiguous_names(records: list[Record]) -> Iterator[Finding]:
    owners: dict[str, set[str]] = defaultdict(set)
    for record in records:
        for language in LANGUAGES:
            text = record.text(language)
            for name in {text.name, *text.aliases}:
                owners[name.casefold().strip()].add(record.id)
    for name, ids in owners.items():
        if len(ids) > 1:
            yield Finding("warning", sorted(ids)[0], f"the name '{name}' is shared by {', '.join(sorted(ids))}")


def _record_faults(record: Record) -> Iterator[str]:
    if record.source.basis is Basis.EDITORIAL and not record.confirm_with:
        yield "an editorial record must name in confirm_with the organisation to ask"
    if record.source.as_of[:4].isdigit() and int(record.source.as_of[:4]) > date.today().year:
        yield f"as_of {record.source.as_of} lies in the future"
    if record.kind is Kind.COMPARISON and record.pair is None:
        yield "a comparison needs a pair"
    if record.kind is Kind.FUNCTION and not (record.system and record.side and record.category):
        yield "a function needs system, side and category"
    if record.kind is Kind.SURVEY and not record.rows:
        yield "a survey needs rows"
    for part in ("steps", "todo", "gives", "exceptions", "mistakes"):
        if len(getattr(record.ko, part)) != len(getattr(record.en, part)):
            yield f"{part}: Korean and English differ in number"
    for language in LANGUAGES:
        yield from (f"{language}: {fault}" for fault in _text_faults(record, record.text(language), language))
    for number, case in enumerate(record.decision.cases if record.decision else ()):
        for line in (case.ko, *case.todo.get("ko", ())):
            yield from (f"ko: {fault}" for fault in _korean_faults(f"case {number + 1}", line))
        if _mostly_hangul(case.en):
            yield f"en: case {number + 1}: English text is mostly Korean: {case.en[:40]!r}"


def _text_faults(record: Record, text: Text, language: Language) -> Iterator[str]:
    for part in REQUIRED.get(record.kind, ()):
        if not getattr(text, part):
            yield f"{part} is missing"
    if len(text.plain) > LONGEST_PLAIN[language]:
        yield f"plain has {len(text.plain)} characters, more than {LONGEST_PLAIN[language]}"
    for part, prose in _prose(text):
        if _MARKUP.search(prose):
            yield f"{part}: markup is not allowed: {prose[:40]!r}"
        if language == "ko":
            yield from _korean_faults(part, prose)
        elif _mostly_hangul(prose):
            yield f"{part}: English text is mostly Korean: {prose[:40]!r}"


def _prose(text: Text) -> Iterable[tuple[str, str]]:
    for part in ("plain", "simple", "detail", "example", "where", "for_whom"):
        if prose := getattr(text, part):
            yield part, prose
    for part in ("todo", "exceptions", "mistakes"):
        for number, line in enumerate(getattr(text, part)):
            yield f"{part} {number + 1}", line
    for number, step in enumerate(text.steps):
        yield f"step {number + 1}", step.text


def _korean_faults(part: str, prose: str) -> Iterator[str]:
    if not _HANGUL.search(prose):
        yield f"{part}: Korean text holds no Korean: {prose[:40]!r}"
    for sentence in _SENTENCE.split(prose.strip()):
        if not _POLITE_END.search(sentence.strip()):
            yield f"{part}: not 해요체: …{sentence.strip()[-25:]!r}"


def _mostly_hangul(prose: str) -> bool:
    return len(_HANGUL.findall(prose)) > len(prose) / 3
