"""The knowledge desk's records: find, write, correct, preview, publish; what is to be looked at again.

``knowledge_record_acts.py`` has what is done to a record that stands: its versions, switching off, review.
"""

from __future__ import annotations

import asyncio
from dataclasses import replace
from typing import Annotated, Any

from fastapi import APIRouter, Query, Request, Response
from fastapi.responses import RedirectResponse

from channels.console import knowledge_record_acts
from channels.console.accounts import Staff
from channels.console.audit import audited
from channels.console.entry import Role, need
from channels.console.knowledge_listing import Listed, State, found_by, listed, one, to_review
from channels.console.knowledge_preview import Preview, preview
from channels.console.knowledge_record_acts import EditorDep, RecordId, known
from channels.console.knowledge_writing import (
    Entered,
    Weighed,
    blank,
    documents,
    entered,
    in_a_year,
    opened,
    publishing_faults,
    today,
    weighed,
    with_question,
)
from channels.console.page import page
from channels.conversations_api import SettingsDep
from channels.problems import Problem
from knowledge.check import REQUIRED
from knowledge.edited.faults import faults_of
from knowledge.edited.typed import NEW_KINDS, Fault, fields, is_id, new_id
from knowledge.edited.versions import PACK, Overtaken, Unsound, Versions
from knowledge.record import Basis, Kind
from knowledge.settings import Settings
from knowledge.shelf import shelf

router = APIRouter(prefix="/console/knowledge/records", dependencies=[need(Role.EDITOR)])

SHOWN = 50
"""Records on a page of the list."""

STALE_SHOWN = 100
"""Records a reason lists at most; what is looked at makes room for the next."""

ORDER = (
    *("name", "aliases", "plain", "exceptions", "simple", "detail", "example", "where", "for_whom"),
    *("gives", "steps", "todo", "mistakes", "questions"),
)
"""The parts of a text as they follow each other in the form."""

ALWAYS = frozenset("name aliases plain exceptions simple detail example todo questions".split())
"""Those that the form of every kind shows."""

Words = Annotated[str, Query(max_length=200)]
Question = Annotated[str, Query(max_length=2000)]


@router.get("")
async def show_list(
    request: Request,
    editor: EditorDep,
    settings: SettingsDep,
    q: Words = "",
    kind: Annotated[str, Query(max_length=40)] = "",
    state: Annotated[str, Query(max_length=20)] = "",
    start: Annotated[int, Query(ge=0, le=100_000)] = 0,
) -> Response:
    """Lists the records that words find, of one kind or state."""
    every = await asyncio.to_thread(listed, settings, editor.language)
    found = await asyncio.to_thread(found_by, q, every) if q.strip() else every
    if kind in set(Kind):
        found = [each for each in found if each.kind == kind]
    if state in set(State):
        found = [each for each in found if each.is_in(State(state), today())]
    chosen = {"q": q, "kind": kind, "state": state}
    lists: dict[str, Any] = {"kinds": list(Kind), "list_states": list(State), "start": start, "most": SHOWN}
    lists["total"] = len(found)
    shown = found[start : start + SHOWN]
    return page(request, editor, "knowledge_records.html", found=shown, chosen=chosen, today=today(), **lists)


@router.get("/stale")
async def show_stale(request: Request, editor: EditorDep, settings: SettingsDep, done: Words = "") -> Response:
    """Lists the records to be looked at again, by why."""
    every = await asyncio.to_thread(listed, settings, editor.language)
    found = to_review(every, today())
    shown: dict[str, Any] = {"found": found, "most": STALE_SHOWN, "done": done, "review_on": in_a_year()}
    return page(request, editor, "knowledge_records_stale.html", **shown)


@router.get("/new")
async def show_new(
    request: Request,
    editor: EditorDep,
    settings: SettingsDep,
    question: Question = "",
    kind: Annotated[str, Query(max_length=40)] = Kind.FAQ.value,
) -> Response:
    """Shows the form of a new record, with a question that it is to answer."""
    form = blank(Kind(kind) if kind in NEW_KINDS else Kind.FAQ, settings)
    return _form(request, editor, settings, None, with_question(form, question))


@router.post("/new")
async def write_new(request: Request, editor: EditorDep, settings: SettingsDep) -> Response:
    """Keeps, previews or publishes a new record."""
    sent = await request.form()
    kind = sent.get("kind")
    if kind not in NEW_KINDS:
        raise Problem(422, "no record of that kind is written at the desk")
    form = entered(sent, str(sent.get("id") or "").strip()[:120], Kind(str(kind)))
    taken = {each.id for each in await asyncio.to_thread(listed, settings, editor.language)}
    if not form.record_id and form.do != "preview":
        form = replace(form, record_id=new_id(form.kind, form.typed["en.name"], dict.fromkeys(taken)))
    name = form.record_id or f"{form.kind.value}.desk-preview"
    if name in taken or not is_id(name, form.kind):
        fault = Fault("id", "taken" if name in taken else "no_id")
        return _form(request, editor, settings, None, form, [fault])
    return await _done(request, editor, settings, None, replace(form, record_id=name), new=form)


