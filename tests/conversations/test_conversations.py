"""Holds every dialogue of this folder with the real assistant, over HTTP.

A file is a list of conversations. Each ``naru`` says what the answer must be like:
``outcome``; ``record`` (one of the answer's records); ``says`` (words that must stand in it, each
judged by hand from the record's source); ``not`` (words that must not); ``language``; ``buttons``
(at least so many); every answer from records must carry a source.
"""

from __future__ import annotations

from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest
import yaml

from tests.conftest import Visitor, words_of

FOLDER = Path(__file__).parent
CONVERSATIONS = [
    pytest.param(one, id=f"{path.stem}: {one['name']}")
    for path in sorted(FOLDER.glob("*.yaml"))
    for one in yaml.safe_load(path.read_text(encoding="utf-8"))
]
KNOWN = {"outcome", "record", "says", "not", "language", "buttons"}


@pytest.mark.parametrize("conversation", CONVERSATIONS)
def test_conversation(conversation: dict[str, Any], visitor: Callable[..., Visitor]) -> None:
    person = visitor(conversation.get("language", "ko"))
    for step in conversation["turns"]:
        turn = person.press(step["press"]) if "press" in step else person.say(step["user"])
        hold(turn, step["naru"], step.get("user") or step.get("press"))


def hold(turn: dict[str, Any], expected: dict[str, Any], said: str) -> None:
    assert set(expected) <= KNOWN, f"unknown expectation in {expected}"
    words = words_of(turn)
    context = f"\nuser: {said}\nnaru ({turn['outcome']}, {turn['records']}, {turn['intent']}): {words}"
    assert turn["outcome"] == expected.get("outcome", "answered"), context
    if "record" in expected:
        assert expected["record"] in turn["records"], context
    if "language" in expected:
        assert turn["language"] == expected["language"], context
    for text in expected.get("says", []):
        assert text.lower() in words.lower(), f"'{text}' is missing{context}"
    for text in expected.get("not", []):
        assert text.lower() not in words.lower(), f"'{text}' should not be there{context}"
    assert sum(len(reply["choices"]) for reply in turn["replies"]) >= expected.get("buttons", 0), context
    if turn["outcome"] == "answered" and turn["records"]:
        sources = [source for reply in turn["replies"] for source in reply["sources"]]
        assert sources, f"no source{context}"
        assert all(source["as_of"] and source["basis"] for source in sources), context
