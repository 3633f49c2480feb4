"""The conventional Rasa REST message, for clients written for Rasa's own REST channel."""

from __future__ import annotations

import asyncio
import hashlib
from typing import Annotated, Any

from fastapi import APIRouter
from pydantic import BaseModel, ConfigDict, Field

from actions.reply import Reply
from bot.guard import Message
from channels import files_api
from channels.conversations_api import AssistantDep, RatesDep, Said, SettingsDep
from knowledge.language.detect import detect_language

router = APIRouter(tags=["channels"])


class RasaMessage(BaseModel):
    """What a Rasa REST client sends."""

    model_config = ConfigDict(extra="ignore")
    sender: Annotated[str, Field(min_length=1, max_length=200)] = "default"
    message: str


@router.post("/webhooks/rest/webhook")
async def rest(said: RasaMessage, naru: AssistantDep, limits: RatesDep, settings: SettingsDep) -> list[dict[str, Any]]:
    """Answers as Rasa's REST channel does: a list of messages with text and buttons."""
    conversation_id = "rest-" + hashlib.sha256(said.sender.encode("utf-8", "replace")).hexdigest()[:40]
    limits.message(conversation_id)
    language = detect_language(said.message) or ("en" if settings.default_language == "en" else "ko")
    await asyncio.to_thread(naru.conversations.ensure, conversation_id, language, "rest")
    pressed = said.message.startswith("/")
    clean = Said(payload=said.message[:600]) if pressed else Said(text=said.message)
    message: Message = clean.message()
    turn = files_api.signed(await naru.turn(conversation_id, message), settings)
    return [_as_rasa(reply, said.sender) for reply in turn.replies]


def _as_rasa(reply: Reply, recipient: str) -> dict[str, Any]:
    message: dict[str, Any] = {"recipient_id": recipient}
    if reply.text:
        message["text"] = reply.text
    if reply.choices:
        message["buttons"] = [choice.model_dump() for choice in reply.choices]
    if reply.image:
        message["image"] = reply.image.url
    if reply.file:
        message["attachment"] = reply.file.url
    message["custom"] = {"sources": [s.model_dump() for s in reply.sources]}
    if reply.card:
        message["custom"]["card"] = reply.card.model_dump()
    return message
