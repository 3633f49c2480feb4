"""Compares ways of payment for one sale: which to propose first, why, what stays uncovered, and who covers that.

Points in ``payments/rules.yaml`` put the ways in order; the reasons beside them are what a person reads. Nobody is
rated here: the risk of a country or buyer is asked of K-SURE and told by the person. What was not told counts as
unknown, never as good.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from functools import lru_cache
from pathlib import Path
from typing import Annotated, Any, Literal

from pydantic import Field, ValidationError

from knowledge.guides.answer import Choice, country_code, country_name
from knowledge.guides.fault import BadInput, bad
from knowledge.guides.place import GuideError, Place, Words, source_of, tell_source
from knowledge.pack import PACKS, PackError, read_yaml
from knowledge.record import LANGUAGES, Language, Strict

KOREA = PACKS / "korea"
UNKNOWN = "unknown"
"""Value of a fact that was not told; rules can speak of it."""


class Gap(Strict):
    """What a way of payment does not cover, and the records (insurance, organisations) that do."""

    text: Words
    cover: Annotated[tuple[str, ...], Field(min_length=1)]


class Way(Strict):
    """A way of payment."""

    id: str
    name: Words
    record: str
    about: Words
    remains: Annotated[tuple[Gap, ...], Field(min_length=1)]


class Rule(Strict):
    """How facts speak for or against ways of payment.

    ``insure`` lists ways that then should not go without insurance; ``about`` tells a matter of risk from one of cost
    or agreement (``fit``).
    """

    when: Annotated[dict[str, tuple[str, ...]], Field(min_length=1)]
    points: Annotated[dict[str, int], Field(min_length=1)]
    insure: tuple[str, ...] = ()
    about: Literal["risk", "fit"] = "risk"
    because: Words


@dataclass(frozen=True)
class Data:
    """Questions, ways, rules and words of a pack's payment advice."""

    facts: Mapping[str, Choice]
    ways: tuple[Way, ...]
    rules: tuple[Rule, ...]
    words: Mapping[str, Any]
    folder: Path


@dataclass
class _Weighed:
    """A way while its points are added up."""

    way: Way
    points: int = 0
    insure: bool = False
    risky: bool = False
    reasons: list[tuple[int, Words]] = field(default_factory=list)


@lru_cache(maxsize=4)
def data_of(folder: Path) -> Data:
    """Returns the data of a pack's payment advice, read once.

    Raises:
        GuideError: A file is malformed, or a rule names a fact, answer or way that does not exist.
    """
    place = folder / "payments"
    try:
        data = Data(
            {name: Choice.model_validate(item) for name, item in read_yaml(place / "facts.yaml").items()},
            tuple(Way.model_validate(item) for item in read_yaml(place / "ways.yaml")),
            tuple(Rule.model_validate(item) for item in read_yaml(place / "rules.yaml")),
            read_yaml(place / "words.yaml"),
            folder,
        )
    except (PackError, ValidationError, OSError) as error:
        raise GuideError(f"{place}: {error}") from error
    _refuse_loose_ends(data)
    return data


def advise(facts: Mapping[str, str | None], language: Language, folder: Path = KOREA) -> dict[str, Any]:
    """Returns the comparison of ways of payment for one sale, ready for JSON.

    Args:
        facts: ``buyer``, ``country_risk``, ``share``, ``power``, ``goods``, ``cash``, ``transport`` (answers of
            ``payments/facts.yaml``, by key, name or alias) and ``country``; anything may be missing.
        language: Language of the texts.
        folder: The pack.

    Raises:
        BadInput: A fact or answer is not known; its message names the fact and the possible answers.
    """
    data = data_of(folder)
    told = _read(facts, data)
    country = _country(facts.get("country"), data)
    ranked = sorted(_weigh(told, data), key=lambda weighed: (weighed.insure, -weighed.points))
    missing = [name for name, value in told.items() if value == UNKNOWN]
    return {
        "facts": {name: None if value == UNKNOWN else value for name, value in told.items()} | {"country": country},
        "ranking": [_tell(weighed, told, data, language) for weighed in ranked],
        "remains": [_tell_gap(Gap.model_validate(gap), language) for gap in data.words["always_remains"]],
        "ask": _ask(told, country, data, language),
        "questions": _questions(missing, data, language),
        "missing": _missing(missing, data, language),
        "confirm_with": data.words["confirm_with"],
    }


def _read(facts: Mapping[str, str | None], data: Data) -> dict[str, str]:
    for name in facts:
        if name not in data.facts and name != "country":
            raise bad(name[:40], facts[name], data.words["faults"]["unknown_field"])
    return {name: _answer(name, facts.get(name), data) for name in data.facts}


