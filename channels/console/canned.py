"""Replies staff use often: those Naru brings, and what supervisors wrote instead or besides.

A reply is known by its shortcut and language. A row of the table stands for the reply of the same shortcut that Naru
brings; a row without words takes it away.
"""

from __future__ import annotations

import asyncio
import re
from dataclasses import dataclass
from typing import Annotated, Literal

from fastapi import APIRouter, Form, Request, Response
from fastapi.responses import RedirectResponse
from sqlalchemy import delete, select

from actions.desk.tables import CannedReplyRow
from actions.texts import keys, text
from channels.console.accounts import Role, Staff
from channels.console.audit import audited
from channels.console.entry import need
from channels.console.page import page
from channels.conversations_api import SettingsDep
from knowledge.database.engine import sessions
from knowledge.record import Language
from knowledge.settings import Settings

router = APIRouter(prefix="/console/canned", dependencies=[need(Role.SUPERVISOR)])

SupervisorDep = Annotated[Staff, need(Role.SUPERVISOR)]

BROUGHT = "console_canned_"
SHORTCUT = "console_canned_as_"
LANGUAGES: tuple[Language, ...] = ("ko", "en")
PLACEHOLDERS = ("staff", "hours", "name", "when", "organisation", "document")
"""What may stand in {braces}; staff and hours are filled in, the others are left to the writer."""

_SPACES = re.compile(r"[\s/]+")


@dataclass(frozen=True)
class CannedReply:
    """A reply with its shortcut, in one language; ``own`` if somebody here wrote it."""

    language: Language
    shortcut: str
    text: str
    own: bool


class CannedReplies:
    """The replies in the database, over those Naru brings. Methods are synchronous; call them in a thread."""

    def __init__(self, settings: Settings) -> None:
        self._sessions = sessions(settings.database)

    def all(self) -> list[CannedReply]:
        """Returns every reply, by language and shortcut."""
        found = {(each.language, each.shortcut): each for each in _brought()}
        with self._sessions() as session:
            for row in session.scalars(select(CannedReplyRow).order_by(CannedReplyRow.id)):
                language: Language = "en" if row.language == "en" else "ko"
                found[language, row.shortcut] = CannedReply(language, row.shortcut, row.text, True)
        kept = [each for each in found.values() if each.text]
        return sorted(kept, key=lambda each: (LANGUAGES.index(each.language), each.shortcut))

    def keep(self, language: Language, shortcut: str, words: str) -> None:
        """Keeps a reply in place of one with the same shortcut; without words it is taken away."""
        brought = any((each.language, each.shortcut) == (language, shortcut) for each in _brought())
        same = (CannedReplyRow.language == language) & (CannedReplyRow.shortcut == shortcut)
        with self._sessions.begin() as session:
            session.execute(delete(CannedReplyRow).where(same))
            if words or brought:
                session.add(CannedReplyRow(language=language, shortcut=shortcut, text=words))


def _brought() -> list[CannedReply]:
    """Returns the replies of console_canned.yml: each has its words and, under another key, its shortcut."""
    names = sorted(key.removeprefix(SHORTCUT) for key in keys("ko") if key.startswith(SHORTCUT))
    return [
        CannedReply(language, text(SHORTCUT + name, language), text(BROUGHT + name, language), False)
        for language in LANGUAGES
        for name in names
    ]


@router.get("")
async def read(request: Request, staff: SupervisorDep, settings: SettingsDep, saved: bool = False) -> Response:
    """Shows all replies with what they say, to be changed."""
    replies = await asyncio.to_thread(CannedReplies(settings).all)
    return page(request, staff, "canned.html", replies=replies, placeholders=PLACEHOLDERS, saved=saved)


@router.post("")
async def keep(
    staff: SupervisorDep,
    settings: SettingsDep,
    language: Annotated[Literal["ko", "en"], Form()],
    shortcut: Annotated[str, Form(min_length=1, max_length=30)],
    words: Annotated[str, Form(max_length=2000)] = "",
) -> Response:
    """Keeps a reply, or takes it away when it has no words."""
    name = _SPACES.sub("", shortcut)
    if name:
        kept = words.replace("\r\n", "\n").strip()
        await asyncio.to_thread(CannedReplies(settings).keep, language, name, kept)
        await audited(staff, "canned.changed" if kept else "canned.removed", shortcut=name, language=language)
    return RedirectResponse("/console/canned?saved=true", 303)
