"""Finds open announcements that fit a need: filtered by region and audience, ranked by the words they share."""

from __future__ import annotations

import math
import re
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from datetime import date
from functools import lru_cache
from pathlib import Path
from typing import Any

import yaml
from rapidfuzz import fuzz, process
from sqlalchemy.orm import Session

from knowledge.announcements.reading import Announcement
from knowledge.announcements.store import open_on
from knowledge.language.jamo import jamo
from knowledge.language.korean import content_words

FILTERS = Path(__file__).parent / "filters.yaml"

TITLE, TAG, BODY = 1.0, 0.9, 0.6
"""What a word is worth by where it stands."""
INSIDE = 0.7
"""What a word is worth that stands inside a longer one (전시 in 전시회), against one that stands by itself."""
CUT = 0.35
"""Announcements that share less than this part of what the best one shares are left out."""
ALIKE = 80.0
"""Likeness in letters (0 to 100) from which a word nobody uses is read as a slip of one that is used."""
SHORTEST_SLIP = 3

_TITLE_PREFIX = re.compile(r"^\s*\[([^\]]{2,20})\]")


class UnknownRegion(ValueError):
    """A region was asked for that is none of Korea's seventeen (field ``region``)."""


@dataclass(frozen=True)
class Found:
    """An announcement that fits a need.

    Attributes:
        announcement: The announcement.
        share: How much of what the need asks for it names, 0 to 1; rare words count more.
        words: The words of the need that it names.
    """

    announcement: Announcement
    share: float
    words: tuple[str, ...]


def search(
    session: Session,
    need: str | Iterable[str],
    day: date,
    *,
    region: str | None = None,
    audience: str | None = None,
    limit: int = 10,
) -> list[Found]:
    """Returns what is open on ``day`` and fits, the best first; without any words, the nearest deadline first.

    Args:
        session: The database.
        need: What is looked for: a sentence, or words.
        day: A day in Korea.
        region: Only announcements for that region or the whole country; where one names no region, it stays.
        audience: Only announcements for such firms; where one names nobody, it stays.
        limit: How many at most.

    Raises:
        UnknownRegion: ``region`` is no region of Korea.
    """
    wanted = None if region is None else region_of(region)
    fitting = [
        found
        for found in open_on(session, day)
        if (wanted is None or _serves_region(found, wanted)) and (audience is None or _serves(found, audience))
    ]
    return rank(fitting, need)[:limit]


def rank(announcements: Sequence[Announcement], need: str | Iterable[str]) -> list[Found]:
    """Returns the announcements that share words with a need, most first; all of them where the need has no words."""
    wanted = _wanted(need)
    if not wanted:
        return [Found(found, 0.0, ()) for found in announcements]
    pages = [_Page.of(found) for found in announcements]
    wanted = _mended(wanted, pages)
    worth = [[page.worth(word) for word in wanted] for page in pages]
    weights = [_rarity(sum(row[place] > 0 for row in worth), len(pages)) for place in range(len(wanted))]
    ranked = [
        Found(
            found,
            sum(value * weight for value, weight in zip(row, weights, strict=True)) / sum(weights),
            tuple(word for word, value in zip(wanted, row, strict=True) if value),
        )
        for found, row in zip(announcements, worth, strict=True)
    ]
    best = max((found.share for found in ranked), default=0.0)
    kept = [found for found in ranked if found.words and found.share >= CUT * best]
    return sorted(kept, key=lambda found: -found.share)  # stable: equal ones stay by deadline


def region_of(name: str) -> str:
    """Returns the short name of a region: 경기 for 경기도 or Gyeonggi-do.

    Raises:
        UnknownRegion: It is no region of Korea.
    """
    plain = re.sub(r"-(do|si)$", "", name.strip(), flags=re.IGNORECASE).casefold()
    for short, others in _filters()["regions"].items():
        if plain in (short, *(other.casefold() for other in others)):
            return str(short)
    raise UnknownRegion(f"region: {name!r} is no region of Korea; known are {', '.join(_filters()['regions'])}")


