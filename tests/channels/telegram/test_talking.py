"""Talking with Naru on Telegram: questions, buttons, commands, edited messages, what can't be read."""

from __future__ import annotations

import asyncio
from typing import Any

import pytest

from channels.telegram.links import deep_link, start_parameter
from tests.channels.telegram.bot_api import BotApi
from tests.channels.telegram.conftest import Running, Starting


def contact(running: Running, address: int | str) -> Any:
    return running.app.state.contacts.find("telegram", str(address))


async def test_start_greets_in_the_language_of_the_persons_telegram(running: Running) -> None:
    minji, john, pierre, nobody = (running.someone(code) for code in ("ko", "en-US", "fr", None))
    await running.deliver(*(person.writes("/start") for person in (minji, john, pierre, nobody)))
    assert "안녕하세요, 나루예요" in minji.reads() and "Naru" in john.reads()
    assert "안녕" not in john.reads() and "안녕" not in pierre.reads()
    assert "안녕하세요" in nobody.reads(), "without a code the default language is spoken"
    assert [button["text"] for button in minji.sees()[-1].buttons][0] == "수출이 처음이에요"


async def test_a_question_is_answered_with_heading_source_and_buttons(running: Running) -> None:
    person = running.someone()
    await running.deliver(person.writes("신용장이 뭐예요?"))
    (answer,) = person.sees()
    assert ("b", "신용장 (L/C)", None) in answer.shown.parts
    folded = [text for tag, text, _ in answer.shown.parts if tag == "blockquote"]
    assert folded and "출처" in folded[-1] and "2020" in folded[-1]
    assert answer.data["parse_mode"] == "HTML" and answer.data["link_preview_options"] == {"is_disabled": True}
    assert [button["text"] for button in answer.buttons][:3] == ["더 쉽게", "예를 들면", "더 알려줘"]
    assert all(len(button["callback_data"]) <= 24 for button in answer.buttons)
    assert "term.lc" not in str(answer.data["reply_markup"]), "payloads stay on our side"
    assert running.api.of("sendChatAction", chat_id=person.chat_id)


async def test_a_button_is_answered_marked_and_goes_on_working(running: Running) -> None:
    person = running.someone()
    await running.deliver(person.writes("신용장이 뭐예요?"))
    asked = person.sees()[-1]
    await running.deliver(person.presses("더 쉽게", asked))
    assert "부모님이 꼭 드린대요" in person.reads(1)
    assert len(running.api.of("answerCallbackQuery")) == 1
    (edit,) = running.api.of("editMessageReplyMarkup")
    assert edit.data["message_id"] == asked.message_id
    assert [each["text"] for each in edit.buttons] == ["✓ 더 쉽게", *(each["text"] for each in asked.buttons[1:])]
    assert [each["callback_data"] for each in edit.buttons] == [each["callback_data"] for each in asked.buttons]
    await running.deliver(person.presses("예를 들면", asked))
    await asyncio.sleep(1.6)
    await running.deliver(person.presses("더 쉽게", asked))
    assert person.reads().count("부모님이 꼭 드린대요") == 2, "an old button still works"


async def test_a_double_tap_is_answered_once(running: Running) -> None:
    person = running.someone()
    await running.deliver(person.writes("신용장이 뭐예요?"))
    await running.deliver(person.presses("더 쉽게"), person.presses("더 쉽게"))
    assert person.reads().count("부모님이 꼭 드린대요") == 1
    assert len(running.api.of("answerCallbackQuery")) == 2, "but both are acknowledged"


async def test_an_old_button_is_not_the_answer_to_the_next_question(running: Running) -> None:
    person = running.someone()
    await running.deliver(person.writes("수출 준비 점검 테스트 하고 싶어요"))
    first = person.sees()[-1]
    await running.deliver(person.presses("모르겠어요", first))
    second = person.sees()[-1]
    await running.deliver(person.presses("모르겠어요", second))  # the same words, at once: no double tap
    assert "[2/15]" in second.shown.text and "[3/15]" in person.sees()[-1].shown.text
    await asyncio.sleep(1.6)
    await running.deliver(person.presses("모르겠어요", first))
    assert "지나간 질문의 버튼" in running.api.of("answerCallbackQuery")[-1].data["text"]
    assert "[3/15]" in person.sees()[-1].shown.text


async def test_a_button_nobody_knows_gets_plain_words(running: Running) -> None:
    minji, john = running.someone(), running.someone("en")
    await running.deliver(minji.writes("신용장이 뭐예요?"), john.writes("What is FOB?"))
    theirs = minji.sees()[-1]
    await running.deliver(john.pressing(theirs.buttons[0]["callback_data"], theirs))  # forged: another's button
    await running.deliver(minji.pressing("0" * 20, theirs))
    notices = [(call.data["text"], call.data["show_alert"]) for call in running.api.of("answerCallbackQuery")]
    assert notices == [
        ("This button no longer works. Please write what you want to know.", True),
        ("이 버튼은 이제 쓸 수 없어요. 궁금한 것을 글로 적어 주세요.", True),
    ]
    assert len(john.sees()) == 1 and len(minji.sees()) == 1


