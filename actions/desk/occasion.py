"""The occasion on which somebody asks for a person: why, what is known then, when people are there, who else helps."""

from __future__ import annotations

from typing import Any

import structlog
from pydantic import TypeAdapter
from sqlalchemy import select

from actions.desk.hours import read_hours
from actions.handover_summary import HandoverSummary, summarise
from actions.lookup import not_known
from actions.present import show, sources
from actions.reply import Outcome, Reply
from actions.talk import Talk
from knowledge.database.engine import sessions
from knowledge.database.tables import FeedbackRow, TurnRow
from knowledge.settings import settings

log = structlog.get_logger("naru.desk")

HELP_LINES = ("organisation.kita", "organisation.sme-export-centre", "organisation.kotra")
"""Whom to ask when a person is wanted and no team is connected."""

_SUMMARY = TypeAdapter(HandoverSummary)


def reason_of(talk: Talk) -> str:
    """Returns why somebody asks for a person, by what went before."""
    if talk.before == "action_dissatisfied" or _thumb_down(talk.conversation_id):
        return "dissatisfied"
    return "not_known" if int(talk.slot("misses") or 0) else "asked"


def summary_of(conversation_id: str) -> Any:
    """Returns the summary as JSON; None where it could not be made, which must keep nobody from a person."""
    try:
        found = summarise(conversation_id, "en" if settings().default_language == "en" else "ko")
        return _SUMMARY.dump_python(found, mode="json")
    except Exception:
        log.exception("no summary", conversation=conversation_id)
        return None


def told_hours(talk: Talk) -> str:
    """Returns the desk's hours as people read them."""
    return read_hours(settings().desk_hours).told(talk.language)


def point_elsewhere(talk: Talk, lead: str, outcome: Outcome) -> None:
    """Says whom else people can ask: the help lines in the knowledge."""
    records = [record for record in map(talk.record, HELP_LINES) if record]
    if not records:
        not_known(talk)
        return
    lines = [lead]
    for record in records:
        words = record.text(talk.language)
        lines.append(talk.say("handover_line", name=words.name, website=record.website or ""))
    notes = tuple(note for record in records for note in sources(record, talk.language))
    choices = tuple(show(talk, record) for record in records)
    talk.reply(Reply(text="\n".join(lines), choices=choices, sources=notes), outcome, tuple(r.id for r in records))


def _thumb_down(conversation_id: str) -> bool:
    """Tells whether the person put a thumb down on the last turn."""
    mine = select(TurnRow.turn_id).where(TurnRow.conversation_id == conversation_id)
    last = mine.order_by(TurnRow.turn_id.desc()).limit(1).scalar_subquery()
    down = (FeedbackRow.conversation_id == conversation_id) & (FeedbackRow.turn_id == last)
    with sessions(settings().database)() as session:
        return session.scalar(select(FeedbackRow.id).where(down, FeedbackRow.verdict == "down").limit(1)) is not None
