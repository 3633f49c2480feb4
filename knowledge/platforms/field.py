"""The fields of the product sheet as the pack describes them, and the fault a wrong entry makes."""

from __future__ import annotations

from functools import lru_cache
from pathlib import Path
from typing import Any, Literal

from knowledge.pack import read_yaml
from knowledge.platforms.model import FOLDER, Told
from knowledge.record import Language, Strict

FieldKind = Literal[
    "line", "lines", "words", "hs", "count", "amount", "money", "weight", "terms", "days", "country", "countries",
    "languages",
]  # fmt: skip


class SheetField(Strict):
    """One field of the sheet.

    Attributes:
        kind: How the entry is read.
        need: Whether every listing needs it.
        longest: Characters of one entry.
        least, most: Fewest and most entries of a list; bounds of a count.
        latin: Whether the entry must be without Korean letters.
        none: Words that mean an empty list.
    """

    name: str
    kind: FieldKind
    need: bool
    longest: int = 200
    least: int = 0
    most: int = 50
    latin: bool = False
    none: tuple[str, ...] = ()
    label: Told
    question: Told
    help: Told


class SheetError(ValueError):
    """An entry can't be taken; ``field`` names where, ``fault`` what is wrong (a key of ``faults`` in sheet.yaml)."""

    def __init__(self, field: str, fault: str, **values: object) -> None:
        self.field, self.fault, self.values = field, fault, values
        super().__init__(f"{field}: {self.message('en')}")

    def message(self, language: Language) -> str:
        """Returns the fault as a sentence that names the field."""
        known = fields().get(self.field)
        label = known.label.text(language) if known else self.field
        return str(words()["faults"][self.fault][language].format(label=label, **self.values))


@lru_cache(maxsize=1)
def words(path: Path = FOLDER / "sheet.yaml") -> dict[str, Any]:
    """Returns everything the pack says of the sheet."""
    return dict(read_yaml(path))


@lru_cache(maxsize=1)
def fields() -> dict[str, SheetField]:
    """Returns the fields by name, in the order in which they are asked."""
    return {item["name"]: SheetField.model_validate(item) for item in words()["fields"]}
