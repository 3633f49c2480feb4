"""Reads the product rules of the Korea-United States agreement, Annex 6-A part 2, from the official document's text.

Input: the Korean text of the annex (제2부 품목별 원산지 기준) as a PDF reader gives it. Pages open with
``--- p4 ---``; a row opens with its heading or subheading, or the first and last of a range, and its rule follows,
broken anywhere::

    0904.20 다른 류에 해당하는 물품에서 제0904.20호에 해당하는 물품으로 변경된 것
    2517.10 –
    2517.20
    다른 호에 해당하는 물품에서 제2517.10호 내지 제2517.20호에 해당하는 물품으로 변경된 것

다른 류, 호, 소호 are CC, CTH and CTSH; 이 상품군 외의 is 'outside this group' (part 1, note 1 마); excepted goods
must be originating (note 1 다); alternatives suffice (note 1 라); 변경된 여부와 관계없이 accepts materials that do not
change; 집적법, 공제법 and 순원가법 are the build-up, build-down and net-cost methods (Article 6.2). Rows whose wording
describes goods or workings are in ``import_kr_us.yaml`` beside their official text; they hold only for that text. Goods
of chapters 28 to 40 also originate by the rules of sections VI and VII (chemical reaction, mixing, …).

Textiles (chapters 50 to 63) are in Annex 4-A, which is another document.
"""

from __future__ import annotations

import re
from collections.abc import Iterator
from dataclasses import dataclass, field
from functools import lru_cache
from pathlib import Path
from typing import Any

import yaml

from knowledge.origin.lookup import RuleRow
from knowledge.origin.rule import CodeRange
from knowledge.origin.rules import make_row
from knowledge.record import Language

PECULIAR = Path(__file__).with_name("import_kr_us.yaml")

_PAGE = re.compile(r"^--- p(\d+) ---$")
_END = r"(\d{4}(?:\. ?\d{2})?)"
_ROW = re.compile(rf"^{_END} ?(?:([-–]) ?{_END}?)?(?: (.*))?$")
_MISPRINTED_HEADING = re.compile(r"^(\d{2})\.(\d{2}) (?=다른)")
_LAST = re.compile(rf"^{_END}$")
_TITLE = re.compile(r"^제\d+[류부] (?!내지)|^ ?주\d? |^ ?주\d$|^규칙 \d|^부속서 4-가|^부록")

_CODE = r"제?(\d{4}(?:\.\d{2})?)호?"
_RANGE = rf"{_CODE}(?:내지는?{_CODE})?"
_CHAPTER = r"제\d+류(?:내지제\d+류)?"
_LIST = rf"(?:{_RANGE}|{_CHAPTER})(?:(?:,또는|,|또는|및|와)(?:{_RANGE}|{_CHAPTER}))*"
_LIST = re.sub(r"\((?!\?)", "(?:", _LIST)
_TO = re.sub(r"\((?!\?)", "(?:", _RANGE)
_CHANGED = rf"(?P<to>{_TO})(?:에해당하는물품으|의물품으|의|에해당하는물품|)로변경된것"
_CHANGE = re.compile(
    rf"(?P<level>다른류|다른호|다른소호|이상품군외의호|이상품군외의소호)(?:에해당하는|의)물품"
    rf"(?:\((?P<excepted>{_LIST})(?:에해당하는물품|에해당하는것|의것)?을제외한다\))?(?:에서|으로부터){_CHANGED}"
)
_ACCEPT = re.compile(
    rf"다른(?P<level>류|호|소호)에해당하는물품에서변경된여부와관계없이,?(?P<accepted>{_LIST})(?:에해당하는물품)?"
    rf"(?:에서|으로부터){_CHANGED}"
)
_METHODS = {"집적법": "build_up", "공제법": "build_down", "순원가법": "net_cost"}
_SHARES = (
    r"가\.집적법(?P<build_up>\d+)퍼센트이상,또는나\.공제법(?P<build_down>\d+)퍼센트이상"
    r"(?:,또는다\.순원가법(?P<net_cost>\d+)퍼센트이상)?"
)
_PROVISO = re.compile(rf"\.?다만,아래의역내부가가치가발생한것에한한다\.?{_SHARES}")
_ONE_METHOD = re.compile(
    r"\.?다만,(?:역내부가가치발생이)?공제법으로(?:역내부가가치가)?(?P<build_down>\d+)퍼센트이상(?:의역내부가가치가)?"
    r"(?:발생한것|인경우)에한한다"
)
_VALUE = re.compile(
    rf"(?:(?P<only>{_LIST})(?:에해당하는물품)?의경우)?아래의역내부가가치가발생한것\(이경우세번[변번]경은요구되지않는다\)\.?{_SHARES}"
)
_BETWEEN = re.compile(r"[.,;]*(?:또는)?")
_LEVELS = {"류": "CC", "호": "CTH", "소호": "CTSH"}

