"""Sources as a result shows them: in one language, ready for JSON."""

from __future__ import annotations

from typing import Any

from knowledge.record import Language, Source


def told_source(source: Source | None, language: Language) -> dict[str, Any] | None:
    """Returns title, place, address, date and basis of a source, or None."""
    if source is None:
        return None
    return {
        "title": source.title[language],
        "locator": source.locator,
        "url": source.url,
        "as_of": source.as_of,
        "basis": source.basis.value,
    }
