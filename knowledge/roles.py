"""Who asks: somebody who imports for themselves or comes home from a trip is not answered as an exporter.

The pack's ``roles.yaml`` has the words by which that is known, words that show that the person exports all the same
("we import the fabric, sew and export"), and the record that says where to ask instead.
"""

from __future__ import annotations

import re
from functools import lru_cache
from pathlib import Path
from typing import Annotated, Literal

from pydantic import AfterValidator, Field

from knowledge.pack import read_yaml
from knowledge.record import Language, Strict
from knowledge.settings import settings

FILE = "roles.yaml"


def _compiles(pattern: str) -> str:
    try:
        re.compile(pattern)
    except re.error as error:
        raise ValueError(f"no regular expression: {error}") from error
    return pattern


Pattern = Annotated[str, AfterValidator(_compiles)]


class Asker(Strict):
    """Somebody who does not export.

    Attributes:
        role: As records for such people are marked (``Record.role``).
        record: What says where to ask instead, where no record for them fits.
        heard: Regular expressions, one of which must be found in what they write.
        unless: Regular expressions that show that they export after all.
    """

    role: Literal["importer", "traveller"]
    record: str
    heard: dict[Language, tuple[Pattern, ...]]
    unless: dict[Language, tuple[Pattern, ...]] = Field(default_factory=dict)

    def is_heard(self, words: str, language: Language) -> bool:
        """Tells whether the words are such a person's."""
        return _any(self.heard, words, language) and not _any(self.unless, words, language)


def _any(patterns: dict[Language, tuple[Pattern, ...]], words: str, language: Language) -> bool:
    return any(re.search(pattern, words, re.IGNORECASE) for pattern in patterns.get(language, ()))


def read_askers(pack: Path) -> tuple[Asker, ...]:
    """Returns the askers of a pack; none where it has no ``roles.yaml``.

    Raises:
        ValidationError: An entry is malformed, or a pattern is no regular expression.
    """
    path = pack / FILE
    return tuple(Asker.model_validate(item) for item in read_yaml(path)) if path.exists() else ()


@lru_cache(maxsize=4)
def _askers(pack: Path) -> tuple[Asker, ...]:
    return read_askers(pack)


def asker(words: str, language: Language) -> Asker | None:
    """Returns who asks where the words show that it is not an exporter, else None."""
    chosen = settings()
    found = (each for each in _askers(chosen.packs_dir / chosen.pack) if each.is_heard(words, language))
    return next(found, None)
