"""Naru as an agent bot: speaks in pending conversations only, answers words, choices and files, once."""

from __future__ import annotations

import asyncio
from pathlib import Path
from urllib.parse import unquote

import pytest

from actions.reply import Reply
from bot.guard import Message as Said
from channels.connection import bring
from tests.channels.chatwoot.conftest import SECRET, Desk, Naru
from tests.channels.chatwoot.server import Chatwoot, Failure
from tests.channels.chatwoot.shown import links, shown

BILL = "name,hs,originating,origin,value\nglycerol,290545,no,MY,20\nwater,220190,yes,KR,5\n"


async def test_a_question_is_answered_with_source_and_buttons(desk: Desk) -> None:
    seen = shown(await desk.write("원산지증명서가 뭐예요?"))
    turn = desk.turns()[-1]
    assert turn["outcome"] == "answered" and turn["intent"]["name"] == "define"
    assert "원산지" in seen and "출처" in seen and "기준" in seen
    for reply in turn["replies"]:
        for source in reply["sources"]:
            assert source["title"] in seen and source["as_of"] in seen
    (buttons,) = [each for each in desk.chatwoot.shown(desk.number) if each.content_type == "input_select"]
    choices = [choice for reply in turn["replies"] for choice in reply["choices"]]
    assert [item["title"] for item in buttons.items] == [choice["title"] for choice in choices]
    assert all(len(item["value"]) <= 24 for item in buttons.items)
    assert desk.status == "pending"
    assert desk.chatwoot.deliveries[0] == ("message_created", 200)


async def test_a_button_does_what_it_says(desk: Desk) -> None:
    await desk.write("원산지증명서가 뭐예요?")
    payloads = {c.title: c.payload for reply in desk.replies() for c in reply.choices}
    title = next(iter(payloads))
    assert await desk.choose(title)
    assert desk.turns()[-1]["message"] == {"payload": payloads[title]}


async def test_a_button_where_chatwoot_sends_its_value_as_words(desk: Desk) -> None:
    """So do Telegram inboxes of Chatwoot."""
    await desk.write("원산지증명서가 뭐예요?")
    item = desk.chatwoot.shown(desk.number)[-1].items[0]
    await desk.write(item["value"])
    payloads = {c.title: c.payload for reply in desk.replies() for c in reply.choices}
    assert desk.turns()[-1]["message"] == {"payload": payloads[item["title"]]}


async def test_a_button_of_somebody_else_opens_nothing(running: tuple[Naru, Chatwoot], desk: Desk) -> None:
    other = Desk(*running)
    await other.write("원산지증명서가 뭐예요?")
    foreign = other.chatwoot.shown(other.number)[-1].items[0]
    await desk.write("안녕하세요")
    mine = desk.chatwoot.shown(desk.number)[-1]
    mine.content_attributes["submitted_values"] = [foreign]
    await desk.chatwoot.fire(desk.chatwoot.event("message_updated", mine))
    await desk.answer()
    assert desk.turns()[-1]["outcome"] == "refused"


async def test_a_message_updated_twice_is_one_choice(desk: Desk) -> None:
    await desk.write("원산지증명서가 뭐예요?")
    item = desk.chatwoot.shown(desk.number)[-1].items[0]
    message = await desk.chatwoot.choose(desk.number, item["title"])
    await desk.chatwoot.fire(desk.chatwoot.event("message_updated", message))
    await desk.answer()
    assert len(desk.turns()) == 2


async def test_what_is_delivered_twice_is_answered_once(desk: Desk) -> None:
    message = await desk.chatwoot.write(desk.number, "CIF가 뭐예요?")
    await desk.chatwoot.fire(desk.chatwoot.event("message_created", message))
    await desk.answer()
    assert len(desk.turns()) == 1


async def test_messages_are_answered_in_order(desk: Desk) -> None:
    words = ["CIF가 뭐예요?", "FOB가 뭐예요?", "신용장이 뭐예요?"]
    for each in words:
        await desk.chatwoot.write(desk.number, each)
    seen = await desk.answer()
    assert [turn["message"]["text"] for turn in desk.turns()] == words
    assert seen.index("CIF") < seen.index("FOB") < seen.index("신용장")


async def test_english_is_answered_in_english(desk: Desk) -> None:
    seen = shown(await desk.write("What is a certificate of origin?"))
    assert "Pick one below" in seen and "Sources" in seen
    assert desk.turns()[-1]["language"] == "en"


