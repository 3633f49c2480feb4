"""Speaks Chatwoot's application API as an agent bot, patiently: what may pass is tried again, what is refused is told.

Endpoints: https://developers.chatwoot.com (Messages, Conversations). A bot's token opens few of them; reading a
conversation only since June 2026 (chatwoot/chatwoot#14655).
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any

import httpx
from tenacity import AsyncRetrying, RetryCallState, retry_if_exception_type, stop_after_attempt

from channels.limits import CHATWOOT

NOT_FOR_BOTS = "not authorized for bots"
"""What an endpoint says that the token of a bot does not open in this version of Chatwoot."""

TOO_MANY = "too many messages"
"""What a conversation says that has had too many messages this minute."""

PASSING = frozenset({408, 425, 429})
"""Statuses besides 5xx that pass with time."""


@dataclass(frozen=True)
class Patience:
    """How often a request is tried and how long to wait between: in all well below what Reception waits."""

    attempts: int = 4
    first_seconds: float = 0.5
    longest_seconds: float = 10.0
    timeout_seconds: float = 8.0


@dataclass(frozen=True)
class Place:
    """A conversation in Chatwoot."""

    account: int
    conversation: int

    @property
    def address(self) -> str:
        """The place as one word, as ``Contacts`` keeps it."""
        return f"{self.account}/{self.conversation}"

    @classmethod
    def at(cls, address: str) -> Place:
        """Returns the place an address names."""
        account, _, conversation = address.partition("/")
        return cls(int(account), int(conversation))


@dataclass(frozen=True)
class Item:
    """A button of an ``input_select``."""

    title: str
    value: str


@dataclass(frozen=True)
class Enclosure:
    """A file that goes with a message."""

    name: str
    media_type: str
    content: bytes


class ChatwootError(Exception):
    """Chatwoot did not do what it was asked."""


class Refused(ChatwootError):
    """It never will: trying again would change nothing."""

    def __init__(self, status: int, said: str) -> None:
        super().__init__(f"Chatwoot refused with {status}: {said[:200]}")
        self.status, self.said = status, said


class Busy(ChatwootError):
    """It could not just now; ``wait`` are the seconds it asked for, if it did."""

    def __init__(self, reason: str, wait: float | None = None) -> None:
        super().__init__(f"Chatwoot could not answer: {reason}")
        self.wait = wait


class Client:
    """One agent bot of one Chatwoot.

    Args:
        url: The address of Chatwoot.
        token: The bot's access token.
        patience: How patient to be.
    """

    def __init__(self, url: str, token: str, patience: Patience | None = None) -> None:
        self._patience = patience or Patience()
        self._http = httpx.AsyncClient(
            base_url=url.rstrip("/"), headers={"api_access_token": token}, timeout=self._patience.timeout_seconds
        )

    async def close(self) -> None:
        """Ends the connections."""
        await self._http.aclose()

    async def say(self, place: Place, content: str, private: bool = False) -> None:
        """Posts a message, or a note that only staff see."""
        body = {"content": content, "message_type": "outgoing", "private": private, "content_type": "text"}
        await self._call("POST", place, "/messages", json=body)

    async def ask(self, place: Place, content: str, items: list[Item]) -> None:
        """Posts buttons under a short text."""
        shown = [{"title": item.title, "value": item.value} for item in items]
        body = {
            "content": content,
            "message_type": "outgoing",
            "private": False,
            "content_type": "input_select",
            "content_attributes": {"items": shown},
        }
        await self._call("POST", place, "/messages", json=body)

    async def enclose(self, place: Place, content: str, file: Enclosure, private: bool = False) -> None:
        """Posts a file with what belongs to it."""
        data = {"content": content, "message_type": "outgoing"} | ({"private": "true"} if private else {})
        files = {"attachments[]": (file.name, file.content, file.media_type)}
        await self._call("POST", place, "/messages", data=data, files=files)

    async def status(self, place: Place) -> str | None:
        """Returns the status a conversation has now; None where this Chatwoot does not let bots read it.

        Raises:
            Refused: Among others 404, when there is no such conversation any more.
            Busy: Chatwoot can't be reached.
        """
        try:
            answer = await self._call("GET", place, "")
        except Refused as refused:
            if refused.status in (401, 403) and NOT_FOR_BOTS in refused.said.lower():
                return None
            raise
        told = answer.get("status")
        return told if isinstance(told, str) else None

    async def open(self, place: Place) -> None:
        """Gives a conversation to people; one that is theirs already stays so."""
        await self._call("POST", place, "/toggle_status", json={"status": "open"})

    async def _call(self, method: str, place: Place, what: str, **sent: Any) -> dict[str, Any]:
        path = f"/api/v1/accounts/{place.account}/conversations/{place.conversation}{what}"
        trying = AsyncRetrying(
            retry=retry_if_exception_type(Busy),
            stop=stop_after_attempt(self._patience.attempts),
            wait=self._pause,
            reraise=True,
        )
        async for attempt in trying:
            with attempt:
                return await self._once(method, path, **sent)
        raise AssertionError("tenacity ends with a result or an error")

    async def _once(self, method: str, path: str, **sent: Any) -> dict[str, Any]:
        try:
            response = await self._http.request(method, path, **sent)
        except httpx.TransportError as error:
            raise Busy(type(error).__name__) from error
        if response.is_success:
            return _json(response)
        said = str(_json(response).get("error") or _json(response).get("message") or "")
        passing = response.status_code in PASSING or response.status_code >= 500
        if passing or (response.status_code == 422 and TOO_MANY in said.lower()):
            raise Busy(str(response.status_code), _seconds(response.headers.get("Retry-After")))
        raise Refused(response.status_code, said)

    def _pause(self, state: RetryCallState) -> float:
        """Returns the seconds to wait: what Chatwoot asked for, else twice as long each time."""
        error = state.outcome.exception() if state.outcome else None
        asked = error.wait if isinstance(error, Busy) and error.wait is not None else 0.0
        doubled: float = self._patience.first_seconds * 2 ** (state.attempt_number - 1)
        return min(max(asked, doubled), self._patience.longest_seconds)


def _json(response: httpx.Response) -> dict[str, Any]:
    try:
        body = response.json()
    except ValueError:
        return {}
    return body if isinstance(body, dict) else {}


def _seconds(header: str | None) -> float | None:
    try:
        return max(0.0, float(header)) if header else None
    except ValueError:
        return None


def in_rounds(items: list[Item]) -> list[list[Item]]:
    """Returns buttons in rounds of as many as one message takes."""
    most = CHATWOOT.select_items
    return [items[start : start + most] for start in range(0, len(items), most)]