_SECTION_RULES: tuple[tuple[str, str, tuple[str, ...], str], ...] = (
    ("28", "40", ("3823",), "chemical_reaction"),
    ("28", "40", (), "purification"),
    ("30", "31", (), "mixing_or_blending_to_specification"),
    ("33", "40", ("3808",), "mixing_or_blending_to_specification"),
    ("30", "31", (), "changing_particle_size"),
    ("33", "33", (), "changing_particle_size"),
    ("39", "39", (), "changing_particle_size"),
    ("28", "38", (), "making_standard_materials"),
    ("28", "39", (), "separating_isomers"),
)
"""Workings that confer origin by the rules of sections VI and VII: first and last chapter, headings left out, name."""


@dataclass
class _Row:
    """A row while its lines are gathered: its codes, page, and text without spaces."""

    first: str
    last: str
    page: str
    text: str = ""
    lines: list[str] = field(default_factory=list)


def read_rules(text: str, translate: dict[str, dict[Language, str]]) -> Iterator[RuleRow]:
    """Yields the rows of the annex; a row whose rule differs by goods or code gives several.

    Args:
        text: Text of the annex.
        translate: Descriptions of goods by their official wording, in both languages (``conditions.yaml``).

    Raises:
        KeyError: A rule is for goods whose description has no translation.
    """
    for row in _rows(text):
        locator = f"Annex 6-A, p. {row.page}"
        peculiar = _peculiar().get(f"{row.first}-{row.last}")
        if peculiar and _squeeze(peculiar["text"]) == row.text:
            for part in peculiar["rows"]:
                first, _, last = str(part.get("codes", f"{row.first}-{row.last}")).partition("-")
                kind = translate[part["goods"]] if "goods" in part else None
                for codes, expression in _with_section_rules((first, last or first), part.get("rule", "")):
                    yield make_row(codes, expression, locator, kind, part.get("words", ""))
            continue
        for codes, expression in _expressions(row):
            for narrowed, whole in _with_section_rules(codes, expression):
                yield make_row(narrowed, whole, locator, None, " ".join(row.lines)[:400])


def _rows(text: str) -> Iterator[_Row]:
    row, page, is_open = _Row("", "", ""), "", False
    for raw in text.splitlines():
        line = _MISPRINTED_HEADING.sub(r"\1\2 ", raw.strip())
        if mark := _PAGE.match(line):
            page = mark[1]
        elif row.last == "?" and (last := _LAST.match(line)):
            row.last = _digits(last[1])
        elif (start := _ROW.match(line)) and _opens(start, row):
            if row.text:
                yield row
            first = _digits(start[1])
            last_code = _digits(start[3]) if start[3] else "?" if start[2] else first
            row, is_open = _Row(first, last_code, page), True
            _add(row, start[4] or "")
        elif _TITLE.match(line):
            is_open = False
        elif is_open:
            _add(row, line)
    if row.text:
        yield row


def _opens(start: re.Match[str], row: _Row) -> bool:
    """Tells whether a line that begins with a code opens a row: codes ascend, and some are printed twice."""
    return _digits(start[1]).ljust(6, "0") >= row.first.ljust(6, "0")


def _add(row: _Row, line: str) -> None:
    row.text += _squeeze(line)
    if line:
        row.lines.append(line)


def _squeeze(words: str) -> str:
    return re.sub(r"\s", "", words)


def _digits(code: str) -> str:
    return re.sub(r"\D", "", code)


