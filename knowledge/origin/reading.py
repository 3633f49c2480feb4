"""Reads a product and its bill of materials from a JSON, CSV or XLSX file, and writes an empty XLSX to fill in.

A table (CSV, or the sheets of an XLSX) has lines "key, value" about the product, and a heading line with the columns
``name``, ``hs``, ``originating``, ``origin``, ``value`` and perhaps ``weight``, under which every line is a material.
In an XLSX the two may be on one sheet or on two. ``reading.yaml`` has the keys and columns in both languages.
"""

from __future__ import annotations

import csv
import io
import json
import re
import zipfile
from collections.abc import Iterator
from dataclasses import dataclass, field, replace
from datetime import date, datetime
from decimal import Decimal
from functools import lru_cache
from pathlib import Path
from typing import Any

import openpyxl
import yaml
from openpyxl.styles import Font
from openpyxl.worksheet.datavalidation import DataValidation

from knowledge.origin.model import BadInput, Fault, Place
from knowledge.record import LANGUAGES, Language

LARGEST_FILE = 5_000_000
LARGEST_UNPACKED = 50_000_000
"""Bytes an XLSX may unpack to: what is packed small can be made to fill the memory."""

MOST_ROWS = 3000
MOST_COLUMNS = 60
_ANSWERS: dict[str, bool | None] = {"true": True, "false": False, "null": None}
_YES_NO = ("originating", "only_minimal", "wholly_obtained", "direct", "customs_control")
_LISTS = ("processes", "not_done", "via")
_FIELDS = {
    "price": "price.amount",
    "basis": "price.basis",
    "currency": "price.currency",
    "direct": "transport.direct",
    "via": "transport.via",
    "customs_control": "transport.customs_control",
}
"""Fields of the JSON form that stand inside another one."""


@dataclass
class Bill:
    """What a file says, in the JSON form, and where each field stood in a table."""

    data: Any
    places: dict[str, Place] = field(default_factory=dict)

    def placed(self, faults: tuple[Fault, ...]) -> tuple[Fault, ...]:
        """Returns faults with the cell each field was read from."""
        return tuple(replace(fault, place=fault.place or self.places.get(fault.field)) for fault in faults)


@dataclass(frozen=True)
class _Line:
    row: int
    sheet: str = ""


def read_file(name: str, content: bytes) -> Bill:
    """Reads a file by the ending of its name.

    Raises:
        BadInput: The file is too large, of another kind, damaged, or a cell can't be understood; the fault names row
            and column.
    """
    if len(content) > LARGEST_FILE:
        raise BadInput((Fault("file", "file_too_large"),))
    ending = Path(name).suffix.lower()
    if ending == ".json":
        return Bill(read_json(content))
    if ending == ".csv":
        return _read_tables({"": _csv_rows(content)})
    if ending == ".xlsx":
        return _read_tables(_xlsx_rows(content))
    raise BadInput((Fault("file", "not_readable", Path(name).name),))


def read_json(content: bytes | str) -> Any:
    """Reads JSON without rounding its numbers.

    Raises:
        BadInput: It is not JSON.
    """
    try:
        text = content.decode("utf-8-sig") if isinstance(content, bytes) else content
        data = json.loads(text, parse_float=Decimal, parse_constant=_no_constant)
        return _whole(data) if "\\u" in text else data
    except (ValueError, RecursionError) as error:
        raise BadInput((Fault("input", "not_json"),)) from error


def template(language: Language) -> bytes:
    """Returns an XLSX to fill in: a sheet about the product and one for the materials."""
    said = _words()
    texts = said["template"][language]
    book = openpyxl.Workbook()
    product = book.active
    assert product is not None
    product.title = texts["product_sheet"]
    for key, spellings in said["settings"].items():
        product.append([spellings[language][0], None, texts["hints"][key]])
        product.cell(product.max_row, 1).font = Font(bold=True)
    product.column_dimensions["A"].width, product.column_dimensions["B"].width = 28, 24
    product.column_dimensions["C"].width = 70
    materials = book.create_sheet(texts["material_sheet"])
    materials.append([spellings[language][0] for spellings in said["columns"].values()])
    for cell in materials[1]:
        cell.font = Font(bold=True)
        materials.column_dimensions[cell.column_letter].width = 20
    # Codes are text, so that their leading zeros stay.
    for row in range(2, 202):
        materials.cell(row, 2).number_format = "@"
    product["B2"].number_format = "@"
    _offer_answers(materials, "C2:C201", language)
    content = io.BytesIO()
    book.save(content)
    return content.getvalue()


