"""Reads a whole letter of credit: its fields, what they come to, its dangers and contradictions."""

from __future__ import annotations

import re
from dataclasses import dataclass
from datetime import date, timedelta
from decimal import Decimal
from functools import cached_property
from typing import Literal

from knowledge.explaining.letter.fields import Field, read_fields
from knowledge.explaining.letter.papers import Paper, read_papers
from knowledge.explaining.letter.values import (
    Day,
    Money,
    Period,
    Tolerance,
    read_day,
    read_money,
    read_period,
    read_tolerance,
)
from knowledge.explaining.pack import Words

Form = Literal["MT700", "MT707", "MT710", "MT720", "printed"]

_NAMED_FORM = re.compile(r"\b(?:mt|i|o|fin)[\s.]?(7(?:00|07|10|20))\b|\{2:[IO](7(?:00|07|10|20))", re.IGNORECASE)
_ABOUT = re.compile(r"\b(?:about|approximately|approx|circa)\b", re.IGNORECASE)
_IN_TEXT_PERIOD = re.compile(
    r"present\w*.{0,80}?within\s+[^.]{0,40}?\d{1,3}\s*\)?\s*(?:calendar\s+)?days[^.;\n]{0,80}", re.I | re.S
)
_PLACE_WORDS = re.compile(r"^(?:\W|\b(?:date|place|at|in|and|of|expiry|the)\b)+|\W+$", re.IGNORECASE)
_PARTS = re.compile(r"(\d)\s*/\s*(\d)")
AMENDMENT = "MT707"


@dataclass(frozen=True)
class Letter:
    """A letter of credit as it stands; what follows from it is worked out when asked for."""

    form: Form
    fields: tuple[Field, ...]
    words: Words
    text: str

    def get(self, *tags: str) -> str | None:
        """Returns the content of the first of ``tags`` that is there, several of one tag joined; None if none is."""
        for tag in tags:
            contents = [field.content for field in self.fields if field.tag == tag]
            if contents:
                return "\n".join(contents)
        return None

    def line(self, *tags: str) -> str | None:
        """Returns a content on one line, or None."""
        content = self.get(*tags)
        return re.sub(r"\s+", " ", content).strip() if content else None

    def party(self, *tags: str) -> str | None:
        """Returns the name of a party: the first line that is no account number."""
        lines = [line.strip() for line in (self.get(*tags) or "").splitlines()]
        return next((line for line in lines if line and not line.startswith("/")), None)

    @property
    def is_amendment(self) -> bool:
        """Whether it changes a credit instead of giving one."""
        return self.form == AMENDMENT

    @cached_property
    def money(self) -> Money | None:
        """The sum of the credit (of an amendment: the new sum, if it says)."""
        content = self.get("34B") if self.is_amendment else self.get("32B")
        return read_money(content) if content else None

    @cached_property
    def tolerance(self) -> Tolerance | None:
        """By how many percent the sum may differ."""
        if content := self.get("39A"):
            return read_tolerance(content)
        amount = self.get("32B") or ""
        if found := read_tolerance(amount):
            return found
        if _ABOUT.search(amount) or _ABOUT.search(self.get("39B") or ""):
            percent = int(self.words.rules["about"]["percent"])
            return Tolerance(percent, percent)
        return None

    @cached_property
    def bounds(self) -> tuple[Decimal, Decimal] | None:
        """The least and the most that may be drawn, where a tolerance is given."""
        if not (self.money and self.money.amount is not None and self.tolerance):
            return None
        one = self.money.amount / 100
        return self.money.amount - one * self.tolerance.minus, self.money.amount + one * self.tolerance.plus

    @cached_property
    def issue(self) -> Day | None:
        """The day it was opened."""
        return self._day("31C")

    @cached_property
    def expiry(self) -> Day | None:
        """The day it ends; ``rest`` is the place."""
        return self._day("31E", "31D")

    @property
    def expiry_place(self) -> str | None:
        """Where it ends, as written."""
        if self.expiry is None:
            return None
        place = _PLACE_WORDS.sub("", re.sub(r"\s+", " ", self.expiry.rest)).strip()
        return place or None

    @cached_property
    def latest_shipment(self) -> Day | None:
        """The last day for loading."""
        return self._day("44C")

    @cached_property
    def stated_period(self) -> tuple[Period | None, str] | None:
        """The days for presenting papers and the words they stand in; None where the credit is silent."""
        if content := self.line("48"):
            return read_period(content), content
        if match := _IN_TEXT_PERIOD.search(self.text):
            sentence = re.sub(r"\s+", " ", match.group())
            return read_period(sentence[re.search(r"within", sentence, re.I).start() :]), sentence  # type: ignore[union-attr]
        return None

    @cached_property
    def period(self) -> Period | None:
        """The days for presenting papers, the usual ones where the credit is silent and asks for a transport paper."""
        if self.stated_period:
            return self.stated_period[0]
        usual = any(paper.kind and paper.kind.transport for paper in self.papers) and not self.is_amendment
        return Period(int(self.words.rules["presentation_default"]["days"]), True) if usual else None

    @property
    def usual_period(self) -> bool:
        """Whether the days are the usual ones and not the credit's own."""
        return self.stated_period is None and self.period is not None

    @cached_property
    def present_by(self) -> date | None:
        """The last day for the papers if the goods are loaded on the last day; None where that cannot be said."""
        ends = self.expiry.value if self.expiry else None
        shipment = self.latest_shipment.value if self.latest_shipment else None
        if self.period is None or not self.period.after_shipment or shipment is None or ends is None:
            return None
        return min(shipment + timedelta(days=self.period.days), ends)

    @cached_property
    def papers(self) -> tuple[Paper, ...]:
        """The checklist of papers."""
        content = self.get("46A", "46B")
        return read_papers(content, self.words.papers) if content else ()

    @property
    def more_parts(self) -> str | None:
        """Which part of how many this is, where there are more."""
        match = _PARTS.search(self.get("27") or "")
        return match.group().replace(" ", "") if match and match[1] != match[2] or match and match[2] != "1" else None

    @property
    def unknown(self) -> tuple[Field, ...]:
        """Fields whose tag is unknown."""
        return tuple(field for field in self.fields if not field.known)

    def _day(self, *tags: str) -> Day | None:
        content = self.get(*tags)
        return read_day(content) if content else None


def read_letter(text: str, words: Words) -> Letter | None:
    """Returns the letter of credit that ``text`` is, or None if it is none."""
    found = read_fields(text, words.fields)
    if found is None:
        return None
    written, fields = found
    return Letter(_form(text, written, {field.tag for field in fields}), fields, words, text)


def _form(text: str, written: str, tags: set[str]) -> Form:
    named = _NAMED_FORM.search(text)
    if named:
        return f"MT{named[1] or named[2]}"  # type: ignore[return-value]
    if written == "printed":
        return "printed"
    if tags & {"26E", "22A", "45B", "46B", "47B", "33B", "34B", "31E"}:
        return "MT707"
    if "40B" in tags:
        return "MT720" if re.search(r"second beneficiary|first beneficiary", text, re.IGNORECASE) else "MT710"
    return "MT700"
