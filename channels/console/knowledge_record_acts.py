"""What is done to a record that stands: its versions and their differences, the way back, switching off, review."""

from __future__ import annotations

import asyncio
import difflib
from collections.abc import Callable, Mapping
from dataclasses import dataclass
from typing import Annotated, Any

from fastapi import APIRouter, Form, Path, Query, Request, Response
from fastapi.responses import RedirectResponse
from pydantic import ValidationError

from channels.console.accounts import Accounts, Staff
from channels.console.audit import audited
from channels.console.entry import Role, need
from channels.console.knowledge_listing import Listed, one
from channels.console.knowledge_writing import LONGEST_NOTE, documents, in_a_year, today
from channels.console.page import page
from channels.conversations_api import SettingsDep
from channels.problems import Problem
from knowledge.edited.faults import faults_of
from knowledge.edited.switches import switch_off, switch_on
from knowledge.edited.typed import Fault, review_fault, typed_of
from knowledge.edited.versions import PACK, Overtaken, Unsound, Version, Versions
from knowledge.record import Record
from knowledge.settings import Settings
from knowledge.shelf import shelf

router = APIRouter()

RECORDS = "/console/knowledge/records"

EditorDep = Annotated[Staff, need(Role.EDITOR)]
RecordId = Annotated[str, Path(max_length=120)]
Number = Annotated[int, Form(ge=0, le=2**31)]
Note = Annotated[str, Form(max_length=LONGEST_NOTE)]
Day = Annotated[str, Form(max_length=20)]


@dataclass(frozen=True)
class Change:
    """One field in which two versions differ, by lines: what stayed (``same``), went (``out``) and came (``new``)."""

    place: str
    lines: tuple[tuple[str, str], ...]


async def known(settings: Settings, record_id: str, editor: Staff) -> Listed:
    """Returns a record with its state.

    Raises:
        Problem: 404, there is none of that id.
    """
    found = await asyncio.to_thread(one, settings, record_id, editor.language)
    if found is None:
        raise Problem(404)
    return found


@router.get("/{record_id}/history")
async def history(
    request: Request,
    record_id: RecordId,
    editor: EditorDep,
    settings: SettingsDep,
    old: Annotated[int | None, Query(ge=0, le=2**31)] = None,
    new: Annotated[int | None, Query(ge=0, le=2**31)] = None,
    told: Annotated[str, Query(max_length=20)] = "",
) -> Response:
    """Lists the versions of a record, and shows in what two of them differ."""
    found = await known(settings, record_id, editor)
    return await _history(request, editor, settings, found, old, new, told=told)


@router.post("/{record_id}/back")
async def go_back(
    request: Request, record_id: RecordId, editor: EditorDep, settings: SettingsDep, version: Number, base: Number
) -> Response:
    """Serves an older version again, as a new one; version 0 is the pack's own."""
    found = await known(settings, record_id, editor)
    versions = Versions(settings)
    chosen = next((each for each in versions.history(record_id) if each.id == version and each.data), None)
    if version != PACK and chosen is None:
        raise Problem(404)

    def change() -> None:
        if chosen is None:
            versions.withdraw(record_id, base, None, editor.id)
        else:
            record = Record.model_validate(dict(chosen.data))
            review_on = chosen.review_on if chosen.review_on and chosen.review_on > str(today()) else in_a_year()
            versions.publish(record, base, f"← {version}", review_on, editor.id, ends_draft=False)

    what = "record.withdrawn" if chosen is None else "record.went_back"
    return await _changed(request, editor, settings, found, what, change, "back", version=version)


@router.post("/{record_id}/off")
async def off(
    request: Request, record_id: RecordId, editor: EditorDep, settings: SettingsDep, reason: Note = ""
) -> Response:
    """Hides a record from now on, with the reason."""
    found = await known(settings, record_id, editor)
    if found.record is None:
        raise Problem(404)
    if not reason.strip():
        return await _history(request, editor, settings, found, faults=[Fault("reason", "missing")])
    await asyncio.to_thread(switch_off, settings, record_id, reason, editor.id)
    await audited(editor, "record.switched_off", record_id)
    return RedirectResponse(f"{RECORDS}/{record_id}/history?told=off", 303)


@router.post("/{record_id}/on")
async def on(record_id: RecordId, editor: EditorDep, settings: SettingsDep) -> Response:
    """Shows a record again."""
    await known(settings, record_id, editor)
    await asyncio.to_thread(switch_on, settings, record_id)
    await audited(editor, "record.switched_on", record_id)
    return RedirectResponse(f"{RECORDS}/{record_id}/history?told=on", 303)


