"""A message is kept as Naru's or as the person's, whichever it is when it is kept, whoever accepts in that moment."""

from __future__ import annotations

from collections.abc import Callable
from concurrent.futures import ThreadPoolExecutor
from threading import Event

from actions.desk.handovers import Handovers
from actions.reply import IntentNote, Outcome, Reply, Turn
from bot.conversations import Conversations
from knowledge.settings import Settings
from tests.actions.desk.conftest import JUNHO, MINA

MESSAGES = 60


class Customer:
    """Sends one message after another, as the assistant keeps them: answered by Naru, or for a person."""

    def __init__(self, chosen: Settings, handovers: Handovers, conversation_id: str) -> None:
        self.conversations = Conversations(chosen.database)
        self.handovers = handovers
        self.id = conversation_id
        self.sent = Event()

    def talk(self) -> None:
        for number in range(MESSAGES):
            held = number % 2 == 0  # the wrong guess as often as the right one
            while not self.keep(number, held):
                held = not held
            self.sent.set()

    def keep(self, number: int, held: bool) -> bool:
        turn = Turn(
            conversation_id=self.id,
            turn_id=number,
            language="ko",
            outcome=Outcome.HANDED_OVER if held else Outcome.ANSWERED,
            intent=IntentNote(name="none", confidence=0),
            replies=() if held else (Reply(text="나루의 답"),),
        )
        return self.conversations.record(
            turn, {"text": str(number)}, "web", lambda session: self.handovers.held(session, self.id) is held
        )

    def turns(self) -> list[bool]:
        """Returns, message by message, whether Naru answered it."""
        kept = self.conversations.history(self.id, most=MESSAGES)
        assert [turn["message"]["text"] for turn in kept] == [str(number) for number in range(MESSAGES)]
        assert all(bool(turn["replies"]) == (turn["outcome"] == "answered") for turn in kept)
        return [bool(turn["replies"]) for turn in kept]


def test_after_accepting_naru_says_nothing_and_no_message_is_lost(
    chosen: Settings, handovers: Handovers, conversation: Callable[..., str]
) -> None:
    customer = Customer(chosen, handovers, conversation())
    waiting = handovers.ask(customer.id, "asked", "ko", "web")
    with ThreadPoolExecutor(3) as pool:
        talking = pool.submit(customer.talk)
        customer.sent.wait()
        accepting = [pool.submit(handovers.accept, waiting.id, who) for who in (MINA, JUNHO)]
        assert sorted(each.result() for each in accepting) == [False, True]
        kept_by_then = customer.conversations.next_turn_id(customer.id)
        talking.result()
    naru = customer.turns()
    assert naru[0] and not any(naru[kept_by_then:])
    assert naru == sorted(naru, reverse=True), "Naru, then the person, and never Naru again"


def test_after_giving_back_naru_answers_every_message(
    chosen: Settings, handovers: Handovers, conversation: Callable[..., str]
) -> None:
    customer = Customer(chosen, handovers, conversation())
    waiting = handovers.ask(customer.id, "asked", "ko", "web")
    assert handovers.accept(waiting.id, MINA)
    with ThreadPoolExecutor(3) as pool:
        talking = pool.submit(customer.talk)
        customer.sent.wait()
        ending = [
            pool.submit(handovers.return_to_bot, waiting.id, MINA),
            pool.submit(handovers.close, waiting.id, MINA, "solved"),
        ]
        assert sorted(each.result() for each in ending) == [False, True]
        kept_by_then = customer.conversations.next_turn_id(customer.id)
        talking.result()
    naru = customer.turns()
    assert not naru[0] and all(naru[kept_by_then:])
    assert naru == sorted(naru)
