"""The checklist on paper and as a workbook: every document with a box, nothing lost."""

from datetime import date
from io import BytesIO

import openpyxl
import pytest

from actions.papers.checklist_pdf import checklist_paper
from actions.papers.checklist_xlsx import EMPTY_BOX, checklist_workbook
from knowledge.guides.checklist import checklist
from tests.actions.papers.reading import read

DAY = date(2026, 7, 1)


def found(language, *told):
    return checklist(*(told or ("CIF", "lc_sight", "sea_fcl", "food", "VN")), language)


def sheet(content):
    return openpyxl.load_workbook(BytesIO(content)).active


@pytest.mark.parametrize("language", ["ko", "en"])
def test_the_workbook_has_a_row_and_a_box_for_every_document(language):
    listed = found(language)
    page = sheet(checklist_workbook(listed, language, DAY))
    boxes = [row for row in page.iter_rows(values_only=True) if row[0] == EMPTY_BOX]
    assert [row[1] for row in boxes] == [row["document"] for row in listed["rows"]]
    assert [row[5] for row in boxes] == [row["why"] for row in listed["rows"]]


def test_the_boxes_can_be_ticked_in_every_row_and_only_there():
    listed = found("ko")
    page = sheet(checklist_workbook(listed, "ko", DAY))
    (rule,) = page.data_validations.dataValidation
    assert rule.formula1 == '"☐,☑"'
    ticked = [cell.value for row in page[str(rule.sqref)] for cell in row]
    assert ticked == [EMPTY_BOX] * len(listed["rows"])


def test_the_workbook_says_what_was_told_what_is_unknown_and_what_to_mind():
    listed = found("en", "FOB", None, "air", None, None)
    values = [
        str(cell) for row in sheet(checklist_workbook(listed, "en", DAY)).iter_rows(values_only=True) for cell in row
    ]
    everything = "\n".join(values)
    assert "FOB (free on board)" in everything and "Not known yet" in everything
    for part in (*listed["warnings"], *listed["not_known"], *listed["questions"]):
        assert part["text"] in everything
    assert "제241조제1항" in everything


def test_nothing_in_the_workbook_is_a_formula():
    page = sheet(checklist_workbook(found("ko"), "ko", DAY))
    assert all(cell.data_type != "f" for row in page.iter_rows() for cell in row)


@pytest.mark.parametrize("language", ["ko", "en"])
@pytest.mark.parametrize("told", [("CIF", "lc_sight", "sea_fcl", "food", "VN"), ("FOB", None, "air", None, None)])
def test_the_paper_loses_nothing(language, told):
    listed = found(language, *told)
    paper = read(checklist_paper(listed, language, DAY, "N-1"))
    for row in listed["rows"]:
        for part in (row["document"], row["condition"] or ""):
            assert part in paper, row["id"]
        if row["need"] != "open":
            assert all(maker in paper for maker in row["makers"]) and row["when"] in paper, row["id"]
    for part in (*listed["warnings"], *listed["not_known"], *listed["questions"]):
        assert part["text"] in paper
    assert "제241조제1항" in paper


def test_the_same_list_gives_the_same_bytes():
    assert checklist_paper(found("ko"), "ko", DAY) == checklist_paper(found("ko"), "ko", DAY)
