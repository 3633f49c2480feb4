"""Runs custom actions inside this process instead of asking a second server over HTTP."""

from __future__ import annotations

import json
from functools import lru_cache
from typing import Any

from rasa.utils.endpoints import ClientResponseError, EndpointConfig
from rasa_sdk.executor import ActionExecutor
from rasa_sdk.interfaces import ActionExecutionRejection, ActionNotFoundException

import actions


class InProcessActions(EndpointConfig):
    """Stands where Rasa expects the address of an action server, and runs the action itself."""

    def __init__(self) -> None:
        super().__init__(url="in-process", selective_domain=True)
        self._executor = executor()

    async def request(self, *args: Any, json: dict[str, Any] | None = None, **kwargs: Any) -> Any:  # noqa: A002
        """Runs the action named in Rasa's request and returns its events and replies.

        Raises:
            ClientResponseError: 400 when the action declines, 404 when there is none of that name,
                as Rasa's action server would answer.
        """
        try:
            return await self._executor.run(json)
        except ActionExecutionRejection as refusal:
            raise ClientResponseError(400, "declined", _error(refusal.action_name, str(refusal))) from refusal
        except ActionNotFoundException as missing:
            raise ClientResponseError(404, "not found", _error(missing.action_name, str(missing))) from missing


def _error(action: str, message: str) -> str:
    return json.dumps({"action_name": action, "error": message})


@lru_cache(maxsize=1)
def executor() -> ActionExecutor:
    """Returns the executor that knows every action of the room ``actions``."""
    made = ActionExecutor()
    made.register_package(actions)
    return made
