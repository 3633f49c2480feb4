"""The components of a skill response 2.0, each by one small function, and the buttons they carry."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from typing import Any
from urllib.parse import quote

from channels.kakao.fitting import short
from channels.kakao.request import EXTRA
from channels.limits import KAKAO

Component = dict[str, Any]
"""A component or button, as it goes over the wire."""


@dataclass(frozen=True)
class Offer:
    """A choice as KakaoTalk offers it: what the button says, what pressing it writes, and what that means."""

    label: str
    said: str
    payload: str

    @property
    def press(self) -> Component:
        """What pressing does, for a button, a list's item or a quick reply."""
        pressed: Component = {"action": "message", "messageText": self.said}
        return pressed | {"extra": {EXTRA: self.payload}} if self.payload.startswith("/") else pressed


def link(label: str, url: str) -> Component:
    """Returns a button that opens a page."""
    return {"label": short(label, KAKAO.button_label), "action": "webLink", "webLinkUrl": address(url)}


def address(url: str) -> str:
    """Returns an address with everything beyond ASCII written as percent codes."""
    return quote(url, safe="%/:?#[]@!$&'()*+,;=~-._")


def choose(label: str, offer: Offer) -> Component:
    """Returns a card's button that picks a choice."""
    return {"label": short(label, KAKAO.button_label), **offer.press}


def quick_reply(offer: Offer) -> Component:
    """Returns a button below the response."""
    return {"label": offer.label, **offer.press}


def simple_text(words: str) -> Component:
    """Returns a plain bubble."""
    return {"simpleText": {"text": words}}


def text_card(title: str | None, description: str | None, buttons: Sequence[Component] = ()) -> Component:
    """Returns a bubble of words with buttons of its own."""
    return {"textCard": bare_text_card(title, description, buttons)}


def bare_text_card(title: str | None, description: str | None, buttons: Sequence[Component] = ()) -> Component:
    """Returns a text card as it stands in a carousel."""
    card = {"title": title, "description": description, "buttons": list(buttons)}
    return {name: value for name, value in card.items() if value}


def picture(url: str, alt: str, buttons: Sequence[Component]) -> Component:
    """Returns a picture, whole, with its words and buttons side by side."""
    thumbnail = {"imageUrl": address(url), "altText": short(alt, KAKAO.image_alt), "fixedRatio": True}
    return {"basicCard": {"description": alt, "thumbnail": thumbnail, "buttons": list(buttons)}}


def list_card(header: str, items: Iterable[Component]) -> Component:
    """Returns a list; see ``list_item``."""
    return {"listCard": {"header": {"title": header}, "items": list(items)}}


def list_item(title: str, description: str | None = None, offer: Offer | None = None) -> Component:
    """Returns an entry of a list, which picks a choice when it is pressed."""
    item: Component = {"title": title}
    if description:
        item["description"] = description
    return item | offer.press if offer else item


def facts(head: str, rows: Iterable[tuple[str, str]], title: str | None, description: str | None) -> Component:
    """Returns names and values in two columns; words below them need a title."""
    place = {"head": {"title": head}} if len(head) <= KAKAO.item_head else {"imageTitle": {"title": head}}
    entries = [{"title": name, "description": value} for name, value in rows]
    card: Component = {**place, "itemList": entries, "itemListAlignment": "left"}
    if title and description:
        card |= {"title": title, "description": description}
    return {"itemCard": card}


def carousel(cards: Sequence[Component]) -> Component:
    """Returns text cards to be swiped."""
    return {"carousel": {"type": "textCard", "items": list(cards)}}
