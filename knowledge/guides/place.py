"""Where a statement of a guide stands, and the documents that can be cited."""

from __future__ import annotations

from collections.abc import Iterator
from functools import lru_cache
from pathlib import Path
from typing import Any

from pydantic import BaseModel, ValidationError

from knowledge.pack import PackError, read_yaml
from knowledge.record import Language, Source, Strict

Words = dict[Language, str]
"""One statement in both languages."""


class GuideError(ValueError):
    """Data of the guides can't be read; the message names file and field."""


class Place(Strict):
    """A document of the pack's ``sources.yaml`` and the article, chapter or heading in it."""

    of: str
    locator: str


class Fact(Strict):
    """One statement in both languages with the place it was taken from."""

    text: Words
    source: Place


@lru_cache(maxsize=4)
def documents_of(folder: Path) -> dict[str, Source]:
    """Returns the documents of a pack that can be cited, by key.

    Raises:
        GuideError: ``sources.yaml`` is malformed.
    """
    try:
        raw = read_yaml(folder / "sources.yaml")
        return {key: Source.model_validate(entry) for key, entry in raw.items()}
    except (PackError, ValidationError, OSError) as error:
        raise GuideError(f"{folder / 'sources.yaml'}: {error}") from error


def source_of(place: Place, folder: Path) -> Source:
    """Returns the full source of a place.

    Raises:
        GuideError: ``sources.yaml`` has no document of that key.
    """
    document = documents_of(folder).get(place.of)
    if document is None:
        raise GuideError(f"{place.locator}: sources.yaml has no document '{place.of}'")
    return document.model_copy(update={"locator": place.locator})


def tell_source(source: Source, language: Language) -> dict[str, Any]:
    """Returns title, place, address, date and basis of a source, ready for JSON."""
    return {
        "title": source.title[language],
        "locator": source.locator,
        "url": source.url,
        "as_of": source.as_of,
        "basis": source.basis.value,
    }


def tell_places(places: tuple[Place, ...], folder: Path, language: Language) -> list[dict[str, Any]]:
    """Returns the full sources of several places, ready for JSON."""
    return [tell_source(source_of(place, folder), language) for place in places]


def places(value: Any) -> Iterator[Place]:
    """Yields every place anywhere in a model."""
    if isinstance(value, Place):
        yield value
    for inside in _inside(value):
        yield from places(inside)


def both_languages(value: Any, at: str = "") -> Iterator[tuple[str, Words]]:
    """Yields every statement in two languages anywhere in a model, with the way to it."""
    if isinstance(value, dict) and value.keys() & {"ko", "en"} and all(isinstance(w, str) for w in value.values()):
        yield at, value
        return
    if isinstance(value, BaseModel):
        for name in type(value).model_fields:
            yield from both_languages(getattr(value, name), f"{at}.{name}".strip("."))
    elif isinstance(value, dict):
        for name, item in value.items():
            yield from both_languages(item, f"{at}.{name}".strip("."))
    elif isinstance(value, tuple | list):
        for number, item in enumerate(value, 1):
            yield from both_languages(item, f"{at}.{number}".strip("."))


def _inside(value: Any) -> list[Any]:
    if isinstance(value, BaseModel):
        return [getattr(value, name) for name in type(value).model_fields]
    if isinstance(value, dict):
        return list(value.values())
    return list(value) if isinstance(value, tuple) else []
