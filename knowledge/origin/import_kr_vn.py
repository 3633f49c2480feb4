"""Reads the product rules of the Korea-Viet Nam agreement, Annex 3-A, from the text of the official document.

Input: the English text of the annex as a PDF reader gives it, line by line across the table, so that the narrow rule
column stands at the end of the lines of the description, or on lines of its own where the description is shorter::

    0106.32 --Psittaciformes (including parrots,
    WO
    parakeets, macaws and cockatoos)
    0910.91 --Mixtures referred to in Note 1 (b) to this CC or
    Chapter RVC(40)

The column is told from the description by laying each official wording (``_WORDINGS``) along the ends of the lines:
it must fit in full and leave no word of another rule. A subheading no wording fits stays without an expression.

RVC(n) may be reckoned build-up or build-down, as the exporter chooses (Article 3.3, paragraph 2 and its footnote).
"""

from __future__ import annotations

import re
from collections.abc import Iterator
from dataclasses import dataclass
from functools import lru_cache
from itertools import product

from knowledge.origin.lookup import RuleRow
from knowledge.origin.rules import make_row
from knowledge.record import Language

_PAGE = re.compile(
    r"^(\d+)(?:\nApplicable\nSubheading Product\nChapter Heading Product Description\n"
    r"\(HS 2012\) Specific Rule\nof Origin\n|\s*\Z)",
    re.M,
)
_FIRST = re.compile(r"^SECTION I ?:", re.M)
_SUBHEADING = re.compile(r"^(?:\d\d\.\d\d )?(\d{4})\.(\d{2})(?: ([-A-Z].*))?$")
_HEADING = re.compile(r"^(\d\d)\.(\d\d) [A-Z(\"]")
_OTHER_TEXT = re.compile(r"^SECTION |^\d\d [A-Z][a-z]")
_RULE_OPENING = re.compile(r"(?:WO|CC|CTH|CTSH|RVC\(\d+\))(?: or|, except|, provided|; or)?")
_MARK = re.compile(r"\b(?:WO|CC|CTH|CTSH)\b|RVC\(\d+\)")
_LEFT_OVER = re.compile(_MARK.pattern + r"|, (?:except|provided)$|; or$")

_MATERIALS = "{the}materials {of} {unit} {codes} are {wo}"
_CHOICES = {
    "the": ("the ", ""),
    "of": ("of", "from"),
    "unit": ("Heading", "Headings", "Chapter", "Chapters", "Subheading"),
    "codes": ("#", "# and #", "# through #", "#, # and #"),
    "wo": ("WO", "wholly obtained"),
}
_WORDINGS = (
    "WO",
    "@",
    "RVC",
    "@ or RVC",
    "@ or or RVC",
    "@; or RVC",
    "@, except from {unit} {codes}",
    "@, except from {unit} {codes}; or RVC",
    "@, provided that the good is both cut and sewn in the territory of any Party; or RVC",
    "@; or Printing or dyeing accompanied by at least two preparatory or finishing operations; or RVC",
    f"@, provided that {_MATERIALS}; or RVC, provided that {_MATERIALS}",
    f"@, provided that {_MATERIALS} or RVC, provided that {_MATERIALS}",
    f"@; or RVC, provided that {_MATERIALS}",
    f"RVC, provided that {_MATERIALS}",
    "@, provided that the value of non- originating materials of Heading # does not exceed #% of the FOB value of the "
    "good.",
    "A. Thyme ; bay leaves : WO B. Other : RVC",
    f"A. Rice flour, Rye flour: WO B. Others: @, provided that {_MATERIALS}; or RVC, provided that {_MATERIALS}",
    "A. Gear Box: @ or RVC B. Parts: @ or RVC",
    "A. Radiators: @ or RVC B. Parts: @ or RVC",
    "A. Drive-axles with differential and non-driving axles: @ or RVC, B. Parts: @ or RVC",
    "A. Silencers (mufflers) and exhaust pipes: @ or RVC, B. Parts: @ or RVC",
)
"""Official wordings of the rule column: @ is a change in classification, # a code or number, RVC a percentage."""

