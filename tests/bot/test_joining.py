"""One conversation on two channels with the real assistant: what goes on, what is seen where, what remains after."""

from __future__ import annotations

import asyncio
import re
import secrets
from collections.abc import Callable
from typing import Any

import pytest

from actions.joined import make_code
from actions.reply import Turn
from bot.assistant import Assistant
from bot.conversations import UnknownConversation
from bot.guard import Message
from bot.training import current_model
from channels.contacts import UNUSABLE, Contacts
from knowledge.database.engine import sessions
from knowledge.database.tables import ConversationRow
from tests.conftest import Visitor, words_of

CODE = re.compile(r"NARU-[A-Z0-9]{4}-[A-Z0-9]{4}")


@pytest.fixture(scope="module")
async def assistant(settings: Any, shelf: Any) -> Assistant:
    model = current_model(settings)
    assert model, "there is no model of these files; run: naru train"
    return await Assistant.load(model, settings)


@pytest.fixture
def contacts(settings: Any) -> Contacts:
    return Contacts(settings)


async def web(naru: Assistant) -> str:
    """Somebody on the web, greeted."""
    opened, _turn = await naru.open("ko", "web")
    return opened.id


def phone(contacts: Contacts, channel: str = "telegram") -> str:
    """Somebody on a channel that has ids of its own."""
    contact, _new = contacts.meet(channel, secrets.token_hex(6), "ko")
    return contact.conversation_id


async def say(naru: Assistant, conversation_id: str, words: str) -> Turn:
    return await naru.turn(conversation_id, Message(text=words))


async def press(naru: Assistant, conversation_id: str, payload: str) -> Turn:
    return await naru.turn(conversation_id, Message(payload=payload))


def words(turn: Turn) -> str:
    return words_of(turn.model_dump(mode="json"))


def code_of(turn: Turn) -> str:
    found = CODE.search(words(turn))
    assert found, words(turn)
    return found[0]


def said(naru: Assistant, conversation_id: str) -> list[str]:
    """What the person wrote in the record of the dialogue a conversation shares."""
    dialogue = naru.conversations.dialogue(conversation_id)
    return [turn["message"].get("text", "") for turn in naru.conversations.history(dialogue)]


async def test_an_interview_goes_on_in_the_other_channel(assistant: Assistant, contacts: Contacts) -> None:
    here, there = await web(assistant), phone(contacts)
    await say(assistant, here, "중국에 립스틱을 파는데 FTA 혜택 돼요?")
    asked = await say(assistant, here, "330410")
    given = await say(assistant, here, "텔레그램으로 이어서 하고 싶어요")
    assert asked.outcome == "needs_input" and given.outcome == "needs_input", "the question stays open"
    arrived = await say(assistant, there, code_of(given))
    assert arrived.conversation_id == there and arrived.replies[1:] == asked.replies, "it goes on where it stood"
    assert not CODE.search(words(arrived))
    answered = await say(assistant, there, "FOB 100달러")
    assert answered.conversation_id == there and answered.outcome == "needs_input"
    assert answered.replies[-1].text != asked.replies[-1].text, "the next question"
    stopped = await press(assistant, here, "/stop_interview")
    assert stopped.turn_id == answered.turn_id + 1, "one dialogue, one count"
    assert said(assistant, here) == said(assistant, there)
    assert "FOB 100달러" in said(assistant, here)


async def test_where_there_was_no_question_the_last_answer_is_shown_again(
    assistant: Assistant, contacts: Contacts
) -> None:
    here, there = await web(assistant), phone(contacts)
    told = await say(assistant, here, "신용장이 뭐예요?")
    given = await say(assistant, here, "연결 번호 줘")
    arrived = await say(assistant, there, code_of(given))
    assert arrived.replies[1:] == told.replies and arrived.replies[1].sources
    simpler = await press(assistant, there, "/simplify")
    assert simpler.outcome == "answered" and "term.lc" in simpler.records, "the topic is remembered there"


async def test_the_code_is_in_no_record(assistant: Assistant) -> None:
    here = await web(assistant)
    given = await say(assistant, here, "다른 곳에서 이어서")
    assert code_of(given)
    assert not CODE.search(str(assistant.conversations.history(here)))