@pytest.mark.parametrize(("language", "words"), [("ko", "편한 말로"), ("en", "in your own words")])
async def test_help_and_commands_nobody_knows(running: Running, language: str, words: str) -> None:
    person = running.someone(language)
    await running.deliver(person.writes("/help"))
    assert words in person.reads() and "/delete" in person.reads()
    await running.deliver(person.writes("/abracadabra now"))
    assert "/abracadabra" in person.reads(1) and words in person.reads(1)
    assert person.sees()[-1].buttons


async def test_the_language_is_changed_by_a_button(running: Running) -> None:
    person = running.someone("ko")
    await running.deliver(person.writes("신용장이 뭐예요?"), person.writes("/language"))
    assert [button["text"] for button in person.sees()[-1].buttons] == ["한국어", "English"]
    await running.deliver(person.presses("English"))
    assert "Letter of credit" in person.reads(2)
    await running.deliver(person.writes("/help"))
    assert "in your own words" in person.sees()[-1].shown.text


async def test_reset_ends_an_interview(running: Running) -> None:
    person = running.someone()
    await running.deliver(person.writes("중국에 화장품 수출하는데 FTA 혜택 돼요?"))
    assert "HS코드" in person.reads()
    await running.deliver(person.writes("/reset"), person.writes("인코텀즈가 뭐예요?"))
    assert "처음부터 다시 시작할게요" in person.reads(1)
    assert "인코텀즈" in person.sees()[-1].shown.text and "HS코드" not in person.sees()[-1].shown.text


async def test_help_does_not_end_an_interview(running: Running) -> None:
    person = running.someone()
    await running.deliver(person.writes("중국에 화장품 수출하는데 FTA 혜택 돼요?"), person.writes("/help"))
    await running.deliver(person.writes("3304.99"))
    assert "수출 가격" in person.sees()[-1].shown.text


async def test_delete_asks_erases_and_begins_anew(running: Running) -> None:
    person = running.someone()
    await running.deliver(person.writes("신용장이 뭐예요?"), person.sends("list.csv", b"name,value,hs\nwax,1,1521\n"))
    before = contact(running, person.chat_id)
    naru = running.app.state.assistant
    (file_id,) = naru.conversations.files(before.conversation_id)
    path = running.app.state.settings.data_dir / "files" / file_id
    assert path.exists()
    await running.deliver(person.writes("/delete"))
    asked = person.sees()[-1]
    await running.deliver(person.presses("아니요", asked))
    assert "그대로 두었어요" in person.sees()[-1].shown.text and contact(running, person.chat_id) == before
    await running.deliver(person.presses("네, 모두", asked))
    assert "모두 지웠어요" in person.sees()[-1].shown.text
    assert contact(running, person.chat_id) is None and not path.exists()
    assert naru.conversations.history(before.conversation_id) == []
    old = person.sees()[0]
    await running.deliver(person.presses("더 쉽게", old))
    assert running.api.of("answerCallbackQuery")[-1].data["text"].startswith("이 버튼은 이제")
    await running.deliver(person.writes("그건 왜 필요해요?"))
    assert contact(running, person.chat_id).conversation_id != before.conversation_id


async def test_a_deep_link_opens_a_record(running: Running) -> None:
    person = running.someone()
    link = deep_link("naru_test_bot", "programme.export-voucher")
    assert link == "https://t.me/naru_test_bot?start=programme_export-voucher"
    await running.deliver(person.writes("/start programme_export-voucher"))
    assert ("b", "수출바우처", None) in person.sees()[-1].shown.parts or "수출바우처" in person.reads().splitlines()[0]
    await running.deliver(person.writes("/start nothing_like-this"))
    assert "안녕하세요, 나루예요" in person.sees()[-1].shown.text


def test_every_record_has_a_link_of_its_own(shelf: Any) -> None:
    import re

    links = [start_parameter(record) for record in shelf.library.records]
    assert len(set(links)) == len(links)
    assert all(re.fullmatch(r"[A-Za-z0-9_-]{1,64}", link) for link in links)
    assert not any(link.startswith(("join_", "record_")) for link in links), "no kind of record is called that"


async def test_a_conversation_of_another_channel_goes_on(running: Running) -> None:
    naru = running.app.state.assistant
    opened, _ = await naru.open("ko", "web")
    from actions.joined import make_code
    from bot.guard import Message

    await naru.turn(opened.id, Message(text="신용장이 뭐예요?"))
    code = make_code(opened.id)
    person = running.someone()
    await running.deliver(person.writes(f"/start {deep_link('b', code).partition('=')[2]}"))
    assert "여기서 이어서" in person.reads() and "바이어의 은행이" in person.reads()
    await running.deliver(person.writes("더 쉽게 설명해줘"))
    assert "부모님이 꼭 드린대요" in person.reads(1)
    await running.deliver(running.someone().writes(f"/start join_{code.replace('-', '')[4:]}"))
    assert running.api.of("sendMessage")[-1].shown.text.startswith("이 연결 번호는 쓸 수 없어요")