def regions_of(announcement: Announcement) -> frozenset[str]:
    """Returns the regions an announcement is for; empty: the whole country, or it does not say."""
    return _regions_among({*announcement.hashtags, *_who_calls(announcement)})


def regions_calling(announcement: Announcement) -> frozenset[str]:
    """Returns the regions whose own office calls for applications: the [부산] of a title, or 부산광역시 in charge.

    Surer than a tag; empty where nothing but tags names a region, or a tag says that it is for the whole country.
    """
    return _regions_among(_who_calls(announcement)) if regions_of(announcement) else frozenset()


def _who_calls(announcement: Announcement) -> set[str]:
    prefix = _TITLE_PREFIX.match(announcement.title)
    return {announcement.organisation, prefix.group(1).strip() if prefix else ""}


def _regions_among(names: set[str]) -> frozenset[str]:
    found = {short for short, others in _filters()["regions"].items() if not names.isdisjoint({short, *others})}
    if not names.isdisjoint(_filters()["nationwide"]) or len(found) >= _filters()["nationwide_from"]:
        return frozenset()
    return frozenset(found)


@dataclass(frozen=True)
class _Page:
    """An announcement to be searched: its words, by where they stand, and the same text without spaces."""

    title: str
    parts: tuple[tuple[float, frozenset[str], str], ...]

    @classmethod
    def of(cls, found: Announcement) -> _Page:
        texts = (
            (TITLE, found.title),
            (TAG, " ".join(found.hashtags)),
            (BODY, f"{found.summary}\n{found.audience}"),
        )
        return cls(found.title, tuple((value, _words(text), _squeezed(text)) for value, text in texts))

    def worth(self, word: str) -> float:
        best = 0.0
        for value, words, text in self.parts:
            if word in words:
                best = max(best, value)
            elif len(word) > 1 and word in text:
                best = max(best, value * INSIDE)
        return best


def _wanted(need: str | Iterable[str]) -> list[str]:
    text = need if isinstance(need, str) else " ".join(need)
    return [word for word in dict.fromkeys(content_words(text)) if not word.startswith("·")]


def _mended(wanted: list[str], pages: Sequence[_Page]) -> list[str]:
    """The words, a slip (바우쳐) replaced by the word that is used (바우처)."""
    # The analyser parts 수출바우처 and leaves 수출바우쳐 whole: words as they are written count as used too.
    used = {word for page in pages for _, words, _ in page.parts for word in words} | {
        word for page in pages for word in page.title.lower().split()
    }
    letters = {word: jamo(word) for word in used if len(word) >= SHORTEST_SLIP}
    mended = []
    for word in wanted:
        if len(word) >= SHORTEST_SLIP and not any(page.worth(word) for page in pages):
            close = process.extractOne(jamo(word), letters, scorer=fuzz.ratio, score_cutoff=ALIKE)
            word = close[2] if close else word
        mended.append(word)
    return list(dict.fromkeys(mended))


def _rarity(having: int, everybody: int) -> float:
    """The weight of a word that ``having`` of ``everybody`` use: the inverse document frequency of BM25."""
    return math.log(1 + (everybody - having + 0.5) / (having + 0.5))


@lru_cache(maxsize=8192)
def _words(text: str) -> frozenset[str]:
    return frozenset(word for word in content_words(text) if not word.startswith("·"))


def _squeezed(text: str) -> str:
    return "".join(text.split()).lower()


def _serves_region(found: Announcement, region: str) -> bool:
    regions = regions_of(found)
    return not regions or region in regions


def _serves(found: Announcement, audience: str) -> bool:
    if not found.audience:
        return True
    asked = audience.strip()
    named = _squeezed(found.audience + " ".join(found.hashtags))
    return any(_squeezed(word) in named for word in (asked, *_filters()["audiences"].get(asked, ())))


@lru_cache(maxsize=1)
def _filters() -> dict[str, Any]:
    read: dict[str, Any] = yaml.safe_load(FILTERS.read_text(encoding="utf-8"))
    return read
