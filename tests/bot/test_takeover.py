"""A person takes a conversation over: played with the real assistant, from asking for them to the goodbye."""

from __future__ import annotations

import asyncio
from datetime import timedelta

import pytest
from sqlalchemy import select, update

from actions.desk.handovers import CLOSED, WAITING
from actions.desk.tables import StaffRow
from actions.errands.reminding import remind, take_due
from actions.reply import Outcome, Reply, Turn
from bot.assistant import ANNOUNCED, Assistant
from bot.conversations import UnknownConversation
from bot.desk import Desk, NotTheirs
from bot.guard import Message
from knowledge.database.engine import sessions
from knowledge.database.tables import FeedbackRow, TrackerStateRow, TurnRow, now
from knowledge.settings import settings as read_settings
from tests.actions.errands.test_reminding import FOUND, LONG_AFTER
from tests.bot.customers import JUNHO, MINA, Customer, payloads, words

pytestmark = pytest.mark.usefixtures("staff")

# waiting


async def test_asking_for_a_person_and_going_on_with_naru(naru: Assistant) -> None:
    before, customer = Customer(naru), Customer(naru)
    await before.press("/handover")
    await customer.say("신용장이 뭐예요?")
    asked = await customer.say("사람 연결해 주세요")
    assert asked.outcome is Outcome.HANDED_OVER
    assert (
        "담당자를 부를게요" in words(asked)
        and "앞에 한 분이 기다려요" in words(asked)
        and "/stop_waiting" in payloads(asked)
    )
    handover = customer.handover
    assert handover and (handover.state, handover.reason, handover.channel) == (WAITING, "asked", "web")
    summary = naru.desk.handovers.summary(handover.id)
    assert summary["exchanges"][-1]["asked"] == "신용장이 뭐예요?" and summary["language"] == "ko"
    meanwhile = await customer.say("FOB가 뭐예요?")
    assert meanwhile.outcome is Outcome.ANSWERED and "term.fob" in meanwhile.records
    again = await customer.say("상담원 연결해 주세요")
    assert "이미 부르고 있어요" in words(again) and len(naru.desk.handovers.waiting()) == 2


async def test_in_english(naru: Assistant) -> None:
    customer = Customer(naru, language="en")
    asked = await customer.say("I want to talk to a human")
    assert asked.outcome is Outcome.HANDED_OVER and "Nobody is waiting before you" in words(asked)
    handover = customer.handover
    assert handover and handover.language == "en"
    assert await naru.desk.accept(handover.id, MINA)
    assert words(customer.last) == "김미나 from our team is with you now. Naru stays quiet meanwhile."


@pytest.mark.parametrize("leaving", ["/stop_waiting", "안 기다릴래요", "상담 연결 취소해 주세요"])
async def test_who_does_not_want_to_wait_leaves_the_queue(naru: Assistant, leaving: str) -> None:
    customer = Customer(naru)
    await customer.press("/handover")
    handover = customer.handover
    left = await (customer.press(leaving) if leaving.startswith("/") else customer.say(leaving))
    assert left.outcome is Outcome.ANSWERED and "담당자를 부르지 않을게요" in words(left)
    assert handover and not await naru.desk.accept(handover.id, MINA)
    nothing = await customer.press("/stop_waiting")
    assert "부르고 있는 담당자가 없어요" in words(nothing)


async def test_leaving_the_queue_leaves_the_interview_alone(naru: Assistant) -> None:
    customer = Customer(naru)
    await customer.press("/handover")
    question = await customer.press("/test_readiness")
    left = await customer.press("/stop_waiting")
    assert "담당자를 부르지 않을게요" in words(left)
    assert left.replies[-1].text and left.replies[-1].text in words(question), "the question is still open"


async def test_why_a_person_was_asked_for(naru: Assistant) -> None:
    unknown, wrong, down = Customer(naru), Customer(naru), Customer(naru)
    await unknown.say("ㅁㄴㅇㄹ ㅋㅋㅋ")
    await unknown.press("/handover")
    assert unknown.handover and unknown.handover.reason == "not_known"
    await wrong.say("신용장이 뭐예요?")
    await wrong.press("/dissatisfied")
    await wrong.press("/handover")
    assert wrong.handover and wrong.handover.reason == "dissatisfied"
    answered = await down.say("신용장이 뭐예요?")
    naru.conversations.feedback(down.id, answered.turn_id, "down", None)
    await down.press("/handover")
    assert down.handover and down.handover.reason == "dissatisfied"