def _offer_answers(sheet: Any, cells: str, language: Language) -> None:
    pick = 0 if language == "ko" else {"true": 4, "false": 4, "null": 2}
    answers = [listed[pick if isinstance(pick, int) else pick[key]] for key, listed in _words()["answers"].items()]
    offered = DataValidation(type="list", formula1=f'"{",".join(answers)}"', allow_blank=True)
    sheet.add_data_validation(offered)
    offered.add(cells)


def _whole(data: Any) -> Any:
    """Replaces lone surrogates, which JSON may carry in escapes and no encoding can write."""
    if isinstance(data, str):
        return data.encode("utf-16", "surrogatepass").decode("utf-16", "replace")
    if isinstance(data, dict):
        return {_whole(key): _whole(value) for key, value in data.items()}
    return [_whole(each) for each in data] if isinstance(data, list) else data


def _no_constant(name: str) -> Any:
    raise ValueError(name)


def _csv_rows(content: bytes) -> list[list[Any]]:
    """Reads a CSV in UTF-8 or in the Korean code page that Excel writes, with commas, semicolons or tabs."""
    try:
        text = content.decode("utf-8-sig")
    except UnicodeDecodeError:
        try:
            text = content.decode("cp949")
        except UnicodeDecodeError as error:
            raise BadInput((Fault("file", "not_readable"),)) from error
    delimiter = max(",;\t", key=lambda mark: sum(mark in line for line in text.splitlines()))
    try:
        rows = [list(row) for row in csv.reader(io.StringIO(text), delimiter=delimiter, strict=True)]
    except csv.Error as error:
        raise BadInput((Fault("file", "not_readable", str(error)),)) from error
    if len(rows) > MOST_ROWS:
        raise BadInput((Fault("file", "file_too_large"),))
    return rows


def _xlsx_rows(content: bytes) -> dict[str, list[list[Any]]]:
    try:
        with zipfile.ZipFile(io.BytesIO(content)) as packed:
            if sum(entry.file_size for entry in packed.infolist()) > LARGEST_UNPACKED:
                raise BadInput((Fault("file", "file_too_large"),))
        book = openpyxl.load_workbook(io.BytesIO(content), read_only=True, data_only=True)
        return {sheet.title: _cells(sheet) for sheet in book.worksheets}
    except BadInput:
        raise
    except Exception as error:  # openpyxl lets through whatever a damaged part makes its parsers raise
        raise BadInput((Fault("file", "not_readable", str(error)),)) from error


def _cells(sheet: Any) -> list[list[Any]]:
    return [list(row) for row in sheet.iter_rows(max_row=MOST_ROWS, max_col=MOST_COLUMNS, values_only=True)]


def _read_tables(tables: dict[str, list[list[Any]]]) -> Bill:
    bill = Bill({})
    faults: list[Fault] = []
    materials: list[dict[str, Any]] = []
    understood = False
    for sheet, rows in tables.items():
        headings: dict[int, str] | None = None
        titles: list[Any] = []
        for number, cells in enumerate(rows, 1):
            filled = [_clean(cell) for cell in cells]
            if not any(cell is not None for cell in filled):
                continue
            found = _headings(filled)
            understood = understood or found is not None
            try:
                if found:
                    headings, titles = _known_headings(found, filled, number, sheet), filled
                elif headings is not None:
                    materials.append(_material(headings, titles, filled, len(materials), _Line(number, sheet), bill))
                else:
                    _setting(filled, _Line(number, sheet), bill)
            except BadInput as error:
                faults += error.faults
    if not understood and not faults and not bill.data:
        faults.append(Fault("file", "no_material_header"))
    if faults:
        raise BadInput(tuple(faults))
    return Bill(_nested(bill.data) | ({"materials": materials} if materials else {}), bill.places)


def _clean(cell: Any) -> Any:
    """Returns a cell's content without what Excel and people add to it; None where it is empty."""
    if isinstance(cell, str):
        return cell.strip() or None
    if isinstance(cell, float):
        return int(cell) if cell.is_integer() else Decimal(repr(cell))
    if isinstance(cell, datetime):
        return cell.date().isoformat()
    return cell.isoformat() if isinstance(cell, date) else cell


