"""What can be done around a simulation: change one thing, open it again, send a bill of materials."""

from __future__ import annotations

import re

from actions.applying.documents import take
from actions.files import keep_file, sent_file
from actions.interviews.frame import MISSED_SLOT
from actions.interviews.steps import FORM
from actions.reply import Outcome, Reply
from actions.step import Step
from actions.talk import Talk, payload
from actions.trade.bill import case_of_bill
from actions.trade.case import Case
from actions.trade.changing import change
from actions.trade.citing import agreements
from actions.trade.inquiry import TRADE
from actions.trade.interview import settle_agreement
from actions.trade.storing import find, last, number_in
from knowledge.origin.model import BadInput
from knowledge.origin.reading import template
from knowledge.origin.result import Refusal
from knowledge.origin.telling import tell as told_result

XLSX = "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet"
BILL_ENDINGS = ("csv", "xlsx", "json")
FAULTS_AT_MOST = 8


class ChangeCase(Step):
    """Changes one thing of the case last weighed, and weighs it again."""

    action = "action_change_case"

    def respond(self, talk: Talk) -> None:
        """Changes it; says what can be changed where nothing was recognised."""
        case = current(talk)
        if case is None:
            reply = Reply(text=talk.say("change_none"), choices=(talk.choice("button_origin", payload("ask_origin")),))
            talk.reply(reply, Outcome.NEEDS_INPUT)
            return
        changed = None if talk.is_payload else change(case, talk)
        if changed is None:
            talk.reply(Reply(text=talk.say("change_how", example=_example(case, talk))), Outcome.NEEDS_INPUT)
            return
        told = changed.case.told(changed=changed.told)
        TRADE.begin(talk, settle_agreement(told).model_dump())
        talk.follow_with(FORM)


class OpenSimulation(Step):
    """Opens a simulation again, by its number or the last one."""

    action = "action_open_simulation"

    def respond(self, talk: Talk) -> None:
        """Weighs it again as it stands, so that today's knowledge answers."""
        number = talk.entity("value") or number_in(talk.question)
        stored = find(number, talk.conversation_id) if number else last(talk.conversation_id)
        if stored is None:
            key = "open_not_found" if number else "open_none"
            text = talk.say(key, number=number) if number else talk.say(key)
            talk.reply(Reply(text=text), Outcome.NOT_IN_KNOWLEDGE if number else Outcome.NEEDS_INPUT)
            return
        day = stored.at.date().isoformat()
        talk.reply(Reply(text=talk.say("open_found", number=stored.number, day=day)), Outcome.ANSWERED)
        TRADE.begin(talk, stored.case.told(before=stored.number, changed=()).model_dump())
        talk.follow_with(FORM)


class GetTemplate(Step):
    """Gives the table to fill in with the materials."""

    action = "action_template"

    def respond(self, talk: Talk) -> None:
        """Gives it, with how to send it back."""
        file = keep_file(talk.conversation_id, talk.say("template_name"), XLSX, template(talk.language))
        talk.reply(Reply(text=talk.say("template_how"), file=file), Outcome.ANSWERED)


class TakeFile(Step):
    """Takes a file that was sent: a bill of materials is weighed."""

    action = "action_take_file"

    def respond(self, talk: Talk) -> None:
        """Reads it; what is wrong is told with its row and column, and nothing told before is lost."""
        file_id = talk.entity("value")
        found = sent_file(talk.conversation_id, file_id) if file_id else None
        if found is None:
            talk.reply(Reply(text=talk.say("file_gone" if file_id else "file_none")), Outcome.NEEDS_INPUT)
            return
        row, content = found
        if take(talk, row, content):
            talk.follow_with(FORM)
            return
        if row.name.rsplit(".", 1)[-1].lower() not in BILL_ENDINGS:
            choices = (talk.choice("button_template", payload("get_template")),)
            talk.reply(Reply(text=talk.say("file_unreadable", name=row.name), choices=choices), Outcome.NEEDS_INPUT)
            return
        self._bill(talk, row.name, content)

    def _bill(self, talk: Talk, name: str, content: bytes) -> None:
        try:
            case = case_of_bill(name, content, current(talk))
        except BadInput as error:
            self._refuse(talk, name, error)
            return
        counted = len(case.materials)
        talk.reply(Reply(text=talk.say("file_read", name=name, count=counted)), Outcome.ANSWERED)
        TRADE.begin(talk, settle_agreement(case).model_dump())
        talk.remember(**{MISSED_SLOT: None})
        talk.follow_with(FORM)

    def _refuse(self, talk: Talk, name: str, error: BadInput) -> None:
        faults = told_result(Refusal(error.faults), agreements(), talk.language)["errors"]
        lines = [talk.say("file_faults", name=name), *(f"· {fault['text']}" for fault in faults[:FAULTS_AT_MOST])]
        if len(faults) > FAULTS_AT_MOST:
            lines.append(talk.say("file_more_faults", count=len(faults) - FAULTS_AT_MOST))
        choices = (talk.choice("button_template", payload("get_template")),)
        talk.reply(Reply(text="\n".join(lines), choices=choices), Outcome.NEEDS_INPUT)


_SUPPOSING = re.compile(r"면\s*(?:요|은요|어때\S*|어떻게\s*\S+|되\S*|돼\S*)?\s*\??$|\bif\b", re.IGNORECASE)


def supposes(talk: Talk) -> bool:
    """Tells whether the words change the case just weighed ("홍콩 거쳐서 가면?"), whatever they look like otherwise."""
    return bool(_SUPPOSING.search(talk.question.strip())) and changes(talk)


def changes(talk: Talk) -> bool:
    """Tells whether the words name something of the case just weighed, and another value for it."""
    case, paper = current(talk), talk.slot("paper") or {}
    if case is None or talk.is_payload or paper.get("kind") != "simulation":
        return False
    return change(case, talk) is not None


def current(talk: Talk) -> Case | None:
    """Returns the case spoken of, or None where none was begun."""
    known = talk.slot("case")
    return Case.model_validate(known) if known else None


def _example(case: Case, talk: Talk) -> str:
    return case.materials[0].name if case.materials else talk.say("change_material")
