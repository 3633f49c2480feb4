"""Turns become KakaoTalk's components: what is said, in order, as few bubbles as hold it, sources last.

Nothing is lost: a choice becomes a button, and what a component would cut can be read on the linked page.
"""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass, field

from actions.reply import Card, Choice, File, Image, Outcome, Reply, Turn
from actions.texts import text
from channels import plain
from channels.kakao import cards, parts
from channels.kakao.cards import Offers
from channels.kakao.fitting import labels, length, short, split
from channels.kakao.links import DAYS, Links
from channels.kakao.notes import Notes
from channels.kakao.parts import Component, Offer
from channels.limits import KAKAO
from knowledge.record import Language

OPENERS = {
    "application/pdf": "kakao_open_pdf",
    "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet": "kakao_open_sheet",
    "text/csv": "kakao_open_sheet",
    "text/calendar": "kakao_open_calendar",
}

LONG_TITLES = 2
"""Choices whose titles no label holds, from which they are shown as a list."""


ASKING = (Outcome.NEEDS_INPUT, Outcome.CLARIFY)
"""Outcomes whose choices are answers to a question: they are offered when the question is shown, not before."""


@dataclass(frozen=True)
class Piece:
    """A component, and the choices that can be made once it is read."""

    component: Component
    offers: tuple[Offer, ...] = ()


def offers(turns: Iterable[Turn], reserved: Iterable[str] = ()) -> Offers:
    """Returns how each choice of some turns is offered; what pressing writes tells all of them apart."""
    every = dict.fromkeys(choice for turn in turns for reply in turn.replies for choice in reply.choices)
    taken = set(reserved)
    said = [_free(short(choice.title, KAKAO.message_text), taken) for choice in every]
    shown = labels(said, KAKAO.quick_reply_label)
    return {
        choice: Offer(label, words, choice.payload) for choice, words, label in zip(every, said, shown, strict=True)
    }


def render(turn: Turn, offered: Offers, links: Links, lead: str | None = None) -> list[Piece]:
    """Returns a turn as components, in the order of reading.

    Args:
        turn: What is said.
        offered: How its choices are offered; see ``offers``.
        links: Makes addresses of files and pages.
        lead: Words to stand before it.
    """
    unfolded = _Composer(turn, offered, links, KAKAO.simple_text_folds).compose(lead)
    if len(unfolded) <= KAKAO.outputs:
        return unfolded
    folded = _Composer(turn, offered, links, KAKAO.simple_text).compose(lead)
    return folded if len(folded) < len(unfolded) else unfolded


