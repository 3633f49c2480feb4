"""Advises where to sell online: places in order of how well they fit, each with its reasons and sources."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any, Literal

import pycountry
from babel import Locale
from pydantic import ConfigDict, field_validator

from knowledge.origin.sources import told_source
from knowledge.platforms.model import Allowed, Buyer, Mall, Place, Platforms, Reason, load
from knowledge.record import Language, Strict

ASKED = ("buyer", "market", "product_kind", "stage", "english_material", "wants_help")
"""The facts that matter, in the order in which they are worth asking."""


class BadFact(ValueError):
    """A fact has a value that means nothing; ``field`` names it."""

    def __init__(self, field: str, value: object, allowed: tuple[str, ...]) -> None:
        self.field, self.value, self.allowed = field, value, allowed
        super().__init__(f"{field}: {value!r} is not one of {', '.join(allowed)}")

    def message(self, language: Language) -> str:
        """Returns the fault as a sentence for a person."""
        told = load().words["faults"]["unknown_fact"][language]
        return str(told.format(field=self.field, value=self.value, allowed=", ".join(self.allowed)))


class Facts(Strict):
    """What is known of the firm and its goods; None is not known.

    Attributes:
        buyer: Firms (b2b) or consumers (b2c).
        market: Country to sell to, ISO 3166 alpha-2.
        product_kind: What is sold.
        stage: How much the firm has exported.
        english_material: Whether there is a description in English.
        wants_help: Whether somebody else shall list and sell.
    """

    model_config = ConfigDict(frozen=True, extra="forbid", strict=True)

    buyer: Buyer | None = None
    market: str | None = None
    product_kind: Literal["industrial", "cosmetics", "food", "consumer", "other"] | None = None
    stage: Literal["none", "some", "regular"] | None = None
    english_material: bool | None = None
    wants_help: bool | None = None

    @field_validator("market")
    @classmethod
    def _a_country(cls, value: str | None) -> str | None:
        if value is not None and pycountry.countries.get(alpha_2=value) is None:
            raise ValueError("not a country")
        return value


_VALUES: dict[str, tuple[str, ...]] = {
    "buyer": ("b2b", "b2c"),
    "market": ("ISO 3166 alpha-2",),
    "product_kind": ("industrial", "cosmetics", "food", "consumer", "other"),
    "stage": ("none", "some", "regular"),
    "english_material": ("true", "false"),
    "wants_help": ("true", "false"),
}


def read_facts(given: Mapping[str, Any]) -> Facts:
    """Reads facts from a mapping; a fact that is missing, None or "unknown" is not known.

    Raises:
        BadFact: A name or a value means nothing.
    """
    for name in given:
        if name not in _VALUES:
            raise BadFact("facts", name, ASKED)
    known = {name: value for name, value in given.items() if value not in (None, "unknown")}
    for name, value in known.items():
        try:
            Facts(**{name: value})
        except ValueError as error:
            raise BadFact(name, value, _VALUES[name]) from error
    return Facts(**known)


def advise(facts: Mapping[str, Any], language: Language) -> dict[str, Any]:
    """Returns where to sell and who helps, in order, with reasons, what is not known, and what to do next.

    The order is the sum of the weights of the reasons that hold (``packs/korea/platforms/*.yaml``); ties keep the
    order of the file. Whom the firm sells to decides what kind of place it needs at all, so without it the
    ``verdict`` is ``not_determined`` and every place is only shown.

    Args:
        facts: As in ``Facts``; unknown facts may be missing.
        language: ``ko`` or ``en``.

    Returns:
        ``{verdict, options, help, malls, set_aside, missing, next}``, ready for JSON.

    Raises:
        BadFact: A fact has a value that means nothing.
    """
    known = read_facts(facts)
    pack = load()
    told = known.model_dump()
    options = _ranked(pack.markets, told, pack, language)
    missing = [_question(name, pack, language) for name in ASKED if told[name] is None]
    return {
        "verdict": "advised" if known.buyer else "not_determined",
        "options": options,
        "help": [item for item in _ranked(pack.help, told, pack, language) if item["score"] > 0],
        "malls": _malls(known, pack, language) if known.buyer != "b2b" else [],
        "set_aside": _set_aside(known.buyer, pack, language),
        "missing": missing,
        "next": options[0]["next"] if known.buyer else missing[0]["question"],
    }


def _ranked(
    places: tuple[Place, ...], facts: Mapping[str, Allowed | None], pack: Platforms, language: Language
) -> list[dict[str, Any]]:
    fitting = [place for place in places if facts["buyer"] is None or facts["buyer"] in place.sells_to]
    options = [_option(place, facts, pack, language) for place in fitting]
    return sorted(options, key=lambda option: -option["score"])


def _option(place: Place, facts: Mapping[str, Allowed | None], pack: Platforms, language: Language) -> dict[str, Any]:
    reasons = [reason for reason in place.reasons if reason.holds(facts)]
    cautions = [_told(caution, language) for caution in place.cautions if caution.holds(facts)]
    if place.check_first:
        cautions.insert(0, _general("check_first", place, pack, language))
    if place.id.startswith("programme."):
        cautions.append(_general("yearly_call", place, pack, language))
    return {
        "record": place.id,
        "name": pack.name(place.id, language),
        "sells_to": list(place.sells_to),
        "score": sum(reason.weight for reason in reasons),
        "fit": _fit(place, reasons, facts),
        "reasons": [_told(reason, language) for reason in sorted(reasons, key=lambda reason: -reason.weight)],
        "cautions": cautions,
        "ask": {"record": place.ask, "name": pack.name(place.ask, language)},
        "next": place.next.text(language),
        "checklist": place.id in pack.checklists,
    }


def _fit(place: Place, reasons: list[Reason], facts: Mapping[str, Allowed | None]) -> str:
    """``fits`` needs a known buyer, a reason from this firm's own facts, and a place known to run."""
    if facts["buyer"] is None:
        return "not_determined"
    own = any(reason.weight and reason.when for reason in reasons)
    return "fits" if own and not place.check_first else "possible"


def _told(reason: Reason, language: Language) -> dict[str, Any]:
    return {"text": reason.text(language), "source": told_source(reason.source, language)}


def _general(key: str, place: Place, pack: Platforms, language: Language) -> dict[str, Any]:
    source = pack.records[place.id].source
    return {"text": pack.words[key][language], "source": told_source(source, language)}


def _set_aside(buyer: Buyer | None, pack: Platforms, language: Language) -> list[dict[str, str]]:
    if buyer is None:
        return []
    return [
        {
            "record": place.id,
            "name": pack.name(place.id, language),
            "why": pack.words["wrong_buyer"][buyer][language],
        }
        for place in pack.markets
        if buyer not in place.sells_to
    ]


def _malls(facts: Facts, pack: Platforms, language: Language) -> list[dict[str, Any]]:
    """Malls named for the market first, then those the source places nowhere; other markets' malls are left out."""
    here = [mall for mall in pack.malls if facts.market and mall.markets and facts.market in mall.markets]
    anywhere = [mall for mall in pack.malls if mall.markets is None or facts.market is None]
    return [_mall(mall, pack, language) for mall in [*here, *anywhere]]


def _mall(mall: Mall, pack: Platforms, language: Language) -> dict[str, Any]:
    why = pack.words["mall_unplaced"][language]
    if mall.markets:
        named = ", ".join(country_name(code, language) for code in mall.markets)
        market = mall.named.text(language) if mall.named else named
        why = pack.words["mall_market"][language].format(market=market)
    return {
        "id": mall.id,
        "name": mall.text(language),
        "why": why,
        "helped_by": [{"record": record, "name": pack.name(record, language)} for record in mall.helped_by],
        "source": told_source(pack.malls_source, language),
    }


def country_name(code: str, language: Language) -> str:
    """Returns a country's name (ISO 3166 alpha-2) in ``language``; the code itself where it has none."""
    return str(Locale(language).territories.get(code, code))


def _question(name: str, pack: Platforms, language: Language) -> dict[str, Any]:
    answers = pack.words["answers"].get(name, {})
    values = {"yes": True, "no": False}
    choices = [{"title": text[language], "value": values.get(str(key), key)} for key, text in answers.items()]
    return {"fact": name, "question": pack.words["questions"][name][language], "choices": choices}
