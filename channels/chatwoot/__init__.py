"""Naru as an agent bot of Chatwoot, so that a call centre's people and Naru answer in one place.

events.py        what Chatwoot tells by webhook, and what of it is for Naru
connection.py    the webhook, and the way from a message to its answer
posting.py       puts an answer into Chatwoot step by step, and hands over to people
render.py        a turn as Chatwoot's messages
note.py          the note staff find when a conversation is handed to them
attachments.py   fetches files customers send
client.py        Chatwoot's API
"""

from __future__ import annotations

from fastapi import FastAPI

from channels.chatwoot.attachments import Attachments
from channels.chatwoot.client import Client
from channels.chatwoot.connection import ChatwootConnection
from channels.chatwoot.webhook import router
from channels.connection import BadSettings, Connection
from knowledge.settings import Settings


def connect(app: FastAPI) -> Connection | None:
    """Connects Chatwoot when NARU_CHATWOOT_URL is set, and adds its webhook.

    Raises:
        BadSettings: It is set without the token or the secret that belong to it.
    """
    settings: Settings = app.state.settings
    if not settings.chatwoot_url:
        return None
    token, secret = settings.chatwoot_token, settings.chatwoot_secret
    if not (token and token.get_secret_value()) or not (secret and secret.get_secret_value()):
        raise BadSettings(
            "NARU_CHATWOOT_URL is set, so NARU_CHATWOOT_TOKEN (the agent bot's access token) and NARU_CHATWOOT_SECRET "
            "(the secret of its webhook) must be set too; see docs/chatwoot.md"
        )
    client = Client(settings.chatwoot_url, token.get_secret_value())
    attachments = Attachments(settings.chatwoot_url, settings.largest_file)
    connection = ChatwootConnection(app, client, attachments)
    app.state.chatwoot = connection
    app.include_router(router)
    return connection
