"""Groups: Naru speaks only when it is meant, to each person in a conversation of their own, and shows nothing personal."""

from __future__ import annotations

from typing import Any

from actions.reply import IntentNote, Outcome, Reply, Turn
from channels.telegram.answering import _for_all
from tests.channels.telegram.bot_api import ME, NUMBERS
from tests.channels.telegram.conftest import Running
from tests.channels.telegram.people import Someone


def group() -> int:
    return -1_000_000_000_000 - next(NUMBERS)


def contact(running: Running, address: str) -> Any:
    return running.app.state.contacts.find("telegram", address)


async def known(running: Running) -> None:
    """Waits until the bot knows its own name."""
    await running.deliver(running.someone().writes("고마워요"))


async def test_only_what_is_addressed_to_naru_is_answered(running: Running) -> None:
    await known(running)
    person = running.someone(group=group())
    await running.deliver(
        person.writes("신용장이 뭐예요?"),
        person.writes("/start"),
        person.writes("/start@another_bot"),
        person.writes("@another_bot 신용장이 뭐예요?"),
    )
    assert not person.sees() and contact(running, f"{person.chat_id}:{person.id}") is None
    asked = person.writes("@naru_test_bot 신용장이 뭐예요?")
    await running.deliver(asked)
    (answer,) = person.sees()
    assert "바이어의 은행이" in answer.shown.text and "naru_test_bot" not in answer.shown.text
    assert answer.data["reply_parameters"]["message_id"] == asked["message"]["message_id"]
    await running.deliver(person.writes("FOB는요?", reply_to_message={**person.message(text="x"), "from": ME}))
    assert "배에 실을 때까지" in person.reads(1)
    await running.deliver(person.writes("/help@naru_test_bot"))
    assert "/delete" in person.sees()[-1].shown.text


async def test_the_name_under_somebody_elses_question_means_that_question(running: Running) -> None:
    chat = group()
    asking, calling = running.someone(group=chat), running.someone(group=chat)
    question = asking.message(text="신용장이 뭐예요?")
    await running.deliver(calling.writes("@naru_test_bot", reply_to_message=question))
    assert "바이어의 은행이" in calling.reads()


async def test_each_person_has_a_conversation_of_their_own(running: Running) -> None:
    chat = group()
    minji, john = running.someone(group=chat), running.someone("en", group=chat)
    await running.deliver(minji.writes("@naru_test_bot 신용장이 뭐예요?"), john.writes("@naru_test_bot What is FOB?"))
    theirs = {contact(running, f"{chat}:{each.id}").conversation_id for each in (minji, john)}
    assert len(theirs) == 2
    korean = next(call for call in minji.sees() if "바이어의 은행이" in call.shown.text)
    await running.deliver(john.pressing(korean.buttons[0]["callback_data"], korean))
    assert running.api.of("answerCallbackQuery")[-1].data["text"].startswith("This button was meant for somebody else")
    await running.deliver(minji.pressing(korean.buttons[0]["callback_data"], korean))
    assert "부모님이 꼭 드린대요" in minji.reads()


async def test_a_question_of_naru_opens_a_reply(running: Running) -> None:
    person = running.someone(group=group())
    await running.deliver(person.writes("@naru_test_bot 중국에 화장품 수출하는데 FTA 혜택 돼요?"))
    asked = person.sees()[-1]
    markup = asked.data["reply_markup"]
    assert markup.get("inline_keyboard") or markup == {"force_reply": True, "selective": True}


async def test_a_topic_of_a_forum_is_kept(running: Running) -> None:
    person = running.someone(group=group())
    await running.deliver(person.writes("@naru_test_bot 신용장이 뭐예요?", is_topic_message=True, message_thread_id=7))
    assert person.sees()[-1].data["message_thread_id"] == 7


async def test_bots_are_not_answered(running: Running) -> None:
    person = running.someone(group=group())
    person.user["is_bot"] = True
    await running.deliver(person.writes("@naru_test_bot 신용장이 뭐예요?"))
    assert not person.sees()


async def test_a_group_that_became_a_supergroup_goes_on(running: Running) -> None:
    old, new = -next(NUMBERS), group()
    person = running.someone(group=old)
    person.chat["type"] = "group"
    await running.deliver(person.writes("@naru_test_bot 신용장이 뭐예요?"))
    before = contact(running, f"{old}:{person.id}")
    await running.deliver(running.api.update("message", person.message(migrate_to_chat_id=new)))
    assert contact(running, f"{old}:{person.id}") is None
    assert contact(running, f"{new}:{person.id}").conversation_id == before.conversation_id


async def test_an_answer_follows_a_group_that_moved_meanwhile(running: Running) -> None:
    old, new = -next(NUMBERS), group()
    person = running.someone(group=old)
    person.chat["type"] = "group"
    running.api.migrated[old] = new
    await running.deliver(person.writes("@naru_test_bot 신용장이 뭐예요?"))
    assert "바이어의 은행이" in Someone(running.api, group=new).reads()
    assert contact(running, f"{new}:{person.id}") is not None


async def test_personal_questions_are_warned_of(running: Running) -> None:
    person = running.someone(group=group())
    name = "@naru_test_bot "
    await running.deliver(person.writes(f"{name}수출바우처 신청하고 싶어요"))
    for _ in range(6):
        if "여럿이 보는 방" in person.reads():
            break
        choices = person.sees()[-1].buttons
        yes = next((each for each in choices if each["text"].startswith(("네", "동의", "시작", "신청"))), None)
        update = person.pressing(yes["callback_data"], person.sees()[-1]) if yes else person.writes(f"{name}네")
        await running.deliver(update)
    assert "여럿이 보는 방" in person.reads(), person.reads()
    links = [address for call in person.sees() for tag, _, address in call.shown.parts if tag == "a"]
    assert "https://t.me/naru_test_bot" in links


def test_sealed_bubbles_are_not_shown_where_several_read() -> None:
    turn = Turn(
        conversation_id="c", turn_id=1, language="ko", outcome=Outcome.ANSWERED,
        intent=IntentNote(name="answer", confidence=1.0),
        replies=(Reply(text="앞"), Reply(text="010-1234-5678", sealed=True)),
    )  # fmt: skip
    assert "010-1234" not in _for_all(turn).model_dump_json() and _for_all(turn).replies[0].text == "앞"
