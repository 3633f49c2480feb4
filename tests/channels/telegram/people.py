"""Somebody on Telegram: what they write and press becomes updates as Telegram writes them; what they see is read back."""

from __future__ import annotations

import time
from typing import Any

from tests.channels.telegram.bot_api import ME, USERNAME, BotApi, Call


class Someone:
    """A person in a private chat, or in a group."""

    def __init__(self, api: BotApi, language: str | None = "ko", group: int | None = None) -> None:
        self.api = api
        self.id = api.next_id()
        self.chat_id = group or self.id
        self.user: dict[str, Any] = {"id": self.id, "is_bot": False, "first_name": "민지"}
        if language:
            self.user["language_code"] = language
        kind = {"type": "supergroup", "title": "수출팀"} if group else {"type": "private", "first_name": "민지"}
        self.chat = {"id": self.chat_id, **kind}

    def message(self, **content: Any) -> dict[str, Any]:
        """Returns a message from this person."""
        return {
            "message_id": self.api.next_id(),
            "date": int(time.time()),
            "chat": self.chat,
            "from": self.user,
        } | content

    def writes(self, text: str, **content: Any) -> dict[str, Any]:
        """Returns the update of a text; a command and the bot's name are marked as Telegram marks them."""
        entities = []
        if text.startswith("/"):
            entities.append({"type": "bot_command", "offset": 0, "length": len(text.split()[0])})
        at = text.find(f"@{USERNAME}")
        if at >= 0 and not text.startswith("/"):
            offset = len(text[:at].encode("utf-16-le")) // 2
            entities.append({"type": "mention", "offset": offset, "length": len(USERNAME) + 1})
        marked = {"entities": entities} if entities else {}
        return self.api.update("message", self.message(text=text, **marked, **content))

    def sends(self, name: str, content: bytes, size: int | None = None, **more: Any) -> dict[str, Any]:
        """Returns the update of a document."""
        file_id = f"file-{self.api.next_id()}"
        self.api.files[file_id] = content
        document = {
            "file_id": file_id,
            "file_unique_id": "u",
            "file_name": name,
            "file_size": len(content) if size is None else size,
        }
        return self.api.update("message", self.message(document=document, **more))

    def presses(self, title: str, call: Call | None = None) -> dict[str, Any]:
        """Returns the update of a press on the newest button whose title begins like this."""
        for sent in [call] if call else reversed(self.sees()):
            for button in sent.buttons:
                if button["text"].removeprefix("✓ ").startswith(title):
                    return self.pressing(button["callback_data"], sent)
        raise AssertionError(f"no button {title!r} among {[b['text'] for c in self.sees() for b in c.buttons]}")

    def pressing(self, data: str, sent: Call) -> dict[str, Any]:
        """Returns the update of a press on a button of a message."""
        message = {
            "message_id": sent.message_id, "date": int(time.time()), "chat": self.chat, "from": ME,
            "text": sent.shown.text if sent.shown else "", "reply_markup": sent.data["reply_markup"],
        }  # fmt: skip
        return self.api.update(
            "callback_query",
            {"id": str(self.api.next_id()), "from": self.user, "message": message, "chat_instance": "1", "data": data},
        )

    def sees(self) -> list[Call]:
        """Returns the messages in the chat."""
        return self.api.messages(self.chat_id)

    def reads(self, since: int = 0) -> str:
        """Returns the words of the messages after the first ``since``."""
        return "\n\n".join(call.shown.text for call in self.sees()[since:] if call.shown)