@pytest.mark.parametrize(
    "typed", [str.lower, lambda code: code.replace("-", " "), lambda code: code.replace("NARU", "나루"), str.strip]
)
async def test_the_code_may_be_typed_in_many_ways(
    assistant: Assistant, contacts: Contacts, typed: Callable[[str], str]
) -> None:
    here, there = await web(assistant), phone(contacts)
    arrived = await say(assistant, there, typed(make_code(here)))
    assert arrived.intent.name == "redeem_code" and assistant.conversations.dialogue(there) == here


async def test_a_wrong_or_used_code_says_so_and_joins_nothing(assistant: Assistant, contacts: Contacts) -> None:
    here, there, other = await web(assistant), phone(contacts), phone(contacts)
    wrong = await say(assistant, there, "NARU-ABCD-EFGH")
    assert wrong.outcome == "needs_input" and "쓸 수 없어요" in words(wrong)
    code = make_code(here)
    await say(assistant, there, code)
    used = await say(assistant, other, code)
    assert "쓸 수 없어요" in words(used) and assistant.conversations.dialogue(other) == other
    assert said(assistant, other) == [code] and code not in said(assistant, here), "the stranger saw and left nothing"


async def test_of_two_who_redeem_at_once_one_sees_the_conversation(assistant: Assistant, contacts: Contacts) -> None:
    here = await web(assistant)
    rivals = [phone(contacts) for _ in range(4)]
    code = make_code(here)
    turns = await asyncio.gather(*(say(assistant, each, code) for each in rivals))
    won = [turn.intent.name == "redeem_code" for turn in turns]
    assert sorted(won) == [False, False, False, True]
    assert [assistant.conversations.dialogue(each) == here for each in rivals] == won


async def test_a_code_typed_where_it_was_made_changes_nothing(assistant: Assistant) -> None:
    here = await web(assistant)
    await say(assistant, here, make_code(here))
    assert assistant.conversations.dialogue(here) == here
    assert (await say(assistant, here, "신용장이 뭐예요?")).outcome == "answered"


async def test_three_channels_share_one_dialogue(assistant: Assistant, contacts: Contacts) -> None:
    here, telegram, kakao = await web(assistant), phone(contacts), phone(contacts, "kakao")
    await say(assistant, telegram, make_code(here))
    given = await say(assistant, telegram, "카톡으로 이어서 얘기해도 돼요?")
    await say(assistant, kakao, code_of(given))
    assert {assistant.conversations.dialogue(each) for each in (here, telegram, kakao)} == {here}
    turns = await asyncio.gather(*(say(assistant, each, "신용장이 뭐예요?") for each in (here, telegram, kakao)))
    assert len({turn.turn_id for turn in turns}) == 3, "one after the other"
    assert [turn.conversation_id for turn in turns] == [here, telegram, kakao]


async def test_separation_brings_back_what_was_said_before(assistant: Assistant, contacts: Contacts) -> None:
    here, there = await web(assistant), phone(contacts)
    await say(assistant, there, "FOB가 뭐예요?")
    await say(assistant, there, make_code(here))
    await say(assistant, there, "신용장이 뭐예요?")
    parted = await say(assistant, there, "연결 끊어줘")
    assert "웹 대화에 그대로" in words(parted) and parted.conversation_id == there
    assert assistant.conversations.dialogue(there) == there
    assert said(assistant, there) == ["FOB가 뭐예요?", "연결 끊어줘"]
    assert said(assistant, here)[-1] == "신용장이 뭐예요?" and "연결 끊어줘" not in said(assistant, here)
    on_the_web = await say(assistant, here, "수출신고가 뭐예요?")
    assert "수출신고가 뭐예요?" not in said(assistant, there)
    assert on_the_web.turn_id == len(said(assistant, here)) - 1
    simpler = await press(assistant, there, "/simplify")
    assert "term.fob" in simpler.records, "its own topic is back"


