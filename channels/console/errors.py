"""Errors of the console as pages for people; scripts get the problem document as everywhere."""

from __future__ import annotations

from typing import Any

from fastapi import FastAPI, Request, Response
from fastapi.exceptions import RequestValidationError
from starlette.exceptions import HTTPException

from channels.console.entry import session_of
from channels.console.gate import CONSOLE, wants_page
from channels.console.page import page, render
from channels.problems import Problem

EXPLAINED = frozenset({403, 404})
"""Statuses with words of their own."""


def install(app: FastAPI) -> None:
    """Makes the errors of /console pages where a person looks at them."""
    for kind in (Problem, HTTPException, RequestValidationError):
        _show(app, kind)


def _show(app: FastAPI, kind: type[Exception]) -> None:
    usual: Any = app.exception_handlers[kind]

    async def shown(request: Request, error: Exception) -> Response:
        if not (request.url.path.startswith(CONSOLE) and wants_page(request)):
            return await usual(request, error)  # type: ignore[no-any-return]
        status = 422
        if isinstance(error, Problem | HTTPException):
            status = error.status if isinstance(error, Problem) else error.status_code
        answer = error_page(request, status)
        answer.headers.update(getattr(error, "headers", None) or {})
        return answer

    app.add_exception_handler(kind, shown)


def error_page(request: Request, status: int) -> Response:
    """Returns the page that says something is not there, not for this role, or went wrong."""
    session = session_of(request)
    told = f"console_error_{status if status in EXPLAINED else 'other'}"
    if session is None:
        language = request.app.state.settings.default_language
        return render(request, "error.html", language, status, told=told, code=status)
    return page(request, session.staff, "error.html", status=status, told=told, code=status)
