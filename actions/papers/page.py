"""The sheet every paper is written on: margins, letters, colours, header, footer, watermark and a few building blocks.

A paper is made in reading order and then finished::

    paper = Paper(title="…", language="ko", number="N-1", made_on=date(2026, 7, 1))
    paper.heading("…")
    paper.facts([("품목", "330499 · 화장품")])
    paper.tabulate([Column("재료"), Column("값", share=0.5, align="R")], [("글리세롤", "20")])
    content = paper.finished()

The same calls with the same words give the same bytes: no clock is read.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Sequence
from contextlib import AbstractContextManager, contextmanager
from dataclasses import dataclass
from datetime import UTC, date, datetime
from io import BytesIO
from pathlib import Path
from typing import Final, Literal, NamedTuple, cast

from babel.dates import format_date
from fpdf import FPDF
from fpdf.enums import MethodReturnValue, TableBordersLayout, TextMode, VAlign
from fpdf.fonts import FontFace
from fpdf.table import Table
from PIL import Image

from actions.papers.lettering import FAMILY, FONT_FILE, writable
from actions.texts import text
from knowledge.record import Language

SIDE, TOP, BOTTOM = 18.0, 27.0, 22.0
"""Margins of the sheet in millimetres (A4, portrait)."""

BODY, SMALL, TITLE = 9.5, 8.0, 19.0
"""Sizes of letters in points."""

LEADING: Final = 1.62
"""Height of a line as a multiple of its letters: Korean needs more air than Latin."""

LINES_A_ROW: Final = 36
"""Lines after which a table row is continued in another row, so that no row is higher than a page."""

RGB = tuple[int, int, int]
Align = Literal["L", "R", "C"]


class Tone(NamedTuple):
    """A pair of colours: what is written, and the ground it stands on."""

    ink: RGB
    ground: RGB


NARU: RGB = (11, 92, 122)
INK: RGB = (27, 36, 41)
QUIET: RGB = (70, 85, 93)
LINE: RGB = (201, 212, 218)
SOFT: RGB = (241, 245, 247)
WATERMARK: RGB = (219, 225, 228)

PLAIN = Tone(INK, SOFT)
GOOD = Tone((24, 94, 58), (230, 244, 236))
CAREFUL = Tone((110, 74, 0), (255, 246, 220))
BAD = Tone((124, 29, 20), (253, 236, 235))


@dataclass(frozen=True)
class Column:
    """A column of a table; ``share`` is its width relative to the other columns."""

    title: str
    share: float = 1.0
    align: Align = "L"


class Paper(FPDF):
    """An A4 document in Naru's dress, begun with its title on the first page.

    Args:
        title: Title, also the document property.
        language: Language of the fixed words and the document property.
        number: Number under which the paper is filed; empty for none.
        made_on: Day it is made on; also the creation date in the file.
        watermark: Words written large and grey across every page, under the content.
        subtitle: What the paper is about, under its title.
    """

    def __init__(
        self,
        title: str,
        language: Language,
        number: str,
        made_on: date,
        watermark: str | None = None,
        subtitle: str | None = None,
    ) -> None:
        super().__init__(format="A4")
        self.language: Language = language
        self.heading_of_paper = writable(title)
        self.number, self.made_on, self.watermark = writable(number), made_on, watermark and writable(watermark)
        self.add_font(FAMILY, fname=FONT_FILE)
        self.set_margins(SIDE, TOP)
        self.set_auto_page_break(True, BOTTOM)
        self.c_margin = 0
        self.set_title(self.heading_of_paper)
        self.set_lang("ko-KR" if language == "ko" else "en")
        self.set_author("Naru")
        self.set_creator("Naru")
        self.set_creation_date(datetime(made_on.year, made_on.month, made_on.day, tzinfo=UTC))
        self.set_font(FAMILY, size=BODY)
        self.add_page()
        self._write_title(subtitle)

    def header(self) -> None:
        """Writes the watermark, then the running header: whose paper it is, title, number and date."""
        self._write_watermark()
        self._pen(SMALL, QUIET)
        self.set_xy(SIDE, 11)
        self.cell(self.epw, 5, self._running_words(), align="R")
        with self._bold(11, NARU):
            self.set_xy(SIDE, 10.5)
            self.cell(30, 6, writable(text("paper_maker", self.language)))
        self.set_draw_color(*NARU)
        self.set_line_width(0.5)
        self.line(SIDE, 18.5, self.w - SIDE, 18.5)
        self.set_line_width(0.2)
        self.set_y(TOP)

    def footer(self) -> None:
        """Writes that the paper is none of an authority, and the page number."""
        self.set_draw_color(*LINE)
        self.line(SIDE, self.h - 16, self.w - SIDE, self.h - 16)
        self._pen(SMALL - 0.5, QUIET)
        self.set_xy(SIDE, self.h - 14.5)
        self.cell(self.epw - 22, 5, writable(text("paper_footer", self.language)))
        self.set_x(self.w - SIDE - 12)
        self.cell(12, 5, f"{self.page_no()} / {{nb}}", align="L")

    def heading(self, words: str, level: Literal[1, 2] = 1, keep: float = 24.0) -> None:
        """Writes a heading (also a bookmark) with at least ``keep`` millimetres left for what follows it."""
        size = 12.5 if level == 1 else 10.5
        self.ln(5 if level == 1 else 2.5)
        self._room(self._height(words, self.epw, size) + keep)
        self.start_section(writable(words), level=level - 1)
        with self._bold(size, NARU if level == 1 else INK):
            self._lines(words, size)
        self.ln(1.2)

    def paragraph(self, words: str, size: float = BODY, ink: RGB = INK, bold: bool = False) -> None:
        """Writes running text; ``bold`` text is kept on one page."""
        if bold:
            self._room(self._height(words, self.epw, size))
            with self._bold(size, ink):
                self._lines(words, size)
        else:
            self._room(min(self._height(words, self.epw, size), 3 * size * LEADING / self.k))
            self._pen(size, ink)
            self._lines(words, size)
        self.ln(1)

    def small(self, words: str) -> None:
        """Writes small print."""
        self.paragraph(words, SMALL, QUIET)

    def facts(self, rows: Iterable[tuple[str, str]], label_share: float = 0.27) -> None:
        """Writes a block of labels and what they hold; an empty value is a dash."""
        filled: list[tuple[str, ...]] = [(label, value or "–") for label, value in rows]
        self._grid([], filled, (label_share, 1 - label_share), ("L", "L"), first_ink=QUIET)

    def tabulate(self, columns: Sequence[Column], rows: Iterable[Sequence[str]], size: float = SMALL + 0.3) -> None:
        """Writes a table whose cells wrap and whose header comes again on every page.

        Raises:
            ValueError: A row has not as many cells as there are columns.
        """
        body = [tuple(row) for row in rows]
        if wrong := next((row for row in body if len(row) != len(columns)), None):
            raise ValueError(f"a row has {len(wrong)} cells, the table {len(columns)} columns: {wrong}")
        heads = [column.title for column in columns]
        shares = tuple(column.share for column in columns)
        self._grid(heads, body, shares, tuple(column.align for column in columns), size=size)

    def bullets(self, items: Iterable[str], boxes: bool = False, size: float = BODY) -> None:
        """Writes a list with dots, or with boxes to tick."""
        for item in items:
            self._pen(size, INK)
            height = size * LEADING / self.k
            self._room(min(self._height(item, self.epw - 6, size), 3 * height))
            self._mark(height, boxes)
            self.set_left_margin(SIDE + 6)
            self._lines(item, size)
            self.set_left_margin(SIDE)
            self.set_x(SIDE)
            self.ln(0.8)
        self.ln(0.6)

    def notice(self, words: str, tone: Tone = PLAIN, size: float = BODY, title: str | None = None) -> None:
        """Writes a coloured box; words that fill more than half a page are written without one."""
        inner = self.epw - 10
        head = self._height(title, inner, size + 3) + 1 if title else 0.0
        height = head + (self._height(words, inner, size) if words else 0.0) + 6
        boxed = height < self.eph / 2
        if boxed:
            self._room(height)
            self._box(height, tone)
        start = self.y
        self.set_left_margin(SIDE + 6)
        self.set_xy(SIDE + 6, start + 3)
        if title:
            with self._bold(size + 3, tone.ink):
                self._lines(title, size + 3, inner)
            self.ln(1)
        self._pen(size, tone.ink if title is None else INK)
        if words:
            self._lines(words, size, inner)
        self.set_left_margin(SIDE)
        self.set_xy(SIDE, start + height if boxed else self.y + 3)
        self.ln(2.5)

    def entry(self, title: str, mark: str, tone: Tone, words: str, small: str = "") -> None:
        """Writes one step of a reasoning: title, a coloured mark beside it, the words, and small print under them."""
        width, line = 30.0, BODY * LEADING / self.k
        titled = self._height(title, self.epw - width - 3, BODY)
        self._room(titled + min(self._height(words, self.epw, BODY), 4 * line) + 4)
        top = self.y
        with self._bold(BODY, INK):
            self._lines(title, BODY, self.epw - width - 3)
        below = self.y
        self.set_fill_color(*tone.ground)
        self.rect(self.w - SIDE - width, top, width, line, style="F", round_corners=True, corner_radius=1.2)
        self._pen(SMALL, tone.ink)
        self.set_xy(self.w - SIDE - width, top)
        self.cell(width, line, writable(mark), align="C")
        self.set_xy(SIDE, below)
        self._pen(BODY, INK)
        self._lines(words, BODY)
        if small:
            self._pen(SMALL - 0.5, QUIET)
            self._lines(small, SMALL - 0.5)
        self.ln(2.2)

    def picture(self, source: Path | bytes, width: float, caption: str | None = None) -> None:
        """Puts a picture of ``width`` millimetres in the middle, with its caption under it, on one page."""
        with Image.open(BytesIO(source) if isinstance(source, bytes) else source) as picture:
            height = width * picture.height / picture.width
        self._room(height + 10)
        self.image(BytesIO(source) if isinstance(source, bytes) else source, x=(self.w - width) / 2, w=width, h=height)
        if caption:
            self._pen(SMALL, QUIET)
            self._lines(caption, SMALL, align="C")
        self.ln(2)

    def finished(self) -> bytes:
        """Returns the document as the bytes of a PDF file; nothing can be written after it."""
        return bytes(self.output())

    def _write_title(self, subtitle: str | None) -> None:
        with self._bold(TITLE, INK):
            self._lines(self.heading_of_paper, TITLE)
        if subtitle:
            self.ln(0.5)
            self._pen(BODY + 1, QUIET)
            self._lines(subtitle, BODY + 1)
        self.ln(3)

    def _running_words(self) -> str:
        made = format_date(self.made_on, "long", locale=self.language)
        title = self.heading_of_paper if self.page_no() > 1 else ""
        return " · ".join(part for part in (title, self.number, made) if part)

    def _write_watermark(self) -> None:
        if not self.watermark:
            return
        lines = self.watermark.split("\n")
        self._pen(34, WATERMARK)
        x, y = self.w / 2, self.h / 2
        with self.rotation(50, x, y):
            for place, line in enumerate(lines):
                drop = (place - (len(lines) - 1) / 2) * 20
                self.text(x - self.get_string_width(line) / 2, y + drop, line)

    def _pen(self, size: float, ink: RGB) -> None:
        self.set_font(FAMILY, size=size)
        self.set_text_color(*ink)

    @contextmanager
    def _bold(self, size: float, ink: RGB) -> Iterator[None]:
        """Writes fatter letters by drawing their outline too: the font has one weight."""
        with self.local_context():
            self._pen(size, ink)
            self.set_draw_color(*ink)
            self.set_line_width(size * 0.008)
            self.text_mode = TextMode.FILL_STROKE
            yield

    def _lines(self, words: str, size: float, width: float = 0, align: Align = "L") -> None:
        height = size * LEADING / self.k
        self.multi_cell(width, height, writable(words), align=align, new_x="LMARGIN", new_y="NEXT")

    def _wrapped(self, words: str, width: float, size: float) -> list[str]:
        """Returns the lines a text takes at a width; the pen is put back afterwards."""
        before = (self.font_size_pt, self.x, self.y)
        self.set_font(FAMILY, size=size)
        written = writable(words)
        lines = self.multi_cell(width, 5, written, dry_run=True, output=MethodReturnValue.LINES, align="L")
        self.set_font(FAMILY, size=before[0])
        self.set_xy(before[1], before[2])
        return cast(list[str], lines)

    def _height(self, words: str, width: float, size: float) -> float:
        return len(self._wrapped(words, width, size)) * size * LEADING / self.k

    def _room(self, height: float) -> None:
        """Goes on to a new page where less than ``height`` millimetres are left."""
        if self.y + height > self.page_break_trigger and self.y > TOP + 1:
            self.add_page()

    def _box(self, height: float, tone: Tone) -> None:
        self.set_fill_color(*tone.ground)
        self.rect(SIDE, self.y, self.epw, height, style="F", round_corners=True, corner_radius=1.5)
        self.set_fill_color(*tone.ink)
        self.rect(SIDE, self.y, 1.4, height, style="F")

    def _mark(self, height: float, box: bool) -> None:
        middle = self.y + height / 2
        if box:
            self.set_draw_color(*QUIET)
            self.set_line_width(0.3)
            self.rect(SIDE + 0.6, middle - 1.5, 3, 3)
            self.set_line_width(0.2)
        else:
            self.set_fill_color(*NARU)
            self.circle(SIDE + 2, middle, 0.6, style="F")

    def _grid(
        self,
        heads: list[str],
        rows: list[tuple[str, ...]],
        shares: tuple[float, ...],
        aligns: tuple[Align, ...],
        size: float = BODY,
        first_ink: RGB = INK,
    ) -> None:
        self._pen(size, INK)
        self.set_fill_color(0)  # fpdf2 takes any other colour as the ground of every cell
        self.set_draw_color(*LINE)
        height = size * LEADING / self.k
        widths = [self.epw * share / sum(shares) for share in shares]
        with self._opened(bool(heads), widths, aligns, height) as grid:
            if heads:
                grid.row([writable(head) for head in heads])
            for row in rows:
                for piece in self._pieces(row, widths, size):
                    line = grid.row()
                    for place, cell in enumerate(piece):
                        line.cell(cell, style=FontFace(color=first_ink if place == 0 else INK))
        self.ln(2.5)

    def _opened(
        self, headed: bool, widths: list[float], aligns: tuple[Align, ...], height: float
    ) -> AbstractContextManager[Table]:
        return self.table(
            first_row_as_headings=headed,
            headings_style=FontFace(color=NARU, fill_color=SOFT),
            borders_layout=TableBordersLayout.HORIZONTAL_LINES,
            col_widths=tuple(widths),
            text_align=aligns,
            v_align=VAlign.T,
            line_height=height,
            padding=(1, 1.6),
        )

    def _pieces(self, row: tuple[str, ...], widths: list[float], size: float) -> Iterator[tuple[str, ...]]:
        """Returns a row, or the parts of one that is too high for a page."""
        wrapped = [self._wrapped(cell, width - 3.4, size) for cell, width in zip(row, widths, strict=True)]
        longest = max(map(len, wrapped))
        if longest <= LINES_A_ROW:
            yield tuple(writable(cell) for cell in row)
            return
        for start in range(0, longest, LINES_A_ROW):
            yield tuple("\n".join(lines[start : start + LINES_A_ROW]) for lines in wrapped)
