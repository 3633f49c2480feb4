"""The commands of the bot: what Telegram's menu shows of them, and what each asks of Naru."""

from __future__ import annotations

from dataclasses import dataclass

from telegram import BotCommand

from actions.reply import Choice
from actions.texts import text
from bot.guard import Message
from channels.connection import GREET
from channels.telegram.hearing import Command
from channels.telegram.links import opened
from knowledge.record import Language

NAMES = ("start", "help", "language", "reset", "delete")

ERASE, KEEP = "!erase", "!keep"
"""Payloads of the bot's own buttons: no payload of the dialogue begins like this."""

MENU, START_OVER, KOREAN, ENGLISH = "/menu", "/start_over", "/speak_korean", "/speak_english"


@dataclass(frozen=True)
class Told:
    """What a command is answered with where the dialogue is not asked."""

    words: str
    choices: tuple[Choice, ...] = ()


def menu(language: Language) -> list[BotCommand]:
    """Returns the commands with what they do, for Telegram's menu."""
    return [BotCommand(name, text(f"telegram_command_{name}", language)) for name in NAMES]


def answer_to(command: Command, language: Language) -> Message | Told:
    """Returns the message a command stands for, or what is said to it."""
    if command.name == "start":
        return opened(command.rest) or GREET
    if command.name == "reset":
        return Message(payload=START_OVER)
    if command.name == "language":
        names = (("telegram_language_ko", KOREAN), ("telegram_language_en", ENGLISH))
        return _told("telegram_language", language, names)
    if command.name == "delete":
        names = (("telegram_delete_yes", ERASE), ("telegram_delete_no", KEEP))
        return _told("telegram_delete_ask", language, names)
    help_ = _told("telegram_help", language, (("button_menu", MENU),))
    if command.name == "help":
        return help_
    unknown = text("telegram_unknown_command", language, command=f"/{command.name}")
    return Told(f"{unknown}\n\n{help_.words}", help_.choices)


def _told(key: str, language: Language, buttons: tuple[tuple[str, str], ...]) -> Told:
    choices = tuple(Choice(title=text(title, language), payload=payload) for title, payload in buttons)
    return Told(text(key, language), choices)
