"""Reads the customs' official files and writes the pack's own nomenclature files.

Three formats are read as they are published: the HS list and the standard product names of the Korea Customs
Service (CSV, UTF-8 or CP949), and the search references of the UK's tariff service (JSON object or CSV,
goods description to commodity code). What comes out has our own columns, and nothing else reads the originals.
"""

from __future__ import annotations

import csv
import io
import json
import re
from collections.abc import Callable, Iterable, Iterator, Sequence
from dataclasses import dataclass
from pathlib import Path

from wordfreq import zipf_frequency

from knowledge.hs.table import Line

LIST_COLUMNS = ("HS부호", "한글품목명", "영문품목명", "성질통합분류코드명")
NAMES_COLUMNS = ("HS부호", "표준품명_한글", "표준품명_영문")
REFERENCE_COLUMNS = (("Goods Description", "Commodity Code"), ("Description for context / augmenting", "CMDTYCODE"))

KNOWN_WORD = 3.2
"""Zipf frequency (wordfreq, English) from which a word counts as plain English and no abbreviation."""

MOST_WORDS = 4
"""A longer goods description is a parcel label, not the name of a product."""

BRANDS = frozenset(
    "adidas amazon apple's barbie batman baylis harding beats bieber boots calvin klein casio chic coco cola converse "
    "dickies dior disney dixie dove drunk elephant fendi fisher garnier gillette gucci gusto harry hawaiian hermes "
    "heinz hugo jordan kellogg klein lego levi lynx marvel mattel millionaires ninja nike nintendo nivea no7 nutella "
    "palmer pandora paw patrol pepsi philips pokemon prada primark puma ralph lauren rangers rc rimmel samsung "
    "simpsons sony stafford star wars superman tesco tiger tommy toni versace xbox yeo zara zw".split()
)
"""Words of brands and shops in the UK's descriptions that wordfreq knows as common English."""

SHORT_WORDS = frozenset(
    "a an and for in of on or the to with air bag bar bed bib box bra cap car cat cup dog egg "
    "fan fur gas gel gum gun hat ice jam jar kit lid lip mat mop mug net nut oil pad pan pen "
    "pet pin pot rug set ski tea tie tin toy tub usb wax wet wig".split()
)
"""Words of up to three letters that name or join goods; other short ones are cut-off labels."""

_ENCODINGS = ("utf-8-sig", "cp949")
_GENERIC_KO = re.compile(r"^(기타|그 ?밖의)|신차|중고차|^제\d|^\d")
_GENERIC_EN = re.compile(r"^(other|others|other type)\b|\bwith (spark|compression)-ignition\b", re.IGNORECASE)
_BRACKETS = re.compile(r"\([^()]*\)|\[[^\[\]]*\]")
_FOOTNOTE = re.compile(r"ⓚ")


class ImportFault(ValueError):
    """A file is not in the official format it should be in; the message says what is missing."""


@dataclass(frozen=True, order=True)
class Keyword:
    """A name under which goods of a subheading are known, and which list it comes from."""

    hs6: str
    keyword: str
    origin: str


def import_hs(
    list_file: Path,
    names_file: Path,
    folder: Path,
    references: Sequence[Path] = (),
    vague: Path | None = None,
) -> dict[str, int]:
    """Reads the official files and writes ``codes.csv``, ``keywords_ko.csv`` and ``keywords_en.csv`` into ``folder``.

    Args:
        list_file: The customs' HS list.
        names_file: The customs' standard product names.
        folder: The pack's ``hs`` folder.
        references: Files of UK search references; without any, the UK's keywords in the folder stay.
        vague: The UK's list of descriptions too vague to classify, one a line; those are left out.

    Returns:
        How many rows each file has.

    Raises:
        ImportFault: A file is in no known encoding, lacks a column or has a malformed code.
    """
    lines = read_list(list_file)
    known = {line.code[:6] for line in lines}
    korean, english = read_names(names_file)
    uk = [keyword for path in references for keyword in read_references(path)] or _kept(folder / "keywords_en.csv")
    unclear = {line.strip(' "').lower() for line in _text(vague).splitlines()} if vague else set()
    uk = [keyword for keyword in uk if keyword.keyword not in unclear or keyword.origin == "uk_reference"]
    tables: dict[str, tuple[Sequence[str], Iterable[Sequence[str]]]] = {
        "codes.csv": (
            ("code", "name_ko", "name_en", "group_ko"),
            [(line.code, line.name_ko, line.name_en, line.group_ko) for line in lines],
        ),
        "keywords_ko.csv": (("hs6", "keyword", "origin"), _rows(korean, known)),
        "keywords_en.csv": (("hs6", "keyword", "origin"), _rows([*english, *uk], known)),
    }
    folder.mkdir(parents=True, exist_ok=True)
    return {name: _write(folder / name, columns, rows) for name, (columns, rows) in tables.items()}


def read_list(path: Path) -> list[Line]:
    """Reads the customs' HS list: ten-digit lines and the steps of seven to nine digits above them.

    Raises:
        ImportFault: The file is not that list.
    """
    lines = {}
    for row in _table(path, LIST_COLUMNS):
        code = row["HS부호"].strip()
        if not (code.isdigit() and 7 <= len(code) <= 10):
            raise ImportFault(f"{path}: {code[:20]!r} in column HS부호 is no code of 7 to 10 digits")
        group = _tidy(row["성질통합분류코드명"])
        group = group[1:-1] if group.startswith("(") and group.endswith(")") else group
        lines[code] = Line(code, _tidy(row["한글품목명"]), _tidy(row["영문품목명"]), group)
    if not lines:
        raise ImportFault(f"{path}: has no rows")
    return [lines[code] for code in sorted(lines)]


