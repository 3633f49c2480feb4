"""Bills of materials from tables: read, told apart, and refused with the cell that is wrong."""

from __future__ import annotations

import io
import json
import zipfile
from datetime import date
from decimal import Decimal
from pathlib import Path
from typing import Any

import openpyxl
import pytest

from knowledge.origin.model import BadInput, read_input
from knowledge.origin.reading import read_file, template
from knowledge.origin.simulate import simulate_file

PACK = Path(__file__).resolve().parents[3] / "knowledge" / "packs" / "korea"

ENGLISH = """agreement,KR-CN
hs,330499
price,100
basis,FOB
currency,USD
processes,mixing;emulsifying
direct,yes

name,hs,originating,origin,value
glycerol,290545,no,MY,20
scent,3302.90,unknown,,"1,005.5"
"""
KOREAN = """협정;KR-CN
물건 HS코드;330499
물건값;100
가격 조건;fob
통화;usd
한국에서 하는 작업;혼합, 유화
바로 보내나요?;예

재료명;HS코드;원산지 재료인가요?;나라;값
글리세린;290545;아니오;MY;20
향료;330290;모름;;1005.5
"""


def faults(name: str, content: bytes) -> list[tuple[str, str, int | None, str | None]]:
    with pytest.raises(BadInput) as caught:
        bill = read_file(name, content)
        try:
            read_input(bill.data)
        except BadInput as error:
            raise BadInput(bill.placed(error.faults)) from error
    return [
        (f.field, f.problem, f.place.row if f.place else None, f.place.column if f.place else None)
        for f in caught.value.faults
    ]


def book(sheets: dict[str, list[list[Any]]]) -> bytes:
    made = openpyxl.Workbook()
    made.remove(made.active)
    for title, rows in sheets.items():
        sheet = made.create_sheet(title)
        for row in rows:
            sheet.append(row)
    content = io.BytesIO()
    made.save(content)
    return content.getvalue()


@pytest.mark.parametrize(
    "content",
    [
        ENGLISH.encode(),
        b"\xef\xbb\xbf" + ENGLISH.encode(),
        KOREAN.encode(),
        KOREAN.encode("cp949"),
        ENGLISH.replace('"1,005.5"', "1005.5").replace(",", "\t").encode(),
    ],
)
def test_a_csv_in_either_language(content: bytes) -> None:
    told = read_input(read_file("bill.csv", content).data)
    assert (told.agreement, told.hs6, told.price.amount, told.price.basis) == ("KR-CN", "330499", 100, "FOB")
    assert (told.price.currency, told.transport.direct, len(told.processes)) == ("USD", True, 2)
    first, second = told.materials
    assert (first.hs, first.originating, first.origin, first.value) == ("290545", False, "MY", 20)
    assert (second.hs, second.originating, second.origin, second.value) == ("330290", None, None, Decimal("1005.5"))


def test_an_xlsx_with_two_sheets() -> None:
    content = book(
        {
            "product": [
                ["agreement", "KR-US"],
                ["hs", 90121],
                ["price", 12.1],
                ["date", date(2026, 3, 1)],
                ["direct", True],
            ],
            "materials": [
                ["name", "hs", "originating", "value"],
                ["raw coffee", 90111, "no", 0.1],
                [None, None, None, None],
                ["tin", 731021, True, 3],
            ],
        }
    )
    told = read_input(read_file("bill.xlsx", content).data)
    assert (told.hs6, told.price.amount, told.date, told.transport.direct) == (
        "090121",
        Decimal("12.1"),
        date(2026, 3, 1),
        True,
    )
    assert [(m.hs, m.originating, m.value) for m in told.materials] == [
        ("090111", False, Decimal("0.1")),
        ("731021", True, 3),
    ]


def test_an_xlsx_with_one_sheet() -> None:
    rows = [["agreement", "KR-CN"], ["hs", "330499"], [], ["name", "hs"], ["glycerol", "290545"]]
    told = read_input(read_file("bill.XLSX", book({"any": rows})).data)
    assert told.materials[0].name == "glycerol"


def test_a_zero_the_spreadsheet_dropped_comes_back() -> None:
    assert read_file("b.csv", b"agreement,KR-CN\nhs,90121\n").data["hs"] == "090121"


def test_json_is_read_without_rounding() -> None:
    bill = read_file("a.json", b'{"price": {"amount": 0.1}}')
    assert bill.data == {"price": {"amount": Decimal("0.1")}}


