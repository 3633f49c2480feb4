"""Reads the YAML that the programme facts are kept in, with its sources resolved as in the pack's records."""

from __future__ import annotations

from collections.abc import Mapping
from functools import lru_cache
from pathlib import Path
from typing import Any

from knowledge.pack import PackError, read_yaml
from knowledge.record import Source

FACTS = "programme_facts"
"""Folder of a pack that holds the facts about programmes."""

VOCABULARY = "vocabulary"
"""Its folder of conditions, questions and groups that the facts refer to."""

_WORDS = Path(__file__).parent / "words.yaml"


def vocabulary(pack: Path, name: str) -> Any:
    """Returns one file of a pack's vocabulary of programmes.

    Raises:
        PackError: The file is not YAML.
        OSError: There is no such file.
    """
    return read_yaml(pack / FACTS / VOCABULARY / f"{name}.yaml")


def source(short: Any, pack: Path) -> Source:
    """Returns the source that ``{of: KEY, locator: …}`` stands for.

    Raises:
        PackError: The pack has no document of that key.
    """
    documents = _documents(pack)
    if not isinstance(short, Mapping) or short.get("of") not in documents:
        raise PackError(f"source must be {{of: KEY, locator: …}} with a KEY of sources.yaml, not {short!r}")
    full = dict(documents[short["of"]]) | {key: value for key, value in short.items() if key != "of"}
    return Source.model_validate(full | {"as_of": str(full["as_of"])})


@lru_cache(maxsize=1)
def words() -> dict[str, Any]:
    """Returns the sentences about verdicts, costs and faults (``words.yaml``), each in both languages."""
    return dict(read_yaml(_WORDS))


@lru_cache(maxsize=4)
def _documents(pack: Path) -> dict[str, Any]:
    return dict(read_yaml(pack / "sources.yaml"))
