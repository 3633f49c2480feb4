"""Beside a call or chat: what the customer needs, an answer to send or read out, the next question, records, tools.

Nothing here speaks to the customer but ``send``, and only for whoever has the conversation.
"""

from __future__ import annotations

import asyncio
import time
from pathlib import Path
from typing import Annotated, Any

from fastapi import APIRouter, Query, Request, Response, UploadFile
from fastapi.responses import JSONResponse
from pydantic import BaseModel, Field, ValidationError

from actions.desk.handovers import ACTIVE, Handover
from actions.present import answer
from actions.reply import Reply
from actions.texts import MissingText, text
from actions.trade.bill import case_of_bill
from bot.assistant import Assistant
from bot.conversations import UnknownConversation
from bot.desk import NotTheirs
from bot.suggesting import Suggestion, suggest
from channels.console.assist_forms import choices
from channels.console.assist_saying import aloud, as_text, opened, sealed
from channels.console.assist_tools import TOOLS, Desk, Form, Told, Wrong, bill_faults, form_of
from channels.console.audit import audited
from channels.console.entry import Role, Staff, need
from channels.console.live import DeskDep, Key, SeenDep
from channels.console.page import environment, page
from channels.console.sending_once import SendingOnce
from channels.conversations_api import AssistantDep, SettingsDep
from channels.problems import Problem
from knowledge.hs.ready import finder
from knowledge.origin.model import BadInput
from knowledge.record import Language, Record
from knowledge.settings import Settings
from knowledge.shelf import shelf

router = APIRouter(prefix="/console/assist", dependencies=[need(Role.AGENT, Role.SUPERVISOR)])

RECORDS = 8
"""Records one search shows."""

ALIKE = 0.4
"""Share of the best score from which another record is shown."""

SURE_FROM = 0.8
"""Confidence from which a need is shown as sure."""

Typed = Annotated[str, Field(min_length=1, max_length=2000)]


class Question(BaseModel):
    """What the customer wrote, or an agent typed for a caller."""

    text: Typed


class Sending(BaseModel):
    """An answer to send as it is, with a key of its own by which a second delivery is known."""

    key: Key
    ticket: Annotated[str, Field(max_length=400_000)]


@router.get("/records")
async def find_records(
    request: Request,
    staff: DeskDep,
    q: Annotated[str, Query(max_length=300)] = "",
    language: Annotated[Language, Query()] = "ko",
) -> Response:
    """Finds records by words, for the box beside a call."""
    found = await asyncio.to_thread(_records, q.strip(), language) if q.strip() else []
    return page(request, staff, "assist_records.html", found=found, spoken=language)


@router.get("/{handover_id}/panel")
async def panel(request: Request, found: SeenDep, staff: DeskDep) -> Response:
    """Shows the empty panel with the tools' forms."""
    asyncio.get_running_loop().run_in_executor(None, _warm)
    forms = await asyncio.to_thread(choices, staff.language)
    return page(request, staff, "assist_panel.html", handover=found, forms=forms)


@router.post("/{handover_id}/suggest")
async def make_suggestion(
    question: Question, request: Request, found: SeenDep, staff: DeskDep, settings: SettingsDep, naru: AssistantDep
) -> Response:
    """Suggests what to answer; that it was used is noted, not what was asked."""
    started = time.perf_counter()
    try:
        told = await suggest(naru, question.text, found.conversation_id, _spoken(found))
    except UnknownConversation as error:
        raise Problem(404) from error
    took = round((time.perf_counter() - started) * 1000)
    await audited(staff, "assist.suggested", found.conversation_id, handover=found.id, milliseconds=took)
    shown = _shown_suggestion(told, found, staff, settings)
    body = {
        "html": shown,
        "need": told.need.name,
        "confidence": round(told.need.confidence, 2),
        "weak": told.weak,
        "language": told.language,
        "tools": [{"name": tool.name, "filled": tool.filled} for tool in told.tools],
        "milliseconds": took,
    }
    return JSONResponse(body)


@router.get("/{handover_id}/records/{record_id}")
async def show_record(
    record_id: str,
    found: SeenDep,
    staff: DeskDep,
    settings: SettingsDep,
    language: Annotated[Language, Query()] = "ko",
) -> Response:
    """Shows a record as Naru tells it, to send or to read out."""
    record = shelf().library.get(record_id)
    if record is None:
        raise Problem(404)
    reply = await asyncio.to_thread(lambda: answer(Desk(found.conversation_id, language).talk("define"), record))
    replies = [reply.model_copy(update={"choices": ()})]
    return JSONResponse({"html": _shown_answer(replies, found, staff, settings, language)})


@router.post("/{handover_id}/tools/{tool}")
async def use_tool(
    tool: str, request: Request, found: SeenDep, staff: DeskDep, settings: SettingsDep, naru: AssistantDep
) -> Response:
    """Uses a tool for the customer; what it makes belongs to their conversation."""
    if tool not in TOOLS:
        raise Problem(404)
    _require_held(found, staff)
    kind, run = TOOLS[tool]
    data = await request.json()
    language: Language = "en" if data.pop("language", None) == "en" else "ko"
    try:
        form: Form = kind.model_validate(data)
        told: Told = await asyncio.to_thread(run, form, await _dialogue(naru, found), language)
    except ValidationError as error:
        return _refused([(".".join(map(str, each["loc"])), each["msg"]) for each in error.errors()], staff.language)
    except Wrong as error:
        return _refused(error.faults, staff.language)
    await audited(staff, "assist.tool", found.conversation_id, handover=found.id, tool=tool, verdict=told.verdict)
    body = {
        "html": _shown_answer(told.replies, found, staff, settings, language, told),
        "verdict": told.verdict,
        "document": told.document,
        "offers": told.offers,
        "paper": told.paper,
    }
    return JSONResponse(body)


