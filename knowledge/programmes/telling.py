"""Tells about an offer in one language: why it fits, what is open, what is not known, and where that comes from."""

from __future__ import annotations

from collections.abc import Iterable
from typing import Any

from knowledge.origin.sources import told_source
from knowledge.programmes.conditions import Leaf, Truth, Weighed, describe
from knowledge.programmes.export_groups import export_groups
from knowledge.programmes.offers import Offer
from knowledge.programmes.profile import questions
from knowledge.programmes.reading import words
from knowledge.record import Basis, Language

OPEN_TO_KNOW = ("who", "cost", "period", "documents", "apply")
"""Parts of an offer that are told as not known where no source has them, in the order of telling."""


def why(offer: Offer, weighed: Iterable[Weighed], language: Language) -> tuple[str, ...]:
    """Returns the sentences that say why the verdict is as it is: what speaks against first, then what speaks for."""
    told = list(weighed)
    against = [each.sentence(language) for each in told if each.truth is Truth.NOT_MET]
    met = [each.sentence(language) for each in told if each.truth is Truth.MET]
    chosen = [words()["chosen"][language]] if offer.chosen and not against else []
    return tuple(dict.fromkeys((*against, *met, *chosen)))


def missing(weighed: Iterable[Weighed], language: Language) -> tuple[dict[str, Any], ...]:
    """Returns what is unknown: a sentence, and the question to ask where the firm itself can say."""
    found = [
        {"condition": each.leaf.id, "text": each.sentence(language), **_question(each.leaf, language)}
        for each in weighed
        if each.truth is Truth.UNKNOWN
    ]
    return tuple({entry["condition"]: entry for entry in found}.values())


def near(weighed: Iterable[Weighed], language: Language) -> tuple[str, ...]:
    """Returns what would make the programme possible."""
    said = [each.leaf.says(language).near for each in weighed if each.truth is Truth.NOT_MET and each.changeable]
    return tuple(dict.fromkeys(filter(None, said)))


def not_known(offer: Offer, language: Language) -> tuple[str, ...]:
    """Returns a sentence for each part that no source here has, with whom to ask."""
    said, ask = words()["not_known"], whom(offer, language)
    return tuple(
        str(said[part][language]).format(ask=ask) for part in OPEN_TO_KNOW if getattr(offer, part, None) is None
    )


def note(offer: Offer, language: Language) -> str | None:
    """Returns the reminder that the sources are of the past, or None for an announcement of today."""
    if offer.live or all(source.basis is Basis.OFFICIAL for source in offer.sources):
        return None
    year = min(source.as_of[:4] for source in offer.sources if source.basis is not Basis.OFFICIAL)
    return str(words()["as_of"][language]).format(year=year, ask=whom(offer, language))


def whom(offer: Offer, language: Language) -> str:
    """Returns the name of whom to ask."""
    return offer.ask[language] if offer.ask else str(words()["not_known"]["whom_to_ask"][language])


def conditions(offer: Offer, language: Language) -> str:
    """Returns the conditions in words, or that they are not known."""
    return describe(offer.who, language) if offer.who else str(words()["conditions"]["none"][language])


def sources(offer: Offer, language: Language) -> tuple[dict[str, Any], ...]:
    """Returns the offer's sources in one language, ready for JSON."""
    return tuple(told for each in offer.sources if (told := told_source(each, language)))


def _question(leaf: Leaf, language: Language) -> dict[str, Any]:
    """Returns the field to ask about with its question and choices; nothing where others judge."""
    name = leaf.test.field
    if name is None:
        return {"field": None, "question": None, "choices": []}
    entry = questions()[name]
    choices = [{"value": value, "title": title[language]} for value, title in entry.get("choices", {}).items()]
    if name == "export_group":
        choices = [{"value": group.id, "title": group.name(language)} for group in export_groups()]
    return {"field": name, "question": entry[language], "choices": choices}