@router.get("/{record_id}")
async def show(
    request: Request,
    record_id: RecordId,
    editor: EditorDep,
    settings: SettingsDep,
    question: Question = "",
    told: Annotated[str, Query(max_length=20)] = "",
) -> Response:
    """Shows a record in its form: the draft if there is one, else what is served."""
    found = await known(settings, record_id, editor)
    form = opened(found.record, found.draft, found.published, settings)
    return _form(request, editor, settings, found, with_question(form, question), told=told)


@router.post("/{record_id}")
async def write(request: Request, record_id: RecordId, editor: EditorDep, settings: SettingsDep) -> Response:
    """Keeps, previews or publishes what was typed."""
    found = await known(settings, record_id, editor)
    form = entered(await request.form(), record_id, found.kind)
    if form.do == "rebase":
        newest = opened(found.record, None, found.published, settings)
        form = replace(form, base=newest.base, seen=found.draft.id if found.draft else None)
        return _form(request, editor, settings, found, form, told="rebased")
    return await _done(request, editor, settings, found, form)


async def _done(
    request: Request, editor: Staff, settings: Settings, found: Listed | None, form: Entered, new: Entered | None = None
) -> Response:
    """Does what the button says; ``new`` is the form of a record that does not exist yet, as it is shown again."""
    shown = new or form
    try:
        if form.do == "draft":
            return await _keep_draft(editor, settings, form)
        looked = await asyncio.to_thread(weighed, form, settings)
        if form.do == "publish":
            faults = [*looked.faults, *publishing_faults(form)]
            if looked.record is None or faults:
                return _form(request, editor, settings, found, shown, faults, looked)
            return await _publish(editor, settings, form, looked)
        if looked.record is None:
            return _form(request, editor, settings, found, shown, looked.faults, looked)
        seen = await asyncio.to_thread(preview, looked.record, form.tries.split("\n"))
        return _form(request, editor, settings, found, shown, (), looked, seen)
    except Overtaken:
        found = await asyncio.to_thread(one, settings, form.record_id, editor.language)
        return _form(request, editor, settings, found, form, told="overtaken")
    except Unsound as error:
        return _form(request, editor, settings, found, shown, faults_of(form.record_id, error.findings))


async def _keep_draft(editor: Staff, settings: Settings, form: Entered) -> Response:
    data = form.data() | {"base": form.base}
    kept = Versions(settings).keep_draft
    await asyncio.to_thread(kept, form.record_id, data, form.typed["review_on"].strip(), editor.id, form.seen)
    await audited(editor, "record.draft", form.record_id)
    return RedirectResponse(f"{router.prefix}/{form.record_id}?told=draft", 303)


async def _publish(editor: Staff, settings: Settings, form: Entered, looked: Weighed) -> Response:
    assert looked.record is not None
    made = await asyncio.to_thread(
        Versions(settings).publish,
        looked.record,
        form.base,
        form.note,
        form.typed["review_on"].strip(),
        editor.id,
        form.seen,
    )
    await audited(editor, "record.published", form.record_id, version=made, base=form.base)
    return RedirectResponse(f"{router.prefix}/{form.record_id}?told=published", 303)


def _form(
    request: Request,
    editor: Staff,
    settings: Settings,
    found: Listed | None,
    form: Entered,
    faults: Any = (),
    looked: Weighed | None = None,
    seen: Preview | None = None,
    told: str = "",
) -> Response:
    places = {*fields(), "id", "note"}
    beside: dict[str, list[Fault]] = {}
    for fault in faults:
        beside.setdefault(fault.place if fault.place in places else "", []).append(fault)
    library = shelf().whole.library
    status = 409 if told == "overtaken" else 422 if faults else 200
    return page(
        request,
        editor,
        "knowledge_record.html",
        status=status,
        found=found,
        form=form,
        faults=beside,
        alike=looked.alike if looked else [],
        seen=seen,
        told=told,
        newest=found.published.id if found and found.published else PACK,
        parts=_parts(form),
        required={"name", "plain", *REQUIRED.get(form.kind, ())},
        documents=documents(settings),
        bases=list(Basis),
        kinds=NEW_KINDS,
        organisations=library.of_kind(Kind.ORGANISATION),
        records=library.records.values(),
        today=today(),
    )


def _parts(form: Entered) -> list[str]:
    """Returns the parts of a text the form shows: the common ones, and others where the kind or the record has them."""
    needed = REQUIRED.get(form.kind, ())
    there = {name.partition(".")[2] for name, text in form.typed.items() if text.strip()}
    return [part for part in ORDER if part in ALWAYS or part in needed or part in there]


router.include_router(knowledge_record_acts.router)
