"""Sets the agreements with a country side by side for one product: duty, rule, proof, and which looks better."""

from __future__ import annotations

import re
from typing import Any

from actions.reply import Card, Outcome, Reply
from actions.step import Step
from actions.talk import Talk, payload
from actions.trade.agreements import country_name, partner_of
from actions.trade.case import Case
from actions.trade.citing import once, pack_folder, told_note
from actions.trade.codes import code_choices
from actions.trade.product import product_words
from knowledge.origin.comparing import NotComparable, compare
from knowledge.origin.model import BadInput


class CompareAgreements(Step):
    """Answers "which agreement is better for my goods?"."""

    action = "action_compare_agreements"

    def respond(self, talk: Talk) -> None:
        """Compares for the country and code named or spoken of; asks for the one that is missing."""
        case = Case.model_validate(talk.slot("case") or {})
        country = talk.entity("country") or partner_of(talk.entity("agreement")) or talk.slot("country") or case.country
        code = re.sub(r"\D", "", talk.entity("hs_code") or "")[:6]
        product = None if talk.is_payload else product_words(talk)
        if len(code) != 6:
            code = "" if product else talk.slot("hs") or case.hs or ""
        talk.remember(country=country, hs=code or talk.slot("hs"))
        if not country:
            talk.reply(Reply(text=talk.say("compare_country")), Outcome.NEEDS_INPUT)
        elif not code:
            self._ask_code(talk, product)
        else:
            bill = case.simulation(talk.say("material_domestic"), talk.say("material_unknown"))
            self._compare(talk, code, country, bill if case.hs == code and case.materials_done else None)

    def _ask_code(self, talk: Talk, product: str | None) -> None:
        choices = code_choices(talk, product) if product else ()
        key = "compare_code" if choices else "compare_product"
        found = tuple(
            each.model_copy(update={"payload": payload("compare_agreements", hs_code=_code_of(each.payload))})
            for each in choices
            if _code_of(each.payload)
        )
        talk.reply(Reply(text=talk.say(key), choices=found), Outcome.NEEDS_INPUT)

    def _compare(self, talk: Talk, code: str, country: str, bill: dict[str, Any] | None) -> None:
        try:
            found = compare(code, country, pack_folder(), talk.language, bill)
        except NotComparable as error:
            talk.reply(Reply(text=error.text(talk.language)), Outcome.NOT_IN_KNOWLEDGE)
            return
        except BadInput:
            talk.reply(Reply(text=talk.say("compare_product")), Outcome.NEEDS_INPUT)
            return
        lines = [
            talk.say("compare_heading", code=f"{code[:4]}.{code[4:]}", country=country_name(country, talk)),
            found["recommendation"]["text"],
            found["base"]["text"],
            *(f"· {note}" for note in found["notes"]),
        ]
        records = tuple(f"agreement.{each['agreement']}" for each in found["agreements"])
        reply = Reply(
            text="\n".join(lines),
            card=_table(talk, found["agreements"]),
            choices=(talk.choice("button_origin", payload("ask_origin", country=country, hs_code=code)),),
            sources=once(told_note(source, records[0]) for source in _sources(found)),
        )
        talk.reply(reply, Outcome.ANSWERED, records)


def _table(talk: Talk, agreements: list[dict[str, Any]]) -> Card:
    rows = tuple(
        (
            "\n".join([each["name"], *each["in_force"]["doubts"]]),
            each["preferential"]["text"],
            each["rule"]["text"],
            each["verdict"]["text"],
            each["effort"]["text"],
        )
        for each in agreements
    )
    columns = tuple(talk.say("columns_agreements_compared").split("|"))
    return Card(kind="table", title=talk.say("card_agreements_compared"), columns=columns, rows=rows)


def _sources(found: Any) -> list[dict[str, Any]]:
    """Returns every source of the comparison, in the order of its parts."""
    if isinstance(found, dict):
        own = list(found.get("sources") or [])
        return own + [each for key, part in found.items() if key != "sources" for each in _sources(part)]
    return [each for part in found for each in _sources(part)] if isinstance(found, list) else []


def _code_of(sent: str) -> str:
    match = re.search(r"\b\d{6}\b", sent)
    return match.group() if match else ""
