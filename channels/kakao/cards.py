"""Chooses the component a card of the reply model becomes: facts, lines of text, a list to press, cards to swipe."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

from actions.reply import Card, Choice
from actions.texts import text
from channels import plain
from channels.kakao import parts
from channels.kakao.fitting import length, short_at_word
from channels.kakao.parts import Component, Offer
from channels.limits import KAKAO
from knowledge.record import Language

READ_AT_ONCE = 320
"""Characters up to which a card is told as lines: a phone shows them without scrolling, and nothing is hidden."""

IN_TITLE = 14
"""Characters up to which a verdict stands beside what it judges, in a title."""

Offers = dict[Choice, Offer]


@dataclass(frozen=True)
class Shown:
    """What a card became.

    Attributes:
        lines: Text to stand before the components (all of the card, if it has none).
        components: What is shown beside text.
        picked: The choices its buttons and entries offer.
    """

    lines: tuple[str, ...] = ()
    components: tuple[Component, ...] = ()
    picked: tuple[Choice, ...] = ()


@dataclass(frozen=True)
class _Row:
    """A row as a card of its own: its name, what it says, and the choice that opens it."""

    title: str
    body: str
    choice: Choice | None


def show(card: Card, language: Language, offers: Offers, page: str | None, *, titled: bool) -> Shown:
    """Returns what a card becomes.

    Args:
        card: What is shown.
        language: In which to name things.
        offers: The choices of the answer; a row named like one is pressed for it.
        page: Where the whole answer can be read; without it nothing is cut.
        titled: Whether text stands before the card, so that its title can go there.
    """
    rows = _rows(card, offers)
    lines = (card.title, *plain.card_lines(card, language))
    if not rows:
        return Shown(lines)
    if _is_facts(card, rows):
        return _facts(card, language)
    picks = [row for row in rows if row.choice]
    if len(picks) == len(rows) and all(_fits_list(row) for row in rows):
        return _list(card, rows, offers, language)
    # Points without names are text; short ones are read at once; and what must not be cut is not.
    nameless = all(len(row) == 1 for row in card.rows if row)
    too_long = any(length(row.body) > KAKAO.text_card_description_in_carousel for row in rows)
    short_enough = length("\n".join(lines)) <= READ_AT_ONCE and not picks
    if nameless or short_enough or (too_long and page is None):
        return Shown(lines)
    return _cards(card, rows, offers, language, page, titled)


def _rows(card: Card, offers: Offers) -> list[_Row]:
    free = list(offers)
    rows = []
    for number, cells in enumerate(([cell for cell in row if cell] for row in card.rows), 1):
        if not cells:
            continue
        choice = next((each for each in free if _opens(each, cells[0])), None)
        if choice:
            free.remove(choice)
        before = f"{number}. " if card.kind == "steps" else ""
        title, rest = _title(card, cells, KAKAO.text_card_title - len(before))
        rows.append(_Row(f"{before}{title}".strip(), rest, choice))
    return rows


def _opens(choice: Choice, name: str) -> bool:
    """Tells whether a choice is named like a row, or begins with its name as a code does with words behind it."""
    return choice.title == name or choice.title.startswith(f"{name} ")


def _title(card: Card, cells: Sequence[str], limit: int) -> tuple[str, str]:
    """Returns what stands above a row and what below, the columns' names before the cells of a table."""
    named = list(zip((*card.columns, *("",) * len(cells)), cells, strict=False))
    title, rest = cells[0], named[1:]
    mark = f" · {cells[1]}" if _is_verdict(cells) else ""
    aside = ""
    if length(title) + length(mark) > limit and "(" in title:  # what it means in other words goes below
        title, _, aside = title.partition("(")
        title, aside = title.strip(), f"({aside}"
    if not title or length(title) > limit:
        title, rest, aside = "", named, ""
    elif length(title) + length(mark) <= limit:
        title, rest = title + mark, rest[1:] if mark else rest
    several = len(rest) > 1
    told = [f"{column}: {cell}" if column and several else cell for column, cell in rest]
    return title, "\n".join([aside, *told] if aside else told)