_TOKENS = {"@": "CC|CTH|CTSH", "#": r"\d{1,2}|\d\d\.\d\d|\d{4}\.\d\d", "RVC": r"RVC\(\d+\)"}

_OR = re.compile(r"[;,]? or (?:or )?(?=RVC|Printing)")
_ALTERNATIVES = (
    (r"(WO|CC|CTH|CTSH)", "{0}"),
    (r"(C\w+), except from \w+ (.+)", "{0} except {codes}"),
    (r"(C\w+), provided that the good is both cut and sewn .*", "{0} and process(cut_and_sewn)"),
    (r"(Printing or dyeing) accompanied .*", "process(printing_or_dyeing_with_two_finishings)"),
    (r"(C\w+), provided that (?:the )?materials \w+ \w+ (.+) are .*", "{0} and WOMaterials({codes})"),
    (r"(C\w+), provided that the value of .* Heading (\S+) .* exceed (\d+)%.*", "{0} and MaxNOM({codes}) <= {2}"),
    (r"RVC\((\d+)\)", "{rvc}"),
    (r"RVC\((\d+)\), provided that (?:the )?materials \w+ \w+ (.+) are .*", "({rvc}) and WOMaterials({codes})"),
)
"""What an alternative of a rule is in the expression language."""


def read_rules(text: str, translate: dict[str, dict[Language, str]]) -> Iterator[RuleRow]:
    """Yields a row for every subheading of the annex, and one more where a cell names described goods (A., B.).

    Args:
        text: Text of the annex.
        translate: Descriptions of goods by their official wording, in both languages (``conditions.yaml``).

    Raises:
        KeyError: A rule is for goods whose description has no translation.
    """
    for block in _blocks(text):
        hs6, locator = block.hs6, f"Annex 3-A, p. {block.page}"
        words = _rule_words(block.lines)
        if words is None:
            yield make_row((hs6, hs6), "", locator, words=" ".join(" ".join(block.lines).split())[:300])
        elif words.startswith("A. "):
            yield from _described(hs6, words, locator, translate)
        else:
            yield make_row((hs6, hs6), _expression(words), locator, words=words)


@dataclass
class _Block:
    """A subheading while its lines are gathered; closed once the next title begins."""

    hs6: str
    page: int
    lines: list[str]
    is_open: bool = True


def _blocks(text: str) -> Iterator[_Block]:
    """Yields every subheading; codes ascend, which tells them from codes named in a rule."""
    start = _FIRST.search(text)
    block = _Block("", 0, [], is_open=False)
    for page, line in _paged_lines(text[start.start() :] if start else text):
        code = _SUBHEADING.match(line)
        if code and code[1] + code[2] > block.hs6:
            if block.hs6:
                yield block
            block = _Block(code[1] + code[2], page, [code[3] or ""])
        elif _ends_row(line, block):
            block.is_open = False
        elif block.is_open:
            block.lines.append(line)
    if block.hs6:
        yield block


def _paged_lines(text: str) -> Iterator[tuple[int, str]]:
    """Yields every line of the table with its page; the number of a page stands at its foot."""
    place = 0
    for foot in _PAGE.finditer(text):
        for line in text[place : foot.start()].splitlines():
            yield int(foot[1]), line.strip()
        place = foot.end()
    for line in text[place:].splitlines():
        yield 0, line.strip()


def _ends_row(line: str, block: _Block) -> bool:
    """Tells whether a line is the title of the next heading, chapter or group of subheadings."""
    heading = _HEADING.match(line)
    if heading:
        return heading[1] + heading[2] > block.hs6[:4]
    described = any(line and not _RULE_OPENING.fullmatch(line) for line in block.lines)
    return bool(_OTHER_TEXT.match(line)) or (line.startswith("-") and described)


