"""Tells a checklist of papers, one card for each degree of need, and prints it."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from actions.errands.days import today
from actions.files import keep_file
from actions.papers.checklist_pdf import NEEDS, checklist_paper
from actions.papers.checklist_xlsx import checklist_workbook
from actions.present import show
from actions.reply import Card, Choice, Outcome, Reply, SourceNote
from actions.talk import Talk, payload
from actions.trade.citing import once, pack_folder, told_note
from knowledge.guides.answer import ASKED
from knowledge.guides.checklist import checklist

XLSX = "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet"
PDF = "application/pdf"


def tell_papers(talk: Talk, told: Mapping[str, str]) -> None:
    """Says what was understood, the papers by need, what to mind, and gives the list as a workbook."""
    found = _found(talk, told)
    talk.remember(paper={"kind": "checklist", "told": dict(told)})
    _tell_facts(talk, found)
    for need in NEEDS:
        _tell_need(talk, found, need)
    _tell_rest(talk, found)


def print_papers(talk: Talk, paper: dict[str, Any]) -> bool:
    """Prints the checklist told last, as a PDF in the language spoken now."""
    if "told" not in paper:
        return False
    found = _found(talk, paper["told"])
    content = checklist_paper(found, talk.language, today())
    file = keep_file(talk.conversation_id, talk.say("errand_papers_pdf"), PDF, content)
    talk.reply(Reply(text=talk.say("errand_papers_printed"), file=file), Outcome.ANSWERED)
    return True


def _found(talk: Talk, told: Mapping[str, str]) -> dict[str, Any]:
    return checklist(**{name: told.get(name) for name in ASKED}, language=talk.language, folder=pack_folder())


def _tell_facts(talk: Talk, found: dict[str, Any]) -> None:
    unknown = talk.say("checklist_unknown")
    facts = [
        talk.say("errand_fact", name=talk.say(f"checklist_field_{name}"), value=fact["name"] if fact else unknown)
        for name, fact in found["facts"].items()
    ]
    lines = [talk.say("errand_papers_for"), *facts]
    notes: tuple[SourceNote, ...] = ()
    if found["warnings"]:
        lines += [talk.say("errand_mind"), *(f"· {warning['text']}" for warning in found["warnings"])]
        notes = once(told_note(warning["source"], f"checklist.{warning['id']}") for warning in found["warnings"])
    talk.reply(Reply(text="\n".join(lines), sources=notes), Outcome.ANSWERED)


def _tell_need(talk: Talk, found: dict[str, Any], need: str) -> None:
    rows = [row for row in found["rows"] if row["need"] == need]
    if not rows:
        return
    card = Card(
        kind="list",
        title=talk.say(f"checklist_group_{need}"),
        rows=tuple((row["document"], _why(talk, row)) for row in rows),
    )
    notes = once(
        told_note(source, row["record"] or f"checklist.{row['id']}") for row in rows for source in row["sources"]
    )
    records = tuple(row["record"] for row in rows if row["record"])
    talk.reply(Reply(card=card, sources=notes), Outcome.ANSWERED, records)


def _why(talk: Talk, row: dict[str, Any]) -> str:
    makers = talk.say("errand_papers_by", makers=", ".join(row["makers"]))
    return "\n".join(part for part in (makers, row["why"], row["condition"]) if part)


def _tell_rest(talk: Talk, found: dict[str, Any]) -> None:
    lines = [entry["text"] for entry in found["not_known"]]
    choices: list[Choice] = [talk.choice("errand_button_pdf", payload("get_paper"))]
    if found["questions"]:
        lines.append(talk.say("errand_papers_open", fields=", ".join(_open_fields(talk, found))))
        choices.append(talk.choice("errand_button_open", payload("make_checklist", value="open")))
    lines.append(talk.say("errand_papers_file"))
    choices += [
        talk.choice("errand_button_deadlines", payload("count_deadlines")),
        talk.choice("errand_button_new", payload("make_checklist", value="new")),
    ]
    asked = filter(None, (talk.record(record) for entry in found["not_known"] for record in entry["ask"]))
    choices += [show(talk, record) for record in asked][:2]
    content = checklist_workbook(found, talk.language, today())
    file = keep_file(talk.conversation_id, talk.say("errand_papers_xlsx"), XLSX, content)
    talk.reply(Reply(text="\n".join(lines), file=file, choices=tuple(choices)), Outcome.ANSWERED)


def _open_fields(talk: Talk, found: dict[str, Any]) -> list[str]:
    return [talk.say(f"checklist_field_{question['field']}") for question in found["questions"]]
