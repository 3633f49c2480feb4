"""Every outside limit of the channels, in one table, with the source each comes from.

Sources:
    Telegram: Bot API documentation as named in python-telegram-bot's ``telegram.constants`` (22.x).
    KakaoTalk: i Open Builder's skill guide ("응답 타입별 JSON 포맷") and the library kakao-chatbot 0.4; lines marked
    (community) stand on no official page.
    Chatwoot: developer documentation of agent bots.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import Final


@dataclass(frozen=True)
class TelegramLimits:
    """Telegram's Bot API."""

    text: int = 4096
    """Characters of a message, after its entities are parsed."""
    caption: int = 1024
    """Characters under a picture or document."""
    callback_data: int = 64
    """BYTES a button carries, at least one."""
    callback_answer: int = 200
    """Characters of the notice after a button was pressed."""
    buttons: int = 100
    """Buttons under one message."""
    deep_link: int = 64
    """Characters after /start, of A-Z a-z 0-9 _ and -."""
    download: int = 20_000_000
    """Bytes of the largest file a bot may fetch."""
    upload: int = 50_000_000
    """Bytes of the largest file a bot may send."""
    typing_seconds: float = 5.0
    """How long "typing…" is shown."""


@dataclass(frozen=True)
class KakaoLimits:
    """KakaoTalk's i Open Builder, skill response 2.0."""

    outputs: int = 3
    """Bubbles of one response, at least one."""
    quick_replies: int = 10
    """Buttons below the response."""
    simple_text: int = 1000
    """Characters of a simpleText."""
    simple_text_folds: int = 500
    """Characters after which a simpleText is folded."""
    text_card_title: int = 50
    text_card: int = 400
    """Characters of a textCard's title and description together."""
    text_card_description_in_carousel: int = 128
    basic_card_title: int = 50
    basic_card_description: int = 230
    basic_card_description_in_carousel: int = 76
    buttons: int = 3
    """Buttons of a textCard, basicCard or itemCard."""
    buttons_side_by_side: int = 2
    list_items: int = 5
    list_items_in_carousel: int = 4
    list_buttons: int = 2
    list_header: int = 15
    """Characters of a listCard's header that are shown in one line (community)."""
    list_title: int = 50
    """Characters of an item's title (community)."""
    list_description: int = 40
    """Characters of an item's description (community)."""
    item_list: int = 10
    item_list_in_carousel: int = 5
    item_title: int = 6
    """Characters of an itemList entry's title."""
    item_description: int = 26
    """Characters of the two lines an itemList entry's description has on a narrow phone (our own bound)."""
    item_head: int = 15
    """Characters of the one line an itemCard's head has on a narrow phone (our own bound)."""
    item_card_text: int = 200
    """Characters of an itemCard's title and description together, in at most ``item_card_lines`` lines."""
    item_card_lines: int = 12
    carousel: int = 10
    carousel_of_lists: int = 5
    button_label: int = 14
    button_label_side_by_side: int = 8
    quick_reply_label: int = 14
    """Taken as for buttons; the documentation names none."""
    message_text: int = 1000
    """Characters a pressed button writes for the person (community)."""
    image_alt: int = 50
    user_id: int = 70
    response_bytes: int = 30_720
    """Bytes of a whole response (community: larger ones may not be delivered)."""
    seconds: float = 5.0
    """Within which the server must answer."""
    callback_seconds: float = 60.0
    """A callback address's life."""


@dataclass(frozen=True)
class ChatwootLimits:
    """Chatwoot's agent bot."""

    content: int = 150_000
    """Characters of a message (Message model, ``content`` length)."""
    select_items: int = 50
    """Buttons of an ``input_select``; our own bound."""
    attachments: int = 15
    """Files of one message (Message model, NUMBER_OF_PERMITTED_ATTACHMENTS)."""
    seconds: float = 5.0
    """Within which the webhook must answer; otherwise the conversation is opened to people."""


TELEGRAM: Final = TelegramLimits()
KAKAO: Final = KakaoLimits()
CHATWOOT: Final = ChatwootLimits()
