"""Addresses that open from KakaoTalk: of files, pictures and whole answers, signed and good for a week."""

from __future__ import annotations

from dataclasses import dataclass

from actions.files import ADDRESS
from actions.reply import Turn
from channels import answer_page, files_api
from knowledge.settings import Settings

DAYS = 7
"""How long an address works: people come back to a chat days later, and a bubble can't be signed anew."""

LASTS = DAYS * 24 * 3600


@dataclass(frozen=True)
class Links:
    """Makes the addresses for one contact's dialogue."""

    settings: Settings
    dialogue: str

    def file(self, url: str) -> str:
        """Returns the address of a file, whole and signed if it is Naru's own."""
        if not url.startswith(ADDRESS):
            return url
        file_id = url.removeprefix(ADDRESS).partition("?")[0]
        return self._outside(files_api.signed_address(file_id, self.settings, LASTS))

    def page(self, turn: Turn) -> str | None:
        """Returns where a turn can be read whole; None for one whose record does not hold what it says."""
        if any(reply.sealed for reply in turn.replies):
            return None
        return self._outside(answer_page.signed_path(self.dialogue, turn.turn_id, self.settings, LASTS))

    def _outside(self, path: str) -> str:
        return f"{(self.settings.public_url or '').rstrip('/')}{path}"
