"""Buttons whose payload stays here: short ids, one's own only, forgotten when long unused."""

from __future__ import annotations

from collections.abc import Iterator
from concurrent.futures import ThreadPoolExecutor
from datetime import timedelta
from pathlib import Path

import pytest
from sqlalchemy import update

from actions.reply import Choice
from bot.conversations import Conversations
from channels.buttons import Button, Buttons
from knowledge.database.engine import engine, migrate, sessions
from knowledge.database.tables import ButtonPayloadRow, now
from knowledge.settings import Settings

LONG = '/define{"record": "' + "term.letter-of-credit" * 10 + '"}'


@pytest.fixture
def chosen(tmp_path: Path) -> Iterator[Settings]:
    settings = Settings(data_dir=tmp_path, _env_file=None, database_url=f"sqlite:///{tmp_path / 'buttons.db'}")  # type: ignore[call-arg]
    migrate(settings.database)
    yield settings
    engine(settings.database).dispose()


@pytest.fixture
def mine(chosen: Settings) -> str:
    return Conversations(chosen.database).open("ko", "telegram").id


def test_a_button_is_found_again_with_its_payload_and_title(chosen: Settings, mine: str) -> None:
    buttons = Buttons(chosen)
    first, second = buttons.keep(mine, (Choice(title="신용장", payload=LONG), Choice(title="메뉴", payload="/menu")))
    assert len(first.encode()) <= 24 and first.isalnum() and first != second
    assert buttons.find(first, mine) == Button(payload=LONG, title="신용장")
    assert buttons.find(second, mine) == Button(payload="/menu", title="메뉴")


def test_another_persons_button_and_an_unknown_one_are_none(chosen: Settings, mine: str) -> None:
    other = Conversations(chosen.database).open("ko", "telegram").id
    buttons = Buttons(chosen)
    (key,) = buttons.keep(mine, (Choice(title="메뉴", payload="/menu"),))
    assert buttons.find(key, other) is None
    assert buttons.find("0" * 20, mine) is None


def test_the_same_choice_shown_again_takes_no_more_room(chosen: Settings, mine: str) -> None:
    buttons = Buttons(chosen)
    choice = Choice(title="메뉴", payload="/menu")
    with ThreadPoolExecutor(4) as at_once:
        ids = set(at_once.map(lambda _: buttons.keep(mine, (choice, choice)), range(8)))
    assert len(ids) == 1 and len(next(iter(ids))) == 2
    with sessions(chosen.database)() as session:
        assert session.query(ButtonPayloadRow).count() == 1


def test_only_what_was_not_shown_for_long_is_forgotten(chosen: Settings, mine: str) -> None:
    buttons = Buttons(chosen)
    old, new = buttons.keep(mine, (Choice(title="a", payload="/a"), Choice(title="b", payload="/b")))
    with sessions(chosen.database).begin() as session:
        session.execute(
            update(ButtonPayloadRow).where(ButtonPayloadRow.id == old).values(at=now() - timedelta(days=200))
        )
    assert buttons.purge() == 1
    assert buttons.find(old, mine) is None and buttons.find(new, mine) is not None
