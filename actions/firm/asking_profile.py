"""Asks for one field of a firm's profile with buttons, and reads the answer."""

from __future__ import annotations

import re
from typing import Any

from actions.cases.amounts import sums
from actions.firm.hearing_profile import hear_profile
from actions.firm.telling import yes_or_no
from actions.reply import Choice, Reply
from actions.talk import Talk
from actions.trade.agreements import country_name
from actions.trade.asking import answer
from knowledge.diagnosis.asking import UNKNOWN
from knowledge.programmes.export_groups import export_groups
from knowledge.programmes.profile import FirmProfile, ProfileError, questions, read_profile

COUNTRIES = ("US", "CN", "VN", "JP")
"""Countries offered as buttons; others are typed."""

REGIONS = ("KR-11", "KR-41", "KR-28", "KR-26", "KR-27", "KR-48")
"""Regions offered as buttons; others are typed."""

YES, NO, NOTHING = "yes", "no", "0"
EXPORTS = "exports_usd_last_year"


def ask_field(talk: Talk, field: str) -> Reply:
    """Returns the question about a field, with the answers people usually give."""
    unknown = talk.choice("button_unknown", answer("", UNKNOWN).payload)
    typed = talk.say("matching_type_it") if field in ("region", "target_countries", EXPORTS) else None
    text = " ".join(filter(None, (str(questions()[field][talk.language]), typed)))
    return Reply(text=text, choices=(*_choices(talk, field), unknown))


def _choices(talk: Talk, field: str) -> tuple[Choice, ...]:
    if field == "target_countries":
        return tuple(answer(country_name(code, talk), code) for code in COUNTRIES)
    if field == EXPORTS:
        return (answer(talk.say("matching_no_exports"), NOTHING),)
    named = _named(talk, field)
    if named:
        shown = REGIONS if field == "region" else tuple(named)
        return tuple(answer(named[value], value) for value in shown)
    return (answer(talk.say("button_yes"), YES), answer(talk.say("button_no"), NO))


def _named(talk: Talk, field: str) -> dict[str, str]:
    """Returns the values of a field that has a choice, with what they are called."""
    if field == "export_group":
        return {group.id: group.name(talk.language) for group in export_groups()}
    choices = questions()[field].get("choices") or {}
    return {value: str(title[talk.language]) for value, title in choices.items()}


def read_field(talk: Talk, field: str, said: str) -> dict[str, Any] | None:
    """Returns the field with the value that an answer tells, or None where it tells none."""
    plain = said.strip()
    if field not in questions() or not plain:
        return None
    for value in _values(talk, field, plain):
        try:
            read_profile({field: value})
        except ProfileError:
            continue
        return {field: value}
    return None


def _values(talk: Talk, field: str, said: str) -> list[Any]:
    """Returns what an answer may mean, the likeliest first."""
    heard = hear_profile(said, talk.language).get(field)
    if heard is not None:
        return [heard]
    if field == EXPORTS:
        return _amount(talk, said)
    if field == "target_countries":
        return [_listed(said)]
    named = _named(talk, field)
    if named:
        return [_chosen(named, said) or said]
    if FirmProfile.model_fields[field].annotation != (bool | None):
        return [said]
    answered = yes_or_no(said, talk.language)
    return [] if answered is None else [answered]


def _amount(talk: Talk, said: str) -> list[Any]:
    """Returns a sum in dollars; a sum of another currency is none, since rates are not known here."""
    if yes_or_no(said, talk.language) is False:
        return [0.0]
    found = sums(said)
    return [float(one.number) for one in found if one.currency in (None, "USD")] if len(found) == 1 else []


def _listed(said: str) -> list[str]:
    """Returns the countries of an answer such as "베트남이랑 태국이요"."""
    pieces = re.split(r"\s*(?:,|/|·|이랑|랑|하고|와|과|그리고|\band\b|\bor\b)\s*", said.strip(" .!"))
    ending = re.compile(r"(?:이에요|예요|이요|요|에|으로|로|입니다|쪽)$")
    names = [ending.sub("", piece.strip()) for piece in pieces if piece.strip()]
    return [name for name in names if name] or [said]


def _chosen(named: dict[str, str], said: str) -> str | None:
    """Returns the value whose name is said, or begins with what is said."""
    plain = said.replace(" ", "").lower()
    if plain in named:
        return plain
    for value, title in named.items():
        name = title.replace(" ", "").lower()
        if name == plain or (len(plain) >= 2 and (name.startswith(plain) or plain.startswith(name.split("(")[0]))):
            return value
    return None
