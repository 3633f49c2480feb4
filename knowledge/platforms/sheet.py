"""The product sheet: taken down field by field, and checked against a platform's list and for risky words."""

from __future__ import annotations

import re
from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import Any

from knowledge.origin.sources import told_source
from knowledge.pack import read_yaml
from knowledge.platforms.entries import read_entry
from knowledge.platforms.field import SheetError, fields, words
from knowledge.platforms.model import FOLDER, Checklist, Item, load
from knowledge.record import Language, Source

VERSION = 1
_HANGUL = re.compile(r"[가-힣]")
_COSMETICS = ("3303", "3304", "3305", "3306", "3307", "3401")
"""Headings under which cosmetics are classified; a sheet without a code is warned all the same."""


@dataclass(frozen=True)
class Sheet:
    """A product sheet as far as it is filled in; ``values`` is ready for JSON, in the order of the fields."""

    values: Mapping[str, Any] = field(default_factory=dict)

    def put(self, name: str, said: str) -> Sheet:
        """Returns a sheet with what a person said for one field; the other fields stay.

        Raises:
            SheetError: There is no such field, or the entry can't be taken.
        """
        known = fields().get(name)
        if known is None:
            raise SheetError("sheet", "unknown_field", value=name)
        return self._ordered({**self.values, name: read_entry(known, said)})

    def without(self, name: str) -> Sheet:
        """Returns a sheet in which one field is empty."""
        return self._ordered({key: value for key, value in self.values.items() if key != name})

    def to_dict(self) -> dict[str, Any]:
        """Returns what a slot keeps."""
        return {"version": VERSION, "values": dict(self.values)}

    @classmethod
    def from_dict(cls, kept: Mapping[str, Any] | None) -> Sheet:
        """Returns the sheet that a slot kept; fields that exist no longer are dropped, None is an empty sheet."""
        values = (kept or {}).get("values") or {}
        return cls._ordered({name: value for name, value in values.items() if name in fields()})

    @classmethod
    def _ordered(cls, values: Mapping[str, Any]) -> Sheet:
        return cls({name: values[name] for name in fields() if name in values})


def question(name: str, language: Language) -> dict[str, str]:
    """Returns ``{field, label, question, help}`` of one field.

    Raises:
        SheetError: There is no such field.
    """
    known = fields().get(name)
    if known is None:
        raise SheetError("sheet", "unknown_field", value=name)
    texts = {part: getattr(known, part).text(language) for part in ("label", "question", "help")}
    return {"field": name, **texts}


def next_field(sheet: Sheet) -> str | None:
    """Returns the first field that is needed and empty, or None when nothing is left to ask."""
    return next((each.name for each in fields().values() if each.need and each.name not in sheet.values), None)


def completeness(sheet: Sheet, platform: str | None, language: Language) -> dict[str, Any]:
    """Returns how far the sheet is filled in, and what a platform asks for that is still open.

    Args:
        sheet: The sheet.
        platform: Record id of a platform with a checklist, or None for the sheet alone.
        language: Language of the texts.

    Returns:
        ``{verdict, filled, wanted, missing, items, warnings, source}``. ``verdict`` is ``incomplete`` while a
        field or an item of the checklist is open, ``complete`` only where the source lists what the platform
        asks for, and ``not_determined`` where the sheet is full but the source lists no fields. An item that the
        sheet can't answer (approval, membership) has ``done`` None and never makes a sheet complete or incomplete.

    Raises:
        SheetError: The platform has no checklist.
    """
    listed = _checklist(platform) if platform else None
    items = [_checked(item, sheet, language) for item in listed.items] if listed else []
    wanted = [each for each in fields().values() if each.need]
    missing = [each for each in wanted if each.name not in sheet.values]
    open_items = any(item["done"] is False for item in items)
    return {
        "verdict": _verdict(bool(missing) or open_items, listed),
        "filled": len(wanted) - len(missing),
        "wanted": len(wanted),
        "missing": [question(each.name, language) for each in missing],
        "items": items,
        "warnings": claims(sheet, language),
        "source": told_source(listed.source if listed else None, language),
    }


def _verdict(anything_open: bool, listed: Checklist | None) -> str:
    if anything_open:
        return "incomplete"
    return "complete" if listed is None or listed.complete else "not_determined"


def _checklist(platform: str) -> Checklist:
    found = load().checklists.get(platform)
    if found is None:
        raise SheetError("platform", "unknown_field", value=platform)
    return found


def _checked(item: Item, sheet: Sheet, language: Language) -> dict[str, Any]:
    open_fields = [name for name in item.fields if not _enough(name, sheet, item)]
    return {
        "item": item.id,
        "area": item.area,
        "text": item.text(language),
        "done": not open_fields and not _over(sheet, item) if item.fields else None,
        "open": open_fields,
        "over": _over(sheet, item),
    }


def _enough(name: str, sheet: Sheet, item: Item) -> bool:
    value = sheet.values.get(name)
    if value in (None, ""):
        return False
    return not isinstance(value, list) or len(value) >= item.least.get(name, 1)


def _over(sheet: Sheet, item: Item) -> list[str]:
    return [name for name, most in item.most.items() if len(sheet.values.get(name) or []) > most]


def claims(sheet: Sheet, language: Language) -> list[dict[str, Any]]:
    """Returns warnings about words in the sheet that a listing should not use without proof, with their sources."""
    sources = read_yaml(FOLDER.parent / "sources.yaml")
    said = " ".join(_texts(sheet)).casefold()
    found = []
    for rule in words()["claims"]:
        if rule["cosmetics"] and not sheet.values.get("hs", "3304").startswith(_COSMETICS):
            continue
        word = next((each for each in rule["words"] if _says(each, said)), None)
        if word:
            given = rule["source"]
            full = {**sources[given["of"]], "locator": given["locator"]}
            source = Source.model_validate({**full, "as_of": str(full["as_of"])})
            text = rule[language].format(word=word)
            found.append({"claim": rule["id"], "text": text, "source": told_source(source, language)})
    return found


def _says(word: str, said: str) -> bool:
    if _HANGUL.search(word):
        return word in said
    return re.search(r"(?<![a-z])" + re.escape(word) + r"(?![a-z])", said) is not None


def _texts(sheet: Sheet) -> list[str]:
    kinds = ("line", "lines", "words")
    values = [sheet.values[name] for name, each in fields().items() if each.kind in kinds and name in sheet.values]
    return [text for value in values for text in (value if isinstance(value, list) else [value])]
