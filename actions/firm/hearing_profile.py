"""Takes facts about a firm out of free words: "여성기업인데 직원 5명 서울 화장품", "no exports yet, Busan, machinery".

The words are the pack's ``programme_facts/vocabulary/said.yaml``, regions and their names ``profile.yaml``. Only what
is told of the firm itself counts: a question ("여성기업이면 되나요?") or two regions at once tell nothing.
"""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from functools import lru_cache
from pathlib import Path
from typing import Any, TypeVar

from babel import Locale

from actions.cases.amounts import sums
from knowledge.diagnosis.data import pack_folder
from knowledge.language.korean import content_words
from knowledge.programmes.profile import ProfileError, read_profile
from knowledge.programmes.profile import questions as profile_questions
from knowledge.programmes.reading import vocabulary
from knowledge.record import Language

LONGEST = 2000
"""Characters that are read."""

SHORT = 2
"""Letters up to which a Korean word counts only at the beginning of a word (장비 is not in 시장 비용)."""

_DOLLARS = "USD"
_EXPORT = re.compile(r"수출|export", re.IGNORECASE)
_WISH = re.compile(r"목표|싶|하려|계획|goal|target|want|plan|hope", re.IGNORECASE)
Found = TypeVar("Found")

_CLAUSE = re.compile(r"[.!?;\n]|,(?!\d)")


@dataclass(frozen=True)
class _Text:
    """Words as they are searched: in Korean without spaces, and where words begin there."""

    plain: str
    starts: frozenset[int]
    language: Language

    @classmethod
    def of(cls, words: str, language: Language) -> _Text:
        lowered = words.lower().replace("’", "'")
        if language == "en":
            spaced = re.sub(r"\s+", " ", lowered)
            starts = {match.start() for match in re.finditer(r"(?<![a-z0-9])[a-z0-9]", spaced)}
            return cls(spaced, frozenset(starts), language)
        pieces = re.findall(r"\S+", lowered)
        places, at = set(), 0
        for piece in pieces:
            places.add(at)
            places |= {at + found.end() for found in re.finditer(r"[^\w]+", piece)}
            at += len(piece)
        return cls("".join(pieces), frozenset(places), language)

    def find(self, word: str) -> Iterator[tuple[int, int]]:
        """Yields where a word of the data stands."""
        wanted = word.lower() if self.language == "en" else word.lower().replace(" ", "")
        at = self.plain.find(wanted) if wanted else -1
        while at >= 0:
            end = at + len(wanted)
            if self._whole(at, end):
                yield at, end
            at = self.plain.find(wanted, at + 1)

    def _whole(self, at: int, end: int) -> bool:
        if self.language == "ko":
            return end - at > SHORT or at in self.starts
        return at in self.starts and not self.plain[end : end + 1].isalnum()

    def has(self, words: list[str]) -> bool:
        """Tells whether one of the words stands here."""
        return any(True for word in words for _ in self.find(word))


def hear_profile(words: str, language: Language) -> dict[str, Any]:
    """Returns what the words tell of the firm, as the slot ``firm`` keeps it.

    Args:
        words: What the person said.
        language: Its language.

    Returns:
        Fields of ``FirmProfile`` as plain data (``{"women_owned": True, "region": "KR-11"}``), and under ``facts``
        answers to the diagnosis' questions that the profile has no place for. Empty where nothing is told.
    """
    text = _Text.of(words[:LONGEST], language)
    told: dict[str, Any] = {}
    told |= _yes_no(text) | _told(text)
    found = {
        "region": _region(text),
        "sector": _one(_sectors(text)),
        "size": _size(text),
        "employees": _employees(text),
        "exports_usd_last_year": _exports(words[:LONGEST], text),
        "products": _products(words[:LONGEST], text),
        "target_countries": _countries(words[:LONGEST], text),
    }
    told |= {name: value for name, value in found.items() if value is not None}
    record = _one([name for name, said in _said()["export_record"].items() if text.has(said[language])])
    if record and "exports_usd_last_year" not in told:
        told["facts"] = {"export_record": record}
    return _sound(told)