@router.post("/{handover_id}/bill")
async def read_bill(file: UploadFile, found: SeenDep, staff: DeskDep, settings: SettingsDep) -> Response:
    """Reads a bill of materials (CSV, XLSX, JSON) into the form; what is wrong is told by row and column."""
    _require_held(found, staff)
    content = await file.read(settings.largest_file + 1)
    if len(content) > settings.largest_file:
        raise Problem(413)
    name = Path((file.filename or "bill").replace("\\", "/")).name
    try:
        case = await asyncio.to_thread(case_of_bill, name, content, None)
    except BadInput as error:
        return _refused(bill_faults(error, staff.language).faults, staff.language)
    await audited(staff, "assist.bill", found.conversation_id, handover=found.id, rows=len(case.materials))
    return JSONResponse({"form": form_of(case)})


@router.post("/{handover_id}/send")
async def send(sending: Sending, found: SeenDep, staff: DeskDep, settings: SettingsDep, naru: AssistantDep) -> Response:
    """Says an answer to the customer as it is, with card, sources and file, once however often it is sent."""
    replies = opened(sending.ticket, found.conversation_id, settings)
    if not replies:
        raise Problem(422, "no answer of this conversation")
    once = SendingOnce(settings)
    if await asyncio.to_thread(once.known, found.id, staff.id, sending.key):
        return JSONResponse({"turn": None})
    try:
        first = once.first(found.id, staff.id, sending.key)
        turn = await naru.speak(found.conversation_id, replies, staff.shown_as, staff.id, first)
    except NotTheirs:
        if await asyncio.to_thread(once.known, found.id, staff.id, sending.key):
            return JSONResponse({"turn": None})
        return _not_theirs(staff)
    except UnknownConversation as error:
        raise Problem(404) from error
    await audited(staff, "assist.sent", found.conversation_id, handover=found.id, turn=turn.turn_id)
    return JSONResponse({"turn": turn.turn_id})


def _require_held(found: Handover, staff: Staff) -> None:
    """Lets only whoever has the conversation do something in it.

    Raises:
        Problem: 409.
    """
    if found.state != ACTIVE or found.staff_id != staff.id:
        raise Problem(409, "the conversation is not yours")


async def _dialogue(naru: Assistant, found: Handover) -> str:
    try:
        return await asyncio.to_thread(naru.conversations.dialogue, found.conversation_id)
    except UnknownConversation as error:
        raise Problem(404) from error


def _spoken(found: Handover) -> Language:
    return "en" if found.language == "en" else "ko"


def _warm() -> None:
    """Looks one code up, because the first search of a process waits for its tables; nobody on the phone should."""
    finder().find("양말", "ko", top=1)


def _records(words: str, language: Language) -> list[Record]:
    """Returns the records that fit words best, without those that fit far worse."""
    opened = shelf()  # once: what is shown may change between two looks
    hits = opened.search.find(words, language, top=RECORDS)
    least = ALIKE * hits[0].score if hits else 0.0
    return [opened.library.records[hit.record] for hit in hits if hit.score > 0 and hit.score >= least]


def need_name(intent: str, language: Language) -> str:
    """Returns what somebody wants in words; the bare name where there are none."""
    try:
        return text(f"console_assist_need_{intent}", language)
    except MissingText:
        return intent


def _shown_suggestion(told: Suggestion, found: Handover, staff: Staff, settings: Settings) -> str:
    percent = round(told.need.confidence * 100)
    return _rendered(
        "assist_suggestion.html",
        staff,
        handover=found,
        told=told,
        need=need_name(told.need.name, staff.language),
        percent=percent,
        sure="sure" if told.need.confidence >= SURE_FROM and not told.weak else "weak" if told.weak else "likely",
        answer=_answer(told.replies, found, settings, told.language),
    )


def _shown_answer(
    replies: Any, found: Handover, staff: Staff, settings: Settings, language: Language, told: Told | None = None
) -> str:
    shown = _answer(tuple(replies), found, settings, language)
    return _rendered("assist_answer.html", staff, handover=found, answer=shown, told=told)


def _answer(replies: tuple[Reply, ...], found: Handover, settings: Settings, language: Language) -> dict[str, Any]:
    return {
        "replies": replies,
        "ticket": sealed(replies, found.conversation_id, settings) if replies else "",
        "text": as_text(replies, language),
        "aloud": aloud(replies),
        "language": language,
    }


def _rendered(template: str, staff: Staff, **values: Any) -> str:
    """Returns a part of a page, in the words of who reads it."""
    return environment().get_template(template).render(language=staff.language, staff=staff, items=(), **values)


def _refused(faults: Any, language: Language) -> JSONResponse:
    """Returns what is wrong with a form, field by field."""
    told = [{"field": name, "text": words or _missing(name, language)} for name, words in faults]
    body = {"title": "wrong form", "status": 422, "told": " ".join(each["text"] for each in told), "faults": told}
    return JSONResponse(body, 422, media_type="application/problem+json")


def _missing(name: str, language: Language) -> str:
    try:
        return text(f"console_assist_missing_{name}", language)
    except MissingText:
        return text("console_assist_missing", language)


def _not_theirs(staff: Staff) -> JSONResponse:
    body = {"title": "not theirs", "status": 409, "told": text("console_assist_not_yours", staff.language)}
    return JSONResponse(body, 409, media_type="application/problem+json")
