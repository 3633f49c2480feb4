"""The web service: conversations, files, Rasa's REST message, health, metrics, and the page with the widget."""

from __future__ import annotations

import asyncio
import time
from collections.abc import AsyncIterator, Awaitable, Callable
from contextlib import asynccontextmanager
from typing import Annotated

import structlog
from fastapi import FastAPI, Query, Request, Response, UploadFile
from fastapi.middleware.cors import CORSMiddleware
from fastapi.middleware.gzip import GZipMiddleware
from fastapi.responses import FileResponse, PlainTextResponse
from fastapi.staticfiles import StaticFiles
from prometheus_client import CONTENT_TYPE_LATEST, CollectorRegistry, Histogram, generate_latest

from actions import files
from bot.assistant import Assistant
from bot.model_in_service import ModelInService
from channels import (
    chatwoot,
    console,
    conversations_api,
    delivery,
    desk_round,
    duty_api,
    explain_api,
    files_api,
    hs_api,
    kakao,
    news_round,
    origin_api,
    problems,
    programmes_api,
    reminders,
    rest_webhook,
    telegram,
    widget_pages,
)
from channels.bounds import BodyLimit, RateLimits
from channels.connection import Connection, assistant_of, bring_news
from channels.contacts import Contacts
from channels.conversations_api import AssistantDep, DialogueDep, SettingsDep
from channels.problems import Problem
from channels.widget_bundle import WEB, widget
from knowledge.database.engine import is_current
from knowledge.edited.served import LOOK_SECONDS
from knowledge.hs.ready import finder
from knowledge.language.vectors import embed
from knowledge.settings import Settings
from knowledge.settings import settings as read_settings
from knowledge.shelf import shelf

log = structlog.get_logger("naru.web")

SECURITY_HEADERS = {
    "X-Content-Type-Options": "nosniff",
    "Referrer-Policy": "strict-origin-when-cross-origin",
    "Content-Security-Policy": (
        "default-src 'self'; img-src 'self' data:; object-src 'none'; base-uri 'none'; frame-ancestors 'self'"
    ),
}

Handler = Callable[[Request], Awaitable[Response]]


def create_app(settings: Settings | None = None, assistant: Assistant | None = None) -> FastAPI:
    """Returns the service.

    Args:
        settings: What is set; the environment's if not given.
        assistant: One already loaded; otherwise it is loaded in the background, and /readyz tells when it is there.

    Raises:
        BadSettings: What is set for a channel or the desk can't work.
    """
    chosen = settings or read_settings()
    app = FastAPI(title="Naru", version="1", lifespan=_lifespan, docs_url=None, redoc_url=None)
    app.state.settings = chosen
    app.state.assistant = assistant
    app.state.model = ModelInService(chosen)
    app.state.loaded = asyncio.Event()
    app.state.rates = RateLimits(chosen)
    problems.install(app)
    _measure(app)
    origins = [origin.strip() for origin in chosen.allowed_origins.split(",") if origin.strip()]
    app.add_middleware(
        CORSMiddleware,
        allow_origins=origins,
        allow_methods=["GET", "POST", "DELETE"],
        allow_headers=["Authorization", "Content-Type", "Last-Event-ID"],
        expose_headers=["Retry-After"],
    )
    app.add_middleware(BodyLimit, largest_file=chosen.largest_file)
    app.add_middleware(GZipMiddleware)  # leaves server-sent events alone
    app.include_router(conversations_api.router)
    app.include_router(rest_webhook.router)
    app.include_router(hs_api.router)
    app.include_router(duty_api.router)
    app.include_router(explain_api.router)
    app.include_router(origin_api.router)
    app.include_router(programmes_api.router)
    if chosen.desk:
        desk_round.check(chosen)
    _connect(app)
    _files(app)
    _operations(app)
    _pages(app)
    return app


REMIND_SECONDS = 30
"""Seconds between two looks for reminders where deliveries are left to cron."""


@asynccontextmanager
async def _lifespan(app: FastAPI) -> AsyncIterator[None]:
    loading = asyncio.create_task(_load(app)) if app.state.assistant is None else None
    working = asyncio.create_task(delivery.work(app.state.settings)) if app.state.settings.deliver_seconds else None
    reminding = asyncio.create_task(reminders.work(app, app.state.settings.deliver_seconds or REMIND_SECONDS))
    newsing = asyncio.create_task(news_round.work(app, app.state.settings.deliver_seconds or REMIND_SECONDS))
    looking = desk_round.look_after(app)
    changing = asyncio.create_task(_change_models(app))
    following = asyncio.create_task(_follow_editors(app))
    bringing = [asyncio.create_task(bring_news(app, app.state.contacts, each)) for each in _telling(app)]
    for connection in app.state.connections:
        await connection.start()
    yield
    for connection in app.state.connections:
        await connection.stop()
    for task in (loading, working, reminding, newsing, looking, changing, following, *bringing):
        if task:
            task.cancel()


