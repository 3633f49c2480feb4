"""The five groups in which the ministry places firms by export experience, as far as the study settles them."""

from __future__ import annotations

from dataclasses import dataclass
from functools import lru_cache
from pathlib import Path
from typing import Literal

from knowledge.programmes.profile import FirmProfile
from knowledge.programmes.reading import source, vocabulary
from knowledge.record import Language, Source, Strict
from knowledge.settings import settings

Exports = Literal["zero", "above_zero", "any"]


class ExportGroup(Strict):
    """One of the five groups.

    Attributes:
        id: Name in code.
        exports_usd: Whether a firm of the group exports: ``zero``, ``above_zero`` or ``any``.
        ordinary_ceiling_usd: Largest exports of the last year at which a firm is ordinarily named one, US dollars.
        source: Where the group, or its ceiling, comes from.
    """

    id: str
    ko: str
    en: str
    exports_usd: Exports
    ordinary_ceiling_usd: int | None = None
    source: Source

    def name(self, language: Language) -> str:
        """Returns its name."""
        return self.ko if language == "ko" else self.en


@dataclass(frozen=True)
class Placement:
    """Where a firm stands among the five groups.

    Attributes:
        group: Id of the group, or None where what is known does not settle it.
        candidates: Ids of the groups it may be in, in the study's order.
    """

    group: str | None
    candidates: tuple[str, ...]

    def told(self, language: Language) -> str:
        """Returns the placement in words, with whom to ask."""
        data = vocabulary(_pack(), "export_groups")
        if self.group is None:
            return str(data["none_settled"][language])
        name = next(group.name(language) for group in export_groups() if group.id == self.group)
        return str(data["settled"][language].format(name=name))


def export_group(exports_usd: float | None) -> Placement:
    """Returns the group by last year's exports in US dollars.

    Only zero settles it: the study names the groups without amounts, so anything above zero leaves candidates.

    Raises:
        ValueError: The amount is below zero or no number.
    """
    groups = export_groups()
    if exports_usd is None:
        return Placement(None, tuple(group.id for group in groups))
    if not exports_usd >= 0:
        raise ValueError(f"exports_usd is zero or more, not {exports_usd}")
    if exports_usd == 0:
        return Placement("no_record", ("no_record",))
    return Placement(None, tuple(group.id for group in groups if group.exports_usd != "zero"))


def candidates(profile: FirmProfile) -> tuple[str, ...]:
    """Returns the groups a firm may be in: the one it names, or those its exports leave."""
    if profile.export_group is not None:
        return (profile.export_group,)
    return export_group(profile.exports_usd_last_year).candidates


@lru_cache(maxsize=1)
def export_groups() -> tuple[ExportGroup, ...]:
    """Returns the five groups, in the study's order."""
    pack = _pack()
    data = vocabulary(pack, "export_groups")
    return tuple(
        ExportGroup.model_validate(
            {key: value for key, value in entry.items() if key != "ceiling_source"}
            | {"source": source(entry.get("ceiling_source", data["source"]), pack)}
        )
        for entry in data["groups"]
    )


def _pack() -> Path:
    return settings().packs_dir / settings().pack
