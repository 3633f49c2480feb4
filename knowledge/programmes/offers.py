"""What can be offered to a firm: a programme or service of the pack, or a live announcement from elsewhere.

An announcement joins the search by being made an ``Offer`` with the same fields and handed to ``find(extra=…)``.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from functools import lru_cache
from pathlib import Path

from knowledge.edited.served import written_over
from knowledge.pack import read_pack
from knowledge.programmes.conditions import Condition, Leaf
from knowledge.programmes.facts import Cost, ProgrammeFacts, Said, Serves, read_facts
from knowledge.record import LANGUAGES, Language, Record, Source


class UnknownProgramme(ValueError):
    """There are no facts for a programme of that id."""


@dataclass(frozen=True)
class Offer:
    """Something a firm can apply for or use. None means: not known here.

    Attributes:
        id: Record's id, or for an announcement an id of its own.
        name: Its name.
        plain: What it is, in one to three sentences.
        gives: What one gets.
        for_whom: For whom, in words.
        serves: Which trouble it helps with.
        who: Condition on the firm.
        suits: For whom it was made, beside what is demanded.
        chosen: Whether firms are assessed and chosen.
        cost: What it costs or covers.
        period: When one can apply.
        documents: Which papers are asked for.
        apply: How to apply.
        ask: Name of the organisation to ask.
        website: Address of the programme, else of the system it runs on, else of who is asked.
        sources: Where this comes from; at least one.
        live: Whether it is an announcement of today rather than a description of the past.
    """

    id: str
    name: Mapping[Language, str]
    plain: Mapping[Language, str]
    serves: Serves
    who: Condition | None
    sources: tuple[Source, ...]
    gives: Mapping[Language, tuple[str, ...]]
    ask: Mapping[Language, str] | None = None
    for_whom: Mapping[Language, str] | None = None
    suits: tuple[Leaf, ...] = ()
    chosen: bool = False
    cost: Cost | None = None
    period: Said | None = None
    documents: tuple[Said, ...] | None = None
    apply: Said | None = None
    website: str | None = None
    live: bool = False


def records_of(pack: Path) -> dict[str, Record]:
    """Returns the pack's records by id as editors have left them, those switched off among them."""
    return _records_of(pack, written_over(pack).versions)


@lru_cache(maxsize=4)
def _records_of(pack: Path, _versions: tuple[int, ...]) -> dict[str, Record]:
    return {**_read(pack), **written_over(pack).published}


@lru_cache(maxsize=4)
def _read(pack: Path) -> dict[str, Record]:
    return {record.id: record for record in read_pack(pack)}


def offers_of(pack: Path) -> dict[str, Offer]:
    """Returns every programme and service that has facts and may be shown, by id.

    Raises:
        PackError: A fact file or a record is malformed.
        KeyError: Facts point to a record that does not exist; `naru knowledge check` names it.
    """
    now = written_over(pack)
    return {name: each for name, each in _offers_of(pack, now.versions).items() if name not in now.off}


@lru_cache(maxsize=4)
def _offers_of(pack: Path, _versions: tuple[int, ...]) -> dict[str, Offer]:
    records = records_of(pack)
    return {facts.id: _offer(facts, records) for facts in read_facts(pack)}


def offer(programme: str, pack: Path) -> Offer:
    """Returns one offer.

    Raises:
        UnknownProgramme: There are no facts for it.
    """
    found = offers_of(pack).get(programme) or offers_of(pack).get(f"programme.{programme}")
    if found is None:
        raise UnknownProgramme(programme)
    return found


def _offer(facts: ProgrammeFacts, records: Mapping[str, Record]) -> Offer:
    record, ask = records[facts.id], records[facts.ask]
    system = records.get(record.system or "")
    texts = {language: record.text(language) for language in LANGUAGES}
    whom = {language: text.for_whom for language, text in texts.items() if text.for_whom}
    return Offer(
        id=facts.id,
        name={language: text.name for language, text in texts.items()},
        plain={language: text.plain for language, text in texts.items()},
        gives={language: text.gives for language, text in texts.items()},
        for_whom=whom or None,
        serves=facts.serves,
        who=facts.who,
        suits=facts.suits,
        chosen=facts.chosen,
        cost=facts.cost,
        period=facts.period,
        documents=facts.documents,
        apply=facts.apply,
        ask={language: ask.text(language).name for language in LANGUAGES},
        website=record.website or (system.website if system else None) or ask.website,
        sources=(
            *facts.sources,
            *((facts.apply.source,) if facts.apply and facts.apply.source not in facts.sources else ()),
        ),
    )
