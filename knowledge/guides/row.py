"""One line of a checklist before it is put into a language."""

from __future__ import annotations

from dataclasses import dataclass

from knowledge.guides.place import Place, Words
from knowledge.origin.agreement import Locator


@dataclass(frozen=True)
class Row:
    """A document and how firmly it is needed: ``required``, ``usual``, ``if_asked``, or ``open`` (not settled yet).

    ``agreement_places`` cite the documents of the agreements, ``places`` those of the pack.
    """

    id: str
    name: Words
    record: str | None
    makers: tuple[str, ...]
    why: Words
    stage: Words
    need: str
    condition: Words | None = None
    places: tuple[Place, ...] = ()
    agreement_places: tuple[Locator, ...] = ()
