"""The tree of a rule of origin, read from the expression language in ``rule.lark`` and written back into it."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from decimal import Decimal
from enum import StrEnum
from functools import lru_cache
from pathlib import Path
from typing import Any

from lark import Lark, Token, Transformer
from lark.exceptions import LarkError

GRAMMAR = Path(__file__).with_name("rule.lark")


class BadRule(ValueError):
    """The text is not a rule in the expression language."""


class Level(StrEnum):
    """How far a material must be from the product in the nomenclature; digits is where they must differ."""

    CC = "CC"
    CTH = "CTH"
    CTSH = "CTSH"

    @property
    def digits(self) -> int:
        """Returns the number of leading digits in which material and product must differ."""
        return {"CC": 2, "CTH": 4, "CTSH": 6}[self.value]


class Method(StrEnum):
    """How regional value content is reckoned; the formula is the agreement's (``agreement.py``)."""

    BUILD_DOWN = "build_down"
    BUILD_UP = "build_up"
    NET_COST = "net_cost"


@dataclass(frozen=True)
class CodeRange:
    """Codes of 2, 4 or 6 digits from ``first`` to ``last``, both included."""

    first: str
    last: str

    def covers(self, hs6: str) -> bool:
        """Tells whether a six-digit code lies in the range."""
        return self.first <= hs6[: len(self.first)] and hs6[: len(self.last)] <= self.last

    def __str__(self) -> str:
        return self.first if self.first == self.last else f"{self.first}-{self.last}"


Codes = tuple[CodeRange, ...]


def covers(codes: Codes, hs6: str) -> bool:
    """Tells whether any of ``codes`` covers the six-digit code."""
    return any(code.covers(hs6) for code in codes)


@dataclass(frozen=True)
class Allowance:
    """Materials that need not change, up to ``percent`` of the price: ``codes``, or the product's own place."""

    percent: Decimal
    codes: Codes = ()
    same: str | None = None

    def __str__(self) -> str:
        what = self.same or ",".join(map(str, self.codes))
        return f"allow {what} <= {self.percent.normalize():f}"


@dataclass(frozen=True)
class WhollyObtained:
    """The product is wholly obtained in the territory."""

    def __str__(self) -> str:
        return "WO"


@dataclass(frozen=True)
class AnyHeading:
    """Made from materials of any heading: no change is asked, only more than insufficient working."""

    def __str__(self) -> str:
        return "ANY"


@dataclass(frozen=True)
class Change:
    """Change in tariff classification of every non-originating material (see ``rule.lark`` for the parts)."""

    level: Level
    outside: Codes = ()
    excepted: Codes = ()
    accepted: Codes = ()
    allowances: tuple[Allowance, ...] = ()

    def __str__(self) -> str:
        parts = [self.level.value]
        for word, codes in (("outside", self.outside), ("except", self.excepted), ("from", self.accepted)):
            if codes:
                parts.append(f"{word} {','.join(map(str, codes))}")
        return " ".join([*parts, *map(str, self.allowances)])


@dataclass(frozen=True)
class ValueContent:
    """Regional value content of at least ``percent``."""

    method: Method
    percent: Decimal

    def __str__(self) -> str:
        return f"RVC({self.method.value}) >= {self.percent.normalize():f}"


@dataclass(frozen=True)
class MaxShare:
    """Non-originating materials make up at most ``percent`` of the price (``of`` value) or weight."""

    of: str
    percent: Decimal
    codes: Codes = ()

    def __str__(self) -> str:
        name = "MaxNOM" if self.of == "value" else "MaxWeight"
        codes = f"({','.join(map(str, self.codes))})" if self.codes else ""
        return f"{name}{codes} <= {self.percent.normalize():f}"


@dataclass(frozen=True)
class WhollyObtainedMaterials:
    """Every material of ``codes`` is wholly obtained."""

    codes: Codes

    def __str__(self) -> str:
        return f"WOMaterials({','.join(map(str, self.codes))})"


@dataclass(frozen=True)
class Process:
    """A named working is carried out in the territory."""

    name: str

    def __str__(self) -> str:
        return f"process({self.name})"


