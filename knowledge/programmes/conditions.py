"""A small model of conditions with three values: met, not met, unknown (Kleene's strong logic of three values).

A leaf looks at one field of the profile; ``all``, ``any`` and ``not`` combine. Each leaf explains itself in both
languages with sentences of ``programme_facts/vocabulary/conditions.yaml`` and names the field to ask about when it
is unknown. What is unknown never turns into met.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from enum import StrEnum
from functools import lru_cache
from pathlib import Path
from typing import Any

from pydantic import ConfigDict, ValidationError, model_validator

from knowledge.pack import PackError
from knowledge.programmes.export_groups import candidates
from knowledge.programmes.profile import FirmProfile
from knowledge.programmes.reading import vocabulary, words
from knowledge.record import Language, Strict


class Truth(StrEnum):
    """Whether a condition holds."""

    MET = "met"
    NOT_MET = "not_met"
    UNKNOWN = "unknown"


class Test(Strict):
    """What a leaf looks at. Exactly one kind of test is given.

    Attributes:
        field: Field of the profile.
        one_of: Values that meet it.
        not_one_of: Values that fail it; what is in neither list stays unknown.
        any_of: One of these in a listed field meets it.
        at_most: Largest number that meets it.
        more_than: Number that has to be exceeded.
        is_: Yes or no.
        always: A value that no profile changes: ``met`` where the source names nobody as excluded, ``unknown`` where
            others judge.
    """

    model_config = ConfigDict(frozen=True, extra="forbid", populate_by_name=True)

    field: str | None = None
    one_of: tuple[str, ...] | None = None
    not_one_of: tuple[str, ...] = ()
    any_of: tuple[str, ...] | None = None
    at_most: float | None = None
    more_than: float | None = None
    is_: bool | None = None
    always: Truth | None = None

    @model_validator(mode="before")
    @classmethod
    def _keyword(cls, data: Any) -> Any:
        return (
            {("is_" if key == "is" else key): value for key, value in data.items()} if isinstance(data, dict) else data
        )

    @model_validator(mode="after")
    def _one_kind(self) -> Test:
        kinds = (self.one_of, self.any_of, self.at_most, self.more_than, self.is_, self.always)
        if sum(kind is not None for kind in kinds) != 1:
            raise ValueError("a test is one of one_of, any_of, at_most, more_than, is, always")
        if (self.field is None) != (self.always is not None):
            raise ValueError("a test names a field, except where it is always the same")
        if self.field and self.field not in FirmProfile.model_fields:
            raise ValueError(f"the profile has no field {self.field}")
        return self

    def weigh(self, profile: FirmProfile) -> Truth:
        """Returns whether the firm passes."""
        if self.always is not None:
            return self.always
        if self.field == "export_group":
            return self._weigh_set(frozenset(candidates(profile)))
        if self.field == "exports_usd_last_year" and profile.exports_usd_last_year is None:
            return self._weigh_group(profile.export_group)
        value = getattr(profile, self.field or "")
        if value is None:
            return Truth.UNKNOWN
        if self.one_of is not None:
            return self._weigh_set(frozenset((value,)))
        return Truth.MET if self._holds(value) else Truth.NOT_MET

    def _weigh_group(self, group: str | None) -> Truth:
        """Weighs exports of which only the group is known: none, or some without an amount."""
        if group == "no_record":
            return Truth.MET if self._holds(0) else Truth.NOT_MET
        if group in ("first_export", "innovation", "success"):
            if self.more_than == 0:
                return Truth.MET
            return Truth.NOT_MET if self.at_most == 0 else Truth.UNKNOWN
        return Truth.UNKNOWN

    def _holds(self, value: Any) -> bool:
        if self.any_of is not None:
            return any(each in self.any_of for each in value)
        if self.at_most is not None:
            return bool(value <= self.at_most)
        if self.more_than is not None:
            return bool(value > self.more_than)
        return value is self.is_

    def _weigh_set(self, possible: frozenset[str]) -> Truth:
        """Weighs a value of which only the candidates may be known."""
        if possible <= frozenset(self.one_of or ()):
            return Truth.MET
        return Truth.NOT_MET if possible <= frozenset(self.not_one_of) else Truth.UNKNOWN


class Sayings(Strict):
    """What a leaf says in one language; ``near`` is what would make the programme possible."""

    label: str
    met: str
    not_met: str
    unknown: str
    near: str | None = None


class Leaf(Strict):
    """A condition on one thing.

    Attributes:
        id: Name in the vocabulary.
        test: What it looks at.
        changeable: Whether a firm that fails it can come to meet it.
        specific: Whether meeting it tells a firm apart from most others; counts in the ranking.
    """

    id: str
    test: Test
    changeable: bool = False
    specific: bool = True
    ko: Sayings
    en: Sayings

    @model_validator(mode="after")
    def _near(self) -> Leaf:
        for says in (self.ko, self.en):
            if (says.near is not None) != self.changeable:
                raise ValueError("near is said of changeable conditions, and only of those")
        return self

    def says(self, language: Language) -> Sayings:
        """Returns its sentences."""
        return self.ko if language == "ko" else self.en


@dataclass(frozen=True)
class AllOf:
    """Every part must hold."""

    parts: tuple[Condition, ...]


@dataclass(frozen=True)
class AnyOf:
    """One part must hold."""

    parts: tuple[Condition, ...]


@dataclass(frozen=True)
class Not:
    """The part must not hold."""

    part: Condition


Condition = Leaf | AllOf | AnyOf | Not


@dataclass(frozen=True)
class Weighed:
    """A leaf weighed against a profile; ``negated`` where it stands under a ``not``."""

    leaf: Leaf
    truth: Truth
    negated: bool = False

    def sentence(self, language: Language) -> str:
        """Returns why, in words."""
        says = self.leaf.says(language)
        if self.negated:
            return str(words()["negated"][self.truth.value][language].format(label=says.label))
        return str(getattr(says, self.truth.value))

    @property
    def changeable(self) -> bool:
        """Whether the firm can come to meet it."""
        return self.leaf.changeable and not self.negated


def weigh(condition: Condition, profile: FirmProfile) -> Truth:
    """Returns whether the firm meets the condition, by what is known of it."""
    match condition:
        case Leaf():
            return condition.test.weigh(profile)
        case Not(part):
            return _OPPOSITE[weigh(part, profile)]
        case AllOf(parts):
            return _worst([weigh(part, profile) for part in parts])
        case AnyOf(parts):
            return _OPPOSITE[_worst([_OPPOSITE[weigh(part, profile)] for part in parts])]


def reasons(condition: Condition, profile: FirmProfile, negated: bool = False) -> Iterator[Weighed]:
    """Yields the leaves that decided, each with its own value.

    Of an ``any`` that is met only the parts that meet it count; of one that is unknown, the unknown parts; an
    ``all`` tells every part.
    """
    match condition:
        case Leaf():
            truth = condition.test.weigh(profile)
            yield Weighed(condition, _OPPOSITE[truth] if negated else truth, negated)
        case Not(part):
            yield from reasons(part, profile, not negated)
        case AllOf(parts) | AnyOf(parts):
            choice = isinstance(condition, AnyOf) != negated
            whole = weigh(condition, profile)
            for part in parts:
                if not choice or weigh(part, profile) is whole:
                    yield from reasons(part, profile, negated)


def can_come_to_meet(condition: Condition, profile: FirmProfile) -> bool:
    """Returns whether a firm could meet the condition later, though it may not now.

    True where nothing stands against it, or only what a firm can change: of an ``any`` one such part is enough.
    """
    match condition:
        case Leaf():
            return condition.changeable or condition.test.weigh(profile) is not Truth.NOT_MET
        case Not(part):
            return weigh(part, profile) is not Truth.MET
        case AllOf(parts):
            return all(can_come_to_meet(part, profile) for part in parts)
        case AnyOf(parts):
            return any(can_come_to_meet(part, profile) for part in parts)


def leaves(condition: Condition) -> Iterator[Leaf]:
    """Yields every leaf of a condition."""
    match condition:
        case Leaf():
            yield condition
        case Not(part):
            yield from leaves(part)
        case AllOf(parts) | AnyOf(parts):
            for part in parts:
                yield from leaves(part)


def describe(condition: Condition, language: Language) -> str:
    """Returns the condition in words, whoever asks."""
    said = words()["conditions"]
    match condition:
        case Leaf():
            return condition.says(language).label
        case Not(part):
            return str(said["not"][language].format(part=describe(part, language)))
        case AllOf(parts):
            return str(said["and"][language]).join(_bracketed(part, language) for part in parts)
        case AnyOf(parts):
            return str(said["or"][language]).join(_bracketed(part, language) for part in parts)


def parse(data: Any, known: Mapping[str, Leaf]) -> Condition:
    """Returns the condition that a fact file writes: a name, or ``{all: […]}``, ``{any: […]}``, ``{not: …}``.

    Raises:
        PackError: There is no such condition, or it is written otherwise.
    """
    if isinstance(data, str):
        if data not in known:
            raise PackError(f"there is no condition called {data}")
        return known[data]
    if isinstance(data, dict) and len(data) == 1:
        kind, parts = next(iter(data.items()))
        if kind == "not":
            return Not(parse(parts, known))
        if kind in ("all", "any") and isinstance(parts, list) and parts:
            inner = tuple(parse(part, known) for part in parts)
            return AllOf(inner) if kind == "all" else AnyOf(inner)
    raise PackError(f"a condition is a name, all, any or not; not {str(data)[:60]!r}")


@lru_cache(maxsize=4)
def known_conditions(pack: Path) -> dict[str, Leaf]:
    """Returns every condition of the pack's vocabulary by name.

    Raises:
        PackError: One is malformed; the message names it.
    """
    found: dict[str, Leaf] = {}
    for name, data in vocabulary(pack, "conditions").items():
        try:
            found[name] = Leaf.model_validate({**data, "id": name})
        except (ValidationError, TypeError) as error:
            raise PackError(f"conditions.yaml: {name}: {error}") from error
    return found


def _worst(values: list[Truth]) -> Truth:
    if Truth.NOT_MET in values:
        return Truth.NOT_MET
    return Truth.UNKNOWN if Truth.UNKNOWN in values else Truth.MET


def _bracketed(part: Condition, language: Language) -> str:
    inner = describe(part, language)
    return f"({inner})" if isinstance(part, AllOf | AnyOf) else inner


_OPPOSITE = {Truth.MET: Truth.NOT_MET, Truth.NOT_MET: Truth.MET, Truth.UNKNOWN: Truth.UNKNOWN}