async def test_on_kakaotalk_people_are_told_when_they_hear_the_answer(naru: Assistant) -> None:
    asked = await Customer(naru, "kakao").press("/handover")
    assert "먼저 말을 걸 수 없어요" in words(asked)
    assert "먼저 말을 걸 수 없어요" not in words(await Customer(naru, "telegram").press("/handover"))


async def test_chatwoot_has_people_of_its_own(naru: Assistant) -> None:
    customer = Customer(naru, "chatwoot")
    asked = await customer.say("사람 연결해 주세요")
    assert asked.outcome is Outcome.HANDED_OVER and "이 상담창에서" in words(asked)
    assert customer.handover is None


# a person has it


async def test_while_a_person_has_it_naru_says_nothing(naru: Assistant) -> None:
    customer = Customer(naru)
    await customer.say("신용장이 뭐예요?")
    handover = await customer.handed()
    assert words(customer.last) == "이제 담당자 김미나 님이 이어서 도와드려요. 나루는 잠시 쉴게요."
    said = [await customer.say("FOB가 뭐예요?"), await customer.press("/menu"), await customer.press("/nonsense{}")]
    sent = naru.conversations.add_file(customer.id, "bom.xlsx", "application/octet-stream", 10)
    said += [
        await naru.turn(customer.id, Message(file_id=sent)),
        await customer.say(""),
        await customer.say("긴 글 " * 3000),
    ]
    for turn in said:
        assert (turn.outcome, turn.replies, turn.intent.name) == (Outcome.HANDED_OVER, (), "none")
    kept = [turn["message"] for turn in naru.conversations.history(customer.id)][-6:]
    assert kept[0] == {"text": "FOB가 뭐예요?"} and kept[1] == {"payload": "/menu"} and kept[3] == {"file_id": sent}
    assert len(kept[5]["text"]) == len("긴 글 " * 3000), "a person reads all of it"
    await customer.say("제 주민번호는 900101-1234567 이에요")
    assert "1234567" not in str(customer.last)
    assert await naru.desk.hand_back(handover.id, MINA)
    assert words(customer.last).startswith("다시 나루예요.")
    simpler = await customer.say("더 쉽게 설명해줘")
    assert "term.lc" in simpler.records, "the topic is what it was before"


async def test_what_a_person_says_comes_as_theirs(naru: Assistant) -> None:
    customer = Customer(naru)
    await customer.press("/handover")
    handover = customer.handover
    assert handover and naru.desk.handovers.accept(handover.id, MINA), "by another process, which tells nothing"
    turn = await naru.speak(customer.id, [Reply(text="무엇을 도와드릴까요?")], "김미나", MINA)
    assert (turn.intent.name, turn.outcome) == ("staff", Outcome.HANDED_OVER)
    assert [reply.text for reply in turn.replies][1] == "무엇을 도와드릴까요?" and "김미나 님이" in words(turn)
    turn = await naru.speak(customer.id, [Reply(text="네, 보내 주세요.")], "김미나")
    assert words(turn) == "네, 보내 주세요.", "who speaks is told once"
    with sessions(naru._settings.database)() as session:
        row = session.get(TurnRow, (customer.id, turn.turn_id))
        assert row and row.channel == ANNOUNCED, "every channel brings it by itself"
    with pytest.raises(NotTheirs):
        await naru.speak(customer.id, [Reply(text="저는 준호예요")], "박준호", JUNHO)
    assert await naru.desk.transfer(handover.id, MINA, JUNHO)
    assert "박준호 님이" in words(customer.last)
    with pytest.raises(NotTheirs):
        await naru.speak(customer.id, [Reply(text="아직 저예요")], "김미나", MINA)
    assert words(await naru.speak(customer.id, [Reply(text="저는 준호예요")], "박준호", JUNHO)) == "저는 준호예요"
    assert await naru.desk.transfer(handover.id, JUNHO, None)
    assert "다른 담당자를 부르고 있어요" in words(customer.last)
    assert "term.fob" in (await customer.say("FOB가 뭐예요?")).records


