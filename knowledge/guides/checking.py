"""Finds what is wrong with the data of guides, checklists, deadlines and payment advice."""

from __future__ import annotations

from collections.abc import Callable, Collection, Iterable, Iterator
from pathlib import Path
from typing import Any

from knowledge.guides import checklist, deadlines, payment
from knowledge.guides.answer import ASKED, choices_of
from knowledge.guides.dates import TOLD
from knowledge.guides.guide import Guide, Step, guides_of, parties
from knowledge.guides.place import GuideError, both_languages, places, source_of
from knowledge.origin.agreement import agreements_of

SENTENCES = frozenset(
    "text mistake about why note condition because question none unconfirmed silent expected cautious next_day "
    "weekend holidays passed known unknown".split()
)
"""Parts that hold whole sentences, by the last name on the way to them; the rest are names and headings."""

Fault = tuple[str, str]
"""Where something is wrong and what."""
Rude = Callable[[str, str], Iterable[str]]
"""Returns what is wrong with a Korean text: the part it stands in, and the text."""


def check_guides(records: Collection[str], pack: Path, rude: Rude) -> list[Fault]:
    """Returns everything wrong with the pack's guides and the data beside them.

    Args:
        records: Ids of the pack's records.
        pack: Folder of the pack; folders that it does not have are not checked.
        rude: What is asked of Korean sentences.
    """
    faults: list[Fault] = []
    for name, look in (
        ("guides", _guides),
        ("checklists", _checklists),
        ("deadlines", _deadlines),
        ("payments", _ways),
    ):
        if (pack / name).is_dir():
            try:
                faults += look(frozenset(records), pack, rude)
            except (GuideError, KeyError, TypeError) as error:
                faults.append((name, f"can't be read: {error}"))
    return faults


def _guides(records: frozenset[str], pack: Path, rude: Rude) -> Iterator[Fault]:
    guides = guides_of(pack).all()
    ids = {guide.id for guide in guides}
    for guide in guides:
        yield from _texts(guide.id, guide, rude)
        yield from _sources(guide.id, guide, pack)
        yield from _missing(guide.id, guide.links, records)
        for step in guide.steps:
            yield from ((guide.id, f"{step.id}: {fault}") for fault in _step(step, guide, ids))


def _step(step: Step, guide: Guide, ids: set[str]) -> Iterator[str]:
    for who in step.who:
        if who not in parties():
            yield f"who: {who} is not in parties.yaml"
    if step.see is not None and (step.see not in ids or step.see == guide.id):
        yield f"see: {step.see} is no other guide"


def _checklists(records: frozenset[str], pack: Path, rude: Rude) -> Iterator[Fault]:
    data = checklist.data_of(pack)
    choices = choices_of(pack)
    facts = set(ASKED) | {fact for c in choices.values() for a in c.answers.values() for fact in a.facts}
    for name, part in (*choices.items(), ("words", data.words)):
        yield from _texts(f"checklists.{name}", part, rude)
    for document in data.documents:
        name = f"checklists.{document.id}"
        yield from _texts(name, document, rude)
        yield from _sources(name, document, pack)
        yield from _missing(name, [document.record] if document.record else [], records)
        for who in set(document.makers) - parties().keys():
            yield name, f"makers: {who} is not in parties.yaml"
        for fact in {fact for rule in document.rules for fact in rule.when} - facts:
            yield name, f"rules: nothing told decides {fact}"
    yield from _missing("checklists.words", data.words["requirements"]["ask"], records)


def _deadlines(records: frozenset[str], pack: Path, rude: Rude) -> Iterator[Fault]:
    data = deadlines.data_of(pack)
    yield from _texts("deadlines.words", data.words, rude)
    for rule in data.rules:
        name = f"deadlines.{rule.id}"
        yield from _texts(name, rule, rude)
        yield from _sources(name, rule, pack)
        for told in {rule.start, *filter(None, [rule.unless])} - set(TOLD):
            yield name, f"{told} is no day that can be told"
    known = {agreement.id for agreement in agreements_of(pack).all()}
    for agreement in set(data.words["counted_after_issue"]["agreements"]) - known:
        yield "deadlines.words", f"counted_after_issue: there is no agreement {agreement}"


def _ways(records: frozenset[str], pack: Path, rude: Rude) -> Iterator[Fault]:
    data = payment.data_of(pack)
    for name, part in (*data.facts.items(), ("words", data.words), ("rules", data.rules)):
        yield from _texts(f"payments.{name}", part, rude)
    for way in data.ways:
        yield from _texts(f"payments.{way.id}", way, rude)
        yield from _missing(f"payments.{way.id}", [way.record, *(c for gap in way.remains for c in gap.cover)], records)
    for gap in data.words["always_remains"]:
        yield from _missing("payments.words", gap["cover"], records)
    for ask in data.words["ask"]:
        yield from _missing("payments.words", ask["records"], records)


def _texts(name: str, part: Any, rude: Rude) -> Iterator[Fault]:
    for at, words in both_languages(part):
        for tongue in {"ko", "en"} - {tongue for tongue, said in words.items() if said.strip()}:
            yield name, f"{at}: {tongue} is missing"
        korean = words.get("ko", "")
        if korean and SENTENCES & {at.rpartition(".")[2], at.split(".")[0]}:
            yield from ((name, fault) for fault in rude(at, korean))


def _sources(name: str, part: Any, pack: Path) -> Iterator[Fault]:
    for place in places(part):
        try:
            source_of(place, pack)
        except GuideError as error:
            yield name, str(error)


def _missing(name: str, ids: Iterable[str], records: frozenset[str]) -> Iterator[Fault]:
    for record in ids:
        if record not in records:
            yield name, f"points to {record}, which does not exist"
