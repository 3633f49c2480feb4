"""Tells a diagnosis: the obstacles with their reasons, the steps for this week, who helps, and what is not known."""

from __future__ import annotations

from typing import Any

from actions.cases.forms import programmes_with_form
from actions.firm.known import profile
from actions.firm.telling import further, lines, listed, notes
from actions.lookup import remember_topic
from actions.present import show
from actions.reply import Card, Choice, Outcome, Reply
from actions.talk import Talk, payload
from knowledge.diagnosis.diagnose import diagnose
from knowledge.programmes.finder import Match, Verdict, find
from knowledge.programmes.finder import show as weigh
from knowledge.programmes.offers import UnknownProgramme

OPEN_AT_MOST = 3
LINKS_AT_MOST = 4

OBSTACLES_HELPED = 3
"""Obstacles that the programme offered for an application must help with."""

WEIGHED = 15
"""Programmes looked through for one that can be applied to here."""


def tell(talk: Talk, words: str, facts: dict[str, str]) -> None:
    """Tells the diagnosis of what was said and answered."""
    found = diagnose(words, facts, talk.language, talk.shelf)
    if not found["obstacles"]:
        text = lines(talk.say("diagnosis_nothing"), _open(talk, found))
        choices = further(talk, "match", "readiness", "person")
        talk.reply(Reply(text=text, choices=choices), Outcome.NEEDS_INPUT)
        return
    records = tuple(each["id"] for each in found["obstacles"])
    talk.reply(_obstacles(talk, found), Outcome.ANSWERED, records)
    talk.reply(_steps(talk, found), Outcome.ANSWERED, records)
    programmes = tuple(each["id"] for each in found["programmes"])
    if programmes:
        talk.reply(_programmes(talk, found, records), Outcome.ANSWERED, programmes)
    talk.reply(_next(talk, found), Outcome.ANSWERED, records)
    top = talk.record(records[0])
    if top:
        remember_topic(talk, top)


def _obstacles(talk: Talk, found: dict[str, Any]) -> Reply:
    rows = tuple((each["name"], _reasons(each)) for each in found["obstacles"])
    sources = [
        *((each["id"], share["source"]) for each in found["obstacles"] for share in _figures(each)),
        *((each["id"], source) for each in found["obstacles"] for source in each["sources"][:1]),
        (found["obstacles"][0]["id"], found["rule"]["source"]),
    ]
    text = talk.say("diagnosis_result" if len(rows) > 1 else "diagnosis_result_one", count=len(rows))
    card = Card(kind="list", title=talk.say("diagnosis_card"), rows=rows)
    return Reply(text=text, card=card, sources=notes(sources))


def _reasons(obstacle: dict[str, Any]) -> str:
    for_it = [reason["text"] for reason in obstacle["reasons"] if reason["points"] > 0]
    shares = [f"{figure['text']} ({figure['survey_name']})" for figure in _figures(obstacle)]
    return " ".join((*for_it, *shares))


def _figures(obstacle: dict[str, Any]) -> list[dict[str, Any]]:
    """Returns the newest figure that a survey prints: a share, else a rank."""
    printed: list[dict[str, Any]] = obstacle["shares"] or obstacle["ranks"]
    return printed[:1]


def _steps(talk: Talk, found: dict[str, Any]) -> Reply:
    rows = tuple((step["text"],) for step in found["steps"])
    sources = [(each["id"], source) for each in found["obstacles"] for source in each["sources"]]
    card = Card(kind="steps", title=talk.say("diagnosis_steps"), rows=rows)
    return Reply(text=talk.say("diagnosis_steps_lead"), card=card, sources=notes(sources))


def _programmes(talk: Talk, found: dict[str, Any], records: tuple[str, ...]) -> Reply:
    programmes = found["programmes"]
    rows = tuple((each["name"], " ".join((f"{each['verdict_text']}.", *each["why"][:2]))) for each in programmes)
    notes_said = list(dict.fromkeys(each["note"] for each in programmes if each["note"]))
    first = applicable(talk, records)
    choices: list[Choice] = []
    if first:
        title = talk.say("firm_button_apply_named", name=first.name)
        choices.append(Choice(title=title, payload=payload("apply_programme", record=first.id)))
    opened = [record for each in programmes[:2] if (record := talk.record(each["id"]))]
    choices += [show(talk, record) for record in opened]
    return Reply(
        text=lines(talk.say("diagnosis_programmes_lead"), *notes_said[:1]),
        card=Card(kind="list", title=talk.say("diagnosis_programmes"), rows=rows),
        choices=(*choices, *further(talk, "match")),
        sources=notes((each["id"], source) for each in programmes for source in _sources(talk, each["id"])),
    )


def applicable(talk: Talk, obstacles: tuple[str, ...]) -> Match | None:
    """Returns the programme that helps most and that one can apply to here, or None."""
    open_here = programmes_with_form()
    found = find(obstacles[:OBSTACLES_HELPED], profile(talk), language=talk.language, top=WEIGHED)
    usable = [match for match in found if match.verdict in (Verdict.FITS, Verdict.FITS_IF)]
    return next((match for match in usable if match.id in open_here), None)


def _sources(talk: Talk, programme: str) -> tuple[dict[str, Any], ...]:
    try:
        return weigh(programme, language=talk.language).sources[:1]
    except UnknownProgramme:
        return ()


def _next(talk: Talk, found: dict[str, Any]) -> Reply:
    whom = listed(each["name"] for each in found["organisations"])
    linked = [*found["organisations"][:2], *found["records"]][:LINKS_AT_MOST]
    opened = [show(talk, record) for each in linked if (record := talk.record(each["id"]))]
    group = found["group"]
    text = lines(
        talk.say("diagnosis_whom", names=whom) if whom else None,
        group["text"] if group else None,
        _open(talk, found),
        talk.say("diagnosis_confirm", name=found["rule"]["confirm_with_name"]),
    )
    sources = [(found["obstacles"][0]["id"], found["rule"]["source"])]
    if group:
        sources.append((group["record"], group["source"]))
    return Reply(text=text, choices=(*further(talk, "readiness", "person"), *opened), sources=notes(sources))


def _open(talk: Talk, found: dict[str, Any]) -> str | None:
    said = [each["text"] for each in found["unknown"] if each["what"] != "facts"]
    return "\n".join(f"· {line}" for line in said[:OPEN_AT_MOST]) or None
