"""The order of the questions about a case, and how each answer is understood. One question at a time."""

from __future__ import annotations

import re
from collections.abc import Callable

from actions.trade.agreements import has_rules, reaching
from actions.trade.answers import Money, money, price_term, yes_or_no
from actions.trade.case import MATERIALS_AT_MOST, Case, Piece
from actions.trade.citing import agreements, rule_book
from knowledge.origin.operations import workings_in
from knowledge.origin.rule import Change, Process, Rule, parts_of
from knowledge.origin.rule import MaxShare as Share

Said = str
Reading = Callable[[Case, Said], Case | None]
"""Takes an answer into the case; None when the words are no answer to that question."""

_SEPARATORS = re.compile(r"[,\n;·]|(?<=\D)\.\s|\s그리고\s|\sand\s|\s하고\s|랑\s")
_ENDINGS = re.compile(r"(?:이에요|예요|입니다|이요|요|이랑|하고|정도|약|about|from|수입산?|를|을|은|는|이|가)\s*$")
_VIA = re.compile(r"거쳐|경유|환적|갈아타|들렀|\bvia\b|through|transship", re.IGNORECASE)
_NOT_ALL = re.compile(r"못|안\s*받|일부|빼고|몇\s*개|하나는|한\s*개는|except|not all|some|most|but", re.IGNORECASE)
"""A yes with an exception is no yes: one material without proof may decide."""

_ANSWERED = re.compile(r"[a-z0-9_-]+:\d+")
_PRICES = {
    "EXW": re.compile(r"공장|출고|ex.?works|factory", re.IGNORECASE),
    "CIF": re.compile(r"도착|운임.*보험|보험.*운임|freight|insurance", re.IGNORECASE),
    "FOB": re.compile(r"배에|선적|싣|본선|on board|port", re.IGNORECASE),
}
_WORK = {
    "labels_only": re.compile(r"포장만|라벨만|포장하고\s*라벨|pack(?:ing)? only|label", re.IGNORECASE),
    "mixing_only": re.compile(r"섞기만|혼합만|mix(?:ing)? only", re.IGNORECASE),
}
_MADE = re.compile(r"만들|만듭|제조|생산|제작|가공|manufactur|produce|\bmake|\bmade\b", re.IGNORECASE)
"""Making something counts as more than simple working; any other words must name a working that is known."""

WORKINGS = {
    "made": ("manufacturing",),
    "labels_only": ("packing", "labelling"),
    "mixing_only": ("simple_mixing",),
}
"""What the buttons of the working question stand for, in the names of the agreements' lists."""


def next_step(case: Case) -> str | None:
    """Returns the part to ask next, or None when enough is told (or the rest is not known)."""
    for step in steps(case):
        if step not in case.skipped:
            return step
    return None


def steps(case: Case) -> list[str]:
    """Returns the parts still open, in the order they are asked."""
    wanted: list[str] = []
    if case.country is None:
        wanted.append("country")
    if case.country and case.agreement is None:
        wanted.append("agreement")
    if case.hs is None:
        wanted.append("code" if case.product else "product")
    if case.goal == "duty":
        return [*wanted, *(["sum"] if case.amount is None else [])]
    if case.amount is None:
        wanted.append("price")
    elif case.basis is None:
        wanted.append("basis")
    if case.pending is not None:
        wanted.append("material_code")
    elif not case.materials_done:
        wanted.append("materials")
    if case.domestic is None:
        wanted.append("domestic")
    if case.work is None:
        wanted.append("work")
    asked = [name for name in processes_of(case) if name not in case.processes]
    if asked:
        wanted.append("process")
    if case.direct is None:
        wanted.append("direct")
    elif case.direct == "no" and case.control is None:
        wanted.append("control")
    return wanted


def open_process(case: Case) -> str | None:
    """Returns the working the rule names that was not asked about yet."""
    return next((name for name in processes_of(case) if name not in case.processes), None)


def rules_of(case: Case) -> list[Rule]:
    """Returns the product rules that may bind the case."""
    if not case.agreement or not case.hs:
        return []
    found = rule_book().lookup(agreements().get(case.agreement), case.hs)
    return [row.rule for row in found.rows if row.rule]


def processes_of(case: Case) -> list[str]:
    """Returns the names of the workings the rules name, once each."""
    names = [part.name for rule in rules_of(case) for part in parts_of(rule) if isinstance(part, Process)]
    return list(dict.fromkeys(names))


def needs_codes(case: Case) -> bool:
    """Tells whether the materials' codes matter: some rule asks for a change, or names materials by code."""
    parts = [part for rule in rules_of(case) for part in parts_of(rule)]
    return any(isinstance(part, Change) or (isinstance(part, Share) and bool(part.codes)) for part in parts)


def read(step: str, case: Case, said: Said) -> Case | None:
    """Returns the case with the answer to ``step`` taken in, or None when the words are no answer to it."""
    known = case.without(step)
    if step in UNKNOWABLE and yes_or_no(said) == "unknown":
        return known
    return READINGS[step](case, said)


