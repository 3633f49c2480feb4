"""The questions of the interview, each with buttons for the usual answers."""

from __future__ import annotations

from collections.abc import Callable
from functools import lru_cache

import yaml

from actions.reply import Choice, Reply
from actions.talk import Talk, payload
from actions.trade.agreements import country_name, has_rules, reaching
from actions.trade.case import Case
from actions.trade.codes import code_choices, marks, open_question, search_codes
from actions.trade.interview import open_process
from knowledge.origin.rule import GRAMMAR

COUNTRIES = ("US", "CN", "VN", "EU", "GB")
"""Countries offered as buttons: those whose product rules are in the pack."""


def ask(talk: Talk, case: Case, step: str) -> Reply:
    """Returns the question for one part of the case."""
    return QUESTIONS[step](talk, case)


def answer(title: str, value: str) -> Choice:
    """Returns a button that gives an answer."""
    return Choice(title=title, payload=payload("answer", value=value))


def _buttons(talk: Talk, *pairs: tuple[str, str]) -> tuple[Choice, ...]:
    return tuple(answer(talk.say(key), value) for key, value in pairs)


def _country(talk: Talk, case: Case) -> Reply:
    choices = tuple(answer(country_name(code, talk), code) for code in COUNTRIES)
    return Reply(text=talk.say("ask_country"), choices=choices)


def _agreement(talk: Talk, case: Case) -> Reply:
    found = [agreement for agreement in reaching(case.country or "") if has_rules(agreement) or case.goal == "duty"]
    choices = tuple(answer(agreement.name[talk.language], agreement.id) for agreement in found)
    return Reply(text=talk.say("ask_agreement"), choices=choices)


def _product(talk: Talk, case: Case) -> Reply:
    return Reply(text=talk.say("ask_product"))


def _code(talk: Talk, case: Case) -> Reply:
    found = search_codes(case.product or "", talk.language, case.code_answers)
    if open_question(found, case.code_answers) and found.question:
        options = zip(marks(found), found.question.options, strict=True)
        choices = tuple(answer(option.text, mark) for mark, option in options)
        return Reply(text=talk.say("hs_ask", product=case.product, question=found.question.text), choices=choices)
    choices = code_choices(talk, case.product or "", case.code_answers)
    key = "ask_code" if choices else "ask_code_none"
    return Reply(text=talk.say(key, product=case.product), choices=choices)


def _material_code(talk: Talk, case: Case) -> Reply:
    name = case.pending.name if case.pending else ""
    choices = code_choices(talk, name)
    key = "ask_material_code" if choices else "ask_material_code_none"
    return Reply(text=talk.say(key, name=name), choices=(*choices, *_buttons(talk, ("button_unknown", "unknown"))))


def _sum_of_money(key: str) -> Callable[[Talk, Case], Reply]:
    def question(talk: Talk, case: Case) -> Reply:
        return Reply(text=talk.say(key), choices=_buttons(talk, ("button_unknown", "unknown")))

    return question


def _basis(talk: Talk, case: Case) -> Reply:
    pairs = (("button_exw", "EXW"), ("button_fob", "FOB"), ("button_cif", "CIF"), ("button_unknown", "unknown"))
    return Reply(text=talk.say("ask_basis"), choices=_buttons(talk, *pairs))


def _materials(talk: Talk, case: Case) -> Reply:
    currency = case.currency or "USD"
    if not case.materials:
        choices = _buttons(talk, ("button_none_imported", "done"))
        return Reply(text=talk.say("ask_materials", currency=currency), choices=choices)
    listed = ", ".join(f"{piece.name} {piece.value or '?'}" for piece in case.materials)
    return Reply(text=talk.say("ask_materials_more", list=listed), choices=_buttons(talk, ("button_no_more", "done")))


def _yes_no(key: str) -> Callable[[Talk, Case], Reply]:
    def question(talk: Talk, case: Case) -> Reply:
        text = talk.say(key, country=country_name(case.country or "", talk)) if key == "ask_direct" else talk.say(key)
        pairs = (("button_yes", "yes"), ("button_no", "no"), ("button_unknown", "unknown"))
        return Reply(text=text, choices=_buttons(talk, *pairs))

    return question


def _work(talk: Talk, case: Case) -> Reply:
    pairs = (("button_made", "made"), ("button_mixing_only", "mixing_only"), ("button_labels_only", "labels_only"))
    return Reply(text=talk.say("ask_work"), choices=_buttons(talk, *pairs))


def _process(talk: Talk, case: Case) -> Reply:
    name = open_process(case) or ""
    text = str(_processes().get(name, {}).get(f"ask_{talk.language}") or name)
    pairs = (("button_yes", "yes"), ("button_no", "no"), ("button_unknown", "unknown"))
    return Reply(text=text, choices=_buttons(talk, *pairs))


@lru_cache(maxsize=1)
def _processes() -> dict[str, dict[str, str]]:
    """Returns the questions about workings that the knowledge room keeps beside the rules."""
    return dict(yaml.safe_load(GRAMMAR.with_name("processes.yaml").read_text(encoding="utf-8")))


QUESTIONS: dict[str, Callable[[Talk, Case], Reply]] = {
    "country": _country,
    "agreement": _agreement,
    "product": _product,
    "code": _code,
    "price": _sum_of_money("ask_price"),
    "sum": _sum_of_money("ask_sum"),
    "basis": _basis,
    "materials": _materials,
    "material_code": _material_code,
    "domestic": _yes_no("ask_domestic"),
    "work": _work,
    "process": _process,
    "direct": _yes_no("ask_direct"),
    "control": _yes_no("ask_control"),
}
