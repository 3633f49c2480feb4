"""Walks through the responses an answer becomes, as a person does who presses "더 보기" to the end."""

from __future__ import annotations

import html
import re
import time
from collections.abc import Iterator
from typing import Any
from urllib.parse import unquote

from actions.reply import Card, Turn
from channels import answer_page
from channels.kakao import pages, render
from channels.kakao.links import Links
from channels.kakao.memory import Memory
from knowledge.settings import Settings
from tests.channels.kakao.limits_check import check_response

Response = dict[str, Any]


def walked(turn: Turn, settings: Settings) -> list[Response]:
    """Returns every response of a turn, each checked against KakaoTalk's limits."""
    links = Links(settings, "dialogue")
    offered = render.offers([turn])
    laid = pages.lay_out(render.render(turn, offered, links), turn.language, links.page(turn))
    responses = [pages.response(template) for template in laid]
    for response in responses:
        check_response(response)
    return responses


def check_nothing_lost(turn: Turn, settings: Settings) -> list[Response]:
    """Holds that every word, term, source and choice of a turn reaches the person."""
    responses = walked(turn, settings)
    chat = squeezed(" ".join(words for response in responses for words in words_of(response)))
    addresses = {unquote(button["webLinkUrl"]) for response in responses for button in buttons_of(response, "webLink")}
    page = "" if any(reply.sealed for reply in turn.replies) else page_words(turn, settings)
    for reply in turn.replies:
        assert squeezed(reply.text or "") in chat, reply.text
        for term in reply.terms:
            assert squeezed(term.term) in chat and squeezed(term.plain) in chat, term
        for source in reply.sources:
            for part in (source.title, source.locator, source.as_of):
                assert squeezed(part or "") in chat, source
            assert not source.url or source.url in addresses or squeezed(source.url) in chat, source
        if reply.card:
            check_card(reply.card, chat, page, cut_allowed=bool(page) and leads_to_page(responses))
        if reply.file:
            assert any("/files/" in address or address == reply.file.url for address in addresses), reply.file
    check_choices(turn, responses)
    return responses


def check_card(card: Card, chat: str, page: str, *, cut_allowed: bool) -> None:
    """Holds that a card's cells are in the chat, or, where a button leads to it, on the page."""
    assert squeezed(card.title) in chat, card.title
    for row in card.rows:
        for cell in row:
            name, _, aside = cell.partition("(")
            told = squeezed(cell) in chat or (squeezed(name) in chat and squeezed(f"({aside}") in chat)
            assert told or (cut_allowed and squeezed(cell) in page), cell


def check_choices(turn: Turn, responses: list[Response]) -> None:
    """Holds that every choice has a button, and that the words it writes are understood as the choice."""
    links: dict[str, str] = {}
    presses = [button for response in responses for button in buttons_of(response, "message")]
    memory = Memory(turn.language).after(render.offers([turn]).values(), (), turn.language)
    for press in presses:
        meant = memory.meaning(press["messageText"], pressed=False)
        carried = press.get("extra", {}).get("naru")
        assert carried is None or carried == meant
        links[press["messageText"]] = meant or press["messageText"]
    for reply in turn.replies:
        for choice in reply.choices:
            assert choice.payload in links.values(), f"no button for {choice}"


def words_of(value: Any) -> Iterator[str]:
    """Yields every word shown by a response, in order."""
    if isinstance(value, dict):
        for name, inner in value.items():
            if name in ("text", "title", "description") and isinstance(inner, str):
                yield inner
            elif name not in ("extra", "thumbnail"):
                yield from words_of(inner)
    elif isinstance(value, list):
        for inner in value:
            yield from words_of(inner)


def buttons_of(value: Any, action: str) -> Iterator[dict[str, Any]]:
    """Yields every button, list entry and quick reply of an action."""
    if isinstance(value, dict):
        if value.get("action") == action:
            yield value
        for inner in value.values():
            yield from buttons_of(inner, action)
    elif isinstance(value, list):
        for inner in value:
            yield from buttons_of(inner, action)


def leads_to_page(responses: list[Response]) -> bool:
    return any("/answers/" in button["webLinkUrl"] for each in responses for button in buttons_of(each, "webLink"))


def page_words(turn: Turn, settings: Settings) -> str:
    shown = answer_page.page(turn, int(time.time()) + 600, settings)
    return squeezed(html.unescape(re.sub(r"<[^>]+>", " ", shown)))


def squeezed(words: str) -> str:
    """Returns words without spaces, since bubbles break lines where they like."""
    return "".join(words.split())
