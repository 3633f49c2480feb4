"""Which guides somebody has begun, and how far each has come, as the slot ``guide`` keeps it."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field, replace
from functools import lru_cache
from pathlib import Path
from typing import Any

from actions.talk import Talk
from actions.trade.citing import pack_folder
from knowledge.guides.guide import Guide, Guides, Progress, UnknownGuide, guides_of
from knowledge.pack import read_yaml

AFTER = Path(__file__).with_name("after.yaml")
SLOT = "guide"


@dataclass(frozen=True)
class Book:
    """The guides begun.

    Attributes:
        current: Id of the guide being followed.
        progress: How far each guide begun has come, by id.
    """

    current: str | None = None
    progress: Mapping[str, Progress] = field(default_factory=dict)

    def open(self, guide: Guide, anew: bool = False) -> Book:
        """Returns the book with a guide opened where it was left, or from its first step where ``anew``."""
        kept = Progress(guide.id) if anew else self.progress.get(guide.id, Progress(guide.id))
        return Book(guide.id, {**self.progress, guide.id: kept})

    def put(self, progress: Progress) -> Book:
        """Returns the book with how far one guide has come."""
        return replace(self, progress={**self.progress, progress.guide: progress})

    def unfinished(self) -> list[Guide]:
        """Returns the guides begun and not finished, without the current one."""
        begun = [guides().get(key) for key, each in self.progress.items() if each.done and key != self.current]
        return [guide for guide in begun if self.progress[guide.id].next_step(guide)]

    def as_slot(self) -> dict[str, Any]:
        """Returns what the slot keeps."""
        return {"current": self.current, "progress": {key: each.as_dict() for key, each in self.progress.items()}}

    @classmethod
    def of(cls, talk: Talk) -> Book:
        """Returns the book of a conversation; guides that exist no longer are dropped."""
        kept = talk.slot(SLOT) or {}
        progress: dict[str, Progress] = {}
        for key, each in (kept.get("progress") or {}).items():
            if known(key):
                progress[key] = Progress.from_dict(each)
        current = kept.get("current")
        return cls(current if current in progress else None, progress)


def guides() -> Guides:
    """Returns the guides of the pack in use."""
    return guides_of(pack_folder())


def known(guide_id: str) -> Guide | None:
    """Returns a guide by id, or None."""
    try:
        return guides().get(guide_id)
    except UnknownGuide:
        return None


def after(guide: Guide) -> list[Guide]:
    """Returns the guides that follow upon one."""
    return [found for found in map(known, _order().get(guide.id, ())) if found]


@lru_cache(maxsize=1)
def _order() -> dict[str, tuple[str, ...]]:
    return {key: tuple(value) for key, value in read_yaml(AFTER).items()}
