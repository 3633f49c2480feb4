"""A firm's whole way, from the first foreign word to a person, on every channel: the same facts everywhere."""

from __future__ import annotations

import re
import shutil
import sqlite3
from collections.abc import Iterator
from concurrent.futures import ThreadPoolExecutor
from dataclasses import dataclass
from pathlib import Path

import pytest

from tests.channels.chatwoot.server import TOKEN as CHATWOOT_TOKEN
from tests.channels.everywhere.judging import Script, Story, differences, held, script
from tests.channels.everywhere.on_chatwoot import CallCentre, Customer
from tests.channels.everywhere.on_kakao import Kakao
from tests.channels.everywhere.on_telegram import Telegram
from tests.channels.everywhere.players import Player, Web
from tests.channels.telegram.bot_api import TOKEN as TELEGRAM_TOKEN
from tests.channels.telegram.bot_api import BotApi
from tests.conftest import Service, start_service

SCRIPTS = {name: script(name) for name in ("korean", "english")}
OTHERS = ("telegram", "kakao", "chatwoot")
CHANNELS = ("web", *OTHERS)

PUBLIC = "https://naru.example"
TELEGRAM_SECRET, KAKAO_SECRET, CHATWOOT_SECRET = "telegram-secret", "kakao-secret", "chatwoot-secret"  # noqa: S105

OWN_WORDS: dict[str, tuple[re.Pattern[str], ...]] = {
    "telegram": (),
    "kakao": (
        # Sources are numbered, because the buttons below that open them name the numbers.
        re.compile(r"(?:Sources|출처) \d+\.|^\d+\. (?=.*(?:\(|, )(?:as of|\d[\d-]* 기준))", re.MULTILINE),
        # Labels that fourteen letters would make the same are numbered.
        re.compile(r"^\d+\. (?=.*…$)", re.MULTILINE),
        # Cards lie side by side, so that it is said how many there are.
        re.compile(r"\d+ in all\. Swipe|모두 \d+가지예요\. 옆으로"),
        # A bubble can't be signed anew: it is said how long its links open.
        re.compile(r"open it for \d+ days|\d+일 동안 열 수 있어요|works until [^.]+\.|이 주소는 [^.]+까지 열려요"),
    ),
    "chatwoot": (),
}
"""Figures a channel says of itself, each with the reason."""

Key = tuple[str, str]
"""A script and a channel."""


@dataclass(frozen=True)
class Everywhere:
    """One service with every channel switched on, and the outside world it speaks with."""

    service: Service
    telegram: BotApi
    centre: CallCentre

    def player(self, channel: str, told: Script) -> Player:
        """Returns somebody new on a channel."""
        address, database = self.service.address, self.service.data_dir / "naru.db"
        if channel == "telegram":
            return Telegram(address, TELEGRAM_SECRET, self.telegram, database, told.language)
        if channel == "kakao":
            return Kakao(address, KAKAO_SECRET, PUBLIC, told.language)
        return Customer(self.centre, database) if channel == "chatwoot" else Web(address, told.language)


@pytest.fixture(scope="module")
def everywhere(data_dir: Path, tmp_path_factory: pytest.TempPathFactory) -> Iterator[Everywhere]:
    """Starts all of it on data of its own; applications stay where they are, so that their state is known."""
    folder = tmp_path_factory.mktemp("everywhere")
    with sqlite3.connect(data_dir / "naru.db") as source, sqlite3.connect(folder / "naru.db") as copy:
        source.backup(copy)
    shutil.copytree(data_dir / "models", folder / "models")
    shutil.copy(data_dir / "hs-index.npz", folder / "hs-index.npz")
    telegram, centre = BotApi().start(), CallCentre()
    try:
        service = start_service(
            folder,
            NARU_DELIVER_SECONDS="0",
            NARU_PUBLIC_URL=PUBLIC,
            NARU_TELEGRAM_TOKEN=TELEGRAM_TOKEN,
            NARU_TELEGRAM_MODE="webhook",
            NARU_TELEGRAM_API=telegram.address,
            NARU_TELEGRAM_SECRET=TELEGRAM_SECRET,
            NARU_KAKAO_SECRET=KAKAO_SECRET,
            NARU_CHATWOOT_URL=centre.chatwoot.address,
            NARU_CHATWOOT_TOKEN=CHATWOOT_TOKEN,
            NARU_CHATWOOT_SECRET=CHATWOOT_SECRET,
        )
        centre.chatwoot.webhook = f"{service.address}/webhooks/chatwoot?secret={CHATWOOT_SECRET}"
        yield Everywhere(service, telegram, centre)
        service.stop()
    finally:
        centre.stop()
        telegram.stop()


@pytest.fixture(scope="module")
def players(everywhere: Everywhere) -> dict[Key, Player]:
    """Somebody for each script on each channel."""
    return {(name, channel): everywhere.player(channel, told) for channel in CHANNELS for name, told in SCRIPTS.items()}


@pytest.fixture(scope="module")
def stories(players: dict[Key, Player]) -> dict[Key, Story]:
    """Every script held on every channel, the channels at the same time."""
    with ThreadPoolExecutor(len(CHANNELS)) as threads:
        told = {key: threads.submit(held, player, SCRIPTS[key[0]]) for key, player in players.items()}
        return {key: story.result() for key, story in told.items()}


@pytest.mark.parametrize("name", SCRIPTS)
@pytest.mark.parametrize("channel", CHANNELS)
def test_every_fact_is_seen(name: str, channel: str, stories: dict[Key, Story]) -> None:
    story = stories[name, channel]
    assert not story.faults, "\n\n".join(story.faults)
    assert len(story.seen) == len(SCRIPTS[name].turns) >= 25


@pytest.mark.parametrize("name", SCRIPTS)
@pytest.mark.parametrize("channel", OTHERS)
def test_figures_and_sources_are_those_of_the_website(name: str, channel: str, stories: dict[Key, Story]) -> None:
    found = differences(SCRIPTS[name], stories[name, "web"], stories[name, channel], OWN_WORDS[channel])
    assert not found, "\n\n".join(found)


@pytest.mark.parametrize("name", SCRIPTS)
def test_a_person_takes_over_in_chatwoot(name: str, stories: dict[Key, Story], players: dict[Key, Player]) -> None:
    customer = players[name, "chatwoot"]
    assert isinstance(customer, Customer) and stories[name, "chatwoot"].seen
    assert customer.status == "open"
    receipt = stories[name, "chatwoot"].kept["receipt"]
    assert any(receipt in note and "registration.pdf" in note for note in customer.notes), customer.notes
    silent = customer.say("신용장이 뭐예요?" if name == "korean" else "what is FOB?")
    assert silent.text == "" and silent.buttons == () and customer.status == "open"
