"""Reads the product rules of the Korea-United Kingdom agreement, Annex II of its protocol on origin.

Input: the rules as the United Kingdom publishes them, JSON with one entry of the list a rule set::

    {"rule_sets": [{"heading": "ex Chapter 33", "subdivision": "Essential oils …", "min": "3302000000",
                    "max": "3307999999", "rules": [{"rule": "Manufacture from materials of any heading, …"},
                                                   {"rule": "Manufacture in which …"}]}]}

Several rules of an entry are alternatives (Note 2.4). Wording and meaning follow the introductory notes: a value limit
counts only non-originating materials (Article 5), 'materials of any heading' allows those of the product's own heading
(Note 3.3), 'including other materials of heading …' allows all but those of the product's own description (Note 3.3).
Frequent wordings are read here; those that name a working or a material are in ``import_kr_uk.yaml``. References to
Notes 5 and 6 (tolerances for textiles) are left out of the expression.
"""

from __future__ import annotations

import json
import re
from collections import Counter
from collections.abc import Iterator
from functools import lru_cache
from pathlib import Path
from typing import Any

import yaml

from knowledge.origin.lookup import RuleRow
from knowledge.origin.rule import CodeRange
from knowledge.origin.rules import make_row
from knowledge.record import Language

PECULIAR = Path(__file__).with_name("import_kr_uk.yaml")

_LINK = re.compile(r"\[([^\]]*)\]\([^)]*\)")
_MARKUP = re.compile(r"\*+|&nbsp;")
_EXAMPLES = re.compile(r" ?\(such as scouring[^)]*\)")
_NOTES = re.compile(
    r"(?:For special conditions relating to products made of a mixture of textile materials, see Introductory Note 5"
    r"|For knitted or crocheted articles[^.]*see Introductory Note 6"
    r"|See (?:also )?Introductory Notes? [56](?: and 6)?)\.?"
)
_CODE = r"(?:(?:chapter|heading|subheading) )?\d{1,2}(?:\d{2}(?:\d{2})?)?\b"
_CODES = rf"{_CODE}(?:(?:,| to| and| or|, and) {_CODE}|(?<=\d{{4}}) {_CODE})*"
_PRICE = r"does not exceed (?P<percent>[\d.]+)% of the (?:value of the )?ex-works price of the products?"

_MADE = re.compile(
    rf"Manufacture:?(?: -)? (?:from|of) materials of any heading(?:, except (?:(?P<own>that of the product)(?: and "
    rf"(?P<more>{_CODES}))?|(?:those of )?(?P<codes>{_CODES}))|(?P<other>, including other materials of {_CODE}))?"
)
_CONDITIONS: tuple[tuple[re.Pattern[str], str], ...] = tuple(
    (re.compile(pattern), form)
    for pattern, form in (
        (rf"the value of all the materials used {_PRICE}", "MaxNOM <= {percent}"),
        (rf"the value of all the materials of (?P<codes>{_CODES}) used,? {_PRICE}", "MaxNOM({codes}) <= {percent}"),
        (
            rf"However, the value of all the materials of (?P<codes>{_CODES}) used must not exceed "
            r"(?P<percent>[\d.]+)% of the ex-works price of the product",
            "MaxNOM({codes}) <= {percent}",
        ),
        (
            rf"all the (?:materials|fruit and nuts) of (?P<codes>{_CODES}),? used are "
            r"wholly obtained",
            "WOMaterials({codes})",
        ),
        (rf"all the materials of (?P<codes>{_CODES}),? used are originating", "MaxNOM({codes}) <= 0"),
        (r"all the materials used are originating", "MaxNOM <= 0"),
        (
            r"all the grapes or materials derived from grapes used are wholly obtained",
            "process(all_grape_materials_wholly_obtained)",
        ),
        (
            r"all the fruit juice (?:used )?\(except that of pineapple, lime or grapefruit\) of heading 2009 (?:used )?"
            r"is originating",
            "(MaxNOM(2009) <= 0 or process(imported_juice_only_pineapple_lime_or_grapefruit))",
        ),
    )
)
_SAME_HEADING = re.compile(
    r"However, materials of the same heading as the product may be used, provided that their total value "
    r"does not exceed (?P<percent>[\d.]+)% of the ex-works price of the product"
)
_BETWEEN = re.compile(r"[\s,:.-]*(?:and\b)?[\s,-]*(?:in which\b)?[\s:-]*")


def read_rules(text: str, translate: dict[str, dict[Language, str]]) -> Iterator[RuleRow]:
    """Yields a row for every entry of the list.

    An entry is for described goods where others of the same codes have an entry of their own, or where it is marked
    'ex' and no narrower entry explains the mark.

    Args:
        text: The JSON document.
        translate: Descriptions of goods by their official wording, in both languages (``conditions.yaml``).

    Raises:
        ValueError: The document is not JSON or not of this form.
        KeyError: A rule is for goods whose description has no translation.
    """
    try:
        entries: list[dict[str, Any]] = json.loads(text)["rule_sets"]
        ranges = [_range(entry["min"], entry["max"]) for entry in entries]
        times = Counter(ranges)
        for entry, codes in zip(entries, ranges, strict=True):
            words = [_clean(rule["rule"]) for rule in entry["rules"]]
            kind = _kind(entry, codes, ranges, times)
            yield make_row(
                (codes.first, codes.last),
                _expression(words, codes),
                f"Origin Protocol, Annex II, {entry['heading']}",
                translate[kind] if kind else None,
                " or: ".join(words)[:400],
            )
    except (TypeError, json.JSONDecodeError) as error:
        raise ValueError(f"not a list of rule sets: {error}") from error


