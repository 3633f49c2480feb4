"""Handing a conversation to people: the answer, the note, the conversation, in this order, each once, whatever fails."""

from __future__ import annotations

from datetime import timedelta

import pytest
from sqlalchemy import update

from actions.handover_summary import summarise
from channels.connection import bring
from knowledge.database.engine import sessions
from knowledge.database.tables import LetterRow, now
from tests.channels.chatwoot.conftest import Desk
from tests.channels.chatwoot.server import Failure
from tests.channels.chatwoot.shown import shown

PERSON = "상담원이랑 얘기하고 싶어요"


def note_of(desk: Desk) -> str:
    (note,) = desk.chatwoot.notes(desk.number)
    return shown(note.content or "")


async def again(desk: Desk) -> None:
    """Makes time pass and the connection look for letters left behind."""
    with sessions(desk.naru.app.state.settings.database).begin() as session:
        session.execute(update(LetterRow).where(LetterRow.done_at.is_(None)).values(held_until=now() - timedelta(1)))
    reception = desk.naru.connection.reception
    for key, lane in reception._left_behind():
        reception._queue(key, lane)
    await desk.answer()


async def test_the_answer_then_the_note_then_the_conversation(desk: Desk) -> None:
    await desk.write("우리한테 맞는 지원사업 찾아 주세요. 부산에 있는 화장품 회사예요")
    await desk.write("원산지증명서가 뭐예요?")
    seen = shown(await desk.write(PERSON))
    note = note_of(desk)
    assert desk.status == "open"
    assert "이 상담창에서 담당자가" in seen
    own = [each for each in desk.chatwoot.messages if each.conversation == desk.number and each.sender.get("id") == 9]
    assert own[-1].private and not own[-2].private
    posted = [call.path.rsplit("/", 1)[-1] for call in desk.chatwoot.calls if call.method == "POST"]
    assert posted[-1] == "toggle_status"
    assert "고객이 원하는 것: 원산지증명서가 뭐예요?" in note
    assert f"고객: {PERSON}" in note and "고객: 원산지증명서가 뭐예요?" in note
    assert "지역: 부산" in note
    assert "쓰는 말: 한국어" in note
    assert "출처" in note and "나루 대화: " in note
    assert desk.chatwoot.deliveries[-1][0] in ("conversation_opened", "message_created")


async def test_staff_read_korean_also_when_the_customer_speaks_english(desk: Desk) -> None:
    await desk.write("What is a certificate of origin?")
    seen = shown(await desk.write("I want to talk to a person"))
    note = note_of(desk)
    assert "a person of our team goes on with you" in seen
    assert "쓰는 말: 영어" in note and "고객: What is a certificate of origin?" in note
    assert desk.status == "open"


async def test_no_more_than_six_exchanges_and_nothing_personal(desk: Desk) -> None:
    for number in range(8):
        await desk.write(f"신용장이 뭐예요? {number}번째 질문, 제 주민번호는 900101-1234567이에요")
    await desk.write(PERSON)
    note = note_of(desk)
    assert note.count("고객: ") == 6
    assert "1234567" not in note


async def test_naru_is_silent_until_it_gets_the_conversation_back_and_remembers(desk: Desk) -> None:
    await desk.write("신용장이 뭐예요?")
    await desk.write(PERSON)
    turns = len(desk.turns())
    assert await desk.write("여보세요?") == ""
    assert len(desk.turns()) == turns
    await desk.chatwoot.set_status(desk.number, "pending")
    await desk.write("CIF가 뭐예요?")
    await desk.write(PERSON)
    assert "신용장이 뭐예요?" in shown(desk.chatwoot.notes(desk.number)[-1].content or "")
    assert len(desk.chatwoot.notes(desk.number)) == 2


async def test_an_unanswered_question_is_named(desk: Desk) -> None:
    await desk.write("푸릅쿠앙 달나라 통관 절차의 뜻이 궁금합니다")
    assert desk.turns()[-1]["outcome"] in ("clarify", "not_in_knowledge", "out_of_scope")
    await desk.write(PERSON)
    assert "아직 답을 얻지 못한 질문: 푸릅쿠앙 달나라 통관 절차의 뜻이 궁금합니다" in note_of(desk)


@pytest.mark.parametrize("status", [500, 502, 503, 429])
async def test_what_fails_for_a_moment_is_tried_again(desk: Desk, status: int) -> None:
    headers = {"Retry-After": "0"} if status == 429 else {}
    desk.chatwoot.failures += [Failure("/messages", status, headers=headers), Failure("/messages", status)]
    desk.chatwoot.failures += [Failure("/toggle_status", status)]
    await desk.write(PERSON)
    assert desk.status == "open" and len(desk.chatwoot.notes(desk.number)) == 1
    texts = [each.content for each in desk.chatwoot.shown(desk.number)]
    assert len(texts) == len(set(texts)), "something was posted twice"


async def test_chatwoot_slow_beyond_patience_for_once(desk: Desk) -> None:
    desk.chatwoot.failures.append(Failure("/messages", 504, seconds=1.5))
    assert "CIF" in await desk.write("CIF가 뭐예요?")
    assert desk.status == "pending"


