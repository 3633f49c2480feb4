"""Tells a firm how its application stands."""

from __future__ import annotations

from datetime import datetime

from babel.dates import format_date

from actions.cases.applications import Cases
from actions.cases.days import SEOUL
from actions.cases.forms import form_of
from actions.cases.outbox import Delivery
from actions.cases.standing import Application
from actions.cases.states import State
from actions.texts import text
from knowledge.record import Language


def status_text(cases: Cases, application: Application, language: Language) -> str:
    """Returns in some sentences where an application stands, the desk's last note, and whether it was handed over."""
    last = cases.history(application.id)[-1]
    name = form_of(application.programme).names[language]
    values = {"programme": name, "number": application.number or "", "date": _day(last.at, language)}
    lines = [text(f"case_status_{application.state}", language, **values)]
    if last.note:
        lines.append(text("case_status_note", language, note=last.note))
    sent = cases.deliveries(application.id)
    if sent and application.state is State.SUBMITTED:
        lines.append(_handed_over(sent[-1], language))
    return "\n".join(lines)


def _handed_over(delivery: Delivery, language: Language) -> str:
    if delivery.delivered_at is not None:
        done = "case_delivery_printed" if delivery.connector == "print" else "case_delivery_done"
        return text(done, language, date=_day(delivery.delivered_at, language))
    return text("case_delivery_failed" if delivery.failed_at else "case_delivery_waiting", language)


def _day(at: datetime, language: Language) -> str:
    return format_date(at.astimezone(SEOUL).date(), "long", locale=language)
