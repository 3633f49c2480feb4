"""Finds open announcements that fit a need: filtered by region and audience, ranked by the words they share."""

from __future__ import annotations

import math
import re
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from datetime import date
from functools import lru_cache
from itertools import pairwise
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
"""What a word is worth that stands inside a longer one (전시 in 해외전시회), against one at its head."""
CUT = 0.35
"""Announcements that share less than this part of what the best one shares are left out."""
ALIKE = 83.0
"""Likeness in letters (0 to 100) from which a word nobody uses is read as a slip of one that is used.

One letter of six may differ (바우쳐 for 바우처, 83.3); 수산물 and 축산물 (82.4) must stay apart.
"""
SHORTEST_SLIP = 3

_WORD = re.compile(r"\w+")
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
    pages = [_page(found) for found in announcements]
    wanted = _mended(wanted, pages)
    worth = [[_worth(page, word) for word in wanted] for page in pages]
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
class _Part:
    """A part of an announcement: what a word in it is worth, its words, and the same without spaces."""

    value: float
    words: tuple[str, ...]
    text: str

    @classmethod
    def of(cls, value: float, text: str) -> _Part:
        words = tuple(_WORD.findall(text.lower()))
        return cls(value, words, "".join(words))

    def worth(self, word: str) -> float:
        """What it counts that the word is here: at the head of a word, inside one, or not at all.

        A word of one syllable (김) is too short to be told apart inside others (김치).
        """
        if len(word) == 1:
            return self.value if word in self.words else 0.0
        if word not in self.text:
            return 0.0
        return self.value if any(each.startswith(word) for each in self.words) else self.value * INSIDE


@lru_cache(maxsize=4096)
def _parts(title: str, hashtags: tuple[str, ...], body: str) -> tuple[_Part, ...]:
    return (_Part.of(TITLE, title), _Part.of(TAG, " ".join(hashtags)), _Part.of(BODY, body))


def _page(found: Announcement) -> tuple[_Part, ...]:
    return _parts(found.title, found.hashtags, f"{found.summary}\n{found.audience}")


def _worth(page: tuple[_Part, ...], word: str) -> float:
    return max(part.worth(word) for part in page)


def _wanted(need: str | Iterable[str]) -> list[str]:
    text = need if isinstance(need, str) else " ".join(need)
    return [word for word in dict.fromkeys(content_words(text)) if not word.startswith("·")]


def _mended(wanted: list[str], pages: Sequence[tuple[_Part, ...]]) -> list[str]:
    """The words, a slip (바우쳐) replaced by the like stretch of a word, or of two in a row, in titles and tags."""
    slips = [word for word in wanted if len(word) >= SHORTEST_SLIP and not any(_worth(page, word) for page in pages)]
    if not slips:
        return wanted
    heads = [part.words for page in pages for part in page if part.value > BODY]
    used = {each for words in heads for each in (*words, *map("".join, pairwise(words))) if len(each) >= SHORTEST_SLIP}
    mended = {}
    for slip in slips:
        size = len(slip)
        stretches = {each[at : at + size] for each in used for at in range(len(each) - size + 1)}
        letters = {stretch: jamo(stretch) for stretch in stretches}
        close = process.extractOne(jamo(slip), letters, scorer=fuzz.ratio, score_cutoff=ALIKE)
        mended[slip] = close[2] if close else slip
    return list(dict.fromkeys(mended.get(word, word) for word in wanted))


def _rarity(having: int, everybody: int) -> float:
    """The weight of a word that ``having`` of ``everybody`` use: the inverse document frequency of BM25."""
    return math.log(1 + (everybody - having + 0.5) / (having + 0.5))


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
