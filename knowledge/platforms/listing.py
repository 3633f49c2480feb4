"""Tells a product sheet as a listing: the parts a paper lays out, and the same as plain text."""

from __future__ import annotations

import re
from dataclasses import dataclass

from knowledge.platforms.field import fields, words
from knowledge.platforms.sheet import Sheet
from knowledge.platforms.telling import spoken
from knowledge.record import Language

_HANGUL = re.compile(r"[가-힣]")


@dataclass(frozen=True)
class Listing:
    """What a buyer reads; ``details`` and ``deal`` are labels with what they hold, empty fields are left out."""

    name: str
    summary: str
    features: tuple[str, ...]
    details: tuple[tuple[str, str], ...]
    deal: tuple[tuple[str, str], ...]
    keywords: tuple[str, ...]


def listing(sheet: Sheet, language: Language) -> Listing:
    """Returns what the sheet says and nothing else.

    An entry that is still Korean in an English listing is kept and marked as to be translated.
    """
    frame = words()["draft"]
    return Listing(
        name=" ".join(told(sheet, f"name_{language}", language)),
        summary=" ".join(told(sheet, f"summary_{language}", language)),
        features=tuple(told(sheet, "features", language)),
        details=_labelled(sheet, frame["details"], language),
        deal=_labelled(sheet, frame["deal"], language),
        keywords=tuple(told(sheet, "keywords", language)),
    )


def needs_translation(sheet: Sheet, language: Language) -> list[str]:
    """Returns the fields whose entry is Korean where the listing is English; Korean listings need none."""
    if language == "ko":
        return []
    frame = words()["draft"]
    names = [f"name_{language}", f"summary_{language}", "features", *frame["details"], *frame["deal"], "keywords"]
    return [name for name in names if _HANGUL.search(" ".join(told(sheet, name, language)))]


def draft_text(sheet: Sheet, language: Language) -> str:
    """Returns the listing as text to copy into a platform's form."""
    parts, frame = listing(sheet, language), words()["draft"]
    blocks = [
        [each for each in (parts.name, parts.summary) if each],
        _headed("features", [f"- {each}" for each in parts.features], language),
        _headed("details", [f"{label}: {said}" for label, said in parts.details], language),
        _headed("deal", [f"{label}: {said}" for label, said in parts.deal], language),
        [f"{frame['keywords'][language]}: {', '.join(parts.keywords)}"] if parts.keywords else [],
    ]
    return "\n\n".join("\n".join(block) for block in blocks if block)


def heading(part: str, language: Language) -> str:
    """Returns the heading of a part (``features``, ``details``, ``deal``) or of the ``keywords``."""
    frame = words()["draft"]
    return str((frame["keywords"] if part == "keywords" else frame["headings"][part])[language])


def told(sheet: Sheet, name: str, language: Language) -> list[str]:
    """Returns one field as texts in ``language``, several for a list, none when it is empty."""
    if name not in sheet.values:
        return []
    said = [each for each in spoken(fields()[name], sheet.values, language) if each]
    if language == "ko" or name.endswith("_ko"):
        return said
    mark = words()["draft"]["translate"][language]
    return [mark.format(value=each) if _HANGUL.search(each) else each for each in said]


def _headed(part: str, lines: list[str], language: Language) -> list[str]:
    return [heading(part, language), *lines] if lines else []


def _labelled(sheet: Sheet, names: list[str], language: Language) -> tuple[tuple[str, str], ...]:
    found = ((fields()[name], told(sheet, name, language)) for name in names)
    return tuple((each.label.text(language), ", ".join(said)) for each, said in found if said)
