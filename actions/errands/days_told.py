"""Tells deadlines: the days understood, what follows from them and why, and a file for the calendar."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import date
from typing import Any

from babel.dates import format_date

from actions.errands.days import today, written
from actions.errands.named_days import KINDS
from actions.errands.reminding import OFF, ON, forget_reminders, remind
from actions.files import keep_file
from actions.reply import Card, Choice, Outcome, Reply, SourceNote
from actions.talk import Talk, payload
from actions.trade.citing import agreements, once, pack_folder, told_note
from knowledge.guides.deadline_calendar import calendar
from knowledge.guides.deadlines import Deadline, data_of, deadlines, doubts, tell_deadlines

ICS = "text/calendar"


def tell_days(talk: Talk, state: Mapping[str, Any]) -> None:
    """Tells everything that follows from the days told, or that nothing does."""
    known = state.get("told", {})
    told = {name: known[name] for name in (*KINDS, "agreement", "presentation_days") if name in known}
    _tell_told(talk, told, state.get("inferred", ()))
    countable = _countable(told)
    found = deadlines(countable, today(), pack_folder())
    if not found:
        _tell_nothing(talk, told)
        return
    _tell_table(talk, found)
    _tell_calendar(talk, told, found)


def tell_reminders(talk: Talk, state: Mapping[str, Any], wish: str) -> None:
    """Sets the reminders of the days told, or takes them back, and says so."""
    if wish == OFF:
        forget_reminders(talk.conversation_id)
        talk.reply(Reply(text=talk.say("errand_reminders_off")), Outcome.ANSWERED)
        return
    known = state.get("told", {})
    told = {name: known[name] for name in (*KINDS, "agreement", "presentation_days") if name in known}
    count = remind(talk.conversation_id, deadlines(_countable(told), today(), pack_folder()))
    if not count:
        talk.reply(Reply(text=talk.say("errand_reminders_none")), Outcome.NEEDS_INPUT)
        return
    off = talk.choice("errand_button_quiet", payload("count_deadlines", value=OFF))
    talk.reply(Reply(text=talk.say("errand_reminders_on", count=count), choices=(off,)), Outcome.ANSWERED)


def kind_name(talk: Talk, name: str) -> str:
    """Returns what people call one of the days told."""
    return str(data_of(pack_folder()).words["fields"][name][talk.language])


def _tell_told(talk: Talk, told: Mapping[str, Any], inferred: Any) -> None:
    lines = [talk.say("errand_days_told")] if told else []
    for name, value in told.items():
        said = _value(talk, name, value)
        shown = talk.say("errand_days_inferred", day=said, year=value[:4]) if name in inferred else said
        lines.append(talk.say("errand_fact", name=kind_name(talk, name), value=shown))
    if any(name in told for name in inferred):
        lines.append(talk.say("errand_days_year"))
    notes: tuple[SourceNote, ...] = ()
    if "proof_issued" in told and "agreement" not in told:
        lines.append(talk.say("errand_days_no_agreement"))
    unsure = doubts(_countable(told), talk.language, pack_folder())
    if unsure:
        lines += [talk.say("errand_days_doubts"), *(f"· {each['text']}" for each in unsure)]
        notes = once(told_note(each["source"], f"deadline.{each['id']}") for each in unsure)
    if lines:
        talk.reply(Reply(text="\n".join(lines), sources=notes), Outcome.ANSWERED)


def _value(talk: Talk, name: str, value: Any) -> str:
    if name == "agreement":
        return agreements().get(value).name[talk.language]
    if name == "presentation_days":
        return talk.say("errand_days_count", count=value)
    return written(date.fromisoformat(value), talk.language)


def _tell_nothing(talk: Talk, told: Mapping[str, Any]) -> None:
    key = "errand_days_nothing" if told else "errand_days_none"
    choices = (talk.choice("errand_days_again", payload("count_deadlines", value="more")),)
    talk.reply(Reply(text=talk.say(key), choices=choices), Outcome.NEEDS_INPUT)


def _tell_table(talk: Talk, found: tuple[Deadline, ...]) -> None:
    listed = tell_deadlines(found, talk.language)
    common = _common(listed, talk)
    rows = tuple((_day(talk, each), each["what"], _why(each, common)) for each in listed)
    columns = tuple(talk.say("errand_days_columns").split("|"))
    card = Card(kind="table", title=talk.say("errand_days_card"), columns=columns, rows=rows)
    notes = once(told_note(source, f"deadline.{each['id']}") for each in listed for source in each["sources"])
    records = tuple(f"deadline.{each['id']}" for each in listed)
    talk.reply(Reply(text="\n".join(common) or None, card=card, sources=notes), Outcome.ANSWERED, records)


def _day(talk: Talk, listed: Mapping[str, Any]) -> str:
    day = str(listed["day"])
    return talk.say("errand_days_passed", day=day) if listed["passed"] and listed["kind"] != "keep_until" else day


def _common(listed: list[dict[str, Any]], talk: Talk) -> list[str]:
    """Returns the note about holidays where several deadlines have it, to be said once."""
    note = str(data_of(pack_folder()).words["holidays"][talk.language])
    return [note] if sum(note in each["notes"] for each in listed) > 1 else []


def _why(listed: Mapping[str, Any], common: list[str]) -> str:
    return " ".join((listed["why"], *(note for note in listed["notes"] if note not in common)))


def _tell_calendar(talk: Talk, told: Mapping[str, Any], found: tuple[Deadline, ...]) -> None:
    lines = [talk.say("errand_days_ship_too")] if "lc_expiry" in told and not _shipped(told) else []
    choices: tuple[Choice, ...] = (
        talk.choice("errand_days_again", payload("count_deadlines", value="more")),
        talk.choice("errand_button_new", payload("count_deadlines", value="new")),
        talk.choice("errand_button_checklist", payload("make_checklist")),
    )
    file = None
    if any(not each.passed for each in found):
        content = calendar(found, talk.language, today(), folder=pack_folder())
        file = keep_file(talk.conversation_id, talk.say("errand_days_file"), ICS, content)
        lines.append(talk.say("errand_days_calendar"))
        reminders = sorted({day for each in found for day in each.reminders})
        if reminders:
            choices = (talk.choice("errand_button_remind", payload("count_deadlines", value=ON)), *choices)
            first = format_date(reminders[0], "long", locale=talk.language)
            lines.append(talk.say("errand_days_reminders", count=len(reminders), first=first))
    else:
        lines.append(talk.say("errand_days_all_passed"))
    talk.reply(Reply(text="\n".join(lines), file=file, choices=choices), Outcome.ANSWERED)


def _countable(told: Mapping[str, Any]) -> dict[str, Any]:
    """Returns the days that can be worked with: how long a proof of origin holds, its agreement says."""
    return {name: value for name, value in told.items() if name != "proof_issued" or "agreement" in told}


def _shipped(told: Mapping[str, Any]) -> bool:
    return "shipment" in told or "latest_shipment" in told
