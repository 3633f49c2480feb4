"""The knowledge desk's examples: real questions become examples of an intent, and a model goes live once weighed.

What may be an example is decided in ``bot/teaching.py``, whether a model may serve in ``bot/weighing.py``.
"""

from __future__ import annotations

import asyncio
from typing import Annotated, Any

from fastapi import APIRouter, Form, Path, Query, Request, Response
from fastapi.responses import RedirectResponse

from actions.desk.examples import KEPT, NEW, Examples
from actions.desk.training_runs import CANCELLED, Run, Running, TrainingRuns
from bot.candidate import may_go_live
from bot.model_in_service import chosen
from bot.personal import Cleaned, cleaned, plain
from bot.teaching import LONGEST, Refused, refused, teachable
from bot.training import inputs_digest
from channels.console.audit import audited
from channels.console.entry import Role, Staff, need
from channels.console.insight_words import Names
from channels.console.page import page
from channels.console.training_process import begin
from channels.conversations_api import SettingsDep
from channels.problems import Problem
from knowledge.language.detect import detect_language
from knowledge.record import Language
from knowledge.settings import Settings

HERE = "/console/knowledge/training"

router = APIRouter(prefix=HERE, dependencies=[need(Role.EDITOR)])

EditorDep = Annotated[Staff, need(Role.EDITOR)]
Id = Annotated[int, Path(ge=1, le=2**31 - 1)]
Words = Annotated[str, Form(max_length=2000)]
Intent = Annotated[str, Form(max_length=60)]
Told = Annotated[str, Query(pattern="^[a-z_]{0,20}$")]

REASON_LETTERS = 10
"""Letters an admin's reason for a model that was refused has at least."""


@router.get("")
async def overview(
    request: Request,
    staff: EditorDep,
    settings: SettingsDep,
    question: Annotated[str, Query(max_length=5000)] = "",
    language: Annotated[Language | None, Query()] = None,
    told: Told = "",
) -> Response:
    """Shows the examples and trainings; a question that comes along is offered as an example, cleaned."""
    entered: dict[str, Any] = {"text": "", "intent": "", "language": language or "ko"}
    clean = Cleaned("", ())
    guesses: list[tuple[str, float]] = []
    if question.strip():
        clean = await asyncio.to_thread(cleaned, question[: 4 * LONGEST])
        guesses = await _guesses(request, clean.text)
        entered["text"] = clean.text
        entered["intent"] = guesses[0][0] if guesses else ""
        entered["language"] = language or detect_language(clean.text) or "ko"
    return await _overview(request, staff, settings, entered=entered, removed=clean.removed, guesses=guesses, told=told)


@router.post("/examples")
async def add(
    request: Request,
    staff: EditorDep,
    settings: SettingsDep,
    text: Words,
    intent: Intent,
    language: Annotated[Language, Form()],
    later: Annotated[bool, Form()] = False,
) -> Response:
    """Keeps an example, or puts it by as new; refuses what may not be one."""
    words = plain(text)
    fault = await _fault(words, intent, settings)
    if fault:
        entered = {"text": words, "intent": intent, "language": language}
        return await _overview(request, staff, settings, entered=entered, fault=fault)
    state = NEW if later else KEPT
    made = await asyncio.to_thread(Examples(settings).add, intent, language, words, state, staff.id)
    await audited(staff, "example.added", str(made), intent=intent, state=state)
    return RedirectResponse(f"{HERE}?told={'put_by' if later else 'kept'}#examples", 303)


