"""Short answers, as people type them."""

from __future__ import annotations

from decimal import Decimal

import pytest

from actions.trade.answers import money, price_term, yes_or_no


@pytest.mark.parametrize(
    ("text", "answer"),
    [
        ("네", "yes"), ("넵 바로 보내요", "yes"), ("ㅇㅇ", "yes"), ("맞아요", "yes"), ("yes", "yes"), ("Yeah sure", "yes"),
        ("아니요", "no"), ("아뇨", "no"), ("없어요", "no"), ("ㄴㄴ", "no"), ("no", "no"), ("none", "no"), ("안 했어요", "no"),
        ("모르겠어요", "unknown"), ("잘 몰라요", "unknown"), ("글쎄요", "unknown"), ("I don't know", "unknown"),
        ("밀가루요", None), ("FOB 10달러", None), ("flour", None),
    ],
)  # fmt: skip
def test_yes_no_or_not_known(text: str, answer: str | None) -> None:
    assert yes_or_no(text) == answer


@pytest.mark.parametrize(
    ("text", "amount", "currency"),
    [
        ("10달러", "10", "USD"), ("$1,200.50", "1200.50", "USD"), ("3만원", "30000", "KRW"), ("1억 원", "100000000", "KRW"),
        ("밀가루 3천원", "3000", "KRW"), ("2.5 유로", "2.5", "EUR"), ("USD 500", "500", "USD"), ("500", "500", None),
        ("FOB 10불이요", "10", "USD"), ("about 300 dollars each", "300", "USD"), ("팜유 200 위안", "200", "CNY"),
        ("membrane 12 euro", "12", "EUR"), ("12 euros", "12", "EUR"), ("만원 FOB", "10000", "KRW"), ("오천원이요", "5000", "KRW"), ("만오천원", "15000", "KRW"), ("삼십이만 원", "320000", "KRW"),
        ("천이백 달러", "1200", "USD"), ("오달러", "5", "USD"), ("억원", "100000000", "KRW"),
        ("향료가 50센트면?", "0.5", "USD"), ("1달러 50센트", "1.5", "USD"), ("12유로 5센트", "12.05", "EUR"),
        ("20 cents", "0.2", "USD"), ("오십 센트", "0.5", "USD"), ("100 centimetres", "100", None),
        ("밀가루 1kg 2달러", "2", "USD"), ("원단 3장 5불", "5", "USD"),
    ],
)  # fmt: skip
def test_sums(text: str, amount: str, currency: str | None) -> None:
    found = money(text)
    assert found is not None
    assert (found.amount, found.currency) == (Decimal(amount), currency)


@pytest.mark.parametrize(
    "text",
    [
        "밀가루",
        "CR2032 배터리",
        "",
        "3개에서 5개",
        "팜유 10%",
        "설탕 20 퍼센트",
        "면 천 원단",
        "부천 원료",
        "만 원형",
        "이 원료",
    ],
)
def test_no_sum(text: str) -> None:
    assert money(text) is None


def test_price_terms() -> None:
    assert price_term("fob 부산 10달러") == "FOB"
    assert price_term("CIF로 20불") == "CIF"
    assert price_term("공장에서") is None
