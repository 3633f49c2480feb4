"""Where no person is there, one calls back: what is asked, what is kept of it and for how long."""

from __future__ import annotations

from datetime import timedelta

import pytest
from sqlalchemy import select

from actions.desk.handovers import ACTIVE, CALLBACK, WAITING
from actions.reply import Outcome
from bot.assistant import Assistant
from knowledge.database.engine import sessions
from knowledge.database.tables import TrackerEventRow, TrackerStateRow, TurnRow, now
from tests.bot.customers import JUNHO, MINA, Customer, payloads, words

pytestmark = pytest.mark.usefixtures("staff")


async def test_out_of_hours_a_call_is_offered_and_its_contact_kept_sealed(naru: Assistant, closed: None) -> None:
    customer = Customer(naru)
    offered = await customer.say("사람 연결해 주세요")
    assert "지금은 상담 시간이 아니에요" in words(offered) and "공휴일 00:00~00:01" in words(offered)
    assert "연락처를 남기시겠어요?" in words(offered) and "30일 뒤에는 지워요" in words(offered)
    assert "이름을 적어 주세요" in words(await customer.say("네 그렇게 해주세요"))
    assert "어느 번호로" in words(await customer.say("이바다입니다"))
    assert "읽지 못했어요" in words(await customer.say("010-12"))
    assert "읽지 못했어요" in words(await customer.say("+81 3-1234-5678")), "no Korean number"
    assert "언제 전화드리면" in words(await customer.say("010-8765-4321 이에요"))
    done = await customer.say("오후 3시 지나서요")
    assert done.outcome is Outcome.HANDED_OVER and "010-8765-4321" in words(done) and "이바다" in words(done)
    call = customer.handover
    assert call and call.state == CALLBACK
    assert naru.desk.handovers.contact(call.id) == {
        "name": "이바다",
        "phone": "+821087654321",
        "time": "오후 3시 지나서요",
    }
    assert "term.fob" in (await customer.say("FOB가 뭐예요?")).records, "the conversation goes on"
    with sessions(naru._settings.database)() as session:
        turns = list(session.scalars(select(TurnRow).where(TurnRow.conversation_id == customer.id)))
        events = session.scalars(select(TrackerEventRow).where(TrackerEventRow.conversation_id == customer.id))
        state = session.get(TrackerStateRow, customer.id)
        assert state
        kept = str([(row.message, row.answer) for row in turns]) + str([row.data for row in events]) + str(state.slots)
    assert "8765" not in kept and "이바다" not in kept and "3시 지나서" not in kept
    known = await customer.say("사람 연결해 주세요")
    assert "이미 받아 두었어요" in words(known)
    cancelled = await customer.press("/stop_waiting")
    assert "지웠어요" in words(cancelled) and naru.desk.handovers.contact(call.id) is None


async def test_who_asks_for_the_hours_is_told_them_and_calls_nobody_yet(naru: Assistant) -> None:
    customer = Customer(naru)
    told = await customer.say("내일 몇 시부터 상담원 연결 되나요")
    assert "지금이 상담 시간이에요. 상담 시간은 월요일~일요일 00:00~24:00" in words(told)
    assert told.outcome is Outcome.ANSWERED and customer.handover is None
    assert payloads(told) == ["/handover", '/handover{"value": "call"}']
    await customer.press("/handover")
    assert customer.handover and customer.handover.state == WAITING


async def test_out_of_hours_the_next_opening_is_told_to_who_asks_for_it(naru: Assistant, closed: None) -> None:
    offered = await Customer(naru).say("내일 몇 시부터 상담원 연결 되나요")
    assert "지금은 상담 시간이 아니에요" in words(offered) and "연락처를 남기시겠어요?" in words(offered)


