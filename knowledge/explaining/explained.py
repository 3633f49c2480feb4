"""Explains a whole text: what it is, its trade words, its plain retelling, what it asks for, a letter of credit."""

from __future__ import annotations

import re
from dataclasses import dataclass
from functools import cached_property
from typing import Any

from knowledge.explaining.demands import Demand, DemandFinder
from knowledge.explaining.letter.reading import Letter, read_letter
from knowledge.explaining.letter.telling import document as letter_document
from knowledge.explaining.letter.telling import plain_text as letter_text
from knowledge.explaining.pack import Both, Words, current_words
from knowledge.explaining.plain import Retold, meaning, retell
from knowledge.explaining.terms import Term, find_terms
from knowledge.language.detect import detect_language
from knowledge.record import LANGUAGES, Language
from knowledge.shelf import Shelf

LONGEST_TEXT = 20_000
"""Characters of a text that is explained; a SWIFT letter of credit with its continuations stays below."""

UNKNOWN_AT_MOST = 8
"""Words told to be unknown; a text with more is better shown to a person."""

_ABBREVIATION = re.compile(r"(?<![A-Za-z0-9@./_-])[A-Z][A-Z/&-]{1,6}[A-Z](?![A-Za-z0-9@_]|[./-]\w)")


@dataclass(frozen=True)
class Explained:
    """A text and everything said of it; what is not asked for is not worked out."""

    text: str
    language: Language
    shelf: Shelf
    words: Words

    @cached_property
    def terms(self) -> tuple[Term, ...]:
        """Its trade words, in order."""
        return find_terms(self.text, self.shelf)

    @cached_property
    def letter(self) -> Letter | None:
        """The letter of credit it is, or None."""
        return read_letter(self.text, self.words)

    @cached_property
    def demands(self) -> tuple[Demand, ...]:
        """What it asks its reader to do; a letter of credit asks through its papers instead."""
        return () if self.letter else DemandFinder(self.words.plain).find(self.text)

    @cached_property
    def kind(self) -> Both | None:
        """What kind of notice it seems to be, or None."""
        for kind in self.words.plain["kinds"].values():
            if any(re.search(pattern, self.text, re.IGNORECASE) for pattern in kind["written"]):
                return kind["name"]  # type: ignore[no-any-return]
        return None

    @cached_property
    def retold(self) -> Retold:
        """The text itself in plain words."""
        return retell(self.text, self.terms, self.words.plain, self.language)

    @cached_property
    def unknown(self) -> tuple[str, ...]:
        """Abbreviations that look like trade words and are not known; none is looked for in text all in capitals."""
        if self.text.upper() == self.text and not re.search("[가-힣]", self.text):
            return ()
        known = {place for term in self.terms for place in term.places}
        plain = set(self.words.plain["unit_words"])
        found = []
        for match in _ABBREVIATION.finditer(self.text):
            inside = any(place.start < match.end() and match.start() < place.end for place in known)
            if (
                not inside
                and not _in_a_name(self.text, match)
                and match.group() not in plain
                and not self.shelf.gazetteer.exact(match.group())
            ):
                found.append(match.group())
        return tuple(dict.fromkeys(found))[:UNKNOWN_AT_MOST]

    def said(self, key: str, **values: object) -> str:
        """Returns a sentence of the pack."""
        return str(self.words.plain["said"][key][self.language].format(**values))

    @property
    def plain_text(self) -> str:
        """Returns everything as one text."""
        if self.letter:
            return letter_text(self.letter, self.language)
        parts = [self.retold.text.strip(), "\n".join(self._beneath())]
        return "\n\n".join(part for part in parts if part)

    def _beneath(self) -> list[str]:
        lines = []
        if len(self.text.split()) >= 8:
            lines.append(self.said("kind", kind=self.kind[self.language]) if self.kind else self.said("kind_unknown"))
            lines += (
                [self.said("demands"), *map(self._demand, self.demands)] if self.demands else [self.said("no_demands")]
            )
        if self.retold.below:
            notes = (f"- {term.term}: {meaning(term.record, self.language)}" for term in self.retold.below)
            lines += [self.said("notes"), *notes]
        if self.unknown:
            lines.append(self.said("unknown", words=", ".join(self.unknown)))
        if detect_language(self.text) not in (self.language, None):
            lines.append(self.said("other_language"))
        return lines

    def _demand(self, demand: Demand) -> str:
        by = self.said("by", by=", ".join(demand.by)) if demand.by else self.said("no_date")
        to = f"; {self.said('to', to=', '.join(demand.to))}" if demand.to else ""
        return f"- {demand.quote} ({by}{to})"

    def document(self) -> dict[str, Any]:
        """Returns all of it as the API and the command line give it."""
        found: dict[str, Any] = {
            "language": self.language,
            "kind": self.kind,
            "terms": [self._term(term) for term in self.terms],
            "plain_text": self.plain_text,
            "demands": [
                {"quote": d.quote, "start": d.start, "end": d.end, "by": list(d.by), "to": list(d.to)}
                for d in self.demands
            ],
            "not_understood": list(self.unknown),
        }
        if self.letter:
            found["letter_of_credit"] = letter_document(self.letter, self.shelf.library)
        return found

    def _term(self, term: Term) -> dict[str, Any]:
        source = term.record.source
        return {
            "term": term.term,
            "start": term.start,
            "end": term.end,
            "plain": term.record.text(self.language).plain,
            "record": term.record.id,
            "places": [{"start": place.start, "end": place.end} for place in term.places],
            "meaning": {language: term.record.text(language).plain for language in LANGUAGES},
            "source": {
                "title": source.title[self.language],
                "locator": source.locator,
                "url": source.url,
                "as_of": source.as_of,
                "basis": source.basis.value,
            },
        }


def _in_a_name(text: str, match: re.Match[str]) -> bool:
    """Whether a word in capitals stands beside another one, as in the name of a ship or firm."""
    before, after = text[: match.start()], text[match.end() :]
    return bool(
        re.search(r"[A-Z]{2,}[.,]? $", before)
        or re.match(r" [A-Z]{2,}|[.,]? (?:Co|Ltd|Inc|GmbH|Corp|LLC|S\.A)\b", after)
    )


def explain(text: str, shelf: Shelf, language: Language | None = None) -> Explained:
    """Returns ``text`` explained in ``language``, by default its own (English where it cannot be told)."""
    text = text.encode("utf-8", "replace").decode()  # half a surrogate pair, which JSON lets through, breaks analysers
    return Explained(text, language or detect_language(text) or "en", shelf, current_words())
