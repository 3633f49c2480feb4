"""Lists the documents of a shipment: what, who makes it, why, when, how firmly it is needed, and on whose word."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from functools import lru_cache
from pathlib import Path
from typing import Annotated, Any, Literal

from pydantic import Field, ValidationError

from knowledge.guides.answer import ASKED, Asked, Told, choices_of, country_name, read_told
from knowledge.guides.guide import parties
from knowledge.guides.origin_rows import origin_rows
from knowledge.guides.place import GuideError, Place, Words, source_of, tell_places, tell_source
from knowledge.guides.row import Row
from knowledge.origin.agreement import agreements_of
from knowledge.origin.sources import told_source
from knowledge.pack import PACKS, PackError, read_yaml
from knowledge.record import Language, Strict

KOREA = PACKS / "korea"
Need = Literal["required", "usual", "if_asked"]


class Rule(Strict):
    """When a document is needed: every fact of ``when`` has one of the values listed; always where it is empty."""

    need: Need
    when: dict[str, tuple[str | bool, ...]] = {}
    condition: Words | None = None
    sources: tuple[Place, ...] = ()


class Document(Strict):
    """A document of ``checklists/documents.yaml``; the first of its rules that holds says how firmly it is needed."""

    id: Annotated[str, Field(pattern=r"^[a-z0-9][a-z0-9-]*$")]
    name: Words
    record: str | None
    makers: tuple[str, ...]
    why: Words
    stage: Words
    condition: Words | None = None
    sources: Annotated[tuple[Place, ...], Field(min_length=1)]
    rules: Annotated[tuple[Rule, ...], Field(min_length=1)]


@dataclass(frozen=True)
class Data:
    """The documents and fixed words of a pack's checklists."""

    documents: tuple[Document, ...]
    words: Mapping[str, Any]


def checklist(
    incoterm: str | None,
    payment: str | None,
    transport: str | None,
    product_kind: str | None,
    destination: str | None,
    language: Language,
    folder: Path = KOREA,
) -> dict[str, Any]:
    """Returns the documents of a shipment, ready for JSON.

    Anything not known may be None: rows that depend on it are ``open`` and ``questions`` asks for it. The document
    holds ``facts`` (what was understood), ``rows``, ``questions``, ``warnings`` and ``not_known``.

    Raises:
        BadInput: An answer is not known; its ``message`` names the field and the possible answers.
    """
    data = data_of(folder)
    given = {
        "incoterm": incoterm,
        "payment": payment,
        "transport": transport,
        "product_kind": product_kind,
        "destination": destination,
    }
    told = read_told(given, folder, data.words)
    rows = [
        *(row for row in (_row(d, told, data) for d in data.documents) if row),
        *origin_rows(told, folder, data.words),
    ]
    return {
        "facts": _facts(told, folder, language),
        "rows": [_tell(row, data.words, folder, language) for row in rows],
        "questions": _questions(told, folder, language),
        "warnings": [_warning(name, told, data.words, folder, language) for name in _warned(told, folder)],
        "not_known": [_requirements(told, data.words, language)],
    }


@lru_cache(maxsize=4)
def data_of(folder: Path) -> Data:
    """Returns the data of a pack's checklists, read once.

    Raises:
        GuideError: A file is malformed; the message names the document.
    """
    place = folder / "checklists"
    try:
        documents = tuple(Document.model_validate(item) for item in read_yaml(place / "documents.yaml"))
        return Data(documents, read_yaml(place / "words.yaml"))
    except (PackError, ValidationError, OSError) as error:
        raise GuideError(f"{place}: {error}") from error


def _row(document: Document, told: Told, data: Data) -> Row | None:
    """Returns the row of a document, or None where it is certainly not needed."""
    waits: list[Asked] = []
    for rule in document.rules:
        holds = _holds(rule, told)
        if holds is None:
            waits += [told.unknown[fact] for fact in rule.when if fact in told.unknown]
        elif holds and waits:
            break
        elif holds:
            return _filled(document, rule.need, rule.condition or document.condition, rule.sources)
    if not waits:
        return None
    names = [data.words["fields"][field] for field in dict.fromkeys(waits)]
    condition: Words = {
        "ko": data.words["open"]["ko"].format(fields=", ".join(name["ko"] for name in names)),
        "en": data.words["open"]["en"].format(fields=", ".join(name["en"] for name in names)),
    }
    return _filled(document, "open", condition, ())


