"""What stands below an answer: what its jargon means and where it comes from, as lines or as cards to swipe."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

from actions.reply import SourceNote, TermNote, Turn
from actions.texts import text
from channels import plain
from channels.kakao import parts
from channels.kakao.fitting import length, split
from channels.kakao.parts import Component
from channels.limits import KAKAO
from knowledge.record import Language

LINES_AT_MOST = 4
"""Terms and sources up to which they are told as lines; more would bury the answer."""


@dataclass(frozen=True)
class Notes:
    """The terms and sources of a turn, each once."""

    terms: Sequence[TermNote]
    sources: Sequence[SourceNote]
    language: Language

    @classmethod
    def of(cls, turn: Turn) -> Notes:
        """Returns the notes of a turn."""
        terms = tuple(dict.fromkeys(note for reply in turn.replies for note in reply.terms))
        sources = tuple(dict.fromkeys(note for reply in turn.replies for note in reply.sources))
        return cls(terms, sources, turn.language)

    @property
    def many(self) -> bool:
        """Whether they are better swiped than read as lines."""
        count = len(self.terms) + len(self.sources)
        told = "\n".join([*plain.term_lines(self.terms, self.language), *self.source_lines()])
        return count > LINES_AT_MOST or (count > 1 and length(told) > KAKAO.simple_text_folds)

    def source_lines(self) -> list[str]:
        """Returns every source with its address, under their heading."""
        return plain.source_lines(self.sources, self.language)

    def with_buttons(self, most: int) -> tuple[str, list[Component]]:
        """Returns the sources numbered, and the buttons that open them; no buttons if there would be too many."""
        places: dict[str, list[int]] = {}
        for number, note in enumerate(self.sources, 1):
            if _opens(note):
                places.setdefault(note.url or "", []).append(number)
        if not 0 < len(places) <= most:
            return "", []
        only = len(self.sources) == 1
        told = [plain.source_line(_bare(note), self.language) for note in self.sources]
        lines = [f"· {line}" if only else f"{number}. {line}" for number, line in enumerate(told, 1)]
        buttons = [parts.link(self._label(numbers, only), url) for url, numbers in places.items()]
        return "\n".join([self._heading, *lines]), buttons

    def swiped(self) -> tuple[list[str], list[Component]]:
        """Returns a card for each term and source, and the lines of those no card holds."""
        lines: list[str] = []
        cards: list[Component] = []
        for term in self.terms:
            fits = _fits(term.term, term.plain)
            cards += [parts.bare_text_card(term.term, term.plain)] if fits else []
            lines += [] if fits else plain.term_lines([term], self.language)
        for number, note in enumerate(self.sources, 1):
            card = self._card(number, note)
            cards += [card] if card else []
            lines += [] if card else [f"{self._heading} {number}. {plain.source_line(note, self.language)}"]
        return lines, cards

    def _card(self, number: int, note: SourceNote) -> Component | None:
        """Returns a source as a card: a long title flows on into the words below it."""
        named = f"{self._heading} {number}. {note.title}"
        told = plain.source_line(_bare(note), self.language).removeprefix(note.title).strip()
        title, *rest = split(named, KAKAO.text_card_title)
        description = " ".join([*rest, told])
        if not _fits(title, description):
            return None
        buttons = [parts.link(text("kakao_source_only", self.language), note.url)] if note.url and _opens(note) else []
        return parts.bare_text_card(title, description, buttons)

    @property
    def _heading(self) -> str:
        return text("channel_sources", self.language)

    def _label(self, numbers: Sequence[int], only: bool) -> str:
        if only:
            return text("kakao_source_only", self.language)
        return text("kakao_source", self.language, numbers=", ".join(map(str, numbers)))


def _opens(note: SourceNote) -> bool:
    return bool(note.url and note.url.startswith("https://"))


def _bare(note: SourceNote) -> SourceNote:
    """Returns a source without the address that a button opens."""
    return note.model_copy(update={"url": None}) if _opens(note) else note


def _fits(title: str, description: str) -> bool:
    return (
        0 < length(title) <= KAKAO.text_card_title
        and 0 < length(description) <= KAKAO.text_card_description_in_carousel
    )