async def test_who_waits_hears_the_place_and_may_be_called_instead(naru: Assistant) -> None:
    before, customer = Customer(naru), Customer(naru)
    await before.press("/handover")
    await customer.press("/handover")
    asked = await customer.press("/handover")
    assert "지금 앞에 한 분이 기다려요" in words(asked) and "몇 분 뒤에 올지는 저도 알 수 없어요" in words(asked)
    assert payloads(asked) == ['/handover{"value": "call"}', "/stop_waiting"]
    waiting = customer.handover
    assert "연락처를 남기시겠어요?" in words(await customer.press('/handover{"value": "call"}'))
    for answer in ("네", "이바다", "010-8765-4321"):
        await customer.say(answer)
    await customer.say("아무 때나")
    called = customer.handover
    assert waiting and called and (called.id, called.state) == (waiting.id, CALLBACK)
    later = await customer.say("담당자님 언제쯤 오시나요")
    assert "이미 받아 두었어요" in words(later)
    assert customer.handover and customer.handover.state == CALLBACK, "asking when does not give the call up"


async def test_nobody_there_within_the_hours(naru: Assistant) -> None:
    for each in (MINA, JUNHO):
        naru.desk.handovers.presence.sign_of_life(each, "away")
    customer = Customer(naru, language="en")
    offered = await customer.say("Can I talk to a real person?")
    assert "Nobody of our team is free" in words(offered) and "leave your number" in words(offered)
    declined = await customer.say("no")
    assert declined.outcome is Outcome.ANSWERED and "organisation.kotra" in declined.records
    assert customer.handover is None


async def test_a_call_can_be_given_up_in_the_middle(naru: Assistant, closed: None) -> None:
    customer = Customer(naru)
    await customer.press("/handover")
    stopped = await customer.press("/stop_interview")
    assert "지웠어요" in words(stopped) and customer.handover is None
    again = await customer.press("/handover")
    assert "연락처를 남기시겠어요?" in words(again)
    agreed = await customer.say("네, 010-8765-4321 로 주세요")
    assert "이름을 적어 주세요" in words(agreed)
    assert "언제 전화드리면" in words(await customer.say("이바다")), "the number was told with the agreement"
    done = await customer.press('/answer{"value": "아무 때나"}')
    assert "010-8765-4321" in words(done) and "아무 때나" in words(done)


async def test_when_somebody_is_there_again_a_call_becomes_a_talk(naru: Assistant) -> None:
    customer = Customer(naru)
    call = naru.desk.handovers.ask_callback(customer.id, "asked", "ko", "web", {"phone": "+821087654321"})
    asked = await customer.press("/handover")
    assert "담당자를 부를게요" in words(asked)
    assert customer.handover and (customer.handover.id, customer.handover.state) == (call.id, WAITING)
    assert await naru.desk.accept(call.id, MINA)
    assert customer.handover and customer.handover.state == ACTIVE


async def test_calls_nobody_made_are_forgotten_as_promised(naru: Assistant) -> None:
    customer = Customer(naru)
    call = naru.desk.handovers.ask_callback(customer.id, "asked", "ko", "web", {"phone": "+821087654321"})
    assert await naru.desk.forget(now() + timedelta(days=29)) == 0
    assert naru.desk.handovers.contact(call.id)
    await naru.desk.forget(now() + timedelta(days=31))
    assert naru.desk.handovers.contact(call.id) is None and customer.handover is None


async def test_who_does_not_want_to_be_called_is_not_asked_again(naru: Assistant, closed: None) -> None:
    customer = Customer(naru)
    await customer.press("/handover")
    declined = await customer.say("됐어요 안기다릴래요")
    assert "연락처는 받지 않을게요" in words(declined) and customer.handover is None


async def test_who_says_neither_yes_nor_no_twice_is_let_go(naru: Assistant, closed: None) -> None:
    customer = Customer(naru)
    await customer.press("/handover")
    assert "‘네’나 ‘아니요’" in words(await customer.say("생각해 보고요"))
    assert "연락처는 받지 않을게요" in words(await customer.say("아까 그 김치 관세 다시"))
    assert customer.handover is None
