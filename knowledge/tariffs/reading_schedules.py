"""Reads the tariff schedules of treaties: China's in Korean, Viet Nam's in English, as the text of their PDFs."""

from __future__ import annotations

import re
from collections.abc import Iterator

from knowledge.tariffs.row import Row, TariffFileError, shortened

Record = tuple[str, list[str]]

CHINA_BASE = "2012-01-01"
VIET_NAM_BASE_A = "2012-01-01"
VIET_NAM_BASE_B = "2015-01-01"
SECTION_B = "SECTION-B"

_CHINA_HEAD_ENDS = "양허유형"
_CHINA_CATEGORY = re.compile(r"(?:^|\s)(0|5|10|15|20|E|1[05]-A\*?|PR-\d+)$")
_CHINA_PERCENT = re.compile(r"^(.*?)\s*(?<![\d.])(\d+(?:\.\d+)?)$")
_CHINA_UNIT = re.compile(r"^(.*?)\s*(킬로그램|제곱미터)당(.*?)\s*(\d+(?:\.\d+)?) 위안$")
_CHINA_SET = re.compile(
    r"^(.*?)\s*세트당가격이\s*(\d+)\s*천\s*불이하인\s*경우\s*(\d+)%,\s*가격이\s*\2\s*천\s*불초과시\s*(\d+)%\+세트당\s*([\d,]+)\s*위안$"
)
_BASE_BEGINS = ("킬로그램당", "제곱미터당", "세트당", "위안")
_UNITS = {"킬로그램": "kg", "제곱미터": "m²"}

_CODE = re.compile(r"^(\d{8}|\d{10})(?= )")
_VIET_NAM_HEADER = re.compile(
    r"^(-{3}.*|HS code Base Staging|Description|\(HS 2012\) rate Category"
    r"|2018|Base|HS code and|Description rate 2016 2017|\(HS 2012\) subsequ|\(2015\)|ent year)\s*$"
)
_VIET_NAM_A = re.compile(r"^(.*?) ?(\d+(?:\.\d+)?) (Y-\d+|S-\d|B-\d|A|E)$")
_VIET_NAM_B = re.compile(r"^(.*?) ?" + r" ".join([r"(\d+(?:\.\d+)?)"] * 4) + "$")


def read_china(text: str) -> list[Row]:
    """Returns the lines of China's schedule: code, goods in Korean, base rate of 2012 and staging category.

    Raises:
        TariffFileError: A line has no base rate or category that can be read; the message names its code.
    """
    body = text.split("\n* 2012")[0]
    lines = [line.rstrip("\r") for line in body.split("\n") if line.strip()]
    return [_china_row(code, parts) for code, parts in _china_records(lines)]


def _china_records(lines: list[str]) -> Iterator[Record]:
    """A record is the line with a code and all lines to the next one, without the head of each page.

    A page's head goes from the mark of the page to the title of the last column.
    """
    code, parts, head = "", list[str](), True
    for line in lines:
        if line.startswith("--- p"):
            head = True
        elif head:
            head = not line.strip().endswith(_CHINA_HEAD_ENDS)
        elif found := _CODE.match(line):
            if code:
                yield code, parts
            code, parts = found[1], [line[found.end() :]]
        elif code:
            parts.append(line)
    if code:
        yield code, parts


def _china_row(code: str, parts: list[str]) -> Row:
    """Splits a record into goods, base and category; words of the goods or the base may follow on the next page."""
    for place in reversed(range(len(parts))):
        found = _CHINA_CATEGORY.search(parts[place].strip())
        if not found:
            continue
        before, after = [*parts[:place], parts[place].strip()[: found.start()]], parts[place + 1 :]
        if percent := _CHINA_PERCENT.match(_joined(before)):
            goods, base = _joined([percent[1], *after]), f"{percent[2]}%"
        elif unit := _china_unit(_joined([*before, *after])):
            goods, base = unit
        else:
            continue
        flags = "footnote" if found[1].endswith("*") else ""
        return Row(code, shortened(goods), base, CHINA_BASE, found[1].rstrip("*"), "", flags)
    raise TariffFileError(f"{code}: no base rate and category in {' '.join(parts)!r}")


