"""What can be chosen in the tools' forms: agreements, delivery terms, workings, and the pack's own answers."""

from __future__ import annotations

from functools import lru_cache
from typing import Any

from babel import Locale

from actions.errands.named_days import KINDS
from actions.trade.citing import agreements, pack_folder
from actions.trade.interview import WORKINGS
from knowledge.guides.answer import ASKED, choices_of
from knowledge.guides.deadlines import data_of
from knowledge.programmes.profile import questions
from knowledge.record import Language

CURRENCIES = ("USD", "EUR", "KRW", "CNY", "JPY", "GBP", "VND")
BASES = ("EXW", "FOB", "CIF")
CHOSEN = ("size", "sector", "region")
"""Parts of a firm's profile that are chosen."""

Options = list[tuple[str, str]]


@lru_cache(maxsize=2)
def choices(language: Language) -> dict[str, Any]:
    """Returns the options of every field that is chosen, value and name, in the reader's language."""
    everywhere = agreements().all()
    weighed = [(each.id, each.name[language]) for each in everywhere if each.rules or each.inferred_from is not None]
    return {
        "weighed": weighed,
        "agreements": [(each.id, each.name[language]) for each in everywhere],
        "currencies": [(code, code) for code in CURRENCIES],
        "bases": [(term, term) for term in BASES],
        "workings": [(",".join(names), key) for key, names in WORKINGS.items()],
        "checklist": _papers(language),
        "days": _days(language),
        "firm": _firm(language),
        "countries": _countries(language),
    }


def _papers(language: Language) -> list[tuple[str, Options]]:
    """Returns the fields of the checklist with their answers; the destination is a country."""
    known = {str(name): choice for name, choice in choices_of(pack_folder()).items()}
    return [
        (name, [(key, each.name[language]) for key, each in known[name].answers.items()])
        for name in ASKED
        if name in known
    ]


def _days(language: Language) -> Options:
    fields = data_of(pack_folder()).words["fields"]
    return [(name, str(fields[name][language])) for name in KINDS]


def _firm(language: Language) -> list[tuple[str, str, Options]]:
    """Returns the chosen parts of a firm's profile: field, question, answers."""
    asked = questions()
    return [
        (name, str(asked[name][language]), [(key, str(each[language])) for key, each in asked[name]["choices"].items()])
        for name in CHOSEN
    ]


def _countries(language: Language) -> Options:
    """Returns the countries an agreement reaches, by name."""
    territories = Locale(language).territories
    codes = {code for each in agreements().all() for code in each.parties if code != "KR"}
    return sorted(((code, str(territories.get(code, code))) for code in codes), key=lambda pair: pair[1])
