"""What the pack says of places to sell online: reasons with conditions, malls, and registration checklists."""

from __future__ import annotations

from collections.abc import Mapping
from functools import lru_cache
from pathlib import Path
from typing import Any, Literal

from pydantic import Field, ValidationError

from knowledge.edited.served import written_over
from knowledge.pack import PACKS, PackError, read_pack, read_yaml
from knowledge.record import Language, Record, Source, Strict

FOLDER = PACKS / "korea" / "platforms"
Buyer = Literal["b2b", "b2c"]
Allowed = str | bool


class Told(Strict):
    """One sentence in both languages."""

    ko: str
    en: str

    def text(self, language: Language) -> str:
        """Returns the sentence in ``language``."""
        return self.ko if language == "ko" else self.en


class Reason(Told):
    """A sentence for or against a place, said when the facts meet ``when``.

    Attributes:
        when: Values a fact must have, by name of the fact; every named fact must be known and fit.
        weight: How much the reason counts in the order of places.
        source: Where the sentence comes from.
    """

    when: dict[str, tuple[Allowed, ...]] = Field(default_factory=dict)
    weight: int = Field(0, ge=0)
    source: Source

    def holds(self, facts: Mapping[str, Allowed | None]) -> bool:
        """Tells whether every fact asked for is known and has one of the values."""
        return all(facts.get(name) is not None and facts[name] in values for name, values in self.when.items())


class Place(Strict):
    """A market place or a programme: whom one sells to there, what speaks for it, whom to ask.

    Attributes:
        check_first: Whether it is uncertain that the place still runs.
        ask: Id of the organisation that confirms what is said here.
    """

    id: str
    sells_to: tuple[Buyer, ...]
    ask: str
    check_first: bool = False
    reasons: tuple[Reason, ...]
    cautions: tuple[Reason, ...]
    next: Told


class Mall(Told):
    """A foreign mall that programmes helped to enter.

    Attributes:
        markets: Countries it is for, None where the source names none.
        named: The region the source names instead of countries.
    """

    id: str
    markets: tuple[str, ...] | None
    named: Told | None = None
    helped_by: tuple[str, ...]


class Item(Told):
    """One thing a place asks for when a product is listed.

    Attributes:
        area: Before listing, or one of the three areas of information (basic, producer, transaction).
        fields: Fields of the product sheet that answer it; empty where the sheet can't.
        least, most: Fewest and most entries of a field.
    """

    id: str
    area: Literal["before", "basic", "producer", "transaction"]
    fields: tuple[str, ...]
    least: dict[str, int] = Field(default_factory=dict)
    most: dict[str, int] = Field(default_factory=dict)


class Checklist(Strict):
    """What one place asks for; ``complete`` tells whether the source lists the fields at all."""

    id: str
    service: str | None = None
    complete: bool
    source: Source
    items: tuple[Item, ...]


class Platforms(Strict):
    """Everything the pack says of selling online."""

    markets: tuple[Place, ...]
    help: tuple[Place, ...]
    malls: tuple[Mall, ...]
    malls_source: Source
    checklists: dict[str, Checklist]
    words: dict[str, Any]
    records: dict[str, Record]

    def name(self, record: str, language: Language) -> str:
        """Returns the name of a record, as its own file gives it."""
        return self.records[record].text(language).name


def load(folder: Path = FOLDER) -> Platforms:
    """Returns what the pack's folder of platforms says, without the places whose record must not be shown.

    Raises:
        PackError: A file is malformed, or points to a record, a region or a source that does not exist.
    """
    now = written_over(folder.parent)
    return _shown(folder, now.versions, now.off)


@lru_cache(maxsize=4)
def _shown(folder: Path, _versions: tuple[int, ...], off: frozenset[str]) -> Platforms:
    found = _read(folder)
    shown = {
        "markets": tuple(place for place in found.markets if place.id not in off),
        "help": tuple(place for place in found.help if place.id not in off),
        "malls": tuple(mall for mall in found.malls if mall.id not in off),
        "records": {**found.records, **written_over(folder.parent).published},
    }
    return found.model_copy(update=shown)


@lru_cache(maxsize=2)
def _read(folder: Path) -> Platforms:
    pack = folder.parent
    sources = read_yaml(pack / "sources.yaml")
    malls = read_yaml(folder / "malls.yaml")
    wanted = ("markets", "help", "checklists")
    raw = {name: _sourced(read_yaml(folder / f"{name}.yaml"), sources, malls["regions"]) for name in wanted}
    listed = _sourced(malls, sources, malls["regions"])
    records = {record.id: record for record in read_pack(pack)}
    try:
        found = Platforms(
            markets=raw["markets"],
            help=raw["help"],
            malls=listed["malls"],
            malls_source=listed["source"],
            checklists={item["id"]: item for item in raw["checklists"]},
            words=read_yaml(folder / "words.yaml"),
            records=records,
        )
    except ValidationError as error:
        raise PackError(f"{folder}: {error}") from error
    _check_links(found)
    return found


def _sourced(value: Any, sources: Mapping[str, Any], regions: Mapping[str, list[str]]) -> Any:
    """Puts documents in for ``{of: KEY}`` and countries for ``@region``, wherever they stand."""
    if isinstance(value, dict) and "of" in value:
        if value["of"] not in sources:
            raise PackError(f"no source is called {value['of']!r}")
        full = {**sources[value["of"]], **{key: part for key, part in value.items() if key != "of"}}
        return {**full, "as_of": str(full["as_of"])}
    if isinstance(value, dict):
        return {key: _sourced(part, sources, regions) for key, part in value.items() if key != "regions"}
    if isinstance(value, list):
        flat = (regions[p[1:]] if isinstance(p, str) and p[:1] == "@" else [p] for p in value)
        return [_sourced(part, sources, regions) for parts in flat for part in parts]
    return value


def _check_links(found: Platforms) -> None:
    places = [*found.markets, *found.help]
    links = [link for place in places for link in (place.id, place.ask)]
    links += [link for mall in found.malls for link in mall.helped_by]
    links += [link for item in found.checklists.values() for link in (item.id, item.service) if link]
    missing = sorted(set(links) - set(found.records))
    if missing:
        raise PackError(f"platforms point to records that do not exist: {', '.join(missing)}")