@pytest.mark.parametrize("status", ["open", "resolved", "snoozed"])
async def test_naru_is_silent_in_conversations_that_are_not_its_own(desk: Desk, status: str) -> None:
    desk.chatwoot.statuses[desk.number] = status
    message = await desk.chatwoot.write(desk.number, "CIF가 뭐예요?") if status != "resolved" else None
    if message is None:
        await desk.chatwoot.staff_writes(desk.number, "끝났어요")
    assert await desk.answer() == "" and desk.turns() == []


async def test_staff_notes_and_bots_are_not_answered(desk: Desk) -> None:
    await desk.chatwoot.staff_writes(desk.number, "CIF가 뭐예요?")
    await desk.chatwoot.staff_writes(desk.number, "CIF가 뭐예요?", private=True)
    message = await desk.chatwoot.write(desk.number, "지우고 다시")
    await desk.answer()
    spoken = len(desk.turns())
    message.id += 100_000
    message.sender = {"id": 4, "name": "다른 봇", "type": "agent_bot"}
    await desk.chatwoot.fire(desk.chatwoot.event("message_created", message))
    await desk.answer()
    assert spoken == 1 and len(desk.turns()) == 1


async def test_who_takes_over_meanwhile_is_not_talked_over(desk: Desk, monkeypatch: pytest.MonkeyPatch) -> None:
    slow = desk.naru.app.state.assistant.turn

    async def while_a_person_takes_over(conversation: str, message: Said) -> object:
        made = await slow(conversation, message)
        await desk.chatwoot.set_status(desk.number, "open")
        return made

    monkeypatch.setattr(desk.naru.app.state.assistant, "turn", while_a_person_takes_over)
    assert await desk.write("CIF가 뭐예요?") == ""


@pytest.mark.parametrize("may_read", [True, False])
async def test_the_same_with_a_chatwoot_that_lets_no_bot_read(
    desk: Desk, monkeypatch: pytest.MonkeyPatch, may_read: bool
) -> None:
    desk.chatwoot.may_read = may_read
    assert "CIF" in await desk.write("CIF가 뭐예요?")
    slow = desk.naru.app.state.assistant.turn

    async def while_a_person_takes_over(conversation: str, message: Said) -> object:
        made = await slow(conversation, message)
        await desk.chatwoot.set_status(desk.number, "open")
        return made

    with monkeypatch.context() as patched:
        patched.setattr(desk.naru.app.state.assistant, "turn", while_a_person_takes_over)
        assert await desk.write("FOB가 뭐예요?") == ""
    await desk.chatwoot.set_status(desk.number, "pending")
    assert "신용장" in await desk.write("신용장이 뭐예요?")


async def test_a_resolved_conversation_goes_on_and_is_remembered(desk: Desk) -> None:
    await desk.write("신용장이 뭐예요?")
    await desk.chatwoot.set_status(desk.number, "resolved")
    seen = await desk.write("더 자세히 알려 주세요")
    assert "신용장" in seen and len(desk.turns()) == 2


async def test_opening_the_widget_greets_once(desk: Desk) -> None:
    await desk.chatwoot.open_widget(None)
    assert await desk.answer() == ""
    await desk.chatwoot.open_widget(desk.number)
    greeting = await desk.answer()
    await desk.chatwoot.open_widget(desk.number)
    assert await desk.answer() == ""
    assert "나루" in greeting and len(desk.turns()) == 1


async def test_opening_the_widget_of_a_running_conversation_says_nothing(desk: Desk) -> None:
    await desk.write("CIF가 뭐예요?")
    await desk.chatwoot.open_widget(desk.number)
    assert await desk.answer() == ""


async def test_a_bill_of_materials_is_taken_and_understood(desk: Desk, tmp_path: Path) -> None:
    seen = await desk.write("이 파일 좀 봐 주세요", ("bom.csv", BILL.encode()))
    messages = [turn["message"] for turn in desk.turns()]
    assert list(messages[0]) == ["file_id"] and messages[1] == {"text": "이 파일 좀 봐 주세요"}
    assert desk.turns()[0]["outcome"] != "failed"
    kept = desk.naru.app.state.assistant.conversations.file(messages[0]["file_id"])
    assert (kept.name, kept.media_type, kept.size) == ("bom.csv", "text/csv", len(BILL))
    assert seen