@pytest.mark.parametrize("language", ["ko", "en"])
def test_the_template_can_be_filled_in_and_read(language: Any) -> None:
    made = openpyxl.load_workbook(io.BytesIO(template(language)))
    product, materials = made.worksheets
    for row, value in ((1, "KR-CN"), (2, "330499"), (3, 100), (4, "FOB"), (12, "예" if language == "ko" else "yes")):
        product.cell(row, 2).value = value
    answer = "아니오" if language == "ko" else "no"
    materials.append([])
    for column, value in enumerate(("glycerol", "290545", answer, "MY", 20, 3), 1):
        materials.cell(2, column).value = value
    content = io.BytesIO()
    made.save(content)
    told = read_input(read_file("t.xlsx", content.getvalue()).data)
    assert (told.agreement, told.price.basis, told.transport.direct) == ("KR-CN", "FOB", True)
    assert told.materials[0].model_dump() == {
        "name": "glycerol",
        "hs": "290545",
        "originating": False,
        "origin": "MY",
        "value": 20,
        "weight": 3,
    }


@pytest.mark.parametrize("language", ["ko", "en"])
def test_an_empty_template_asks_for_agreement_and_code(language: Any) -> None:
    assert {fault[:2] for fault in faults("t.xlsx", template(language))} == {
        ("agreement", "missing"),
        ("hs", "missing"),
    }


def test_a_wrong_value_names_its_row_and_column() -> None:
    content = ENGLISH.replace(",MY,20", ",MY,twenty").encode()
    assert faults("bill.csv", content) == [("materials[0].value", "not_a_number", 10, "value")]


def test_a_wrong_answer_names_its_row_and_column() -> None:
    content = ENGLISH.replace(",no,MY", ",perhaps,MY").encode()
    assert faults("bill.csv", content) == [("materials[0].originating", "not_yes_or_no", 10, "originating")]


def test_a_wrong_price_names_its_row() -> None:
    assert faults("bill.csv", ENGLISH.replace("price,100", "price,-1").encode()) == [
        ("price.amount", "negative", 3, "price")
    ]


@pytest.mark.parametrize(
    ("old", "new", "expected"),
    [
        ("currency,USD", "colour,red", ("file", "unknown_setting", 5, "colour")),
        ("currency,USD", "price,7", ("price.amount", "repeated", 5, "price")),
        (
            "name,hs,originating,origin,value",
            "name,hs,originating,origin,value,shade",
            ("materials", "unknown_column", 9, "shade"),
        ),
        ("name,hs,originating,origin,value", "name,hs,originating,origin,hs", ("materials.hs", "repeated", 9, "hs")),
        ("name,hs,originating,origin,value", "first,second", ("file", "unknown_setting", 9, "first")),
    ],
)
def test_a_table_that_can_t_be_understood(old: str, new: str, expected: Any) -> None:
    assert expected in faults("bill.csv", ENGLISH.replace(old, new).encode())


def bomb() -> bytes:
    content = io.BytesIO()
    with zipfile.ZipFile(content, "w", zipfile.ZIP_DEFLATED) as packed:
        packed.writestr("xl/workbook.xml", b"0" * 60_000_000)
    return content.getvalue()


@pytest.mark.parametrize(
    ("name", "content", "problem"),
    [
        ("bill.pdf", b"%PDF", "not_readable"),
        ("bill", b"", "not_readable"),
        ("bill.csv", b"\xff\xff\x00", "not_readable"),
        ("bill.csv", b'name,"hs\n', "not_readable"),
        ("bill.csv", b"", "no_material_header"),
        ("bill.csv", b"name,hs\n" * 4000, "file_too_large"),
        ("bill.csv", b"a" * 5_000_001, "file_too_large"),
        ("bill.xlsx", b"PK not a zip", "not_readable"),
        ("bill.xlsx", bomb(), "file_too_large"),
        ("bill.json", b"{", "not_json"),
    ],
)
def test_a_file_that_can_t_be_read(name: str, content: bytes, problem: str) -> None:
    assert [fault[1] for fault in faults(name, content)] == [problem]


def test_a_file_and_its_json_give_the_same_answer() -> None:
    data = {
        "agreement": "KR-CN",
        "hs": "330499",
        "price": {"amount": 100, "basis": "FOB", "currency": "USD"},
        "processes": ["mixing", "emulsifying"],
        "transport": {"direct": True},
        "materials": [
            {"name": "glycerol", "hs": "290545", "originating": False, "origin": "MY", "value": 20},
            {"name": "scent", "hs": "330290", "originating": None, "origin": None, "value": 1005.5},
        ],
    }
    from_table = simulate_file("a.csv", ENGLISH.encode(), PACK)
    assert from_table == simulate_file("a.json", json.dumps(data).encode(), PACK)
    assert from_table["verdict"] == "qualifies"


def test_the_answer_to_a_bad_file_names_row_and_column_in_words() -> None:
    result = simulate_file("bill.csv", ENGLISH.replace(",MY,20", ",MY,twenty").encode(), PACK, "en")
    assert result["verdict"] == "input_error"
    assert "row 10, value (materials[0].value)" in result["errors"][0]["text"]
    assert result["errors"][0]["place"] == {"row": 10, "column": "value", "sheet": ""}
