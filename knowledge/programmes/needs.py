"""What a firm needs, and how much an offer helps with it: obstacles, kinds of support, or free words."""

from __future__ import annotations

import re
from collections.abc import Callable, Iterable, Mapping, Sequence
from dataclasses import dataclass, field
from pathlib import Path

from knowledge.programmes.offers import Offer
from knowledge.programmes.profile import FirmProfile
from knowledge.programmes.reading import vocabulary
from knowledge.record import Kind, Language, Record

MAIN, FURTHER, BY_CATEGORY = 1.0, 0.7, 0.3
"""What an offer counts for a need it names first, names further on, or shares only the kind of support with."""

FLOOR = 0.8
"""Evidence (knowledge/search.py) below which words are taken to mean no need: words off the subject stay under it."""

NEARNESS = 0.6
"""Share of the best record's evidence that another one needs to count as meant too."""

HITS = 12
"""Records considered for free words."""

NEED_KINDS = (Kind.OBSTACLE, Kind.SUPPORT_CATEGORY)
OFFER_KINDS = (Kind.PROGRAMME, Kind.SERVICE)

_ID = re.compile(r"(obstacle|support_category)\.[a-z0-9-]+")

Lookup = Callable[[str, Language, Sequence[str], int], Sequence[tuple[str, float]]]
"""Finds records for words: the words, their language, ids to choose among, how many; pairs of id and evidence."""


class UnknownNeed(ValueError):
    """A need names an obstacle or kind of support that the pack does not have."""


@dataclass(frozen=True)
class Needs:
    """What is needed.

    Attributes:
        weights: Obstacles and kinds of support, each with how sure it is meant (0 to 1).
        direct: Offers whose own words were found, with how well (0 to 1).
        told: Whether anything was asked for, understood or not.
    """

    weights: Mapping[str, float] = field(default_factory=dict)
    direct: Mapping[str, float] = field(default_factory=dict)
    told: bool = False


def needs_of(
    need: str | Iterable[str] | None,
    profile: FirmProfile,
    records: Mapping[str, Record],
    pack: Path,
    language: Language,
    lookup: Lookup,
) -> Needs:
    """Returns what is needed: the ids named, what the words mean, or what the profile lets see.

    Raises:
        UnknownNeed: An id is not in the pack.
    """
    if need is None or (isinstance(need, str) and not need.strip()):
        implied = _implied(profile, pack)
        return Needs(dict.fromkeys(implied, 1.0), told=bool(implied))
    parts = [need] if isinstance(need, str) else list(need)
    weights: dict[str, float] = {}
    direct: dict[str, float] = {}
    for part in parts:
        if _ID.fullmatch(part):
            if part not in records:
                raise UnknownNeed(part)
            weights[part] = 1.0
        else:
            _merge(weights, direct, _words_mean(part, records, language, lookup))
    return Needs(weights, direct, told=True)


def need_match(offer: Offer, needs: Needs, records: Mapping[str, Record]) -> float:
    """Returns how much an offer helps (0 to 1): the best need counts four fifths, what agrees with it the rest."""
    served = max((weight * _served(offer, name, records) for name, weight in needs.weights.items()), default=0.0)
    direct = needs.direct.get(offer.id, 0.0)
    if not needs.direct:
        return served
    return 0.8 * max(served, direct) + 0.2 * min(served, direct)


def _served(offer: Offer, need: str, records: Mapping[str, Record]) -> float:
    serves = offer.serves
    named = serves.categories if need.startswith("support_category.") else serves.obstacles
    if need in named:
        return MAIN if need == named[0] else FURTHER
    shared = set(records[need].categories) & set(serves.categories) if need in records else set()
    return BY_CATEGORY if shared else 0.0


def _words_mean(text: str, records: Mapping[str, Record], language: Language, lookup: Lookup) -> dict[str, float]:
    """Returns records meant by words, weighed by how close they come to the best one."""
    among = [record.id for record in records.values() if record.kind in (*NEED_KINDS, *OFFER_KINDS)]
    hits = lookup(text, language, among, HITS)
    best = max((score for _, score in hits), default=0.0)
    if best < FLOOR:
        return {}
    shares = {name: score / best for name, score in hits if score > NEARNESS * best}
    return {name: (share - NEARNESS) / (1 - NEARNESS) for name, share in shares.items()}


def _merge(weights: dict[str, float], direct: dict[str, float], found: Mapping[str, float]) -> None:
    for name, weight in found.items():
        target = weights if _ID.fullmatch(name) else direct
        target[name] = max(target.get(name, 0.0), weight)


def _implied(profile: FirmProfile, pack: Path) -> list[str]:
    implied = []
    for rule in vocabulary(pack, "needs"):
        value = getattr(profile, rule["field"])
        if bool(value) if rule["is"] == "any" else value is rule["is"]:
            implied.append(rule["need"])
    return implied
