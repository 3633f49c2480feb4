"""One thing told before is changed in words; each expectation is what the words say."""

from __future__ import annotations

from decimal import Decimal

import pytest

from actions.trade.case import Case, Piece
from actions.trade.changing import change
from knowledge.tariffs.exchange import reference
from tests.actions.talking import talking

CASE = Case(
    country="CN",
    agreement="KR-CN",
    hs="330499",
    amount="10",
    currency="USD",
    basis="FOB",
    materials=(Piece(name="글리세린", value="2", hs="290545"), Piece(name="팜유", value="1.5", hs="151190")),
    materials_done=True,
    domestic="yes",
    work=("manufacturing",),
    direct="yes",
)


def changed(words: str, **entities: str) -> Case:
    found = change(CASE, talking(words, "change_case", entities))
    assert found is not None, words
    assert all(found.told), words
    return found.case


@pytest.mark.parametrize(
    ("words", "amount", "basis"),
    [
        ("가격이 12달러면?", "12", "FOB"),
        ("FOB 12.5달러로 다시", "12.5", "FOB"),
        ("CIF 15달러면 어때요", "15", "CIF"),
        ("what if I sell it at $9", "9", "FOB"),
        ("단가 20", "20", "FOB"),
    ],
)
def test_price(words: str, amount: str, basis: str) -> None:
    case = changed(words)
    assert (case.amount, case.basis, case.currency) == (amount, basis, "USD")
    assert case.materials == CASE.materials


def test_a_price_in_other_money_is_reckoned_at_the_reference_rate() -> None:
    """The materials are in dollars, so that the price must be too; the rate is the library's, the division ours."""
    dollar = reference("USD")
    assert dollar is not None
    expected = round(Decimal(1500) / dollar.won, 2)
    case = changed("단가가 1,500원이면?")
    assert case.amount is not None and Decimal(case.amount) == expected
    assert case.currency == "USD"


def test_without_values_of_materials_the_money_itself_changes() -> None:
    bare = CASE.told(materials=(Piece(name="글리세린"),))
    found = change(bare, talking("단가가 1,500원이면?", "change_case"))
    assert found and (found.case.amount, found.case.currency) == ("1500", "KRW")


def test_a_material_is_named_for_its_value_its_origin_or_to_leave_it_out() -> None:
    assert changed("팜유가 3달러면").materials[1].value == "3"
    korean = changed("팜유를 국산으로 바꾸면?").materials[1]
    assert korean.originating is True and korean.value == "1.5"
    assert changed("글리세린을 중국산으로 하면").materials[0].originating is False
    assert [piece.name for piece in changed("팜유 빼면?").materials] == ["글리세린"]
    assert changed("글리세링이 1달러면").materials[0].value == "1", "a slip of the hand names it too"


def test_a_material_is_added() -> None:
    assert changed("향료 추가하면 0.5달러").materials[-1] == Piece(name="향료", value="0.5")


def test_way_agreement_country_and_code() -> None:
    via = changed("홍콩 거쳐서 보내면?", country="HK")
    assert (via.direct, via.more["via"], via.country) == ("no", ["HK"], "CN")
    assert changed("직항이면").direct == "yes"
    assert changed("베트남으로 보내면?", country="VN").country == "VN"
    assert changed("HS 3304.10이면", hs_code="3304.10").hs == "330410"
    other = Case(country="VN", agreement=None, hs="190230")
    found = change(other, talking("한베트남으로 하면", "change_case", {"agreement": "KR-VN"}))
    assert found and found.case.agreement == "KR-VN"


@pytest.mark.parametrize("words", ["그게 무슨 뜻이에요?", "고마워요", "why?", "음"])
def test_other_words_change_nothing(words: str) -> None:
    assert change(CASE, talking(words)) is None


def test_a_thing_that_was_never_told_is_no_price() -> None:
    """The case has no flour: its three dollars must not become the price of the product."""
    assert change(CASE, talking("밀가루가 3달러면?", "change_case")) is None
    assert change(CASE, talking("what if the flour costs 3 dollars", "change_case")) is None
    assert changed("12달러면?").amount == "12"


def test_a_negative_price_or_none_is_refused() -> None:
    assert change(CASE, talking("가격이 0달러면", "change_case")) is None