def _filled(document: Document, need: str, condition: Words | None, sources: tuple[Place, ...]) -> Row:
    return Row(
        id=document.id,
        name=document.name,
        record=document.record,
        makers=document.makers,
        why=document.why,
        stage=document.stage,
        need=need,
        condition=condition,
        places=sources or document.sources,
    )


def _holds(rule: Rule, told: Told) -> bool | None:
    """Tells whether a rule holds; None where a fact it asks for is not known and nothing else speaks against it."""
    open_fact = False
    for fact, values in rule.when.items():
        if fact in told.facts:
            if told.facts[fact] not in {str(v).lower() if isinstance(v, bool) else v for v in values}:
                return False
        else:
            open_fact = True
    return None if open_fact else True


def _tell(row: Row, words: Mapping[str, Any], folder: Path, language: Language) -> dict[str, Any]:
    agreements = agreements_of(folder)
    sources = tell_places(row.places, folder, language)
    sources += [s for s in (told_source(agreements.source(at), language) for at in row.agreement_places) if s]
    return {
        "id": row.id,
        "document": row.name[language],
        "record": row.record,
        "makers": [parties()[key][language] for key in row.makers],
        "why": row.why[language],
        "when": row.stage[language],
        "need": row.need,
        "need_text": words["need"][row.need][language],
        "condition": row.condition[language] if row.condition else None,
        "sources": sources,
    }


def _facts(told: Told, folder: Path, language: Language) -> dict[str, dict[str, str] | None]:
    found: dict[str, dict[str, str] | None] = {}
    for name in ASKED:
        key = told.answers[name]
        answer = choices_of(folder)[name].answers.get(key or "")
        called = answer.name[language] if answer else country_name(key or "", language)
        found[name] = {"key": key, "name": called} if key else None
    return found


def _questions(told: Told, folder: Path, language: Language) -> list[dict[str, Any]]:
    asked = []
    for name, choice in choices_of(folder).items():
        if told.answers[name] is None:
            options = [{"key": key, "name": answer.name[language]} for key, answer in choice.answers.items()]
            asked.append({"field": name, "text": choice.question[language], "choices": options})
    return asked


def _warned(told: Told, folder: Path) -> Iterator[str]:
    """Yields the warnings that the answers call for together."""
    incoterm = told.answers["incoterm"]
    sea_only = incoterm is not None and choices_of(folder)["incoterm"].answers[incoterm].sea_only
    mode = told.facts.get("mode")
    if sea_only and mode in ("air", "parcel"):
        yield "sea_rule"
    elif sea_only and told.answers["transport"] in ("sea_fcl", "sea_lcl"):
        yield "container"
    if told.facts.get("way") == "lc":
        yield "credit_first"
    if told.facts.get("way") == "collection" and mode in ("air", "parcel"):
        yield "air_collection"
    if incoterm == "DDP":
        yield "ddp"


def _warning(name: str, told: Told, words: Mapping[str, Any], folder: Path, language: Language) -> dict[str, Any]:
    said = words["warnings"][name][language].format(incoterm=told.answers["incoterm"] or "")
    source = source_of(Place.model_validate(words["warning_sources"][name]), folder)
    return {"id": name, "text": said, "source": tell_source(source, language)}


def _requirements(told: Told, words: Mapping[str, Any], language: Language) -> dict[str, Any]:
    """Import requirements abroad are not in the pack: it says so and names whom to ask."""
    said, code = words["requirements"], told.answers["destination"]
    text = said["known"][language].format(country=country_name(code, language)) if code else said["unknown"][language]
    return {"id": "import_requirements", "text": text, "ask": list(said["ask"])}
