"""The proofs of origin the agreements ask for, field by field, and the origin criterion a result gives in them.

Forms live in ``packs/<pack>/forms/<AGREEMENT>.yaml``. A form whose layout is not in an official text lists data
elements only, and says so.
"""

from __future__ import annotations

from collections.abc import Mapping
from functools import lru_cache
from pathlib import Path
from typing import Any

from pydantic import BaseModel, ConfigDict, ValidationError

from knowledge.origin.agreement import Agreement, AgreementId, Locator, Words, agreements_of
from knowledge.origin.evidence import FORMS, rule_of, step_verdict
from knowledge.origin.materials import Standing, parts
from knowledge.origin.model import read_input
from knowledge.origin.rule import AllOf, AnyOf, Change, Process, Rule, ValueContent, WhollyObtained
from knowledge.pack import PackError, read_yaml


class _Strict(BaseModel):
    model_config = ConfigDict(frozen=True, extra="forbid")


class FormField(_Strict):
    """One field of a form.

    Attributes:
        box: Its number on the form, '' where it has none.
        label: What it is called.
        hint: What goes there.
        fill: Name of the value of a case that fills it; None for what is written by hand (signature, stamp).
        fixed: Words that always stand there.
    """

    box: str = ""
    label: Words
    hint: Words
    fill: str | None = None
    fixed: str | None = None


class Statement(_Strict):
    """A declaration with set words; ``note`` says how sure the wording is."""

    text: str
    note: Words
    source: Locator


class Form(_Strict):
    """The proof of origin of one agreement.

    Attributes:
        id: The agreement.
        name: Name of the form.
        layout: What is known of its layout.
        source: Where the fields come from.
        fields: The fields in their order.
        criteria: Code of the origin criterion by ground: ``wholly_obtained``, ``only_originating``, ``product_rule``,
            or finer ``change``, ``value``, ``change_and_value``, ``process``. A ground without a code stays open.
        criteria_source: Where the codes stand.
        grounds: What is written as the ground of origin where the form asks for words.
        statement: The declaration, where its words are set.
    """

    id: AgreementId
    name: Words
    layout: Words
    source: Locator
    fields: tuple[FormField, ...]
    criteria: dict[str, str] = {}
    criteria_source: Locator | None = None
    grounds: dict[str, Words] = {}
    statement: Statement | None = None


def form_of(agreement_id: str, folder: Path) -> Form | None:
    """Returns the form of an agreement, None where the pack has none.

    Raises:
        PackError: The form's file is malformed or cites an unknown document.
    """
    return _form(folder / FORMS / f"{agreement_id}.yaml", folder)


def ground(data: Mapping[str, Any], result: Mapping[str, Any], agreement: Agreement) -> str | None:
    """Returns what a product originates by; None where it does not, or only by tolerance.

    Returns:
        ``wholly_obtained``, ``only_originating`` or ``product_rule``.
    """
    if result["verdict"] != "qualifies":
        return None
    if step_verdict(result, "wholly_obtained") == "met":
        return "wholly_obtained"
    listed = parts(read_input(data), agreement)
    if listed and all(part.standing is Standing.ORIGINATING for part in listed):
        return "only_originating"
    return "product_rule" if step_verdict(result, "product_rule") == "met" else None


def criterion(form: Form, data: Mapping[str, Any], result: Mapping[str, Any], agreement: Agreement) -> str | None:
    """Returns the code of the origin criterion, None where the form or the result leaves it open."""
    found = ground(data, result, agreement)
    if found is None or found in form.criteria or found != "product_rule":
        return form.criteria.get(found or "")
    kind, rule = _kind(rule_of(result), result)
    code = form.criteria.get(kind)
    return code.format(**_figures(rule)) if code and rule else None


def _kind(rule: Rule | None, result: Mapping[str, Any]) -> tuple[str, Rule | None]:
    """Returns the kind of the one way the product rule can have been met, '' where there are several."""
    ways = rule.parts if isinstance(rule, AnyOf) else (rule,) if rule else ()
    possible = [way for way in ways if not (isinstance(way, ValueContent) and _value_failed(result))]
    kinds = {_kind_of(way) for way in possible}
    return (kinds.pop(), possible[0]) if len(kinds) == 1 else ("", None)


def _kind_of(rule: Rule) -> str:
    match rule:
        case Change():
            return "change"
        case ValueContent():
            return "value"
        case Process():
            return "process"
        case WhollyObtained():
            return "wholly_obtained"
        case AllOf(parts=(Change(), ValueContent()) | (ValueContent(), Change())):
            return "change_and_value"
    return ""


def _value_failed(result: Mapping[str, Any]) -> bool:
    """Tells whether the value content certainly misses the threshold.

    Build-down is the most that build-up can come to where build-up adds costs, so its failing is the failing of both.
    """
    share = result.get("rvc") or {}
    if share.get("method") != "build_down" or share.get("value") is None:
        return False
    return share["bound"] in ("exact", "at_most") and share["value"] < share["threshold"]


def _figures(rule: Rule | None) -> dict[str, str]:
    members = rule.parts if isinstance(rule, AllOf) else (rule,)
    found: dict[str, str] = {}
    for member in members:
        if isinstance(member, Change):
            found["level"] = member.level.value
        if isinstance(member, ValueContent):
            found["percent"] = f"{member.percent.normalize():f}"
    return found


@lru_cache(maxsize=64)
def _form(path: Path, folder: Path) -> Form | None:
    if not path.is_file():
        return None
    try:
        form = Form.model_validate(read_yaml(path))
        for locator in (form.source, form.criteria_source, form.statement and form.statement.source):
            if locator:
                agreements_of(folder).source(locator)
    except (ValidationError, KeyError) as error:
        raise PackError(f"{path}: {error}") from error
    return form