def _kind(entry: dict[str, Any], codes: CodeRange, ranges: list[CodeRange], times: Counter[CodeRange]) -> str | None:
    """Returns the description of the goods an entry is for; None where it is for all (other) goods of its codes."""
    description = _clean(entry["subdivision"])
    shared = times[codes] > 1
    part = " ▸ ".join(description.split(" ▸ ")[1:]) if " ▸ " in description else description
    if description.startswith("Any other product") or (shared and part in ("Other", "Other ▸ Other")):
        return None
    narrower = any(other != codes and _inside(other, codes) for other in ranges)
    is_part = entry["heading"].startswith("ex ") and "Chapter" not in entry["heading"] and not narrower
    return part if shared or is_part else None


def _range(first: str, last: str) -> CodeRange:
    """Returns ten-digit ends as the shortest codes that mean the same."""
    for digits in (2, 4):
        if set(first[digits:6]) <= {"0"} and set(last[digits:6]) <= {"9"}:
            return CodeRange(first[:digits], last[:digits])
    return CodeRange(first[:6], last[:6])


def _inside(inner: CodeRange, outer: CodeRange) -> bool:
    first, last = outer.first.ljust(6, "0"), outer.last.ljust(6, "9")
    return first <= inner.first.ljust(6, "0") and inner.last.ljust(6, "9") <= last


def _clean(words: str) -> str:
    plain = _MARKUP.sub(lambda mark: " " if mark[0].startswith("&") else "", _LINK.sub(r"\1", words))
    return " ".join(_NOTES.sub(" ", _EXAMPLES.sub("", plain.replace("&nbsp;", " "))).split())


def _expression(alternatives: list[str], codes: CodeRange) -> str:
    """Returns the expression of an entry, '' unless every alternative is understood in full."""
    parts = [_alternative(words.removeprefix("or ").strip(" .,:;"), codes) for words in alternatives]
    return " or ".join(part for part in parts if part) if all(parts) else ""


def _alternative(words: str, codes: CodeRange) -> str | None:
    peculiar = _peculiar().get(words.casefold())
    if peculiar:
        return peculiar.replace("OWN", _own(codes))
    made = _MADE.match(words)
    place = made.end() if made else len("Manufacture") if words.startswith("Manufacture") else 0
    parts = [_made(made, codes)] if made else []
    while place < len(words):
        place = _BETWEEN.match(words, place).end()  # type: ignore[union-attr]  # it matches the empty string
        same = _SAME_HEADING.match(words, place)
        if same and parts and parts[0] == "CTH":
            parts[0] += f" allow same_heading <= {same['percent']}"
            place = same.end()
            continue
        found = [(match, form) for pattern, form in _CONDITIONS if (match := pattern.match(words, place))]
        if not found:
            return None
        match, form = found[0]
        groups = match.groupdict()
        parts.append(form.format(percent=groups.get("percent"), codes=_listed(groups.get("codes") or "")))
        place = match.end()
    return " and ".join(part for part in parts if part != "ANY" or len(parts) == 1) or None


def _made(made: re.Match[str], codes: CodeRange) -> str:
    """Returns what 'manufacture from materials of any heading, except …' asks of the materials' headings."""
    own = _own(codes)
    if made["other"]:
        return "(CTH or process(no_imported_material_of_same_description))"
    if made["own"]:
        return "CTH" + (f" except {_listed(made['more'])}" if made["more"] else "")
    if not made["codes"]:
        return "ANY"
    excepted = _listed(made["codes"])
    covered = any(_inside(CodeRange(own[:4], own[-4:]), _ends(code)) for code in excepted.split(","))
    return f"CTH except {excepted}" + ("" if covered else f" from {own}")


def _own(codes: CodeRange) -> str:
    """Returns the headings of an entry; where it is for chapters, the chapters."""
    return str(CodeRange(codes.first[:4], codes.last[:4]))


def _ends(code: str) -> CodeRange:
    first, _, last = code.partition("-")
    return CodeRange(first, last or first)


def _listed(words: str) -> str:
    """Returns codes named in words ('chapter 7, heading 8202 to heading 8205') in the expression language."""
    joined = re.sub(r" to (?:heading )?(?=\d)", "-", words)
    found = re.findall(r"\d+(?:-\d+)?", joined)
    return ",".join(code if "-" in code else code.zfill(2) for code in found)


@lru_cache(maxsize=1)
def _peculiar() -> dict[str, str]:
    raw: dict[str, list[str]] = yaml.safe_load(PECULIAR.read_text(encoding="utf-8"))
    return {words.casefold(): expression for expression, wordings in raw.items() for words in wordings}