async def test_too_many_messages_is_no_refusal(desk: Desk) -> None:
    desk.chatwoot.failures.append(Failure("/messages", 422, {"error": "Validation failed: Too many messages"}))
    assert "CIF" in await desk.write("CIF가 뭐예요?")
    assert desk.status == "pending"


async def test_what_is_refused_for_good_brings_a_person(desk: Desk) -> None:
    desk.chatwoot.failures.append(Failure("/messages", 422, {"error": "Validation failed: Content is wrong"}))
    await desk.write("CIF가 뭐예요?")
    assert desk.status == "open"
    assert "나루가 답을 올리지 못해서" in str(desk.chatwoot.notes(desk.number)[0].content)
    await desk.chatwoot.set_status(desk.number, "pending")
    assert "FOB" in await desk.write("FOB가 뭐예요?")


async def test_chatwoot_down_for_long_loses_nothing_and_repeats_nothing(desk: Desk) -> None:
    """The first message goes through, then nothing does, not even giving up; later the rest comes, once."""
    desk.chatwoot.failures += [Failure("POST .*/messages", 503, only="input_select") for _ in range(3)]
    desk.chatwoot.failures += [Failure("/toggle_status", 503) for _ in range(3)]
    await desk.write("원산지증명서가 뭐예요?")
    before = [each.content_type for each in desk.chatwoot.shown(desk.number)]
    assert before == ["text"] and desk.status == "pending"
    await again(desk)
    after = [each.content_type for each in desk.chatwoot.shown(desk.number)]
    assert after == ["text", "input_select"]
    assert len(desk.turns()) == 1


async def test_a_hand_over_that_broke_after_the_note_is_finished_without_a_second_note(desk: Desk) -> None:
    desk.chatwoot.failures += [Failure("/toggle_status", 503) for _ in range(6)]
    await desk.write(PERSON)
    assert desk.status == "pending" and len(desk.chatwoot.notes(desk.number)) == 1
    shown_before = len(desk.chatwoot.shown(desk.number))
    await again(desk)
    assert desk.status == "open" and len(desk.chatwoot.notes(desk.number)) == 1
    assert len(desk.chatwoot.shown(desk.number)) == shown_before and len(desk.turns()) == 1


async def test_a_process_that_died_between_the_turn_and_posting_answers_once(
    desk: Desk, monkeypatch: pytest.MonkeyPatch
) -> None:
    async def dies(*_: object) -> None:
        raise RuntimeError("the process is gone")

    with monkeypatch.context() as patched:
        patched.setattr(desk.naru.connection, "_note", dies)
        assert await desk.write("CIF가 뭐예요?") == ""
    assert len(desk.turns()) == 1
    await again(desk)
    assert len(desk.turns()) == 1
    assert sum("CIF" in (each.content or "") for each in desk.chatwoot.shown(desk.number)) == 1


async def test_who_took_over_before_the_answer_still_finds_the_note(desk: Desk) -> None:
    await desk.write("CIF가 뭐예요?")
    desk.chatwoot.failures += [Failure("POST .*/messages", 503) for _ in range(3)]
    desk.chatwoot.failures += [Failure("/toggle_status", 503) for _ in range(3)]
    await desk.write(PERSON)
    posted = len(desk.chatwoot.shown(desk.number))
    await desk.chatwoot.set_status(desk.number, "open")
    await again(desk)
    assert len(desk.chatwoot.shown(desk.number)) == posted
    assert "나루가 상담을 넘겨요" in note_of(desk)


async def test_a_conversation_that_was_deleted_is_let_be(desk: Desk) -> None:
    await desk.write("CIF가 뭐예요?")
    message = await desk.chatwoot.write(desk.number, "FOB가 뭐예요?")
    status = desk.chatwoot.statuses.pop(desk.number)
    await desk.answer()
    desk.chatwoot.statuses[desk.number] = status
    contact = desk.naru.contacts.find("chatwoot", desk.address)
    assert contact and message
    await bring(desk.naru.contacts, desk.naru.connection, contact)
    with sessions(desk.naru.app.state.settings.database)() as session:
        lane = session.query(LetterRow).filter(LetterRow.lane == desk.address, LetterRow.done_at.is_(None)).count()
    assert lane == 0


async def test_the_summary_is_the_same_for_every_channel(desk: Desk) -> None:
    await desk.write("우리한테 맞는 지원사업 찾아 주세요. 부산에 있는 화장품 회사예요")
    contact = desk.naru.contacts.find("chatwoot", desk.address)
    assert contact
    korean, english = (summarise(contact.conversation_id, language) for language in ("ko", "en"))
    assert [(fact.label, fact.value) for fact in korean.profile if fact.label == "지역"] == [("지역", "부산")]
    assert [(fact.label, fact.value) for fact in english.profile if fact.label == "Region"] == [("Region", "Busan")]
    assert korean.wants and korean.wants.startswith("우리한테 맞는") and korean.wants == english.wants
    assert korean.language == "ko" and korean.exchanges[-1].outcome == desk.turns()[-1]["outcome"]
    if desk.turns()[-1]["outcome"] == "needs_input":
        assert korean.asks == korean.exchanges[-1].answered


def test_nothing_is_known_of_a_conversation_that_is_not_there() -> None:
    summary = summarise("never-there")
    assert summary.exchanges == () and summary.wants is None and summary.profile == ()
