"""Every interview there is, by the name the slot ``interview`` holds."""

from __future__ import annotations

from actions.interviews.frame import Interview
from actions.talk import Talk
from actions.trade.inquiry import TRADE

INTERVIEWS: dict[str, Interview] = {each.name: each for each in (TRADE,)}


def running(talk: Talk) -> Interview | None:
    """Returns the interview that is running, or ran last."""
    return INTERVIEWS.get(str(talk.slot("interview") or ""))
