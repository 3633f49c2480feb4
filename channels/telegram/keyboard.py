"""Buttons under a message: their rows, the short ids they carry, and the mark on the one that was pressed."""

from __future__ import annotations

from collections.abc import Sequence

from telegram import InlineKeyboardButton, InlineKeyboardMarkup
from wcwidth import wcswidth

from actions.reply import Choice
from channels.buttons import Buttons

HALF = 16
"""Columns of a title that fits half of a phone's width; a Korean letter takes two."""

PRESSED = "✓ "


def keyboard(buttons: Buttons, conversation_id: str, choices: Sequence[Choice]) -> InlineKeyboardMarkup | None:
    """Returns the buttons of some choices, whose payloads are kept; None without choices."""
    if not choices:
        return None
    ids = buttons.keep(conversation_id, choices)
    made = [
        InlineKeyboardButton(each.title.strip() or "…", callback_data=key)
        for each, key in zip(choices, ids, strict=True)
    ]
    return InlineKeyboardMarkup(_rows(made))


def marked(markup: InlineKeyboardMarkup, data: str) -> InlineKeyboardMarkup | None:
    """Returns the keyboard with a mark on the pressed button; None if it is marked already."""
    rows = [[_marked(each) if each.callback_data == data else each for each in row] for row in markup.inline_keyboard]
    return InlineKeyboardMarkup(rows) if rows != [list(row) for row in markup.inline_keyboard] else None


def _marked(button: InlineKeyboardButton) -> InlineKeyboardButton:
    if button.text.startswith(PRESSED):
        return button
    return InlineKeyboardButton(PRESSED + button.text, callback_data=button.callback_data)


def _rows(made: list[InlineKeyboardButton]) -> list[list[InlineKeyboardButton]]:
    """Two short titles share a row; a long one has its own."""
    rows: list[list[InlineKeyboardButton]] = []
    for button in made:
        short = wcswidth(button.text) <= HALF
        if short and rows and len(rows[-1]) == 1 and wcswidth(rows[-1][0].text) <= HALF:
            rows[-1].append(button)
        else:
            rows.append([button])
    return rows
