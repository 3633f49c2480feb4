"""Errors of the web service as RFC 9457 problem documents with a title a person understands."""

from __future__ import annotations

from typing import Any

import structlog
from fastapi import FastAPI, Request
from fastapi.exceptions import RequestValidationError
from fastapi.responses import JSONResponse
from starlette.exceptions import HTTPException

log = structlog.get_logger("naru.web")

TITLES = {
    400: "The request could not be read.",
    401: "The token is missing or wrong.",
    403: "This is not allowed.",
    404: "There is nothing at this address.",
    405: "This address does not take that method.",
    413: "What you sent is too large.",
    415: "Files of this type are not accepted.",
    422: "Something in the request has the wrong form.",
    429: "Too many requests. Please wait a moment.",
    500: "Something went wrong on our side.",
    503: "Naru is still starting.",
}


class Problem(Exception):
    """An error to be told to the caller.

    Attributes:
        status: HTTP status.
        detail: What exactly is wrong, for the caller's developer.
        headers: Further headers, such as Retry-After.
    """

    def __init__(self, status: int, detail: str | None = None, headers: dict[str, str] | None = None) -> None:
        super().__init__(detail or TITLES.get(status, ""))
        self.status, self.detail, self.headers = status, detail, headers


def problem(status: int, detail: Any = None, headers: dict[str, str] | None = None) -> JSONResponse:
    """Returns the problem document as a response."""
    body = {"type": "about:blank", "title": TITLES.get(status, "The request failed."), "status": status}
    if detail:
        body["detail"] = detail
    return JSONResponse(body, status, headers, media_type="application/problem+json")


def install(app: FastAPI) -> None:
    """Makes every error of ``app`` a problem document."""

    @app.exception_handler(Problem)
    async def _problem(_: Request, error: Problem) -> JSONResponse:
        return problem(error.status, error.detail, error.headers)

    @app.exception_handler(HTTPException)
    async def _http(_: Request, error: HTTPException) -> JSONResponse:
        detail = error.detail if error.detail != TITLES.get(error.status_code) else None
        return problem(error.status_code, detail, dict(error.headers or {}))

    @app.exception_handler(RequestValidationError)
    async def _invalid(_: Request, error: RequestValidationError) -> JSONResponse:
        faults = ["{}: {}".format(".".join(map(str, e["loc"])), e["msg"]) for e in error.errors()]
        return problem(422, "; ".join(faults).encode("utf-8", "replace").decode())

    @app.exception_handler(Exception)
    async def _broken(request: Request, error: Exception) -> JSONResponse:
        log.error("request failed", path=request.url.path, error=type(error).__name__, exc_info=error)
        return problem(500)
