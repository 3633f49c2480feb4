"""Reads the pack's ``explaining`` folder: fields, papers, dangers and words that texts are explained with."""

from __future__ import annotations

import re
from dataclasses import dataclass
from functools import lru_cache
from pathlib import Path
from typing import Any

from knowledge.pack import PackError, read_yaml
from knowledge.record import Language
from knowledge.settings import settings

Both = dict[Language, str]
"""A sentence in both languages."""


@dataclass(frozen=True)
class FieldKind:
    """A field a letter of credit may have: its tag, what it says, the record that tells more, its printed labels."""

    tag: str
    means: str
    name: Both
    plain: Both
    record: str
    labels: tuple[str, ...]
    value: str | None = None


@dataclass(frozen=True)
class PaperKind:
    """A paper a letter of credit may ask for."""

    id: str
    written: tuple[re.Pattern[str], ...]
    name: Both
    plain: Both
    record: str | None = None
    transport: bool = False


@dataclass(frozen=True)
class DangerKind:
    """A condition that is dangerous for the seller; one without ``written`` is found by reasoning."""

    id: str
    level: str
    name: Both
    why: Both
    ask: Both
    fields: tuple[str, ...] = ()
    written: tuple[re.Pattern[str], ...] = ()
    needs: re.Pattern[str] | None = None
    unless: re.Pattern[str] | None = None


@dataclass(frozen=True)
class Words:
    """Everything of the folder, ready for use."""

    fields: dict[str, FieldKind]
    papers: tuple[PaperKind, ...]
    dangers: dict[str, DangerKind]
    conflicts: dict[str, Both]
    rules: dict[str, dict[str, Any]]
    summary: dict[str, Both]
    names: dict[str, Any]
    plain: dict[str, Any]


@lru_cache(maxsize=4)
def words_of(folder: Path) -> Words:
    """Reads the ``explaining`` folder of a pack.

    Raises:
        PackError: A file is malformed.
    """

    def read(name: str) -> Any:
        return read_yaml(folder / "explaining" / f"{name}.yaml")

    try:
        return Words(
            fields=_fields(read("fields")),
            papers=tuple(_paper(key, told) for key, told in read("documents").items()),
            dangers={key: _danger(key, told) for key, told in read("dangers").items()},
            conflicts=read("conflicts"),
            rules=read("rules"),
            summary=read("summary"),
            names=read("names"),
            plain=read("plain"),
        )
    except (KeyError, TypeError, AttributeError, re.error) as error:
        raise PackError(f"{folder / 'explaining'}: {type(error).__name__}: {error}") from error


def current_words() -> Words:
    """Returns the words of the pack that is set."""
    chosen = settings()
    return words_of(chosen.packs_dir / chosen.pack)


def _fields(told: dict[str, Any]) -> dict[str, FieldKind]:
    found = {}
    for tag, each in told["tags"].items():
        meaning = told["meanings"][each["means"]]
        found[str(tag)] = FieldKind(
            tag=str(tag),
            means=each["means"],
            name=meaning["name"],
            plain=meaning["plain"],
            record=meaning["record"],
            labels=tuple(each["labels"]),
            value=each.get("value"),
        )
    return found


def _paper(key: str, told: dict[str, Any]) -> PaperKind:
    written = tuple(_pattern(each) for each in told["written"])
    return PaperKind(key, written, told["name"], told["plain"], told.get("record"), told.get("transport", False))


def _danger(key: str, told: dict[str, Any]) -> DangerKind:
    needs, unless = told.get("needs"), told.get("unless")
    return DangerKind(
        key,
        told["level"],
        told["name"],
        told["why"],
        told["ask"],
        tuple(str(tag) for tag in told.get("in", ())),
        tuple(_pattern(each) for each in told.get("written", ())),
        _pattern(needs) if needs else None,
        _pattern(unless) if unless else None,
    )


def _pattern(written: str) -> re.Pattern[str]:
    return re.compile(written, re.IGNORECASE | re.DOTALL)