@router.post("/examples/{example_id}")
async def keep(
    request: Request,
    staff: EditorDep,
    settings: SettingsDep,
    example_id: Id,
    text: Words,
    intent: Intent,
    language: Annotated[Language, Form()],
) -> Response:
    """Keeps an example as it reads now."""
    words = plain(text)
    if await asyncio.to_thread(Examples(settings).find, example_id) is None:
        raise Problem(404)
    fault = await _fault(words, intent, settings, instead_of=example_id)
    if fault:
        changed = {"id": example_id, "text": words, "intent": intent, "language": language}
        return await _overview(request, staff, settings, changed=changed, fault=fault)
    made = await asyncio.to_thread(Examples(settings).replace, example_id, intent, language, words, staff.id)
    if made is None:
        raise Problem(404)
    await audited(staff, "example.kept", str(made), intent=intent, before=example_id)
    return RedirectResponse(f"{HERE}?told=kept#examples", 303)


@router.post("/examples/{example_id}/discard")
async def discard(staff: EditorDep, settings: SettingsDep, example_id: Id) -> Response:
    """Takes an example out of the next training."""
    if not await asyncio.to_thread(Examples(settings).discard, example_id):
        raise Problem(404)
    await audited(staff, "example.discarded", str(example_id))
    return RedirectResponse(f"{HERE}?told=discarded#examples", 303)


@router.post("/runs")
async def start(request: Request, staff: EditorDep, settings: SettingsDep) -> Response:
    """Starts a training with every kept example, in a process of its own."""
    kept = [each.id for each in await asyncio.to_thread(Examples(settings).kept)]
    live = await asyncio.to_thread(TrainingRuns(settings).live)
    known = live is not None and live.inputs == await asyncio.to_thread(inputs_digest) and list(live.examples) == kept
    if known or (not kept and live is None):
        return await _overview(request, staff, settings, fault=Refused("nothing_new"))
    try:
        run = await asyncio.to_thread(TrainingRuns(settings).start, kept, staff.id)
    except Running:
        return await _overview(request, staff, settings, fault=Refused("running"))
    await asyncio.to_thread(begin, run.id, settings)
    await audited(staff, "training.started", str(run.id), examples=len(kept))
    return RedirectResponse(f"{HERE}/runs/{run.id}", 303)


@router.get("/runs/{run_id}")
async def watch(request: Request, staff: EditorDep, settings: SettingsDep, run_id: Id, told: Told = "") -> Response:
    """Shows how a training goes, or what its weighing showed."""
    return await _run_page(request, staff, settings, await _run(settings, run_id), told=told)


@router.post("/runs/{run_id}/cancel")
async def cancel(staff: EditorDep, settings: SettingsDep, run_id: Id) -> Response:
    """Ends a training that is under way; its process notices at its next sign of life."""
    run = await _run(settings, run_id)
    if await asyncio.to_thread(TrainingRuns(settings).fail, run.id, CANCELLED):
        await audited(staff, "training.cancelled", str(run_id))
    return RedirectResponse(f"{HERE}/runs/{run_id}", 303)


@router.post("/runs/{run_id}/live")
async def go_live(
    request: Request, staff: EditorDep, settings: SettingsDep, run_id: Id, reason: Words = ""
) -> Response:
    """Lets a weighed model serve; one that was refused only for an admin who says why."""
    run = await _run(settings, run_id)
    hindered = await asyncio.to_thread(may_go_live, run, settings)
    if hindered:
        return await _run_page(request, staff, settings, run, fault=hindered)
    override = None
    if run.report.get("against"):
        if staff.role is not Role.ADMIN:
            raise Problem(403)
        why = (await asyncio.to_thread(cleaned, reason)).text[:300]
        if len(why) < REASON_LETTERS:
            return await _run_page(request, staff, settings, run, fault="reason")
        override = {"staff": staff.shown_as, "reason": why}
    if not await asyncio.to_thread(TrainingRuns(settings).go_live, run_id, override):
        return await _run_page(request, staff, settings, await _run(settings, run_id), fault="state")
    await audited(staff, "model.live", str(run_id), **({"override": override["reason"]} if override else {}))
    return RedirectResponse(f"{HERE}/runs/{run_id}?told=live", 303)


