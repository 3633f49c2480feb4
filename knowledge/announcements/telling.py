"""Tells an announcement in rows of label and text, with its source; every word of ours is in ``telling.yaml``."""

from __future__ import annotations

from datetime import date
from functools import lru_cache
from pathlib import Path
from typing import Any

import yaml
from babel.dates import format_date

from knowledge.announcements.period import korean_day
from knowledge.announcements.plain import HOME
from knowledge.announcements.reading import Announcement
from knowledge.record import LANGUAGES, Basis, Language, Source

WORDS = Path(__file__).parent / "telling.yaml"
LONGEST_SUMMARY = 300
"""Letters of a summary that are told; the rest is in the announcement."""


def rows(announcement: Announcement, language: Language, day: date | None = None) -> tuple[tuple[str, str], ...]:
    """Returns an announcement as rows of label and text; what it does not name has no row.

    Args:
        announcement: The announcement; its own words stay Korean in both languages.
        language: Language of the labels and of the dates.
        day: The day in Korea to reckon the deadline from; today if not given.
    """
    told = {
        "title": announcement.title,
        "organisation": announcement.organisation,
        "executing": announcement.executing,
        "audience": announcement.audience,
        "period": period(announcement, language),
        "deadline": deadline(announcement, language, day),
        "summary": summary(announcement),
        "attachments": ", ".join(name for name, _ in attachments(announcement, language)),
        "url": announcement.url or "",
    }
    labels = _words()["labels"]
    return tuple((labels[name][language], text) for name, text in told.items() if text)


def period(announcement: Announcement, language: Language) -> str:
    """Returns the days of application, or the office's own words where they say more; "" where it wrote nothing."""
    days = _days(announcement, language)
    if announcement.opens and announcement.closes:
        return days
    if days and announcement.period:
        return _say("period", "both_words", language, days=days, words=announcement.period)
    return _say("period", "words", language, words=announcement.period) if announcement.period else ""


def deadline(announcement: Announcement, language: Language, day: date | None = None) -> str:
    """Returns what is known of the deadline, seen from a day in Korea; never a guess."""
    on, closes = day or korean_day(), announcement.closes
    if closes and closes < on:
        return _say("deadline", "over", language, closes=_date(closes, language))
    if announcement.opens and announcement.opens > on:
        return _say("deadline", "later", language, opens=_date(announcement.opens, language))
    if closes is None:
        return _say("deadline", "always" if announcement.always_open else "unknown", language)
    left = (closes - on).days
    form = {0: "today", 1: "day"}.get(left, "days")
    return _say("deadline", form, language, closes=_date(closes, language), count=left)


def summary(announcement: Announcement) -> str:
    """Returns the beginning of the summary on one line, cut between words."""
    text = " ".join(announcement.summary.split())
    if len(text) <= LONGEST_SUMMARY:
        return text
    return text[:LONGEST_SUMMARY].rsplit(" ", 1)[0] + " …"


def attachments(announcement: Announcement, language: Language) -> tuple[tuple[str, str], ...]:
    """Returns the files as pairs of name and address; those without a name are numbered."""
    return tuple(
        (file.name or _words()["attachment"][language].format(number=number), file.url)
        for number, file in enumerate(announcement.attachments, 1)
    )


def note(language: Language) -> str:
    """Returns the sentence that belongs under announcements: whose words they are, and where to check."""
    return str(_words()["note"][language])


def source(announcement: Announcement) -> Source:
    """Returns the source: the ministry's list, the announcement's address, and the day in Korea it was fetched."""
    titles: dict[Language, str] = {language: _words()["source"]["title"][language] for language in LANGUAGES}
    return Source(
        title=titles,
        locator=announcement.id,
        url=announcement.url or HOME,
        as_of=korean_day(announcement.fetched_at).isoformat(),
        basis=Basis.OFFICIAL,
    )


def document(announcement: Announcement, language: Language, day: date | None = None) -> dict[str, Any]:
    """Returns an announcement for machines: days as ISO 8601, null where unknown, sentences in ``language``."""
    return {
        "id": announcement.id,
        "title": announcement.title,
        "organisation": announcement.organisation,
        "executing": announcement.executing or None,
        "audience": announcement.audience or None,
        "opens": announcement.opens.isoformat() if announcement.opens else None,
        "closes": announcement.closes.isoformat() if announcement.closes else None,
        "period": announcement.period or None,
        "always_open": announcement.always_open,
        "deadline": deadline(announcement, language, day),
        "summary": announcement.summary or None,
        "url": announcement.url,
        "attachments": [{"name": name, "url": url} for name, url in attachments(announcement, language)],
        "hashtags": list(announcement.hashtags),
        "sector": announcement.sector or None,
        "source": source(announcement).model_dump(mode="json"),
    }


def _days(announcement: Announcement, language: Language) -> str:
    opens, closes = announcement.opens, announcement.closes
    if not opens and not closes:
        return ""
    return _say(
        "period",
        "both" if opens and closes else "opens" if opens else "closes",
        language,
        opens=_date(opens, language) if opens else "",
        closes=_date(closes, language) if closes else "",
    )


def _date(day: date, language: Language) -> str:
    return format_date(day, "long", locale=language)


def _say(part: str, form: str, language: Language, **values: object) -> str:
    return str(_words()[part][form][language].format(**values))


@lru_cache(maxsize=1)
def _words() -> dict[str, Any]:
    words: dict[str, Any] = yaml.safe_load(WORDS.read_text(encoding="utf-8"))
    return words