def _is_verdict(cells: Sequence[str]) -> bool:
    """Tells whether a row names something, judges it in a word, and gives the reason."""
    return len(cells) == 3 and len(cells[1]) <= IN_TITLE < len(cells[2]) and any(map(str.isalpha, cells[1]))


def _fits_list(row: _Row) -> bool:
    return (
        bool(row.title)
        and length(row.title) <= KAKAO.list_title
        and length(row.body.replace("\n", " · ")) <= KAKAO.list_description
    )


def _is_facts(card: Card, rows: Sequence[_Row]) -> bool:
    """Tells whether names and values fit two columns; a few whose name is too long may stand below them."""
    pairs = [row for row in card.rows if any(row)]
    if card.kind == "steps" or len(pairs) < 2 or any(len(row) != 2 or not all(row) for row in pairs):
        return False
    if any(row.choice for row in rows) or length(card.title) > KAKAO.list_title:
        return False
    above, below = _columns(card)
    told = "\n".join(below)
    return (
        2 <= len(above) <= KAKAO.item_list
        and len(above) >= len(below)
        and length(told) <= KAKAO.item_card_text - KAKAO.item_head
        and len(below) < KAKAO.item_card_lines
    )


def _columns(card: Card) -> tuple[list[tuple[str, str]], list[str]]:
    above, below = [], []
    for name, value in (row for row in card.rows if any(row)):
        fits = length(name) <= KAKAO.item_title and length(value) <= KAKAO.item_description and "\n" not in value
        if fits:
            above.append((name, value))
        else:
            below.append(f"{name}: {value}")
    return above, below


def _facts(card: Card, language: Language) -> Shown:
    above, below = _columns(card)
    title = text("kakao_besides", language) if below else None
    return Shown(components=(parts.facts(card.title, above, title, "\n".join(below) or None),))


def _list(card: Card, rows: Sequence[_Row], offers: Offers, language: Language) -> Shown:
    fits = length(card.title) <= KAKAO.list_header
    header = card.title if fits else text("kakao_choose_one", language)
    items = [
        parts.list_item(row.title, row.body.replace("\n", " · "), offers[row.choice]) for row in rows if row.choice
    ]
    chunks = [items[at : at + KAKAO.list_items] for at in range(0, len(items), KAKAO.list_items)]
    picked = tuple(row.choice for row in rows if row.choice)
    return Shown(() if fits else (card.title,), tuple(parts.list_card(header, chunk) for chunk in chunks), picked)


def _cards(
    card: Card, rows: Sequence[_Row], offers: Offers, language: Language, page: str | None, titled: bool
) -> Shown:
    made = [_card(row, offers, language, page) for row in rows]
    picked = tuple(row.choice for row in rows if row.choice)
    if len(made) == 1:
        return Shown((card.title,), ({"textCard": made[0]},), picked)
    titled = titled or length(card.title) > KAKAO.text_card_title
    if not titled:  # a cover costs no bubble of its own
        told = text("kakao_swipe", language, count=len(made))
        made = [parts.bare_text_card(card.title, told), *made]
    chunks = [made[at : at + KAKAO.carousel] for at in range(0, len(made), KAKAO.carousel)]
    return Shown((card.title,) if titled else (), tuple(parts.carousel(chunk) for chunk in chunks), picked)


def _card(row: _Row, offers: Offers, language: Language, page: str | None) -> Component:
    limit = KAKAO.text_card_description_in_carousel
    buttons = [parts.choose(text("kakao_choose", language), offers[row.choice])] if row.choice else []
    if length(row.body) > limit and page:
        buttons.append(parts.link(text("kakao_whole", language), page))
    return parts.bare_text_card(row.title or None, short_at_word(row.body, limit), buttons)