@router.post("/runs/{run_id}/back")
async def go_back(request: Request, staff: EditorDep, settings: SettingsDep, run_id: Id) -> Response:
    """Takes a live model back, and lets the one before it serve again."""
    run = await _run(settings, run_id)
    inputs = await asyncio.to_thread(inputs_digest)
    if not await asyncio.to_thread(TrainingRuns(settings).go_back, run_id, inputs):
        return await _run_page(request, staff, settings, run, fault="state")
    await audited(staff, "model.back", str(run_id))
    return RedirectResponse(f"{HERE}/runs/{run_id}?told=back", 303)


async def _guesses(request: Request, words: str) -> list[tuple[str, float]]:
    """Returns the likeliest intents that can be taught, none while there is no assistant."""
    naru = request.app.state.assistant
    if naru is None or not words:
        return []
    parsed = await naru.parse(words)
    ranking = parsed.get("intent_ranking") or [parsed["intent"]]
    known = teachable()
    return [(each["name"], float(each["confidence"])) for each in ranking if each["name"] in known][:3]


async def _fault(words: str, intent: str, settings: Settings, instead_of: int | None = None) -> Refused | None:
    others = [each for each in await asyncio.to_thread(Examples(settings).all) if each.id != instead_of]
    return await asyncio.to_thread(refused, words, intent, others, settings)


async def _run(settings: Settings, run_id: int) -> Run:
    run = await asyncio.to_thread(TrainingRuns(settings).find, run_id)
    if run is None:
        raise Problem(404)
    return run


async def _overview(
    request: Request,
    staff: Staff,
    settings: Settings,
    entered: dict[str, Any] | None = None,
    changed: dict[str, Any] | None = None,
    removed: tuple[str, ...] = (),
    guesses: list[tuple[str, float]] | None = None,
    fault: Refused | None = None,
    told: str = "",
) -> Response:
    examples = await asyncio.to_thread(Examples(settings).all)
    runs = await asyncio.to_thread(TrainingRuns(settings).recent)
    names = Names(staff.language)
    return page(
        request,
        staff,
        "knowledge_training.html",
        status=422 if fault else 200,
        examples=sorted(examples, key=lambda each: (each.state == KEPT, names.of("intents", each.intent))),
        runs=runs,
        intents=sorted(((intent, names.of("intents", intent)) for intent in teachable()), key=lambda each: each[1]),
        names=names,
        entered=entered or {"text": "", "intent": "", "language": "ko"},
        changed=changed or {},
        removed=removed,
        guesses=guesses or [],
        fault=fault,
        fault_detail=_detail(fault, names),
        told=told,
        longest=LONGEST,
        **await _serving(request, settings),
    )


def _detail(fault: Refused | None, names: Names) -> str:
    """Returns what a refusal's text is filled in with, in the reader's words."""
    return (
        names.of("intents", fault.detail) if fault and fault.reason == "contradicts" else fault.detail if fault else ""
    )


async def _run_page(
    request: Request, staff: Staff, settings: Settings, run: Run, fault: str | None = None, told: str = ""
) -> Response:
    return page(
        request,
        staff,
        "knowledge_training_run.html",
        status=409 if fault else 200,
        run=run,
        examples=await asyncio.to_thread(Examples(settings).of, run.examples),
        hindered=await asyncio.to_thread(may_go_live, run, settings),
        may_override=staff.role is Role.ADMIN,
        names=Names(staff.language),
        fault=fault,
        told=told,
        evaluation=settings.evaluation_set.name,
        **await _serving(request, settings),
    )


async def _serving(request: Request, settings: Settings) -> dict[str, Any]:
    """Returns which model is to serve, and which one this process has."""
    service = request.app.state.model
    return {
        "wanted": await asyncio.to_thread(chosen, settings),
        "live": await asyncio.to_thread(TrainingRuns(settings).live),
        "serving": service.now,
        "not_loaded": service.fault,
        "pinned": settings.model_path is not None,
    }
