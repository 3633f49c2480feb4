"""Turns the rows of the service into announcements; a row that cannot be read is told and the rest go on."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import UTC, date, datetime
from typing import Any

from knowledge.announcements.client import Fetched
from knowledge.announcements.period import KOREA, read_period
from knowledge.announcements.plain import address_of, line_of, text_of

LONGEST_ID = 64

_FIELDS = {
    "id": ("pblancId", "seq"),
    "title": ("pblancNm", "title"),
    "organisation": ("jrsdInsttNm", "author"),
    "executing": ("excInsttNm",),
    "period": ("reqstBeginEndDe", "reqstDt"),
    "audience": ("trgetNm",),
    "summary": ("bsnsSumryCn", "description"),
    "url": ("pblancUrl", "link"),
    "hashtags": ("hashtags", "hashTags"),
    "sector": ("pldirSportRealmLclasCodeNm", "lcategory"),
    "registered": ("updtPnttm", "creatPnttm", "pubDate"),
}
"""The names of each field: as the service answers, then as its older documents call it."""

_FILES = (("printFlpthNm", "printFileNm"), ("flpthNm", "fileNm"))
"""Addresses and names of the announcement's own paper, and of what is attached to it."""


@dataclass(frozen=True)
class Attachment:
    """A file of an announcement; ``name`` is "" where the service's names do not fit its addresses one to one."""

    name: str
    url: str


@dataclass(frozen=True)
class Announcement:
    """An announcement of a support programme.

    Attributes:
        id: Number the service gives it (pblancId).
        title: Its title, in Korean.
        organisation: Office in charge (소관기관).
        executing: Organisation that carries it out (수행기관); "" where not named.
        opens: First day of applications, None where unknown.
        closes: Last day of applications (included, in Korea), None where unknown or without end.
        period: The period as the office wrote it.
        always_open: True where applications are taken all the time.
        audience: Who it is for, as the office wrote it; "" where not named.
        summary: What it is about, plain text, a paragraph a line.
        url: Address of the announcement, or None where the service gave none that is safe.
        attachments: Its files.
        hashtags: Its tags: year, field, regions, offices.
        sector_class: Class of the list it was fetched from; 04 is export.
        sector: Class as the announcement names it, such as 수출.
        registered_at: When the office entered or last changed it, None where unknown.
        fetched_at: When it was last seen in the list.
    """

    id: str
    title: str
    organisation: str
    executing: str
    opens: date | None
    closes: date | None
    period: str
    always_open: bool
    audience: str
    summary: str
    url: str | None
    attachments: tuple[Attachment, ...]
    hashtags: tuple[str, ...]
    sector_class: str
    sector: str
    registered_at: datetime | None
    fetched_at: datetime


@dataclass(frozen=True)
class UnreadRow:
    """A row that could not be read: its place in the fetch, its number if it has one, and why."""

    position: int
    id: str | None
    reason: str


@dataclass(frozen=True)
class Reading:
    """What came of a fetch: announcements, one for each number, and the rows that could not be read."""

    announcements: tuple[Announcement, ...]
    unread: tuple[UnreadRow, ...]


class RowError(ValueError):
    """A row lacks what an announcement cannot do without."""


def read_rows(fetched: Fetched) -> Reading:
    """Returns the announcements of a fetch; of two with one number the one entered or sent later."""
    found: dict[str, Announcement] = {}
    unread: list[UnreadRow] = []
    for position, row in enumerate(fetched.rows):
        try:
            read = read_row(row, fetched)
        except RowError as error:
            unread.append(UnreadRow(position, _identity(row), str(error)))
            continue
        before = found.get(read.id)
        if before is None or _entered(read) >= _entered(before):
            found[read.id] = read
    return Reading(tuple(found.values()), tuple(unread))


def read_row(row: Any, fetched: Fetched) -> Announcement:
    """Returns one row as an announcement.

    Raises:
        RowError: The row is no object, or has no number or no title.
    """
    if not isinstance(row, dict):
        raise RowError("the row is no object")
    number, title = line_of(_value(row, "id")), line_of(_value(row, "title"))
    if not number or len(number) > LONGEST_ID:
        raise RowError("pblancId is missing" if not number else "pblancId is too long")
    if not title:
        raise RowError("pblancNm is missing")
    period = read_period(line_of(_value(row, "period")))
    return Announcement(
        id=number,
        title=title,
        organisation=line_of(_value(row, "organisation")),
        executing=line_of(_value(row, "executing")),
        opens=period.opens,
        closes=period.closes,
        period=period.words,
        always_open=period.always_open,
        audience=line_of(_value(row, "audience")),
        summary=text_of(_value(row, "summary")),
        url=address_of(_value(row, "url")),
        attachments=tuple(_attachments(row)),
        hashtags=_tags(line_of(_value(row, "hashtags"))),
        sector_class=fetched.sector_class,
        sector=line_of(_value(row, "sector")),
        registered_at=_moment(line_of(_value(row, "registered"))),
        fetched_at=fetched.at,
    )


def _value(row: dict[str, Any], field: str) -> Any:
    return next((row[name] for name in _FIELDS[field] if row.get(name) not in (None, "")), "")


def _identity(row: Any) -> str | None:
    number = line_of(_value(row, "id")) if isinstance(row, dict) else ""
    return number[:LONGEST_ID] or None


def _entered(announcement: Announcement) -> datetime:
    return announcement.registered_at or datetime.min.replace(tzinfo=UTC)


def _tags(text: str) -> tuple[str, ...]:
    return tuple(dict.fromkeys(tag for part in text.split(",") if (tag := part.strip().lstrip("#").strip())))


def _attachments(row: dict[str, Any]) -> Iterable[Attachment]:
    seen: set[str] = set()
    for addresses, names in _FILES:
        for name, url in _pairs(row.get(addresses), row.get(names)):
            if url not in seen:
                seen.add(url)
                yield Attachment(name, url)


def _pairs(addresses: Any, names: Any) -> Iterable[tuple[str, str]]:
    """Pairs of name and safe address; a name may hold an @ of its own, so unequal counts cannot be paired."""
    whole = line_of(names)
    urls = [part.strip() for part in str(addresses or "").split("@") if part.strip()]
    called = [part.strip() for part in whole.split("@")]
    if len(urls) == 1:
        called = [whole]
    if len(called) != len(urls):
        called = [""] * len(urls)
    for name, raw in zip(called, urls, strict=True):
        if url := address_of(raw):
            yield name, url


def _moment(text: str) -> datetime | None:
    """A time the service wrote, which is Korean; None where it is none."""
    try:
        read = datetime.fromisoformat(text.removesuffix(".0"))
    except ValueError:
        return None
    return (read if read.tzinfo else read.replace(tzinfo=KOREA)).astimezone(UTC)
