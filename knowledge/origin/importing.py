"""Takes an agreement's product rules over from the text of the official document into the pack.

Each agreement's document has its own form, described in the reader of that agreement (``import_kr_cn.py``, …). What a
reader can't express for certain stays without an expression, with the official words beside it.
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Callable, Iterator
from dataclasses import dataclass
from pathlib import Path

import yaml

from knowledge.origin import import_kr_cn, import_kr_uk, import_kr_us, import_kr_vn
from knowledge.origin.lookup import RuleRow
from knowledge.origin.rule import BadRule
from knowledge.origin.rules import FOLDER, read_documents, write_rows
from knowledge.record import Language

CONDITIONS = Path(__file__).with_name("conditions.yaml")
Translations = dict[str, dict[Language, str]]
Reader = Callable[[str, Translations], Iterator[RuleRow]]

READERS: dict[str, Reader] = {
    "KR-CN": import_kr_cn.read_rules,
    "KR-VN": import_kr_vn.read_rules,
    "KR-UK": import_kr_uk.read_rules,
    "KR-US": import_kr_us.read_rules,
}
"""The agreements whose document there is a reader for."""


class ImportFault(ValueError):
    """The document can't be taken over; the message says why."""


@dataclass(frozen=True)
class ImportReport:
    """What came of an import.

    Attributes:
        rows: Rows written, ``parsed`` of them with an expression.
        unparsed: Rows of which only the official words are known.
        path: The file written.
    """

    rows: int
    parsed: int
    unparsed: tuple[RuleRow, ...]
    path: Path


def import_rules(agreement: str, file: Path, folder: Path) -> ImportReport:
    """Writes ``origin_rules/<AGREEMENT>.csv`` of a pack from the text of the official document.

    Args:
        agreement: Id of the agreement, one of ``READERS``.
        file: Text of the document in the form its reader describes, UTF-8.
        folder: Folder of the pack.

    Raises:
        ImportFault: There is no reader for the agreement, the pack names no document for it, the file is not its
            document, names goods no translation is known of, or has two general rules for the same codes.
    """
    reader = READERS.get(agreement)
    if reader is None:
        raise ImportFault(f"there is no reader for {agreement}; there are readers for {', '.join(READERS)}")
    if agreement not in read_documents(folder):
        raise ImportFault(f"{FOLDER}/sources.yaml has no entry for {agreement}")
    try:
        rows = list(reader(file.read_text(encoding="utf-8"), _translations()))
    except KeyError as error:
        raise ImportFault(f"{CONDITIONS.name} has no translation of the goods {error}") from error
    except (OSError, UnicodeDecodeError, BadRule, ValueError) as error:
        raise ImportFault(f"{file.name}: {error}") from error
    if not rows:
        raise ImportFault(f"{file.name} has no product rule in the form of the {agreement} document")
    _refuse_rivals(rows)
    path = folder / FOLDER / f"{agreement}.csv"
    write_rows(path, rows)
    unparsed = tuple(row for row in rows if row.rule is None)
    return ImportReport(len(rows), len(rows) - len(unparsed), unparsed, path)


def _translations() -> Translations:
    """Returns descriptions of goods in both languages by their official wording."""
    entries: list[dict[str, str]] = yaml.safe_load(CONDITIONS.read_text(encoding="utf-8"))
    return {words: {"ko": entry["ko"], "en": entry["en"]} for entry in entries for words in entry.values()}


def _refuse_rivals(rows: list[RuleRow]) -> None:
    general = Counter((row.from_, row.to) for row in rows if row.condition is None)
    rivals = [f"{first}-{last}" for (first, last), times in general.items() if times > 1]
    if rivals:
        raise ImportFault(f"more than one rule for all goods of {', '.join(rivals)}")
