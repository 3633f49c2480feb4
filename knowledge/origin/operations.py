"""Insufficient operations: simple working that makes nothing originating, whatever the product rule says.

Korea-China art. 3.7, Korea-Viet Nam art. 3.7, Korea-UK origin protocol art. 6; Korea-US knows only dilution
(annex 6-A part 1 note 1(g), chapters 1 to 40). All workings are looked at together.
"""

from __future__ import annotations

import re
from collections.abc import Iterable
from dataclasses import dataclass
from functools import lru_cache
from pathlib import Path
from typing import Any

import yaml

from knowledge.origin.agreement import Agreement
from knowledge.origin.materials import Part
from knowledge.origin.model import OriginInput
from knowledge.origin.result import Missing, Saying, Step, Verdict
from knowledge.record import Language

FOLDER = Path(__file__).parent
STEP = "insufficient_operations"
_JOINED = re.compile(r"\s*[,;/&+·]\s*|\s+and\s+|\s+및\s+")
_SIMPLE = re.compile(r"simple_|단순_?")


@dataclass(frozen=True)
class ProcessNames:
    """Names of workings, and what is known of them.

    Attributes:
        spellings: The one name for each way to say it.
        if_not_simple: Names that count only if the working is not simple.
        shown: What to call each.
        asked: The question whether it is done.
        facts: Names of circumstances a rule asks for that are no workings.
    """

    spellings: dict[str, str]
    if_not_simple: frozenset[str]
    shown: dict[str, dict[Language, str]]
    asked: dict[str, dict[Language, str]]
    facts: frozenset[str]

    def known(self, name: str) -> bool:
        """Tells whether a canonical name is one Naru has a word for."""
        return name in self.shown

    def words(self, name: str, language: Language) -> str:
        """Returns what to call a working."""
        return self.shown[name][language] if name in self.shown else name.replace("_", " ")


@lru_cache(maxsize=1)
def process_names() -> ProcessNames:
    """Returns the names of workings from ``process_names.yaml``, ``processes.yaml`` and ``minimal_processes.yaml``."""
    own, ruled = _read("process_names.yaml"), _read("processes.yaml")
    shown: dict[str, dict[Language, str]] = {}
    for named in (own["names"], _read("minimal_processes.yaml"), ruled):
        shown |= {name: {"ko": entry["ko"], "en": entry["en"]} for name, entry in named.items()}
    asked: dict[str, dict[Language, str]] = {
        name: {"ko": entry["ask_ko"], "en": entry["ask_en"]} for name, entry in ruled.items()
    }
    facts = frozenset(name for name, entry in ruled.items() if entry.get("fact"))
    spellings = {_plain(said): name for name, listed in own["spellings"].items() for said in listed}
    spellings |= {_plain(words): name for name, entry in shown.items() for words in entry.values()}
    spellings |= {name: name for name in shown}
    return ProcessNames(spellings, frozenset(own["if_not_simple"]), shown, asked, facts)


def canonical(names: Iterable[str]) -> tuple[str, ...]:
    """Returns workings under the one name Naru knows them by; unknown ones as they are, without case and spaces.

    What joins several workings ("packing and labelling") is taken apart.
    """
    spellings = process_names().spellings
    apart = (part for name in names for part in ([name] if _plain(name) in spellings else _JOINED.split(name)))
    return tuple(spellings.get(_plain(name), _plain(name)) for name in apart if _plain(name))


def workings_in(text: str) -> tuple[str, ...]:
    """Returns the workings named anywhere in a sentence ("세척해서 포장해요"), longer names before shorter ones."""
    names = process_names()
    rest, found = text.lower(), []
    for spelling in sorted(names.spellings, key=len, reverse=True):
        said = spelling.replace("_", " ")
        where = re.search(rf"\b{re.escape(said)}\b" if said.isascii() else re.escape(said), rest)
        if len(said) >= 2 and where and names.spellings[spelling] not in names.facts:
            found.append(names.spellings[spelling])
            rest = rest[: where.start()] + " " * len(said) + rest[where.end() :]
    return tuple(dict.fromkeys(found))