async def test_without_a_handover_a_person_is_named_each_time(naru: Assistant) -> None:
    customer = Customer(naru)
    for _ in range(2):
        turn = await naru.speak(customer.id, [Reply(text="서류를 받았어요.")], "김미나")
        assert words(turn) == "담당자 김미나 님의 말이에요.\n서류를 받았어요."


async def test_closing_says_goodbye_and_takes_a_thumb(naru: Assistant) -> None:
    customer = Customer(naru)
    handover = await customer.handed()
    assert not await naru.desk.close(handover.id, JUNHO, "solved"), "it is Mina's"
    assert await naru.desk.close(handover.id, MINA, "solved", "바우처 안내")
    goodbye = customer.last
    assert "상담을 마쳤어요" in words(goodbye) and len(payloads(goodbye)) == 2
    assert not await naru.desk.close(handover.id, MINA, "solved"), "once"
    down = await customer.press(payloads(goodbye)[1])
    assert "죄송해요" in words(down) and "/handover" in payloads(down)
    await customer.press(payloads(goodbye)[0])
    with sessions(naru._settings.database)() as session:
        given = select(FeedbackRow.turn_id, FeedbackRow.verdict).where(FeedbackRow.conversation_id == customer.id)
        assert [tuple(row) for row in session.execute(given)] == [(goodbye["turn_id"], "up")]


async def test_an_interview_goes_on_where_it_stood(naru: Assistant) -> None:
    customer = Customer(naru)
    await customer.press("/handover")
    handover = customer.handover
    question = await customer.press("/test_readiness")
    assert handover and await naru.desk.accept(handover.id, MINA)
    await customer.say("저희 직원 두 명이에요")
    assert await naru.desk.hand_back(handover.id, MINA)
    back = customer.last
    assert back["outcome"] == "needs_input" and back["replies"][-1]["text"] == question.replies[-1].text
    next_one = await customer.press(payloads(back)[0])
    assert next_one.outcome is Outcome.NEEDS_INPUT and next_one.replies[-1].text != question.replies[-1].text


async def test_a_person_reads_what_an_interview_would_have_hidden(naru: Assistant) -> None:
    customer = Customer(naru)
    await customer.press("/handover")
    handover = customer.handover
    with sessions(naru._settings.database).begin() as session:
        state = session.get(TrackerStateRow, customer.id)
        assert state
        state.slots = {**state.slots, "interview": "callback", "callback": {}}
        state.active_loop = {"name": "interview_form"}
    assert naru.conversations.private(customer.id)
    assert handover and await naru.desk.accept(handover.id, MINA)
    await customer.say("서류가 세관에서 반려됐어요")
    assert customer.last["message"] == {"text": "서류가 세관에서 반려됐어요"}


async def test_commands_about_channels_and_news_are_obeyed(naru: Assistant) -> None:
    customer = Customer(naru)
    await customer.handed()
    code = await customer.press("/join_channels")
    assert code.replies, "the code"
    stopped = await customer.say("수신거부")
    assert stopped.replies
    assert (await customer.say("연결됐나요?")).replies == ()


async def test_reminders_wait_until_the_person_is_done(naru: Assistant) -> None:
    customer = Customer(naru)
    handover = await customer.handed()
    remind(customer.id, FOUND)
    assert customer.id not in {each.conversation_id for each in take_due(LONG_AFTER)}
    assert await naru.desk.close(handover.id, MINA, "solved")
    assert customer.id in {each.conversation_id for each in take_due(LONG_AFTER)}


# the person vanishes, nobody comes, the customer erases


async def test_whose_person_vanished_is_called_another_and_told_once(naru: Assistant) -> None:
    waiting, customer = Customer(naru), Customer(naru)
    await waiting.press("/handover")
    handover = await customer.handed()
    with sessions(naru._settings.database).begin() as session:
        gone = now() - timedelta(seconds=naru._settings.desk_away_seconds + 1)
        session.execute(update(StaffRow).where(StaffRow.id == MINA).values(seen_at=gone))
    await asyncio.gather(naru.desk.round(), naru.desk.round())
    turns = [words(turn) for turn in naru.conversations.history(customer.id)]
    assert sum("연결이 끊겨 다시 담당자를 부르고 있어요" in turn for turn in turns) == 1
    assert [each.id for each in naru.desk.handovers.waiting()][0] == handover.id
    assert "term.fob" in (await customer.say("FOB가 뭐예요?")).records, "Naru answers meanwhile"
    with pytest.raises(NotTheirs):
        await naru.speak(customer.id, [Reply(text="다시 왔어요")], "김미나", MINA)
    assert await naru.desk.accept(handover.id, JUNHO)
    assert "박준호 님이" in words(customer.last)