def besides(words: str, language: Language) -> str:
    """Returns what is left of the words without facts about the firm and without asking for support in general.

    "여성기업인데 포장 디자인 지원 있어요?" leaves 포장 디자인.
    """
    asking = set(_said()["asking"][language])
    known = {name.lower() for name in _region_names(language)} | asking
    goods = {word.lower() for said in _said()["sector"].values() for word in said[language]}
    # a name of several words (인증 지원) comes as one
    kept = [piece for word in content_words(words) if not word.startswith("·") for piece in word.split()]
    return " ".join(word for word in kept if word not in known | goods and not word.isdigit())


def hear_needs(words: str, language: Language) -> tuple[str, ...]:
    """Returns the obstacles and kinds of support that the help named in the words is for (``전시회``, ``a loan``)."""
    text = _Text.of(words[:LONGEST], language)
    return tuple(need for need, said in _said()["needs"].items() if text.has(said[language]))


def corrects(words: str, language: Language) -> bool:
    """Tells whether the words begin by taking something back ("아니 직원은 12명이에요", "actually we are 12")."""
    lowered = words.strip().lower()
    for start in _said()["correcting"][language]:
        if lowered.startswith(start) and not lowered[len(start) : len(start) + 1].isalnum():
            return True
    return False


def _sound(told: dict[str, Any]) -> dict[str, Any]:
    """Leaves out what the profile would not take."""
    facts = told.pop("facts", None)
    kept = {}
    for name, value in told.items():
        try:
            read_profile({name: value})
        except ProfileError:
            continue
        kept[name] = value
    return kept | ({"facts": facts} if facts else {})


def _yes_no(text: _Text) -> dict[str, bool]:
    found = {}
    for name, said in _said()["yes_no"].items():
        for word in said[text.language]:
            for at, end in text.find(word):
                answer = _told_of_itself(text, at, end)
                if answer is not None:
                    found[name] = answer
    return found


def _told_of_itself(text: _Text, at: int, end: int) -> bool | None:
    """Returns yes or no, or None where it is asked or a condition."""
    after, before = text.plain[end : end + 8], text.plain[max(0, at - 14) : at]
    rule = {side: _said()[side][text.language] for side in ("before", "after")}
    if any(after.startswith(word) for word in rule["after"]["if"]) or _ends(before, rule["before"]["if"]):
        return None
    return not (any(after.startswith(word) for word in rule["after"]["not"]) or _ends(before, rule["before"]["not"]))


def _ends(before: str, words: list[str]) -> bool:
    return any(before.endswith(word) for word in words)


def _told(text: _Text) -> dict[str, bool]:
    """Returns facts said with their own yes or no; both at once stay unknown."""
    found = {}
    for name, answers in _said()["told"].items():
        said = {answer for answer, words in answers.items() if _stated(text, words[text.language])}
        if len(said) == 1:
            found[name] = said.pop()
    return found


def _stated(text: _Text, words: list[str]) -> bool:
    conditions = _said()["after"][text.language]["if"]
    return any(
        not any(text.plain[end : end + 4].startswith(word) for word in conditions)
        for word in words
        for _, end in text.find(word)
    )


def _region(text: _Text) -> str | None:
    found: set[str] = set()
    for code, names in _region_spellings(text.language):
        for name in names:
            unlike = _said()["no_region"].get(name, [])
            if any(True for _ in text.find(name)) and not any(word in text.plain for word in unlike):
                found.add(code)
    return _one(found)


def _region_spellings(language: Language) -> Iterator[tuple[str, list[str]]]:
    entry = profile_questions()["region"]
    for code, names in entry["choices"].items():
        also = [name for name in entry["also"].get(code, ()) if name.isascii() is (language == "en")]
        yield code, [names[language], *also]


def _region_names(language: Language) -> list[str]:
    return [name for _, names in _region_spellings(language) for name in names]


def _sectors(text: _Text) -> list[str]:
    """Returns the trades named; a shorter name inside a longer one (기계 in 건설기계부품) does not count."""
    return [sector for sector, _, _ in _sector_spans(text)]


def _sector_spans(text: _Text) -> list[tuple[str, int, int]]:
    spans = [
        (sector, at, end)
        for sector, said in _said()["sector"].items()
        for word in said[text.language]
        for at, end in text.find(word)
    ]
    return [
        (sector, at, end)
        for sector, at, end in spans
        if not any(
            (other_at, other_end) != (at, end) and other_at <= at and end <= other_end
            for _, other_at, other_end in spans
        )
    ]


