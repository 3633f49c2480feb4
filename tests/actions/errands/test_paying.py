"""The payment adviser in conversation; what is proposed follows from the pack's rules, added up by hand."""

from __future__ import annotations

from typing import Any

from actions.errands.paying import PAYMENT, PaymentStart
from actions.talk import Talk
from tests.actions.errands.said import bubbles, buttons, value, words
from tests.actions.talking import talking

NEW_AND_LARGE = {"buyer": "new", "share": "large", "goods": "custom", "cash": "before"}


def start(said: str, slot: dict[str, Any] | None = None, **entities: str) -> Talk:
    talk = talking(said, "advise_payment", entities, {"payment": slot} if slot else {})
    PaymentStart().respond(talk)
    return talk


def told(state: dict[str, Any]) -> Talk:
    talk = talking("")
    PAYMENT.tell(talk, state)
    return talk


def test_six_questions_at_most_and_the_message_counts() -> None:
    assert len(PAYMENT.order) == 6
    talk = start("처음 거래하는 바이어인데 결제 어떻게 받을까요", country="VN")
    state = talk.slot("payment")
    assert state["told"] == {"buyer": "new"} and state["country"] == "VN"
    assert PAYMENT.next_step(talk, state) == "share"


def test_worry_in_the_first_message_is_no_rating_of_the_country() -> None:
    assert "country_risk" not in start("돈 떼일 위험이 높아서 결제 방법 추천해줘").slot("payment").get("told", {})


def test_the_insurer_not_asked_is_an_answer() -> None:
    reply = PAYMENT.ask(talking(""), {"told": {"buyer": "new", "share": "large"}}, "country_risk")
    assert "아직 안 물어봤어요" in [choice.title for choice in reply.choices]
    read = PAYMENT.read(talking("아직 안 물어봤어요"), {}, "country_risk", "아직 안 물어봤어요")
    assert read and read["skipped"] == ["country_risk"]


def test_a_new_buyer_and_a_large_sum_call_for_money_first() -> None:
    talk = told({"told": NEW_AND_LARGE, "country": "VN"})
    said = words(talk)
    assert "먼저 제안해 볼 방법: 모두 미리 받는 송금" in said
    assert "보험 없이는 하지 마세요" in said, "open account with a new buyer"
    assert "베트남의 위험 등급은 나루가 매기지 않아요" in said
    assert "막지 못하는" in said and "환율" in said
    assert "guide.transfer" in {value(each) for each in buttons(talk).values() if "start_guide" in each}
    assert all(bubble["reply"]["sources"] for bubble in bubbles(talk))


def test_nothing_told_recommends_nothing() -> None:
    talk = told({"told": {}, "skipped": list(PAYMENT.order)})
    assert "먼저 제안해 볼 방법" not in words(talk) and "아직 하나를 고르기에는" in words(talk)
    assert "바이어와 거래한 적" in words(talk), "what is missing is named"


def test_a_correction_in_the_middle() -> None:
    read = PAYMENT.read(talking(""), {"told": {"buyer": "new"}}, "power", "아니 오래 거래한 바이어예요")
    assert read and read["told"] == {"buyer": "trusted"} and PAYMENT.next_step(talking(""), read) == "share"


def test_english() -> None:
    talk = talking("advise me on payment terms")
    PAYMENT.tell(talk, {"told": NEW_AND_LARGE})
    assert "Propose this first: Bank transfer of all in advance" in words(talk)


def test_a_plain_yes_or_no_stands_for_the_answer_that_begins_with_it() -> None:
    assert PAYMENT.answer_to(talking("네"), {}, "goods", "네") == "resellable"
    assert PAYMENT.answer_to(talking("아니요"), {}, "goods", "아니요") == "custom"
    assert PAYMENT.answer_to(talking("아니요"), {}, "cash", "아니요") is None
    assert PAYMENT.answer_to(talking("no"), {}, "power", "no") == "weak"