def _connect(app: FastAPI) -> None:
    """Connects the channels that are switched on; each says in its ``connect`` what that takes."""
    app.state.contacts = Contacts(app.state.settings)
    app.state.connections = []
    app.state.connections += filter(None, [telegram.connect(app), kakao.connect(app), chatwoot.connect(app)])
    console.connect(app)


def _telling(app: FastAPI) -> list[Connection]:
    return [each for each in app.state.connections if each.tells]


async def _load(app: FastAPI) -> None:
    """Loads knowledge and model while the process already answers /healthz."""
    settings: Settings = app.state.settings
    try:
        if not await asyncio.to_thread(is_current, settings.database):
            raise RuntimeError("the database's tables are not of this version; run: naru knowledge build")
        await asyncio.to_thread(shelf)
        await asyncio.to_thread(finder)  # so that the first question about a product need not wait
        app.state.assistant = await app.state.model.load()
        _warm()
        app.state.loaded.set()
        log.info("ready", address=f"http://{settings.host}:{settings.port}")
    except Exception:
        log.exception("could not start")


def _warm() -> None:
    """Reads what the first question would wait for: the language models belong to the thread that asks, so to this."""
    embed(["수출"])
    finder().find("양말", "ko", top=1)


async def _change_models(app: FastAPI) -> None:
    """Serves the model that editors made live, once there is an assistant."""
    await app.state.model.watch(await assistant_of(app))


async def _follow_editors(app: FastAPI) -> None:
    """Opens what editors publish elsewhere although nobody asks here, so that the next customer is told it at once."""
    await assistant_of(app)
    while True:
        await asyncio.sleep(LOOK_SECONDS)
        try:
            await asyncio.to_thread(shelf)
        except Exception:
            log.exception("look at what editors have published failed")


def _measure(app: FastAPI) -> None:
    """Counts and times requests, and adds the headers that keep browsers safe."""
    registry = CollectorRegistry()
    seconds = Histogram(
        "naru_request_seconds", "Time of a request by route and status", ["route", "status"], registry=registry
    )
    app.state.registry = registry

    @app.middleware("http")
    async def measured(request: Request, call_next: Handler) -> Response:
        started = time.perf_counter()
        response = await call_next(request)
        route = getattr(request.scope.get("route"), "path", "none")
        seconds.labels(route, str(response.status_code)).observe(time.perf_counter() - started)
        for name, value in SECURITY_HEADERS.items():
            response.headers.setdefault(name, value)
        return response


def _files(app: FastAPI) -> None:
    @app.post("/api/conversations/{conversation_id}/files", status_code=201, tags=["files"])
    async def send_file(
        shared: DialogueDep, file: UploadFile, naru: AssistantDep, settings: SettingsDep
    ) -> dict[str, str]:
        """Takes a file for the conversation."""
        content = await file.read()
        return {"file_id": await files_api.keep(naru, shared, file.filename or "file", content, settings)}

    @app.get("/files/{file_id}", tags=["files"])
    async def get_file(
        file_id: str,
        naru: AssistantDep,
        settings: SettingsDep,
        expires: Annotated[int, Query(ge=0, lt=2**40)] = 0,
        signature: Annotated[str, Query(max_length=64)] = "",
    ) -> FileResponse:
        """Gives a file under its signed address."""
        files_api.check_signature(file_id, expires, signature, settings)
        row = await asyncio.to_thread(naru.conversations.file, file_id)
        path = files.folder(settings) / file_id
        if row is None or not path.exists():
            raise Problem(404)
        return FileResponse(path, media_type=row.media_type, filename=row.name)


def _operations(app: FastAPI) -> None:
    @app.get("/healthz", tags=["operations"])
    async def alive() -> dict[str, str]:
        """Answers while the process lives."""
        return {"status": "alive"}

    @app.get("/readyz", tags=["operations"])
    async def ready(_: AssistantDep) -> dict[str, str]:
        """Answers 200 once model and knowledge are loaded, 503 before."""
        return {"status": "ready"}

    @app.get("/metrics", tags=["operations"])
    async def metrics(request: Request) -> PlainTextResponse:
        """Gives Prometheus the figures of this process."""
        return PlainTextResponse(generate_latest(request.app.state.registry), media_type=CONTENT_TYPE_LATEST)


def _pages(app: FastAPI) -> None:
    widget()  # a script that can not be bundled stops the start, not a visitor
    app.include_router(widget_pages.router)
    app.mount("/web", StaticFiles(directory=WEB), name="web")