def settle_agreement(case: Case) -> Case:
    """Returns the case with the agreement chosen where there is nothing to choose."""
    if case.country is None or case.agreement is not None:
        return case
    found = reaching(case.country)
    usable = [agreement for agreement in found if has_rules(agreement)]
    if not usable and case.goal == "duty":
        usable = found
    return case.told(agreement=usable[0].id) if len(usable) == 1 else case


def pieces(said: Said) -> list[tuple[str, Money | None]]:
    """Returns the materials in an answer, each with its value if one is said."""
    found = []
    for part in _SEPARATORS.split(said):
        value = money(part)
        name = part[: value.start] + " " + part[value.end :] if value else part
        name = _ENDINGS.sub("", re.sub(r"\s+", " ", name).strip(" :=-")).strip(" :=-")
        if name and not (value is None and yes_or_no(name) in ("yes", "no")):
            found.append((name[:80], value))
    return found


def _price(case: Case, said: Said) -> Case | None:
    value = money(said)
    if value is None or value.amount <= 0:
        return None
    return case.told(
        amount=str(value.amount),
        currency=value.currency or case.currency or "USD",
        basis=price_term(said) or case.basis,
    )


def _basis(case: Case, said: Said) -> Case | None:
    named = price_term(said) or next((term for term, words in _PRICES.items() if words.search(said)), None)
    return case.told(basis=named) if named else None


def _materials(case: Case, said: Said) -> Case | None:
    if said == "done" or (yes_or_no(said) == "no" and money(said) is None):
        return case.told(materials_done=True)
    told = case
    for name, value in pieces(said)[: MATERIALS_AT_MOST - len(told.materials)]:
        if value and value.currency and case.currency and value.currency != case.currency:
            return None  # a sum in other money would be weighed as if it were the price's
        piece = Piece(name=name, value=str(value.amount) if value else None)
        told = told.told(materials=(*told.materials, piece))
    if told.materials == case.materials:
        return None
    return with_codes_asked(told)


def with_codes_asked(case: Case) -> Case:
    """Puts the first material without a code up for asking, where codes matter."""
    if not needs_codes(case):
        return case
    open_ones = [piece for piece in case.materials if piece.hs is None and f"code:{piece.name}" not in case.skipped]
    return case.told(pending=open_ones[0] if open_ones else None)


def _material_code(case: Case, said: Said) -> Case | None:
    code = re.sub(r"\D", "", said)
    piece = case.pending
    if piece is None:
        return None
    if yes_or_no(said) == "unknown" or said == "unknown":
        return with_codes_asked(case.told(skipped=(*case.skipped, f"code:{piece.name}"), pending=None))
    if len(code) not in (4, 6, 8, 10):
        return None
    named = piece.model_copy(update={"hs": code[:6]})
    materials = tuple(named if each == piece else each for each in case.materials)
    return with_codes_asked(case.told(materials=materials, pending=None))


def _work(case: Case, said: Said) -> Case | None:
    if said in WORKINGS:
        return case.told(work=WORKINGS[said])
    named = next((key for key, words in _WORK.items() if words.search(said)), None)
    if named:
        return case.told(work=WORKINGS[named])
    workings = workings_in(said) or (WORKINGS["made"] if _MADE.search(said) else ())
    return case.told(work=workings) if workings else None


def _process(case: Case, said: Said) -> Case | None:
    answer = yes_or_no(said)
    name = open_process(case)
    if answer is None or name is None:
        return None
    return case.told(processes={**case.processes, name: {"yes": True, "no": False}.get(answer)})


def _flag(part: str) -> Reading:
    def reading(case: Case, said: Said) -> Case | None:
        answer = yes_or_no(said)
        return None if answer is None else case.told(**{part: answer})

    return reading


def _domestic(case: Case, said: Said) -> Case | None:
    if _NOT_ALL.search(said):
        return case.told(domestic="no")
    return _flag("domestic")(case, said)


def _direct(case: Case, said: Said) -> Case | None:
    if _VIA.search(said):
        return case.told(direct="no")
    return _flag("direct")(case, said)


def _code(case: Case, said: Said) -> Case | None:
    if _ANSWERED.fullmatch(said):
        return case.told(code_answers=(*case.code_answers, said))
    if yes_or_no(said) == "unknown":
        return None
    digits = re.sub(r"\D", "", said)
    if len(digits) in (6, 8, 10) and re.fullmatch(r"[\d .\-]+(?:요|이요|입니다)?", said.strip()):
        return case.told(hs=digits[:6])
    return case.told(product=said.strip()[:120], code_answers=()) if len(said.strip()) >= 2 else None


READINGS: dict[str, Reading] = {
    "product": _code,
    "code": _code,
    "price": _price,
    "sum": _price,
    "basis": _basis,
    "materials": _materials,
    "material_code": _material_code,
    "domestic": _domestic,
    "work": _work,
    "process": _process,
    "direct": _direct,
    "control": _flag("control"),
}
"""How the answer to each part is understood; country and agreement are understood by their names (``steps.py``)."""

UNKNOWABLE = frozenset({"price", "basis", "work", "sum", "materials"})
"""Parts that may stay unknown; the verdict then names them as missing."""
