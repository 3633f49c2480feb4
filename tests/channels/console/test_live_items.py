"""What customers pressed, as the desk reads it: the title of the button, what it opens, or a sentence; never a payload."""

from __future__ import annotations

from typing import Any

import pytest

from channels.console.live_items import Item, Transcript
from channels.console.page import environment
from knowledge.record import Language

OFFERED = [
    {"title": "신용장이란?", "payload": '/define{"record": "term.lc"}'},
    {"title": "담당자 부르기", "payload": "/handover"},
    {"title": "둘째", "payload": '/answer{"value": "2", "step": "a"}'},
]


def turn(number: int, message: dict[str, str], choices: list[dict[str, str]] | None = None) -> dict[str, Any]:
    replies = [{"text": "말", "choices": choices}] if choices else []
    return {
        "turn_id": number, "at": f"2026-11-25T00:00:{number:02}+00:00", "message": message, "replies": replies,
        "intent": {"name": "define"}, "outcome": "answered",
    }  # fmt: skip


def pressed(message: dict[str, str], language: Language = "ko") -> Item:
    """What is shown of a message that follows a turn with buttons."""
    transcript = Transcript(lambda _: None, {}, language)
    transcript.turn(turn(0, {"text": "안녕"}, OFFERED))
    (item,) = transcript.turn(turn(1, message))
    return item


def shown(item: Item, language: Language = "ko") -> str:
    template = environment().from_string('{% from "pressed.html" import pressed with context %}{{ pressed(item) }}')
    return template.render(language=language, item=item)


@pytest.mark.parametrize(
    ("message", "title"),
    [
        ({"payload": '/define{"record": "term.lc"}'}, "신용장이란?"),
        ({"payload": '/define{"record":"term.lc"}'}, "신용장이란?"),
        ({"text": '/define{"record":"term.lc"}'}, "신용장이란?"),
        ({"payload": "/handover"}, "담당자 부르기"),
        ({"payload": '/answer{"step":"a","value":"2"}'}, "둘째"),
    ],
)
def test_a_press_is_its_buttons_title(shelf: Any, message: dict[str, str], title: str) -> None:
    item = pressed(message)
    assert (item.button, item.text) == (True, title)
    assert title in shown(item) and "/" not in shown(item).replace("</span>", "")


@pytest.mark.parametrize(
    ("payload", "language", "words"),
    [
        ('/define{"record":"term.fob"}', "ko", "설명을 열었어요"),
        ('/define{"record":"term.fob"}', "en", "Opened “"),
        ('/define{"record":"term.nothing"}', "ko", "버튼을 눌렀어요"),
        ('/define{"record":', "ko", "버튼을 눌렀어요"),
        ('/define{"record":["term.fob"]}', "en", "Pressed a button"),
        ('/answer{"value":"3"}', "ko", "버튼을 눌렀어요"),
        ("/answer", "ko", "개인 정보라 남기지 않았어요"),
    ],
)
def test_without_a_title_a_sentence_is_shown(shelf: Any, payload: str, language: Language, words: str) -> None:
    item = pressed({"payload": payload}, language)
    assert item.button and item.text is None
    html = shown(item, language)
    assert words in html and "/define" not in html and "record" not in html


def test_words_that_only_begin_like_a_button_stay_words(shelf: Any) -> None:
    for words in ("/handover", "/ 가격이 {많이} 올랐어요", "a/b {c}"):
        item = pressed({"text": words})
        assert (item.button, item.text) == (False, words)