@dataclass(frozen=True)
class AllOf:
    """Every part must be met."""

    parts: tuple[Rule, ...]

    def __str__(self) -> str:
        return " and ".join(f"({part})" if isinstance(part, AnyOf) else str(part) for part in self.parts)


@dataclass(frozen=True)
class AnyOf:
    """One part is enough."""

    parts: tuple[Rule, ...]

    def __str__(self) -> str:
        return " or ".join(map(str, self.parts))


Rule = (
    WhollyObtained | AnyHeading | Change | ValueContent | MaxShare | WhollyObtainedMaterials | Process | AllOf | AnyOf
)


def parse_rule(text: str) -> Rule:
    """Returns the tree of ``text``; ``str()`` of it gives the text back in its normal form.

    Raises:
        BadRule: The text is not in the language, a percentage is over 100, or a range runs backwards.
    """
    return _parse(" ".join(text.split()))


@lru_cache(maxsize=8192)
def _parse(text: str) -> Rule:
    try:
        tree: Rule = _Builder().transform(_parser().parse(text))
    except LarkError as error:
        cause = error.__context__ if isinstance(error.__context__, BadRule) else error
        raise BadRule(f"'{text}': {cause}") from error
    return tree


def parts_of(rule: Rule) -> Iterator[Rule]:
    """Yields ``rule`` and everything in it."""
    yield rule
    if isinstance(rule, AllOf | AnyOf):
        for part in rule.parts:
            yield from parts_of(part)


@lru_cache(maxsize=1)
def _parser() -> Lark:
    return Lark(GRAMMAR.read_text(encoding="utf-8"), parser="lalr")


def _percent(token: Token) -> Decimal:
    value = Decimal(token)
    if value > 100:
        raise BadRule(f"{value} percent")
    return value


class _Builder(Transformer[Token, Any]):
    """Turns lark's tree into dataclasses."""

    def code(self, ends: list[Token | None]) -> CodeRange:
        first = str(ends[0])
        last = str(ends[1]) if len(ends) > 1 and ends[1] else first
        if last[: len(first)] < first[: len(last)]:
            raise BadRule(f"the range {first}-{last} runs backwards")
        return CodeRange(first, last)

    def codes(self, codes: list[CodeRange]) -> Codes:
        return tuple(codes)

    def outside(self, parts: list[Codes]) -> tuple[str, Codes]:
        return ("outside", parts[0])

    def excepted(self, parts: list[Codes]) -> tuple[str, Codes]:
        return ("excepted", parts[0])

    def accepted(self, parts: list[Codes]) -> tuple[str, Codes]:
        return ("accepted", parts[0])

    def allow(self, parts: list[Any]) -> Allowance:
        what, percent = parts
        return Allowance(_percent(percent), *((), str(what)) if isinstance(what, Token) else (what,))

    def change(self, parts: list[Any]) -> Change:
        named: dict[str, Codes] = dict(part for part in parts[1:] if isinstance(part, tuple))
        allowances = tuple(part for part in parts[1:] if isinstance(part, Allowance))
        return Change(Level(parts[0]), allowances=allowances, **named)

    def rvc(self, parts: list[Token]) -> ValueContent:
        return ValueContent(Method(parts[0]), _percent(parts[1]))

    def max_value(self, parts: list[Any]) -> MaxShare:
        return MaxShare("value", _percent(parts[-1]), parts[0] or ())

    def max_weight(self, parts: list[Any]) -> MaxShare:
        return MaxShare("weight", _percent(parts[-1]), parts[0] or ())

    def wo_materials(self, parts: list[Codes]) -> WhollyObtainedMaterials:
        return WhollyObtainedMaterials(parts[0])

    def process(self, parts: list[Token]) -> Process:
        return Process(str(parts[0]))

    def wholly_obtained(self, _: list[Any]) -> WhollyObtained:
        return WhollyObtained()

    def any_heading(self, _: list[Any]) -> AnyHeading:
        return AnyHeading()

    def all_of(self, parts: list[Rule]) -> AllOf:
        return AllOf(tuple(parts))

    def any_of(self, parts: list[Rule]) -> AnyOf:
        return AnyOf(tuple(parts))
