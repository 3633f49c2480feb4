"""What is known of the firm in this conversation: one slot that every interview reads before asking and adds to after.

The slot ``firm`` holds fields of ``FirmProfile`` and, under ``facts``, answers to the diagnosis' questions. What one
tells of the other is derived here, so that nothing is asked twice.
"""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from actions.talk import Talk
from knowledge.diagnosis.asking import LONGEST_FREE, QUESTIONS, SKIPPED, UNKNOWN, questions, read_answer
from knowledge.diagnosis.data import pack_folder, read
from knowledge.diagnosis.standing import profile_of
from knowledge.programmes.profile import FirmProfile, ProfileError, read_profile

FACTS = "facts"


def firm(talk: Talk) -> dict[str, Any]:
    """Returns what the slot holds."""
    return dict(talk.slot("firm") or {})


def learn(talk: Talk, told: Mapping[str, Any]) -> None:
    """Adds what was told, as ``hear_profile`` returns it; what is told later replaces what was told before."""
    if not told or told == {FACTS: {}}:
        return
    known = firm(talk)
    facts = dict(known.get(FACTS, {}))
    profile = {name: value for name, value in told.items() if name != FACTS}
    for name in _governed(told.get(FACTS, {})):
        known.pop(name, None)
    talk.remember(firm={**known, **profile, FACTS: facts | facts_of(profile) | told.get(FACTS, {})})


def learn_missing(talk: Talk, told: Mapping[str, Any]) -> None:
    """Adds what was told earlier where nothing is known yet, so that it never undoes a later answer."""
    known = profile(talk)
    new = {name: value for name, value in told.items() if name != FACTS and getattr(known, name) is None}
    answered = {name: fact for name, fact in told.get(FACTS, {}).items() if name not in facts(talk)}
    learn(talk, {**new, FACTS: answered})


def profile(talk: Talk) -> FirmProfile:
    """Returns the profile: what was told of it, and what the diagnosis' answers mean for it."""
    return profile_in(firm(talk))


def profile_in(known: Mapping[str, Any]) -> FirmProfile:
    """Returns the profile that a slot ``firm`` tells."""
    told = {name: value for name, value in known.items() if name in FirmProfile.model_fields}
    facts = {name: fact for name, fact in known.get(FACTS, {}).items() if fact not in (UNKNOWN, SKIPPED)}
    return readable(profile_of(facts).model_dump(mode="json", exclude_none=True) | told)


def facts(talk: Talk) -> dict[str, str]:
    """Returns the answers to the diagnosis' questions that are known, also those the profile tells."""
    known = firm(talk)
    told = {name: value for name, value in known.items() if name in FirmProfile.model_fields}
    return facts_of(told) | dict(known.get(FACTS, {}))


def readable(told: Mapping[str, Any]) -> FirmProfile:
    """Returns the profile of those parts that can be read; a part another interview wrote otherwise is left out."""
    kept = dict(told)
    while kept:
        try:
            return read_profile(kept)
        except ProfileError as error:
            wrong = {fault.field for fault in error.faults} & set(kept)
            if not wrong:
                break
            kept = {name: value for name, value in kept.items() if name not in wrong}
    return FirmProfile()


def facts_of(told: Mapping[str, Any]) -> dict[str, str]:
    """Returns the diagnosis' answers that a profile tells, by what each answer means for a profile.

    Of the answers whose whole meaning is in the profile the one that means most counts; where two mean as much
    (cosmetics and clothes are both consumer goods), the question stays open.
    """
    meanings = read(pack_folder() / QUESTIONS)["profile"]
    found: dict[str, str] = {}
    for name, choices in meanings.items():
        fitting = {choice: len(means) for choice, means in choices.items() if _holds(means, told)}
        most = max(fitting.values(), default=0)
        best = [choice for choice, size in fitting.items() if size == most]
        if len(best) == 1:
            found[name] = best[0]
    return found | _direct(told)


def _governed(told: Mapping[str, str]) -> set[str]:
    """Returns the fields of the profile that new answers replace; not knowing replaces nothing."""
    meanings = read(pack_folder() / QUESTIONS)["profile"]
    answered = [name for name, fact in told.items() if fact not in (UNKNOWN, SKIPPED)]
    fields = {field for name in answered for means in meanings.get(name, {}).values() for field in means}
    return fields | ({"products"} if "product" in answered else set())


def _holds(means: Mapping[str, Any], told: Mapping[str, Any]) -> bool:
    return all(name in told and told[name] == value for name, value in means.items())


def _direct(told: Mapping[str, Any]) -> dict[str, str]:
    """Returns the answers that are the profile's own values: how many people, and what is sold."""
    found: dict[str, str] = {}
    number = next((one for one in questions() if one.number), None)
    if number and number.id in told and (choice := read_answer(number, str(told[number.id]), "en")):
        found[number.id] = choice
    if told.get("products"):
        found["product"] = str(told["products"][0])[:LONGEST_FREE]
    return found