def _answer(name: str, given: Any, data: Data) -> str:
    if given is None or (isinstance(given, str) and _says_nothing(given)):
        return UNKNOWN
    if not isinstance(given, str):
        raise _bad(name, given, data, "not_text")
    key = data.facts[name].recognise(given)
    if key is None:
        answers = data.facts[name].answers.values()
        names: Words = {tongue: ", ".join(answer.name[tongue] for answer in answers) for tongue in LANGUAGES}
        raise _bad(name, given, data, "unknown_choice", choices=names)
    return key


def _says_nothing(given: str) -> bool:
    return given.strip().casefold() in ("", UNKNOWN, "모름")


def _country(given: Any, data: Data) -> str | None:
    if given is None or (isinstance(given, str) and not given.strip()):
        return None
    code = country_code(given, data.folder) if isinstance(given, str) else None
    if code is None:
        raise _bad("country", given, data, "unknown_country" if isinstance(given, str) else "not_text")
    return code


def _weigh(told: Mapping[str, str], data: Data) -> list[_Weighed]:
    weighed = {way.id: _Weighed(way) for way in data.ways}
    for rule in data.rules:
        if all(told[name] in values for name, values in rule.when.items()):
            for way, points in rule.points.items():
                weighed[way].points += points
                weighed[way].reasons.append((points, rule.because))
                weighed[way].risky |= points < 0 and rule.about == "risk"
            for way in rule.insure:
                weighed[way].insure = True
    return list(weighed.values())


def _verdict(weighed: _Weighed, told: Mapping[str, str], data: Data) -> str:
    """A way is not called possible while a fact that decides about it is unknown."""
    words = data.words
    decisive = [*words["decisive"], *(words["decisive_for_credit"] if weighed.way.id in words["credit"] else ())]
    if weighed.insure:
        return "only_insured"
    if weighed.points < int(words["possible"]):
        return "careful" if weighed.risky else "poor_fit"
    if any(told[name] == UNKNOWN for name in decisive):
        return "not_determined"
    return "first_choice" if weighed.points >= int(words["first_choice"]) else "possible"


def _tell(weighed: _Weighed, told: Mapping[str, str], data: Data, language: Language) -> dict[str, Any]:
    way, verdict = weighed.way, _verdict(weighed, told, data)
    strongest_first = sorted(weighed.reasons, key=lambda reason: -abs(reason[0]))
    return {
        "way": way.id,
        "name": way.name[language],
        "record": way.record,
        "about": way.about[language],
        "verdict": verdict,
        "verdict_text": data.words["verdicts"][verdict][language],
        "points": weighed.points,
        "reasons": [{"text": said[language], "speaks_for": points > 0} for points, said in strongest_first],
        "remains": [_tell_gap(gap, language) for gap in way.remains],
        "source": tell_source(source_of(Place.model_validate(data.words["source"]), data.folder), language),
    }


def _tell_gap(gap: Gap, language: Language) -> dict[str, Any]:
    return {"text": gap.text[language], "cover": list(gap.cover)}


def _ask(told: Mapping[str, str], country: str | None, data: Data, language: Language) -> list[dict[str, Any]]:
    named = country_name(country, language) if country else data.words["the_country"][language]
    found = []
    for item in data.words["ask"]:
        if told.get(item.get("unless", ""), UNKNOWN) != UNKNOWN:
            continue
        source = source_of(Place.model_validate(item["source"]), data.folder)
        text = item["text"][language].format(country=named)
        found.append({"text": text, "records": item["records"], "source": tell_source(source, language)})
    return found


def _questions(missing: list[str], data: Data, language: Language) -> list[dict[str, Any]]:
    asked = []
    for name in missing:
        choice = data.facts[name]
        options = [{"key": key, "name": answer.name[language]} for key, answer in choice.answers.items()]
        asked.append({"field": name, "text": choice.question[language], "choices": options})
    return asked


def _missing(missing: list[str], data: Data, language: Language) -> str | None:
    if not missing:
        return None
    names = ", ".join(data.words["fields"][name][language] for name in missing)
    return str(data.words["missing"][language]).format(fields=names)


def _bad(name: str, given: Any, data: Data, fault: str, **values: Words) -> BadInput:
    return bad(name, given, data.words["faults"][fault], named=data.words["fields"][name], **values)


def _refuse_loose_ends(data: Data) -> None:
    ways = {way.id for way in data.ways}
    for number, rule in enumerate(data.rules, 1):
        for name, values in rule.when.items():
            known = {*data.facts[name].answers, UNKNOWN} if name in data.facts else set()
            if not set(values) <= known:
                raise GuideError(f"payments/rules.yaml: rule {number}: {name} has no answer {', '.join(values)}")
        if not {*rule.points, *rule.insure} <= ways:
            raise GuideError(f"payments/rules.yaml: rule {number}: names a way of payment that ways.yaml does not have")