def weigh_operations(told: OriginInput, agreement: Agreement, listed: tuple[Part, ...]) -> Step:
    """Tells whether more than simple working is done; not asked where every material originates."""
    source = agreement.insufficient.source if agreement.insufficient else None
    if listed and not any(part.may_count for part in listed):
        return Step(STEP, Verdict.NOT_APPLICABLE, (Saying("operations.all_originating"),), (), source)
    if agreement.insufficient is None and not agreement.insufficient_processes:
        missing = Missing("insufficient", Saying("insufficient"))
        return Step(STEP, Verdict.NOT_DETERMINED, (Saying("operations.no_list_known"),), (missing,), source)
    if not _binds(agreement, told.hs6):
        return Step(STEP, Verdict.NOT_APPLICABLE, (Saying("operations.other_products"),), (), source)
    named = tuple(name for name in canonical(told.processes) if name not in process_names().facts)
    minimal = tuple(name for name in named if is_minimal(name, agreement))
    beyond = tuple(name for name in named if name not in minimal)
    certain = any(part.counts for part in listed)
    verdict, reason = _judge(told.only_minimal, beyond, minimal, certain)
    if verdict is Verdict.NOT_MET and not minimal and not _general(agreement):
        verdict = Verdict.NOT_DETERMINED
    missing_facts = (Missing("processes", Saying("processes")),) if verdict is Verdict.NOT_DETERMINED else ()
    return Step(STEP, verdict, (Saying(reason, {"processes": beyond or minimal}),), missing_facts, source)


def _judge(
    only_minimal: bool | None, beyond: tuple[str, ...], minimal: tuple[str, ...], certain: bool
) -> tuple[Verdict, str]:
    """Weighs what is said of the working; what contradicts itself decides nothing."""
    if only_minimal is True:
        if beyond:
            return Verdict.NOT_DETERMINED, "operations.contradiction"
        return (Verdict.NOT_MET if certain else Verdict.NOT_DETERMINED), "operations.only_minimal"
    if beyond:
        return Verdict.MET, "operations.met"
    if minimal:
        if only_minimal is False:
            return Verdict.NOT_DETERMINED, "operations.contradiction"
        return (Verdict.NOT_MET if certain else Verdict.NOT_DETERMINED), "operations.only_minimal"
    if only_minimal is False:
        return Verdict.MET, "operations.more_than_minimal"
    return Verdict.NOT_DETERMINED, "operations.nothing_named"


def is_minimal(name: str, agreement: Agreement) -> bool:
    """Tells whether a working is on the agreement's list; where that is a general one, anything "simple" is."""
    return name in agreement.insufficient_processes or bool(_general(agreement) and _SIMPLE.match(name))


def operation_warnings(told: OriginInput, agreement: Agreement) -> tuple[Saying, ...]:
    """Returns warnings on workings Naru does not know, and on those that count only if they are not simple."""
    names = process_names()
    named = tuple(dict.fromkeys(canonical(told.processes)))
    unknown = tuple(name for name in named if not names.known(name) and not is_minimal(name, agreement))
    simple = tuple(name for name in named if name in names.if_not_simple)
    warnings = [Saying("unknown_process", {"processes": unknown})] if unknown else []
    return (*warnings, *([Saying("if_not_simple", {"processes": simple})] if simple else []))


def _general(agreement: Agreement) -> bool:
    """Tells a list of simple working from the ban on dilution, which is all that Korea-US has."""
    return len(agreement.insufficient_processes) > 1


def _binds(agreement: Agreement, hs6: str) -> bool:
    chapters = agreement.insufficient_chapters
    return not chapters or any(first <= int(hs6[:2]) <= last for first, last in chapters)


def _plain(name: str) -> str:
    return re.sub(r"[\s\-_/]+", "_", name.strip().lower()).strip("_")


def _read(file: str) -> dict[str, Any]:
    return dict(yaml.safe_load((FOLDER / file).read_text(encoding="utf-8")))
