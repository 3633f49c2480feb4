"""What connectors hand over, and the two ways in which that can fail."""

from __future__ import annotations

import json
from dataclasses import dataclass
from datetime import timedelta
from functools import cached_property
from typing import Any


class Refused(RuntimeError):
    """The receiver does not want the parcel as it is; trying again would not help."""


class Unreachable(RuntimeError):
    """The receiver can't take the parcel now; ``wait`` is how long it asked to wait, if it did."""

    def __init__(self, reason: str, wait: timedelta | None = None) -> None:
        super().__init__(reason)
        self.wait = wait


@dataclass(frozen=True)
class Enclosure:
    """A document with its bytes."""

    kind: str
    name: str
    media_type: str
    content: bytes


@dataclass(frozen=True)
class Parcel:
    """A package with its documents; the same ``key`` means the same parcel."""

    key: str
    package: dict[str, Any]
    enclosures: tuple[Enclosure, ...]

    @cached_property
    def pdf(self) -> bytes:
        """The package as a PDF for people."""
        from actions.cases.summary import pdf_of  # brings fpdf2 along; most commands print nothing

        return pdf_of(self.package)

    @property
    def number(self) -> str:
        """The receipt number."""
        return str(self.package["number"])

    @property
    def json(self) -> bytes:
        """The package as UTF-8 JSON; the same bytes every time."""
        return json.dumps(self.package, ensure_ascii=False, indent=1).encode()
