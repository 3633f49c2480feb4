"""The section and chapter notes that often decide a classification, in plain words."""

from __future__ import annotations

from functools import lru_cache
from pathlib import Path

from pydantic import TypeAdapter, ValidationError

from knowledge.hs.table import normalise
from knowledge.pack import PackError, read_yaml
from knowledge.record import Basis, Language, Strict


class Note(Strict):
    """One note.

    Attributes:
        id: Names it.
        locator: The place in the nomenclature, such as "Section XV note 2".
        basis: Official where it only retells the text; editorial where it sums up.
        codes: Beginnings of the codes it speaks about; none: about every code.
        ko: The note in Korean.
        en: The note in English.
    """

    id: str
    locator: str
    basis: Basis
    codes: tuple[str, ...]
    ko: str
    en: str

    def text(self, language: Language) -> str:
        """Returns the note in ``language``."""
        return self.ko if language == "ko" else self.en


@lru_cache(maxsize=4)
def load_notes(folder: Path) -> tuple[Note, ...]:
    """Returns the notes of a pack's ``hs`` folder.

    Raises:
        PackError: The file is malformed.
    """
    try:
        return tuple(TypeAdapter(list[Note]).validate_python(read_yaml(folder / "notes.yaml")))
    except ValidationError as error:
        raise PackError(f"{folder / 'notes.yaml'}: {error}") from error


def notes_for(folder: Path, code: str) -> list[Note]:
    """Returns the notes that speak about ``code``, the most particular first; the general rules are left out.

    Raises:
        BadCode: ``code`` is not 2, 4, 6 or 10 digits.
    """
    bare = normalise(code)

    def reach(note: Note) -> int:
        return max((len(start) for start in note.codes if bare.startswith(start) or start.startswith(bare)), default=0)

    return sorted((note for note in load_notes(folder) if reach(note)), key=lambda note: -reach(note))
