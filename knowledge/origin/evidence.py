"""The papers to keep for a product's origin: what the law lists, and what proves the rule that was used.

They live in ``packs/<pack>/forms/evidence.yaml``; the duty to keep them is in Article 15 of the FTA Customs Act.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from functools import lru_cache
from pathlib import Path
from typing import Any, Literal

from pydantic import BaseModel, ConfigDict, TypeAdapter, ValidationError

from knowledge.origin.agreement import Locator, agreements_of
from knowledge.origin.rule import (
    BadRule,
    Change,
    MaxShare,
    Process,
    Rule,
    ValueContent,
    WhollyObtained,
    WhollyObtainedMaterials,
    parse_rule,
    parts_of,
)
from knowledge.pack import PackError, read_yaml
from knowledge.record import Language, Source

FORMS = "forms"
"""Folder of a pack with forms and the evidence list."""

Who = Literal["exporter", "producer", "case"]
When = Literal[
    "always", "self", "change", "value", "process", "wholly_obtained", "originating_materials", "direct", "transit"
]

_KINDS: tuple[tuple[type, When], ...] = (
    (Change, "change"),
    (ValueContent, "value"),
    (MaxShare, "value"),
    (Process, "process"),
    (WhollyObtained, "wholly_obtained"),
    (WhollyObtainedMaterials, "wholly_obtained"),
)


@dataclass(frozen=True)
class Evidence:
    """One paper to keep.

    Attributes:
        id: Its name in the pack.
        who: Who keeps it by law; ``case`` where the rule or the transport of this product asks for it.
        text: What it is, in both languages.
        quote: The law's own wording in Korean, where it is the law's.
        source: Where that is written; its basis tells law from general knowledge.
    """

    id: str
    who: Who
    text: Mapping[Language, str]
    quote: str | None
    source: Source


@dataclass(frozen=True)
class Retention:
    """How long the papers are kept in Korea, in the decree's own words."""

    quote: str
    source: Source


class _Item(BaseModel):
    model_config = ConfigDict(frozen=True, extra="forbid")

    id: str
    who: Who
    when: tuple[When, ...]
    text: dict[Language, str]
    quote: str | None = None
    source: Locator


class _Retention(BaseModel):
    model_config = ConfigDict(frozen=True, extra="forbid")

    quote: str
    source: Locator


class _List(BaseModel):
    model_config = ConfigDict(frozen=True, extra="forbid")

    retention: _Retention
    items: tuple[_Item, ...]


def evidence(result: Mapping[str, Any], data: Mapping[str, Any], folder: Path) -> list[Evidence]:
    """Returns the papers to keep for a simulated product, the law's first.

    Args:
        result: What ``simulate`` returned.
        data: The input it was given.
        folder: The pack.

    Raises:
        PackError: The pack's list is missing or malformed.
    """
    asked = _circumstances(result, data)
    agreements = agreements_of(folder)
    return [
        Evidence(item.id, item.who, item.text, item.quote, agreements.source(item.source))
        for item in _list(folder).items
        if asked & set(item.when)
    ]


def retention(folder: Path) -> Retention:
    """Returns how long exporters and producers keep the papers.

    Raises:
        PackError: The pack's list is missing or malformed.
    """
    found = _list(folder).retention
    return Retention(found.quote, agreements_of(folder).source(found.source))


def rule_of(result: Mapping[str, Any]) -> Rule | None:
    """Returns the product rule of a result as a tree, None where there is none to reckon with."""
    expression = (result.get("rule") or {}).get("expression")
    try:
        return parse_rule(expression) if expression else None
    except BadRule:
        return None


def step_verdict(result: Mapping[str, Any], step_id: str) -> str | None:
    """Returns the verdict of a step of a result, None where it has no such step."""
    return next((step["verdict"] for step in result["steps"] if step["step"] == step_id), None)


def _circumstances(result: Mapping[str, Any], data: Mapping[str, Any]) -> set[str]:
    found = {"always"}
    if step_verdict(result, "wholly_obtained") == "met":
        found.add("wholly_obtained")
    elif rule := rule_of(result):
        found |= {kind for part in parts_of(rule) for type_, kind in _KINDS if isinstance(part, type_)}
    if step_verdict(result, "tolerance") == "met":
        found.add("value")
    if any(material.get("originating") for material in data.get("materials") or ()):
        found.add("originating_materials")
    if (result.get("proof") or {}).get("by") in ("self", "either", "approved_exporter"):
        found.add("self")
    found.add("transit" if (data.get("transport") or {}).get("via") else "direct")
    return found


@lru_cache(maxsize=4)
def _list(folder: Path) -> _List:
    path = folder / FORMS / "evidence.yaml"
    try:
        return TypeAdapter(_List).validate_python(read_yaml(path))
    except (OSError, ValidationError) as error:
        raise PackError(f"{path}: {error}") from error