def _headings(cells: list[Any]) -> dict[int, str] | None:
    """Returns which column is which, if a line is the materials' heading: two known columns, the name among them."""
    known = {place: _spelled("columns").get(_plain(cell)) for place, cell in enumerate(cells) if cell is not None}
    named = {place: column for place, column in known.items() if column}
    return named if len(named) >= 2 and "name" in named.values() else None


def _known_headings(named: dict[int, str], cells: list[Any], number: int, sheet: str) -> dict[int, str]:
    faults = []
    for place, cell in enumerate(cells):
        where = Place(number, str(cell), sheet)
        if cell is not None and place not in named:
            faults.append(Fault("materials", "unknown_column", str(cell)[:40], where))
        if place in named and list(named.values()).index(named[place]) != list(named).index(place):
            faults.append(Fault(f"materials.{named[place]}", "repeated", str(cell)[:40], where))
    if faults:
        raise BadInput(tuple(faults))
    return named


def _material(
    headings: dict[int, str], titles: list[Any], cells: list[Any], index: int, at: _Line, bill: Bill
) -> dict[str, Any]:
    material: dict[str, Any] = {}
    for place, column in headings.items():
        cell = cells[place] if place < len(cells) else None
        here, where = f"materials[{index}].{column}", Place(at.row, str(titles[place]), at.sheet)
        bill.places[here] = where
        material[column] = _value(column, cell, here, where)
    return material


def _setting(cells: list[Any], at: _Line, bill: Bill) -> None:
    key = _spelled("settings").get(_plain(cells[0]))
    where = Place(at.row, str(cells[0]), at.sheet)
    if key is None:
        raise BadInput((Fault("file", "unknown_setting", str(cells[0])[:40], where),))
    field_name = _FIELDS.get(key, key)
    if field_name in bill.data:
        raise BadInput((Fault(field_name, "repeated", "", where),))
    cell = cells[1] if len(cells) > 1 else None
    # A list may be split over several cells of a CSV line, because its separator is a comma there.
    if key in _LISTS and len(cells) > 2 and not at.sheet:
        cell = ";".join(str(each) for each in cells[1:] if each is not None) or None
    bill.places[field_name] = where
    if cell is not None:
        bill.data[field_name] = _value(key, cell, field_name, where)


def _value(key: str, cell: Any, here: str, where: Place) -> Any:
    if cell is None:
        return None
    if key in _YES_NO:
        return _answer(cell, here, where)
    if key in _LISTS:
        return [part.strip() for part in re.split(r"[;,\n]", str(cell)) if part.strip()]
    if key == "hs" and isinstance(cell, str) and re.fullmatch(r"\d+", cell, re.ASCII):
        return cell.zfill(len(cell) + len(cell) % 2)  # a spreadsheet has dropped the zero a code began with
    if key == "goods_condition" and isinstance(cell, str) and re.fullmatch(r"\d{1,4}", cell, re.ASCII):
        return int(cell)
    return str(cell) if key in ("name", "agreement", "basis", "currency", "origin", "date", "language") else cell


def _answer(cell: Any, here: str, where: Place) -> bool | None:
    if isinstance(cell, bool):
        return cell
    said = next((key for key, listed in _words()["answers"].items() if _plain(cell) in map(_plain, listed)), None)
    if said is None:
        raise BadInput((Fault(here, "not_yes_or_no", str(cell)[:40], where),))
    return _ANSWERS[said]


def _nested(flat: dict[str, Any]) -> dict[str, Any]:
    """Puts ``price.amount`` and its like into the objects they belong to."""
    data: dict[str, Any] = {}
    for name, value in flat.items():
        outer, _, inner = name.partition(".")
        if inner:
            data.setdefault(outer, {})[inner] = value
        else:
            data[name] = value
    return data


@lru_cache(maxsize=2)
def _spelled(section: str) -> dict[str, str]:
    def pairs() -> Iterator[tuple[str, str]]:
        for key, spellings in _words()[section].items():
            yield _plain(key), key
            for language in LANGUAGES:
                yield from ((_plain(spelling), key) for spelling in spellings[language])

    return dict(pairs())


@lru_cache(maxsize=1)
def _words() -> dict[str, Any]:
    path = Path(__file__).with_name("reading.yaml")
    return dict(yaml.safe_load(path.read_text(encoding="utf-8")))


def _plain(text: Any) -> str:
    """Returns a heading without case, spaces, underscores and question marks."""
    return re.sub(r"[\s_?]+", "", str(text)).lower() or str(text)
