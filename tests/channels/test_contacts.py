"""People on other channels: met once, told nothing twice, and nothing that was meant for another channel."""

from __future__ import annotations

from collections.abc import Iterator
from concurrent.futures import ThreadPoolExecutor
from datetime import UTC, datetime
from pathlib import Path
from typing import Any

import pytest

from actions.reply import IntentNote, Outcome, Reply, Turn
from bot.assistant import ANNOUNCED, NEWS, NO_INTENT
from bot.conversations import Conversations
from channels import connection
from channels.connection import bring
from channels.contacts import Contact, Contacts, moment_after
from knowledge.database.engine import engine, migrate, sessions
from knowledge.database.tables import ContactRow
from knowledge.settings import Settings


@pytest.fixture
def chosen(tmp_path: Path) -> Iterator[Settings]:
    settings = Settings(data_dir=tmp_path, _env_file=None, database_url=f"sqlite:///{tmp_path / 'contacts.db'}")  # type: ignore[call-arg]
    migrate(settings.database)
    yield settings
    engine(settings.database).dispose()


@pytest.fixture
def contacts(chosen: Settings) -> Contacts:
    return Contacts(chosen)


class Dialogue:
    """Records turns as the assistant does."""

    def __init__(self, chosen: Settings) -> None:
        self.conversations = Conversations(chosen.database)

    def say(self, conversation_id: str, words: str, channel: str, intent: IntentNote = NO_INTENT) -> None:
        turn = Turn(
            conversation_id=conversation_id,
            turn_id=self.conversations.next_turn_id(conversation_id),
            language="ko",
            outcome=Outcome.ANSWERED,
            intent=intent,
            replies=(Reply(text=words),),
        )
        self.conversations.record(turn, {}, channel)


@pytest.fixture
def dialogue(chosen: Settings) -> Dialogue:
    return Dialogue(chosen)


def words(turns: list[dict[str, Any]]) -> list[str]:
    return [turn["replies"][0]["text"] for turn in turns]


def test_somebody_is_met_once(contacts: Contacts) -> None:
    first, new = contacts.meet("telegram", "7", "ko")
    again, known = contacts.meet("telegram", "7", "en")
    assert (new, known) == (True, False)
    assert again.conversation_id == first.conversation_id
    assert contacts.meet("kakao", "7", "ko")[0].conversation_id != first.conversation_id
    assert contacts.find("telegram", "8") is None


def test_two_processes_that_meet_somebody_at_once_share_the_conversation(chosen: Settings) -> None:
    def meet(_: int) -> str:
        return Contacts(chosen).meet("telegram", "9", "ko")[0].conversation_id

    with ThreadPoolExecutor(8) as pool:
        assert len(set(pool.map(meet, range(16)))) == 1


def test_only_what_was_meant_for_the_channel_is_unseen(contacts: Contacts, dialogue: Dialogue) -> None:
    contact, _ = contacts.meet("kakao", "a", "ko")
    dialogue.say(contact.conversation_id, "늦은 답", "kakao")
    dialogue.say(contact.conversation_id, "웹에서 한 말의 답", "web")
    dialogue.say(contact.conversation_id, "알림", ANNOUNCED)
    assert words(contacts.unseen(contact)) == ["늦은 답", "알림"]


def test_an_answer_that_was_shown_takes_no_news_with_it(contacts: Contacts, dialogue: Dialogue) -> None:
    contact, _ = contacts.meet("telegram", "e", "ko")
    dialogue.say(contact.conversation_id, "답", "telegram")
    dialogue.say(contact.conversation_id, "알림", ANNOUNCED)
    dialogue.say(contact.conversation_id, "다음 답", "telegram")
    contacts.see(contact)
    fresh = contacts.find("telegram", "e")
    assert fresh is not None
    assert words(contacts.unseen(fresh)) == ["알림", "다음 답"], "news that came in between is still owed"
    assert [each.address for each in contacts.waiting_for_news("telegram")] == ["e"]


