"""Reads a country's pack of YAML files into records, resolving the short form of sources."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path
from typing import Any

import yaml
from pydantic import ValidationError

from knowledge.record import FOLDERS, Record

PACKS = Path(__file__).parent / "packs"
_Loader = getattr(yaml, "CSafeLoader", yaml.SafeLoader)


class PackError(ValueError):
    """A pack's file can't be read as records; the message names file, record and field."""


def read_yaml(path: Path) -> Any:
    """Returns the content of a YAML file.

    Raises:
        PackError: The file is not YAML.
    """
    try:
        return yaml.load(path.read_text(encoding="utf-8"), Loader=_Loader)  # noqa: S506 - a safe loader
    except yaml.YAMLError as error:
        raise PackError(f"{path}: not YAML: {error}") from error


def read_pack(folder: Path) -> list[Record]:
    """Reads every record of a pack, in the order of folders and files.

    Raises:
        PackError: A file is malformed; the message lists every fault found.
    """
    sources = read_yaml(folder / "sources.yaml")
    records: list[Record] = []
    faults: list[str] = []
    for path, kind, item in _items(folder):
        try:
            records.append(_record(item, kind, sources))
        except (ValidationError, PackError, TypeError) as error:
            name = item.get("id", "?") if isinstance(item, dict) else "?"
            faults.append(f"{path.relative_to(folder)}: {name}: {_describe(error)}")
    if faults:
        raise PackError("\n".join(faults))
    return records


def _items(folder: Path) -> Iterator[tuple[Path, str, Any]]:
    for name, kind in FOLDERS.items():
        for path in sorted((folder / name).glob("*.yaml")):
            for item in read_yaml(path) or []:
                yield path, kind.value, item


def _record(item: Any, kind: str, sources: dict[str, Any]) -> Record:
    if not isinstance(item, dict):
        raise PackError(f"a record is a mapping with an id, not {item!r}")
    item = dict(item)
    if not str(item.get("id", "")).startswith(kind + "."):
        raise PackError(f"id must start with '{kind}.'")
    item["kind"] = kind
    item["source"] = _source(item.get("source"), sources)
    item["also"] = [_source(short, sources) for short in item.get("also", [])]
    return Record.model_validate(item)


def _source(short: Any, sources: dict[str, Any]) -> dict[str, Any]:
    """Expands ``{of: KEY, locator: …}`` with the document of that key in sources.yaml."""
    if not isinstance(short, dict) or short.get("of") not in sources:
        raise PackError(f"source must be {{of: KEY, locator: …}} with a KEY of sources.yaml, not {short!r}")
    full = dict(sources[short["of"]])
    full.update({key: value for key, value in short.items() if key != "of"})
    full["as_of"] = str(full["as_of"])
    return full


def _describe(error: Exception) -> str:
    if isinstance(error, ValidationError):
        return "; ".join(f"{'.'.join(map(str, e['loc']))}: {e['msg']}" for e in error.errors())
    return str(error)
