"""A conversation goes through the hands of people, on SQLite and PostgreSQL; of two who press at once one wins."""

from __future__ import annotations

from collections.abc import Callable
from concurrent.futures import ThreadPoolExecutor
from datetime import datetime, timedelta
from functools import partial
from threading import Barrier
from typing import Any

from sqlalchemy import select, update

from actions.desk.handovers import ACTIVE, CALLBACK, CLOSED, WAITING, Handover, Handovers
from actions.desk.tables import HandoverRow, StaffRow
from knowledge.database.engine import sessions
from knowledge.database.tables import ConversationRow, now
from knowledge.settings import Settings
from tests.actions.desk.conftest import JUNHO, MINA

SECRET = "수출 바우처를 거절당했어요"


def at_once(*calls: Callable[[], Any]) -> list[Any]:
    """Returns what several calls return that start at the same moment, each in a thread."""
    barrier = Barrier(len(calls))

    def start(call: Callable[[], Any]) -> Any:
        barrier.wait()
        return call()

    with ThreadPoolExecutor(len(calls)) as pool:
        return [each.result() for each in [pool.submit(start, call) for call in calls]]


def seen(chosen: Settings, staff_id: str, at: datetime | None) -> None:
    with sessions(chosen.database).begin() as session:
        session.execute(update(StaffRow).where(StaffRow.id == staff_id).values(seen_at=at))


def asked(handovers: Handovers, conversation_id: str) -> Handover:
    return handovers.ask(conversation_id, "asked", "ko", "web", {"wants": SECRET})


def whats(handovers: Handovers, handover_id: str) -> list[tuple[str, str | None]]:
    return [(each.what, each.staff_id) for each in handovers.events(handover_id)]


def test_from_the_queue_to_a_closed_handover(handovers: Handovers, conversation: Callable[..., str]) -> None:
    mine = conversation()
    waiting = asked(handovers, mine)
    assert (waiting.state, waiting.reason, waiting.staff_id) == (WAITING, "asked", None)
    assert handovers.accept(waiting.id, MINA)
    served = handovers.open_of(mine)
    assert served and (served.state, served.staff_id) == (ACTIVE, MINA) and served.accepted_at
    assert [each.id for each in handovers.active()] == [waiting.id] and handovers.waiting() == []
    handovers.add_note(waiting.id, MINA, "서류를 보내 달라고 함")
    assert handovers.close(waiting.id, MINA, "solved", "바우처 안내")
    assert handovers.open_of(mine) is None
    closed = handovers.get(waiting.id)
    assert closed and (closed.state, closed.closed_as) == (CLOSED, "solved") and closed.closed_at
    assert handovers.summary(waiting.id) == {"wants": SECRET} and handovers.note(waiting.id) == "바우처 안내"
    assert whats(handovers, waiting.id) == [("asked", None), ("accepted", MINA), ("note", MINA), ("closed", MINA)]
    assert [each.text for each in handovers.events(waiting.id)][2] == "서류를 보내 달라고 함"
    assert asked(handovers, mine).id != waiting.id, "after it, a new one"


def test_what_people_told_is_sealed(handovers: Handovers, conversation: Callable[..., str], chosen: Settings) -> None:
    contact = {"name": "이바다", "phone": "+821012345678", "time": "오후"}
    made = handovers.ask_callback(conversation(), "asked", "ko", "web", contact, {"wants": SECRET})
    handovers.add_note(made.id, MINA, SECRET)
    with sessions(chosen.database)() as session:
        row = session.get(HandoverRow, made.id)
        assert row and row.contact and row.summary
        kept = row.contact + row.summary
    assert not any(word.encode() in kept for word in (SECRET, "이바다", "12345678"))
    assert handovers.contact(made.id) == contact
    assert handovers.accept_callback(made.id, MINA) and not handovers.accept_callback(made.id, JUNHO)
    assert not handovers.close(made.id, JUNHO, "called"), "a colleague calls"
    assert handovers.close(made.id, MINA, "called")
    assert handovers.contact(made.id) is None, "the number was told for this call"


def test_one_open_handover_a_dialogue(handovers: Handovers, conversation: Callable[..., str]) -> None:
    mine = conversation()
    joined = conversation(joined_to=mine)
    made = at_once(*[partial(asked, handovers, each) for each in (mine, joined, mine, joined)])
    assert len({each.id for each in made}) == 1 and len(handovers.waiting()) == 1
    assert handovers.open_of(joined) == handovers.open_of(mine)
    assert handovers.accept(made[0].id, MINA)
    assert asked(handovers, joined).state == ACTIVE, "asking again changes nothing"


