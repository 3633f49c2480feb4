"""Reads the product rules of the Korea-China agreement, Annex 3-A part 2, from the text of the official document.

Input: the plain text of the annex (제2부 – 품목별 원산지 규정) as a PDF reader gives it, one table cell after another,
each perhaps broken over several lines. A page opens with its number (``37-5``) and the column titles. A subheading
opens with its code alone on a line (``0102.21``), the description and the rule follow::

    0102.21
    번식용
    완전생산기준

The rule words are few and defined in part 1 of the annex: 완전생산기준 (WO), 2, 4 or 6 단위 세번변경기준 (CC, CTH,
CTSH) with excepted codes in brackets, and 체약 당사국내에서 발생한 부가가치가 N 퍼센트 이상일 것 (RVC by the build-down
formula of Article 3.5), joined by 또는 (or) or 그리고 (and, part 1 note 4).
"""

from __future__ import annotations

import re
from collections.abc import Iterator

from knowledge.origin.lookup import RuleRow
from knowledge.origin.rules import make_row
from knowledge.record import Language

_PAGE = re.compile(r"^ *37-(\d+) *$", re.M)
_TITLES = re.compile(
    r"류\s*\n\s*호\s*\n\s*소호\s*\n\s*\(HS 2012\)\s*\n\s*품목명\s*\n\s*적용가능한\s*\n\s*품목별 원산지 규정"
)
_SUBHEADING = re.compile(r"^ *(\d{4})\.(\d{2}) *$", re.M)
_CHANGE = r"(?P<digits>[246]) ?단위 ?세번변경기준(?: ?\((?P<excepted>[^)]*)\))?"
_VALUE = r"체약 ?당사국 ?내에서 ?발생한 ?부가가치가 ?(?P<percent>\d+) ?퍼센트 ?이상일 것\.?"
_WHOLLY = r"(?P<wholly>완전생산기준)"
_TERM = re.compile(f"{_WHOLLY}|{_CHANGE}|{_VALUE}")
_JOINT = re.compile(r" ?(또는|그리고) ?")
_TRACE = re.compile(r"완전생산|단위 ?세번|변경기준|발생한 ?부가가치|퍼센트 ?이상|한한다")
_SPLIT = re.compile(r"·([^·:]+?) ?: ?([^·]+?)(?=,? ?·|$|,? \d\d)")
_EXCEPTED_CODE = re.compile(r"제? ?(\d{2,4}(?:\.\d{2})?) ?(?:호|류)(부터)?")
_LEVELS = {"2": "CC", "4": "CTH", "6": "CTSH"}


def read_rules(text: str, translate: dict[str, dict[Language, str]]) -> Iterator[RuleRow]:
    """Yields a row for every subheading of the annex, and one more for goods that have a rule of their own.

    Where a cell names several kinds of goods, the first is the subheading's own and the others are described ones.

    Args:
        text: Text of the annex.
        translate: Descriptions of goods by their official wording, in both languages (``conditions.yaml``).

    Raises:
        KeyError: A rule is for goods whose description has no translation.
    """
    pages = [(match.start(), match[1]) for match in _PAGE.finditer(text)]
    codes = list(_SUBHEADING.finditer(text))
    for place, code in enumerate(codes):
        end = codes[place + 1].start() if place + 1 < len(codes) else len(text)
        page = next((number for start, number in reversed(pages) if start < code.start()), "1")
        cell = " ".join(_TITLES.sub(" ", _PAGE.sub(" ", text[code.end() : end])).split())
        hs6 = code[1] + code[2]
        yield from _rows(hs6, cell, f"Annex 3-A, p. 37-{page}", translate)


def _rows(hs6: str, cell: str, locator: str, translate: dict[str, dict[Language, str]]) -> Iterator[RuleRow]:
    goods = _SPLIT.findall(cell)
    for place, (name, words) in enumerate(goods):
        yield make_row((hs6, hs6), _only_rule(words), locator, translate[name.strip()] if place else None, words)
    if goods:
        return
    first = _TERM.search(cell)
    words = cell[first.start() :] if first else cell
    words = words[: words.find("한한다.") + len("한한다.")] if "한한다." in words else words[:200]
    yield make_row((hs6, hs6), _only_rule(cell), locator, words=words)


def _only_rule(cell: str) -> str:
    """Returns the expression of the one rule in a cell; '' where there is none or words of another one are left."""
    first = _TERM.search(cell)
    if first is None:
        return ""
    expression, end = _term(first), first.end()
    joints = set()
    while (joint := _JOINT.match(cell, end)) and (term := _TERM.match(cell, joint.end())):
        joints.add(joint[1])
        expression += {"또는": " or ", "그리고": " and "}[joint[1]] + _term(term)
        end = term.end()
    if len(joints) > 1 or _TRACE.search(cell, end) or "?" in expression:
        return ""
    return expression


def _term(match: re.Match[str]) -> str:
    if match["wholly"]:
        return "WO"
    if match["percent"]:
        return f"RVC(build_down) >= {match['percent']}"
    excepted = f" except {_codes(match['excepted'])}" if match["excepted"] else ""
    return _LEVELS[match["digits"]] + excepted


def _codes(words: str) -> str:
    """Returns excepted codes in the expression language; '?' where words are left that are no codes."""
    parts: list[str] = []
    open_range = False
    for code, until in _EXCEPTED_CODE.findall(words):
        digits = code.replace(".", "")
        if open_range:
            parts[-1] += f"-{digits}"
            open_range = False
        else:
            parts.append(digits)
            open_range = bool(until)
    left = re.sub(r"에 ?해당하는|물품|은|는|제외한다|까지|부터|소호|또는|[제호류,\s\d.]", "", words)
    return ",".join(parts) if parts and not left and not open_range else "?"
