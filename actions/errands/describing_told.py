"""Asks for a field of the product sheet, and tells the sheet: draft, claims to mind, what is missing; prints it."""

from __future__ import annotations

from typing import Any

from actions.errands.begin import firm, sold_to
from actions.errands.days import today
from actions.errands.papers_told import PDF
from actions.errands.sheet_state import asked_fields, field_before, sheet_of
from actions.files import keep_file
from actions.papers.product_sheet import buyer_page, worksheet
from actions.reply import Choice, Outcome, Reply, SourceNote
from actions.talk import Talk, payload
from actions.trade.agreements import country_name
from actions.trade.asking import answer
from actions.trade.citing import once, told_note
from actions.trade.codes import code_choices
from knowledge.platforms.field import fields
from knowledge.platforms.listing import draft_text, needs_translation, told
from knowledge.platforms.model import load
from knowledge.platforms.sheet import Sheet, completeness, question
from knowledge.record import LANGUAGES, Language

COUNTRIES_OFFERED = 3


def ask_field(talk: Talk, state: dict[str, Any], name: str) -> Reply:
    """Returns the question about a field: progress, what was wrong or corrected, the question, help and buttons."""
    sheet = Sheet.from_dict(state.get("told"))
    asked = question(name, talk.language)
    order = asked_fields()
    lines = [
        state.get("fault"),
        _noted(talk, sheet, state.get("note")),
        talk.say("errand_sheet_place", number=order.index(name) + 1, count=len(order), label=asked["label"]),
        _held(talk, sheet, name),
        talk.say("errand_sheet_codes", goods=state["goods"]) if state.get("goods") else asked["question"],
        asked["help"],
    ]
    choices = [*_offered(talk, state, sheet, name), answer(talk.say("errand_sheet_skip"), "skip")]
    if field_before(state):
        choices.append(answer(talk.say("errand_sheet_back"), "back"))
    if sheet.values:
        choices.append(answer(talk.say("errand_sheet_finish"), "finish"))
    return Reply(text="\n".join(line for line in lines if line), choices=tuple(choices))


def tell_sheet(talk: Talk, state: dict[str, Any]) -> None:
    """Tells the draft in every language it has a name in, what to mind, and what a platform still asks for."""
    sheet = Sheet.from_dict(state.get("told"))
    platform = state.get("platform")
    if not sheet.values:
        choices = (talk.choice("errand_sheet_fill", payload("product_sheet", value="open")),)
        talk.reply(Reply(text=talk.say("errand_sheet_empty"), choices=choices), Outcome.NEEDS_INPUT)
        return
    talk.remember(paper={"kind": "sheet"})
    _remember(talk, sheet)
    for language in LANGUAGES:
        if f"name_{language}" in sheet.values:
            text = talk.say(f"errand_sheet_draft_{language}") + "\n\n" + draft_text(sheet, language)
            talk.reply(Reply(text=text), Outcome.ANSWERED)
    _tell_warnings(talk, sheet)
    _tell_missing(talk, sheet, platform)


def print_sheet(talk: Talk, paper: dict[str, Any]) -> bool:
    """Prints the page for the buyer, and the worksheet of the platform chosen."""
    sheet = sheet_of(talk)
    if not sheet.values:
        return False
    platform = (talk.slot("sheet") or {}).get("platform")
    language: Language = "en" if "name_en" in sheet.values else talk.language
    page = buyer_page(sheet, language, today())
    file = keep_file(talk.conversation_id, talk.say("errand_sheet_page"), PDF, page)
    talk.reply(Reply(text=talk.say("errand_sheet_printed"), file=file), Outcome.ANSWERED)
    if platform in load().checklists:
        content = worksheet(sheet, platform, talk.language, today())
        file = keep_file(talk.conversation_id, talk.say("errand_sheet_work"), PDF, content)
        name = load().name(platform, talk.language)
        talk.reply(Reply(text=talk.say("errand_sheet_worksheet", name=name), file=file), Outcome.ANSWERED)
    return True


