"""Lays components out in responses: three bubbles and ten quick replies each, the rest behind "더 보기"."""

from __future__ import annotations

import json
from collections.abc import Iterable, Sequence
from typing import Any

from actions.texts import text
from channels.kakao import parts
from channels.kakao.fitting import length
from channels.kakao.parts import Component, Offer
from channels.kakao.render import Piece
from channels.limits import KAKAO
from knowledge.record import Language

Template = dict[str, Any]
"""The outputs and quick replies of one response."""

ENVELOPE = 200
"""Bytes kept for what stands around a template."""


def lay_out(pieces: Sequence[Piece], language: Language, page: str | None = None) -> list[Template]:
    """Returns the responses that show some components one after the other.

    A choice can be made from the response on in which what leads to it is shown.

    Args:
        pieces: What is shown.
        language: In which the buttons speak.
        page: Where all of it can be read at once.
    """
    shown = list(pieces) or [Piece(parts.simple_text(text("failed", language)))]
    chunks = _chunks(shown)
    waiting: list[Offer] = []
    given: list[Offer] = []
    templates = []
    for number, chunk in enumerate(chunks, 1):
        here = dict.fromkeys(offer for piece in chunk for offer in piece.offers)
        waiting += [offer for offer in here if offer not in waiting]
        outputs = [piece.component for piece in chunk]
        if number == 1 and len(chunks) > 1 and page:
            outputs = _with_page(outputs, parts.link(text("kakao_whole", language), page))
        more = number < len(chunks)
        now, waiting = _some(waiting, more=more or len(waiting) > KAKAO.quick_replies)
        given += now
        if not more and not waiting:
            earlier = [offer for offer in dict.fromkeys(given) if offer not in now]
            now = [*now, *earlier[: KAKAO.quick_replies - len(now)]]
        templates.append(_template(outputs, now, language, more=more or bool(waiting)))
    while waiting:
        now, waiting = _some(waiting, more=len(waiting) > KAKAO.quick_replies)
        others = [parts.simple_text(text("kakao_other_choices", language))]
        templates.append(_template(others, now, language, more=bool(waiting)))
    return templates


def told(words: str, *offered: Offer) -> Template:
    """Returns a response of a few words."""
    template: Template = {"outputs": [parts.simple_text(words)]}
    return template | {"quickReplies": [parts.quick_reply(offer) for offer in offered]} if offered else template


def response(template: Template) -> dict[str, Any]:
    """Returns the whole response, version 2.0."""
    return {"version": "2.0", "template": template}


def writes(words: str) -> Offer:
    """Returns the button that writes some words and means no more than they say."""
    return Offer(words, words, words)


def _chunks(pieces: Iterable[Piece]) -> list[list[Piece]]:
    chunks: list[list[Piece]] = [[]]
    room = KAKAO.response_bytes - ENVELOPE - _quick_reply_bytes(pieces)
    for piece in pieces:
        fits = _size([each.component for each in chunks[-1]] + [piece.component]) <= room
        if chunks[-1] and (len(chunks[-1]) == KAKAO.outputs or not fits):
            chunks.append([])
        chunks[-1].append(piece)
    return chunks


def _quick_reply_bytes(pieces: Iterable[Piece]) -> int:
    """Returns the bytes that ten quick replies need at most."""
    sizes = sorted((_size(parts.quick_reply(offer)) for piece in pieces for offer in piece.offers), reverse=True)
    return sum(sizes[: KAKAO.quick_replies])


def _size(value: Any) -> int:
    return len(json.dumps(value, ensure_ascii=False).encode())


def _some(waiting: list[Offer], *, more: bool) -> tuple[list[Offer], list[Offer]]:
    room = KAKAO.quick_replies - more
    return waiting[:room], waiting[room:]


def _template(outputs: list[Component], offered: Sequence[Offer], language: Language, *, more: bool) -> Template:
    first = [writes(text("kakao_more", language))] if more else []
    replies = [parts.quick_reply(offer) for offer in (*first, *offered)]
    return {"outputs": outputs, "quickReplies": replies} if replies else {"outputs": outputs}


def _with_page(outputs: list[Component], button: Component) -> list[Component]:
    """Returns the outputs with a button to the whole answer below the last text that can carry one."""
    made = list(outputs)
    for place in reversed(range(len(made))):
        words = made[place].get("simpleText", {}).get("text")
        if words and length(words) <= KAKAO.text_card:
            made[place] = parts.text_card(None, words, [button])
            return made
        card = made[place].get("textCard")
        if card and len(card.get("buttons", [])) < KAKAO.buttons:
            made[place] = {"textCard": {**card, "buttons": [*card.get("buttons", []), button]}}
            return made
    return made