async def test_an_open_question_stays_where_the_dialogue_is(assistant: Assistant, contacts: Contacts) -> None:
    here, there = await web(assistant), phone(contacts)
    await say(assistant, there, make_code(here))
    await say(assistant, there, "중국에 립스틱을 파는데 FTA 혜택 돼요?")
    asked = await say(assistant, there, "330410")
    parted = await press(assistant, there, "/separate_channels")
    assert len(parted.replies) == 1 and parted.outcome == "answered", "no question to who has left"
    answered = await say(assistant, here, "FOB 100달러")
    assert answered.outcome == "needs_input" and answered.replies[-1].text != asked.replies[-1].text
    assert await say(assistant, there, "FOB가 뭐예요?") and "FOB가 뭐예요?" not in said(assistant, here)


async def test_the_owner_may_separate_too(assistant: Assistant, contacts: Contacts) -> None:
    here, there = await web(assistant), phone(contacts)
    await say(assistant, there, make_code(here))
    parted = await say(assistant, here, "텔레그램이랑 분리해줘")
    assert "텔레그램 대화에서는 더" in words(parted) and said(assistant, here)[-1] == "텔레그램이랑 분리해줘"
    assert assistant.conversations.dialogue(there) == there and said(assistant, there) == []
    again = await say(assistant, here, "연결 끊어줘")
    assert "연결되어 있지 않아요" in words(again)


async def test_erasing_from_either_side_erases_both(assistant: Assistant, contacts: Contacts) -> None:
    for erasing in (0, 1):
        pair = [await web(assistant), phone(contacts)]
        await say(assistant, pair[1], "FOB가 뭐예요?")
        await say(assistant, pair[1], make_code(pair[0]))
        await assistant.erase(pair[erasing])
        for each in pair:
            with pytest.raises(UnknownConversation):
                assistant.conversations.dialogue(each)
            assert assistant.conversations.history(each) == []


async def test_a_conversation_of_another_channel_has_no_token(settings: Any, contacts: Contacts) -> None:
    there = phone(contacts)
    with sessions(settings.database)() as session:
        row = session.get(ConversationRow, there)
    assert row is not None and row.token_digest == UNUSABLE


def test_over_http_each_sees_the_dialogue_under_its_own_id(visitor: Callable[..., Visitor]) -> None:
    here, there, stranger = visitor(), visitor(), visitor()
    here.say("신용장이 뭐예요?")
    code = CODE.search(words_of(here.say("연결 번호 주세요")))
    assert code
    there.say("FOB가 뭐예요?")
    arrived = there.say(code[0].lower())
    assert arrived["conversation_id"] == there.id
    there.say("수출신고가 뭐예요?")
    for person in (here, there):
        answer = person.http.get(f"/api/conversations/{person.id}/messages").json()
        assert answer["conversation_id"] == person.id
        assert {turn["conversation_id"] for turn in answer["turns"]} == {person.id}
        assert [turn["message"].get("text") for turn in answer["turns"]][-1] == "수출신고가 뭐예요?"
        assert not CODE.search(str(answer["turns"])), "the code itself is in no record"
    for other in (here, stranger):
        assert other.http.get(f"/api/conversations/{there.id}/messages").status_code == 401
        assert other.http.delete(f"/api/conversations/{there.id}").status_code == 401
    assert "쓸 수 없어요" in words_of(stranger.say(code[0]))


def test_over_http_the_record_of_each_is_whole_after_the_separation(visitor: Callable[..., Visitor]) -> None:
    here, there = visitor(), visitor()
    there.say("FOB가 뭐예요?")
    code = CODE.search(words_of(here.say("go on on my phone")))
    assert code
    there.say(code[0])
    there.say("신용장이 뭐예요?")
    there.press("/separate_channels")

    def kept(person: Visitor) -> list[str]:
        turns = person.http.get(f"/api/conversations/{person.id}/messages").json()["turns"]
        assert [turn["turn_id"] for turn in turns] == list(range(len(turns)))
        return [turn["message"].get("text") or turn["message"].get("payload") for turn in turns]

    assert kept(there) == ["/greet", "FOB가 뭐예요?", "/separate_channels"]
    assert kept(here)[:2] == ["/greet", "go on on my phone"] and kept(here)[-1] == "신용장이 뭐예요?"
    assert here.http.delete(f"/api/conversations/{here.id}").status_code == 204
    assert there.say("수출신고가 뭐예요?")["outcome"] == "answered", "separated, it is not erased with the other"
