"""What a browser fetches to show Naru: the page, the widget as one script, the demo pages, names of records."""

from __future__ import annotations

from typing import Annotated, Any

from fastapi import APIRouter, Path, Request, Response
from fastapi.responses import FileResponse

from channels.conversations_api import AssistantDep, RatesDep
from channels.problems import Problem
from channels.widget_bundle import WEB, widget
from knowledge.record import Language
from knowledge.shelf import shelf

router = APIRouter(include_in_schema=False)

NEWEST = "public, max-age=300"
"""How long a browser may use /widget.js before it asks again: an update arrives within minutes."""

UNCHANGING = "public, max-age=31536000, immutable"


@router.get("/")
async def page() -> FileResponse:
    """Shows the page that Naru fills."""
    return FileResponse(WEB / "index.html")


@router.get("/demo")
async def demo() -> FileResponse:
    """Shows somebody else's page with Naru on it, in Korean."""
    return FileResponse(WEB / "demo.html")


@router.get("/demo/en")
async def demo_en() -> FileResponse:
    """Shows somebody else's page with Naru on it, in English."""
    return FileResponse(WEB / "demo-en.html")


@router.get("/widget.js")
async def newest(request: Request) -> Response:
    """Gives the widget of today."""
    return _script(request, NEWEST)


@router.get("/widget/{digest}.js")
async def pinned(digest: str, request: Request) -> Response:
    """Gives the widget under an address that names its content."""
    if digest != widget().digest:
        raise Problem(404)
    return _script(request, UNCHANGING)


@router.get("/widget/records/{record}")
async def record_name(
    record: Annotated[str, Path(max_length=120)], _: AssistantDep, _counted: RatesDep, language: Language = "ko"
) -> dict[str, str]:
    """Tells the name of a record, so that a page may name any record and an unknown one disturbs nobody."""
    found = shelf().library.get(record)
    if found is None:
        raise Problem(404)
    return {"record": found.id, "name": found.text(language).name}


def _script(request: Request, cache: str) -> Response:
    tag = f'W/"{widget().digest}"'
    headers: dict[str, Any] = {
        "Access-Control-Allow-Origin": "*",  # anybody may show it; who may talk to Naru is NARU_ALLOWED_ORIGINS
        "Cross-Origin-Resource-Policy": "cross-origin",
        "Cache-Control": cache,
        "ETag": tag,
    }
    known = [each.strip() for each in request.headers.get("If-None-Match", "").split(",")]
    if tag in known or "*" in known:
        return Response(status_code=304, headers=headers)
    return Response(widget().script, media_type="text/javascript", headers=headers)
