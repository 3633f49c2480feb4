"""Reads the pack's diagnosis files, refusing what has the wrong form."""

from __future__ import annotations

from functools import lru_cache
from pathlib import Path
from typing import Any

from knowledge.pack import read_yaml
from knowledge.record import Language
from knowledge.settings import settings


class DiagnosisError(ValueError):
    """Something given to the diagnosis or the readiness test is wrong.

    Attributes:
        field: Path of what is wrong, such as ``facts.buyer``.
        problem: What is wrong about it, for people who write such files.
    """

    def __init__(self, field: str, problem: str) -> None:
        super().__init__(f"{field}: {problem}")
        self.field = field
        self.problem = problem


def pack_folder() -> Path:
    """Returns the folder of the pack in use."""
    chosen = settings()
    return chosen.packs_dir / chosen.pack


@lru_cache(maxsize=8)
def read(path: Path) -> dict[str, Any]:
    """Returns the content of a data file; read once a process.

    Raises:
        knowledge.pack.PackError: The file is not YAML.
    """
    found: dict[str, Any] = read_yaml(path)
    return found


def language_of(given: object) -> Language:
    """Returns the language asked for.

    Raises:
        DiagnosisError: It is neither ``ko`` nor ``en``.
    """
    if given not in ("ko", "en"):
        raise DiagnosisError("language", f"must be ko or en, not {given!r}")
    return given  # type: ignore[return-value]
