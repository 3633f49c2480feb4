"""Telegram: the bot, from the update that comes in to the messages that go out.

Reading order: ``connection`` (starts, stops, tells), ``updates`` (webhook and polling), ``hearing`` (what an update
says), ``answering`` (asks the assistant), ``render`` and ``layout`` (a reply as messages), ``sending``.
"""

from channels.telegram.connection import connect
from channels.telegram.links import deep_link

__all__ = ["connect", "deep_link"]