def test_news_are_claimed_by_one_and_given_back_when_not_sent(contacts: Contacts, dialogue: Dialogue) -> None:
    contact, _ = contacts.meet("telegram", "b", "ko")
    dialogue.say(contact.conversation_id, "알림", ANNOUNCED)
    [waiting] = contacts.waiting_for_news("telegram")
    turns = contacts.unseen(waiting)
    assert contacts.claim(waiting, moment_after(turns))
    assert not contacts.claim(waiting, moment_after(turns)), "a second process must not send it too"
    assert contacts.waiting_for_news("telegram") == []
    contacts.unclaim(waiting, moment_after(turns))
    assert [each.address for each in contacts.waiting_for_news("telegram")] == ["b"]
    assert contacts.waiting_for_news("kakao") == []


def test_giving_back_takes_nothing_from_a_later_claim(contacts: Contacts, dialogue: Dialogue) -> None:
    contact, _ = contacts.meet("telegram", "g", "ko")
    dialogue.say(contact.conversation_id, "첫째", ANNOUNCED)
    until = moment_after(contacts.unseen(contact))
    assert contacts.claim(contact, until)
    dialogue.say(contact.conversation_id, "둘째", ANNOUNCED)
    later = contacts.find("telegram", "g")
    assert later is not None
    assert contacts.claim(later, moment_after(contacts.unseen(later)))
    contacts.unclaim(contact, until)
    assert contacts.waiting_for_news("telegram") == []


def test_what_is_kept_for_the_next_message_is_sealed(contacts: Contacts, chosen: Settings) -> None:
    contact, _ = contacts.meet("kakao", "c", "ko")
    contacts.keep(contact, {"rest": ["비밀 서류"]})
    with sessions(chosen.database)() as session:
        row = session.get(ContactRow, ("kakao", "c"))
        assert row is not None
        assert row.waiting is not None
        assert "비밀".encode() not in row.waiting
    assert contacts.kept(contact) == {"rest": ["비밀 서류"]}
    contacts.keep(contact, None)
    assert contacts.kept(contact) is None


def test_erasing_the_conversation_forgets_the_contact(contacts: Contacts, dialogue: Dialogue) -> None:
    contact, _ = contacts.meet("telegram", "d", "ko")
    dialogue.conversations.erase(contact.conversation_id)
    assert contacts.find("telegram", "d") is None
    fresh, new = contacts.meet("telegram", "d", "ko")
    assert new
    assert isinstance(fresh, Contact)
    assert fresh.conversation_id != contact.conversation_id


class Line:
    """A channel that tells: keeps what was told."""

    channel = "telegram"
    tells = True

    def __init__(self) -> None:
        self.told: list[str | None] = []

    async def start(self) -> None: ...

    async def stop(self) -> None: ...

    async def tell(self, contact: Contact, turns: list[Turn]) -> None:
        self.told += [turn.replies[0].text for turn in turns]


async def test_news_that_got_late_waits_for_the_morning(
    contacts: Contacts, dialogue: Dialogue, monkeypatch: pytest.MonkeyPatch
) -> None:
    contact, _ = contacts.meet("telegram", "f", "ko")
    dialogue.say(contact.conversation_id, "기한 알림", ANNOUNCED)
    dialogue.say(contact.conversation_id, "새 사업", ANNOUNCED, NEWS)
    line = Line()
    half_past_nine, eight = datetime(2026, 11, 24, 12, 30, tzinfo=UTC), datetime(2026, 11, 24, 23, 0, tzinfo=UTC)
    monkeypatch.setattr(connection, "now", lambda: half_past_nine)  # 21:30 in Korea
    for _ in range(2):
        for waiting in contacts.waiting_for_news("telegram"):
            await bring(contacts, line, waiting)
    assert line.told == ["기한 알림"]
    monkeypatch.setattr(connection, "now", lambda: eight)  # 08:00 in Korea
    for waiting in contacts.waiting_for_news("telegram"):
        await bring(contacts, line, waiting)
    assert line.told == ["기한 알림", "새 사업"]