def _noted(talk: Talk, sheet: Sheet, name: str | None) -> str | None:
    if name is None:
        return None
    label = fields()[name].label.text(talk.language)
    return talk.say("errand_sheet_corrected", label=label, value=", ".join(told(sheet, name, talk.language)))


def _held(talk: Talk, sheet: Sheet, name: str) -> str | None:
    """Says what a field gone back to holds already."""
    held = told(sheet, name, talk.language)
    return talk.say("errand_sheet_held", value=", ".join(held)) if held else None


def _offered(talk: Talk, state: dict[str, Any], sheet: Sheet, name: str) -> list[Choice]:
    """Returns buttons with what is known already, or is answered most often."""
    if name == "hs":
        goods = state.get("goods") or sheet.values.get("name_ko") or sheet.values.get("name_en")
        return list(code_choices(talk, goods)) if goods else []
    if name == "name_ko":
        return [answer(product, product) for product in (firm(talk).get("products") or ())][:COUNTRIES_OFFERED]
    if name == "target_countries":
        codes = [code for code in (firm(talk).get("target_countries") or ()) if len(code) == 2]
        return [answer(country_name(code, talk), code) for code in codes][:COUNTRIES_OFFERED]
    if name == "origin":
        return [answer(country_name("KR", talk), "KR")]
    return [answer(talk.say("errand_sheet_none"), fields()[name].none[0])] if fields()[name].none else []


def _remember(talk: Talk, sheet: Sheet) -> None:
    """Keeps product and markets with the firm, so that they need not be asked again."""
    name = sheet.values.get("name_ko") or sheet.values.get("name_en")
    if sheet.values.get("target_countries"):
        sold_to(talk, sheet.values["target_countries"])
    if name:
        known = firm(talk)
        products = dict.fromkeys([*(known.get("products") or []), name])
        talk.remember(firm={**known, "products": list(products)})


def _tell_warnings(talk: Talk, sheet: Sheet) -> None:
    warnings = completeness(sheet, None, talk.language)["warnings"]
    lines = [f"· {warning['text']}" for warning in warnings]
    korean = needs_translation(sheet, "en") if "name_en" in sheet.values else []
    if korean:
        labels = ", ".join(fields()[name].label.text(talk.language) for name in korean)
        lines.append(f"· {talk.say('errand_sheet_translate', fields=labels)}")
    if lines:
        notes = once(told_note(warning["source"], f"claim.{warning['claim']}") for warning in warnings)
        talk.reply(Reply(text="\n".join((talk.say("errand_mind"), *lines)), sources=notes), Outcome.ANSWERED)


def _tell_missing(talk: Talk, sheet: Sheet, platform: str | None) -> None:
    known = platform if platform in load().checklists else None
    report = completeness(sheet, known, talk.language)
    lines = [talk.say("sheet_counts", filled=report["filled"], wanted=report["wanted"])]
    if report["missing"]:
        labels = ", ".join(each["label"] for each in report["missing"])
        lines.append(talk.say("errand_sheet_missing", fields=labels))
    notes: tuple[SourceNote, ...] = ()
    if known:
        name = load().name(known, talk.language)
        lines.append(talk.say(f"sheet_{report['verdict']}", platform=name))
        lines += [f"· {item['text']}" for item in report["items"] if item["done"] is False]
        notes = (told_note(report["source"], known),)
    talk.reply(Reply(text="\n".join(lines), choices=_next(talk, report, known), sources=notes), Outcome.ANSWERED)


def _next(talk: Talk, report: dict[str, Any], platform: str | None) -> tuple[Choice, ...]:
    choices = [talk.choice("errand_button_pdf", payload("get_paper"))]
    if report["missing"]:
        choices.append(talk.choice("errand_sheet_fill", payload("product_sheet", value="open")))
    if platform:
        choices.append(
            talk.choice(
                "errand_sell_checklist",
                payload("advise_platform", value=platform),
                name=load().name(platform, talk.language),
            )
        )
    else:
        choices.append(talk.choice("errand_sheet_where", payload("advise_platform")))
    choices.append(talk.choice("errand_button_new", payload("product_sheet", value="new")))
    return tuple(choices)
