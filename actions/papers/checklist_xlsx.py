"""The checklist of documents as a workbook: a row a document, with a box to tick."""

from __future__ import annotations

from datetime import date
from io import BytesIO
from typing import Any

from babel.dates import format_date
from openpyxl import Workbook
from openpyxl.formatting.rule import Rule
from openpyxl.styles import Alignment, Border, Font, PatternFill, Side
from openpyxl.styles.differential import DifferentialStyle
from openpyxl.worksheet.datavalidation import DataValidation
from openpyxl.worksheet.properties import PageSetupProperties
from openpyxl.worksheet.worksheet import Worksheet

from actions.texts import text
from knowledge.guides.answer import ASKED
from knowledge.record import Language

EMPTY_BOX, TICKED_BOX = "☐", "☑"
COLUMNS = ("done", "document", "need", "who", "when", "why", "condition", "source")
WIDTHS = (7, 30, 13, 26, 24, 38, 44, 40)
"""Widths of the columns in letters."""

NARU, SOFT, DONE, LINE = "0B5C7A", "F1F5F7", "E6F4EC", "C9D4DA"
_EDGE = Side(style="thin", color=LINE)
_WRAPPED = Alignment(wrap_text=True, vertical="top")


def checklist_workbook(found: dict[str, Any], language: Language, made_on: date) -> bytes:
    """Returns what ``knowledge.guides.checklist`` found, told in the same language, as the bytes of an .xlsx file."""
    book = Workbook()
    sheet = book.active
    assert isinstance(sheet, Worksheet)
    sheet.title = text("checklist_title", language)[:31]
    book.properties.creator = "Naru"
    book.properties.title = text("checklist_title", language)
    _write_head(sheet, found, language, made_on)
    first = sheet.max_row + 2
    _write_table(sheet, found, language, first)
    _write_rest(sheet, found, language)
    _lay_out(sheet, first)
    content = BytesIO()
    book.save(content)
    return content.getvalue()


def _write_head(sheet: Worksheet, found: dict[str, Any], language: Language, made_on: date) -> None:
    sheet["A1"] = text("checklist_title", language)
    sheet["A1"].font = Font(bold=True, size=16, color=NARU)
    sheet["A2"] = f"{text('checklist_tick_note', language)} · {format_date(made_on, 'long', locale=language)}"
    for name in ASKED:
        told = found["facts"][name]
        row = sheet.max_row + 1
        sheet.cell(row, 1, text(f"checklist_field_{name}", language)).font = Font(color="46555D")
        sheet.cell(row, 4, told["name"] if told else text("checklist_unknown", language)).font = Font(bold=True)
    for warning in found["warnings"]:
        _write_line(sheet, f"! {warning['text']}")


def _write_table(sheet: Worksheet, found: dict[str, Any], language: Language, first: int) -> None:
    for number, name in enumerate(COLUMNS, 1):
        head = sheet.cell(first, number, text(f"checklist_{name}", language))
        head.font = Font(bold=True, color="FFFFFF")
        head.fill = PatternFill("solid", fgColor=NARU)
        head.alignment = _WRAPPED
    for row, line in enumerate(found["rows"], first + 1):
        for number, value in enumerate(_cells(line), 1):
            cell = sheet.cell(row, number, value)
            cell.alignment = Alignment(horizontal="center", vertical="top") if number == 1 else _WRAPPED
            cell.border = Border(bottom=_EDGE)
        sheet.cell(row, 1).font = Font(size=14)
        sheet.cell(row, 2).font = Font(bold=True)
    _make_tickable(sheet, first + 1, first + len(found["rows"]))


def _cells(line: dict[str, Any]) -> tuple[str, ...]:
    sources = "\n".join(f"{source['title']}, {source['locator']}" for source in line["sources"])
    makers = " · ".join(line["makers"])
    condition = line["condition"] or ""
    return EMPTY_BOX, line["document"], line["need_text"], makers, line["when"], line["why"], condition, sources


def _make_tickable(sheet: Worksheet, first: int, last: int) -> None:
    boxes = DataValidation(type="list", formula1=f'"{EMPTY_BOX},{TICKED_BOX}"', allow_blank=False)
    sheet.add_data_validation(boxes)
    boxes.add(f"A{first}:A{last}")
    green = DifferentialStyle(fill=PatternFill("solid", bgColor=DONE))
    ticked = Rule(type="expression", dxf=green, formula=[f'$A{first}="{TICKED_BOX}"'])
    sheet.conditional_formatting.add(f"A{first}:H{last}", ticked)


def _write_rest(sheet: Worksheet, found: dict[str, Any], language: Language) -> None:
    """Writes under the table what is not known and what to tell."""
    for heading, entries in (("not_known", found["not_known"]), ("questions", found["questions"])):
        if entries:
            row = sheet.max_row + 2
            sheet.cell(row, 1, text(f"checklist_{heading}", language)).font = Font(bold=True, color=NARU)
            for entry in entries:
                _write_line(sheet, entry["text"])


def _write_line(sheet: Worksheet, words: str) -> None:
    row = sheet.max_row + 1
    sheet.cell(row, 1, words).alignment = _WRAPPED
    sheet.merge_cells(start_row=row, start_column=1, end_row=row, end_column=len(COLUMNS))
    sheet.row_dimensions[row].height = 30


def _lay_out(sheet: Worksheet, first: int) -> None:
    for number, width in enumerate(WIDTHS):
        sheet.column_dimensions[chr(ord("A") + number)].width = width
    sheet.freeze_panes = f"C{first + 1}"
    sheet.print_title_rows = f"{first}:{first}"
    sheet.page_setup.orientation = "landscape"
    sheet.page_setup.paperSize = 9
    sheet.page_setup.fitToWidth, sheet.page_setup.fitToHeight = 1, 0
    sheet.sheet_properties.pageSetUpPr = PageSetupProperties(fitToPage=True)
    sheet.sheet_view.showGridLines = False
