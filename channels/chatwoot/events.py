"""What Chatwoot tells its agent bot by webhook, and which of it is meant for Naru.

Shapes: ``webhook_data`` of Chatwoot's models Message, Conversation and ContactInbox, with ``event`` beside it
(app/listeners/agent_bot_listener.rb). Ids of conversations are those staff see, counted by account.
"""

from __future__ import annotations

import hashlib
import json
from dataclasses import dataclass
from typing import Annotated, Any

from pydantic import BaseModel, ConfigDict, Field, field_validator

Id = Annotated[int, Field(ge=1, lt=2**63)]

PENDING = "pending"
"""The status in which the bot speaks; in every other a person does, or nobody."""

INCOMING = "incoming"
_TYPES = (INCOMING, "outgoing", "activity", "template")
"""What message_type is called; some versions send its number."""

FILES = frozenset({"image", "audio", "video", "file"})
"""Types of attachments that have content to fetch; others are places, contacts, shared posts."""


class _Told(BaseModel):
    model_config = ConfigDict(frozen=True, extra="ignore")


class Numbered(_Told):
    """Something of which only the id counts."""

    id: Id


class Sender(_Told):
    """Who wrote a message: a contact has no type, staff are ``user``, bots ``agent_bot``."""

    type: str | None = None


class Conversation(_Told):
    """A conversation as it stood when the webhook was sent."""

    id: Id
    status: str
    additional_attributes: dict[str, Any] | None = None

    @property
    def language(self) -> str | None:
        """The language of the visitor's browser, if Chatwoot knows it."""
        told = (self.additional_attributes or {}).get("browser_language")
        return told if isinstance(told, str) and told else None


class Attachment(_Told):
    """A file sent with a message."""

    file_type: str | None = None
    data_url: str | None = None


class Submitted(_Told):
    """What was chosen of an ``input_select``."""

    title: str | None = None
    value: str | None = None


class Attributes(_Told):
    """What belongs to a message of a special type."""

    submitted_values: list[Submitted] | None = None

    @field_validator("submitted_values", mode="before")
    @classmethod
    def _listed(cls, value: Any) -> Any:
        """Forms submit other things, which are nobody's choice."""
        return value if isinstance(value, list) and all(isinstance(each, dict) for each in value) else None


class MessageEvent(_Told):
    """``message_created`` or ``message_updated``."""

    event: str
    id: Id
    account: Numbered
    conversation: Conversation
    message_type: str
    content: str | None = None
    content_type: str | None = None
    content_attributes: Attributes | None = None
    private: bool = False
    sender: Sender | None = None
    attachments: list[Attachment] = []

    @field_validator("message_type", mode="before")
    @classmethod
    def _named(cls, value: Any) -> Any:
        known = isinstance(value, int) and not isinstance(value, bool) and 0 <= value < len(_TYPES)
        return _TYPES[value] if known else value


class WidgetEvent(_Told):
    """``webwidget_triggered``: somebody opened the widget; a conversation may not have begun."""

    event: str
    account: Numbered
    current_conversation: Conversation | None = None


class StatusEvent(_Told):
    """``conversation_opened`` or ``conversation_resolved``: the conversation itself."""

    event: str
    id: Id
    status: str
    messages: list[dict[str, Any]] = []
    account_id: Id | None = None

    @property
    def account(self) -> int | None:
        """The account, which Chatwoot tells only in the conversation's last message."""
        told = [each.get("account_id") for each in self.messages]
        return next((each for each in (self.account_id, *told) if isinstance(each, int)), None)


Told = MessageEvent | WidgetEvent | StatusEvent

_EVENTS: dict[str, type[Told]] = {
    "message_created": MessageEvent,
    "message_updated": MessageEvent,
    "webwidget_triggered": WidgetEvent,
    "conversation_opened": StatusEvent,
    "conversation_resolved": StatusEvent,
}


def read_event(body: dict[str, Any]) -> Told | None:
    """Returns what an event tells, or None for one that Naru does not know.

    Raises:
        pydantic.ValidationError: It is not formed as Chatwoot's events are.
    """
    event = body.get("event")
    kind = _EVENTS.get(event) if isinstance(event, str) else None
    return kind.model_validate(body) if kind else None


@dataclass(frozen=True)
class Letter:
    """What Naru is to answer.

    ``key`` is the same for every delivery of it; ``body`` is what ``Reception`` keeps.
    """

    key: str
    account: int
    conversation: int
    body: dict[str, Any]

    @property
    def lane(self) -> str:
        """The conversation, whose messages are answered one after the other."""
        return f"{self.account}/{self.conversation}"


def letter(told: Told) -> Letter | None:
    """Returns what is to be answered of an event: nothing outside pending conversations, nothing of staff and bots."""
    if isinstance(told, WidgetEvent):
        return _opened(told)
    if not isinstance(told, MessageEvent) or told.private or told.conversation.status != PENDING:
        return None
    return _written(told) if told.event == "message_created" else _chosen(told)


def _opened(told: WidgetEvent) -> Letter | None:
    conversation = told.current_conversation
    if conversation is None or conversation.status != PENDING:
        return None
    key = f"widget:{told.account.id}:{conversation.id}"
    return _letter(key, told.account.id, conversation, {"greet": True})


def _written(told: MessageEvent) -> Letter | None:
    """A message of the customer; its words, its files."""
    by = told.sender.type if told.sender else None
    if told.message_type != INCOMING or by in ("user", "agent_bot", "captain_assistant"):
        return None
    files = [{"type": each.file_type, "url": each.data_url} for each in told.attachments]
    said = {"text": told.content or "", "files": files}
    return _letter(f"created:{told.id}", told.account.id, told.conversation, said)


def _chosen(told: MessageEvent) -> Letter | None:
    """A choice in a message of the bot. Messages are updated for other reasons too, without a new choice."""
    values = (told.content_attributes.submitted_values if told.content_attributes else None) or []
    chosen = next((each for each in values if each.value), None)
    if told.content_type != "input_select" or chosen is None:
        return None
    digest = hashlib.sha256(json.dumps(chosen.value).encode()).hexdigest()[:20]
    key = f"chosen:{told.id}:{digest}"
    return _letter(key, told.account.id, told.conversation, {"chosen": chosen.value})


def _letter(key: str, account: int, conversation: Conversation, said: dict[str, Any]) -> Letter:
    body = {
        **said,
        "key": key,
        "account": account,
        "conversation": conversation.id,
        "language": conversation.language,
    }
    return Letter(key, account, conversation.id, body)
