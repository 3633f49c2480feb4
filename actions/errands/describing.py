"""The product sheet as an interview: one field at a time, with skipping, going back, correcting, and a draft."""

from __future__ import annotations

import re
from copy import deepcopy
from typing import Any

from actions.errands.begin import Begin
from actions.errands.corrections import corrected, tidied
from actions.errands.describing_told import ask_field, tell_sheet
from actions.errands.errand import Errand
from actions.errands.hearing import LEAVE, asks
from actions.errands.sheet_state import asked_fields, field_before, next_field
from actions.reply import Reply
from actions.talk import Talk
from actions.trade.product import product_words
from knowledge.platforms.field import SheetError, fields
from knowledge.platforms.model import load
from knowledge.platforms.sheet import Sheet

SKIP, BACK, FINISH, OPEN = "skip", "back", "finish", "open"
"""What the buttons carry: pass over, go back, leave the rest, ask for what was passed over."""

_SKIP = re.compile(
    r"\s*(?:건너\S*|패스|스킵|나중에\S*|넘어가\S*|(?:잘\s*)?모르\S*|몰라\S*"
    r"|skip|pass|later|i don'?t know|not sure)[\s.!~]*",
    re.IGNORECASE,
)
_BACK = re.compile(
    r"\s*(?:이전|뒤로|앞\s?칸|back|previous|go back)(?:\s*(?:칸|으로|단계|one|field))*[\s.!~]*", re.IGNORECASE
)
_FINISH = re.compile(
    r"\s*(?:여기까지\S*|(?:이제|다)\s*됐\S*|초안\s*(?:보여|만들)\S*(?:\s*\S{1,3})?"
    r"|that'?s all|finish|show the draft|done)[\s.!~]*",
    re.IGNORECASE,
)
_KEEP = re.compile(r"\s*(?:그대로\S*(?:\s*\S{1,4})?|유지\S*|keep(?:\s+it)?(?:\s+as\s+it\s+is)?)[\s.!~]*", re.IGNORECASE)
_NO_ENTRY = re.compile(
    r"\s*(?:안녕\S*|감사\S*|고마\S*|네|넵|응|아니요|아뇨|hello|hi|thanks|thank you|yes|no|ok(?:ay)?)[\s.!~?]*",
    re.IGNORECASE,
)
"""Words of courtesy, and a bare yes or no: nothing to write on a sheet."""
LONG_FROM = 30
"""Letters from which words are a description rather than a question, in a field that takes free text."""
LEAVING_FROM = 0.8
"""Confidence from which words of another kind end the sheet, though any words could be an entry."""


class SheetInterview(Errand):
    """Fills in the sheet; the state is as in ``sheet_state.py``."""

    name = "sheet"
    slot = "sheet"

    def next_step(self, talk: Talk, state: dict[str, Any]) -> str | None:
        """Returns the field to ask."""
        return next_field(state)

    def read(self, talk: Talk, state: dict[str, Any], step: str, said: str) -> dict[str, Any] | None:
        """Takes an entry, a command, or a correction of another field; a fault is told with the next question."""
        self._speak(talk, state)
        told = deepcopy(state) | {"fault": None, "note": None, "goods": None}
        if not talk.is_payload:
            said = talk.typed
        if said == SKIP or _SKIP.fullmatch(said):
            return self._passed(told, step)
        if said == BACK or _BACK.fullmatch(said):
            return told | {"again": field_before(told) or step}
        if said == FINISH or _FINISH.fullmatch(said):
            return self._finished(told)
        if _KEEP.fullmatch(said):
            return self._passed(told, step) if step in Sheet.from_dict(told.get("told")).values else None
        if _NO_ENTRY.fullmatch(said) and not fields()[step].none:
            return None
        change = None if talk.is_payload else corrected(said)
        if change:
            return self._put(talk, told, *change, corrects=True)
        return self._put(talk, told, step, said if talk.is_payload else tidied(said))

    def ask(self, talk: Talk, state: dict[str, Any], step: str) -> Reply:
        """Returns the question about one field."""
        self._speak(talk, state)
        return ask_field(talk, state, step)

    def tell(self, talk: Talk, state: dict[str, Any]) -> None:
        """Tells the draft, what to mind, and what is missing."""
        self._speak(talk, state)
        tell_sheet(talk, state)

    def surely(self, talk: Talk, state: dict[str, Any], step: str, said: str) -> bool:
        """Any words may be an entry, unless they ask something or plainly want to leave."""
        if _SKIP.fullmatch(said) or _BACK.fullmatch(said) or _FINISH.fullmatch(said) or corrected(said):
            return True
        if LEAVE.match(said) or (talk.intent in LEAVING and talk.confidence >= LEAVING_FROM):
            return False
        if talk.intent in COMMANDS and talk.confidence >= COMMANDING_FROM:
            return False
        return not asks(said) or (
            fields()[step].kind in ("line", "lines", "words") and len(said) > LONG_FROM and "?" not in said
        )

    def _speak(self, talk: Talk, state: dict[str, Any]) -> None:
        """Goes on in the language the sheet was begun in: an English entry is no wish to speak English."""
        begun = state.get("language")
        if begun and not talk.slot("language_chosen"):
            talk.language = begun

    def _passed(self, told: dict[str, Any], step: str) -> dict[str, Any]:
        """Passes a field over; gone back to, it keeps what it holds."""
        kept = step in Sheet.from_dict(told.get("told")).values
        skipped = [name for name in told.get("skipped", ()) if name != step]
        return told | {"skipped": skipped if kept else [*skipped, step], "again": None}

    def _finished(self, told: dict[str, Any]) -> dict[str, Any]:
        filled = Sheet.from_dict(told.get("told")).values
        return told | {"skipped": [name for name in asked_fields() if name not in filled], "again": None}

    def _put(self, talk: Talk, told: dict[str, Any], name: str, said: str, corrects: bool = False) -> dict[str, Any]:
        try:
            sheet = Sheet.from_dict(told.get("told")).put(name, said)
        except SheetError as error:
            goods = (product_words(talk) or said) if name == "hs" and not re.search(r"\d", said) else None
            return told | {
                "fault": error.message(talk.language) if goods is None else None,
                "again": name,
                "goods": goods,
            }
        note = name if corrects else None
        skipped = [each for each in told.get("skipped", ()) if each != name]
        return told | {"told": sheet.to_dict(), "skipped": skipped, "again": None, "note": note}


COMMANDS = frozenset({"get_paper", "get_template", "open_simulation", "speak_english", "speak_korean"})
COMMANDING_FROM = 0.95
LEAVING = frozenset({"stop_interview", "start_over", "menu", "bye", "handover"})
SHEET = SheetInterview()


class SheetStart(Begin):
    """Begins the sheet, or goes on with it; a button may name a platform, or ask for what was passed over."""

    action = "action_sheet_start"
    intent = "product_sheet"
    interview = SHEET
    keeps = True

    def first(self, talk: Talk, state: dict[str, Any]) -> dict[str, Any]:
        """Takes what a button carries."""
        value = talk.entity("value")
        talk.remember(paper={"kind": "sheet"})
        told = deepcopy(state) | {"fault": None, "note": None, "again": None, "goods": None, "language": talk.language}
        if value == OPEN:
            return told | {"skipped": []}
        if value in load().checklists:
            return told | {"platform": value}
        return told

    def left_open(self, talk: Talk, kept: dict[str, Any]) -> bool:
        """Tells whether a field was filled in and another is still to be asked."""
        asked_for = talk.entity("value") == OPEN
        return not asked_for and bool(Sheet.from_dict(kept.get("told")).values) and next_field(kept) is not None
