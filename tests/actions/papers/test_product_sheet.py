"""The product sheet on paper: what a buyer gets, what only the firm gets, and when it is marked as a draft."""

from __future__ import annotations

import re
import zlib
from datetime import date

import pytest

from actions.papers.product_sheet import buyer_page, worksheet
from knowledge.platforms.field import SheetError
from knowledge.platforms.sheet import Sheet
from tests.knowledge.platforms.test_sheet import filled

DAY = date(2026, 12, 1)


def words(content: bytes) -> str:
    """The text of a PDF as fpdf2 writes it: two-byte glyphs, told by the font's ToUnicode table."""
    table = b"".join(re.findall(rb"beginbfchar(.*?)endbfchar", content, re.DOTALL))
    letters = {
        bytes.fromhex(a.decode()): bytes.fromhex(b.decode()).decode("utf-16-be")
        for a, b in re.findall(rb"<([0-9A-F]{4})> <([0-9A-F]+)>", table)
    }
    packed = re.findall(rb"stream\r?\n(x\x9c.*?)\r?\nendstream", content, re.DOTALL)
    streams = [stream for stream in map(zlib.decompress, packed) if b"BT /F1" in stream]
    said = []
    for stream in streams:
        for shown in re.findall(rb"\(((?:\\.|[^\\)])*)\)", stream, re.DOTALL):
            raw = re.sub(rb"\\(.)", lambda m: {b"r": b"\r", b"n": b"\n"}.get(m[1], m[1]), shown, flags=re.DOTALL)
            said.append("".join(letters.get(raw[i : i + 2], "") for i in range(0, len(raw), 2)))
    return re.sub(r"\s+", " ", " ".join(said))  # a wrapped line is told as one


def pages(content: bytes) -> int:
    return len(re.findall(rb"/Type /Page\b(?!s)", content))


def test_a_buyer_reads_the_product_and_the_terms() -> None:
    said = words(buyer_page(filled(), "en", DAY))
    for part in ("Rice Sheet Mask 25 ml", "No fragrance", "USD 1.20 FOB Busan", "500 pcs", "21 days after the order"):
        assert part in said
    assert "DRAFT" not in said


def test_nothing_for_the_firm_alone_goes_to_the_buyer() -> None:
    said = words(buyer_page(filled(keywords=None, features="아토피 개선"), "ko", DAY))
    assert "더 채울 것" not in said
    assert "의약품" not in said


@pytest.mark.parametrize("changes", [{"payment_terms": None}, {"material": "순면 시트"}])
def test_an_unfinished_page_says_that_it_is_a_draft(changes: dict[str, str | None]) -> None:
    assert "DRAFT" in words(buyer_page(filled(**changes), "en", DAY))


def test_a_korean_page_needs_no_translation() -> None:
    assert "초안" not in words(buyer_page(filled(material="순면 시트"), "ko", DAY))


def test_an_empty_sheet_still_makes_a_page() -> None:
    content = buyer_page(Sheet(), "ko", DAY)
    assert pages(content) == 1
    assert "제품 소개" in words(content)


def test_the_worksheet_names_what_is_open_and_warns_with_the_article() -> None:
    said = words(worksheet(filled(keywords=None, features="아토피 개선"), "system.gobizkorea", "ko", DAY))
    assert "아직 채울 칸이 있어요" in said
    assert "검색용 낱말 3개 이상" in said
    assert "20칸" in said  # 21 needed, the keywords are open
    assert "제13조제1항제1호" in said
    assert "Table 11" in said


def test_the_worksheet_does_not_promise_what_the_source_does_not_list() -> None:
    said = words(worksheet(filled(), "system.buykorea", "en", DAY))
    assert "does not list everything buyKOREA asks for" in said
    assert "is ready" not in said


def test_a_place_without_a_list_has_no_worksheet() -> None:
    with pytest.raises(SheetError, match=r"system\.ec21"):
        worksheet(filled(), "system.ec21", "en", DAY)


def test_long_entries_run_on_to_further_pages_and_lose_nothing() -> None:
    lines = [f"Feature number {n} " + "word " * 30 for n in range(8)]
    content = buyer_page(filled(features="\n".join(lines), material="cotton " * 42), "en", DAY)
    assert pages(content) >= 2
    said = words(content)
    assert all(f"Feature number {n}" in said for n in range(8))


def test_the_same_sheet_gives_the_same_bytes() -> None:
    assert buyer_page(filled(), "ko", DAY, "P-1") == buyer_page(filled(), "ko", DAY, "P-1")