def _expressions(row: _Row) -> list[tuple[tuple[str, str], str]]:
    """Returns the rule of the row's codes, and the wider ones of codes that have an alternative of their own."""
    whole = CodeRange(row.first, row.last)
    general: list[str] = []
    special: list[tuple[CodeRange, int, str]] = []
    place = 0
    while place < len(row.text):
        found = _alternative(row.text, place, whole)
        if found is None:
            return [((row.first, row.last), "")]
        place, expression, codes = found
        place = _BETWEEN.match(row.text, place).end()  # type: ignore[union-attr]  # it matches the empty string
        if codes in ((), (whole,)):
            general.append(expression)
        else:
            special.extend((code, len(general), expression) for code in codes)
    if not general or not all(_covers(whole, code) for code, _, _ in special):
        return [((row.first, row.last), "")]
    result = [((row.first, row.last), " or ".join(general))]
    for code, at, expression in special:
        parts = [*general[:at], expression, *general[at:]]
        result.append(((code.first, code.last), " or ".join(parts)))
    return result


def _alternative(text: str, place: int, whole: CodeRange) -> tuple[int, str, tuple[CodeRange, ...]] | None:
    """Returns where an alternative ends, what it is, and the codes it is for (none: all of the row)."""
    if value := _VALUE.match(text, place):
        return value.end(), _shares(value), _listed(value["only"] or "")
    if change := _CHANGE.match(text, place):
        level, codes = change["level"], _listed(change["to"])
        expression = _LEVELS[re.sub("다른|이상품군외의", "", level)]
        if level.startswith("이상품군"):
            expression += f" outside {whole}"
        if change["excepted"]:
            expression += f" except {_named(change['excepted'])}"
    elif change := _ACCEPT.match(text, place):
        codes = _listed(change["to"])
        expression = f"{_LEVELS[change['level']]} from {_named(change['accepted'])}"
    else:
        return None
    for pattern in (_PROVISO, _ONE_METHOD):
        if proviso := pattern.match(text, change.end()):
            shares = _shares(proviso)
            return proviso.end(), f"{expression} and " + (f"({shares})" if " or " in shares else shares), codes
    return change.end(), expression, codes


def _shares(match: re.Match[str]) -> str:
    found = match.groupdict()
    return " or ".join(f"RVC({method}) >= {found[method]}" for method in _METHODS.values() if found.get(method))


def _listed(words: str) -> tuple[CodeRange, ...]:
    """Returns the headings and subheadings named in words."""
    found = re.finditer(_RANGE, words)
    return tuple(CodeRange(_digits(match[1]), _digits(match[2] or match[1])) for match in found)


def _named(words: str) -> str:
    """Returns codes named in words, chapters too, in the expression language."""
    parts = []
    for match in re.finditer(rf"{_RANGE}|제(\d+)류(?:내지제(\d+)류)?", words):
        first, last = (match[1], match[2]) if match[1] else (match[3].zfill(2), match[4] and match[4].zfill(2))
        parts.append(_digits(first) + (f"-{_digits(last)}" if last else ""))
    return ",".join(parts)


def _covers(outer: CodeRange, inner: CodeRange) -> bool:
    return outer.first.ljust(6, "0") <= inner.first.ljust(6, "0") and inner.last.ljust(6, "9") <= outer.last.ljust(
        6, "9"
    )


def _with_section_rules(codes: tuple[str, str], expression: str) -> list[tuple[tuple[str, str], str]]:
    """Adds the workings of sections VI and VII; a heading left out of one of them gets a row of its own."""
    if not expression or not "28" <= codes[0][:2] <= "40":
        return [(codes, expression)]
    left_out = {heading for _, _, out, _ in _SECTION_RULES for heading in out}
    own = [heading for heading in left_out if codes[0][:4] < heading <= codes[1][:4] or heading == codes[1][:4]]
    result = [] if [codes[0][:4], codes[1][:4]] == own * 2 else [(codes, expression + _workings(codes[0]))]
    for heading in own:
        narrowed = codes if codes[0][:4] == codes[1][:4] else (heading, heading)
        result.append((narrowed, expression + _workings(heading)))
    return result


def _workings(code: str) -> str:
    names = [name for first, last, out, name in _SECTION_RULES if first <= code[:2] <= last and code[:4] not in out]
    return "".join(f" or process({name})" for name in names)


@lru_cache(maxsize=1)
def _peculiar() -> dict[str, dict[str, Any]]:
    raw: dict[str, dict[str, Any]] = yaml.safe_load(PECULIAR.read_text(encoding="utf-8")) or {}
    return raw
