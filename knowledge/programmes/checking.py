"""Finds what is wrong with the facts about programmes: dead references, programmes without facts, missing texts."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from pathlib import Path

from knowledge.pack import PackError
from knowledge.programmes.conditions import known_conditions, leaves
from knowledge.programmes.export_groups import export_groups
from knowledge.programmes.facts import ProgrammeFacts, read_facts
from knowledge.programmes.profile import questions
from knowledge.programmes.reading import FACTS, source, vocabulary
from knowledge.record import LANGUAGES, Kind, Record


def check_facts(records: Mapping[str, Record], pack: Path) -> Iterator[tuple[str, str]]:
    """Yields what is wrong, as pairs of record and message. A pack without the folder has no faults."""
    if not (pack / FACTS).exists():
        return
    try:
        facts = read_facts(pack)
    except PackError as error:
        yield from ((FACTS, line) for line in str(error).splitlines())
        return
    seen: set[str] = set()
    for entry in facts:
        if entry.id in seen:
            yield entry.id, "has facts twice"
        seen.add(entry.id)
        yield from ((entry.id, message) for message in _faults(entry, records))
    for record in records.values():
        if record.kind is Kind.PROGRAMME and record.id not in seen:
            yield record.id, f"has no facts in {FACTS}"
    yield from _vocabulary_faults(records, pack)


def _faults(entry: ProgrammeFacts, records: Mapping[str, Record]) -> Iterator[str]:
    if entry.id not in records:
        yield "facts about a record that does not exist"
    elif records[entry.id].kind not in (Kind.PROGRAMME, Kind.SERVICE):
        yield "facts are about programmes and services only"
    named = {
        Kind.OBSTACLE: entry.serves.obstacles,
        Kind.SUPPORT_CATEGORY: entry.serves.categories,
        Kind.ORGANISATION: (entry.ask,),
    }
    for kind, ids in named.items():
        for name in ids:
            if name not in records or records[name].kind is not kind:
                yield f"points to {name}, which is no {kind.value}"
    if not (entry.serves.obstacles or entry.serves.categories):
        yield "serves nothing"
    said = [each for each in (entry.cost, entry.period, entry.apply, *(entry.documents or ())) if each]
    if any(not each.text(language).strip() for each in said for language in LANGUAGES):
        yield "a text is empty"
    asked = {leaf.test.field for leaf in leaves(entry.who)} if entry.who else set()
    for name in sorted(filter(None, asked - set(questions()))):
        yield f"asks for {name}, for which there is no question"


def _vocabulary_faults(records: Mapping[str, Record], pack: Path) -> Iterator[tuple[str, str]]:
    used = {leaf.id for entry in read_facts(pack) for leaf in (*entry.suits, *(leaves(entry.who) if entry.who else ()))}
    for name in sorted(set(known_conditions(pack)) - used):
        yield FACTS, f"the condition {name} is used nowhere"
    for rule in vocabulary(pack, "needs"):
        if rule["need"] not in records:
            yield FACTS, f"needs.yaml points to {rule['need']}, which does not exist"
    for name, entry in vocabulary(pack, "profile").items():
        texts = [entry, *entry.get("choices", {}).values()]
        if any(not text.get(language) for text in texts for language in LANGUAGES):
            yield FACTS, f"profile.yaml: {name} lacks a language"
    for name, way in vocabulary(pack, "ways").items():
        try:
            source(way.get("source"), pack)
        except PackError as error:
            yield FACTS, f"ways.yaml: {name}: {error}"
    if len(export_groups()) != 5:
        yield FACTS, "export_groups.yaml: the study has five groups"