async def test_who_waits_in_vain_is_told_when_the_desk_closes(naru: Assistant, closed: None) -> None:
    customer = Customer(naru)
    handover = naru.desk.handovers.ask(customer.id, "asked", "ko", "web")
    desk = Desk(naru, read_settings())
    await desk.round()
    assert customer.handover, "somebody is there still"
    for each in (MINA, JUNHO):
        desk.handovers.presence.sign_of_life(each, "away")
    await asyncio.gather(desk.round(), desk.round())
    assert customer.handover is None
    found = naru.desk.handovers.get(handover.id)
    assert found and (found.state, found.closed_as) == (CLOSED, "unanswered")
    turns = naru.conversations.history(customer.id)
    assert len(turns) == 1 and "상담 시간이 끝나서" in words(turns[0])
    offered = await customer.press(payloads(turns[0])[0])
    assert "연락처를 남기시겠어요?" in words(offered)


async def test_erased_while_a_person_has_it(naru: Assistant) -> None:
    customer = Customer(naru)
    handover = await customer.handed()
    asking = [customer.say("아직 계세요?") for _ in range(3)]
    done = await asyncio.gather(
        *asking, naru.erase(customer.id), *[customer.say("여보세요") for _ in range(3)], return_exceptions=True
    )
    assert all(isinstance(each, Turn | UnknownConversation) or each is None for each in done), done
    assert naru.desk.handovers.get(handover.id) is None
    with pytest.raises(UnknownConversation):
        await naru.speak(customer.id, [Reply(text="네")], "김미나", MINA)
    assert not await naru.desk.close(handover.id, MINA, "solved")
    with sessions(naru._settings.database)() as session:
        assert session.scalar(select(TurnRow.turn_id).where(TurnRow.conversation_id == customer.id)) is None


async def test_the_customer_speaks_from_any_joined_channel(naru: Assistant) -> None:
    desktop, phone = Customer(naru), Customer(naru, "telegram")
    handover = await phone.handed()
    code = (await desktop.press("/join_channels")).replies[-1].text
    joined = await phone.say(code or "")
    assert joined.replies, "a code is redeemed by Naru"
    assert desktop.handover and desktop.handover.id == handover.id and desktop.handover.conversation_id == desktop.id
    for each in (desktop, phone):
        assert (await each.say("저예요")).replies == ()
    await naru.speak(desktop.id, [Reply(text="네, 보여요.")], "김미나", MINA)
    assert phone.last["replies"][-1]["text"] == "네, 보여요."


# at the same moment


async def test_messages_while_somebody_accepts_and_closes(naru: Assistant) -> None:
    customer = Customer(naru)
    await customer.press("/handover")
    handover = customer.handover
    assert handover
    questions = [f"FOB가 뭐예요? {number}" for number in range(12)]

    async def accept_then_close() -> None:
        await asyncio.sleep(0.05)
        won = await asyncio.gather(*[naru.desk.accept(handover.id, who) for who in (MINA, JUNHO)])
        assert sorted(won) == [False, True]
        winner = MINA if won[0] else JUNHO
        assert await naru.desk.close(handover.id, winner, "solved")

    results = await asyncio.gather(*[customer.say(question) for question in questions], accept_then_close())
    turns = [turn for turn in results if isinstance(turn, Turn)]
    assert all((turn.outcome is Outcome.HANDED_OVER) is (turn.replies == ()) for turn in turns)
    kept = naru.conversations.history(customer.id)
    assert sorted(turn["message"]["text"] for turn in kept if "text" in turn["message"]) == sorted(questions)
    assert len({turn["turn_id"] for turn in kept}) == len(kept)
    has_it = False
    for turn in kept:
        if turn["intent"]["name"] == "handover_notice":
            has_it = True
        elif turn["intent"]["name"] == "handover_closed":
            has_it = False
        elif "text" in turn["message"]:
            assert (turn["replies"] == []) is has_it, turn
    assert kept[-1]["replies"], "Naru again"