def _size(text: _Text) -> str | None:
    said = _said()["size"]
    found: list[str] = []
    for size in ("micro", "small", "medium", "sme", "mid_market", "large"):
        for word in said[size][text.language]:
            for at, end in text.find(word):
                of_itself = (
                    text.plain[end:].startswith(tuple(said["copula"]))
                    if text.language == "ko"
                    else text.plain[:at].rstrip().endswith(tuple(said["subject"]))
                )
                inside = text.language == "ko" and text.plain[at - 1 : end] in ("중소기업", "영세소기업")
                if of_itself and not inside:
                    found.append(size)
    return _one(found)


def _employees(text: _Text) -> int | None:
    said = _said()["employees"]
    readable = _in_figures(text)
    numbers = {
        int(found.group(1).replace(",", ""))
        for pattern in said[text.language]
        for found in re.finditer(pattern, readable)
    }
    if not numbers and text.has(said["alone"][text.language]):
        return 1
    return _one(numbers)


def _in_figures(text: _Text) -> str:
    """Returns the words with numbers of people in figures: 다섯 명 as 5명."""
    said, readable = _said()["employees"], text.plain
    if text.language == "en":
        for word, number in said["numeral_words"].items():
            readable = re.sub(rf"\b{word}\b", str(number), readable)
        return readable
    for word, number in sorted(said["numerals"].items(), key=lambda pair: -len(pair[0])):
        readable = re.sub(rf"(?:(?<![가-힣])|(?<=직원)|(?<=직원이)|(?<=직원은)){word}(?=명)", str(number), readable)
    return readable


def _exports(words: str, text: _Text) -> float | None:
    """Returns the exports told: none, or a sum in dollars beside the word for exporting, but no wish."""
    amounts = {
        float(one.number)
        for clause in _CLAUSE.split(words)
        if _EXPORT.search(clause) and not _WISH.search(clause)
        for one in sums(clause)
        if one.currency == _DOLLARS
    }
    if amounts:
        return _one(amounts)
    return 0.0 if text.has(_said()["no_exports"][text.language]) else None


def _products(words: str, text: _Text) -> list[str] | None:
    """Returns the goods it makes or sells: a name of goods known to us, else the words before making or selling."""
    known = [text.plain[at:end] for _, at, end in _sector_spans(text)]
    goods = [word for word in dict.fromkeys(known) if word not in _said()["no_goods"]]
    if goods:
        return goods[:3]
    said = _said()["goods"]
    found = [match.group(1).strip() for match in re.finditer(said[text.language], words, re.IGNORECASE)]
    kept = [word for word in dict.fromkeys(found) if _is_goods(word, text.language)]
    return kept[:3] or None


def _is_goods(word: str, language: Language) -> bool:
    said = _said()["goods"]
    if not word or any(part.lower() in said["not"] for part in word.split()):
        return False
    return language == "en" or len(word) == 1 or not word.endswith(tuple(said["endings"]))


def _countries(words: str, text: _Text) -> list[str] | None:
    found = [code for name, code in _country_names(text.language) if _is_target(name, words, text)]
    return sorted(set(found)) or None


def _is_target(name: str, words: str, text: _Text) -> bool:
    way = _said()["target"][text.language]
    if text.language == "ko":
        return any(re.match(way, text.plain[end:]) for at, end in text.find(name) if at in text.starts)
    verbs = "|".join(_said()["target"]["verbs"])
    pattern = rf"\b(?:{verbs})\b[^.!?]{{0,40}}?\b{way}{re.escape(name.lower())}\b"
    return re.search(pattern, text.plain) is not None


@lru_cache(maxsize=2)
def _country_names(language: Language) -> tuple[tuple[str, str], ...]:
    """Returns names of countries with their ISO 3166-1 codes; Korea itself is no target."""
    known = Locale(language).territories
    return tuple((str(name), code) for code, name in known.items() if re.fullmatch(r"[A-Z]{2}", code) and code != "KR")


def _one(found: Iterable[Found]) -> Found | None:
    """Returns the one thing told, or None where there is none or more than one."""
    told = set(found)
    return told.pop() if len(told) == 1 else None


def _said() -> dict[str, Any]:
    return _vocabulary(pack_folder())


@lru_cache(maxsize=2)
def _vocabulary(folder: Path) -> dict[str, Any]:
    return dict(vocabulary(folder, "said"))
