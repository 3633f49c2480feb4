"""Tells what a firm's answers mean elsewhere: its place among the ministry's groups, and its programme profile."""

from __future__ import annotations

from typing import Any

from knowledge.diagnosis.asking import QUESTIONS, SKIPPED, UNKNOWN, Facts
from knowledge.diagnosis.data import pack_folder, read
from knowledge.programmes.export_groups import export_groups
from knowledge.programmes.profile import FirmProfile, read_profile
from knowledge.programmes.reading import source
from knowledge.record import Language, Source


def group_of(export_record: str | None, language: Language) -> dict[str, Any] | None:
    """Returns where an export record places a firm among the ministry's five groups; None where it is not known.

    Args:
        export_record: The answer to the question ``export_record``.
        language: Language of the sentences.

    Returns:
        ``group`` (None where more than one fits), ``candidates``, ``text``, ``note``, ``record`` and ``source``.
    """
    data = read(pack_folder() / QUESTIONS)["groups"]
    ids = data["by_record"].get(export_record or "")
    if not ids:
        return None
    said, names = data[language], {group.id: group.name(language) for group in export_groups()}
    sentence = said["settled" if len(ids) == 1 else "candidates"]
    return {
        "group": ids[0] if len(ids) == 1 else None,
        "candidates": [{"id": name, "name": names[name]} for name in ids],
        "text": sentence.format(names=", ".join(names[name] for name in ids)),
        "note": said["note"],
        "record": data["record"],
        "source": cited(source(data["source"], pack_folder()), language),
    }


def profile_of(facts: Facts) -> FirmProfile:
    """Returns the profile that the answers tell; everything else in it stays unknown."""
    meanings = read(pack_folder() / QUESTIONS)["profile"]
    told: dict[str, Any] = {}
    for name, fact in facts.items():
        told |= meanings.get(name, {}).get(fact, {})
    if facts.get("product", UNKNOWN) not in (UNKNOWN, SKIPPED):
        told["products"] = [facts["product"]]
    return read_profile(told)


def cited(given: Source, language: Language) -> dict[str, Any]:
    """Returns a source as the reader sees it."""
    return {
        "title": given.title[language],
        "locator": given.locator,
        "url": given.url,
        "as_of": given.as_of,
        "basis": given.basis.value,
    }
