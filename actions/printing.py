"""Puts the result spoken of last on paper: every kind of result that can be printed, by the slot ``paper``."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

from actions.applying.paper import print_application
from actions.errands.describing_told import print_sheet
from actions.errands.papers_told import print_papers
from actions.files import keep_file
from actions.firm.readiness_telling import print_readiness
from actions.papers.draft_certificate import draft_certificate
from actions.papers.origin_sheet import origin_sheet
from actions.reply import Outcome, Reply
from actions.step import Step
from actions.talk import Talk, payload
from actions.trade.citing import pack_folder
from actions.trade.storing import find, last, number_in
from knowledge.origin.simulate import simulate

PDF = "application/pdf"


class GetPaper(Step):
    """Gives the result as a PDF."""

    action = "action_paper"

    def respond(self, talk: Talk) -> None:
        """Prints what a number names, else what was spoken of last."""
        number = talk.entity("value") or number_in(talk.question)
        paper = {"kind": "simulation", "number": number} if number else talk.slot("paper")
        printer = PRINTERS.get(str((paper or {}).get("kind")))
        if printer is None or not printer(talk, paper or {}):
            choices = (talk.choice("button_origin", payload("ask_origin")),)
            talk.reply(Reply(text=talk.say("paper_none"), choices=choices), Outcome.NEEDS_INPUT)


def _simulation(talk: Talk, paper: dict[str, Any]) -> bool:
    """Prints a simulation in the language spoken now, and the draft of its certificate where it qualifies."""
    number = paper.get("number")
    stored = find(str(number), talk.conversation_id) if number else last(talk.conversation_id)
    if stored is None:
        return False
    day = stored.at.date()
    result = simulate(stored.data, pack_folder(), talk.language, day)
    sheet = origin_sheet(stored.data, result, talk.language, stored.number, day, stored.case.country)
    name = talk.say("paper_sheet_name", number=stored.number)
    talk.reply(
        Reply(text=talk.say("paper_made"), file=keep_file(talk.conversation_id, name, PDF, sheet)), Outcome.ANSWERED
    )
    draft = draft_certificate(stored.data, result, talk.language, stored.number, day)
    if draft is None:
        talk.reply(Reply(text=talk.say("paper_no_draft")), Outcome.ANSWERED)
        return True
    name = talk.say("paper_draft_name", number=stored.number)
    file = keep_file(talk.conversation_id, name, PDF, draft)
    talk.reply(Reply(text=talk.say("paper_draft"), file=file), Outcome.ANSWERED)
    return True


PRINTERS: dict[str, Callable[[Talk, dict[str, Any]], bool]] = {
    "simulation": _simulation,
    "application": print_application,
    "checklist": print_papers,
    "sheet": print_sheet,
    "readiness": print_readiness,
}
"""What prints each kind of result; False where there is nothing to print."""
