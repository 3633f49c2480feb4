"""Reads a statute's text (Markdown with a head, as law.go.kr texts are commonly kept) into its articles."""

from __future__ import annotations

import hashlib
import re
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path

import yaml

_HEAD = re.compile(r"\A---\n(.*?)\n---\n", re.DOTALL)
_ARTICLE = re.compile(r"^#{2,6}\s*(제\d+조(?:의\d+)*)\s*(?:\(([^)\n]*)\))?", re.MULTILINE)
_HEADING = re.compile(r"^#{1,6}\s", re.MULTILINE)
_SUPPLEMENT = re.compile(r"^#{1,6}\s*부칙|^부칙[<( ]", re.MULTILINE)
_AMENDED = re.compile(
    r"<[^<>\n]*(?:개정|신설|삭제|전문개정|본조신설|제목개정)[^<>\n]*>|\[[^\[\]\n]*\d{4}\.[^\[\]\n]*\]"
)


class StatuteError(ValueError):
    """A file is no statute that can be read; the message says why."""


@dataclass(frozen=True)
class Article:
    """One article: its number (``제38조의2``), heading, and the digest of its words."""

    number: str
    heading: str
    digest: str


@dataclass(frozen=True)
class Statute:
    """A statute: its title, the day its text came into force (ISO 8601), and its articles in order."""

    title: str
    in_force: str
    articles: tuple[Article, ...]


def read_statute(path: Path) -> Statute:
    """Reads a statute's file.

    Raises:
        StatuteError: It is not UTF-8, has no head with 제목 and 시행일자, or no article.
    """
    try:
        text = path.read_text(encoding="utf-8")
    except UnicodeDecodeError as error:
        raise StatuteError(f"{path}: not UTF-8") from error
    head = _HEAD.match(text)
    told = yaml.safe_load(head[1]) if head else None
    if not isinstance(told, dict) or not told.get("제목") or not told.get("시행일자"):
        raise StatuteError(f"{path}: no head with 제목 and 시행일자")
    assert head is not None
    articles = tuple(_articles(text[head.end() :]))
    if not articles:
        raise StatuteError(f"{path}: no article found (headings like '##### 제1조 (목적)')")
    return Statute(str(told["제목"]), str(told["시행일자"]), articles)


def _articles(body: str) -> Iterator[Article]:
    """Yields the articles before the supplementary provisions, which number anew."""
    end = _SUPPLEMENT.search(body)
    body = body[: end.start()] if end else body
    for found in _ARTICLE.finditer(body):
        following = _HEADING.search(body, found.end())
        words = body[found.end() : following.start() if following else len(body)]
        yield Article(found[1], (found[2] or "").strip(), digest_of(words))


def digest_of(words: str) -> str:
    """Returns a digest of what an article says: notes on amendments, marks and spacing do not count."""
    plain = re.sub(r"[\s*\\_#>]+", "", _AMENDED.sub("", words))
    return hashlib.sha256(plain.encode()).hexdigest()[:16]