def test_a_call_asked_for_becomes_a_place_in_the_queue_and_back(
    handovers: Handovers, conversation: Callable[..., str]
) -> None:
    mine = conversation()
    call = handovers.ask_callback(mine, "asked", "ko", "web", {"phone": "+8227771234"})
    assert call.state == CALLBACK and handovers.callbacks() == [call]
    again = handovers.ask_callback(mine, "asked", "ko", "web", {"phone": "+8227779999"})
    assert again.id == call.id and handovers.contact(call.id) == {"phone": "+8227779999"}
    waiting = asked(handovers, mine)
    assert (waiting.id, waiting.state) == (call.id, WAITING)
    assert handovers.ask_callback(mine, "asked", "ko", "web", {"phone": "+8227770000"}).state == CALLBACK
    assert handovers.cancel(mine) and handovers.open_of(mine) is None and not handovers.cancel(mine)
    assert handovers.contact(call.id) is None


def test_two_accept_at_once_and_one_wins(handovers: Handovers, conversation: Callable[..., str]) -> None:
    for _ in range(20):
        waiting = asked(handovers, conversation())
        won = at_once(*[partial(handovers.accept, waiting.id, who) for who in (MINA, JUNHO)])
        assert sorted(won) == [False, True]
        found = handovers.get(waiting.id)
        winner = MINA if won[0] else JUNHO
        assert found and found.staff_id == winner
        assert whats(handovers, waiting.id) == [("asked", None), ("accepted", winner)]


def test_accepted_or_taken_back_but_not_both(handovers: Handovers, conversation: Callable[..., str]) -> None:
    for _ in range(20):
        mine = conversation()
        waiting = asked(handovers, mine)
        accepted, cancelled = at_once(partial(handovers.accept, waiting.id, MINA), partial(handovers.cancel, mine))
        assert accepted != cancelled
        found = handovers.get(waiting.id)
        assert found and found.state == (ACTIVE if accepted else CLOSED)


def test_closed_given_on_or_given_back_but_once(handovers: Handovers, conversation: Callable[..., str]) -> None:
    for _ in range(10):
        waiting = asked(handovers, conversation())
        handovers.accept(waiting.id, MINA)
        done = at_once(
            partial(handovers.close, waiting.id, MINA, "solved"),
            partial(handovers.return_to_bot, waiting.id, MINA),
            partial(handovers.transfer, waiting.id, MINA, JUNHO),
        )
        assert done.count(True) == 1
        assert len(handovers.events(waiting.id)) == 3


def test_only_who_has_it_gives_it_on(handovers: Handovers, conversation: Callable[..., str], chosen: Settings) -> None:
    waiting = asked(handovers, conversation())
    handovers.accept(waiting.id, MINA)
    assert not handovers.transfer(waiting.id, JUNHO, MINA) and not handovers.return_to_bot(waiting.id, JUNHO)
    assert not handovers.close(waiting.id, JUNHO, "solved") and not handovers.transfer(waiting.id, MINA, "nobody")
    assert handovers.transfer(waiting.id, MINA, JUNHO)
    assert not handovers.close(waiting.id, MINA, "solved"), "it is Junho's now"
    with sessions(chosen.database).begin() as session:
        session.execute(update(StaffRow).where(StaffRow.id == MINA).values(active=False))
    assert not handovers.transfer(waiting.id, JUNHO, MINA), "she has left"
    assert handovers.transfer(waiting.id, JUNHO, None)
    found = handovers.get(waiting.id)
    assert found and (found.state, found.staff_id) == (WAITING, None)


def test_the_absent_lose_their_conversations_once(
    handovers: Handovers, conversation: Callable[..., str], chosen: Settings
) -> None:
    first, lost = asked(handovers, conversation()), asked(handovers, conversation())
    handovers.accept(lost.id, MINA)
    assert handovers.drop_absent() == [], "accepting is a sign of life"
    seen(chosen, MINA, now() - timedelta(seconds=59))
    assert handovers.drop_absent() == []
    seen(chosen, MINA, now() - timedelta(seconds=61))
    rounds = at_once(*[handovers.drop_absent] * 3)
    assert [each.id for round_ in rounds for each in round_] == [lost.id], "told by one process only"
    assert [each.id for each in handovers.waiting()] == [lost.id, first.id], "to the front"
    assert [handovers.ahead_of(each) for each in handovers.waiting()] == [0, 1]
    assert whats(handovers, lost.id)[-1] == ("dropped", MINA)
    assert handovers.accept(lost.id, JUNHO) and handovers.drop_absent() == []


