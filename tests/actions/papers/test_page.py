"""The sheet every paper is written on."""

import io
import re
from datetime import date

import pytest
from PIL import Image

from actions.papers.lettering import writable
from actions.papers.page import GOOD, Column, Paper
from tests.actions.papers.reading import bare, read

DAY = date(2026, 7, 1)


def paper(**more):
    given = {"title": "시험", "language": "ko", "number": "N-7", "made_on": DAY} | more
    return Paper(**given)


def test_the_same_words_give_the_same_bytes():
    def made():
        one = paper(watermark="초안")
        one.heading("물건")
        one.facts([("가격", "100 USD")])
        one.tabulate([Column("재료"), Column("값", align="R")], [("글리세롤", "20")])
        return one.finished()

    assert made() == made()


def test_another_day_is_another_document():
    assert paper().finished() != paper(made_on=date(2026, 7, 2)).finished()


def test_the_letters_are_in_the_file_as_a_small_part_of_the_font():
    raw = paper().finished()
    assert re.search(rb"/FontFile[23]? ", raw)
    assert re.search(rb"/BaseFont /MPDFAA\+", raw), "a subset carries a prefix"
    assert len(raw) < 60_000


@pytest.mark.parametrize(("language", "tag"), [("ko", b"/Lang (ko-KR)"), ("en", b"/Lang (en)")])
def test_the_file_says_its_title_language_and_day(language, tag):
    raw = paper(title="Origin sheet", language=language).finished()
    assert tag in raw
    assert b"/Title (Origin sheet)" in raw or "Origin sheet".encode("utf-16-be") in raw
    assert b"/CreationDate (D:20260701" in raw


def test_every_page_has_watermark_footer_and_its_number():
    one = paper(watermark="초안 · 증명서 아님")
    for _ in range(90):
        one.paragraph("한 줄이에요.")
    pages = read(one.finished()).pages
    assert len(pages) == 3
    for number, page in enumerate(pages, 1):
        assert "초안 · 증명서 아님" in page
        assert any("공식 문서가 아니에요" in line for line in page)
        assert bare(f"{number} / 3") in bare("".join(page))


def test_a_table_repeats_its_header_and_loses_no_row():
    one = paper()
    one.tabulate([Column("재료이름"), Column("값", align="R")], [(f"재료{i}", str(i)) for i in range(120)])
    pages = read(one.finished()).pages
    assert len(pages) > 2
    assert all("재료이름" in page for page in pages)
    assert [line for page in pages for line in page if re.fullmatch(r"재료\d+", line)] == [
        f"재료{i}" for i in range(120)
    ]


def test_a_cell_higher_than_a_page_goes_on_and_loses_nothing():
    words = " ".join(f"말{i}" for i in range(3000))
    one = paper()
    one.tabulate([Column("긴 칸"), Column("짧은 칸")], [(words, "가")])
    assert bare(words) in "".join(bare(line) for line in read(one.finished()).lines if re.match(r"말\d", line))


def test_a_word_wider_than_its_column_is_broken_not_cut():
    one = paper()
    one.tabulate([Column("가", 0.2), Column("나")], [("ABCDEFGHIJ" * 20, "x")])
    assert "ABCDEFGHIJ" * 20 in read(one.finished())


def test_a_row_with_a_missing_cell_is_refused():
    with pytest.raises(ValueError, match="1 cells, the table 2 columns"):
        paper().tabulate([Column("가"), Column("나")], [("하나",)])


def test_what_the_font_lacks_is_named_by_its_code():
    assert writable("좋아요 😀") == "좋아요 [U+1F600]"
    assert writable("漢字 证") == "漢字 [U+8BC1]"


def test_invisible_characters_and_controls_do_no_harm():
    assert writable("가\u202e나\ufe0f다\x07라\t마") == "가나다 라 마"
    assert writable("\u1100\u1161") == "가", "decomposed syllables are put together"
    assert writable("하나\r\n둘") == "하나\n둘"


@pytest.mark.parametrize("odd", ["", " ", "\n\n", "😀" * 300, "()\\<>/", "{nb}", "漢字" * 200, "\x00", "é" * 500])
def test_no_text_breaks_a_paper(odd):
    one = paper(title=odd or "-", number=odd, subtitle=odd, watermark=odd)
    one.heading(odd)
    one.paragraph(odd)
    one.paragraph(odd, bold=True)
    one.small(odd)
    one.facts([(odd, odd)])
    one.tabulate([Column(odd), Column(odd)], [(odd, odd)])
    one.bullets([odd], boxes=True)
    one.notice(odd, GOOD, title=odd)
    one.entry(odd, odd[:5], GOOD, odd, odd)
    assert read(one.finished()).pages


def test_a_heading_never_stands_alone_at_the_foot_of_a_page():
    for lines in range(30, 45):
        one = paper()
        for _ in range(lines):
            one.paragraph("줄")
        one.heading("제목이에요")
        one.paragraph("본문이에요")
        page = next(page for page in read(one.finished()).pages if "제목이에요" in page)
        assert "본문이에요" in page


def test_empty_lists_and_tables_leave_a_paper_whole():
    one = paper()
    one.facts([])
    one.bullets([])
    one.tabulate([Column("가")], [])
    assert "시험" in read(one.finished())


def test_long_words_in_a_box_are_written_whole():
    words = " ".join(f"말{i}" for i in range(900))
    one = paper()
    one.notice(words, title="긴 상자")
    assert words in read(one.finished())


def test_a_picture_keeps_its_shape_and_its_caption():
    drawn = io.BytesIO()
    Image.new("RGB", (300, 100), (200, 90, 10)).save(drawn, "PNG")
    one = paper()
    one.picture(drawn.getvalue(), 90, "그림 설명")
    raw = one.finished()
    assert b"/Subtype /Image" in raw
    assert b"/Width 300" in raw
    assert "그림 설명" in read(raw)