def _china_unit(text: str) -> tuple[str, str] | None:
    """Goods and base rate where the rate is money by quantity, in the notation of ``rate.py``."""
    if found := _CHINA_SET.match(text):
        limit = f"{int(found[2])},000 USD"
        return found[1], f"≤{limit}/set: {found[3]}%; >{limit}/set: {found[4]}% + {found[5]} CNY/set"
    if found := _CHINA_UNIT.match(text):
        return found[1] + found[3], f"{found[4]} CNY/{_UNITS[found[2]]}"
    return None


def _joined(parts: list[str]) -> str:
    """Lines were broken at blanks, which the text keeps at the line's end, or inside a word."""
    text = ""
    for part in parts:
        glued = (
            text
            and part
            and _hangul(text[-1])
            and _hangul(part[0])
            and not part.startswith(("킬로", "제곱", "세트당", "위안"))
        )
        text += part if glued or not text else " " + part
    return " ".join(text.split())


def _hangul(character: str) -> bool:
    return "가" <= character <= "힣"


def read_viet_nam(text: str) -> list[Row]:
    """Returns the lines of Viet Nam's schedule.

    Section A: code, goods, base rate, staging category. Section B: base rate of 2015 and the rates of 2016, 2017 and
    from 2018 on. A code without rates is a heading over lines of 10 digits and is left out.

    Raises:
        TariffFileError: A line outside a section, or a code without rates that is no heading.
    """
    rows: list[Row] = []
    bare: list[str] = []
    for section, code, parts in _viet_nam_records(text):
        row = _viet_nam_a(code, parts) if section == "A" else _viet_nam_b(code, parts)
        if row:
            rows.append(row)
        else:
            bare.append(code)
    codes = {row.code[:8] for row in rows if len(row.code) == 10}
    lost = sorted(set(bare) - codes)
    if lost:
        raise TariffFileError(f"{', '.join(lost[:5])}: no rates")
    return rows


def _viet_nam_records(text: str) -> Iterator[tuple[str, str, list[str]]]:
    section, code, parts, carried = "", "", list[str](), ""
    for line in text.split("\n"):
        if found := re.fullmatch(r"Section ([AB])\s*", line):
            if code:
                yield section, code, parts
            section, code = found[1], ""
        elif found := _CODE.match(line):
            if not section:
                raise TariffFileError(f"{found[1]}: stands in no section")
            if code:
                yield section, code, parts
            code, parts, carried = found[1], [f"{carried} {line[found.end() :].strip()}".strip()], ""
        elif code and line.startswith("- "):
            carried = line.strip()  # the words of the next line stand above its code
        elif code and line.strip() and not _VIET_NAM_HEADER.match(line):
            parts.append(line.strip())
    if code:
        yield section, code, parts


def _viet_nam_a(code: str, parts: list[str]) -> Row | None:
    for place, part in enumerate(parts):
        if found := _VIET_NAM_A.match(part):
            goods = " ".join([*parts[:place], found[1], *parts[place + 1 :]])
            return Row(code, _undashed(goods), f"{found[2]}%", VIET_NAM_BASE_A, found[3])
    return None


def _viet_nam_b(code: str, parts: list[str]) -> Row | None:
    for place, part in enumerate(parts):
        if found := _VIET_NAM_B.match(part):
            goods = " ".join([*parts[:place], found[1], *parts[place + 1 :]])
            years = zip(range(2015, 2019), found.groups()[1:], strict=True)
            printed = " ".join(f"{year}={rate}%" for year, rate in years)
            return Row(code, _undashed(goods), f"{found[2]}%", VIET_NAM_BASE_B, SECTION_B, printed)
    return None


def _undashed(goods: str) -> str:
    return shortened(re.sub(r"^[-\s]+", "", goods).rstrip(":"))
