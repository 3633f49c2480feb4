"""Reads a text file as Korean firms send them: UTF-8, UTF-16 with its mark, or Windows' CP949."""

from __future__ import annotations

from typing import Literal

Fault = Literal["pdf", "not_text", "empty", "too_long"]

_MARKS = {b"\xef\xbb\xbf": "utf-8-sig", b"\xff\xfe": "utf-16", b"\xfe\xff": "utf-16"}


class NotReadable(ValueError):
    """A file is no text that can be explained; ``fault`` says why."""

    def __init__(self, fault: Fault) -> None:
        super().__init__(fault)
        self.fault: Fault = fault


def text_of(content: bytes, longest: int) -> str:
    """Returns the text of a file.

    Args:
        content: The file's bytes.
        longest: Characters it may have.

    Raises:
        NotReadable: It is a PDF or another file that is no text, has nothing in it, or is too long.
    """
    if content.startswith(b"%PDF"):
        raise NotReadable("pdf")
    text = _decoded(content)
    if not text.strip():
        raise NotReadable("empty")
    if len(text) > longest:
        raise NotReadable("too_long")
    return text


def _decoded(content: bytes) -> str:
    marked = next((name for mark, name in _MARKS.items() if content.startswith(mark)), None)
    if marked is None and b"\0" in content:
        raise NotReadable("not_text")
    for encoding in (marked,) if marked else ("utf-8", "cp949"):
        try:
            return content.decode(encoding)
        except UnicodeDecodeError:
            continue
    raise NotReadable("not_text")
