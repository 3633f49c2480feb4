"""A bill of materials sent as a file: it becomes a case, and what is wrong is told by row and column."""

from __future__ import annotations

import io
from typing import Any

import openpyxl
import pytest
from sqlalchemy import update

from actions.files import keep_file
from actions.trade.bill import case_of_bill
from actions.trade.case import Case
from actions.trade.interview import next_step
from actions.trade.simulations import OpenSimulation, TakeFile
from actions.trade.storing import find, keep, last, number_in
from knowledge.database.engine import sessions
from knowledge.database.tables import ConversationRow
from knowledge.origin.model import BadInput
from knowledge.origin.reading import template
from tests.actions.talking import talking

BILL = """agreement,KR-CN
hs,3304.99
price,10
basis,FOB
currency,USD
processes,manufacturing
direct,yes
name,hs,originating,origin,value
glycerol,2905.45,no,MY,2
perfume oil,,no,FR,1.5
palm wax,1521.10,yes,KR,0.5
"""


def test_a_bill_tells_everything_and_only_codes_are_asked() -> None:
    case = case_of_bill("bill.csv", BILL.encode(), None)
    assert (case.agreement, case.country, case.hs, case.amount, case.basis) == ("KR-CN", "CN", "330499", "10", "FOB")
    assert [(p.name, p.hs, p.originating, p.value) for p in case.materials] == [
        ("glycerol", "290545", False, "2"),
        ("perfume oil", None, False, "1.5"),
        ("palm wax", "152110", True, "0.5"),
    ]
    assert next_step(case) == "material_code" and case.pending and case.pending.name == "perfume oil"
    data = case.simulation("국내", "모름")
    assert len(data["materials"]) == 3, "a bill names all materials, so that none is added"
    assert data["materials"][0]["origin"] == "MY"


def test_what_was_told_before_stays() -> None:
    known = Case(country="CN", agreement="KR-CN", hs="330499", amount="12", currency="USD", basis="CIF", direct="yes")
    case = case_of_bill("b.csv", b"name,value,hs\nwax,1,1521\n", known)
    assert (case.amount, case.basis, case.direct, case.hs) == ("12", "CIF", "yes", "330499")


@pytest.mark.parametrize(
    ("content", "field"),
    [
        (BILL.replace("glycerol,2905.45,no,MY,2", "glycerol,2905.45,no,MY,two"), "materials[0].value"),
        (BILL.replace("2905.45", "99.99.99"), "materials[0].hs"),
        (BILL.replace("KR-CN", "KR-XX"), "agreement"),
        (BILL.replace(",no,FR", ",perhaps,FR"), "materials[1].originating"),
    ],
)
def test_a_wrong_cell_is_named_with_its_place(content: str, field: str) -> None:
    with pytest.raises(BadInput) as raised:
        case_of_bill("bill.csv", content.encode(), None)
    fault = raised.value.faults[0]
    assert fault.field == field
    assert fault.place is not None and fault.place.row > 0


def test_a_filled_template_comes_back(settings: Any) -> None:
    book = openpyxl.load_workbook(io.BytesIO(template("ko")))
    product, materials = book.worksheets
    for row, value in ((1, "KR-VN"), (2, "190230"), (3, 5), (4, "FOB"), (5, "USD")):
        product.cell(row, 2).value = value
    materials.append(["밀가루", "1101", "아니요", "US", 1])
    materials.cell(2, 1).value, materials.cell(2, 2).value = "팜유", "1511"
    content = io.BytesIO()
    book.save(content)
    case = case_of_bill("양식.xlsx", content.getvalue(), None)
    assert (case.agreement, case.hs, case.amount) == ("KR-VN", "190230", "5")
    assert {piece.name for piece in case.materials} == {"팜유", "밀가루"}


def test_a_file_in_the_chat(settings: Any) -> None:
    good = keep_file("bills", "bill.csv", "text/csv", BILL.encode())
    talk = talking("/sent_file", "sent_file", {"value": good.url.removeprefix("/files/")}, conversation="bills")
    TakeFile().respond(talk)
    assert talk.slot("case")["hs"] == "330499" and talk.slot("interview") == "trade"
    bad = keep_file("bills", "bill.csv", "text/csv", BILL.replace("MY,2", "MY,two").encode())
    again = talking(
        "/sent_file", "sent_file", {"value": bad.url.removeprefix("/files/")}, {"case": talk.slot("case")}, "bills"
    )
    TakeFile().respond(again)
    assert "two" in str(again._dispatcher.messages) and again.slot("case") == talk.slot("case"), "nothing told is lost"


def test_the_file_of_another_conversation_is_not_read(settings: Any) -> None:
    theirs = keep_file("theirs", "bill.csv", "text/csv", BILL.encode())
    talk = talking("/sent_file", "sent_file", {"value": theirs.url.removeprefix("/files/")}, conversation="mine")
    TakeFile().respond(talk)
    assert talk.slot("case") is None


def test_simulations_are_found_by_number_and_by_conversation(settings: Any) -> None:
    case = Case(country="CN", agreement="KR-CN", hs="330499", amount="10")
    first = keep("storing", case, {"hs": "330499"}, {"verdict": "not_determined"})
    second = keep("storing", case.told(before=first), {"hs": "330499"}, {"verdict": "qualifies"})
    stored = find(first, "storing")
    assert stored and stored.case == case and stored.result == {"verdict": "not_determined"}
    newest = last("storing")
    assert newest and newest.number == second
    assert find("0000-0000", "storing") is None and last("nobody") is None


def test_a_number_opens_only_where_it_was_given_and_where_that_is_joined(settings: Any) -> None:
    case = Case(country="CN", agreement="KR-CN", hs="330499", amount="10")
    number = keep("phone", case, {"hs": "330499"}, {"verdict": "qualifies"})
    keep("desktop", case, {"hs": "330499"}, {"verdict": "qualifies"})
    assert find(number, "phone") and find(number, "desktop") is None
    with sessions(settings.database).begin() as session:
        session.execute(update(ConversationRow).where(ConversationRow.id == "phone").values(joined_to="desktop"))
    assert find(number, "desktop"), "the phone speaks in the desktop's dialogue now"
    talk = talking(f"{number} 다시 열어줘", "open_simulation", conversation="stranger")
    OpenSimulation().respond(talk)
    assert number in str(talk._dispatcher.messages) and talk.slot("case") is None


@pytest.mark.parametrize(
    ("text", "number"),
    [
        ("시뮬레이션 K7Q2-M9XD 다시", "K7Q2-M9XD"),
        ("k7q2-m9xd", "K7Q2-M9XD"),
        ("KOLI-OOOI", "K011-0001"),
        ("그거 다시 열어줘", None),
        ("2026-11-24", None),
    ],
)
def test_a_number_is_read_as_it_was_meant(text: str, number: str | None) -> None:
    assert number_in(text) == number


def test_an_unknown_number_is_told(settings: Any) -> None:
    talk = talking("0000-0000 다시 열어줘", "open_simulation", conversation="storing")
    OpenSimulation().respond(talk)
    assert "0000-0000" in str(talk._dispatcher.messages) and talk.slot("case") is None
