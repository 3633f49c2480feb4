"""The conversation over HTTP: open, speak, read back, listen, rate, erase."""

from __future__ import annotations

import asyncio
import json
from collections.abc import AsyncIterator
from typing import Annotated, Any, Literal

from fastapi import APIRouter, Depends, Header, Path, Query, Request, Response
from pydantic import BaseModel, ConfigDict, Field, model_validator
from sse_starlette import EventSourceResponse, ServerSentEvent

from actions.reply import Reply, Turn
from bot.assistant import Assistant
from bot.conversations import UnknownConversation, WrongToken
from bot.guard import Message
from channels import files_api
from channels.bounds import RateLimits, address
from channels.problems import Problem
from knowledge.settings import Settings

router = APIRouter(prefix="/api/conversations", tags=["conversations"])

POLL_SECONDS = 1.0
"""How often a listening widget's conversation is looked up for turns made elsewhere."""

NOBODY = "none"
"""State of a conversation that is handed to nobody."""


class Opening(BaseModel):
    """How to begin a conversation."""

    model_config = ConfigDict(extra="ignore")
    language: Literal["ko", "en"] | None = None
    channel: Annotated[str, Field(pattern=r"^[a-z]{1,20}$")] = "web"


class Opened(BaseModel):
    """A new conversation, the token that lets its owner go on, and the greeting."""

    conversation_id: str
    token: str
    language: str
    replies: tuple[Reply, ...]


class Said(BaseModel):
    """What a person sends: exactly one of words, a button's payload, or a file sent before."""

    model_config = ConfigDict(extra="ignore")
    text: str | None = None
    payload: Annotated[str, Field(max_length=600)] | None = None
    file_id: Annotated[str, Field(max_length=64)] | None = None

    @model_validator(mode="after")
    def _one(self) -> Said:
        if sum(value is not None for value in (self.text, self.payload, self.file_id)) != 1:
            raise ValueError("give exactly one of text, payload and file_id")
        return self

    def message(self) -> Message:
        """Returns it for the assistant, with broken Unicode made whole."""
        return Message(_whole(self.text), _whole(self.payload), _whole(self.file_id))


class Verdict(BaseModel):
    """A thumb up or down."""

    model_config = ConfigDict(extra="ignore")
    turn_id: Annotated[int, Field(ge=0, lt=2**31)]
    verdict: Literal["up", "down"]
    comment: Annotated[str, Field(max_length=2000)] | None = None


def _whole(text: str | None) -> str | None:
    """Replaces lone surrogates, which JSON may carry and no encoding can write."""
    return (
        None if text is None else text.encode("utf-16", "surrogatepass").decode("utf-16", "replace").replace("\0", " ")
    )


def assistant(request: Request) -> Assistant:
    """Returns the assistant of this process.

    Raises:
        Problem: 503 while it is still loading.
    """
    loaded = getattr(request.app.state, "assistant", None)
    if loaded is None:
        raise Problem(503, headers={"Retry-After": "5"})
    return loaded  # type: ignore[no-any-return]


def app_settings(request: Request) -> Settings:
    """Returns the settings of this process."""
    return request.app.state.settings  # type: ignore[no-any-return]


def rates(request: Request) -> RateLimits:
    """Returns the counters of this process, having counted this request."""
    limits: RateLimits = request.app.state.rates
    limits.request(address(request))
    return limits


AssistantDep = Annotated[Assistant, Depends(assistant)]
SettingsDep = Annotated[Settings, Depends(app_settings)]
RatesDep = Annotated[RateLimits, Depends(rates)]


async def owner(
    conversation_id: Annotated[str, Path(max_length=64)],
    naru: AssistantDep,
    _: RatesDep,
    authorization: Annotated[str | None, Header()] = None,
) -> str:
    """Lets the owner of a conversation pass and returns its id.

    Raises:
        Problem: 401 without the right token, 404 for an unknown conversation.
    """
    scheme, _space, token = (authorization or "").partition(" ")
    if scheme.lower() != "bearer" or not token:
        raise Problem(401, headers={"WWW-Authenticate": "Bearer"})
    try:
        await asyncio.to_thread(naru.conversations.check_token, conversation_id, token.strip())
    except UnknownConversation as error:
        raise Problem(404) from error
    except WrongToken as error:
        raise Problem(401, headers={"WWW-Authenticate": "Bearer"}) from error
    return conversation_id


Owned = Annotated[str, Depends(owner)]


async def dialogue(conversation_id: Owned, naru: AssistantDep) -> str:
    """Returns the dialogue the owner's conversation shares: its own, or that of the one it is joined to."""
    return await asyncio.to_thread(naru.conversations.dialogue, conversation_id)


DialogueDep = Annotated[str, Depends(dialogue)]


