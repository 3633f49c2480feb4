"""The console: where people of an export help line work beside Naru. Server-rendered pages and small scripts.

Behind ``gate.py`` nothing answers without a session. Each part is a module with a router of its own.
"""

from __future__ import annotations

from fastapi import APIRouter, Depends, FastAPI
from fastapi.staticfiles import StaticFiles

from channels.console import (
    applications,
    assist,
    audit_pages,
    canned,
    cases,
    errors,
    gate,
    home,
    insight,
    knowledge_questions,
    knowledge_records,
    knowledge_training,
    live,
    login,
    phone,
    sso,
    staff_pages,
)
from channels.console.entry import not_forged, signed_in
from channels.console.page import TEMPLATES

STATIC = TEMPLATES.with_name("static")


def connect(app: FastAPI) -> None:
    """Puts the console and its gate before it into the service."""
    for part in (login, sso):  # for people who are not signed in yet
        app.include_router(part.router)
    app.include_router(_parts())
    app.mount(gate.STATIC, StaticFiles(directory=STATIC), name="console-static")
    errors.install(app)
    app.add_middleware(gate.Gate, settings=app.state.settings)


def _parts() -> APIRouter:
    """Returns all that needs a session; what changes something must come from the console's own pages."""
    console = APIRouter(dependencies=[Depends(signed_in), Depends(not_forged)], include_in_schema=False)
    console.include_router(home.router)
    console.include_router(staff_pages.router)
    console.include_router(audit_pages.router)
    console.include_router(live.router)
    console.include_router(canned.router)
    console.include_router(phone.router)
    console.include_router(assist.router)
    console.include_router(cases.router)
    console.include_router(applications.router)
    console.include_router(insight.router)
    console.include_router(knowledge_questions.router)
    console.include_router(knowledge_records.router)
    console.include_router(knowledge_training.router)
    return console