@dataclass
class _Composer:
    """Collects text until something else must stand after it."""

    turn: Turn
    offered: Offers
    links: Links
    longest: int
    words: list[str] = field(default_factory=list)
    open_choices: list[Choice] = field(default_factory=list)
    picked: list[Choice] = field(default_factory=list)
    pieces: list[Piece] = field(default_factory=list)

    def __post_init__(self) -> None:
        self.language: Language = self.turn.language
        self.page = self.links.page(self.turn)
        self.notes = Notes.of(self.turn)

    def compose(self, lead: str | None) -> list[Piece]:
        if lead:
            self.words.append(lead)
        for reply in self.turn.replies:
            self._reply(reply)
        if self.notes.many:
            self._swipe_notes()
        else:
            self._tell_sources()
        self._settle_choices()
        self._list_long_choices()
        if self.turn.outcome not in ASKING:
            self._offer_at_once()
        return self.pieces

    def _reply(self, reply: Reply) -> None:
        if reply.text:
            self.words.append(reply.text)
        if reply.card:
            self._card(reply, reply.card)
        if reply.terms and not self.notes.many:
            self.words.append("\n".join(plain.term_lines(reply.terms, self.language)))
        done = (*self.picked, *self.open_choices)
        self.open_choices += [choice for choice in dict.fromkeys(reply.choices) if choice not in done]
        if reply.image:
            self._image(reply.image)
        if reply.file:
            self._file(reply.file)

    def _card(self, reply: Reply, card: Card) -> None:
        """Shows a card, whose rows are pressed for the choices named like them.

        The answers to a question stay below it, even if an earlier card names the same.
        """
        asking = self.turn.outcome in ASKING
        near = reply.choices if asking else [choice for each in self.turn.replies for choice in each.choices]
        own = {choice: self.offered[choice] for choice in near if choice not in self.picked}
        shown = cards.show(card, self.language, own, self.page, titled=bool(self.words))
        self.picked += shown.picked
        self.open_choices = [choice for choice in self.open_choices if choice not in shown.picked]
        if shown.lines:
            self.words.append("\n".join(shown.lines))
        for component in shown.components:
            self._show(component)

    def _show(self, component: Component) -> None:
        self._flush()
        self.pieces.append(Piece(component, self._close_choices()))

    def _flush(self) -> None:
        """Turns the text collected so far into bubbles."""
        for bubble in split("\n\n".join(self.words), self.longest):
            self.pieces.append(Piece(parts.simple_text(bubble)))
        self.words.clear()

    def _close_choices(self) -> tuple[Offer, ...]:
        closed = tuple(self.offered[choice] for choice in self.open_choices)
        self.open_choices.clear()
        return closed

    def _image(self, image: Image) -> None:
        url = self.links.file(image.url)
        if length(image.alt) > KAKAO.basic_card_description:
            self.words.append(image.alt)
        alt = short(image.alt, KAKAO.basic_card_description)
        self._show(parts.picture(url, alt, [parts.link(text("kakao_enlarge", self.language), url)]))

    def _file(self, file: File) -> None:
        opener = text(OPENERS.get(file.media_type, "kakao_open_file"), self.language)
        buttons = [parts.link(opener, self.links.file(file.url))]
        name = short(file.name, KAKAO.text_card_title)
        lasts = text("kakao_file_lasts", self.language, days=DAYS)
        below = lasts if name == file.name else f"{file.name}\n{lasts}"
        told = "\n\n".join([*self.words, below])
        if length(name) + length(told) <= KAKAO.text_card:
            self.words.clear()
        else:
            told = short(below, KAKAO.text_card - KAKAO.text_card_title)
        self._show(parts.text_card(name, told, buttons))

    def _tell_sources(self) -> None:
        """Shows the rest of the text and the sources: with buttons if they fit, else with their addresses."""
        told, buttons = self.notes.with_buttons(KAKAO.buttons)
        together = "\n\n".join([*self.words, told])
        if buttons and length(together) <= KAKAO.text_card:
            self.words.clear()
            self._show(parts.text_card(None, together, buttons))
            return
        plainly = [*self.words, *filter(None, ["\n".join(self.notes.source_lines())])]
        if buttons and length(told) <= KAKAO.text_card and length("\n\n".join(plainly)) > self.longest:
            self._flush()
            self._settle_choices()
            self.pieces.append(Piece(parts.text_card(None, told, buttons)))
        else:
            self.words = plainly
            self._flush()

    def _swipe_notes(self) -> None:
        """Shows the rest of the text, and terms and sources as cards."""
        lines, made = self.notes.swiped()
        self.words += filter(None, ["\n".join(lines)])
        self._flush()
        self._settle_choices()
        for at in range(0, len(made), KAKAO.carousel):
            self.pieces.append(Piece(parts.carousel(made[at : at + KAKAO.carousel])))

    def _settle_choices(self) -> None:
        """Offers the choices not yet offered with the last component."""
        if self.open_choices and not self.pieces:
            self.pieces.append(Piece(parts.simple_text(text("kakao_other_choices", self.language))))
        if self.open_choices:
            last = self.pieces[-1]
            self.pieces[-1] = Piece(last.component, (*last.offers, *self._close_choices()))

    def _list_long_choices(self) -> None:
        """Shows choices whose titles no label holds as a list, if all fits one response; else nobody would find it."""
        open_now = [offer for piece in self.pieces for offer in piece.offers]
        long = [offer for offer in open_now if offer.label != offer.said and length(offer.said) <= KAKAO.list_title]
        full = not 0 < len(self.pieces) < KAKAO.outputs
        if full or not LONG_TITLES <= len(long) <= KAKAO.list_items:
            return
        header = text("kakao_choose_one", self.language)
        listed = parts.list_card(header, [parts.list_item(offer.said, offer=offer) for offer in long])
        left = [
            Piece(piece.component, tuple(each for each in piece.offers if each not in long)) for piece in self.pieces
        ]
        self.pieces = [*left, Piece(listed)]

    def _offer_at_once(self) -> None:
        """Offers every choice from the first component on: what one may do next need not wait for the last line."""
        if self.pieces:
            every = tuple(dict.fromkeys(offer for piece in self.pieces for offer in piece.offers))
            self.pieces = [Piece(piece.component) for piece in self.pieces]
            self.pieces[0] = Piece(self.pieces[0].component, every)


def _free(words: str, taken: set[str]) -> str:
    """Returns the words, with a number if they are taken."""
    made, number = words, 1
    while key(made) in taken:
        number += 1
        made = f"{short(words, KAKAO.message_text - 6)} ({number})"
    taken.add(key(made))
    return made


def key(words: str) -> str:
    """Returns words as they are compared: without regard to spaces and capital letters."""
    return " ".join(words.split()).casefold()