async def test_a_file_of_another_kind_is_refused_kindly(desk: Desk) -> None:
    seen = await desk.write(None, ("program.exe", b"MZ\x90\x00"))
    assert "이 파일은 읽을 수 없어요" in seen and "10MB" in seen
    assert desk.turns() == []


async def test_a_file_that_leads_into_this_network_is_not_fetched(desk: Desk, running: tuple[Naru, Chatwoot]) -> None:
    naru, chatwoot = running
    message = await chatwoot.write(chatwoot.conversation(), "")
    blob = chatwoot._stored(message.id, "bom.csv", BILL.encode())
    chatwoot.redirects[blob["id"]] = f"{naru.address}/healthz"
    fresh = await chatwoot.write(desk.number, None)
    fresh.attachments, fresh.id = [blob], fresh.id + 200_000
    await chatwoot.fire(chatwoot.event("message_created", fresh))
    assert "파일을 받지 못했어요" in await desk.answer()


async def test_a_paper_comes_as_a_file(desk: Desk) -> None:
    """The first file Naru makes in a conversation: a calendar or a PDF comes whole."""
    await desk.write("수출 준비 체크리스트 만들어 주세요")
    for _ in range(8):
        files = [one for each in desk.chatwoot.shown(desk.number) for one in each.attachments]
        if files:
            break
        items = next((m.items for m in reversed(desk.chatwoot.shown(desk.number)) if m.items), [])
        assert items, [turn["replies"] for turn in desk.turns()][-1]
        await desk.choose(items[0]["title"])
    names = {reply.file.name for reply in desk.replies() if reply.file}
    assert files and {desk.chatwoot.files[one["id"]][0] for one in files} <= names
    assert all(len(desk.chatwoot.content_of(one)) > 100 for one in files)


async def test_news_comes_into_a_conversation_that_is_narus(desk: Desk) -> None:
    await desk.write("CIF가 뭐예요?")
    await announce(desk, "신청이 접수됐어요.")
    assert "신청이 접수됐어요" in await desk.answer()
    assert not desk.chatwoot.notes(desk.number)


async def test_news_is_told_to_the_people_who_have_the_conversation(desk: Desk) -> None:
    await desk.write("CIF가 뭐예요?")
    await desk.chatwoot.set_status(desk.number, "open")
    await announce(desk, "신청이 접수됐어요.")
    assert await desk.answer() == ""
    lead, news = desk.chatwoot.notes(desk.number)
    assert "소식" in str(lead.content) and "신청이 접수됐어요" in str(news.content)
    await desk.chatwoot.set_status(desk.number, "pending")
    assert "접수됐어요" not in await desk.write("FOB가 뭐예요?")


async def test_news_that_could_not_be_sent_comes_later(desk: Desk) -> None:
    await desk.write("CIF가 뭐예요?")
    desk.chatwoot.failures += [Failure("/messages", 503) for _ in range(3)]
    with pytest.raises(Exception, match="503"):
        await announce(desk, "신청이 접수됐어요.")
    contact = desk.naru.contacts.find("chatwoot", desk.address)
    assert contact
    await bring(desk.naru.contacts, desk.naru.connection, contact)
    assert (await desk.answer()).count("접수됐어요") == 1


async def announce(desk: Desk, words: str) -> None:
    contact = desk.naru.contacts.find("chatwoot", desk.address)
    assert contact
    await desk.naru.app.state.assistant.announce(contact.conversation_id, lambda _: Reply(text=words))
    fresh = desk.naru.contacts.find("chatwoot", desk.address)
    assert fresh
    await bring(desk.naru.contacts, desk.naru.connection, fresh)


async def test_links_of_sources_can_be_pressed(desk: Desk) -> None:
    content = await desk.write("KOTRA가 뭐예요?")
    urls = [source.url for reply in desk.replies() for source in reply.sources if source.url]
    assert urls and set(map(unquote, urls)) <= set(map(unquote, links(content)))


async def test_many_people_at_once(running: tuple[Naru, Chatwoot], desk: Desk) -> None:
    desks = [Desk(*running) for _ in range(8)]
    await asyncio.gather(*(each.chatwoot.write(each.number, "CIF가 뭐예요?") for each in desks))
    await desk.naru.idle()
    await desk.chatwoot.settled()
    assert all(len(each.turns()) == 1 and each.chatwoot.shown(each.number) for each in desks)
    assert SECRET not in str(desk.chatwoot.messages)
