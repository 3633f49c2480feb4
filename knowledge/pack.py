"""Reads a country's pack of YAML files into records, resolving the short form of sources."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from pathlib import Path
from typing import Any

import yaml
from pydantic import ValidationError

from knowledge.numbers import FOLDER as NUMBERS
from knowledge.numbers import Number, UnknownNumber, resolved
from knowledge.record import FOLDERS, LANGUAGES, Record

PACKS = Path(__file__).parent / "packs"
WORDINGS = "wordings"
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
    numbers, wordings = read_numbers(folder), read_wordings(folder)
    records: list[Record] = []
    faults: list[str] = [f"{WORDINGS}: {name}: no record of that id" for name in _strangers(folder, wordings)]
    for path, kind, item in raw_items(folder):
        try:
            records.append(_record(with_wordings(item, wordings), kind, sources, numbers))
        except (ValidationError, PackError, TypeError, UnknownNumber) as error:
            name = item.get("id", "?") if isinstance(item, dict) else "?"
            faults.append(f"{path.relative_to(folder)}: {name}: {_describe(error)}")
    if faults:
        raise PackError("\n".join(faults))
    return records


def read_numbers(folder: Path) -> dict[str, Number]:
    """Returns the pack's numbers by id.

    Raises:
        PackError: A file is malformed, or an id is used twice.
    """
    sources = read_yaml(folder / "sources.yaml") if (folder / NUMBERS).exists() else {}
    found: dict[str, Number] = {}
    for path in sorted((folder / NUMBERS).glob("*.yaml")):
        for item in read_yaml(path) or []:
            try:
                number = Number.model_validate(item | {"source": expanded(item.get("source"), sources)})
            except (ValidationError, PackError, TypeError, AttributeError) as error:
                raise PackError(f"{path.relative_to(folder)}: {_describe(error)}: {item!r}") from error
            if number.id in found:
                raise PackError(f"{path.relative_to(folder)}: the number '{number.id}' is there twice")
            found[number.id] = number
    return found


def read_wordings(folder: Path) -> dict[str, dict[str, list[str]]]:
    """Returns further wordings of questions by record and language (``wordings/*.yaml``), apart for their number.

    Raises:
        PackError: A file is no mapping of records to wordings.
    """
    found: dict[str, dict[str, list[str]]] = {}
    for path in sorted((folder / WORDINGS).glob("*.yaml")):
        content = read_yaml(path) or {}
        if not isinstance(content, dict) or not all(isinstance(each, dict) for each in content.values()):
            raise PackError(f"{path.relative_to(folder)}: not a mapping of records to wordings by language")
        for name, by_language in content.items():
            for language, wordings in by_language.items():
                found.setdefault(name, {}).setdefault(language, []).extend(wordings)
    return found


def with_wordings(item: Any, wordings: Mapping[str, Mapping[str, list[str]]]) -> Any:
    """Returns a record as written with its further wordings among its questions."""
    if not isinstance(item, dict) or item.get("id") not in wordings:
        return item
    made = dict(item)
    for language, further in wordings[item["id"]].items():
        text = item.get(language)
        if isinstance(text, dict):
            questions = list(dict.fromkeys([*(text.get("questions") or ()), *further]))
            made[language] = {**text, "questions": questions}
    return made


def _strangers(folder: Path, wordings: Mapping[str, Any]) -> list[str]:
    if not wordings:
        return []
    known = {item.get("id") for _, _, item in raw_items(folder) if isinstance(item, dict)}
    return sorted(set(wordings) - known)


def raw_items(folder: Path) -> Iterator[tuple[Path, str, Any]]:
    """Yields every record as it is written, with its file and kind."""
    for name, kind in FOLDERS.items():
        for path in sorted((folder / name).glob("*.yaml")):
            for item in read_yaml(path) or []:
                yield path, kind.value, item


def _record(item: Any, kind: str, sources: dict[str, Any], numbers: Mapping[str, Number]) -> Record:
    if not isinstance(item, dict):
        raise PackError(f"a record is a mapping with an id, not {item!r}")
    item = dict(item)
    if not str(item.get("id", "")).startswith(kind + "."):
        raise PackError(f"id must start with '{kind}.'")
    item["kind"] = kind
    item["source"] = expanded(item.get("source"), sources)
    item["also"] = [expanded(short, sources) for short in item.get("also", [])]
    if isinstance(item.get("decision"), dict):
        item["decision"] = _with_sources(item["decision"], sources)
    return Record.model_validate(_said(item, numbers))


def _with_sources(decision: dict[str, Any], sources: dict[str, Any]) -> dict[str, Any]:
    cases = [
        case | {"source": expanded(case["source"], sources)} if isinstance(case, dict) and "source" in case else case
        for case in decision.get("cases") or []
    ]
    return {**decision, "cases": cases}


def _said(item: dict[str, Any], numbers: Mapping[str, Number]) -> dict[str, Any]:
    """Says the numbers that the texts of a record name, and lists them."""
    used: set[str] = set()

    def spoken(part: dict[str, Any]) -> dict[str, Any]:
        own: dict[str, Any] = {lang: resolved(part[lang], lang, numbers, used) for lang in LANGUAGES if lang in part}
        todo = part.get("todo")
        if isinstance(todo, dict):  # of a case; a record's own stand in its texts
            own["todo"] = {lang: resolved(todo[lang], lang, numbers, used) for lang in todo}
        return {**part, **own}

    said = spoken(item)
    for name in ("premise", "decision"):
        part = said.get(name)
        if isinstance(part, dict):
            cases = [spoken(case) if isinstance(case, dict) else case for case in part.get("cases") or []]
            said[name] = {**spoken(part), "cases": cases} if "cases" in part else spoken(part)
    return {**said, "numbers": tuple(sorted(used))} if used else said


def expanded(short: Any, sources: dict[str, Any]) -> dict[str, Any]:
    """Expands ``{of: KEY, locator: …}`` with the document of that key in sources.yaml.

    Raises:
        PackError: It is of another form, or the key is unknown.
    """
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