async def test_an_edited_message_is_a_new_question_if_it_says_something_else(running: Running) -> None:
    person = running.someone()
    sent = person.writes("신용쟝이 뭐예요?")
    await running.deliver(sent)
    message = sent["message"]
    same = running.api.update("edited_message", {**message, "edit_date": 1})
    await running.deliver(same)
    assert len(person.sees()) == 1
    await running.deliver(running.api.update("edited_message", {**message, "edit_date": 2, "text": "FOB가 뭐예요?"}))
    assert "배에 실을 때까지" in person.reads(1)


async def test_an_edited_answer_does_not_become_the_answer_to_the_next_question(running: Running) -> None:
    person = running.someone()
    await running.deliver(person.writes("중국에 화장품 수출하는데 FTA 혜택 돼요?"))
    answer = person.writes("3304.98")
    await running.deliver(answer)
    await running.deliver(
        running.api.update("edited_message", {**answer["message"], "edit_date": 1, "text": "3304.99"})
    )
    assert "고치신 글을 봤어요" in person.sees()[-1].shown.text


@pytest.mark.parametrize(
    ("content", "words"),
    [
        ({"voice": {"file_id": "v", "file_unique_id": "v", "duration": 3}}, "음성은 아직"),
        ({"sticker": {"file_id": "s", "file_unique_id": "s", "type": "regular", "width": 1, "height": 1, "is_animated": False, "is_video": False}}, "스티커"),
        ({"location": {"longitude": 127.0, "latitude": 37.5}}, "위치는 읽지"),
        ({"contact": {"phone_number": "+82 10-0000-0000", "first_name": "민지"}}, "연락처는 읽지"),
        ({"poll": {"id": "1", "question": "?", "options": [], "total_voter_count": 0, "allows_revoting": False, "members_only": False, "is_closed": False, "is_anonymous": True, "type": "regular", "allows_multiple_answers": False}}, "투표는"),
        ({"video": {"file_id": "v", "file_unique_id": "v", "duration": 3, "width": 1, "height": 1}}, "영상은"),
        ({"dice": {"emoji": "🎲", "value": 3}}, "이런 메시지는"),
    ],
)  # fmt: skip
async def test_what_cant_be_read_is_said_plainly(running: Running, content: dict[str, Any], words: str) -> None:
    person = running.someone()
    await running.deliver(running.api.update("message", person.message(**content)))
    assert words in person.reads()


async def test_what_the_library_does_not_know_yet_is_said_plainly(running: Running) -> None:
    person = running.someone()
    await running.deliver(running.api.update("message", person.message(poll={"shape": "of the year 2030"})))
    assert "이런 메시지는" in person.reads()


async def test_words_under_a_video_are_answered(running: Running) -> None:
    person = running.someone()
    video = {"file_id": "v", "file_unique_id": "v", "duration": 3, "width": 1, "height": 1}
    await running.deliver(running.api.update("message", person.message(video=video, caption="신용장이 뭐예요?")))
    assert "영상은" in person.reads() and "바이어의 은행이" in person.reads()


async def test_service_messages_and_channel_posts_are_let_be(running: Running) -> None:
    person = running.someone()
    pinned = person.message(pinned_message=person.message(text="x"))
    post = {"message_id": 1, "date": 1, "chat": {"id": -100, "type": "channel", "title": "t"}, "text": "/start"}
    blocked = {
        "chat": person.chat,
        "from": person.user,
        "date": 1,
        "old_chat_member": {"status": "member", "user": {"id": 1, "is_bot": True, "first_name": "N"}},
        "new_chat_member": {"status": "kicked", "until_date": 0, "user": {"id": 1, "is_bot": True, "first_name": "N"}},
    }
    await running.deliver(
        running.api.update("message", pinned),
        running.api.update("channel_post", post),
        running.api.update("message", post),
        running.api.update("my_chat_member", blocked),
    )
    assert not running.api.of("sendMessage")


async def test_messages_of_one_person_are_answered_in_order(running: Running) -> None:
    person = running.someone()
    await running.deliver(
        *(person.writes(words) for words in ("신용장이 뭐예요?", "FOB가 뭐예요?", "인코텀즈가 뭐예요?"))
    )
    heads = [call.shown.text.split("\n")[0] for call in person.sees()]
    assert [head.split()[0] for head in heads] == ["신용장", "FOB", "인코텀즈"]


async def test_too_many_messages_get_one_plain_word(starting: Starting, api: BotApi) -> None:
    running = await starting(messages_per_minute=3)
    person = running.someone()
    await running.deliver(*(person.writes("고마워요") for _ in range(6)))
    assert person.reads().count("한꺼번에 너무 많이") == 1
    assert len(person.sees()) == 4
