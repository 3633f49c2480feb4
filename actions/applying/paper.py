"""Prints the application that was sent, from what was sent."""

from __future__ import annotations

from typing import Any

from actions.applying.steps import own
from actions.cases import Cases
from actions.cases.package import APPLICATION
from actions.cases.summary import pdf_of
from actions.files import keep_file
from actions.reply import Outcome, Reply
from actions.talk import Talk

PDF = "application/pdf"


def print_application(talk: Talk, paper: dict[str, Any]) -> bool:
    """Gives the PDF of an application of this conversation; False where there is none."""
    application = own(talk, str(paper.get("id") or ""))
    if application is None:
        return False
    package = Cases().package(application.id)
    if package is None or package["schema"] != APPLICATION:
        talk.reply(Reply(text=talk.say("application_paper_not_sent")), Outcome.ANSWERED)
        return True
    name = talk.say("application_paper_name", number=application.number)
    file = keep_file(talk.conversation_id, name, PDF, pdf_of(package))
    talk.reply(Reply(text=talk.say("application_paper_made"), file=file), Outcome.ANSWERED)
    return True