@dataclass(frozen=True)
class _Wording:
    """An official wording with its choices spelt out: a pattern a word, the words that are no slots, the marks."""

    patterns: tuple[re.Pattern[str], ...]
    literal: frozenset[str]
    marks: list[str]


def _rule_words(lines: list[str]) -> str | None:
    """Returns the rule column of a row, or None where no official wording fits."""
    tidy = [line.replace(" ,", ",").split() for line in lines if line]
    there = {word for line in tidy for word in line}
    marks = [_kind(mark) for line in tidy for mark in _MARK.findall(" ".join(line))]
    for wording in _wordings():
        if wording.marks == marks and wording.literal <= there:
            found = _lay(wording.patterns, tidy)
            if found is not None:
                return " ".join(found)
    return None


def _lay(wording: tuple[re.Pattern[str], ...], lines: list[list[str]]) -> list[str] | None:
    """Lays a wording along the ends of the lines; returns the words it lies on, None where it does not fit."""
    if not lines:
        return None if wording else []
    words = lines[0]
    for taken in range(min(len(words), len(wording)), -1, -1):
        head, tail = words[: len(words) - taken], words[len(words) - taken :]
        fits = all(pattern.fullmatch(word) for pattern, word in zip(wording, tail, strict=False))
        if fits and not _LEFT_OVER.search(" ".join(head)):
            rest = _lay(wording[taken:], lines[1:])
            if rest is not None:
                return tail + rest
    return None


@lru_cache(maxsize=1)
def _wordings() -> list[_Wording]:
    """Returns every official wording, long ones first: a short one would fit into a long one and leave its codes."""
    spelt = []
    for wording in _WORDINGS:
        names = list(dict.fromkeys(re.findall(r"\{(\w+)\}", wording)))
        for chosen in product(*(_CHOICES[name] for name in names)):
            words = wording.format(**dict(zip(names, chosen, strict=True))).split()
            marks = [_kind(mark) for mark in re.findall(r"@|WO|RVC", " ".join(words))]
            literal = frozenset(word for word in words if not re.search("@|#|RVC", word))
            spelt.append(_Wording(tuple(re.compile(_pattern(word)) for word in words), literal, marks))
    return sorted(spelt, key=lambda wording: -len(wording.patterns))


def _pattern(word: str) -> str:
    core = word.strip(",;.%:")
    return re.escape(word).replace(re.escape(core), f"(?:{_TOKENS[core]})") if core in _TOKENS else re.escape(word)


def _kind(mark: str) -> str:
    return "RVC" if mark.startswith("RVC") else "WO" if mark == "WO" else "@"


def _described(hs6: str, words: str, locator: str, translate: dict[str, dict[Language, str]]) -> Iterator[RuleRow]:
    """Yields the rows of a cell of the form 'A. goods: rule B. other goods: rule'."""
    match = re.fullmatch(r"A\. (.+?) ?: (.+?),? B\. (.+?) ?: (.+)", words)
    assert match is not None, words  # the wording that was laid has this form
    first, first_rule, second, second_rule = match.groups()
    others = second in ("Other", "Others")
    yield make_row((hs6, hs6), _expression(first_rule), locator, translate[first] if others else None)
    yield make_row((hs6, hs6), _expression(second_rule), locator, None if others else translate[second])


def _expression(words: str) -> str:
    return " or ".join(_alternative(part.strip(" ;")) for part in _OR.split(words))


def _alternative(words: str) -> str:
    for pattern, form in _ALTERNATIVES:
        if match := re.fullmatch(pattern, words):
            number = match[1]
            rvc = f"RVC(build_down) >= {number} or RVC(build_up) >= {number}"
            return form.format(*match.groups(), codes=_codes(match[2] if len(match.groups()) > 1 else ""), rvc=rvc)
    raise ValueError(f"no alternative of a rule: '{words}'")


def _codes(words: str) -> str:
    listed = words.replace(".", "").replace(" through ", "-")
    return ",".join(code.zfill(2) if "-" not in code else code for code in re.split(r",? and |, ", listed) if code)
