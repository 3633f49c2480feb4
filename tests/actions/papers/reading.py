"""Reads the text of the PDF files that the papers are, page by page, straight from the file's own objects."""

import re
import zlib
from dataclasses import dataclass

_OBJECT = re.compile(rb"(\d+) 0 obj\n(.*?)\nendobj", re.DOTALL)
_STREAM = re.compile(rb"stream\n(.*)\nendstream", re.DOTALL)
_TEXT = re.compile(rb"\(((?:\\.|[^\\)])*)\) Tj", re.DOTALL)
_ESCAPES = {b"n": b"\n", b"r": b"\r", b"t": b"\t", b"b": b"\b", b"f": b"\f"}


@dataclass(frozen=True)
class Read:
    """What stands in a PDF file: the text of each page, one entry a line written, and its objects."""

    pages: tuple[tuple[str, ...], ...]
    raw: bytes

    @property
    def lines(self) -> tuple[str, ...]:
        """The lines of the content, without each page's watermark, header (up to the maker) and footer (three)."""
        return tuple(line for page in self.pages for line in page[page.index("나루 Naru") + 1 : -3])

    @property
    def text(self) -> str:
        """The content without any white space, so that line breaks do not matter."""
        return bare("".join(self.lines))

    def __contains__(self, words: str) -> bool:
        return bare(words) in self.text


def bare(words: str) -> str:
    return re.sub(r"\s", "", words)


def read(content: bytes) -> Read:
    objects = {int(number): body for number, body in _OBJECT.findall(content)}
    letters: dict[int, str] = {}
    for body in objects.values():
        if b"/FlateDecode" in body and (b"beginbf" in (stream := _stream(body))):
            letters |= _letters(stream)
        elif b"beginbfchar" in body:
            letters |= _letters(body)
    pages = [body for body in objects.values() if re.search(rb"/Type /Page\b", body)]
    contents = [int(re.search(rb"/Contents (\d+) 0 R", page).group(1)) for page in pages]
    return Read(tuple(_lines(_stream(objects[number]), letters) for number in contents), content)


def _stream(body: bytes) -> bytes:
    found = _STREAM.search(body)
    return zlib.decompress(found.group(1)) if found else b""


def _lines(stream: bytes, letters: dict[int, str]) -> tuple[str, ...]:
    lines = []
    for written in _TEXT.findall(stream):
        plain = re.sub(rb"\\(.)", lambda found: _ESCAPES.get(found.group(1), found.group(1)), written, flags=re.DOTALL)
        glyphs = (int.from_bytes(plain[at : at + 2], "big") for at in range(0, len(plain), 2))
        lines.append("".join(letters[glyph] for glyph in glyphs))
    return tuple(lines)


def _letters(cmap: bytes) -> dict[int, str]:
    pairs = re.findall(rb"<([0-9A-Fa-f]{4})> <([0-9A-Fa-f]+)>\n", cmap)
    return {int(glyph, 16): bytes.fromhex(code.decode()).decode("utf-16-be") for glyph, code in pairs}
