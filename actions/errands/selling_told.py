"""Tells where to sell online and why, who helps, and what a platform asks for when one registers a product."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from actions.errands.sheet_state import sheet_of
from actions.present import show
from actions.reply import Card, Choice, Outcome, Reply, SourceNote
from actions.talk import Talk, payload
from actions.trade.citing import once, told_note
from knowledge.platforms.advise import advise
from knowledge.platforms.model import load
from knowledge.platforms.sheet import completeness

OPTIONS_SHOWN = 4
HELP_SHOWN = 3
MALLS_SHOWN = 5
VALUES: Mapping[str, bool] = {"yes": True, "no": False}


def tell_places(talk: Talk, told: Mapping[str, str]) -> None:
    """Tells the places that fit, what to mind, who helps, and what would make it surer."""
    facts = {
        name: VALUES.get(value, value) if name in ("english_material", "wants_help") else value
        for name, value in told.items()
    }
    found = advise(facts, talk.language)
    options = found["options"][:OPTIONS_SHOWN]
    _tell_first(talk, found, options)
    _tell_list(talk, "errand_sell_card", options)
    if found["help"]:
        _tell_list(talk, "errand_sell_help", found["help"][:HELP_SHOWN])
    _tell_malls(talk, found["malls"][:MALLS_SHOWN])
    _tell_next(talk, found, options)


def tell_checklist(talk: Talk, platform: str) -> None:
    """Tells what a platform asks for, and what of it the product sheet already answers."""
    report = completeness(sheet_of(talk), platform, talk.language)
    name = load().name(platform, talk.language)
    rows = tuple((item["text"], talk.say(_state(item))) for item in report["items"])
    lines = [talk.say("errand_sell_asks", name=name)]
    if not load().checklists[platform].complete:
        lines.append(talk.say("errand_sell_asks_incomplete", name=name))
    card = Card(kind="list", title=talk.say("sheet_checklist"), rows=rows)
    note = told_note(report["source"], platform)
    choices = (
        talk.choice("errand_button_sheet", payload("product_sheet", value=platform)),
        *(show(talk, record) for record in [talk.record(platform)] if record),
    )
    reply = Reply(text="\n".join(lines), card=card, sources=(note,), choices=choices)
    talk.reply(reply, Outcome.ANSWERED, (platform,))


def _state(item: Mapping[str, Any]) -> str:
    return {True: "sheet_done", False: "sheet_open", None: "sheet_elsewhere"}[item["done"]]


def _tell_first(talk: Talk, found: dict[str, Any], options: list[dict[str, Any]]) -> None:
    if found["verdict"] == "not_determined":
        text = talk.say("errand_sell_undetermined")
    elif not options:
        text = talk.say("errand_sell_none")
    else:
        text = talk.say("errand_sell_first", name=options[0]["name"])
    talk.reply(Reply(text=text), Outcome.ANSWERED)


def _tell_list(talk: Talk, title: str, places: list[dict[str, Any]]) -> None:
    if not places:
        return
    rows = tuple((place["name"], _why(talk, place)) for place in places)
    notes = once(_note(place, each) for place in places for each in (*place["reasons"], *place["cautions"]))
    records = tuple(place["record"] for place in places)
    card = Card(kind="list", title=talk.say(title), rows=rows)
    talk.reply(Reply(card=card, sources=notes), Outcome.ANSWERED, records)


def _why(talk: Talk, place: dict[str, Any]) -> str:
    lines = [talk.say(f"errand_sell_{place['fit']}")]
    lines += [talk.say("errand_pay_for", text=each["text"]) for each in place["reasons"]]
    lines += [talk.say("errand_sell_mind", text=each["text"]) for each in place["cautions"]]
    return "\n".join([*lines, talk.say("errand_sell_confirm", name=place["ask"]["name"])])


def _note(place: dict[str, Any], each: dict[str, Any]) -> SourceNote:
    return told_note(each["source"], place["record"])


def _tell_malls(talk: Talk, malls: list[dict[str, Any]]) -> None:
    if not malls:
        return
    rows = tuple((mall["name"], mall["why"]) for mall in malls)
    card = Card(kind="list", title=talk.say("errand_sell_malls"), rows=rows)
    notes = once(told_note(mall["source"], f"mall.{mall['id']}") for mall in malls)
    talk.reply(Reply(card=card, sources=notes), Outcome.ANSWERED)


def _tell_next(talk: Talk, found: dict[str, Any], options: list[dict[str, Any]]) -> None:
    lines = [talk.say("errand_sell_next", text=found["next"])] if found["verdict"] == "advised" and options else []
    if found["set_aside"]:
        names = ", ".join(each["name"] for each in found["set_aside"])
        lines.append(talk.say("errand_sell_aside", names=names, why=found["set_aside"][0]["why"]))
    if found["missing"]:
        lines += [talk.say("errand_sell_missing"), *(f"· {each['question']}" for each in found["missing"])]
    choices: list[Choice] = [
        talk.choice("errand_sell_checklist", payload("advise_platform", value=each["record"]), name=each["name"])
        for each in options
        if each["checklist"]
    ]
    choices.append(talk.choice("errand_button_sheet", payload("product_sheet")))
    choices.append(talk.choice("errand_button_new", payload("advise_platform", value="new")))
    talk.reply(Reply(text="\n".join(lines) or talk.say("errand_sell_ready"), choices=tuple(choices)), Outcome.ANSWERED)