def test_a_person_deleted_holds_nobody(
    handovers: Handovers, conversation: Callable[..., str], chosen: Settings
) -> None:
    waiting = asked(handovers, conversation())
    handovers.accept(waiting.id, MINA)
    with sessions(chosen.database).begin() as session:
        row = session.get(StaffRow, MINA)
        session.delete(row)
    assert [each.id for each in handovers.drop_absent()] == [waiting.id]


def test_who_is_there(handovers: Handovers, chosen: Settings) -> None:
    presence = handovers.presence
    assert presence.somebody_there()
    presence.sign_of_life(MINA, "away")
    assert presence.somebody_there(), "Junho"
    seen(chosen, JUNHO, now() - timedelta(seconds=61))
    assert not presence.somebody_there(), "Mina takes none, Junho's browser is silent"
    presence.sign_of_life(MINA, "available")
    assert presence.somebody_there()
    with sessions(chosen.database).begin() as session:
        session.execute(update(StaffRow).values(role="editor"))
    assert not presence.somebody_there(), "editors take none"


def test_typing_is_seen_and_passes(handovers: Handovers, conversation: Callable[..., str], chosen: Settings) -> None:
    mine = conversation()
    joined = conversation(joined_to=mine)
    handovers.typing(mine, "customer")
    assert handovers.signs(mine) is None
    waiting = asked(handovers, mine)
    handovers.accept(waiting.id, MINA)
    handovers.typing(joined, "customer")
    signs = handovers.signs(mine)
    assert signs and (signs.state, signs.customer_typing, signs.staff_typing) == (ACTIVE, True, False)
    handovers.typing(mine, "staff")
    with sessions(chosen.database).begin() as session:
        session.execute(update(HandoverRow).values(customer_typing_until=now() - timedelta(seconds=1)))
    signs = handovers.signs(mine)
    assert signs and (signs.customer_typing, signs.staff_typing) == (False, True)


def test_a_handover_follows_its_customer(handovers: Handovers, conversation: Callable[..., str]) -> None:
    phone, desktop = conversation(), conversation()
    waiting = asked(handovers, phone)
    handovers.follow(phone, desktop)
    found = handovers.open_of(desktop)
    assert found and found.id == waiting.id and found.conversation_id == desktop
    third = conversation()
    other = asked(handovers, third)
    handovers.follow(third, desktop)
    closed = handovers.get(other.id)
    assert closed and closed.closed_as == "joined" and handovers.open_of(desktop) == found


def test_who_speaks_is_told_once(handovers: Handovers, conversation: Callable[..., str], chosen: Settings) -> None:
    waiting = asked(handovers, conversation())
    handovers.accept(waiting.id, MINA)
    assert sorted(at_once(*[partial(handovers.introduce, waiting.id, MINA)] * 3)) == [False, False, True]
    handovers.transfer(waiting.id, MINA, JUNHO)
    assert handovers.introduce(waiting.id, JUNHO) and not handovers.introduce(waiting.id, JUNHO)
    seen(chosen, JUNHO, None)
    assert handovers.drop_absent() and handovers.accept(waiting.id, JUNHO)
    assert handovers.introduce(waiting.id, JUNHO), "anew after the connection was lost"


def test_nothing_is_left_of_an_erased_conversation(
    handovers: Handovers, conversation: Callable[..., str], chosen: Settings
) -> None:
    mine = conversation()
    waiting = asked(handovers, mine)
    handovers.accept(waiting.id, MINA)
    with sessions(chosen.database).begin() as session:
        session.delete(session.get(ConversationRow, mine))
    assert handovers.get(waiting.id) is None and handovers.events(waiting.id) == []
    assert not handovers.close(waiting.id, MINA, "solved") and not handovers.accept(waiting.id, MINA)


def test_old_ones_are_forgotten(handovers: Handovers, conversation: Callable[..., str], chosen: Settings) -> None:
    old, young, open_ = (asked(handovers, conversation()) for _ in range(3))
    handovers.close(old.id, MINA, "solved")
    handovers.close(young.id, MINA, "solved")
    with sessions(chosen.database).begin() as session:
        past = now() - timedelta(days=400)
        session.execute(update(HandoverRow).where(HandoverRow.id == old.id).values(closed_at=past, asked_at=past))
    assert handovers.purge(now() - timedelta(days=365)) == 1
    with sessions(chosen.database)() as session:
        assert set(session.scalars(select(HandoverRow.id))) == {young.id, open_.id}
