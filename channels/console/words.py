"""Names of the field's values (channels, reasons, states) in the reader's language."""

from __future__ import annotations

from collections.abc import Callable

from actions.texts import MissingText, text
from knowledge.record import Language


def label(language: Language) -> Callable[[str, str], str]:
    """Returns what names a value of a kind: ``label("channel", "web")``; one without a name stays as it is."""

    def named(kind: str, value: str) -> str:
        try:
            return text(f"console_live_{kind}_{value}", language)
        except MissingText:
            return value

    return named