def read_names(path: Path) -> tuple[list[Keyword], list[Keyword]]:
    """Reads the standard product names; returns the Korean and the English keywords.

    Names that only say "other", and the many kinds of passenger car told apart by age, are left out.

    Raises:
        ImportFault: The file is not that list.
    """
    korean, english = [], []
    for row in _table(path, NAMES_COLUMNS):
        code = row["HS부호"].strip()
        if not (code.isdigit() and len(code) == 10):
            raise ImportFault(f"{path}: {code[:20]!r} in column HS부호 is no code of 10 digits")
        if _GENERIC_KO.search(row["표준품명_한글"]) or "점화식" in row["표준품명_한글"]:
            continue
        korean += [Keyword(code[:6], name, "standard_name") for name in _names(row["표준품명_한글"])]
        if not _GENERIC_EN.search(row["표준품명_영문"]):
            english += [Keyword(code[:6], name.lower(), "standard_name") for name in _names(row["표준품명_영문"])]
    return korean, english


def read_references(path: Path) -> list[Keyword]:
    """Reads goods descriptions of the UK's tariff service that are plain English names.

    Curated references (JSON) are kept as they are. Descriptions from parcels (CSV) are kept only if every word
    is common English: most others are brands and cut-off labels, which would teach nonsense.

    Raises:
        ImportFault: The file has neither form.
    """
    if path.suffix == ".json":
        return list(_references(_object(path), "uk_reference", lambda text: True))
    text = _text(path)
    header = set(next(csv.reader(io.StringIO(text)), []))
    for description, code in REFERENCE_COLUMNS:
        if {description, code} <= header:
            pairs = [(row[description] or "", row[code] or "") for row in csv.DictReader(io.StringIO(text))]
            return list(_references(pairs, "uk_description", is_plain_english))
    raise ImportFault(f"{path}: needs the columns {' and '.join(REFERENCE_COLUMNS[0])}")


def is_plain_english(text: str) -> bool:
    """Tells whether a goods description is made of common English words only."""
    words = re.findall(r"[^\W\d_]+", text.lower())
    return (
        0 < len(words) <= MOST_WORDS
        and not re.search(r"\d", text)
        and not BRANDS.intersection(words)
        and all(len(word) > 3 or word in SHORT_WORDS for word in words)
        and all(zipf_frequency(word, "en") >= KNOWN_WORD for word in words)
    )


def _references(pairs: Iterable[tuple[str, str]], origin: str, accept: Callable[[str], bool]) -> Iterator[Keyword]:
    for description, code in pairs:
        text = _tidy(description).lower()
        if len(code) >= 6 and code[:6].isdigit() and len(text) > 2 and accept(text):
            yield Keyword(code[:6], text, origin)


def _object(path: Path) -> Iterable[tuple[str, str]]:
    try:
        content = json.loads(_text(path))
    except json.JSONDecodeError as error:
        raise ImportFault(f"{path}: not JSON: {error}") from error
    if not isinstance(content, dict):
        raise ImportFault(f"{path}: needs an object of description to commodity code")
    return [(str(key), str(value)) for key, value in content.items()]


def _rows(keywords: Iterable[Keyword], known: set[str]) -> list[tuple[str, str, str]]:
    """Sorted rows, one a code and keyword, of codes that exist; the first list named wins."""
    first: dict[tuple[str, str], str] = {}
    for keyword in keywords:
        if keyword.hs6 in known:
            first.setdefault((keyword.hs6, keyword.keyword), keyword.origin)
    return [(hs6, keyword, origin) for (hs6, keyword), origin in sorted(first.items())]


def _kept(path: Path) -> list[Keyword]:
    """The UK's keywords already in the pack."""
    if not path.exists():
        return []
    rows = _table(path, ("hs6", "keyword", "origin"))
    return [Keyword(row["hs6"], row["keyword"], row["origin"]) for row in rows if row["origin"].startswith("uk")]


def _names(text: str) -> list[str]:
    """A standard name as it stands and, where it explains itself in brackets, without them."""
    whole = _tidy(text)
    bare = _tidy(_BRACKETS.sub(" ", whole))
    return [name for name in dict.fromkeys((bare, whole)) if len(name) > 1 or name == "김"]


def _tidy(text: str) -> str:
    return re.sub(r"\s+", " ", _FOOTNOTE.sub("", text or "")).strip(" ,;")


def _table(path: Path, columns: Sequence[str]) -> Iterator[dict[str, str]]:
    reader = csv.DictReader(io.StringIO(_text(path)))
    missing = [column for column in columns if column not in (reader.fieldnames or ())]
    if missing:
        raise ImportFault(f"{path}: column {', '.join(missing)} is missing; is this the right file?")
    for row in reader:
        yield {column: row[column] or "" for column in columns}


def _text(path: Path) -> str:
    data = path.read_bytes()
    for encoding in _ENCODINGS:
        try:
            return data.decode(encoding)
        except UnicodeDecodeError:
            continue
    raise ImportFault(f"{path}: in neither UTF-8 nor CP949")


def _write(path: Path, columns: Sequence[str], rows: Iterable[Sequence[str]]) -> int:
    rows = list(rows)
    with path.open("w", encoding="utf-8", newline="") as file:
        writer = csv.writer(file, lineterminator="\n")
        writer.writerow(columns)
        writer.writerows(rows)
    return len(rows)