@router.post("", status_code=201)
async def open_conversation(
    naru: AssistantDep, _: RatesDep, settings: SettingsDep, opening: Opening | None = None
) -> Opened:
    """Begins a conversation."""
    opening = opening or Opening()
    language = opening.language or ("en" if settings.default_language == "en" else "ko")
    opened, turn = await naru.open(language, opening.channel)
    return Opened(conversation_id=opened.id, token=opened.token, language=turn.language, replies=turn.replies)


@router.post("/{conversation_id}/messages")
async def say(conversation_id: Owned, said: Said, naru: AssistantDep, limits: RatesDep, settings: SettingsDep) -> Turn:
    """Answers one message; while a person has the conversation, an answer without replies says that they got it."""
    limits.message(conversation_id)
    try:
        return files_api.signed(await naru.turn(conversation_id, said.message()), settings)
    except UnknownConversation as error:  # erased a moment ago
        raise Problem(404) from error


@router.get("/{conversation_id}/messages")
async def history(
    conversation_id: Owned,
    shared: DialogueDep,
    naru: AssistantDep,
    settings: SettingsDep,
    after: Annotated[int, Query(ge=-1, lt=2**31)] = -1,
) -> dict[str, Any]:
    """Returns the turns after ``after``, oldest first."""
    turns = await asyncio.to_thread(naru.conversations.history, shared, after)
    return {"conversation_id": conversation_id, "turns": [_shown(turn, conversation_id, settings) for turn in turns]}


@router.get("/{conversation_id}/events")
async def events(
    conversation_id: Owned,
    request: Request,
    naru: AssistantDep,
    after: Annotated[int | None, Query(ge=-1, lt=2**31)] = None,
    last_event_id: Annotated[str | None, Header()] = None,
) -> EventSourceResponse:
    """Streams the turns made from now on, wherever they were made; goes on after Last-Event-ID.

    Beside ``turn``: ``handover`` ({state}: waiting, active, callback or none) when that changes, and ``typing`` again
    and again while a person of the desk is typing.
    """
    if last_event_id and last_event_id.isdigit():
        after = int(last_event_id)
    if after is None:
        shared = await asyncio.to_thread(naru.conversations.dialogue, conversation_id)
        after = await asyncio.to_thread(naru.conversations.next_turn_id, shared) - 1
    return EventSourceResponse(_turns(naru, conversation_id, after, request))


async def _turns(naru: Assistant, conversation_id: str, after: int, request: Request) -> AsyncIterator[ServerSentEvent]:
    """Yields turns as they come; ends when the conversation is erased, or joined or separated: its numbers change."""
    shared = await asyncio.to_thread(naru.conversations.dialogue, conversation_id)
    state = NOBODY
    while not await request.is_disconnected():
        for turn in await asyncio.to_thread(naru.conversations.history, shared, after):
            after = turn["turn_id"]
            shown = _shown(turn, conversation_id, request.app.state.settings)
            yield ServerSentEvent(data=json.dumps(shown, ensure_ascii=False), event="turn", id=str(after))
        if request.app.state.settings.desk:
            signs = await asyncio.to_thread(naru.desk.handovers.signs, shared)
            before, state = state, signs.state if signs else NOBODY
            if state != before:
                yield ServerSentEvent(data=json.dumps({"state": state}), event="handover")
            if signs and signs.staff_typing:
                yield ServerSentEvent(data="{}", event="typing")
        await asyncio.sleep(POLL_SECONDS)
        try:
            if await asyncio.to_thread(naru.conversations.dialogue, conversation_id) != shared:
                return
        except UnknownConversation:
            return


def _shown(turn: dict[str, Any], conversation_id: str, settings: Settings) -> dict[str, Any]:
    """Returns a kept turn as the conversation that shares it is shown it."""
    return {**files_api.signed_answer(turn, settings), "conversation_id": conversation_id}


@router.post("/{conversation_id}/typing", status_code=204)
async def typing(shared: DialogueDep, naru: AssistantDep, settings: SettingsDep) -> Response:
    """Tells the person of the desk that the owner is typing; to be said again every few seconds while it is so."""
    if settings.desk:
        await asyncio.to_thread(naru.desk.handovers.typing, shared, "customer")
    return Response(status_code=204)


@router.post("/{conversation_id}/feedback", status_code=204)
async def rate(shared: DialogueDep, verdict: Verdict, naru: AssistantDep) -> Response:
    """Keeps a thumb up or down on a turn."""
    comment = _whole(verdict.comment)
    kept = await asyncio.to_thread(naru.conversations.feedback, shared, verdict.turn_id, verdict.verdict, comment)
    if not kept:
        raise Problem(404, "there is no such turn")
    return Response(status_code=204)


@router.delete("/{conversation_id}", status_code=204)
async def erase(conversation_id: Owned, naru: AssistantDep, settings: SettingsDep) -> Response:
    """Erases everything kept of a conversation and of those it is joined with, files included."""
    await files_api.erase(naru, conversation_id, settings)
    return Response(status_code=204)
