"""Whole dialogues over KakaoTalk's wire: the facts are those of tests/conversations, judged there by hand."""

from __future__ import annotations

import html
import re
from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest
import yaml

from tests.channels.kakao.conftest import OUTSIDE, Person
from tests.channels.kakao.walking import buttons_of, squeezed

FOLDER = Path(__file__).parents[2] / "conversations"
CHOSEN = {
    "korean": "the simulated certificate of origin, with a question in the middle",
    "origin_korean": None,
    "applying_korean": None,
    "firm_korean": None,
    "shipments_korean": None,
    "english": None,
    "origin_english": None,
}
"""Of each file, the conversation of that name, or the first."""


def chosen() -> list[Any]:
    found = []
    for stem, name in CHOSEN.items():
        every = yaml.safe_load((FOLDER / f"{stem}.yaml").read_text(encoding="utf-8"))
        one = next(each for each in every if name in (None, each["name"]))
        found.append(pytest.param(one, id=f"{stem}: {one['name']}"))
    return found


def test_there_is_enough_to_say() -> None:
    assert sum(len(each.values[0]["turns"]) for each in chosen()) > 25


@pytest.mark.parametrize("conversation", chosen())
async def test_the_same_facts(people: Callable[[], Person], conversation: dict[str, Any]) -> None:
    person = people()
    await person.say("", lang=conversation.get("language", "ko"))
    for step in conversation["turns"]:
        payload = person.payload(step.get("user") or "버튼")
        if "press" in step:
            payload["action"]["clientExtra"] = {"naru": step["press"]}
        said = await everything(person, person.words(await person.send(payload)))
        for words in step["naru"].get("says", []):
            assert squeezed(words).lower() in squeezed(said).lower(), f"{words} is missing: {step}\n{said}"
        for words in step["naru"].get("not", []):
            assert squeezed(words).lower() not in squeezed(said).lower(), f"{words} should not be there: {step}"


async def everything(person: Person, said: str) -> str:
    """Returns what an answer says to whoever presses "더 보기" to the end and opens the whole answer."""
    links = [*buttons_of(person.last, "webLink")]
    while person.labels and person.labels[0] in ("더 보기", "Show more"):
        said += "\n" + await person.press(person.labels[0])
        links += buttons_of(person.last, "webLink")
    for address in {link["webLinkUrl"] for link in links}:
        if address.startswith(f"{OUTSIDE}/answers/"):
            page = (await person.http.get(address.removeprefix(OUTSIDE))).text
            said += "\n" + html.unescape(re.sub(r"<style>.*?</style>|<[^>]+>", " ", page, flags=re.DOTALL))
        elif address.startswith(f"{OUTSIDE}/files/"):
            assert (await person.http.get(address.removeprefix(OUTSIDE))).status_code == 200
    return said
