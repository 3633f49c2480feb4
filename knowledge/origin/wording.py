"""Tells a rule of origin in plain words, from the sentences in ``words.ko.yaml`` and ``words.en.yaml``."""

from __future__ import annotations

from collections.abc import Iterable
from decimal import Decimal
from functools import lru_cache
from pathlib import Path
from typing import Any

import yaml

from knowledge.origin.rule import (
    AllOf,
    Allowance,
    AnyHeading,
    AnyOf,
    Change,
    CodeRange,
    Codes,
    MaxShare,
    Process,
    Rule,
    ValueContent,
    WhollyObtained,
    WhollyObtainedMaterials,
)
from knowledge.record import Language

FOLDER = Path(__file__).parent


def plain(rule: Rule, language: Language) -> str:
    """Returns the rule in short sentences that need no knowledge of customs.

    Alternatives are numbered; what must hold together stands in one alternative. A working that ``processes.yaml``
    does not have is called by its name in the rule.
    """
    words = _words(language)["rule"]
    if isinstance(rule, AnyOf):
        told = [_sentences(part, language) for part in _gathered(rule.parts)]
        if len(told) == 1:
            return told[0]
        return " ".join([words["one_of"], *(f"({number}) {each}" for number, each in enumerate(told, start=1))])
    return _sentences(rule, language)


def note(note_id: str, language: Language) -> str:
    """Returns what a note of a ``Lookup`` says.

    Raises:
        KeyError: There is no such note.
    """
    return str(_words(language)["notes"][note_id])


def _gathered(parts: Iterable[Rule]) -> list[Rule]:
    """Puts value contents that stand side by side together: they are one demand with a choice of method."""
    gathered: list[Rule] = []
    for part in parts:
        last = gathered[-1] if gathered else None
        if isinstance(part, ValueContent) and isinstance(last, ValueContent | AnyOf):
            before = last.parts if isinstance(last, AnyOf) else (last,)
            gathered[-1] = AnyOf((*before, part))
        else:
            gathered.append(part)
    return gathered


def _sentences(rule: Rule, language: Language) -> str:
    """Returns the sentences of one alternative."""
    words = _words(language)["rule"]
    match rule:
        case AllOf():
            return f" {words['and']} ".join(_sentences(part, language) for part in rule.parts)
        case AnyOf() if all(isinstance(part, ValueContent) for part in rule.parts):
            return str(words["value"]).format(shares=_shares(rule.parts, language))
        case AnyOf():
            told = [_sentences(part, language) for part in _gathered(rule.parts)]
            labelled = (f"({label}) {each}" for label, each in zip(words["labels"], told, strict=False))
            return str(words["either"]).format(parts=" ".join(labelled))
        case Change():
            return _change(rule, language)
        case ValueContent():
            return str(words["value"]).format(shares=_shares((rule,), language))
        case MaxShare():
            return _max_share(rule, language)
        case WhollyObtainedMaterials():
            return str(words["wholly_obtained_materials"]).format(codes=_codes(rule.codes, language))
        case Process():
            return _process(rule, language)
        case WhollyObtained():
            return str(words["wholly_obtained"])
        case AnyHeading():
            return str(words["any_heading"])


def _change(rule: Change, language: Language) -> str:
    words = _words(language)["rule"]
    told = [words["change"][rule.level.value]]
    for name, codes in (("outside", rule.outside), ("excepted", rule.excepted), ("accepted", rule.accepted)):
        if codes:
            told.append(words[name].format(codes=_codes(codes, language)))
    told += [_allowance(allowance, language) for allowance in rule.allowances]
    return " ".join(told)


def _allowance(allowance: Allowance, language: Language) -> str:
    words = _words(language)["rule"]
    percent = _percent(allowance.percent)
    if allowance.same:
        return str(words["allow_same"][allowance.same]).format(percent=percent)
    return str(words["allow_codes"]).format(codes=_codes(allowance.codes, language), percent=percent)


def _max_share(rule: MaxShare, language: Language) -> str:
    words = _words(language)["rule"]["max_" + rule.of]
    form = "none" if rule.percent == 0 else "some"
    return str(words[form + ("_of" if rule.codes else "")]).format(
        percent=_percent(rule.percent), codes=_codes(rule.codes, language)
    )


def _shares(parts: Iterable[Rule], language: Language) -> str:
    words = _words(language)["rule"]
    shares = [part for part in parts if isinstance(part, ValueContent)]
    told = [words["share"][share.method.value].format(percent=_percent(share.percent)) for share in shares]
    return f" {words['or']} ".join(told)


def _process(rule: Process, language: Language) -> str:
    words = _words(language)["rule"]
    entry = _processes().get(rule.name, {})
    form = words["circumstance"] if entry.get("fact") else words["process"]
    return str(form).format(process=entry.get(language, rule.name.replace("_", " ")))


def _codes(codes: Codes, language: Language) -> str:
    return ", ".join(_code(code, language) for code in codes)


def _code(code: CodeRange, language: Language) -> str:
    words = _words(language)["codes"]
    first, last = (_shown(end) for end in (code.first, code.last))
    form = words[len(code.first)]
    return str(form["one"] if code.first == code.last else form["range"]).format(first=first, last=last)


def _shown(code: str) -> str:
    """Writes a code as people print it: chapter 4, heading 0401, subheading 0401.10."""
    return code.lstrip("0") if len(code) == 2 else f"{code[:4]}.{code[4:]}" if len(code) == 6 else code


def _percent(percent: Decimal) -> str:
    return f"{percent.normalize():f}"


@lru_cache(maxsize=2)
def _words(language: Language) -> dict[str, Any]:
    return dict(yaml.safe_load((FOLDER / f"words.{language}.yaml").read_text(encoding="utf-8")))


@lru_cache(maxsize=1)
def _processes() -> dict[str, dict[str, Any]]:
    return dict(yaml.safe_load((FOLDER / "processes.yaml").read_text(encoding="utf-8")))
