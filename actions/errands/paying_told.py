"""Tells the ways of payment in order: what to propose first and why, what stays uncovered, and who covers that."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from actions.present import show
from actions.reply import Card, Choice, Outcome, Reply
from actions.talk import Talk, payload
from actions.trade.citing import once, pack_folder, told_note
from knowledge.guides.payment import advise

GUIDES = {
    "tt_advance": "guide.transfer",
    "tt_part": "guide.transfer",
    "lc_confirmed": "guide.letter-of-credit",
    "lc_sight": "guide.letter-of-credit",
    "lc_usance": "guide.letter-of-credit",
    "dp": "guide.collection",
    "da": "guide.collection",
    "oa": "guide.open-account",
}
"""The guide that leads through each way of payment."""

SETTLED = ("first_choice", "possible")
REASONS_SHOWN = 3
REASONS_LISTED = 2
COVERS_SHOWN = 3


def tell_ways(talk: Talk, state: Mapping[str, Any]) -> None:
    """Tells the comparison for one sale; what was not told is named as missing, never taken as good."""
    told = dict(state.get("told", {}))
    found = advise({**told, "country": state.get("country")}, talk.language, pack_folder())
    ranking = found["ranking"]
    _tell_best(talk, ranking[0])
    _tell_ranking(talk, ranking)
    _tell_uncovered(talk, found)


def _tell_best(talk: Talk, best: dict[str, Any]) -> None:
    key = "errand_pay_best" if best["verdict"] in SETTLED else "errand_pay_undecided"
    lines = [talk.say(key, name=best["name"]), best["about"], *_reasons(talk, best, REASONS_SHOWN)]
    note = told_note(best["source"], best["record"])
    talk.reply(Reply(text="\n".join(lines), sources=(note,)), Outcome.ANSWERED, (best["record"],))


def _tell_ranking(talk: Talk, ranking: list[dict[str, Any]]) -> None:
    rows = tuple(
        (f"{number}. {way['name']}", "\n".join((way["verdict_text"], *_reasons(talk, way, REASONS_LISTED))))
        for number, way in enumerate(ranking, 1)
    )
    card = Card(kind="list", title=talk.say("errand_pay_card"), rows=rows)
    notes = once(told_note(way["source"], way["record"]) for way in ranking)
    talk.reply(Reply(card=card, sources=notes), Outcome.ANSWERED, tuple(way["record"] for way in ranking))


def _tell_uncovered(talk: Talk, found: dict[str, Any]) -> None:
    best = found["ranking"][0]
    gaps = [*best["remains"], *found["remains"]]
    lines = [talk.say("errand_pay_remains", name=best["name"]), *(f"· {gap['text']}" for gap in gaps)]
    lines += [each["text"] for each in found["ask"]]
    if found["missing"]:
        lines.append(found["missing"])
    covers = [record for gap in gaps for record in gap["cover"]]
    asked = [record for each in found["ask"] for record in each["records"]]
    notes = once(
        [
            told_note(best["source"], best["record"]),
            *(told_note(each["source"], each["records"][0]) for each in found["ask"]),
        ]
    )
    records = tuple(dict.fromkeys([*asked, *covers]))
    reply = Reply(text="\n".join(lines), choices=_next(talk, best, records), sources=notes)
    talk.reply(reply, Outcome.ANSWERED, records)


def _next(talk: Talk, best: dict[str, Any], covers: tuple[str, ...]) -> tuple[Choice, ...]:
    guide = payload("start_guide", value=GUIDES[best["way"]])
    shown = [show(talk, record) for record in map(talk.record, covers) if record][:COVERS_SHOWN]
    return (
        talk.choice("errand_pay_guide", guide),
        talk.choice("errand_pay_insurance", payload("start_guide", value="guide.export-insurance")),
        *shown,
        talk.choice("errand_button_checklist", payload("make_checklist")),
        talk.choice("errand_button_new", payload("advise_payment", value="new")),
    )


def _reasons(talk: Talk, way: dict[str, Any], most: int) -> list[str]:
    return [
        talk.say("errand_pay_for" if reason["speaks_for"] else "errand_pay_against", text=reason["text"])
        for reason in way["reasons"][:most]
    ]