@router.post("/{record_id}/reviewed")
async def reviewed(
    request: Request,
    record_id: RecordId,
    editor: EditorDep,
    settings: SettingsDep,
    review_on: Day,
    note: Note = "",
    back: Annotated[str, Form(max_length=20)] = "",
) -> Response:
    """Notes that a record was looked at and is still right, and when to look again."""
    found = await known(settings, record_id, editor)
    if found.record is None:
        raise Problem(404)
    fault = review_fault(review_on.strip(), today())
    if fault:
        return await _history(request, editor, settings, found, faults=[fault])
    await asyncio.to_thread(Versions(settings).review, record_id, review_on.strip(), note.strip() or None, editor.id)
    await audited(editor, "record.reviewed", record_id, review_on=review_on.strip())
    to = f"{RECORDS}/stale?done={record_id}" if back == "stale" else f"{RECORDS}/{record_id}/history?told=reviewed"
    return RedirectResponse(to, 303)


@router.post("/{record_id}/discard")
async def discard(
    request: Request, record_id: RecordId, editor: EditorDep, settings: SettingsDep, seen: Number
) -> Response:
    """Throws the draft away."""
    found = await known(settings, record_id, editor)

    def change() -> None:
        Versions(settings).discard_draft(record_id, seen)

    return await _changed(request, editor, settings, found, "record.draft_discarded", change, "discarded")


async def _changed(
    request: Request,
    editor: Staff,
    settings: Settings,
    found: Listed,
    what: str,
    change: Callable[[], None],
    told: str,
    **detail: Any,
) -> Response:
    """Carries a change out and notes it; what stands against it is told on the page of versions."""
    try:
        await asyncio.to_thread(change)
    except Overtaken:
        found = await known(settings, found.id, editor)
        return await _history(request, editor, settings, found, told="overtaken")
    except Unsound as error:
        return await _history(request, editor, settings, found, faults=faults_of(found.id, error.findings))
    except ValidationError:  # a version from before a record's form changed
        return await _history(request, editor, settings, found, faults=[Fault("", "too_old")])
    await audited(editor, what, found.id, **detail)
    gone = await asyncio.to_thread(one, settings, found.id, editor.language) is None
    return RedirectResponse(RECORDS if gone else f"{RECORDS}/{found.id}/history?told={told}", 303)


async def _history(
    request: Request,
    editor: Staff,
    settings: Settings,
    found: Listed,
    old: int | None = None,
    new: int | None = None,
    told: str = "",
    faults: list[Fault] | None = None,
) -> Response:
    versions = await asyncio.to_thread(Versions(settings).history, found.id)
    staff = {each.staff.id: each.staff.shown_as for each in await asyncio.to_thread(Accounts(settings).every)}
    texts = _texts(found, versions)
    whole = sorted(texts)
    new = new if new in texts else found.published.id if found.published else max(whole, default=PACK)
    before = [number for number in whole if number < new]
    old = old if old in texts else before[-1] if before else new
    return page(
        request,
        editor,
        "knowledge_record_history.html",
        status=409 if told == "overtaken" else 422 if faults else 200,
        found=found,
        versions=versions,
        names=staff,
        whole=whole,
        old=old,
        new=new,
        changes=changes(texts.get(old, {}), texts.get(new, {}), settings) if old != new else [],
        base=found.published.id if found.published else PACK,
        in_pack=not found.own,
        told=told,
        faults=faults or [],
        review_on=in_a_year(),
        today=today(),
    )


def _texts(found: Listed, versions: list[Version]) -> dict[int, Mapping[str, Any]]:
    """Returns the records of the versions that have one, by number; the pack's own is 0."""
    own = shelf().built.records.get(found.id)
    texts: dict[int, Mapping[str, Any]] = {each.id: each.data for each in versions if each.data}
    return ({PACK: own.model_dump(mode="json")} if own else {}) | texts


def changes(old: Mapping[str, Any], new: Mapping[str, Any], settings: Settings) -> list[Change]:
    """Returns the fields in which two versions differ, in the order of the form."""
    sources = documents(settings)
    before, after = typed_of(old, sources), typed_of(new, sources)
    found = []
    for place in before:
        if before[place] != after[place]:
            found.append(Change(place, tuple(_lines(before[place], after[place]))))
    return found


def _lines(old: str, new: str) -> list[tuple[str, str]]:
    kinds = {" ": "same", "-": "out", "+": "new"}
    compared = difflib.ndiff(old.split("\n"), new.split("\n"))
    return [(kinds[line[0]], line[2:]) for line in compared if line[0] in kinds and line[2:]]
