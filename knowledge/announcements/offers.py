"""Makes announcements into offers, so that the programme finder weighs them beside the programmes of the pack.

    find("obstacle.finding-buyers", profile, extra=open_offers(session, korean_day()))

Who may apply stands in the announcement only, so an announcement never simply fits. A region whose own office calls
for applications is a condition that can be weighed; one that is only tagged has to be checked there.
"""

from __future__ import annotations

from datetime import date
from functools import lru_cache
from pathlib import Path
from typing import Any

import yaml
from sqlalchemy.orm import Session

from knowledge.announcements.finding import regions_calling, regions_of
from knowledge.announcements.reading import Announcement
from knowledge.announcements.store import open_on
from knowledge.announcements.telling import deadline, source, summary
from knowledge.programmes.conditions import AllOf, Condition, Leaf, Sayings, Test, Truth
from knowledge.programmes.facts import Said, Serves
from knowledge.programmes.offers import Offer
from knowledge.programmes.profile import FirmProfile, questions
from knowledge.record import LANGUAGES, Language

WORDS = Path(__file__).parent / "offers.yaml"
PREFIX = "announcement."
"""What the id of an offer begins with that is an announcement; its number follows."""


def open_offers(session: Session, day: date) -> tuple[Offer, ...]:
    """Returns everything open on a day in Korea as offers, the nearest deadline first."""
    return tuple(offer_of(found, day) for found in open_on(session, day))


def offer_of(announcement: Announcement, day: date) -> Offer:
    """Returns an announcement as an offer; its deadline is told as seen from ``day``."""
    ask = announcement.executing or announcement.organisation
    return Offer(
        id=f"{PREFIX}{announcement.id}",
        name=dict.fromkeys(LANGUAGES, announcement.title),
        plain={language: _plain(announcement, language) for language in LANGUAGES},
        serves=serves(announcement),
        who=_who(announcement),
        sources=(source(announcement),),
        gives=dict.fromkeys(LANGUAGES, ()),
        ask=dict.fromkeys(LANGUAGES, ask) if ask else None,
        for_whom=dict.fromkeys(LANGUAGES, announcement.audience) if announcement.audience else None,
        period=Said(ko=deadline(announcement, "ko", day), en=deadline(announcement, "en", day)),
        website=announcement.url,
        live=True,
    )


def serves(announcement: Announcement) -> Serves:
    """Returns the trouble an announcement helps with, by the words of its title and tags, then of its summary."""
    obstacles: list[str] = []
    categories: list[str] = []
    for text in (" ".join((announcement.title, *announcement.hashtags)), announcement.summary):
        squeezed = "".join(text.split()).lower()
        for rule in _words()["serves"]:
            if any(word.lower() in squeezed for word in rule["words"]):
                obstacles += rule["obstacles"]
                categories += rule["categories"]
    return Serves(obstacles=tuple(dict.fromkeys(obstacles)), categories=tuple(dict.fromkeys(categories)))


def _plain(announcement: Announcement, language: Language) -> str:
    told = summary(announcement)
    words = _words()
    return str(words["plain"][language].format(summary=told) if told else words["no_summary"][language])


def _who(announcement: Announcement) -> Condition:
    """The conditions: the announcement's own, which are not known here, and the region where one is named."""
    rest = _leaf("in_announcement", Test(always=Truth.UNKNOWN))
    regions = regions_of(announcement)
    if not regions:
        return rest
    calling = regions_calling(announcement)
    if not calling:
        return AllOf((_leaf("tagged_region", Test(always=Truth.UNKNOWN), regions), rest))
    codes = {short: _code(short) for short in calling}
    others = tuple(code for code in questions()["region"]["choices"] if code not in codes.values())
    test = Test(field="region", one_of=tuple(sorted(codes.values())), not_one_of=others)
    return AllOf((_leaf("in_region", test, calling), rest))


def _leaf(name: str, test: Test, regions: frozenset[str] = frozenset()) -> Leaf:
    sayings = {language: _sayings(name, regions, language) for language in LANGUAGES}
    return Leaf(id=name, test=test, specific=bool(regions), ko=sayings["ko"], en=sayings["en"])


def _sayings(name: str, regions: frozenset[str], language: Language) -> Sayings:
    choices = questions()["region"]["choices"]
    named = ", ".join(choices[code][language] for code in sorted(_code(short) for short in regions))
    said = _words()["conditions"][name][language]
    return Sayings(**{part: sentence.format(regions=named) for part, sentence in said.items()})


def _code(region: str) -> str:
    """The ISO 3166-2 code that the firm's profile uses for a region."""
    code = FirmProfile(region=region).region
    assert code is not None
    return code


@lru_cache(maxsize=1)
def _words() -> dict[str, Any]:
    read: dict[str, Any] = yaml.safe_load(WORDS.read_text(encoding="utf-8"))
    return read
