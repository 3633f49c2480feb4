"""The order of the interview's questions, and how answers are understood, against the rules of the pack."""

from __future__ import annotations

from decimal import Decimal

import pytest

from actions.trade.case import Case, Piece
from actions.trade.interview import next_step, pieces, processes_of, read, settle_agreement


def told(**parts: object) -> Case:
    return settle_agreement(Case(country="CN", hs="330499", **parts))  # type: ignore[arg-type]


def test_the_questions_come_in_order() -> None:
    case = Case()
    assert next_step(case) == "country"
    case = settle_agreement(case.told(country="CN"))
    assert case.agreement == "KR-CN"
    assert next_step(case) == "product"
    case = read("product", case, "마스크팩")
    assert case and case.product == "마스크팩" and next_step(case) == "code"
    case = read("code", case, "3304.99")
    assert case and case.hs == "330499" and next_step(case) == "price"
    case = read("price", case, "10달러요")
    assert case and (case.amount, case.currency, case.basis) == ("10", "USD", None)
    assert next_step(case) == "basis"
    case = read("basis", case, "배에 싣는 데까지요")
    assert case and case.basis == "FOB" and next_step(case) == "materials"
    case = read("materials", case, "글리세린 2달러")
    assert case and next_step(case) == "material_code"
    case = read("material_code", case, "2905.45")
    assert case and case.materials == (Piece(name="글리세린", value="2", hs="290545"),)
    assert next_step(case) == "materials"
    case = read("materials", case, "없어요")
    assert case and next_step(case) == "domestic"
    case = read("domestic", case, "네 다 받았어요")
    assert case and next_step(case) == "work"
    case = read("work", case, "배합해서 만들어요")
    assert case and next_step(case) == "direct"
    case = read("direct", case, "네")
    assert case and next_step(case) is None
    data = case.simulation("국내 재료", "모르는 재료")
    assert data["price"] == {"amount": "10", "basis": "FOB", "currency": "USD"}
    assert data["materials"] == [
        {"name": "글리세린", "hs": "290545", "originating": False, "value": "2"},
        {"name": "국내 재료", "hs": None, "originating": True, "value": None},
    ]
    assert data["transport"]["direct"] is True


def test_a_price_with_its_term_needs_no_further_question() -> None:
    case = read("price", told(), "CIF 12.5유로")
    assert case and (case.amount, case.currency, case.basis) == ("12.5", "EUR", "CIF")


def test_what_is_not_known_is_skipped_and_stays_out() -> None:
    case = read("price", told(), "모르겠어요")
    assert case and case.amount is None
    assert next_step(case) == "materials"


def test_several_materials_in_one_answer() -> None:
    assert [(name, value and value.amount) for name, value in pieces("팜유 2, 밀가루 1.5달러\n소금")] == [
        ("팜유", Decimal(2)),
        ("밀가루", Decimal("1.5")),
        ("소금", None),
    ]


def test_a_sum_in_other_money_is_not_taken_as_the_prices() -> None:
    case = told(amount="10", currency="USD", basis="FOB")
    assert read("materials", case, "밀가루 3000원") is None
    assert read("materials", case, "밀가루 3달러") is not None


def test_domestic_material_without_proof_is_unknown_not_korean() -> None:
    case = told(amount="10", currency="USD", basis="FOB", materials_done=True, domestic="no", work=("manufacturing",))
    unknown = {"name": "국내 재료", "hs": None, "originating": None, "value": None}
    assert unknown in case.simulation("국내 재료", "모르는 재료")["materials"]


def test_via_another_country_asks_for_customs_control() -> None:
    case = told(amount="1", basis="FOB", materials_done=True, domestic="yes", work=("manufacturing",))
    case = read("direct", case, "아니요 싱가포르 거쳐요")  # type: ignore[assignment]
    assert case.direct == "no" and next_step(case) == "control"


def test_workings_the_rule_names_are_asked() -> None:
    case = settle_agreement(Case(country="VN", hs="610910"))  # T-shirts: CC, cut and sewn, or RVC 40
    assert processes_of(case) == ["cut_and_sewn"]


@pytest.mark.parametrize(("step", "words"), [("price", "비싸요"), ("basis", "맛있는 음식"), ("direct", "배로 가요 배")])
def test_words_that_answer_nothing_are_refused(step: str, words: str) -> None:
    assert read(step, told(), words) is None


@pytest.mark.parametrize(
    ("words", "workings"),
    [
        ("made", ("manufacturing",)),
        ("공장에서 직접 만들어요", ("manufacturing",)),
        ("포장만 해요", ("packing", "labelling")),
        ("세척해서 포장해요", ("washing", "packing")),
        ("we only dry and pack it: drying, packing", ("packing", "drying")),
    ],
)
def test_simple_working_is_not_taken_for_making(words: str, workings: tuple[str, ...]) -> None:
    case = read("work", told(), words)
    assert case and set(case.work or ()) == set(workings)


@pytest.mark.parametrize(
    "words", ["네 근데 하나는 못 받았어요", "일부만요", "yes, except the bottle", "네 대부분이요 빼고 하나"]
)
def test_a_yes_with_an_exception_is_no_yes(words: str) -> None:
    case = read("domestic", told(), words)
    assert case and case.domestic == "no"


def test_a_material_told_after_a_no_is_not_lost() -> None:
    case = read("materials", told(amount="10", currency="USD", basis="FOB"), "아니요, 중국산 원단 3달러 있어요")
    assert case and [piece.value for piece in case.materials] == ["3"]
    assert not case.materials_done


def test_not_knowing_the_materials_never_means_there_are_none() -> None:
    case = read("materials", told(amount="10", currency="USD", basis="FOB"), "모르겠어요")
    assert case and not case.materials_done
    assert next_step(case) == "domestic"
    unknown = {"name": "모르는 재료", "hs": None, "originating": None, "value": None}
    assert unknown in case.simulation("국내 재료", "모르는 재료")["materials"]


def test_words_that_name_no_working_are_asked_again() -> None:
    assert read("work", told(), "그냥 뭐 이것저것") is None


def test_duty_asks_only_for_place_goods_and_sum() -> None:
    case = settle_agreement(Case(goal="duty", country="US", hs="330499"))
    assert next_step(case) == "sum"
    case = read("sum", case, "1만 달러")  # type: ignore[assignment]
    assert case.amount == "10000" and next_step(case) is None


def test_a_country_without_product_rules_settles_no_agreement() -> None:
    assert settle_agreement(Case(country="JP")).agreement is None
    assert settle_agreement(Case(goal="duty", country="JP")).agreement == "RCEP"


def test_the_name_of_a_material_is_what_is_left_beside_its_sum() -> None:
    found = pieces("membrane 12 euro, steel plate 3 dollars and flour 2")
    assert [name for name, _ in found] == ["membrane", "steel plate", "flour"]
